"""Tables of the rooms."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from werkraum_events.models import Event
from werkraum_foundation.identifiers import uuid7


class Room(Model):
    """A video meeting of an event; it opens and closes with the event's times."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.OneToOneRelation[Event] = fields.OneToOneField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    # Room claim, path and node in one: unguessable, no title in it.
    slug = fields.CharField(max_length=64, unique=True)
    lead_minutes = fields.IntField(default=15)
    grace_minutes = fields.IntField(default=60)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "room"
