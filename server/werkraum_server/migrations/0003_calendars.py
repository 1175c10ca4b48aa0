"""Calendars of all of somebody's dates, and events taken off the programme."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_server.operations import CreateModelChecked


class Migration(migrations.Migration):
    dependencies = [("werkraum", "0002_from_feedback_to_report")]

    initial = False

    operations = [
        CreateModelChecked(
            name="PersonalFeed",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=uuid7, unique=True, db_index=True
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
                ("email_key", fields.CharField(max_length=254)),
                ("number", fields.IntField()),
                ("language", fields.CharField(max_length=16)),
                ("feed_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "created_at",
                    fields.DatetimeField(auto_now=False, auto_now_add=False),
                ),
                (
                    "revoked_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "personal_feed",
                "app": "werkraum",
                "unique_together": (("organiser", "email_key", "number"),),
                "pk_attr": "id",
                "table_description": "The calendar of all dates of an address with an"
                " organiser; one at a time.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Event",
            name="withdrawn_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Event",
            name="withdrawn_as",
            field=fields.JSONField(null=True, encoder=encode, decoder=decode),
        ),
    ]
