"""Tables of people and access, the outbox, and what repeats safely."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7

# Text per language: {"de": "…", "en": "…"}.
Texts = dict[str, str]


class Role(StrEnum):
    """What a member may do for an organiser; each includes those below."""

    OWNER = "owner"
    MANAGER = "manager"
    HOST = "host"
    READER = "reader"


class JobState(StrEnum):
    READY = "ready"
    DEAD = "dead"


class LinkOrigin(StrEnum):
    """Where a sign-in link came from, which decides how it is bound."""

    LETTER = "letter"
    COMMAND = "command"


class Organiser(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    slug = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=200)
    contact = fields.CharField(max_length=254)
    imprint: Texts = fields.JSONField(encoder=encode, decoder=decode)
    privacy: Texts = fields.JSONField(encoder=encode, decoder=decode)
    accessibility: Texts = fields.JSONField(encoder=encode, decoder=decode)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "organiser"


class Person(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254)
    # The address as it is compared: folded, the domain in its ASCII form.
    email_key = fields.CharField(max_length=254, unique=True)
    language = fields.CharField(max_length=8, null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "person"


class Membership(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "werkraum.Person", related_name=False
    )
    person_id: UUID
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    role = fields.CharEnumField(Role, max_length=16, description="role")

    class Meta(Model.Meta):
        table = "membership"
        unique_together = (("person", "organiser"),)


class ApiKey(Model):
    """A key of an organiser's program; only its hash is stored."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser: fields.ForeignKeyRelation[Organiser] = fields.ForeignKeyField(
        "werkraum.Organiser", related_name=False
    )
    organiser_id: UUID
    key_hash = fields.CharField(max_length=64, unique=True)
    last_four = fields.CharField(max_length=4)
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "api_key"


class SignInLink(Model):
    """A link to sign in, once, with the code for another browser."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "werkraum.Person", related_name=False
    )
    person_id: UUID
    origin = fields.CharEnumField(LinkOrigin, max_length=8, description="origin")
    token_hash = fields.CharField(max_length=64, unique=True)
    code_hash = fields.CharField(max_length=64, null=True)
    browser_hash = fields.CharField(max_length=64, null=True)
    tries = fields.IntField(default=0)
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "sign_in_link"


class SignIn(Model):
    """What a signed-in browser has; gone as soon as the row is."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "werkraum.Person", related_name=False
    )
    person_id: UUID
    # For whom the person works right now; a person may belong to several.
    organiser_id: UUID | None = fields.UUIDField(null=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    created_at: datetime = fields.DatetimeField()
    seen_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "sign_in"


class Job(Model):
    """Something that must happen later, written together with its cause."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=100)
    args: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)  # JSON
    # Two jobs with one key are one job, as long as the first is not done.
    dedupe = fields.CharField(max_length=200, null=True, unique=True)
    organiser_id: UUID | None = fields.UUIDField(null=True)
    state = fields.CharEnumField(
        JobState, max_length=8, default=JobState.READY, description="state"
    )
    # Milliseconds since the epoch: when to begin, and until when somebody has it.
    due = fields.BigIntField()
    leased_until = fields.BigIntField(null=True)
    attempts = fields.IntField(default=0)
    error = fields.CharField(max_length=500, null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "job"
        indexes = (("state", "due"),)


class IdempotencyKey(Model):
    """The answer to a request that may come twice; commits with its effect."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    scope = fields.CharField(max_length=100)
    key_hash = fields.CharField(max_length=64)
    request_hash = fields.CharField(max_length=64)
    status = fields.IntField()
    body: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)  # JSON
    created_at: datetime = fields.DatetimeField(db_index=True)

    class Meta(Model.Meta):
        table = "idempotency_key"
        unique_together = (("scope", "key_hash"),)


class AuditEntry(Model):
    """Who did what to which row; persons appear as ids only."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    organiser_id: UUID = fields.UUIDField(db_index=True)
    actor = fields.CharField(max_length=60)
    action = fields.CharField(max_length=60)
    subject_id: UUID = fields.UUIDField(db_index=True)
    changes: dict[str, Any] = fields.JSONField(encoder=encode, decoder=decode)  # JSON
    at: datetime = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "audit_entry"
