"""The database is built by migrations alone, the same on both engines."""

import asyncio
import re
import sys
from pathlib import Path
from uuid import UUID

import pytest
from tortoise import Tortoise
from tortoise.migrations import operations as ops
from tortoise.migrations.api import migrate as run_migrations

from werkraum_foundation.database import is_sqlite, rows
from werkraum_rooms.models import Room, RoomStay
from werkraum_rooms.queries import room_of
from werkraum_server import operations
from werkraum_server.database import (
    configuration,
    migrate,
    opened,
    pending_migrations,
)

MIGRATIONS = Path(operations.__file__).parent / "migrations"

# What SQLite can do without rebuilding a table, which would empty its children.
ALLOWED = {
    "CreateModelChecked",
    # For tables that no other refers to.
    "RemakeTable",
    "AlterColumn",
    "Together",
    "DropColumn",
    "AddField",
    "AddIndex",
    "RemoveIndex",
    "RenameField",
    "RunSQL",
    "RunPython",
    "DeleteModel",
}


@pytest.mark.parametrize("file", sorted(MIGRATIONS.glob("0*.py")), ids=lambda f: f.name)
def test_a_migration_uses_only_operations_that_keep_the_rows(file: Path) -> None:
    known = {
        name
        for module in (ops, operations)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, ops.Operation)
    }
    called = set(re.findall(r"^ +(?:ops\.)?([A-Z]\w+)\(", file.read_text(), re.M))
    assert called & known <= ALLOWED


async def test_nothing_is_pending_after_migrating(database: str) -> None:
    assert await pending_migrations(database) == []


async def test_checks_and_unique_rules_stand_in_the_database(database: str) -> None:
    with pytest.raises(Exception, match="seat_pool_counts"):
        await rows(
            "INSERT INTO seat_pool (id, event_id, mode, seats, taken, demand,"
            " unconfirmed, issued) VALUES ('00000000-0000-7000-8000-000000000001',"
            " '00000000-0000-7000-8000-000000000002', 'online', 1, 2, 2, 0, 0)"
        )
    assert "registration_active" in await _indexes()


async def _indexes() -> set[str]:
    if is_sqlite():
        found = await rows("SELECT name FROM sqlite_master WHERE type = 'index'")
        return {row["name"] for row in found}
    found = await rows("SELECT indexname AS name FROM pg_indexes")
    return {row["name"] for row in found}


