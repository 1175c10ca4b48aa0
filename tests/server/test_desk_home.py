"""The first page of the desk: how full each event is, and where to begin."""

import re

import httpx
import pytest
from tests.people import a_member, an_event, an_organiser, olga_signed_in, signed_in

from werkraum_events.models import Mode
from werkraum_foundation.models import Role
from werkraum_registration.models import SeatPool


async def home(client: httpx.AsyncClient) -> str:
    """Read the page as words, without its tags."""
    page = await client.get("/desk/")
    return " ".join(re.sub("<[^>]*>", " ", page.text.split("<main")[1]).split())


@pytest.mark.parametrize(
    ("onsite", "online", "shown"),
    [
        ((20, 20, 23), (30, 7, 7), "27 / 50 3 people waiting"),
        ((20, 4, 4), (None, 7, 7), "11"),
        ((1, 0, 0), (1, 0, 0), "0 / 2"),
    ],
    ids=["people wait", "a mode without a limit", "nobody yet"],
)
async def test_how_full_an_event_is_stands_beside_it(
    client: httpx.AsyncClient,
    onsite: tuple[int, int, int],
    online: tuple[int | None, int, int],
    shown: str,
) -> None:
    event = await an_event(await olga_signed_in(client))
    for mode, (seats, taken, demand) in {
        Mode.ONSITE: onsite,
        Mode.ONLINE: online,
    }.items():
        pool = SeatPool.filter(event_id=event.id, mode=mode)
        await pool.update(seats=seats, taken=taken, demand=demand, issued=demand)
    assert f"Published {shown}" in await home(client)


async def test_whoever_has_no_event_is_led_to_the_first(
    client: httpx.AsyncClient,
) -> None:
    await olga_signed_in(client)
    page = await client.get("/desk/")
    assert "There is no event yet" in page.text
    assert page.text.count('href="/desk/events/new"') == 1


async def test_a_reader_without_an_event_is_not_asked_to_make_one(
    client: httpx.AsyncClient,
) -> None:
    office = await an_organiser()
    await signed_in(client, await a_member(office, role=Role.READER))
    page = await client.get("/desk/")
    assert "somebody of your team" in page.text
    assert "/desk/events/new" not in page.text
