"""The JSON of the API, asked and answered."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from werkraum_events.models import (
    Confirmation,
    Kind,
    Mode,
    Promotion,
    QueueOrder,
    Status,
)
from werkraum_events.slugs import Slug
from werkraum_events.wishes import (
    Description,
    DialIn,
    OfferHours,
    PartySize,
    PlaceAddress,
    PlaceName,
    Reason,
    Summary,
    Title,
)
from werkraum_foundation.local_times import Fold, ZoneName, parse_local
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import PersonName, line
from werkraum_foundation.settings import settings
from werkraum_foundation.web_addresses import MeetingAddress
from werkraum_registration.models import State, Wanted

Capacity = Annotated[int, whole_number(1, 100_000)]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]


def _read_local(typed: object, info: ValidationInfo) -> object:
    """Read a local time in the zone of the event, which stands before it."""
    zone = info.data.get("timezone")
    if not isinstance(typed, str) or zone is None:
        return typed
    return parse_local(typed, zone, info.data.get("fold"))


LocalTime = Annotated[
    datetime,
    BeforeValidator(_read_local),
    WithJsonSchema({"type": "string", "examples": ["2027-03-04T14:00"]}),
]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlaceBody(Strict):
    name: PlaceName
    address: PlaceAddress | Literal[""] = ""


class OnsiteBody(Strict):
    """Without `capacity` the seats are unlimited."""

    capacity: Capacity | None = None
    place: PlaceBody | None = None


class OnlineBody(Strict):
    """`link` and `dial_in` are shown at the door only."""

    capacity: Capacity | None = None
    link: MeetingAddress | Literal[""] = ""
    dial_in: DialIn | Literal[""] = ""


class ModesBody(Strict):
    onsite: OnsiteBody | None = None
    online: OnlineBody | None = None


class RegistrationRules(Strict):
    """`opens_at` and `closes_at` are local to the event's zone.

    Whoever waits is offered a free seat for `offer_hours` working hours, or has it
    at once. In strict order a party too large for what is free holds up those
    behind it. `largest_party` is how many seats one registration may take.
    """

    opens_at: str | None = None
    closes_at: str | None = None
    confirmation: Confirmation = Confirmation.DOUBLE_OPT_IN
    waiting_list: bool = True
    promotion: Promotion = Promotion.OFFER
    offer_hours: OfferHours = 20
    queue_order: QueueOrder = QueueOrder.STRICT
    approval: bool = False
    largest_party: PartySize = 1


class EventBody(Strict):
    """What an event shall be. Times are local to `timezone`, without an offset.

    Without `timezone` it is the one this installation is set to. `fold` says which
    of two equal times is meant when the clock is put back.
    Registration opens at publishing and closes at the start unless told otherwise.
    `seats_total` limits all modes together; `series` is the slug of one that is there.
    """

    slug: Slug
    kind: Kind
    timezone: ZoneName = Field(default_factory=lambda: settings().timezone.key)
    fold: Fold | None = None
    title: dict[Language, Title]
    summary: dict[Language, Summary] = {}
    description: dict[Language, Description] = {}
    starts_at: LocalTime
    ends_at: LocalTime
    modes: ModesBody
    seats_total: Capacity | None = None
    registration: RegistrationRules = Field(default_factory=RegistrationRules)
    topics: list[Slug] = []
    series: Slug | None = None

    @model_validator(mode="after")
    def _window_is_readable(self) -> Self:
        for end in ("opens_at", "closes_at"):
            self.window_end(end)
        return self

    def window_end(self, end: str) -> datetime | None:
        """Read when registration opens or closes; `end` is the field's name."""
        typed = getattr(self.registration, end)
        if typed is None:
            return None
        try:
            return parse_local(typed, self.timezone, self.fold)
        except PydanticCustomError as error:
            place = {"field": f"registration.{end}"}
            raise PydanticCustomError(
                error.type,
                error.message_template,
                (error.context or {}) | place,
            ) from None


class CancelBody(Strict):
    reason: dict[Language, Reason] = {}


class SeatsAnswer(BaseModel):
    capacity: int | None
    taken: int
    waiting: int


class EventAnswer(BaseModel):
    """An event as it is; `version` is also its ETag."""

    id: str
    status: Status
    version: int
    slug: str
    kind: Kind
    timezone: str
    fold: Fold | None
    title: dict[str, str]
    summary: dict[str, str]
    description: dict[str, str]
    starts_at: str
    ends_at: str
    modes: ModesBody
    seats_total: int | None
    registration: RegistrationRules
    topics: list[str]
    series: str | None
    url: str
    cancel_reason: dict[str, str]
    seats: dict[Mode, SeatsAnswer]


class EventPage(BaseModel):
    items: list[EventAnswer]
    next: str | None


class ApplicantBody(Strict):
    """One attendee; `mode` may be left out where the event has only one.

    `seats` counts all of a party. `answers` holds a value for each question of the
    event's form by its id: a text, a number, true or false, the code of a choice or
    a list of codes. `code` is the one an event may ask for.
    """

    name: PersonName
    email: MailAddress
    mode: Wanted | None = None
    seats: Annotated[int, whole_number(1, 1_000)] = 1
    answers: dict[str, JsonValue] = {}
    code: Annotated[str, line(max_length=64)] | None = None
    language: Language | None = None


class RegisteredAnswer(BaseModel):
    id: str
    state: State
    mode: Mode
    manage_url: str


class RegistrationAnswer(BaseModel):
    id: str
    name: str
    email: str
    mode: Mode
    state: State
    queue_position: int | None
    created_at: str
    wanted: Wanted
    seats: int
    # Question id → value, as it was answered.
    answers: dict[str, JsonValue]


class RegistrationPage(BaseModel):
    items: list[RegistrationAnswer]
    next: str | None


class FaultAnswer(BaseModel):
    field: str
    code: str
    message: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    instance: str
    errors: list[FaultAnswer] = []
