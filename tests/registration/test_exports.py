"""Files of registrations: every format tells the same, and no text becomes a number."""

import asyncio
import csv
import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from tests.people import an_event, an_organiser
from tests.registration.hand_made import answers, somebody, waits
from tests.registration.joining import a_workshop

from werkraum_events.models import Event, Mode
from werkraum_foundation.models import AuditEntry, Job
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import export_files
from werkraum_registration.export_rows import layout_of, records_of
from werkraum_registration.list_filters import Filters
from werkraum_registration.models import (
    Attendance,
    Booking,
    Consent,
    ExportFile,
    ExportState,
    FormQuestion,
    FormQuestionKind,
    Organisation,
    OrganisationKind,
    Presence,
    RegistrationTag,
    SeatPool,
    State,
)

# facts about names and numbers: kept to the letter (B13).
NAMES = (
    *("O'Brien", "Nguyễn", "محمد", "李", "👩‍👩‍👧‍👦", "Null", "None", "true", "NaN"),
    *("-0", "1E2", "007", "=1+1", "+49 30", "@x", "http://x.example", "a;b", 'a"b'),
)


@pytest.fixture
async def event(database: str, now: datetime) -> Event:
    return await an_event(await an_organiser(), now=now)


async def filled(event: Event, now: datetime) -> None:
    """Register people with everything a file can tell of them."""
    town = await Organisation.create(
        organiser_id=event.organiser_id,
        name="Stadt Köln",
        name_key="stadt köln",
        kind=OrganisationKind.MUNICIPALITY,
        created_at=now,
    )
    anna = await somebody(event, "Anna", organisation_id=town.id, note="=VIP")
    berta = await somebody(event, "Berta", Mode.ONSITE, State.WAITLISTED)
    await waits(berta, 1)
    question = await FormQuestion.create(
        event=event,
        position=1,
        kind=FormQuestionKind.NUMBER,
        label={"en": "How old?"},
        purpose={"en": "For the insurance"},
        retention_days=30,
    )
    await answers(anna, question, 42)
    await RegistrationTag.create(registration=anna, tag="Presse")
    await Consent.create(
        registration=anna,
        purpose="photo",
        text="Yes",
        text_hash="x",
        language="en",
        channel="form",
        given_at=now,
    )
    for source in (Presence.DESK, Presence.ROOM):
        await Attendance.create(
            event_id=event.id,
            registration_id=anna.id,
            source=source,
            client_key=str(uuid4()),
            came_at=now,
            recorded_at=now,
            recorded_by="olga",
        )


async def written(event: Event, form: str, now: datetime) -> bytes:
    file = await export_files.order(event, form, Filters(), actor="olga", now=now)
    await drain()
    file = await ExportFile.get(id=file.id)
    assert (file.state, file.written) == (ExportState.READY, file.total)
    return export_files.path_of(file).read_bytes()


async def test_a_workbook_that_breaks_off_is_not_written(tmp_path: Path) -> None:
    """Whoever handed over the rows was killed: what there is must not look whole."""
    path = tmp_path / "half.xlsx"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "werkraum_foundation.workbooks", str(path), "Half"),
        stdin=asyncio.subprocess.PIPE,
    )
    await process.communicate(b'["Name"]\n["Anna"]\n')
    assert process.returncode == 0
    assert os.listdir(tmp_path) == []


async def test_what_a_killed_process_left_goes_with_the_next_try(
    event: Event, now: datetime
) -> None:
    await filled(event, now)
    file = await export_files.order(event, "csv", Filters(), actor="olga", now=now)
    left = export_files.path_of(file).with_suffix(".0123.part")
    left.write_text("Anna")
    await drain()
    assert not left.exists() and export_files.path_of(file).exists()


async def test_an_old_folder_that_was_left_goes_as_well(
    database: str, now: datetime
) -> None:
    left = export_files.folder() / "tmp-left"
    left.mkdir()
    (left / "rows").write_text("Anna")
    os.utime(left, (0, 0))
    await export_files.forget(now)
    assert not left.exists()


def table_of(raw: bytes) -> list[list[str]]:
    assert raw.startswith("\ufeff".encode())
    return list(
        csv.reader(StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";")
    )


def sheet_of(raw: bytes) -> Sequence[Sequence[object]]:
    return (
        CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_index(0).to_python()
    )


