"""Tables of registration: who takes part, who waits, and what they told us."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from werkraum_events.models import Event, Mode, Session
from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser, Texts

# Tortoise's types do not know of an enumeration that may be empty: such a field is
# annotated with what its value is, and the assignment ignored.


class State(StrEnum):
    UNCONFIRMED = "unconfirmed"
    PENDING_APPROVAL = "pending_approval"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"


# Nobody with one of these takes part any more; the address may register again.
ENDED = (State.CANCELLED, State.REJECTED, State.EXPIRED)


class Wanted(StrEnum):
    """What somebody wants, in order: the first that is free."""

    ONSITE = "onsite"
    ONLINE = "online"
    ONSITE_ELSE_ONLINE = "onsite_else_online"

    @property
    def modes(self) -> tuple[Mode, ...]:
        if self is Wanted.ONSITE_ELSE_ONLINE:
            return (Mode.ONSITE, Mode.ONLINE)
        return (Mode(self.value),)


class Source(StrEnum):
    """How a registration came to be."""

    FORM = "form"
    API = "api"
    DESK = "desk"
    IMPORT = "import"
    INVITATION = "invitation"
    SERIES = "series"
    WALK_IN = "walk_in"


class Decision(StrEnum):
    """What the organiser has decided and not told yet."""

    APPROVE = "approve"
    REJECT = "reject"


class SeatPool(Model):
    """A limit: of one mode of an event, of the whole event, or of a session.

    Without `mode` and `session` it is the total of the event. `taken` counts seats
    that are held: by registrations, and by offers to people who wait. `demand`
    counts those and the seats waited for. `issued` counts the queue numbers given
    out and never falls. Nobody queues for the total: there, both are equal.
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
    mode = fields.CharEnumField(Mode, max_length=8, null=True, description="mode")
    seats = fields.IntField(null=True)
    taken = fields.IntField(default=0)
    demand = fields.IntField(default=0)
    # Of the taken seats, those held by addresses not confirmed yet.
    unconfirmed = fields.IntField(default=0)
    issued = fields.IntField(default=0)

    class Meta(Model.Meta):
        table = "seat_pool"
        # A unique index over event, session and mode stands in the migration:
        # in it, two empty columns are the same.
        indexes = (("event_id", "mode"),)
        constraints = [
            CheckConstraint(
                check="0 <= taken AND taken <= demand"
                " AND (seats IS NULL OR taken <= seats)"
                " AND 0 <= unconfirmed AND unconfirmed <= taken"
                " AND (mode IS NULL OR session_id IS NULL)",
                name="seat_pool_counts",
            ),
        ]


class CalendarAnswer(StrEnum):
    """What somebody's calendar said last to the latest invitation."""

    COMING = "coming"
    MAYBE = "maybe"
    DECLINED = "declined"


class OrganisationKind(StrEnum):
    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    ASSOCIATION = "association"
    SCHOOL = "school"
    YOUTH_CENTRE = "youth_centre"
    OTHER = "other"


class OrganisationSize(StrEnum):
    """Of a town: fewer than 20,000 inhabitants, fewer than 100,000, or more."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Organisation(Model):
    """Where attendees come from: a municipality, an association, a school."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    name = fields.CharField(max_length=200)
    # The name as it is compared; a double that was merged keeps leading on.
    name_key = fields.CharField(max_length=200)
    kind = fields.CharEnumField(
        OrganisationKind, max_length=16, null=True, description="kind"
    )
    size = fields.CharEnumField(
        OrganisationSize, max_length=8, null=True, description="size"
    )
    region = fields.CharField(max_length=100, default="")
    partner_towns: list[str] = fields.JSONField(
        encoder=encode, decoder=decode, default=list
    )
    # Suggested to everybody who types; what attendees typed themselves is not.
    suggested = fields.BooleanField(default=False)
    merged_into_id: UUID | None = fields.UUIDField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "organisation"
        unique_together = (("organiser", "name_key"),)


