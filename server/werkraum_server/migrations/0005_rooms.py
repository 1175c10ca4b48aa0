"""Rooms of sessions, tables and talks, and what their servers tell us."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index

from werkraum_foundation.database.json_columns import decode, encode
from werkraum_foundation.identifiers import uuid7
from werkraum_rooms.models import Occasion
from werkraum_server.operations import CreateModelChecked, RemakeTable, Together


class Migration(migrations.Migration):
    dependencies = [("werkraum", "0004_answers_and_bounces")]

    initial = False

    operations = [
        Together(
            [
                CreateModelChecked(
                    name="BreakoutPlan",
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
                        ("chosen", fields.BooleanField(default=True)),
                        (
                            "starts_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "ends_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "breakout_plan",
                        "app": "werkraum",
                        "pk_attr": "id",
                        "table_description": "How an event splits into tables, and when.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="BreakoutTable",
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
                        ("seats", fields.IntField(null=True)),
                        ("taken", fields.IntField(default=0)),
                        (
                            "created_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "breakout_table",
                        "app": "werkraum",
                        "indexes": [Index(fields=["event_id", "position"])],
                        "pk_attr": "id",
                        "table_description": "A table at which some attendees of an event talk, in a room of its own.",
                    },
                    bases=["Model"],
                ),
                RemakeTable(
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
                            "table",
                            fields.ForeignKeyField(
                                "werkraum.BreakoutTable",
                                source_field="table_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("belongs_to", fields.CharField(unique=True, max_length=48)),
                        ("slug", fields.CharField(unique=True, max_length=64)),
                        ("server", fields.CharField(default="", max_length=40)),
                        ("fallen_from", fields.CharField(default="", max_length=40)),
                        ("lead_minutes", fields.IntField(default=15)),
                        ("grace_minutes", fields.IntField(default=60)),
                        ("lobby", fields.BooleanField(default=False)),
                        ("recorded", fields.BooleanField(default=False)),
                        ("most_people", fields.IntField(null=True)),
                        ("may_chat", fields.BooleanField(default=True)),
                        ("may_share", fields.BooleanField(default=True)),
                        ("may_poll", fields.BooleanField(default=False)),
                        (
                            "starts_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "ends_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "ended_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("present", fields.IntField(null=True)),
                        (
                            "present_at",
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
                        "table": "room",
                        "app": "werkraum",
                        "indexes": [Index(fields=["event_id"])],
                        "pk_attr": "id",
                        "table_description": "A video meeting of an event, of a session in it, of a table, or of two.",
                    },
                    bases=["Model"],
                    # Every room so far is the one of its event.
                    kept=(
                        "id",
                        "event_id",
                        "slug",
                        "lead_minutes",
                        "grace_minutes",
                        "created_at",
                    ),
                    filled={
                        "belongs_to": "'event:' || CAST(event_id AS VARCHAR(36))",
                        "server": "''",
                        "fallen_from": "''",
                        "lobby": "FALSE",
                        "recorded": "FALSE",
                        "may_chat": "TRUE",
                        "may_share": "TRUE",
                        "may_poll": "FALSE",
                    },
                ),
                CreateModelChecked(
                    name="Entrant",
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
                        ("person_id", fields.UUIDField()),
                        ("host", fields.BooleanField(default=False)),
                        ("ref", fields.CharField(max_length=64)),
                        ("noted", fields.BooleanField(default=False)),
                        (
                            "entered_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "entered_again_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                    ],
                    options={
                        "table": "entrant",
                        "app": "werkraum",
                        "unique_together": (("room", "person_id"),),
                        "indexes": [
                            Index(fields=["room_id", "ref"]),
                            Index(fields=["person_id"]),
                        ],
                        "pk_attr": "id",
                        "table_description": "Somebody whom the door has let into a room, and what the room calls them.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="RoomMeeting",
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
                        ("server", fields.CharField(max_length=40)),
                        (
                            "opened_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "closed_at",
                            fields.DatetimeField(
                                null=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("open_for", fields.UUIDField(null=True, unique=True)),
                        ("most_present", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "room_meeting",
                        "app": "werkraum",
                        "indexes": [Index(fields=["room_id", "opened_at"])],
                        "pk_attr": "id",
                        "table_description": "A room in use, from its opening until it stood empty; it may be used again.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="RoomNews",
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
                        ("server", fields.CharField(max_length=40)),
                        ("dedupe_key", fields.CharField(max_length=64)),
                        ("kind", fields.CharField(max_length=40)),
                        (
                            "room",
                            fields.ForeignKeyField(
                                "werkraum.Room",
                                source_field="room_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "happened_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "received_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "room_news",
                        "app": "werkraum",
                        "unique_together": (("server", "dedupe_key"),),
                        "indexes": [
                            Index(fields=["received_at"]),
                            Index(fields=["room_id", "happened_at"]),
                        ],
                        "pk_attr": "id",
                        "table_description": "That a room server told us something: it may say the same again.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="RoomProbe",
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
                        ("server", fields.CharField(max_length=40)),
                        (
                            "occasion",
                            fields.CharEnumField(
                                description="occasion", enum_type=Occasion, max_length=8
                            ),
                        ),
                        (
                            "at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        ("well", fields.BooleanField()),
                        ("findings", fields.JSONField(encoder=encode, decoder=decode)),
                    ],
                    options={
                        "table": "room_probe",
                        "app": "werkraum",
                        "indexes": [Index(fields=["room_id", "at"])],
                        "pk_attr": "id",
                        "table_description": "A look at whether a room will open: what was well and what was not.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
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
                        "unique_together": (("room", "occupant"),),
                        "pk_attr": "id",
                        "table_description": "One device in a room, from when until when, as the room server told us.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="ServerCall",
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
                        ("server", fields.CharField(max_length=40)),
                        ("kind", fields.CharField(max_length=16)),
                        (
                            "at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        ("status", fields.IntField()),
                        ("showed", fields.JSONField(encoder=encode, decoder=decode)),
                    ],
                    options={
                        "table": "server_call",
                        "app": "werkraum",
                        "unique_together": (("server", "kind"),),
                        "pk_attr": "id",
                        "table_description": "The last time a room server called one of our addresses, for the self-test.",
                    },
                    bases=["Model"],
                ),
                CreateModelChecked(
                    name="TablePlace",
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
                            "table",
                            fields.ForeignKeyField(
                                "werkraum.BreakoutTable",
                                source_field="table_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("registration_id", fields.UUIDField(unique=True)),
                        ("seats", fields.IntField(default=1)),
                        ("chosen", fields.BooleanField(default=True)),
                        (
                            "at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "table_place",
                        "app": "werkraum",
                        "indexes": [Index(fields=["table_id"])],
                        "pk_attr": "id",
                        "table_description": "Who sits at which table: one table for each registration.",
                    },
                    bases=["Model"],
                ),
            ]
        ),
    ]
