"""People with a seat online choose their table, and lose it with their seat."""

from datetime import timedelta

import httpx
import pytest
from tests.registration.joining import joins
from tests.rooms.tables.tables import tables_at, taken
from tests.rooms.test_door import FROM_US
from tests.rooms.visitors import HOUR, a_registration, an_online_event

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE, SYSTEM
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import registrations, wishes
from werkraum_registration.links import personal_token
from werkraum_registration.models import Registration, State, Wanted
from werkraum_rooms.models import BreakoutTable, TablePlace
from werkraum_rooms.tables import tables
from werkraum_server import whole_erasure


def my(registration: Registration, step: str = "/tables") -> str:
    return f"/en/my/{personal_token(registration)}{step}"


async def chooses(
    client: httpx.AsyncClient, registration: Registration, table: BreakoutTable | None
) -> httpx.Response:
    data = {"table": str(table.id)} if table else {}
    return await client.post(my(registration), data=data, headers=FROM_US)


async def seated(client: httpx.AsyncClient) -> Registration:
    """Have anna sit at the one table of an event."""
    event = await an_online_event(starts_in=HOUR)
    [table] = await tables_at(event, 3)
    anna = await joins(event, "Anna", Wanted.ONLINE)
    assert (await chooses(client, anna, table)).status_code == 303
    return anna


@pytest.mark.parametrize("starts_in", [0 * HOUR, HOUR], ids=["open", "early"])
async def test_the_door_leads_to_the_tables_too(
    starts_in: timedelta, client: httpx.AsyncClient
) -> None:
    event = await an_online_event(starts_in=starts_in)
    [table] = await tables_at(event, 3)
    anna = await a_registration(event)
    assert "Choose a table" in (await client.get(my(anna, "/door"))).text

    await chooses(client, anna, table)

    door = (await client.get(my(anna, "/door"))).text
    assert f'href="{my(anna)}"' in door
    assert "To the tables" in door


async def test_anna_chooses_changes_and_leaves_it_to_the_organiser(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event()
    first, second = await tables_at(event, 3, None)
    anna = await a_registration(event)

    invited = await client.get(my(anna, ""))
    assert "Choose a table" in invited.text
    await chooses(client, anna, first)
    await chooses(client, anna, second)
    assert await taken() == [0, 1]
    assert "Table 2" in (await client.get(my(anna, ""))).text
    await chooses(client, anna, None)

    assert await taken() == [0, 0]


async def test_a_table_that_filled_up_meanwhile_says_so(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event()
    [table] = await tables_at(event, 1)
    anna, berta = await a_registration(event), await a_registration(event)
    await chooses(client, anna, table)

    late = await chooses(client, berta, table)

    assert (late.status_code, await taken()) == (409, [1])
    assert "no place left at this table" in late.text
    assert "Full" in late.text
    assert "Sit here" not in late.text


@pytest.mark.parametrize(
    ("mode", "state", "status"),
    [(Mode.ONSITE, State.CONFIRMED, 409), (Mode.ONLINE, State.WAITLISTED, 409)],
    ids=["on site", "waiting"],
)
async def test_tables_are_for_people_with_a_seat_online(
    mode: Mode, state: State, status: int, client: httpx.AsyncClient
) -> None:
    event = await an_online_event()
    [table] = await tables_at(event, 3)
    otto = await a_registration(event, mode=mode, state=state)

    page, refused = await client.get(my(otto)), await chooses(client, otto, table)

    assert "for people who have a seat online" in page.text
    assert (refused.status_code, await taken()) == (status, [0])
    assert "/tables" not in (await client.get(my(otto, ""))).text


async def test_where_the_organiser_decides_nobody_chooses(
    client: httpx.AsyncClient,
) -> None:
    anna = await seated(client)
    event = await Event.get(id=anna.event_id)
    who = event.organiser_id, event.id
    await tables.plan(*who, chosen=False, times=None, actor=SYSTEM, now=clock.now())

    page, refused = await client.get(my(anna)), await chooses(client, anna, None)

    assert (refused.status_code, await taken()) == (409, [1])
    assert "the organiser says who sits where" in page.text
    assert "Your table" in page.text


async def test_an_event_without_tables_has_no_such_page(
    client: httpx.AsyncClient,
) -> None:
    anna = await a_registration(await an_online_event())

    assert (await client.get(my(anna))).status_code == 404
    assert "table" not in (await client.get(my(anna, ""))).text.lower().replace(
        "table-", ""
    )


@pytest.mark.parametrize("how", ["cancelled", "on site", "erased"])
async def test_the_place_goes_with_the_seat(
    how: str, client: httpx.AsyncClient
) -> None:
    anna, now = await seated(client), clock.now()

    if how == "cancelled":
        await registrations.cancel(anna.id, actor=ATTENDEE, now=now)
    elif how == "on site":
        await wishes.switch_mode(anna.id, Mode.ONSITE, actor=ATTENDEE, now=now)
    else:
        await whole_erasure.erase(anna.id, now=now)
    await drain()

    assert (await taken(), await TablePlace.exists()) == ([0], False)


async def test_who_has_left_the_event_gets_no_table_any_more(
    client: httpx.AsyncClient,
) -> None:
    anna = await seated(client)
    table = await BreakoutTable.get()
    await registrations.cancel(anna.id, actor=ATTENDEE, now=clock.now())
    await drain()

    assert (await chooses(client, anna, table)).status_code == 409
    assert await taken() == [0]
