"""A device may come into a room again, a host may bar somebody from it, and a place
at a table knows the one before.
"""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from werkraum_foundation.identifiers import uuid7
from werkraum_server.operations import RemakeTable, Together


class Migration(migrations.Migration):
    dependencies = [("werkraum", "0005_rooms")]

    initial = False

    operations = [
        Together(
            [
                RemakeTable(
                    name="RoomStay",
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
                            "room",
                            fields.ForeignKeyField(
                                "werkraum.Room",
                                source_field="room_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("occupant", fields.CharField(max_length=64)),
                        ("in_breakout", fields.BooleanField(default=False)),
                        ("ref", fields.CharField(default="", max_length=64)),
                        ("address", fields.CharField(default="", max_length=255)),
                        (
                            "joined_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "left_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "room_stay",
                        "app": "werkraum",
                        "indexes": [Index(fields=["room_id", "occupant"])],
                        "pk_attr": "id",
                        "table_description": "A device in a room, from one coming to the next leaving, as we were told.",
                    },
                    bases=["Model"],
                    kept=(
                        "id",
                        "room_id",
                        "occupant",
                        "ref",
                        "address",
                        "joined_at",
                        "left_at",
                    ),
                    # What was in a room inside the room was not told apart.
                    filled={"in_breakout": "FALSE"},
                ),
                ops.AddField(
                    model_name="TablePlace",
                    name="had_id",
                    field=fields.UUIDField(null=True),
                ),
                ops.AddField(
                    model_name="TablePlace",
                    name="had_chosen",
                    field=fields.BooleanField(default=False, db_default=False),
                ),
                ops.AddField(
                    model_name="TablePlace",
                    name="had_at",
                    field=fields.DatetimeField(
                        null=True, auto_now=False, auto_now_add=False
                    ),
                ),
                ops.AddField(
                    model_name="Entrant",
                    name="barred_at",
                    field=fields.DatetimeField(
                        null=True, auto_now=False, auto_now_add=False
                    ),
                ),
            ]
        )
    ]
