"""Tables of feedback: rounds, questions, ballots, answers.

Nothing ties an answer to a ballot or a person: no key, no time, no order.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from werkraum_events.models import Event, Session
from werkraum_feedback.questions import QuestionKind
from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser, Texts
from werkraum_registration.models import (
    OrganisationKind,
    OrganisationSize,
    Registration,
)


class RoundState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class RoundKind(StrEnum):
    """What a round is for, in the order of an event's life."""

    NEEDS = "needs"
    INTRODUCTION = "introduction"
    PULSE = "pulse"
    CLOSING = "closing"
    SURVEY = "survey"


class Naming(StrEnum):
    """Whether people may put their name to what they say; nobody ever must."""

    ANONYMOUS = "anonymous"
    CHOSEN = "chosen"


class Audience(StrEnum):
    """Who is asked: who has a seat, who was there, or who stands in a list."""

    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    LISTED = "listed"


class Channel(StrEnum):
    """Who typed a response in: the person, or somebody for them."""

    SELF = "self"
    MODERATOR = "moderator"
    PAPER = "paper"


class StoredOption(TypedDict):
    """What can be chosen: {"code": "yes", "label": {"de": "Ja", "en": "Yes"}}."""

    code: str
    label: Texts


class Round(Model):
    """One collection of feedback with questions; anonymous by ballot.

    Without an event it asks the network as a whole.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    event: fields.ForeignKeyNullableRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False, null=True
    )
    event_id: UUID | None
    session: fields.ForeignKeyNullableRelation[Session] = fields.ForeignKeyField(
        "werkraum.Session", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    session_id: UUID | None
    kind = fields.CharEnumField(
        RoundKind,
        max_length=16,
        default=RoundKind.SURVEY,
        db_default=RoundKind.SURVEY,
        description="kind",
    )
    naming = fields.CharEnumField(
        Naming,
        max_length=16,
        default=Naming.ANONYMOUS,
        db_default=Naming.ANONYMOUS,
        description="naming",
    )
    audience = fields.CharEnumField(
        Audience,
        max_length=16,
        default=Audience.CONFIRMED,
        db_default=Audience.CONFIRMED,
        description="audience",
    )
    # Where answers were given already, changed words make a version of their own.
    version = fields.IntField(default=1, db_default=1)
    follows_id: UUID | None = fields.UUIDField(null=True)
    # Whether the form asks where somebody comes from, and whether to quote them.
    asks_group = fields.BooleanField(default=False, db_default=False)
    asks_quote = fields.BooleanField(default=False, db_default=False)
    # Six digits that open a live round to whoever is in the hall.
    live_code = fields.CharField(max_length=8, null=True)
    # The question that everybody sees now.
    live_question_id: UUID | None = fields.UUIDField(null=True)
    # A draft opens then by itself, for so many days.
    opens_at: datetime | None = fields.DatetimeField(null=True)
    # Minutes from the end of its event or session to then, on the clock of the place
    # (before it: negative).
    opens_after: int | None = fields.IntField(null=True)
    open_days = fields.IntField(default=14, db_default=14)
    # Whether whoever has not answered is reminded, and how often that was done.
    reminds = fields.BooleanField(default=False, db_default=False)
    reminded = fields.IntField(default=0, db_default=0)
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
        indexes = (("event_id",), ("organiser_id",), ("live_code",))

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
    kind = fields.CharEnumField(QuestionKind, max_length=16, description="kind")
    # Of a draft only: what is not asked is deleted when the round opens.
    asked = fields.BooleanField(default=True)
    text: Texts = fields.JSONField(encoder=encode, decoder=decode)
    hint: Texts = fields.JSONField(encoder=encode, decoder=decode)
    options: list[StoredOption] = fields.JSONField(encoder=encode, decoder=decode)
    # The words at both ends of a scale: [{"de": …}, {"de": …}], else empty.
    poles: list[Texts] = fields.JSONField(encoder=encode, decoder=decode)
    # What a number may be.
    low: int | None = fields.IntField(null=True)
    high: int | None = fields.IntField(null=True)
    # Live results are seen by everybody once the moderator shows them.
    revealed = fields.BooleanField(default=False, db_default=False)
    # Voices of a live round that somebody typed in for others, and therefore knows.
    typed_in = fields.IntField(default=0, db_default=0)

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
    # Hash of the very form that used it, with chance that is stored nowhere, so that
    # the same form sent again is thanked for; forgotten when the round closes.
    sent_hash = fields.CharField(max_length=64, null=True)
    # For blind signatures (RFC 9474): what was signed, to sign it again the same.
    blinded: str | None = fields.TextField(null=True)

    class Meta(Model.Meta):
        table = "ballot"


class RedeemedToken(Model):
    """A blindly signed token that has answered: its hash, so that it answers once."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "werkraum.Round", related_name=False
    )
    round_id: UUID

    class Meta(Model.Meta):
        table = "redeemed_token"


class Invitee(Model):
    """Somebody a round of the network asks; forgotten when it is closed."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "werkraum.Round", related_name=False
    )
    round_id: UUID
    name = fields.CharField(max_length=200, default="")
    email = fields.CharField(max_length=254)
    email_key = fields.CharField(max_length=254)
    language = fields.CharField(max_length=8)

    class Meta(Model.Meta):
        table = "invitee"
        unique_together = (("round", "email_key"),)


class ResponseRow(Model):
    """What one person answered, without a trace of who or when.

    Where they come from is what they say themselves, out of a closed list. Whoever
    chooses to put their name to it has a `Signature`.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "werkraum.Round", related_name=False
    )
    round_id: UUID
    org_kind: OrganisationKind | None = fields.CharEnumField(  # type: ignore[assignment]
        OrganisationKind, max_length=16, null=True, description="kind"
    )
    org_size: OrganisationSize | None = fields.CharEnumField(  # type: ignore[assignment]
        OrganisationSize, max_length=8, null=True, description="size"
    )
    # Whether the words may be quoted in a report, without a name.
    quotable = fields.BooleanField(default=False, db_default=False)
    channel = fields.CharEnumField(
        Channel,
        max_length=16,
        default=Channel.SELF,
        db_default=Channel.SELF,
        description="channel",
    )

    class Meta(Model.Meta):
        table = "response"
        indexes = (("round_id",),)


class Signature(Model):
    """The name that somebody chose to put to a response; else there is none."""

    # No foreign key: closing a round writes its responses anew.
    response_id = fields.UUIDField(primary_key=True)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    # Whether the words may be quoted with the name: a box of its own.
    quotable = fields.BooleanField(default=False, db_default=False)

    class Meta(Model.Meta):
        table = "signature"


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
