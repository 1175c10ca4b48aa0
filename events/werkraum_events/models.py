"""Tables of the programme: events, their sessions and topics."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser, Texts


class Kind(StrEnum):
    FORUM = "forum"
    WORKSHOP = "workshop"
    TALK = "talk"


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Mode(StrEnum):
    """How somebody takes part."""

    ONSITE = "onsite"
    ONLINE = "online"


class Confirmation(StrEnum):
    """When a registration counts: after a click in a letter, or at once."""

    DOUBLE_OPT_IN = "double_opt_in"
    IMMEDIATE = "immediate"


class Entry(StrEnum):
    """Who may register: everybody, who knows a code, or who was invited."""

    OPEN = "open"
    CODE = "code"
    INVITED = "invited"


class Promotion(StrEnum):
    """What somebody who waits gets: a seat held until a deadline, or the seat."""

    OFFER = "offer"
    CONFIRM = "confirm"


class QueueOrder(StrEnum):
    """Whether a party too large for the free seats holds up those behind it."""

    STRICT = "strict"
    FILL = "fill"


def new_uid() -> str:
    """Make a calendar UID: stored once, without host (RFC 7986 5.3)."""
    return str(uuid4())


class Series(Model):
    """Events that belong together, like the forums of one year."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    slug = fields.CharField(max_length=80, unique=True)
    title: Texts = fields.JSONField(encoder=encode, decoder=decode)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "series"


class Event(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    slug = fields.CharField(max_length=80, unique=True)
    series: fields.ForeignKeyNullableRelation[Series] = fields.ForeignKeyField(
        "werkraum.Series", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    series_id: UUID | None
    kind = fields.CharEnumField(Kind, max_length=16, description="kind")
    status = fields.CharEnumField(
        Status, max_length=16, default=Status.DRAFT, description="status"
    )
    title: Texts = fields.JSONField(encoder=encode, decoder=decode)
    summary: Texts = fields.JSONField(encoder=encode, decoder=decode)
    # Markdown.
    description: Texts = fields.JSONField(encoder=encode, decoder=decode)
    starts_at: datetime = fields.DatetimeField(db_index=True)
    ends_at: datetime = fields.DatetimeField(db_index=True)
    timezone = fields.CharField(max_length=64)

    onsite = fields.BooleanField(default=False)
    place_name = fields.CharField(max_length=200, default="")
    place_address = fields.CharField(max_length=300, default="")
    online = fields.BooleanField(default=False)
    # For the door where no room server is set up; never shown in public.
    online_link = fields.CharField(max_length=500, default="")
    dial_in = fields.CharField(max_length=300, default="")

    registration_opens_at: datetime | None = fields.DatetimeField(null=True)
    registration_closes_at: datetime | None = fields.DatetimeField(null=True)
    confirmation = fields.CharEnumField(
        Confirmation,
        max_length=16,
        default=Confirmation.DOUBLE_OPT_IN,
        description="confirmation",
    )
    waiting_list = fields.BooleanField(default=True)
    promotion = fields.CharEnumField(
        Promotion, max_length=16, default=Promotion.OFFER, description="promotion"
    )
    # Working hours an offer lasts at most.
    offer_hours = fields.IntField(default=20)
    queue_order = fields.CharEnumField(
        QueueOrder, max_length=16, default=QueueOrder.STRICT, description="order"
    )
    # Seats one registration may ask for: a class comes with its teacher.
    largest_party = fields.IntField(default=1)
    # The organiser looks at every registration, again after a change if wanted.
    approval = fields.BooleanField(default=False)
    approval_again = fields.BooleanField(default=False)
    entry = fields.CharEnumField(
        Entry, max_length=16, default=Entry.OPEN, description="entry"
    )
    entry_code = fields.CharField(max_length=64, default="")
    # On the day, people may tick themselves off with the code shown in the hall.
    self_check_in = fields.BooleanField(default=False)

    # The state of the row for If-Match and for the form that was loaded earlier.
    version = fields.IntField(default=1)
    # Calendar identity: the UID for life, SEQUENCE up on what moves calendars,
    # the revision strictly up on every visible change.
    uid = fields.CharField(max_length=64, default=new_uid, unique=True)
    sequence = fields.IntField(default=0)
    revised_at: datetime = fields.DatetimeField()
    previous_starts_at: datetime | None = fields.DatetimeField(null=True)

    created_at: datetime = fields.DatetimeField()
    published_at: datetime | None = fields.DatetimeField(null=True)
    cancelled_at: datetime | None = fields.DatetimeField(null=True)
    cancel_reason: Texts = fields.JSONField(encoder=encode, decoder=decode)
    # A draft that was on the programme: what calendars that have it must be told.
    withdrawn_at: datetime | None = fields.DatetimeField(null=True)
    withdrawn_as: dict[str, Any] | None = fields.JSONField(
        null=True, encoder=encode, decoder=decode
    )

    class Meta(Model.Meta):
        table = "event"
        indexes = (("organiser_id", "starts_at"),)

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The ways to take part; an event with two is hybrid."""
        offered = ((Mode.ONSITE, self.onsite), (Mode.ONLINE, self.online))
        return tuple(mode for mode, there in offered if there)

    def is_past(self, now: datetime) -> bool:
        return self.ends_at <= now


class Session(Model):
    """A programme item inside an event."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    title: Texts = fields.JSONField(encoder=encode, decoder=decode)
    description: Texts = fields.JSONField(encoder=encode, decoder=decode)
    # Names as the organiser writes them: ["Ada Muster, Stadt Beispielhausen"].
    speakers: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    starts_at: datetime = fields.DatetimeField()
    ends_at: datetime = fields.DatetimeField()
    # Whether people choose it when they register; its seats are a pool of its own.
    bookable = fields.BooleanField(default=False)
    uid = fields.CharField(max_length=64, default=new_uid, unique=True)
    # Added to the event's SEQUENCE: an item can move within an event that stays.
    sequence = fields.IntField(default=0, db_default=0)

    class Meta(Model.Meta):
        table = "session"
        indexes = (("event_id", "starts_at"),)


class Topic(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    slug = fields.CharField(max_length=60)
    name: Texts = fields.JSONField(encoder=encode, decoder=decode)

    class Meta(Model.Meta):
        table = "topic"
        unique_together = (("organiser", "slug"),)


class EventTopic(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "werkraum.Topic", related_name=False
    )
    topic_id: UUID

    class Meta(Model.Meta):
        table = "event_topic"
        unique_together = (("event", "topic"),)


class Material(Model):
    """A link that belongs to an event: slides, a handbook, a recording."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    position = fields.IntField()
    title: Texts = fields.JSONField(encoder=encode, decoder=decode)
    link = fields.CharField(max_length=500)
    # Counted up when the link leads to something newer, with what is new.
    version = fields.IntField(default=1)
    news: Texts = fields.JSONField(encoder=encode, decoder=decode)
    # Seen by everybody, or on the personal page only.
    public = fields.BooleanField(default=True)
    updated_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "material"
        indexes = (("event_id", "position"),)
