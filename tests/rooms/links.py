"""What a browser makes of a link into a room."""

import json
from urllib.parse import unquote, urlsplit


def settings_in(link: str) -> dict[str, object]:
    """Read the fragment as the room server's web client does."""
    pairs = (pair.partition("=") for pair in urlsplit(link).fragment.split("&"))
    return {name: json.loads(unquote(value)) for name, _, value in pairs}


def token_in(link: str) -> str:
    token = settings_in(link)["jwt"]
    assert isinstance(token, str)
    return token


def room_in(link: str) -> str:
    return urlsplit(link).path.rpartition("/")[2]
