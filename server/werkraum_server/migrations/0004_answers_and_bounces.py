"""What people's calendars answer, and the letters that come back."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from werkraum_calendar.models import ReplyKind
from werkraum_foundation.identifiers import uuid7
from werkraum_registration.models import CalendarAnswer
from werkraum_server.operations import CreateModelChecked, Together


class Migration(migrations.Migration):
    dependencies = [("werkraum", "0003_calendars")]

    initial = False

    operations = [
        Together(
            [
                CreateModelChecked(
                    name="CalendarReply",
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
                            "invitation",
                            fields.ForeignKeyField(
                                "werkraum.Invitation",
                                source_field="invitation_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="kind", enum_type=ReplyKind, max_length=12
                            ),
                        ),
                        ("sequence", fields.IntField()),
                        (
                            "stamp",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        ("outdated", fields.BooleanField()),
                        ("comment", fields.CharField(default="", max_length=500)),
                        (
                            "proposed_start",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "proposed_end",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "received_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "calendar_reply",
                        "app": "werkraum",
                        "unique_together": (
                            ("invitation", "sequence", "stamp", "kind"),
                        ),
                        "pk_attr": "id",
                        "table_description": "One answer of a calendar.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="Bounce",
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
                        ("status", fields.CharField(max_length=11)),
                        ("is_final", fields.BooleanField()),
                        ("message_id", fields.CharField(default="", max_length=255)),
                        (
                            "at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "bounce",
                        "app": "werkraum",
                        "unique_together": (
                            ("registration", "email", "message_id", "status"),
                        ),
                        "pk_attr": "id",
                        "table_description": "A letter that came back.",
                    },
                    bases=["Model"],
                ),
                ops.AddField(
                    model_name="Registration",
                    name="calendar_answer",
                    field=fields.CharEnumField(
                        null=True,
                        description="answer",
                        enum_type=CalendarAnswer,
                        max_length=8,
                    ),
                ),
            ]
        ),
    ]