async def _columns() -> set[tuple[str, str]]:
    if is_sqlite():
        tables = await rows(
            "SELECT m.name AS t, p.name AS c FROM sqlite_master m,"
            " pragma_table_info(m.name) p WHERE m.type = 'table'"
        )
    else:
        tables = await rows(
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
    return {(it["t"], it["c"]) for it in tables if "sqlite" not in it["t"]}


async def test_every_column_of_the_models_is_there_and_no_other(
    database: str,
) -> None:
    wanted = {
        (model._meta.db_table, column)
        for model in Tortoise.apps["werkraum"].values()
        for column in model._meta.fields_db_projection.values()
    }
    there = {(t, c) for t, c in await _columns() if t != "tortoise_migrations"}
    assert there == wanted


# What the first version of the tables may hold, parents first.
FIRST_ROWS = """
INSERT INTO organiser (id, slug, name, contact, imprint, privacy, accessibility,
  created_at) VALUES ('{o}', 'office', 'Office', 'a@b.example', '{{}}', '{{}}', '{{}}',
  '2027-01-01 00:00:00+00:00');
INSERT INTO event (id, organiser_id, slug, kind, status, title, summary, description,
  starts_at, ends_at, timezone, onsite, place_name, place_address, online, online_link,
  dial_in, confirmation, waiting_list, promotion, offer_hours, queue_order,
  largest_party, approval, approval_again, entry, entry_code, self_check_in, version,
  uid, sequence, revised_at, created_at, cancel_reason)
  VALUES ('{e}', '{o}', 'forum', 'forum', 'published', '{{}}', '{{}}', '{{}}',
  '2027-02-01 00:00:00+00:00', '2027-02-01 01:00:00+00:00', 'Europe/Berlin', false, '',
  '', true, '', '', 'immediate', true, 'offer', 20, 'strict', 1, false, false, 'open',
  '', false, 1, 'uid', 0, '2027-01-01 00:00:00+00:00', '2027-01-01 00:00:00+00:00',
  '{{}}');
INSERT INTO round (id, event_id, title, state, invited, salt, created_at)
  VALUES ('{r}', '{e}', '{{}}', 'open', 1, 'salt', '2027-02-01 00:00:00+00:00');
INSERT INTO question (id, round_id, position, code, kind, asked, text, hint, options,
  poles) VALUES ('{q}', '{r}', 1, 'F01', 'scale', true, '{{}}', '{{}}', '[]', '[]');
INSERT INTO ballot (token_hash, round_id, used) VALUES ('hash', '{r}', true);
INSERT INTO response (id, round_id) VALUES ('{s}', '{r}');
INSERT INTO answer (id, response_id, question_id, number)
  VALUES ('{a}', '{s}', '{q}', 4)
"""
IDS = {
    letter: f"00000000-0000-7000-8000-00000000000{n}"
    for n, letter in enumerate("oerqsa")
}


FIRST_ROOM = (
    "INSERT INTO room (id, event_id, slug, lead_minutes, grace_minutes, created_at)"
    " VALUES (:room, :event, 'abcde-fghij-klmno-pqrst', 30, 5,"
    " '2027-01-01 00:00:00+00:00')"
)


async def test_a_round_of_the_first_version_keeps_its_rows_and_rules(
    empty_url: str,
) -> None:
    await run_migrations(
        config=configuration(empty_url), target="werkraum.0001_initial"
    )
    for statement in FIRST_ROWS.format(**IDS).split(";"):
        await rows(statement)
    await Tortoise.close_connections()
    await migrate(empty_url)
    async with opened(empty_url):
        [asked] = await rows("SELECT organiser_id, event_id, kind FROM round")
        assert {k: str(v) for k, v in asked.items()} == {
            "organiser_id": IDS["o"],
            "event_id": IDS["e"],
            "kind": "survey",
        }
        assert await rows("SELECT number FROM answer") == [{"number": 4}]
        for table in ("question", "ballot", "response"):
            assert len(await rows(f"SELECT * FROM {table}")) == 1
        again = FIRST_ROWS.format(**{**IDS, "q": IDS["a"]}).split(";")[3]
        with pytest.raises(Exception, match=r"(?i)unique"):
            await rows(again)
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await rows("DELETE FROM organiser WHERE id <> :id", id=IDS["o"])
            await rows("UPDATE round SET organiser_id = :id", id=IDS["a"])


async def test_a_room_of_an_event_stays_its_room(empty_url: str) -> None:
    await run_migrations(
        config=configuration(empty_url), target="werkraum.0001_initial"
    )
    for statement in FIRST_ROWS.format(**IDS).split(";")[:2]:
        await rows(statement)
    await rows(FIRST_ROOM, room=IDS["s"], event=IDS["e"])
    await Tortoise.close_connections()
    await migrate(empty_url)
    async with opened(empty_url):
        room = await room_of(UUID(IDS["e"]))
        assert room is not None
        assert (str(room.id), room.lead_minutes, room.grace_minutes) == (
            IDS["s"],
            30,
            5,
        )
        assert room.slug == "abcde-fghij-klmno-pqrst"


async def test_a_stay_in_a_room_stays_and_its_device_may_come_again(
    empty_url: str,
) -> None:
    await run_migrations(
        config=configuration(empty_url), target="werkraum.0001_initial"
    )
    for statement in FIRST_ROWS.format(**IDS).split(";")[:2]:
        await rows(statement)
    await rows(FIRST_ROOM, room=IDS["s"], event=IDS["e"])
    await Tortoise.close_connections()
    await run_migrations(config=configuration(empty_url), target="werkraum.0005_rooms")
    stay = (
        "INSERT INTO room_stay (id, room_id, occupant, ref, address, joined_at)"
        " VALUES (:id, :room, 'device', 'ref', 'x', '2027-02-01 00:00:00+00:00')"
    )
    await rows(stay, id=IDS["a"], room=IDS["s"])
    await Tortoise.close_connections()
    await migrate(empty_url)
    async with opened(empty_url):
        before = await RoomStay.get()
        assert (before.occupant, before.ref, before.in_breakout) == (
            "device",
            "ref",
            False,
        )
        await RoomStay.create(room_id=UUID(IDS["s"]), occupant="device")
        await Room.all().delete()
        assert not await RoomStay.exists()


MIGRATE = (
    "import asyncio, sys; from werkraum_server.database import migrate;"
    " asyncio.run(migrate(sys.argv[1]))"
)


async def test_four_processes_may_migrate_at_once(empty_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, empty_url)
        for _ in range(4)
    ]
    ended = [await process.wait() for process in processes]
    assert ended == [0, 0, 0, 0]


def test_the_database_address_becomes_a_safe_connection() -> None:
    found = configuration("sqlite:////srv/werkraum.sqlite3")["connections"]["default"]
    assert found["credentials"]["synchronous"] == "FULL"
    assert found["credentials"]["file_path"] == "/srv/werkraum.sqlite3"
