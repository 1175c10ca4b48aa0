"""Addresses of other sites that an organiser types in."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from werkraum_foundation.settings import settings

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


def meeting_address(typed: str) -> str:
    """Take the address of a meeting elsewhere, at a service that is allowed here."""
    host = (urlsplit(web_address(typed)).hostname or "").lower()
    allowed = settings().meeting_hosts
    if "." not in host:
        raise _wrong()
    if allowed and not any(_belongs(host, it) for it in allowed):
        raise PydanticCustomError(
            "host_not_allowed",
            "Meetings may only take place with these services here: {hosts}.",
            {"hosts": ", ".join(it.removeprefix(".") for it in allowed)},
        )
    return typed


def _belongs(host: str, allowed: str) -> bool:
    """Compare hosts; one that begins with a dot stands for all below it, too."""
    return host == allowed.removeprefix(".") or (
        allowed.startswith(".") and host.endswith(allowed)
    )


def _wrong() -> PydanticCustomError:
    return PydanticCustomError(
        "not_a_web_address",
        "Please enter a whole web address that begins with https://.",
    )


MeetingAddress = Annotated[str, AfterValidator(meeting_address)]
WebAddress = Annotated[str, AfterValidator(web_address)]
