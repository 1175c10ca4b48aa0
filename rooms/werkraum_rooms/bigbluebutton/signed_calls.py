"""BigBlueButton's calls: what they are signed with, what their answers mean.

Fact sheet of the rooms, 10. Every answer is XML with status 200; whether it worked
stands in it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from werkraum_rooms.servers.provider_errors import (
    MeetingEnded,
    ProviderAuthError,
    ProviderProtocolError,
    ProviderRejected,
    RoomConflict,
    RoomNotFound,
)

Parameters = Mapping[str, str]

_KEY = re.compile(r"[A-Za-z]{1,60}")


@dataclass(frozen=True)
class BbbServer:
    """`url` as `bbb-conf --secret` prints it, without a slash at its end."""

    url: str
    secret: str = field(repr=False)

    def signed(self, call: str, parameters: Parameters) -> str:
        """Write path and query of a call; what is signed is what is sent.

        `urlencode` writes letters, digits and `_.-~+%` alone, which no client
        encodes a second time.
        """
        query = urlencode(parameters)
        checksum = sha256(f"{call}{query}{self.secret}".encode()).hexdigest()
        last = f"checksum={checksum}"
        return f"/api/{call}?{query}&{last}" if query else f"/api/{call}?{last}"


@dataclass(frozen=True)
class BbbAnswer:
    """What a call that worked has said."""

    element: Element

    def text(self, name: str) -> str:
        return _text(self.element, name)

    def number(self, name: str) -> int:
        """Read a whole number; without one nothing can be done with the answer."""
        said = self.text(name)
        if not (said.isascii() and said.isdigit() and len(said) <= 20):
            raise ProviderProtocolError(f"no number in {name}")
        return int(said)


def read_answer(body: bytes) -> BbbAnswer:
    """Read what came back, or raise what it means that it did not work."""
    try:
        element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        # The parser repeats what it could not read, which may be anything.
        raise ProviderProtocolError("no XML of BigBlueButton") from None
    match element.tag, _text(element, "returncode"):
        case "response", "SUCCESS":
            return BbbAnswer(element)
        case "response", "FAILED":
            raise _refusal(_text(element, "messageKey"))
    raise ProviderProtocolError("no answer of BigBlueButton")


def _refusal(said: str) -> ProviderRejected:
    key = said if _KEY.fullmatch(said) else "FAILED"
    match key:
        case "checksumError":
            return ProviderAuthError(key)
        case "notFound" | "invalidMeetingIdentifier":
            return RoomNotFound(key)
        case "idNotUnique":
            return RoomConflict(key)
        case "meetingForciblyEnded":
            return MeetingEnded(key)
    return ProviderRejected(key)


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
