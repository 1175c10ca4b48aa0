"""The first tables."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from werkraum_calendar.models import Method
from werkraum_events.models import (
    Confirmation,
    Entry,
    Kind,
    Mode,
    Promotion,
    QueueOrder,
    Status,
    new_uid,
)
from werkraum_feedback.models import RoundState
from werkraum_feedback.questions import QuestionKind
from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import JobState, LinkOrigin, Role
from werkraum_registration.models import (
    Decision,
    ExportState,
    FormQuestionKind,
    GroupLetterState,
    GuestState,
    NeedState,
    OrganisationKind,
    OrganisationSize,
    Presence,
    Source,
    State,
    Wanted,
)
from werkraum_server.operations import CreateModelChecked, Together


class Migration(migrations.Migration):
    initial = True

    operations = [
        Together(
            [
                CreateModelChecked(
                    name="AuditEntry",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        ("organiser_id", fields.UUIDField(db_index=True)),
                        ("actor", fields.CharField(max_length=60)),
                        ("action", fields.CharField(max_length=60)),
                        ("subject_id", fields.UUIDField(db_index=True)),
                        ("changes", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "audit_entry",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "Who did what to which row; persons appear as ids only.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="FirstLetters",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        ("address_hash", fields.CharField(unique=True, max_length=64)),
                        (
                            "since",
                            fields.DatetimeField(
                                db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "jobs",
                            fields.JSONField(
                                default=list, encoder=encode, decoder=decode
                            ),
                        ),
                    ],
                    options={
                        "table": "first_letters",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "The letters of a day to an address whose owner has pressed no button yet.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="IdempotencyKey",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        ("scope", fields.CharField(max_length=100)),
                        ("key_hash", fields.CharField(max_length=64)),
                        ("request_hash", fields.CharField(max_length=64)),
                        ("status", fields.IntField()),
                        ("body", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "created_at",
                            fields.DatetimeField(
                                db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "idempotency_key",
                        "app": "werkraum",
                        "unique_together": (("scope", "key_hash"),),
                        "pk_attr": "id",
                        "table_description": "The answer to a request that may come twice; commits with its effect.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Job",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        ("name", fields.CharField(max_length=100)),
                        ("args", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "dedupe",
                            fields.CharField(null=True, unique=True, max_length=200),
                        ),
                        ("organiser_id", fields.UUIDField(null=True)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=JobState.READY,
                                description="state",
                                enum_type=JobState,
                                max_length=8,
                            ),
                        ),
                        ("due", fields.BigIntField()),
                        ("leased_until", fields.BigIntField(null=True)),
                        ("attempts", fields.IntField(default=0)),
                        ("error", fields.CharField(null=True, max_length=500)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "job",
                        "app": "werkraum",
                        "indexes": [Index(fields=["state", "due"])],
                        "pk_attr": "id",
                        "table_description": "Something that must happen later, written together with its cause.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Organiser",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        ("slug", fields.CharField(unique=True, max_length=60)),
                        ("name", fields.CharField(max_length=200)),
                        ("contact", fields.CharField(max_length=254)),
                        ("imprint", fields.JSONField(encoder=encode, decoder=decode)),
                        ("privacy", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "accessibility",
                            fields.JSONField(encoder=encode, decoder=decode),
                        ),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={"table": "organiser", "app": "werkraum", "pk_attr": "id"},
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ApiKey",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "organiser",
                            fields.ForeignKeyField(
                                "werkraum.Organiser",
                                source_field="organiser_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("key_hash", fields.CharField(unique=True, max_length=64)),
                        ("last_four", fields.CharField(max_length=4)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "expires_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "revoked_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "api_key",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "A key of an organiser's program; only its hash is stored.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Organisation",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "organiser",
                            fields.ForeignKeyField(
                                "werkraum.Organiser",
                                source_field="organiser_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("name", fields.CharField(max_length=200)),
                        ("name_key", fields.CharField(max_length=200)),
                        (
                            "kind",
                            fields.CharEnumField(
                                null=True,
                                description="kind",
                                enum_type=OrganisationKind,
                                max_length=16,
                            ),
                        ),
                        (
                            "size",
                            fields.CharEnumField(
                                null=True,
                                description="size",
                                enum_type=OrganisationSize,
                                max_length=8,
                            ),
                        ),
                        ("region", fields.CharField(default="", max_length=100)),
                        (
                            "partner_towns",
                            fields.JSONField(
                                default=list, encoder=encode, decoder=decode
                            ),
                        ),
                        ("suggested", fields.BooleanField(default=False)),
                        ("merged_into_id", fields.UUIDField(null=True)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "organisation",
                        "app": "werkraum",
                        "unique_together": (("organiser", "name_key"),),
                        "pk_attr": "id",
                        "table_description": "Where attendees come from: a municipality, an association, a school.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Person",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        ("name", fields.CharField(max_length=200)),
                        ("email", fields.CharField(max_length=254)),
                        ("email_key", fields.CharField(unique=True, max_length=254)),
                        ("language", fields.CharField(null=True, max_length=8)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={"table": "person", "app": "werkraum", "pk_attr": "id"},
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "person",
                            fields.ForeignKeyField(
                                "werkraum.Person",
                                source_field="person_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "organiser",
                            fields.ForeignKeyField(
                                "werkraum.Organiser",
                                source_field="organiser_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "role",
                            fields.CharEnumField(
                                description="role", enum_type=Role, max_length=16
                            ),
                        ),
                    ],
                    options={
                        "table": "membership",
                        "app": "werkraum",
                        "unique_together": (("person", "organiser"),),
                        "pk_attr": "id",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Series",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "organiser",
                            fields.ForeignKeyField(
                                "werkraum.Organiser",
                                source_field="organiser_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("slug", fields.CharField(unique=True, max_length=80)),
                        ("title", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "series",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "Events that belong together, like the forums of one year.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Event",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "organiser",
                            fields.ForeignKeyField(
                                "werkraum.Organiser",
                                source_field="organiser_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("slug", fields.CharField(unique=True, max_length=80)),
                        (
                            "series",
                            fields.ForeignKeyField(
                                "werkraum.Series",
                                source_field="series_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="kind", enum_type=Kind, max_length=16
                            ),
                        ),
                        (
                            "status",
                            fields.CharEnumField(
                                default=Status.DRAFT,
                                description="status",
                                enum_type=Status,
                                max_length=16,
                            ),
                        ),
                        ("title", fields.JSONField(encoder=encode, decoder=decode)),
                        ("summary", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "description",
                            fields.JSONField(encoder=encode, decoder=decode),
                        ),
                        (
                            "starts_at",
                            fields.DatetimeField(
                                db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "ends_at",
                            fields.DatetimeField(
                                db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("timezone", fields.CharField(max_length=64)),
                        ("onsite", fields.BooleanField(default=False)),
                        ("place_name", fields.CharField(default="", max_length=200)),
                        ("place_address", fields.CharField(default="", max_length=300)),
                        ("online", fields.BooleanField(default=False)),
                        ("online_link", fields.CharField(default="", max_length=500)),
                        ("dial_in", fields.CharField(default="", max_length=300)),
                        (
                            "registration_opens_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "registration_closes_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "confirmation",
                            fields.CharEnumField(
                                default=Confirmation.DOUBLE_OPT_IN,
                                description="confirmation",
                                enum_type=Confirmation,
                                max_length=16,
                            ),
                        ),
                        ("waiting_list", fields.BooleanField(default=True)),
                        (
                            "promotion",
                            fields.CharEnumField(
                                default=Promotion.OFFER,
                                description="promotion",
                                enum_type=Promotion,
                                max_length=16,
                            ),
                        ),
                        ("offer_hours", fields.IntField(default=20)),
                        (
                            "queue_order",
                            fields.CharEnumField(
                                default=QueueOrder.STRICT,
                                description="order",
                                enum_type=QueueOrder,
                                max_length=16,
                            ),
                        ),
                        ("largest_party", fields.IntField(default=1)),
                        ("approval", fields.BooleanField(default=False)),
                        ("approval_again", fields.BooleanField(default=False)),
                        (
                            "entry",
                            fields.CharEnumField(
                                default=Entry.OPEN,
                                description="entry",
                                enum_type=Entry,
                                max_length=16,
                            ),
                        ),
                        ("entry_code", fields.CharField(default="", max_length=64)),
                        ("self_check_in", fields.BooleanField(default=False)),
                        ("version", fields.IntField(default=1)),
                        (
                            "uid",
                            fields.CharField(
                                default=new_uid, unique=True, max_length=64
                            ),
                        ),
                        ("sequence", fields.IntField(default=0)),
                        (
                            "revised_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "previous_starts_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "published_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "cancelled_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "cancel_reason",
                            fields.JSONField(encoder=encode, decoder=decode),
                        ),
                    ],
                    options={
                        "table": "event",
                        "app": "werkraum",
                        "indexes": [Index(fields=["organiser_id", "starts_at"])],
                        "pk_attr": "id",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="BulkDeed",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("deed", fields.CharField(max_length=16)),
                        ("value", fields.CharField(default="", max_length=40)),
                        (
                            "registrations",
                            fields.JSONField(encoder=encode, decoder=decode),
                        ),
                        ("done", fields.IntField(default=0)),
                        (
                            "outcomes",
                            fields.JSONField(
                                default=dict, encoder=encode, decoder=decode
                            ),
                        ),
                        ("created_by", fields.CharField(max_length=60)),
                        (
                            "created_at",
                            fields.DatetimeField(
                                db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "finished_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "bulk_deed",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "Something done to many registrations, one after the other, by a job.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ConsentWish",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("purpose", fields.CharField(max_length=40)),
                        ("text", fields.JSONField(encoder=encode, decoder=decode)),
                        ("position", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "consent_wish",
                        "app": "werkraum",
                        "unique_together": (("event", "purpose"),),
                        "pk_attr": "id",
                        "table_description": "A consent an event asks for, one box per purpose.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ExportFile",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("format", fields.CharField(max_length=8)),
                        ("filters", fields.JSONField(encoder=encode, decoder=decode)),
                        ("language", fields.CharField(max_length=8)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=ExportState.WAITING,
                                description="state",
                                enum_type=ExportState,
                                max_length=8,
                            ),
                        ),
                        ("total", fields.IntField()),
                        ("written", fields.IntField(default=0)),
                        ("created_by", fields.CharField(max_length=60)),
                        (
                            "created_at",
                            fields.DatetimeField(
                                db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "ready_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "export_file",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "A list of registrations that a job writes into a file, to be fetched.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="FormQuestion",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("position", fields.IntField()),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="kind",
                                enum_type=FormQuestionKind,
                                max_length=16,
                            ),
                        ),
                        ("label", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "hint",
                            fields.JSONField(
                                default=dict, encoder=encode, decoder=decode
                            ),
                        ),
                        (
                            "choices",
                            fields.JSONField(
                                default=list, encoder=encode, decoder=decode
                            ),
                        ),
                        ("required", fields.BooleanField(default=False)),
                        ("purpose", fields.JSONField(encoder=encode, decoder=decode)),
                        ("retention_days", fields.IntField()),
                        ("condition_id", fields.UUIDField(null=True)),
                        (
                            "condition_value",
                            fields.CharField(default="", max_length=80),
                        ),
                        (
                            "retired_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "registration_question",
                        "app": "werkraum",
                        "indexes": [Index(fields=["event_id", "position"])],
                        "pk_attr": "id",
                        "table_description": "What an event asks beyond name and address, and for how long it is kept.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="GroupLetter",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("subject", fields.JSONField(encoder=encode, decoder=decode)),
                        ("body", fields.JSONField(encoder=encode, decoder=decode)),
                        ("audience", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=GroupLetterState.DRAFT,
                                description="state",
                                enum_type=GroupLetterState,
                                max_length=16,
                            ),
                        ),
                        (
                            "send_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("minutes_before", fields.IntField(null=True)),
                        ("created_by", fields.CharField(max_length=60)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "decided_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "finished_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("note", fields.CharField(default="", max_length=16)),
                        ("version", fields.IntField(default=1)),
                    ],
                    options={
                        "table": "group_letter",
                        "app": "werkraum",
                        "indexes": [
                            Index(fields=["event_id", "created_at"]),
                            Index(fields=["state", "send_at"]),
                        ],
                        "pk_attr": "id",
                        "table_description": "A letter of the organiser to a part of those who take part.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Guest",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("email", fields.CharField(max_length=254)),
                        ("email_key", fields.CharField(max_length=254)),
                        ("name", fields.CharField(default="", max_length=200)),
                        ("language", fields.CharField(max_length=8)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=GuestState.OPEN,
                                description="state",
                                enum_type=GuestState,
                                max_length=16,
                            ),
                        ),
                        ("generation", fields.IntField(default=1)),
                        ("token_hash", fields.CharField(unique=True, max_length=64)),
                        ("registration_id", fields.UUIDField(null=True)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "sent_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "answered_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "guest",
                        "app": "werkraum",
                        "unique_together": (("event", "email_key"),),
                        "pk_attr": "id",
                        "table_description": "Somebody who was invited personally; the link is bound to the address.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="HallCode",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.OneToOneField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("generation", fields.IntField()),
                    ],
                    options={
                        "table": "hall_code",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "Which code the hall shows for checking in oneself; the next revokes it.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ImportBatch",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("file_name", fields.CharField(max_length=200)),
                        ("headings", fields.JSONField(encoder=encode, decoder=decode)),
                        ("columns", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "wanted",
                            fields.CharEnumField(
                                null=True,
                                description="wanted",
                                enum_type=Wanted,
                                max_length=20,
                            ),
                        ),
                        ("total", fields.IntField(null=True)),
                        ("created_by", fields.CharField(max_length=60)),
                        (
                            "created_at",
                            fields.DatetimeField(
                                db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "import_batch",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "A list of people that was read and waits for the organiser's yes.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ImportRow",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "batch",
                            fields.ForeignKeyField(
                                "werkraum.ImportBatch",
                                source_field="batch_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("line", fields.IntField()),
                        ("cells", fields.JSONField(encoder=encode, decoder=decode)),
                        ("email_key", fields.CharField(default="", max_length=254)),
                        ("faulty", fields.BooleanField(default=False)),
                        ("chosen", fields.BooleanField(default=False)),
                        ("outcome", fields.CharField(default="", max_length=40)),
                        ("registration_id", fields.UUIDField(null=True, db_index=True)),
                    ],
                    options={
                        "table": "import_row",
                        "app": "werkraum",
                        "unique_together": (("batch", "line"),),
                        "indexes": [Index(fields=["batch_id", "email_key"])],
                        "pk_attr": "id",
                        "table_description": "A line of an imported list, and what came of it.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        ("registration_id", fields.UUIDField(unique=True)),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("organizer", fields.CharField(unique=True, max_length=254)),
                        ("sequence_offset", fields.IntField(default=0)),
                        (
                            "method",
                            fields.CharEnumField(
                                description="method", enum_type=Method, max_length=8
                            ),
                        ),
                        (
                            "mode",
                            fields.CharEnumField(
                                description="mode", enum_type=Mode, max_length=8
                            ),
                        ),
                        ("generation", fields.IntField(default=1)),
                        (
                            "sent_method",
                            fields.CharEnumField(
                                null=True,
                                description="method",
                                enum_type=Method,
                                max_length=8,
                            ),
                        ),
                        ("sent_sequence", fields.IntField(null=True)),
                        (
                            "sent_revised_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "sent_starts_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "sent_ends_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("sent_timezone", fields.CharField(null=True, max_length=64)),
                        ("sent_place", fields.CharField(null=True, max_length=510)),
                        (
                            "first_message_id",
                            fields.CharField(null=True, max_length=255),
                        ),
                    ],
                    options={
                        "table": "invitation",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "The calendar item of one attendee: UID and ORGANIZER for life.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ReminderPlan",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.OneToOneField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                    ],
                    options={
                        "table": "reminder_plan",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "That an organiser has set the reminders of an event, even to none at all.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ReminderRule",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("minutes_before", fields.IntField()),
                        (
                            "mode",
                            fields.CharEnumField(
                                null=True,
                                description="mode",
                                enum_type=Mode,
                                max_length=8,
                            ),
                        ),
                        (
                            "text",
                            fields.JSONField(
                                default=dict, encoder=encode, decoder=decode
                            ),
                        ),
                    ],
                    options={
                        "table": "reminder_rule",
                        "app": "werkraum",
                        "unique_together": (("event", "minutes_before", "mode"),),
                        "pk_attr": "id",
                        "table_description": "When those with a seat are reminded, and what the letter adds.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Room",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.OneToOneField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("slug", fields.CharField(unique=True, max_length=64)),
                        ("lead_minutes", fields.IntField(default=15)),
                        ("grace_minutes", fields.IntField(default=60)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "room",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "A video meeting of an event; it opens and closes with the event's times.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Round",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("title", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=RoundState.DRAFT,
                                description="state",
                                enum_type=RoundState,
                                max_length=8,
                            ),
                        ),
                        ("invited", fields.IntField(default=0)),
                        ("salt", fields.CharField(max_length=32)),
                        (
                            "opened_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "closes_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "closed_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "letters_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "round",
                        "app": "werkraum",
                        "indexes": [Index(fields=["event_id"])],
                        "pk_attr": "id",
                        "table_description": "One collection of feedback with questions; anonymous by ballot.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Ballot",
                    fields=[
                        (
                            "token_hash",
                            fields.CharField(
                                primary_key=True,
                                unique=True,
                                db_index=True,
                                max_length=64,
                            ),
                        ),
                        (
                            "round",
                            fields.ForeignKeyField(
                                "werkraum.Round",
                                source_field="round_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("used", fields.BooleanField(default=False)),
                    ],
                    options={
                        "table": "ballot",
                        "app": "werkraum",
                        "pk_attr": "token_hash",
                        "table_description": "The one-time right to answer: the hash of its token and whether it is used.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="QuestionRow",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "round",
                            fields.ForeignKeyField(
                                "werkraum.Round",
                                source_field="round_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("position", fields.IntField()),
                        ("code", fields.CharField(max_length=8)),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="kind", enum_type=QuestionKind, max_length=8
                            ),
                        ),
                        ("asked", fields.BooleanField(default=True)),
                        ("text", fields.JSONField(encoder=encode, decoder=decode)),
                        ("hint", fields.JSONField(encoder=encode, decoder=decode)),
                        ("options", fields.JSONField(encoder=encode, decoder=decode)),
                        ("poles", fields.JSONField(encoder=encode, decoder=decode)),
                    ],
                    options={
                        "table": "question",
                        "app": "werkraum",
                        "unique_together": (("round", "code"),),
                        "pk_attr": "id",
                        "table_description": "A question as stored; frozen once the round is open.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ResponseRow",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid4,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "round",
                            fields.ForeignKeyField(
                                "werkraum.Round",
                                source_field="round_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                    ],
                    options={
                        "table": "response",
                        "app": "werkraum",
                        "indexes": [Index(fields=["round_id"])],
                        "pk_attr": "id",
                        "table_description": "What one person answered, without a trace of who or when.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="AnswerRow",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid4,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "response",
                            fields.ForeignKeyField(
                                "werkraum.ResponseRow",
                                source_field="response_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "question",
                            fields.ForeignKeyField(
                                "werkraum.QuestionRow",
                                source_field="question_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("number", fields.IntField(null=True)),
                        (
                            "codes",
                            fields.JSONField(null=True, encoder=encode, decoder=decode),
                        ),
                        ("text", fields.TextField(null=True, unique=False)),
                    ],
                    options={
                        "table": "answer",
                        "app": "werkraum",
                        "unique_together": (("response", "question"),),
                        "pk_attr": "id",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Session",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("title", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "description",
                            fields.JSONField(encoder=encode, decoder=decode),
                        ),
                        ("speakers", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "starts_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "ends_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        ("bookable", fields.BooleanField(default=False)),
                        (
                            "uid",
                            fields.CharField(
                                default=new_uid, unique=True, max_length=64
                            ),
                        ),
                    ],
                    options={
                        "table": "session",
                        "app": "werkraum",
                        "indexes": [Index(fields=["event_id", "starts_at"])],
                        "pk_attr": "id",
                        "table_description": "A programme item inside an event.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="SeatPool",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "session",
                            fields.ForeignKeyField(
                                "werkraum.Session",
                                source_field="session_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "mode",
                            fields.CharEnumField(
                                null=True,
                                description="mode",
                                enum_type=Mode,
                                max_length=8,
                            ),
                        ),
                        ("seats", fields.IntField(null=True)),
                        ("taken", fields.IntField(default=0)),
                        ("demand", fields.IntField(default=0)),
                        ("unconfirmed", fields.IntField(default=0)),
                        ("issued", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "seat_pool",
                        "app": "werkraum",
                        "constraints": [
                            CheckConstraint(
                                check="0 <= taken AND taken <= demand AND (seats IS NULL OR taken <= seats) AND 0 <= unconfirmed AND unconfirmed <= taken AND (mode IS NULL OR session_id IS NULL)",
                                name="seat_pool_counts",
                            )
                        ],
                        "indexes": [Index(fields=["event_id", "mode"])],
                        "pk_attr": "id",
                        "table_description": "A limit: of one mode of an event, of the whole event, or of a session.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Registration",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "pool",
                            fields.ForeignKeyField(
                                "werkraum.SeatPool",
                                source_field="pool_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "mode",
                            fields.CharEnumField(
                                description="mode", enum_type=Mode, max_length=8
                            ),
                        ),
                        (
                            "wanted",
                            fields.CharEnumField(
                                description="wanted", enum_type=Wanted, max_length=20
                            ),
                        ),
                        ("seats", fields.IntField(default=1)),
                        (
                            "companions",
                            fields.JSONField(
                                default=list, encoder=encode, decoder=decode
                            ),
                        ),
                        ("name", fields.CharField(max_length=200)),
                        ("email", fields.CharField(max_length=254)),
                        ("email_key", fields.CharField(max_length=254)),
                        ("language", fields.CharField(max_length=8)),
                        (
                            "organisation",
                            fields.ForeignKeyField(
                                "werkraum.Organisation",
                                source_field="organisation_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                        ("named_organisation_id", fields.UUIDField(null=True)),
                        (
                            "state",
                            fields.CharEnumField(
                                description="state", enum_type=State, max_length=16
                            ),
                        ),
                        ("holds_seat", fields.BooleanField()),
                        (
                            "source",
                            fields.CharEnumField(
                                default=Source.FORM,
                                description="source",
                                enum_type=Source,
                                max_length=16,
                            ),
                        ),
                        ("batch_id", fields.UUIDField(null=True, db_index=True)),
                        ("generation", fields.IntField(default=1)),
                        ("confirm_hash", fields.CharField(unique=True, max_length=64)),
                        ("manage_hash", fields.CharField(unique=True, max_length=64)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "confirmed_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "vouched_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "approved_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "decision",
                            fields.CharEnumField(
                                null=True,
                                description="decision",
                                enum_type=Decision,
                                max_length=8,
                            ),
                        ),
                        (
                            "ended_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("ended_by", fields.CharField(default="", max_length=60)),
                        ("note", fields.CharField(default="", max_length=500)),
                    ],
                    options={
                        "table": "registration",
                        "app": "werkraum",
                        "indexes": [
                            Index(fields=["event_id", "state"]),
                            Index(fields=["pool_id", "state"]),
                            Index(fields=["state", "created_at"]),
                            Index(fields=["email_key", "event_id"]),
                            Index(fields=["event_id", "id"]),
                            Index(fields=["organisation_id"]),
                        ],
                        "pk_attr": "id",
                        "table_description": "One attendee at one event, or a party that takes several seats.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="AddressChange",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("email", fields.CharField(max_length=254)),
                        ("token_hash", fields.CharField(unique=True, max_length=64)),
                        (
                            "created_at",
                            fields.DatetimeField(
                                db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "confirmed_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "address_change",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "Another address somebody has entered; after its owner's button, the one left.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Attendance",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "session",
                            fields.ForeignKeyField(
                                "werkraum.Session",
                                source_field="session_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "source",
                            fields.CharEnumField(
                                description="source", enum_type=Presence, max_length=8
                            ),
                        ),
                        ("client_key", fields.CharField(unique=True, max_length=64)),
                        (
                            "came_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "left_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "recorded_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        ("recorded_by", fields.CharField(max_length=60)),
                        (
                            "undone_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("undone_by", fields.CharField(default="", max_length=60)),
                    ],
                    options={
                        "table": "attendance",
                        "app": "werkraum",
                        "indexes": [Index(fields=["event_id", "registration_id"])],
                        "pk_attr": "id",
                        "table_description": "One record that somebody was there; who attended is the union of all.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Booking",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "pool",
                            fields.ForeignKeyField(
                                "werkraum.SeatPool",
                                source_field="pool_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("holds_seat", fields.BooleanField(default=False)),
                    ],
                    options={
                        "table": "booking",
                        "app": "werkraum",
                        "unique_together": (("registration", "pool"),),
                        "indexes": [Index(fields=["pool_id", "holds_seat"])],
                        "pk_attr": "id",
                        "table_description": "A session somebody chose; without a seat there, a wish stands beside it.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("purpose", fields.CharField(max_length=40)),
                        ("text", fields.CharField(max_length=1000)),
                        ("text_hash", fields.CharField(max_length=64)),
                        ("language", fields.CharField(max_length=8)),
                        ("channel", fields.CharField(max_length=20)),
                        (
                            "given_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "withdrawn_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "consent",
                        "app": "werkraum",
                        "indexes": [Index(fields=["registration_id", "purpose"])],
                        "pk_attr": "id",
                        "table_description": "What somebody agreed to, in which words, and when it was taken back.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="FormAnswer",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "question",
                            fields.ForeignKeyField(
                                "werkraum.FormQuestion",
                                source_field="question_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("value", fields.JSONField(encoder=encode, decoder=decode)),
                    ],
                    options={
                        "table": "registration_answer",
                        "app": "werkraum",
                        "unique_together": (("registration", "question"),),
                        "pk_attr": "id",
                        "table_description": "What somebody answered to a question of the form.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="GroupLetterCopy",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "letter",
                            fields.ForeignKeyField(
                                "werkraum.GroupLetter",
                                source_field="letter_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "sent_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("dropped", fields.CharField(default="", max_length=16)),
                    ],
                    options={
                        "table": "group_letter_copy",
                        "app": "werkraum",
                        "unique_together": (("letter", "registration"),),
                        "pk_attr": "id",
                        "table_description": "One person's copy of a group letter; there is never a second.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Need",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "question",
                            fields.ForeignKeyField(
                                "werkraum.FormQuestion",
                                source_field="question_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("text", fields.CharField(max_length=1000)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=NeedState.OPEN,
                                description="state",
                                enum_type=NeedState,
                                max_length=16,
                            ),
                        ),
                        ("answer", fields.CharField(default="", max_length=1000)),
                        ("answered_by", fields.CharField(default="", max_length=60)),
                        (
                            "answered_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "need",
                        "app": "werkraum",
                        "unique_together": (("registration", "question"),),
                        "pk_attr": "id",
                        "table_description": "What somebody needs to take part, and what the organiser answers.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="RegistrationTag",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("tag", fields.CharField(max_length=40)),
                    ],
                    options={
                        "table": "registration_tag",
                        "app": "werkraum",
                        "unique_together": (("registration", "tag"),),
                        "pk_attr": "id",
                        "table_description": "A word organisers put on registrations, to find and write to them.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Reminded",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("minutes_before", fields.IntField()),
                        (
                            "starts_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        ("dropped", fields.CharField(default="", max_length=16)),
                    ],
                    options={
                        "table": "reminded",
                        "app": "werkraum",
                        "unique_together": (
                            ("registration", "minutes_before", "starts_at"),
                        ),
                        "pk_attr": "id",
                        "table_description": "That a reminder was handed to the letters, or why it was not sent.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="SignIn",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "person",
                            fields.ForeignKeyField(
                                "werkraum.Person",
                                source_field="person_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("organiser_id", fields.UUIDField(null=True)),
                        ("token_hash", fields.CharField(unique=True, max_length=64)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "seen_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "sign_in",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "What a signed-in browser has; gone as soon as the row is.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="SignInLink",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "person",
                            fields.ForeignKeyField(
                                "werkraum.Person",
                                source_field="person_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "origin",
                            fields.CharEnumField(
                                description="origin", enum_type=LinkOrigin, max_length=8
                            ),
                        ),
                        ("token_hash", fields.CharField(unique=True, max_length=64)),
                        ("code_hash", fields.CharField(null=True, max_length=64)),
                        ("browser_hash", fields.CharField(null=True, max_length=64)),
                        ("tries", fields.IntField(default=0)),
                        (
                            "expires_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "used_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "sign_in_link",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "A link to sign in, once, with the code for another browser.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Submission",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        ("key_hash", fields.CharField(unique=True, max_length=64)),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("registration_id", fields.UUIDField(null=True)),
                        ("name", fields.CharField(max_length=200)),
                        ("email", fields.CharField(max_length=254)),
                        ("wish", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "created_at",
                            fields.DatetimeField(
                                db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "submission",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "A form that was sent, for the page that says what comes next.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Topic",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "organiser",
                            fields.ForeignKeyField(
                                "werkraum.Organiser",
                                source_field="organiser_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("slug", fields.CharField(max_length=60)),
                        ("name", fields.JSONField(encoder=encode, decoder=decode)),
                    ],
                    options={
                        "table": "topic",
                        "app": "werkraum",
                        "unique_together": (("organiser", "slug"),),
                        "pk_attr": "id",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="EventTopic",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "topic",
                            fields.ForeignKeyField(
                                "werkraum.Topic",
                                source_field="topic_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                    ],
                    options={
                        "table": "event_topic",
                        "app": "werkraum",
                        "unique_together": (("event", "topic"),),
                        "pk_attr": "id",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Wish",
                    fields=[
                        (
                            "id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid7,
                                unique=True,
                                db_index=True,
                            ),
                        ),
                        (
                            "registration",
                            fields.ForeignKeyField(
                                "werkraum.Registration",
                                source_field="registration_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "pool",
                            fields.ForeignKeyField(
                                "werkraum.SeatPool",
                                source_field="pool_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("number", fields.IntField()),
                        ("seats", fields.IntField(default=1)),
                        ("priority", fields.IntField(default=0)),
                        (
                            "queued_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        ("lapses", fields.IntField(default=0)),
                        (
                            "offered_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "offered_until",
                            fields.DatetimeField(
                                null=True,
                                db_index=True,
                                auto_now=False,
                                auto_now_add=False,
                            ),
                        ),
                    ],
                    options={
                        "table": "wish",
                        "app": "werkraum",
                        "unique_together": (
                            ("registration", "pool"),
                            ("pool", "number"),
                        ),
                        "indexes": [
                            Index(fields=["pool_id", "priority", "queued_at", "number"])
                        ],
                        "pk_attr": "id",
                        "table_description": "A place in the queue of a pool, with or without an offer that holds a seat.",
                    },
                    bases=["Model"],
                ),
                # One registration per person and event, and again after it has ended.
            ]
        ),
        ops.RunSQL(
            "CREATE UNIQUE INDEX registration_active ON registration"
            " (event_id, email_key) WHERE state NOT IN ('cancelled', 'expired', 'rejected')",
            "DROP INDEX registration_active",
        ),
        # One pool for each limit: two empty columns are the same here.
        ops.RunSQL(
            "CREATE UNIQUE INDEX seat_pool_of ON seat_pool"
            " (event_id, coalesce(CAST(session_id AS text), ''), coalesce(mode, ''))",
            "DROP INDEX seat_pool_of",
        ),
    ]