class Registration(Model):
    """One attendee at one event, or a party that takes several seats."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    # The pool of the seat that is held, or of the first wish.
    pool: fields.ForeignKeyRelation[SeatPool] = fields.ForeignKeyField(
        "werkraum.SeatPool", related_name=False
    )
    pool_id: UUID
    mode = fields.CharEnumField(Mode, max_length=8, description="mode")
    wanted = fields.CharEnumField(Wanted, max_length=20, description="wanted")
    # How many seats it takes, the attendee's own included, and for whom else.
    seats = fields.IntField(default=1)
    companions: list[str] = fields.JSONField(
        encoder=encode, decoder=decode, default=list
    )
    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254)
    # The address as it is compared: one registration per event and person.
    email_key = fields.CharField(max_length=254)
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
    # The double that was named, where it has been merged: a split gives it back.
    named_organisation_id: UUID | None = fields.UUIDField(null=True)
    state = fields.CharEnumField(State, max_length=16, description="state")
    # Whether it counts in `taken` itself: an unconfirmed one may hold no seat, and
    # that of an offer is held by the wish.
    holds_seat = fields.BooleanField()
    source = fields.CharEnumField(
        Source, max_length=16, default=Source.FORM, description="source"
    )
    # Several made at once, for a whole series: one click confirms all.
    batch_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    # Rebuilds the links of the letters; a new generation revokes the old ones.
    generation = fields.IntField(default=1)
    confirm_hash = fields.CharField(max_length=64, unique=True)
    manage_hash = fields.CharField(max_length=64, unique=True)
    created_at: datetime = fields.DatetimeField()
    confirmed_at: datetime | None = fields.DatetimeField(null=True)
    # When the owner of the address pressed a button; before it, no letter
    # carries anything the sender of the form typed.
    vouched_at: datetime | None = fields.DatetimeField(null=True)
    approved_at: datetime | None = fields.DatetimeField(null=True)
    decision: Decision | None = fields.CharEnumField(  # type: ignore[assignment]
        Decision, max_length=8, null=True, description="decision"
    )
    ended_at: datetime | None = fields.DatetimeField(null=True)
    # Who ended it: only what attendees ended themselves can be taken back by them.
    ended_by = fields.CharField(max_length=60, default="")
    # What the organiser notes; never shown to attendees, but in their export.
    note = fields.CharField(max_length=500, default="")
    # What the person's calendar answered; it gives no seat and takes none.
    calendar_answer: CalendarAnswer | None = fields.CharEnumField(  # type: ignore[assignment]
        CalendarAnswer, max_length=8, null=True, description="answer"
    )

    class Meta(Model.Meta):
        table = "registration"
        indexes = (
            ("event_id", "state"),
            ("pool_id", "state"),
            ("state", "created_at"),
            # Everything of one person: links, letters, doubles.
            ("email_key", "event_id"),
            # Lists go through an event in this order, a page at a time.
            ("event_id", "id"),
            # A merge of organisations, and forgetting one, look for who is from there.
            ("organisation_id",),
        )


class AddressChange(Model):
    """Another address somebody has entered; after its owner's button, the one left."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    email = fields.CharField(max_length=254)
    token_hash = fields.CharField(max_length=64, unique=True)
    created_at: datetime = fields.DatetimeField(db_index=True)
    confirmed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "address_change"


class PersonalFeed(Model):
    """The calendar of all dates of an address with an organiser; one at a time."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    email_key = fields.CharField(max_length=254)
    # From 1: whoever made one worthless may have another.
    number = fields.IntField()
    language = fields.CharField(max_length=16)
    feed_hash = fields.CharField(max_length=64, unique=True)
    created_at: datetime = fields.DatetimeField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "personal_feed"
        unique_together = (("organiser", "email_key", "number"),)


class Wish(Model):
    """A place in the queue of a pool, with or without an offer that holds a seat.

    The order is (priority, the higher first; queued at; id). An offer stands while
    `offered_until` is set.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    pool: fields.ForeignKeyRelation[SeatPool] = fields.ForeignKeyField(
        "werkraum.SeatPool", related_name=False
    )
    pool_id: UUID
    number = fields.IntField()
    seats = fields.IntField(default=1)
    priority = fields.IntField(default=0)
    queued_at: datetime = fields.DatetimeField()
    lapses = fields.IntField(default=0)
    offered_at: datetime | None = fields.DatetimeField(null=True)
    offered_until: datetime | None = fields.DatetimeField(null=True, db_index=True)

    class Meta(Model.Meta):
        table = "wish"
        unique_together = (("registration", "pool"), ("pool", "number"))
        indexes = (("pool_id", "priority", "queued_at", "number"),)