async def test_all_formats_tell_the_same(event: Event, now: datetime) -> None:
    await filled(event, now)
    table = table_of(await written(event, "csv", now))
    sheet = sheet_of(await written(event, "xlsx", now))
    objects = json.loads(await written(event, "json", now))
    assert table[0] == sheet[0]
    assert [row[0] for row in table[1:]] == [it["name"] for it in objects]
    said = [[str(cell).removesuffix(".0") for cell in row] for row in sheet]
    assert said == [[_unguarded(cell) for cell in row] for row in table]
    anna, berta = objects
    assert dict(zip(table[0], table[1], strict=True)) | {"Registered at": ""} == {
        "Name": "Anna",
        "E-mail address": anna["email"],
        "How they take part": "Online",
        "State": "Registered",
        "Place in the queue": "",
        "Registered at": "",
        "Confirmed at": "",
        "Seats": "1",
        "Together with": "",
        "Organisation": "Stadt Köln",
        "Kind of organisation": "Town or municipality",
        "Size of the town": "",
        "Region": "",
        "Tags": "Presse",
        "Was there": "Ticked off, Video room",
        "Language": "en",
        "Came by": "Form",
        "Note": "'=VIP",
        "How old?": "42",
        "Photos and recordings": "agreed",
    }
    assert anna["answers"][0]["value"] == 42
    assert (anna["attended"], anna["attendance"]) == (True, ["desk", "room"])
    assert (berta["state"], berta["queue_position"]) == ("waitlisted", 1)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" else cell


async def test_who_has_left_does_not_wait_for_a_workshop(
    event: Event, now: datetime
) -> None:
    workshop = await a_workshop(event)
    pool = await SeatPool.get(session_id=workshop.id)
    for name, state in (("Anna", State.CONFIRMED), ("Berta", State.CANCELLED)):
        who = await somebody(event, name, Mode.ONLINE, state)
        await Booking.create(registration=who, pool=pool, holds_seat=False)
    layout = await layout_of(event)
    (records,) = [it async for it in records_of(event, Filters())]
    assert [list(it.listed.sessions) for it in records] == [[workshop.id], []]
    assert list(layout.sessions) == [workshop.id]


async def test_names_are_kept_to_the_letter(event: Event, now: datetime) -> None:
    for name in NAMES:
        await somebody(event, name)
    sheet = sheet_of(await written(event, "xlsx", now))
    objects = json.loads(await written(event, "json", now))
    table = table_of(await written(event, "csv", now))
    assert tuple(row[0] for row in sheet[1:]) == NAMES
    assert tuple(it["name"] for it in objects) == NAMES
    assert {row[0] for row in table[1:]} >= {"'=1+1", "'-0", "'@x", "007", "1E2"}


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
async def test_an_empty_list_is_a_whole_file(
    event: Event, now: datetime, form: str
) -> None:
    raw = await written(event, form, now)
    if form == "json":
        assert json.loads(raw) == []
    else:
        assert len(table_of(raw) if form == "csv" else sheet_of(raw)) == 1


async def test_a_file_of_many_batches_holds_everybody_once(
    event: Event, now: datetime
) -> None:
    for number in range(501):
        await somebody(event, f"P{number}")
    table = table_of(await written(event, "csv", now))
    assert [row[0] for row in table[1:]] == [f"P{it}" for it in range(501)]


async def test_who_takes_a_list_away_is_noted(event: Event, now: datetime) -> None:
    await somebody(event, "Anna")
    await written(event, "json", now)
    noted = await AuditEntry.get(action="registration.export")
    assert (noted.actor, noted.changes) == ("olga", {"rows": [None, 1]})


async def test_a_file_that_broke_off_is_written_anew(
    event: Event, now: datetime
) -> None:
    await somebody(event, "Anna")
    file = await export_files.order(event, "xlsx", Filters(), actor="olga", now=now)
    await ExportFile.filter(id=file.id).update(state=ExportState.WRITING, written=700)
    path = export_files.path_of(file)
    path.with_suffix(".xlsx.part").write_bytes(b"half a file")
    await drain()
    assert len(sheet_of(path.read_bytes())) == 2
    assert not await Job.exists()
    assert list(path.parent.glob("*.part")) == []


async def test_after_a_day_the_file_is_gone(event: Event, now: datetime) -> None:
    file = await export_files.order(event, "csv", Filters(), actor="olga", now=now)
    await drain()
    path = export_files.path_of(file)
    old = now.timestamp()
    os.utime(path, (old, old))
    await export_files.forget(now + timedelta(hours=23))
    assert path.exists() and await ExportFile.exists()
    await export_files.forget(now + timedelta(hours=24))
    assert not path.exists() and not await ExportFile.exists()
