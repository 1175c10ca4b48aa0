"""Tables of the calendar: what was sent to whom, and what their calendar answered."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from werkraum_events.models import Event, Mode
from werkraum_foundation.identifiers import uuid7


class Method(StrEnum):
    """The iTIP method of a message (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Invitation(Model):
    """The calendar item of one attendee: UID and ORGANIZER for life."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    # A plain id: calendar does not know the table of registrations.
    registration_id: UUID = fields.UUIDField(unique=True)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    # The address that replies come to; never changes for a UID.
    organizer = fields.CharField(max_length=254, unique=True)
    # What is added to the event's SEQUENCE: messages of one person rise more often.
    sequence_offset = fields.IntField(default=0)
    # The message put on its way last: it may have left although it is not noted
    # as sent, because the process ended just then.
    method = fields.CharEnumField(Method, max_length=8, description="method")
    mode = fields.CharEnumField(Mode, max_length=8, description="mode")
    # Of the person's links in it: who changes the address gets new ones.
    generation = fields.IntField(default=1)
    # The last message that left; nothing older may follow it.
    sent_method = fields.CharEnumField(
        Method, max_length=8, null=True, description="method"
    )
    sent_sequence = fields.IntField(null=True)
    sent_revised_at: datetime | None = fields.DatetimeField(null=True)
    # What the person knows from it, for "before" and "now" in the next letter.
    sent_starts_at: datetime | None = fields.DatetimeField(null=True)
    sent_ends_at: datetime | None = fields.DatetimeField(null=True)
    sent_timezone = fields.CharField(max_length=64, null=True)
    sent_place = fields.CharField(max_length=510, null=True)
    # The letter that later ones of this item answer (RFC 5322 3.6.4).
    first_message_id = fields.CharField(max_length=255, null=True)

    class Meta(Model.Meta):
        table = "invitation"


class ReplyKind(StrEnum):
    """What somebody's calendar has said."""

    COMING = "coming"
    MAYBE = "maybe"
    DECLINED = "declined"
    DELEGATED = "delegated"
    PROPOSED = "proposed"
    ASKED_AGAIN = "asked_again"


class CalendarReply(Model):
    """One answer of a calendar; the same one that comes again adds no row."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    invitation: fields.ForeignKeyRelation[Invitation] = fields.ForeignKeyField(
        "werkraum.Invitation", related_name=False
    )
    invitation_id: UUID
    kind = fields.CharEnumField(ReplyKind, max_length=12, description="kind")
    # As they stand in the message: whatever a calendar thinks they are.
    sequence = fields.IntField()
    stamp: datetime = fields.DatetimeField()
    # The message they answered was no longer the latest: it does not count.
    outdated = fields.BooleanField()
    comment = fields.CharField(max_length=500, default="")
    proposed_start: datetime | None = fields.DatetimeField(null=True)
    proposed_end: datetime | None = fields.DatetimeField(null=True)
    received_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "calendar_reply"
        unique_together = (("invitation", "sequence", "stamp", "kind"),)
