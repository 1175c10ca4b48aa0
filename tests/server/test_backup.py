"""A backup holds everything that was there, and comes back whole or not at all."""

import asyncio
import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import ON_POSTGRES
from tests.people import a_member, an_event, an_organiser
from tests.server.installations import Installation

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Organiser, SignIn
from werkraum_registration.registrations import Applicant, register
from werkraum_server.backup import BATCH, read_backup, tables, write_backup
from werkraum_server.cannot import Cannot

sqlite_only = pytest.mark.skipif(ON_POSTGRES, reason="about the SQLite file")


async def some_of_everything() -> Event:
    """Olga's office with an event, anna registered for it, and olga signed in."""
    office = await an_organiser()
    olga = await a_member(office)
    now = clock.now()
    await SignIn.create(person=olga, token_hash="s", created_at=now, seen_at=now)
    event = await an_event(office, seats={Mode.ONLINE: 5}, title={"de": "Öfen & „Ä“"})
    await register(
        event.id,
        Applicant("Änna\u2028Ö", "anna@example.org", "de"),
        Mode.ONLINE,
        vouched=True,
        now=now,
    )
    return event


async def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables; a value has the type of its column."""
    return {
        model._meta.db_table: [
            {name: getattr(row, name) for name in model._meta.fields_db_projection}
            for row in await model.all().order_by(model._meta.pk_attr)
        ]
        for model in tables()
    }


async def empty() -> None:
    for model in reversed(tables()):
        await model.all().delete()


async def test_everything_comes_back_as_it_was(database: str, tmp_path: Path) -> None:
    await some_of_everything()
    before = await everything()
    made = await write_backup(tmp_path / "b.zip")
    await SignIn.all().delete()
    await empty()
    await read_backup(tmp_path / "b.zip")
    assert await everything() == before
    assert made.tables["registration"] == len(before["registration"]) == 1


async def test_a_table_longer_than_a_batch_comes_back(
    database: str, tmp_path: Path
) -> None:
    office = await an_organiser()
    now = clock.now()
    await AuditEntry.bulk_create(
        AuditEntry(
            organiser_id=office.id,
            actor="system",
            action="x.y",
            subject_id=office.id,
            changes={"n": n},
            at=now,
        )
        for n in range(2 * BATCH + 1)
    )
    await write_backup(tmp_path / "b.zip")
    await empty()
    made = await read_backup(tmp_path / "b.zip")
    assert made.tables["audit_entry"] == 2 * BATCH + 1
    assert await AuditEntry.all().count() == 2 * BATCH + 1


async def test_a_backup_in_the_middle_of_a_rush_fits_together(
    database: str, tmp_path: Path
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONLINE: 10})

    async def join(number: int) -> None:
        anna = Applicant(f"Anna {number}", f"anna{number}@example.org", "de")
        await register(event.id, anna, Mode.ONLINE, vouched=True, now=clock.now())

    await asyncio.gather(
        *(join(number) for number in range(10)),
        write_backup(tmp_path / "b.zip"),
        *(join(number) for number in range(10, 20)),
    )
    pools, people = (rows_in(tmp_path / "b.zip", it) for it in POOL_AND_PEOPLE)
    assert pools[0]["taken"] == sum(it["holds_seat"] for it in people)
    queued = rows_in(tmp_path / "b.zip", "wish")
    assert pools[0]["demand"] == pools[0]["taken"] + len(queued)


POOL_AND_PEOPLE = "seat_pool", "registration"


def rows_in(path: Path, table: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        lines = archive.read(f"{table}.jsonl").splitlines()
    return [json.loads(line) for line in lines]


async def test_only_the_owner_can_read_the_file_and_nobody_is_signed_in_by_it(
    database: str, tmp_path: Path
) -> None:
    await some_of_everything()
    path = tmp_path / "b.zip"
    await write_backup(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        assert not any("sign_in" in name for name in archive.namelist())
    assert os.listdir(tmp_path) == ["b.zip"]


async def test_a_database_that_holds_something_is_left_alone(
    database: str, tmp_path: Path
) -> None:
    await some_of_everything()
    await write_backup(tmp_path / "b.zip")
    with pytest.raises(Cannot, match="not empty"):
        await read_backup(tmp_path / "b.zip")


@pytest.fixture
def changed_copy(tmp_path: Path) -> Any:  # a function with keywords
    """Make a copy of the backup in which some files are others."""

    def make(**changes: Any) -> Path:
        path = tmp_path / "changed.zip"
        with (
            zipfile.ZipFile(tmp_path / "b.zip") as old,
            zipfile.ZipFile(path, "w") as new,
        ):
            for name in old.namelist():
                text = old.read(name).decode()
                change = changes.get(name.partition(".")[0])
                new.writestr(name, change(text) if change else text)
        return path

    return make


def with_manifest(**fields: object) -> Any:
    return lambda text: json.dumps({**json.loads(text), **fields})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"registration": lambda text: ""}, "damaged"),
        ({"registration": lambda text: text[:-9]}, "damaged"),
        ({"event": lambda text: ""}, "damaged|fit together"),
        ({"manifest": with_manifest(migrations=["0001_other"])}, "0001_other"),
        ({"manifest": with_manifest(format=2)}, "format 2"),
        ({"manifest": lambda text: "[]"}, "damaged"),
    ],
    ids=["row lost", "line cut", "parent lost", "version", "format", "manifest"],
)
async def test_what_is_damaged_or_of_another_version_changes_nothing(
    database: str, tmp_path: Path, changed_copy: Any, changes: Any, words: str
) -> None:
    await some_of_everything()
    await write_backup(tmp_path / "b.zip")
    await SignIn.all().delete()
    await empty()
    with pytest.raises(Cannot, match=words):
        await read_backup(changed_copy(**changes))
    assert await Organiser.all().count() == 0


async def test_what_is_no_backup_is_a_sentence(database: str, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("a letter to grandmother")
    with pytest.raises(Cannot, match="no backup"):
        await read_backup(tmp_path / "b.zip")
    with pytest.raises(Cannot, match="cannot be read"):
        await read_backup(tmp_path / "nothing.zip")
    with pytest.raises(Cannot, match="cannot be written"):
        await write_backup(tmp_path / "no" / "folder.zip")


def counts_of(ended: Any) -> dict[str, int]:
    assert ended.returncode == 0, ended.stderr
    found: dict[str, int] = json.loads(ended.stdout)["tables"]
    return found


@pytest.fixture
def olgas(installation: Installation) -> Installation:
    installation.run("organiser", "add", "--name", "AB", "--email", "o@example.org")
    return installation


@sqlite_only
def test_a_backup_made_while_it_serves_moves_to_postgresql(
    olgas: Installation, tmp_path: Path, postgres_url: str
) -> None:
    with olgas.serving():
        ended = olgas.run("backup", str(tmp_path / "b.zip"), "--json")
        made = counts_of(ended)
    assert made["organiser"] == made["person"] == made["membership"] == 1
    olgas.settings["WERKRAUM_DATABASE_URL"] = postgres_url
    assert olgas.run("migrate").returncode == 0
    assert counts_of(olgas.run("restore", str(tmp_path / "b.zip"), "--json")) == made
    assert counts_of(olgas.run("backup", str(tmp_path / "c.zip"), "--json")) == made
    assert not list(tmp_path.glob(".copy-*"))


def test_a_restored_installation_serves_and_lets_its_people_in(
    olgas: Installation, tmp_path: Path
) -> None:
    made = counts_of(olgas.run("backup", str(tmp_path / "b.zip"), "--json"))
    other = Installation(tmp_path / "other")
    other.folder.mkdir()
    restored = other.run("restore", str(tmp_path / "b.zip"), "--json")
    assert counts_of(restored) == made
    url = json.loads(other.run("organiser", "link", "--email", "o@example.org").stdout)
    with other.serving():
        assert httpx.get(url["sign_in_url"]).status_code == 200
        refused = other.run("restore", str(tmp_path / "b.zip"))
        assert (refused.returncode, "in use" in refused.stderr) == (1, True)


@sqlite_only
@pytest.mark.parametrize("bearer", ["", "Bearer ", "Bearer 1.2", "Bearer 9999999999.x"])
async def test_nobody_else_gets_a_copy(client: httpx.AsyncClient, bearer: str) -> None:
    headers = {"authorization": bearer} if bearer else {}
    answer = await client.post("/desk/-/copy", headers=headers)
    assert answer.status_code == 401


async def test_a_backup_never_takes_the_place_of_a_file(
    database: str, tmp_path: Path
) -> None:
    path = tmp_path / "b.zip"
    path.write_text("the only other backup")
    with pytest.raises(Cannot, match="there already"):
        await write_backup(path)
    assert path.read_text() == "the only other backup"
