"""What an organiser wants an event or a session to be, read and typed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator

from werkraum_events.models import (
    Confirmation,
    Entry,
    Kind,
    Mode,
    Promotion,
    QueueOrder,
)
from werkraum_foundation.models import Texts
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.web_addresses import meeting_address

# The input rules of the fields, the same at the desk and in the API.
Title = Annotated[str, line(max_length=200, min_length=2)]
Summary = Annotated[str, paragraphs(max_length=500)]
Description = Annotated[str, paragraphs(max_length=10_000)]
PlaceName = Annotated[str, line(max_length=200)]
PlaceAddress = Annotated[str, line(max_length=300)]
DialIn = Annotated[str, line(max_length=300)]
MeetingLink = Annotated[str, line(max_length=500), AfterValidator(meeting_address)]
Reason = Annotated[str, paragraphs(max_length=1_000)]
EntryCode = Annotated[str, line(max_length=64, min_length=4)]
OfferHours = Annotated[int, whole_number(1, 100)]
PartySize = Annotated[int, whole_number(1, 50)]


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
    None opens at publishing and closes at the start. `topics` and `series` are
    slugs; the series must be there.
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
    series: str | None = None

    @property
    def modes(self) -> tuple[Mode, ...]:
        offered = ((Mode.ONSITE, self.onsite), (Mode.ONLINE, self.online))
        return tuple(mode for mode, there in offered if there is not None)


@dataclass(frozen=True)
class Terms:
    """On which terms people register for an event; named as its columns.

    `offer_hours` are working hours; the code counts only where `entry` asks for
    one, and looking again after a change only where `approval` is wanted at all.
    """

    entry: Entry = Entry.OPEN
    entry_code: str = ""
    approval: bool = False
    approval_again: bool = False
    promotion: Promotion = Promotion.OFFER
    offer_hours: int = 20
    queue_order: QueueOrder = QueueOrder.STRICT
    largest_party: int = 1
    self_check_in: bool = False


@dataclass(frozen=True)
class SessionWish:
    """A programme item as it shall be; times are aware UTC, inside the event's.

    People choose a `bookable` one when they register.
    """

    title: Texts
    starts_at: datetime
    ends_at: datetime
    description: Texts = field(default_factory=dict)
    speakers: tuple[str, ...] = ()
    bookable: bool = False
