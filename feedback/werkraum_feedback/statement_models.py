"""Tables of what was said and what it is about: statements, themes, codings."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from werkraum_events.models import Event
from werkraum_feedback.models import Round
from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser, Texts
from werkraum_registration.models import (
    Organisation,
    OrganisationKind,
    OrganisationSize,
)


class StatementSource(StrEnum):
    """How a statement came to us."""

    ANSWER = "answer"
    CARD = "card"
    CAPTURE = "capture"
    LIVE = "live"
    PAPER = "paper"


class Phase(StrEnum):
    """When it was said, in the order of an event's life."""

    BEFORE = "before"
    INTRODUCTION = "introduction"
    DISCUSSION = "discussion"
    CLOSING = "closing"
    SURVEY = "survey"


class StatementKind(StrEnum):
    CONCERN = "concern"
    EXPERIENCE = "experience"
    WISH = "wish"
    OFFER = "offer"
    QUESTION = "question"


class Quoting(StrEnum):
    """What the person has allowed: not to be quoted, without a name, with it."""

    NO = "no"
    UNNAMED = "unnamed"
    NAMED = "named"


class StatementState(StrEnum):
    PENDING = "pending"
    SHOWN = "shown"
    HIDDEN = "hidden"


class Statement(Model):
    """A piece of text worth keeping, from whatever source.

    One from an anonymous answer has no time, and its id tells no order.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    event: fields.ForeignKeyNullableRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False, null=True
    )
    event_id: UUID | None
    round: fields.ForeignKeyNullableRelation[Round] = fields.ForeignKeyField(
        "werkraum.Round", related_name=False, null=True
    )
    round_id: UUID | None
    session_id: UUID | None = fields.UUIDField(null=True)
    question_id: UUID | None = fields.UUIDField(null=True)
    answer_id: UUID | None = fields.UUIDField(null=True, unique=True)
    source = fields.CharEnumField(StatementSource, max_length=16, description="source")
    phase = fields.CharEnumField(Phase, max_length=16, description="phase")
    kind: StatementKind | None = fields.CharEnumField(  # type: ignore[assignment]
        StatementKind, max_length=16, null=True, description="kind"
    )
    text = fields.TextField()
    text_hash = fields.CharField(max_length=64)
    language = fields.CharField(max_length=8)
    organisation: fields.ForeignKeyNullableRelation[Organisation] = (
        fields.ForeignKeyField(
            "werkraum.Organisation",
            related_name=False,
            null=True,
            on_delete=fields.SET_NULL,
        )
    )
    organisation_id: UUID | None
    org_kind: OrganisationKind | None = fields.CharEnumField(  # type: ignore[assignment]
        OrganisationKind, max_length=16, null=True, description="kind"
    )
    org_size: OrganisationSize | None = fields.CharEnumField(  # type: ignore[assignment]
        OrganisationSize, max_length=8, null=True, description="size"
    )
    # Who said it, only where they put their name to it.
    registration_id: UUID | None = fields.UUIDField(null=True)
    quoting = fields.CharEnumField(
        Quoting, max_length=16, default=Quoting.NO, description="quoting"
    )
    state = fields.CharEnumField(
        StatementState,
        max_length=16,
        default=StatementState.SHOWN,
        description="state",
    )
    # Of a card: when its person has spoken, and where it stands in the line.
    spoken_at: datetime | None = fields.DatetimeField(null=True)
    position: int | None = fields.IntField(null=True)
    # Made by the device that typed it, so that sending twice keeps it once.
    client_key = fields.CharField(max_length=64, null=True, unique=True)
    created_by = fields.CharField(max_length=60, default="")
    created_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "statement"
        indexes = (("event_id", "state"), ("round_id",), ("organiser_id",))


class StatementVote(Model):
    """One voice for a statement, by the hash of who gave it."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    statement: fields.ForeignKeyRelation[Statement] = fields.ForeignKeyField(
        "werkraum.Statement", related_name=False
    )
    statement_id: UUID
    voter_hash = fields.CharField(max_length=64)

    class Meta(Model.Meta):
        table = "statement_vote"
        unique_together = (("statement", "voter_hash"),)


class ThemeState(StrEnum):
    ACTIVE = "active"
    MERGED = "merged"
    RETIRED = "retired"


class Theme(Model):
    """A named idea in the codebook of an organiser."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    name: Texts = fields.JSONField(encoder=encode, decoder=decode)
    definition: Texts = fields.JSONField(encoder=encode, decoder=decode)
    includes: Texts = fields.JSONField(encoder=encode, decoder=decode)
    excludes: Texts = fields.JSONField(encoder=encode, decoder=decode)
    example: Texts = fields.JSONField(encoder=encode, decoder=decode)
    # Beginnings of words that suggest it: ["jugend", "nachwuchs"].
    words: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    position = fields.IntField(default=0)
    # Which of the fixed colours marks it.
    colour = fields.IntField(default=0)
    state = fields.CharEnumField(
        ThemeState, max_length=16, default=ThemeState.ACTIVE, description="state"
    )
    merged_into_id: UUID | None = fields.UUIDField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "theme"
        indexes = (("organiser_id", "position"),)


class Coding(Model):
    """A theme tied to a span of a statement by one coder.

    `start` and `end` count characters (code points) of the text; 0 to its length
    is all of it.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    statement: fields.ForeignKeyRelation[Statement] = fields.ForeignKeyField(
        "werkraum.Statement", related_name=False
    )
    statement_id: UUID
    theme: fields.ForeignKeyRelation[Theme] = fields.ForeignKeyField(
        "werkraum.Theme", related_name=False
    )
    theme_id: UUID
    start = fields.IntField()
    end = fields.IntField()
    # The actor, as the audit names it.
    coder = fields.CharField(max_length=60)
    # Worth quoting; whether it may be quoted is the statement's.
    good_quote = fields.BooleanField(default=False)
    note = fields.CharField(max_length=500, default="")
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "coding"
        unique_together = (("statement", "theme", "coder", "start", "end"),)
        indexes = (("theme_id",),)


class Reading(Model):
    """That a coder is done with a statement, also where no theme fits it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    statement: fields.ForeignKeyRelation[Statement] = fields.ForeignKeyField(
        "werkraum.Statement", related_name=False
    )
    statement_id: UUID
    coder = fields.CharField(max_length=60)

    class Meta(Model.Meta):
        table = "reading"
        unique_together = (("statement", "coder"),)


class DismissedSuggestion(Model):
    """A theme that a person has said does not fit a statement."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    statement: fields.ForeignKeyRelation[Statement] = fields.ForeignKeyField(
        "werkraum.Statement", related_name=False
    )
    statement_id: UUID
    theme: fields.ForeignKeyRelation[Theme] = fields.ForeignKeyField(
        "werkraum.Theme", related_name=False
    )
    theme_id: UUID

    class Meta(Model.Meta):
        table = "dismissed_suggestion"
        unique_together = (("statement", "theme"),)


class CodebookDeed(Model):
    """A change of codings or themes as it can be taken back."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    # Of an event or a round of the network; none for deeds on the codebook alone.
    occasion_id: UUID | None = fields.UUIDField(null=True)
    actor = fields.CharField(max_length=60)
    action = fields.CharField(max_length=60)
    # Rows as they were and as they became; Any: columns of either table.
    before: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)
    after: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)
    at: datetime = fields.DatetimeField()
    undone_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "codebook_deed"
        indexes = (("organiser_id", "actor"),)
