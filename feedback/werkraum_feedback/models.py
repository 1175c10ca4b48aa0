"""Tables of feedback: rounds, questions, ballots, answers.

Nothing ties an answer to a ballot or a person: no key, no time, no order.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from werkraum_events.models import Event
from werkraum_feedback.questions import QuestionKind
from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Texts


class RoundState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class StoredOption(TypedDict):
    """What can be chosen: {"code": "yes", "label": {"de": "Ja", "en": "Yes"}}."""

    code: str
    label: Texts


class Round(Model):
    """One collection of feedback with questions; anonymous by ballot."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    title: Texts = fields.JSONField(encoder=encode, decoder=decode)
    state = fields.CharEnumField(
        RoundState, max_length=8, default=RoundState.DRAFT, description="state"
    )
    # Ballots made, which is the number that can answer.
    invited = fields.IntField(default=0)
    # Decides the order in which texts are shown, which tells nothing of theirs.
    salt = fields.CharField(max_length=32)
    opened_at: datetime | None = fields.DatetimeField(null=True)
    closes_at: datetime | None = fields.DatetimeField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)
    # When the letters with the ballots were handed to the outbox: once.
    letters_at: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "round"
        indexes = (("event_id",),)

    @property
    def ended_at(self) -> datetime | None:
        """When it stopped taking answers, the grace for late ones aside."""
        ends = [end for end in (self.closes_at, self.closed_at) if end]
        return min(ends, default=None)


class QuestionRow(Model):
    """A question as stored; frozen once the round is open."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "werkraum.Round", related_name=False
    )
    round_id: UUID
    position = fields.IntField()
    code = fields.CharField(max_length=8)
    kind = fields.CharEnumField(QuestionKind, max_length=8, description="kind")
    # Of a draft only: what is not asked is deleted when the round opens.
    asked = fields.BooleanField(default=True)
    text: Texts = fields.JSONField(encoder=encode, decoder=decode)
    hint: Texts = fields.JSONField(encoder=encode, decoder=decode)
    options: list[StoredOption] = fields.JSONField(encoder=encode, decoder=decode)
    # The words at both ends of a scale: [{"de": …}, {"de": …}], else empty.
    poles: list[Texts] = fields.JSONField(encoder=encode, decoder=decode)

    class Meta(Model.Meta):
        table = "question"
        unique_together = (("round", "code"),)


class Ballot(Model):
    """The one-time right to answer: the hash of its token and whether it is used."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "werkraum.Round", related_name=False
    )
    round_id: UUID
    used = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "ballot"


class ResponseRow(Model):
    """What one person answered, without a trace of who or when."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "werkraum.Round", related_name=False
    )
    round_id: UUID

    class Meta(Model.Meta):
        table = "response"
        indexes = (("round_id",),)


class AnswerRow(Model):
    id = fields.UUIDField(primary_key=True, default=uuid4)
    response: fields.ForeignKeyRelation[ResponseRow] = fields.ForeignKeyField(
        "werkraum.ResponseRow", related_name=False
    )
    response_id: UUID
    question: fields.ForeignKeyRelation[QuestionRow] = fields.ForeignKeyField(
        "werkraum.QuestionRow", related_name=False
    )
    question_id: UUID
    number = fields.IntField(null=True)
    codes: list[str] | None = fields.JSONField(
        null=True, encoder=encode, decoder=decode
    )
    text = fields.TextField(null=True)

    class Meta(Model.Meta):
        table = "answer"
        unique_together = (("response", "question"),)
