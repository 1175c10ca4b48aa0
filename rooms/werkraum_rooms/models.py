"""Tables of the rooms."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from werkraum_events.models import Event, Session
from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Texts
from werkraum_rooms.participants import May


class BreakoutPlan(Model):
    """How an event splits into tables, and when."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.OneToOneRelation[Event] = fields.OneToOneField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    # Whether attendees choose their table themselves; the desk places them anyway.
    chosen = fields.BooleanField(default=True)
    # When people sit at the tables; the time of the event where nobody said.
    starts_at: datetime | None = fields.DatetimeField(null=True)
    ends_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "breakout_plan"


class BreakoutTable(Model):
    """A table at which some attendees of an event talk, in a room of its own."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    position = fields.IntField()
    title: Texts = fields.JSONField(encoder=encode, decoder=decode)
    # People, not registrations; None is without a limit.
    seats: int | None = fields.IntField(null=True)
    # How many sit there: under this row's lock, always the sum of its places.
    taken = fields.IntField(default=0)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "breakout_table"
        indexes = (("event_id", "position"),)


class TablePlace(Model):
    """Who sits at which table: one table for each registration."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    table: fields.ForeignKeyRelation[BreakoutTable] = fields.ForeignKeyField(
        "werkraum.BreakoutTable", related_name=False
    )
    table_id: UUID
    # A plain id: rooms does not know the table of registrations.
    registration_id: UUID = fields.UUIDField(unique=True)
    seats = fields.IntField(default=1)
    # Whether the person chose it; who was placed may still choose.
    chosen = fields.BooleanField(default=True)
    # The table they had when the desk gave them this one, to be given back.
    had_id: UUID | None = fields.UUIDField(null=True)
    had_chosen = fields.BooleanField(default=False)
    had_at: datetime | None = fields.DatetimeField(null=True)
    at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "table_place"
        indexes = (("table_id",),)


class Room(Model):
    """A video meeting of an event, of a session in it, of a table, or of two.

    It opens and closes with the times of what it belongs to.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    session: fields.ForeignKeyNullableRelation[Session] = fields.ForeignKeyField(
        "werkraum.Session", related_name=False, null=True
    )
    session_id: UUID | None
    table: fields.ForeignKeyNullableRelation[BreakoutTable] = fields.ForeignKeyField(
        "werkraum.BreakoutTable", related_name=False, null=True
    )
    table_id: UUID | None
    # What it is the one room of: "event:…", "session:…", "table:…", "talk:…".
    belongs_to = fields.CharField(max_length=48, unique=True)
    # Room claim, path and node in one: unguessable, no title in it.
    slug = fields.CharField(max_length=64, unique=True)
    # The key of its server in the settings; the first of them where it is empty.
    server = fields.CharField(max_length=40, default="")
    # Where it was before it was moved to another server by itself.
    fallen_from = fields.CharField(max_length=40, default="")
    lead_minutes = fields.IntField(default=15)
    grace_minutes = fields.IntField(default=60)
    # People wait until a host lets them in.
    lobby = fields.BooleanField(default=False)
    # The door says so, and nobody is surprised.
    recorded = fields.BooleanField(default=False)
    most_people: int | None = fields.IntField(null=True)
    # What attendees may do in it; hosts may anyway.
    may_chat = fields.BooleanField(default=True)
    may_share = fields.BooleanField(default=True)
    may_poll = fields.BooleanField(default=False)
    # Times of its own, where it belongs to no event or session (a talk of two).
    starts_at: datetime | None = fields.DatetimeField(null=True)
    ends_at: datetime | None = fields.DatetimeField(null=True)
    # A host has ended it before its time.
    ended_at: datetime | None = fields.DatetimeField(null=True)
    # How many were in it when the room server was asked or told us last.
    present: int | None = fields.IntField(null=True)
    present_at: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "room"
        indexes = (("event_id",),)

    @property
    def may(self) -> frozenset[May]:
        """What attendees may do in it."""
        said = {
            May.CHAT: self.may_chat,
            May.SHARE: self.may_share,
            May.POLL: self.may_poll,
        }
        return frozenset(it for it, allowed in said.items() if allowed)


class RoomMeeting(Model):
    """A room in use, from its opening until it stood empty; it may be used again."""

    # What the room server knows it by (the id of a reservation).
    id = fields.UUIDField(primary_key=True, default=uuid7)
    room: fields.ForeignKeyRelation[Room] = fields.ForeignKeyField(
        "werkraum.Room", related_name=False
    )
    room_id: UUID
    server = fields.CharField(max_length=40)
    opened_at: datetime = fields.DatetimeField()
    closed_at: datetime | None = fields.DatetimeField(null=True)
    # The room while it is open, nothing afterwards: a room has one open meeting.
    open_for: UUID | None = fields.UUIDField(null=True, unique=True)
    # The most people that were in it at one time, as far as we were told.
    most_present = fields.IntField(default=0)

    class Meta(Model.Meta):
        table = "room_meeting"
        indexes = (("room_id", "opened_at"),)


class Entrant(Model):
    """Somebody whom the door has let into a room, and what the room calls them."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    room: fields.ForeignKeyRelation[Room] = fields.ForeignKeyField(
        "werkraum.Room", related_name=False
    )
    room_id: UUID
    # A registration, or a member of the team.
    person_id: UUID = fields.UUIDField()
    host = fields.BooleanField(default=False)
    # The pseudonym in the token.
    ref = fields.CharField(max_length=64)
    # The person wants it noted that they were there; without it, they only count.
    noted = fields.BooleanField(default=False)
    # A host has put them out; the door lets them in no more until that is undone.
    barred_at: datetime | None = fields.DatetimeField(null=True)
    entered_at: datetime = fields.DatetimeField()
    entered_again_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "entrant"
        unique_together = (("room", "person_id"),)
        indexes = (("room_id", "ref"), ("person_id",))