class Booking(Model):
    """A session somebody chose; without a seat there, a wish stands beside it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    pool: fields.ForeignKeyRelation[SeatPool] = fields.ForeignKeyField(
        "werkraum.SeatPool", related_name=False
    )
    pool_id: UUID
    holds_seat = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "booking"
        unique_together = (("registration", "pool"),)
        indexes = (("pool_id", "holds_seat"),)


class RegistrationTag(Model):
    """A word organisers put on registrations, to find and write to them."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    tag = fields.CharField(max_length=40)

    class Meta(Model.Meta):
        table = "registration_tag"
        unique_together = (("registration", "tag"),)


class Bounce(Model):
    """A letter to somebody that came back, or that a mail server would not take."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    # The address it went to: once there is another one, this is over.
    email = fields.CharField(max_length=254)
    # As mail servers have it: 5.1.1, or 550 from the one that takes our letters.
    status = fields.CharField(max_length=11)
    is_final = fields.BooleanField()
    # The letter, where the report names it.
    message_id = fields.CharField(max_length=255, default="")
    at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "bounce"
        unique_together = (("registration", "email", "message_id", "status"),)


class FormQuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    YES_NO = "yes_no"
    ORGANISATION = "organisation"
    # A special need: its answer is a task for the organiser.
    NEED = "need"


class FormQuestion(Model):
    """What an event asks beyond name and address, and for how long it is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    position = fields.IntField()
    kind = fields.CharEnumField(FormQuestionKind, max_length=16, description="kind")
    label: Texts = fields.JSONField(encoder=encode, decoder=decode)
    hint: Texts = fields.JSONField(encoder=encode, decoder=decode, default=dict)
    # [{"code": "vegan", "label": {"de": …}}] of choice and several.
    choices: list[dict[str, Any]] = fields.JSONField(
        encoder=encode, decoder=decode, default=list
    )
    required = fields.BooleanField(default=False)
    # What the answer is for, as it stands below the question.
    purpose: Texts = fields.JSONField(encoder=encode, decoder=decode)
    # Days after the end of the event until the answers are deleted.
    retention_days = fields.IntField()
    # Asked only of those who gave this answer to that question.
    condition_id: UUID | None = fields.UUIDField(null=True)
    condition_value = fields.CharField(max_length=80, default="")
    # No longer asked; the answers stay readable.
    retired_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "registration_question"
        indexes = (("event_id", "position"),)


class FormAnswer(Model):
    """What somebody answered to a question of the form."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    question: fields.ForeignKeyRelation[FormQuestion] = fields.ForeignKeyField(
        "werkraum.FormQuestion", related_name=False
    )
    question_id: UUID
    # A text, a number, true or false, a code, or a list of codes.
    value: Any = fields.JSONField(encoder=encode, decoder=decode)

    class Meta(Model.Meta):
        table = "registration_answer"
        unique_together = (("registration", "question"),)


class NeedState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    NOT_POSSIBLE = "not_possible"


class Need(Model):
    """What somebody needs to take part, and what the organiser answers."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    question: fields.ForeignKeyRelation[FormQuestion] = fields.ForeignKeyField(
        "werkraum.FormQuestion", related_name=False
    )
    question_id: UUID
    text = fields.CharField(max_length=1000)
    state = fields.CharEnumField(
        NeedState, max_length=16, default=NeedState.OPEN, description="state"
    )
    answer = fields.CharField(max_length=1000, default="")
    answered_by = fields.CharField(max_length=60, default="")
    answered_at: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "need"
        unique_together = (("registration", "question"),)


class ConsentWish(Model):
    """A consent an event asks for, one box per purpose."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    purpose = fields.CharField(max_length=40)
    text: Texts = fields.JSONField(encoder=encode, decoder=decode)
    position = fields.IntField(default=0)

    class Meta(Model.Meta):
        table = "consent_wish"
        unique_together = (("event", "purpose"),)


class Consent(Model):
    """What somebody agreed to, in which words, and when it was taken back."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    purpose = fields.CharField(max_length=40)
    text = fields.CharField(max_length=1000)
    text_hash = fields.CharField(max_length=64)
    language = fields.CharField(max_length=8)
    # Where: "form", "personal page", "desk".
    channel = fields.CharField(max_length=20)
    given_at: datetime = fields.DatetimeField()
    withdrawn_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "consent"
        indexes = (("registration_id", "purpose"),)


class Presence(StrEnum):
    """Where we know from that somebody was there."""

    DESK = "desk"
    QR = "qr"
    SELF = "self"
    ROOM = "room"
    LIST = "list"
    WALK_IN = "walk_in"


