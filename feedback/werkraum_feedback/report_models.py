"""Tables of the written report: its versions and passages."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from werkraum_events.models import Event
from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser


class ReportState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


class PassageKind(StrEnum):
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    TABLE = "table"
    CHART = "chart"


class Report(Model):
    """One version of an event's report in one language."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    number = fields.IntField()
    language = fields.CharField(max_length=8)
    title = fields.CharField(max_length=300)
    state = fields.CharEnumField(
        ReportState, max_length=16, default=ReportState.DRAFT, description="state"
    )
    # What has changed since the version before, in the organiser's words.
    change_note = fields.CharField(max_length=1000, default="")
    # Actors as the audit names them; whoever wrote it does not check it.
    written_by = fields.CharField(max_length=60)
    checked_by = fields.CharField(max_length=60, default="")
    created_at: datetime = fields.DatetimeField()
    checked_at: datetime | None = fields.DatetimeField(null=True)
    published_at: datetime | None = fields.DatetimeField(null=True)
    # SHA-256 over what was published.
    content_hash = fields.CharField(max_length=64, default="")
    # The state of the row for the form that was loaded earlier.
    version = fields.IntField(default=1)

    class Meta(Model.Meta):
        table = "report"
        unique_together = (("event", "language", "number"),)


class Passage(Model):
    """A sentence, quote, table or picture of a report, with what carries it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    report: fields.ForeignKeyRelation[Report] = fields.ForeignKeyField(
        "werkraum.Report", related_name=False
    )
    report_id: UUID
    section = fields.CharField(max_length=32)
    position = fields.IntField()
    kind = fields.CharEnumField(
        PassageKind,
        max_length=16,
        default=PassageKind.PARAGRAPH,
        description="kind",
    )
    text = fields.TextField()
    # The text as the program wrote it; empty for what a person has added.
    drafted = fields.TextField()
    # What carries it: [{"kind": "answers", "question_id": …, "part": 41, …}, …];
    # Any: each kind names its own ids and figures.
    evidence: list[dict[str, Any]] = fields.JSONField(encoder=encode, decoder=decode)
    # Rows of a table, or what a picture is drawn of.
    data: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)

    class Meta(Model.Meta):
        table = "passage"
        indexes = (("report_id", "position"),)
