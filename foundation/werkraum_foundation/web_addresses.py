"""Addresses of other sites that an organiser types in."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

LONGEST = 500


def web_address(typed: str) -> str:
    """Refuse what is no https address: other schemes, a password, odd characters."""
    if len(typed) > LONGEST or not typed.isascii() or not typed.isprintable():
        raise _wrong()
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _wrong() from None
    plain = parts.username is None and parts.password is None and " " not in typed
    if parts.scheme != "https" or not host or not plain or port == 0:
        raise _wrong()
    return typed


def _wrong() -> PydanticCustomError:
    return PydanticCustomError(
        "not_a_web_address",
        "Please enter a whole web address that begins with https://.",
    )


WebAddress = Annotated[str, AfterValidator(web_address)]
