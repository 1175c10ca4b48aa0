"""From rounds of feedback to statements, themes, the report, and what follows."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from werkraum_feedback.follow_up_models import (
    ContactState,
    PledgeForm,
    PledgeState,
    PracticeState,
    ReplyState,
)
from werkraum_feedback.models import Audience, Channel, Naming, RoundKind
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.report_models import PassageKind, ReportState
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    StatementKind,
    StatementSource,
    StatementState,
    ThemeState,
)
from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_registration.models import OrganisationKind, OrganisationSize
from werkraum_server.operations import AlterColumn, CreateModelChecked, Together


class Migration(migrations.Migration):
    dependencies = [("werkraum", "0001_initial")]

    initial = False

    operations = [
        Together(
            [
                CreateModelChecked(
                    name="CodebookDeed",
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
                        ("occasion_id", fields.UUIDField(null=True)),
                        ("actor", fields.CharField(max_length=60)),
                        ("action", fields.CharField(max_length=60)),
                        ("before", fields.JSONField(encoder=encode, decoder=decode)),
                        ("after", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "undone_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "codebook_deed",
                        "app": "werkraum",
                        "indexes": [Index(fields=["organiser_id", "actor"])],
                        "pk_attr": "id",
                        "table_description": "A change of codings or themes as it can be taken back.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ContactWish",
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
                        ("seeks", fields.CharField(default="", max_length=500)),
                        ("offers", fields.CharField(default="", max_length=500)),
                        ("themes", fields.JSONField(encoder=encode, decoder=decode)),
                        ("countries", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "contact_wish",
                        "app": "werkraum",
                        "unique_together": (("registration",),),
                        "indexes": [Index(fields=["event_id"])],
                        "pk_attr": "id",
                        "table_description": "What somebody seeks and offers, for suggestions of whom to talk to.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Contact",
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
                            "one",
                            fields.ForeignKeyField(
                                "werkraum.ContactWish",
                                source_field="one_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "other",
                            fields.ForeignKeyField(
                                "werkraum.ContactWish",
                                source_field="other_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("reasons", fields.JSONField(encoder=encode, decoder=decode)),
                        ("one_says", fields.BooleanField(null=True)),
                        ("other_says", fields.BooleanField(null=True)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=ContactState.SUGGESTED,
                                description="state",
                                enum_type=ContactState,
                                max_length=16,
                            ),
                        ),
                        (
                            "suggested_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "expires_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "agreed_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "talk_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("talk_minutes", fields.IntField(default=30)),
                        ("talk_room", fields.CharField(default="", max_length=64)),
                        ("talk_sequence", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "contact",
                        "app": "werkraum",
                        "unique_together": (("one", "other"),),
                        "pk_attr": "id",
                        "table_description": "Two people who might talk; addresses are given only after two yeses.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Invitee",
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
                        ("name", fields.CharField(default="", max_length=200)),
                        ("email", fields.CharField(max_length=254)),
                        ("email_key", fields.CharField(max_length=254)),
                        ("language", fields.CharField(max_length=8)),
                    ],
                    options={
                        "table": "invitee",
                        "app": "werkraum",
                        "unique_together": (("round", "email_key"),),
                        "pk_attr": "id",
                        "table_description": "Somebody a round of the network asks; forgotten when it is closed.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Material",
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
                        ("title", fields.JSONField(encoder=encode, decoder=decode)),
                        ("link", fields.CharField(max_length=500)),
                        ("version", fields.IntField(default=1)),
                        ("news", fields.JSONField(encoder=encode, decoder=decode)),
                        ("public", fields.BooleanField(default=True)),
                        (
                            "updated_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "material",
                        "app": "werkraum",
                        "indexes": [Index(fields=["event_id", "position"])],
                        "pk_attr": "id",
                        "table_description": "A link that belongs to an event: slides, a handbook, a recording.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="RedeemedToken",
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
                    ],
                    options={
                        "table": "redeemed_token",
                        "app": "werkraum",
                        "pk_attr": "token_hash",
                        "table_description": "A blindly signed token that has answered: its hash, so that it answers once.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Report",
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
                        ("number", fields.IntField()),
                        ("language", fields.CharField(max_length=8)),
                        ("title", fields.CharField(max_length=300)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=ReportState.DRAFT,
                                description="state",
                                enum_type=ReportState,
                                max_length=16,
                            ),
                        ),
                        ("change_note", fields.CharField(default="", max_length=1000)),
                        ("written_by", fields.CharField(max_length=60)),
                        ("checked_by", fields.CharField(default="", max_length=60)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "checked_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "published_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("content_hash", fields.CharField(default="", max_length=64)),
                        ("version", fields.IntField(default=1)),
                    ],
                    options={
                        "table": "report",
                        "app": "werkraum",
                        "unique_together": (("event", "language", "number"),),
                        "pk_attr": "id",
                        "table_description": "One version of an event's report in one language.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Passage",
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
                            "report",
                            fields.ForeignKeyField(
                                "werkraum.Report",
                                source_field="report_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("section", fields.CharField(max_length=32)),
                        ("position", fields.IntField()),
                        (
                            "kind",
                            fields.CharEnumField(
                                default=PassageKind.PARAGRAPH,
                                description="kind",
                                enum_type=PassageKind,
                                max_length=16,
                            ),
                        ),
                        ("text", fields.TextField(unique=False)),
                        ("drafted", fields.TextField(unique=False)),
                        ("evidence", fields.JSONField(encoder=encode, decoder=decode)),
                        ("data", fields.JSONField(encoder=encode, decoder=decode)),
                    ],
                    options={
                        "table": "passage",
                        "app": "werkraum",
                        "indexes": [Index(fields=["report_id", "position"])],
                        "pk_attr": "id",
                        "table_description": "A sentence, quote, table or picture of a report, with what carries it.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Signature",
                    fields=[
                        (
                            "response_id",
                            fields.UUIDField(
                                primary_key=True,
                                default=uuid4,
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
                            "quotable",
                            fields.BooleanField(default=False, db_default=False),
                        ),
                    ],
                    options={
                        "table": "signature",
                        "app": "werkraum",
                        "pk_attr": "response_id",
                        "table_description": "The name that somebody chose to put to a response; else there is none.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Statement",
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
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "round",
                            fields.ForeignKeyField(
                                "werkraum.Round",
                                source_field="round_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("session_id", fields.UUIDField(null=True)),
                        ("question_id", fields.UUIDField(null=True)),
                        ("answer_id", fields.UUIDField(null=True, unique=True)),
                        (
                            "source",
                            fields.CharEnumField(
                                description="source",
                                enum_type=StatementSource,
                                max_length=16,
                            ),
                        ),
                        (
                            "phase",
                            fields.CharEnumField(
                                description="phase", enum_type=Phase, max_length=16
                            ),
                        ),
                        (
                            "kind",
                            fields.CharEnumField(
                                null=True,
                                description="kind",
                                enum_type=StatementKind,
                                max_length=16,
                            ),
                        ),
                        ("text", fields.TextField(unique=False)),
                        ("text_hash", fields.CharField(max_length=64)),
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
                        (
                            "org_kind",
                            fields.CharEnumField(
                                null=True,
                                description="kind",
                                enum_type=OrganisationKind,
                                max_length=16,
                            ),
                        ),
                        (
                            "org_size",
                            fields.CharEnumField(
                                null=True,
                                description="size",
                                enum_type=OrganisationSize,
                                max_length=8,
                            ),
                        ),
                        ("registration_id", fields.UUIDField(null=True)),
                        (
                            "quoting",
                            fields.CharEnumField(
                                default=Quoting.NO,
                                description="quoting",
                                enum_type=Quoting,
                                max_length=16,
                            ),
                        ),
                        (
                            "state",
                            fields.CharEnumField(
                                default=StatementState.SHOWN,
                                description="state",
                                enum_type=StatementState,
                                max_length=16,
                            ),
                        ),
                        (
                            "spoken_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("position", fields.IntField(null=True)),
                        (
                            "client_key",
                            fields.CharField(null=True, unique=True, max_length=64),
                        ),
                        ("created_by", fields.CharField(default="", max_length=60)),
                        (
                            "created_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "statement",
                        "app": "werkraum",
                        "indexes": [
                            Index(fields=["event_id", "state"]),
                            Index(fields=["round_id"]),
                            Index(fields=["organiser_id"]),
                        ],
                        "pk_attr": "id",
                        "table_description": "A piece of text worth keeping, from whatever source.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="StatementVote",
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
                            "statement",
                            fields.ForeignKeyField(
                                "werkraum.Statement",
                                source_field="statement_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("voter_hash", fields.CharField(max_length=64)),
                    ],
                    options={
                        "table": "statement_vote",
                        "app": "werkraum",
                        "unique_together": (("statement", "voter_hash"),),
                        "pk_attr": "id",
                        "table_description": "One voice for a statement, by the hash of who gave it.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Theme",
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
                        ("name", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "definition",
                            fields.JSONField(encoder=encode, decoder=decode),
                        ),
                        ("includes", fields.JSONField(encoder=encode, decoder=decode)),
                        ("excludes", fields.JSONField(encoder=encode, decoder=decode)),
                        ("example", fields.JSONField(encoder=encode, decoder=decode)),
                        ("words", fields.JSONField(encoder=encode, decoder=decode)),
                        ("position", fields.IntField(default=0)),
                        ("colour", fields.IntField(default=0)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=ThemeState.ACTIVE,
                                description="state",
                                enum_type=ThemeState,
                                max_length=16,
                            ),
                        ),
                        ("merged_into_id", fields.UUIDField(null=True)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "theme",
                        "app": "werkraum",
                        "indexes": [Index(fields=["organiser_id", "position"])],
                        "pk_attr": "id",
                        "table_description": "A named idea in the codebook of an organiser.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Coding",
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
                            "statement",
                            fields.ForeignKeyField(
                                "werkraum.Statement",
                                source_field="statement_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "theme",
                            fields.ForeignKeyField(
                                "werkraum.Theme",
                                source_field="theme_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("start", fields.IntField()),
                        ("end", fields.IntField()),
                        ("coder", fields.CharField(max_length=60)),
                        ("good_quote", fields.BooleanField(default=False)),
                        ("note", fields.CharField(default="", max_length=500)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "coding",
                        "app": "werkraum",
                        "unique_together": (
                            ("statement", "theme", "coder", "start", "end"),
                        ),
                        "indexes": [Index(fields=["theme_id"])],
                        "pk_attr": "id",
                        "table_description": "A theme tied to a span of a statement by one coder.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Reading",
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
                            "statement",
                            fields.ForeignKeyField(
                                "werkraum.Statement",
                                source_field="statement_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("coder", fields.CharField(max_length=60)),
                    ],
                    options={
                        "table": "reading",
                        "app": "werkraum",
                        "unique_together": (("statement", "coder"),),
                        "pk_attr": "id",
                        "table_description": "That a coder is done with a statement, also where no theme fits it.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="DismissedSuggestion",
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
                            "statement",
                            fields.ForeignKeyField(
                                "werkraum.Statement",
                                source_field="statement_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "theme",
                            fields.ForeignKeyField(
                                "werkraum.Theme",
                                source_field="theme_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                    ],
                    options={
                        "table": "dismissed_suggestion",
                        "app": "werkraum",
                        "unique_together": (("statement", "theme"),),
                        "pk_attr": "id",
                        "table_description": "A theme that a person has said does not fit a statement.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Pledge",
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
                            "theme",
                            fields.ForeignKeyField(
                                "werkraum.Theme",
                                source_field="theme_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                        (
                            "form",
                            fields.CharEnumField(
                                description="form", enum_type=PledgeForm, max_length=16
                            ),
                        ),
                        ("hours", fields.IntField(null=True)),
                        ("words", fields.CharField(default="", max_length=1000)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=PledgeState.OPEN,
                                description="state",
                                enum_type=PledgeState,
                                max_length=16,
                            ),
                        ),
                        ("note", fields.CharField(default="", max_length=1000)),
                        ("follow_up_on", fields.DateField(null=True)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "pledge",
                        "app": "werkraum",
                        "indexes": [
                            Index(fields=["organiser_id", "state"]),
                            Index(fields=["registration_id"]),
                        ],
                        "pk_attr": "id",
                        "table_description": "An offer to join in, with whom to ask and when.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Practice",
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
                        (
                            "event",
                            fields.ForeignKeyField(
                                "werkraum.Event",
                                source_field="event_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                        (
                            "statement",
                            fields.ForeignKeyField(
                                "werkraum.Statement",
                                source_field="statement_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                        (
                            "theme",
                            fields.ForeignKeyField(
                                "werkraum.Theme",
                                source_field="theme_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                        ("slug", fields.CharField(unique=True, max_length=80)),
                        ("title", fields.JSONField(encoder=encode, decoder=decode)),
                        ("what", fields.JSONField(encoder=encode, decoder=decode)),
                        ("how", fields.JSONField(encoder=encode, decoder=decode)),
                        ("took", fields.JSONField(encoder=encode, decoder=decode)),
                        ("place", fields.CharField(default="", max_length=200)),
                        (
                            "partner_towns",
                            fields.JSONField(encoder=encode, decoder=decode),
                        ),
                        ("countries", fields.JSONField(encoder=encode, decoder=decode)),
                        ("funding", fields.CharField(default="", max_length=200)),
                        ("link", fields.CharField(default="", max_length=500)),
                        ("registration_id", fields.UUIDField(null=True)),
                        ("shows_contact", fields.BooleanField(default=False)),
                        ("consent_note", fields.CharField(default="", max_length=500)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=PracticeState.DRAFT,
                                description="state",
                                enum_type=PracticeState,
                                max_length=16,
                            ),
                        ),
                        (
                            "asked_at",
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
                        (
                            "published_at",
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
                        "table": "practice",
                        "app": "werkraum",
                        "indexes": [Index(fields=["organiser_id", "state"])],
                        "pk_attr": "id",
                        "table_description": "A best-practice card: what somebody did, how, and what it took.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Reply",
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
                            "theme",
                            fields.ForeignKeyField(
                                "werkraum.Theme",
                                source_field="theme_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("said", fields.JSONField(encoder=encode, decoder=decode)),
                        ("did", fields.JSONField(encoder=encode, decoder=decode)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=ReplyState.DRAFT,
                                description="state",
                                enum_type=ReplyState,
                                max_length=16,
                            ),
                        ),
                        (
                            "sent_at",
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
                        "table": "reply",
                        "app": "werkraum",
                        "indexes": [Index(fields=["event_id"])],
                        "pk_attr": "id",
                        "table_description": 'What became of a theme, told to those who raised it: "you said, we did".',
                    },
                    bases=["Model"],
                ),
                ops.AddField(
                    model_name="Session",
                    name="sequence",
                    field=fields.IntField(default=0, db_default=0),
                ),
                ops.AddField(
                    model_name="Ballot",
                    name="sent_hash",
                    field=fields.CharField(null=True, max_length=64),
                ),
                ops.AddField(
                    model_name="Ballot",
                    name="blinded",
                    field=fields.TextField(null=True, unique=False),
                ),
                ops.AddField(
                    model_name="QuestionRow",
                    name="high",
                    field=fields.IntField(null=True),
                ),
                ops.AddField(
                    model_name="QuestionRow",
                    name="low",
                    field=fields.IntField(null=True),
                ),
                ops.AddField(
                    model_name="QuestionRow",
                    name="revealed",
                    field=fields.BooleanField(default=False, db_default=False),
                ),
                ops.AddField(
                    model_name="QuestionRow",
                    name="typed_in",
                    field=fields.IntField(default=0, db_default=0),
                ),
                ops.AddField(
                    model_name="ResponseRow",
                    name="channel",
                    field=fields.CharEnumField(
                        default=Channel.SELF,
                        description="channel",
                        db_default=Channel.SELF,
                        enum_type=Channel,
                        max_length=16,
                    ),
                ),
                ops.AddField(
                    model_name="ResponseRow",
                    name="org_kind",
                    field=fields.CharEnumField(
                        null=True,
                        description="kind",
                        enum_type=OrganisationKind,
                        max_length=16,
                    ),
                ),
                ops.AddField(
                    model_name="ResponseRow",
                    name="org_size",
                    field=fields.CharEnumField(
                        null=True,
                        description="size",
                        enum_type=OrganisationSize,
                        max_length=8,
                    ),
                ),
                ops.AddField(
                    model_name="ResponseRow",
                    name="quotable",
                    field=fields.BooleanField(default=False, db_default=False),
                ),
                ops.AddField(
                    model_name="Round",
                    name="asks_group",
                    field=fields.BooleanField(default=False, db_default=False),
                ),
                ops.AddField(
                    model_name="Round",
                    name="asks_quote",
                    field=fields.BooleanField(default=False, db_default=False),
                ),
                ops.AddField(
                    model_name="Round",
                    name="audience",
                    field=fields.CharEnumField(
                        default=Audience.CONFIRMED,
                        description="audience",
                        db_default=Audience.CONFIRMED,
                        enum_type=Audience,
                        max_length=16,
                    ),
                ),
                ops.AddField(
                    model_name="Round",
                    name="follows_id",
                    field=fields.UUIDField(null=True),
                ),
                ops.AddField(
                    model_name="Round",
                    name="kind",
                    field=fields.CharEnumField(
                        default=RoundKind.SURVEY,
                        description="kind",
                        db_default=RoundKind.SURVEY,
                        enum_type=RoundKind,
                        max_length=16,
                    ),
                ),
                ops.AddField(
                    model_name="Round",
                    name="live_code",
                    field=fields.CharField(null=True, max_length=8),
                ),
                ops.AddField(
                    model_name="Round",
                    name="live_question_id",
                    field=fields.UUIDField(null=True),
                ),
                ops.AddField(
                    model_name="Round",
                    name="naming",
                    field=fields.CharEnumField(
                        default=Naming.ANONYMOUS,
                        description="naming",
                        db_default=Naming.ANONYMOUS,
                        enum_type=Naming,
                        max_length=16,
                    ),
                ),
                ops.AddField(
                    model_name="Round",
                    name="open_days",
                    field=fields.IntField(default=14, db_default=14),
                ),
                ops.AddField(
                    model_name="Round",
                    name="opens_after",
                    field=fields.IntField(null=True),
                ),
                ops.AddField(
                    model_name="Round",
                    name="opens_at",
                    field=fields.DatetimeField(
                        null=True, auto_now=False, auto_now_add=False
                    ),
                ),
                ops.AddField(
                    model_name="Round",
                    name="organiser",
                    field=fields.ForeignKeyField(
                        "werkraum.Organiser",
                        source_field="organiser_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ops.AddField(
                    model_name="Round",
                    name="reminded",
                    field=fields.IntField(default=0, db_default=0),
                ),
                ops.AddField(
                    model_name="Round",
                    name="reminds",
                    field=fields.BooleanField(default=False, db_default=False),
                ),
                ops.AddField(
                    model_name="Round",
                    name="session",
                    field=fields.ForeignKeyField(
                        "werkraum.Session",
                        source_field="session_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ops.AddField(
                    model_name="Round",
                    name="version",
                    field=fields.IntField(default=1, db_default=1),
                ),
            ]
        ),
        ops.RunSQL(
            "UPDATE round SET organiser_id = (SELECT organiser_id FROM event"
            " WHERE event.id = round.event_id)"
        ),
        Together(
            [
                AlterColumn(
                    model_name="QuestionRow",
                    name="kind",
                    field=fields.CharEnumField(
                        description="kind", enum_type=QuestionKind, max_length=16
                    ),
                ),
                AlterColumn(
                    model_name="Round",
                    name="event",
                    field=fields.ForeignKeyField(
                        "werkraum.Event",
                        source_field="event_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                AlterColumn(
                    model_name="Round",
                    name="organiser",
                    field=fields.ForeignKeyField(
                        "werkraum.Organiser",
                        source_field="organiser_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ]
        ),
        ops.AddIndex(
            model_name="Round",
            index=Index(fields=["organiser_id"]),
        ),
        ops.AddIndex(
            model_name="Round",
            index=Index(fields=["live_code"]),
        ),
    ]
