"""Tables of registration: seat pools, registrations, submitted forms."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from werkraum_events.models import Event, Mode
from werkraum_foundation.identifiers import uuid7


class State(StrEnum):
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


# Nobody with one of these takes part any more; the address may register again.
ENDED = (State.CANCELLED, State.EXPIRED)


class SeatPool(Model):
    """The limit of one mode of an event; the demand counter decides under its lock.

    `taken` counts people holding a seat, `demand` people holding or waiting,
    `issued` the queue numbers given out, which never fall.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    mode = fields.CharEnumField(Mode, max_length=8, description="mode")
    seats = fields.IntField(null=True)
    taken = fields.IntField(default=0)
    demand = fields.IntField(default=0)
    # Of the taken seats, those held by addresses not confirmed yet.
    unconfirmed = fields.IntField(default=0)
    issued = fields.IntField(default=0)

    class Meta(Model.Meta):
        table = "seat_pool"
        unique_together = (("event", "mode"),)
        constraints = [
            CheckConstraint(
                check="0 <= taken AND taken <= demand"
                " AND (seats IS NULL OR taken <= seats)"
                " AND 0 <= unconfirmed AND unconfirmed <= taken",
                name="seat_pool_counts",
            ),
        ]


class Registration(Model):
    """One attendee at one event."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    pool: fields.ForeignKeyRelation[SeatPool] = fields.ForeignKeyField(
        "werkraum.SeatPool", related_name=False
    )
    pool_id: UUID
    mode = fields.CharEnumField(Mode, max_length=8, description="mode")
    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254)
    # The address as it is compared: one registration per event and person.
    email_key = fields.CharField(max_length=254)
    language = fields.CharField(max_length=8)
    state = fields.CharEnumField(State, max_length=16, description="state")
    # Whether it counts in `taken`: an unconfirmed one may hold no seat.
    holds_seat = fields.BooleanField()
    # The place in the queue of the pool; null while it is not in the demand.
    number = fields.IntField(null=True)
    # Rebuilds the links of the letters; a new generation revokes the old ones.
    generation = fields.IntField(default=1)
    confirm_hash = fields.CharField(max_length=64, unique=True)
    manage_hash = fields.CharField(max_length=64, unique=True)
    created_at: datetime = fields.DatetimeField()
    confirmed_at: datetime | None = fields.DatetimeField(null=True)
    # When the owner of the address pressed a button; before it, no letter
    # carries anything the sender of the form typed.
    vouched_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    # For which start the reminder was handed to the letters; a moved event has
    # another start, so its people are reminded again.
    day_reminder_for: datetime | None = fields.DatetimeField(null=True)
    hour_reminder_for: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "registration"
        unique_together = (("pool", "number"),)
        indexes = (
            ("event_id", "state"),
            ("pool_id", "state", "number"),
            ("state", "created_at"),
        )


class Submission(Model):
    """A form that was sent, for the page that says what comes next.

    Made for known and unknown addresses alike, so the page tells nobody who is
    registered. `registration_id` is empty where the address was known already.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    key_hash = fields.CharField(max_length=64, unique=True)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    registration_id: UUID | None = fields.UUIDField(null=True)
    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254)
    mode = fields.CharEnumField(Mode, max_length=8, description="mode")
    created_at: datetime = fields.DatetimeField(db_index=True)

    class Meta(Model.Meta):
        table = "submission"
