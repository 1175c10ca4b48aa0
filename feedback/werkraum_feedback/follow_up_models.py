"""Tables of what follows: practices, contacts, pledges, replies."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from werkraum_events.models import Event
from werkraum_feedback.statement_models import Statement, Theme
from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser, Texts
from werkraum_registration.models import Registration


class PracticeState(StrEnum):
    DRAFT = "draft"
    # Asked whether it may be published, and what was said.
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    PUBLISHED = "published"


class Practice(Model):
    """A best-practice card: what somebody did, how, and what it took."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    event: fields.ForeignKeyNullableRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    event_id: UUID | None
    statement: fields.ForeignKeyNullableRelation[Statement] = fields.ForeignKeyField(
        "werkraum.Statement", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    statement_id: UUID | None
    theme: fields.ForeignKeyNullableRelation[Theme] = fields.ForeignKeyField(
        "werkraum.Theme", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    theme_id: UUID | None
    slug = fields.CharField(max_length=80, unique=True)
    title: Texts = fields.JSONField(encoder=encode, decoder=decode)
    what: Texts = fields.JSONField(encoder=encode, decoder=decode)
    how: Texts = fields.JSONField(encoder=encode, decoder=decode)
    took: Texts = fields.JSONField(encoder=encode, decoder=decode)
    place = fields.CharField(max_length=200, default="")
    partner_towns: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    countries: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    funding = fields.CharField(max_length=200, default="")
    link = fields.CharField(max_length=500, default="")
    # Whose practice it is, where known; named on the card only if they agreed.
    registration_id: UUID | None = fields.UUIDField(null=True)
    shows_contact = fields.BooleanField(default=False)
    # Whose consent the organiser has, and how, where nobody can be asked by letter.
    consent_note = fields.CharField(max_length=500, default="")
    state = fields.CharEnumField(
        PracticeState, max_length=16, default=PracticeState.DRAFT, description="state"
    )
    asked_at: datetime | None = fields.DatetimeField(null=True)
    answered_at: datetime | None = fields.DatetimeField(null=True)
    published_at: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "practice"
        indexes = (("organiser_id", "state"),)


class ContactWish(Model):
    """What somebody seeks and offers, for suggestions of whom to talk to."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    seeks = fields.CharField(max_length=500, default="")
    offers = fields.CharField(max_length=500, default="")
    themes: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    countries: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "contact_wish"
        unique_together = (("registration",),)
        indexes = (("event_id",),)


class ContactState(StrEnum):
    SUGGESTED = "suggested"
    AGREED = "agreed"
    DECLINED = "declined"
    EXPIRED = "expired"


class Contact(Model):
    """Two people who might talk; addresses are given only after two yeses."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    one: fields.ForeignKeyRelation[ContactWish] = fields.ForeignKeyField(
        "werkraum.ContactWish", related_name=False
    )
    one_id: UUID
    other: fields.ForeignKeyRelation[ContactWish] = fields.ForeignKeyField(
        "werkraum.ContactWish", related_name=False
    )
    other_id: UUID
    # What they have in common, as codes: ["theme:…", "country:PL", "size:small"].
    reasons: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    one_says = fields.BooleanField(null=True)
    other_says = fields.BooleanField(null=True)
    state = fields.CharEnumField(
        ContactState, max_length=16, default=ContactState.SUGGESTED, description="state"
    )
    suggested_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    agreed_at: datetime | None = fields.DatetimeField(null=True)
    # A talk of the two, with a room of its own.
    talk_at: datetime | None = fields.DatetimeField(null=True)
    talk_minutes = fields.IntField(default=30)
    talk_room = fields.CharField(max_length=64, default="")
    # Rises with every change, as calendars ask for (RFC 5546 2.1.4).
    talk_sequence = fields.IntField(default=0)

    class Meta(Model.Meta):
        table = "contact"
        unique_together = (("one", "other"),)


class PledgeForm(StrEnum):
    """How somebody joins in."""

    GROUP = "group"
    TALK = "talk"
    EXAMPLE = "example"
    TRYING = "trying"
    OTHER = "other"


class PledgeState(StrEnum):
    OPEN = "open"
    ASKED = "asked"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Pledge(Model):
    """An offer to join in, with whom to ask and when."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    theme: fields.ForeignKeyNullableRelation[Theme] = fields.ForeignKeyField(
        "werkraum.Theme", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    theme_id: UUID | None
    form = fields.CharEnumField(PledgeForm, max_length=16, description="form")
    # Hours a month somebody thinks of.
    hours: int | None = fields.IntField(null=True)
    words = fields.CharField(max_length=1000, default="")
    state = fields.CharEnumField(
        PledgeState, max_length=16, default=PledgeState.OPEN, description="state"
    )
    note = fields.CharField(max_length=1000, default="")
    follow_up_on: date | None = fields.DateField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "pledge"
        indexes = (("organiser_id", "state"), ("registration_id",))


class ReplyState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"


class Reply(Model):
    """What became of a theme, told to those who raised it: "you said, we did"."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    theme: fields.ForeignKeyRelation[Theme] = fields.ForeignKeyField(
        "werkraum.Theme", related_name=False
    )
    theme_id: UUID
    said: Texts = fields.JSONField(encoder=encode, decoder=decode)
    did: Texts = fields.JSONField(encoder=encode, decoder=decode)
    state = fields.CharEnumField(
        ReplyState, max_length=16, default=ReplyState.DRAFT, description="state"
    )
    sent_at: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "reply"
        indexes = (("event_id",),)
