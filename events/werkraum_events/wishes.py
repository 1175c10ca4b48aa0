"""What an organiser wants an event or a session to be, read and typed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from werkraum_events.models import Confirmation, Kind, Mode
from werkraum_foundation.models import Texts
from werkraum_foundation.plain_text import line, paragraphs


def _web_address(typed: str) -> str:
    """Take https only, without a name and password in it, without odd letters."""
    try:
        split = urlsplit(typed)
        sound = split.scheme == "https" and "." in (split.hostname or "")
    # An IPv6 address that is none.
    except ValueError:
        sound = False
    if not sound or "@" in split.netloc or not typed.isascii() or " " in typed:
        raise PydanticCustomError(
            "not_a_web_address",
            "Please enter a whole web address that begins with https://.",
        )
    return typed


# The input rules of the fields, the same at the desk and in the API.
Title = Annotated[str, line(max_length=200, min_length=2)]
Summary = Annotated[str, paragraphs(max_length=500)]
Description = Annotated[str, paragraphs(max_length=10_000)]
PlaceName = Annotated[str, line(max_length=200)]
PlaceAddress = Annotated[str, line(max_length=300)]
DialIn = Annotated[str, line(max_length=300)]
MeetingLink = Annotated[str, line(max_length=500), AfterValidator(_web_address)]
Reason = Annotated[str, paragraphs(max_length=1_000)]


@dataclass(frozen=True)
class Place:
    """Where people meet on site."""

    name: str
    address: str = ""


@dataclass(frozen=True)
class Access:
    """How people get in without a room server; never shown in public."""

    link: str = ""
    dial_in: str = ""


@dataclass(frozen=True)
class EventWish:
    """A whole event as it shall be; times are aware UTC.

    `onsite` and `online` say which modes there are. A registration window that is
    None opens at publishing and closes at the start. `topics` are slugs.
    """

    slug: str
    kind: Kind
    title: Texts
    starts_at: datetime
    ends_at: datetime
    timezone: str
    summary: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    onsite: Place | None = None
    online: Access | None = None
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    confirmation: Confirmation = Confirmation.DOUBLE_OPT_IN
    waiting_list: bool = True
    topics: tuple[str, ...] = ()

    @property
    def modes(self) -> tuple[Mode, ...]:
        offered = ((Mode.ONSITE, self.onsite), (Mode.ONLINE, self.online))
        return tuple(mode for mode, there in offered if there is not None)


@dataclass(frozen=True)
class SessionWish:
    """A programme item as it shall be; times are aware UTC, inside the event's."""

    title: Texts
    starts_at: datetime
    ends_at: datetime
    description: Texts = field(default_factory=dict)
    speakers: tuple[str, ...] = ()
