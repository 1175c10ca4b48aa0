"""Files at the desk: at once where the list is short, else written and fetched."""

import json

import httpx
import pytest
from tests.people import (
    a_member,
    an_event,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.registration.hand_made import somebody
from tests.registration.test_exports import sheet_of, table_of

from werkraum_events.models import Event
from werkraum_foundation.models import AuditEntry, Organiser, Role
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import export_files
from werkraum_registration.models import ExportFile
from werkraum_server.desk import exports


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    """Olga's event with two people, where she is signed in."""
    event = await an_event(await olga_signed_in(client))
    for name in ("Anna", "Berta"):
        await somebody(event, name)
    return event


def at(event: Event, form: str) -> str:
    return f"/desk/events/{event.id}/registrations.{form}"


async def test_a_short_list_comes_at_once_in_every_format(
    client: httpx.AsyncClient, event: Event
) -> None:
    before = {*export_files.folder().iterdir()}
    csv, xlsx, obj = [await client.get(at(event, it)) for it in ("csv", "xlsx", "json")]
    assert [row[0] for row in table_of(csv.content)[1:]] == ["Anna", "Berta"]
    assert [row[0] for row in sheet_of(xlsx.content)[1:]] == ["Anna", "Berta"]
    assert [it["name"] for it in json.loads(obj.content)] == ["Anna", "Berta"]
    assert f'filename="{event.slug}-' in xlsx.headers["content-disposition"]
    assert await AuditEntry.filter(action="registration.export").count() == 3
    # Nothing is left of what was written on the way.
    assert {*export_files.folder().iterdir()} == before


async def test_a_filtered_list_is_a_filtered_file(
    client: httpx.AsyncClient, event: Event
) -> None:
    found = await client.get(at(event, "json") + "?q=berta")
    assert [it["name"] for it in json.loads(found.content)] == ["Berta"]


async def test_a_long_list_is_written_first(
    client: httpx.AsyncClient, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 1)
    led = await client.get(at(event, "csv") + "?mode=online")
    assert led.status_code == 303
    page = await client.get(led.headers["location"])
    assert "2 registrations" in page.text and "written first" in page.text
    assert not await ExportFile.exists()
    answer = await client.post(
        f"/desk/events/{event.id}/registrations/files",
        data={"format": "csv", "filters": "mode=online"},
    )
    place = answer.headers["location"]
    waiting = await client.get(f"{place}?watch=1")
    assert "0 of 2 are done." in waiting.text and 'http-equiv="refresh"' in waiting.text
    assert (await client.get(f"{place}/file")).status_code == 410
    await drain()
    ready = await client.get(place)
    assert "Fetch the file" in ready.text and "refresh" not in ready.text
    file = await client.get(f"{place}/file")
    assert [row[0] for row in table_of(file.content)[1:]] == ["Anna", "Berta"]


async def test_another_format_is_refused(
    client: httpx.AsyncClient, event: Event
) -> None:
    answer = await client.post(
        f"/desk/events/{event.id}/registrations/files", data={"format": "exe"}
    )
    assert answer.status_code == 422 and not await ExportFile.exists()


async def test_otto_gets_no_file(client: httpx.AsyncClient, event: Event) -> None:
    ordering = f"/desk/events/{event.id}/registrations/files"
    place = (await client.post(ordering, data={"format": "csv"})).headers["location"]
    await drain()
    await otto_signed_in(client)
    paths = [at(event, it) for it in ("csv", "xlsx", "json")]
    paths += [ordering, place, f"{place}/file"]
    assert [(await client.get(it)).status_code for it in paths] == [404] * 6
    assert (await client.post(ordering, data={"format": "csv"})).status_code == 404


async def test_who_only_hosts_gets_no_file(
    client: httpx.AsyncClient, event: Event
) -> None:
    olgas = await Organiser.get(id=event.organiser_id)
    rita = await a_member(olgas, "Rita", "rita@network.example", Role.HOST)
    await signed_in(client, rita)
    for form in ("csv", "xlsx", "json"):
        answer = await client.get(at(event, form))
        assert answer.status_code == 403 and b"Anna" not in answer.content