class RoomStay(Model):
    """A device in a room, from one coming to the next leaving, as we were told.

    It may come again: from a room inside the room, or once it has been out.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    room: fields.ForeignKeyRelation[Room] = fields.ForeignKeyField(
        "werkraum.Room", related_name=False
    )
    room_id: UUID
    # A hash of what the server calls the device, and of the room inside the room.
    occupant = fields.CharField(max_length=64)
    # In a room inside the room: still with us.
    in_breakout = fields.BooleanField(default=False)
    # The pseudonym in the token; empty for whoever came by telephone.
    ref = fields.CharField(max_length=64, default="")
    # What the server calls the device, to ask somebody to leave; gone with them.
    address = fields.CharField(max_length=255, default="")
    joined_at: datetime | None = fields.DatetimeField(null=True)
    left_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "room_stay"
        indexes = (("room_id", "occupant"),)


class RoomNews(Model):
    """That a room server told us something: it may say the same again.

    What it said is taken in together with this row, and not kept: names are in it.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    server = fields.CharField(max_length=40)
    # Made by the server, or a hash of what makes it one.
    dedupe_key = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=40)
    # Empty where the room is none of ours.
    room: fields.ForeignKeyNullableRelation[Room] = fields.ForeignKeyField(
        "werkraum.Room", related_name=False, null=True
    )
    room_id: UUID | None
    happened_at: datetime = fields.DatetimeField()
    received_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "room_news"
        unique_together = (("server", "dedupe_key"),)
        indexes = (("received_at",), ("room_id", "happened_at"))


class Occasion(StrEnum):
    """When a room was looked at."""

    DAY = "day"
    HOUR = "hour"
    MINUTES = "minutes"
    BY_HAND = "by_hand"


class RoomProbe(Model):
    """A look at whether a room will open: what was well and what was not."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    room: fields.ForeignKeyRelation[Room] = fields.ForeignKeyField(
        "werkraum.Room", related_name=False
    )
    room_id: UUID
    server = fields.CharField(max_length=40)
    occasion = fields.CharEnumField(Occasion, max_length=8, description="occasion")
    at: datetime = fields.DatetimeField()
    well = fields.BooleanField()
    # [{"check": "tls", "well": false, "why": "certificate_expired", …}]
    findings: list[dict[str, Any]] = fields.JSONField(encoder=encode, decoder=decode)

    class Meta(Model.Meta):
        table = "room_probe"
        indexes = (("room_id", "at"),)


class ServerCall(Model):
    """The last time a room server called one of our addresses, for the self-test."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    # Empty for somebody with a token that is none of ours.
    server = fields.CharField(max_length=40)
    # "reservation", "event", "key", "system_key".
    kind = fields.CharField(max_length=16)
    at: datetime = fields.DatetimeField()
    # The status we answered with, and what for: no names, no rooms.
    status = fields.IntField()
    # What the call showed of the settings over there.
    showed: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)

    class Meta(Model.Meta):
        table = "server_call"
        unique_together = (("server", "kind"),)