class Attendance(Model):
    """One record that somebody was there; who attended is the union of all."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    session: fields.ForeignKeyNullableRelation[Session] = fields.ForeignKeyField(
        "werkraum.Session", related_name=False, null=True
    )
    session_id: UUID | None
    source = fields.CharEnumField(Presence, max_length=8, description="source")
    # Made by the device that noted it, so that sending it twice adds nothing.
    client_key = fields.CharField(max_length=64, unique=True)
    came_at: datetime = fields.DatetimeField()
    left_at: datetime | None = fields.DatetimeField(null=True)
    recorded_at: datetime = fields.DatetimeField()
    recorded_by = fields.CharField(max_length=60)
    undone_at: datetime | None = fields.DatetimeField(null=True)
    undone_by = fields.CharField(max_length=60, default="")

    class Meta(Model.Meta):
        table = "attendance"
        indexes = (("event_id", "registration_id"),)


class HallCode(Model):
    """Which code the hall shows for checking in oneself; the next revokes it.

    Without a row it is the first one.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.OneToOneRelation[Event] = fields.OneToOneField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    generation = fields.IntField()

    class Meta(Model.Meta):
        table = "hall_code"


class GuestState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Guest(Model):
    """Somebody who was invited personally; the link is bound to the address."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    email = fields.CharField(max_length=254)
    email_key = fields.CharField(max_length=254)
    name = fields.CharField(max_length=200, default="")
    language = fields.CharField(max_length=8)
    state = fields.CharEnumField(
        GuestState, max_length=16, default=GuestState.OPEN, description="state"
    )
    generation = fields.IntField(default=1)
    token_hash = fields.CharField(max_length=64, unique=True)
    registration_id: UUID | None = fields.UUIDField(null=True)
    created_at: datetime = fields.DatetimeField()
    sent_at: datetime | None = fields.DatetimeField(null=True)
    answered_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "guest"
        unique_together = (("event", "email_key"),)


class ReminderPlan(Model):
    """That an organiser has set the reminders of an event, even to none at all.

    Without it the usual ones go out.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.OneToOneRelation[Event] = fields.OneToOneField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID

    class Meta(Model.Meta):
        table = "reminder_plan"


class ReminderRule(Model):
    """When those with a seat are reminded, and what the letter adds."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    # Whole days go by the clock of the place: the same time on the day before.
    minutes_before = fields.IntField()
    # Only those who take part this way; empty, everybody with a seat.
    mode: Mode | None = fields.CharEnumField(  # type: ignore[assignment]
        Mode, max_length=8, null=True, description="mode"
    )
    # What the organiser adds to the letter.
    text: Texts = fields.JSONField(encoder=encode, decoder=decode, default=dict)

    class Meta(Model.Meta):
        table = "reminder_rule"
        unique_together = (("event", "minutes_before", "mode"),)


class Reminded(Model):
    """That a reminder was handed to the letters, or why it was not sent.

    A moved event has another start, of which people are reminded anew.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    minutes_before = fields.IntField()
    starts_at: datetime = fields.DatetimeField()
    at: datetime = fields.DatetimeField()
    # Empty, or why it came too late: "begun", "overtaken".
    dropped = fields.CharField(max_length=16, default="")

    class Meta(Model.Meta):
        table = "reminded"
        unique_together = (("registration", "minutes_before", "starts_at"),)


class GroupLetterState(StrEnum):
    DRAFT = "draft"
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"


class GroupLetter(Model):
    """A letter of the organiser to a part of those who take part."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    subject: Texts = fields.JSONField(encoder=encode, decoder=decode)
    body: Texts = fields.JSONField(encoder=encode, decoder=decode)
    # Whom it goes to, as audiences.Audience writes it.
    audience: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)
    state = fields.CharEnumField(
        GroupLetterState,
        max_length=16,
        default=GroupLetterState.DRAFT,
        description="state",
    )
    # Given as minutes before the start it moves with the event.
    send_at: datetime | None = fields.DatetimeField(null=True)
    minutes_before: int | None = fields.IntField(null=True)
    created_by = fields.CharField(max_length=60)
    created_at: datetime = fields.DatetimeField()
    # When the organiser said that it shall go out.
    decided_at: datetime | None = fields.DatetimeField(null=True)
    # When the last copy was handed to the letters.
    finished_at: datetime | None = fields.DatetimeField(null=True)
    # Empty, or why it was stopped: "by_hand", "over", "off".
    note = fields.CharField(max_length=16, default="")
    version = fields.IntField(default=1)

    class Meta(Model.Meta):
        table = "group_letter"
        indexes = (("event_id", "created_at"), ("state", "send_at"))


class GroupLetterCopy(Model):
    """One person's copy of a group letter; there is never a second."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    letter: fields.ForeignKeyRelation[GroupLetter] = fields.ForeignKeyField(
        "werkraum.GroupLetter", related_name=False
    )
    letter_id: UUID
    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "werkraum.Registration", related_name=False
    )
    registration_id: UUID
    sent_at: datetime | None = fields.DatetimeField(null=True)
    # Empty, or why it was not sent after all: "stopped", "left", "over", "off".
    dropped = fields.CharField(max_length=16, default="")

    class Meta(Model.Meta):
        table = "group_letter_copy"
        unique_together = (("letter", "registration"),)


class FirstLetters(Model):
    """The letters of a day to an address whose owner has pressed no button yet.

    The jobs that wrote them are named, so that one tried again counts once.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    # The address as a keyed hash: this table need not know whom it protects.
    address_hash = fields.CharField(max_length=64, unique=True)
    since: datetime = fields.DatetimeField(db_index=True)
    jobs: list[str] = fields.JSONField(encoder=encode, decoder=decode, default=list)

    class Meta(Model.Meta):
        table = "first_letters"


class ImportBatch(Model):
    """A list of people that was read and waits for the organiser's yes."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    file_name = fields.CharField(max_length=200)
    # The first row, and what each column holds: "name", "email", …, or "".
    headings: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    columns: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    # How those take part whose row does not say so.
    wanted: Wanted | None = fields.CharEnumField(  # type: ignore[assignment]
        Wanted, max_length=20, null=True, description="wanted"
    )
    # None until all rows are written down.
    total: int | None = fields.IntField(null=True)
    created_by = fields.CharField(max_length=60)
    created_at: datetime = fields.DatetimeField(db_index=True)

    class Meta(Model.Meta):
        table = "import_batch"


class ImportRow(Model):
    """A line of an imported list, and what came of it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    batch: fields.ForeignKeyRelation[ImportBatch] = fields.ForeignKeyField(
        "werkraum.ImportBatch", related_name=False
    )
    batch_id: UUID
    # The line of the file, as a spreadsheet program counts them.
    line = fields.IntField()
    cells: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    # The address as it is compared, where there is one: each is taken in once.
    email_key = fields.CharField(max_length=254, default="")
    faulty = fields.BooleanField(default=False)
    chosen = fields.BooleanField(default=False)
    # Empty until it is taken in: "made", "known", or the code of a refusal.
    outcome = fields.CharField(max_length=40, default="")
    registration_id: UUID | None = fields.UUIDField(null=True, db_index=True)

    class Meta(Model.Meta):
        table = "import_row"
        unique_together = (("batch", "line"),)
        indexes = (("batch_id", "email_key"),)


class BulkDeed(Model):
    """Something done to many registrations, one after the other, by a job."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    deed = fields.CharField(max_length=16)
    # The tag, or the mode.
    value = fields.CharField(max_length=40, default="")
    registrations: list[str] = fields.JSONField(encoder=encode, decoder=decode)
    # How many of them are through, and how often it ended in which way.
    done = fields.IntField(default=0)
    outcomes: dict[str, int] = fields.JSONField(
        encoder=encode, decoder=decode, default=dict
    )
    created_by = fields.CharField(max_length=60)
    created_at: datetime = fields.DatetimeField(db_index=True)
    finished_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "bulk_deed"


class ExportState(StrEnum):
    WAITING = "waiting"
    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"
    # Somebody in it has had their data erased since.
    ERASED = "erased"


class ExportFile(Model):
    """A list of registrations that a job writes into a file, to be fetched."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "werkraum.Event", related_name=False
    )
    event_id: UUID
    # csv, xlsx or json.
    format = fields.CharField(max_length=8)
    filters: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)
    language = fields.CharField(max_length=8)
    state = fields.CharEnumField(
        ExportState, max_length=8, default=ExportState.WAITING, description="state"
    )
    total = fields.IntField()
    written = fields.IntField(default=0)
    created_by = fields.CharField(max_length=60)
    created_at: datetime = fields.DatetimeField(db_index=True)
    ready_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "export_file"


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
    # The whole form as it was understood, for sending it with another address.
    wish: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)
    created_at: datetime = fields.DatetimeField(db_index=True)

    class Meta(Model.Meta):
        table = "submission"
