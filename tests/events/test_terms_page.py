"""The rules of registration at the desk."""

import httpx
import pytest
from tests.people import (
    a_member,
    an_event,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)

from werkraum_events.models import Entry, Event, QueueOrder
from werkraum_events.rules import terms_of
from werkraum_events.wishes import Terms
from werkraum_foundation.models import Organiser, Role

TYPED = {
    "entry": "code",
    "entry_code": "Rathaus 2027",
    "approval": "on",
    "promotion": "offer",
    "offer_hours": "8",
    "queue_order": "fill",
    "largest_party": "30",
    "version": "1",
}


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    return await an_event(await olga_signed_in(client))


def path(event: Event) -> str:
    return f"/desk/events/{event.id}/registration"


async def stored(event: Event) -> Terms:
    return terms_of(await Event.get(id=event.id))


async def test_what_is_typed_is_kept_and_shown_again(
    client: httpx.AsyncClient, event: Event
) -> None:
    saved = await client.post(path(event), data=TYPED)
    assert saved.status_code == 303
    assert await stored(event) == Terms(
        entry=Entry.CODE,
        entry_code="Rathaus 2027",
        approval=True,
        offer_hours=8,
        queue_order=QueueOrder.FILL,
        largest_party=30,
    )
    shown = (await client.get(saved.headers["location"])).text
    assert "Your changes are saved." in shown
    assert 'value="Rathaus 2027"' in shown
    assert f"/events/{event.slug}?code=Rathaus+2027" in shown


async def test_a_code_is_asked_for_where_it_is_needed(
    client: httpx.AsyncClient, event: Event
) -> None:
    answer = await client.post(path(event), data=TYPED | {"entry_code": ""})
    assert answer.status_code == 422
    assert 'id="entry_code-fault"' in answer.text
    assert await stored(event) == Terms()


async def test_looking_again_needs_looking_at_all(
    client: httpx.AsyncClient, event: Event
) -> None:
    typed = {**TYPED, "approval_again": "on"}
    del typed["approval"]
    await client.post(path(event), data=typed)
    assert not (await stored(event)).approval_again


async def test_what_somebody_else_saved_is_shown_beside_ones_own(
    client: httpx.AsyncClient, event: Event
) -> None:
    await client.post(path(event), data=TYPED)
    other = TYPED | {"largest_party": "5"}
    refused = await client.post(path(event), data=other)
    assert refused.status_code == 409
    assert "What stands there now" in refused.text and "<strong>30<" in refused.text
    again = await client.post(path(event), data=other | {"version": "2"})
    assert again.status_code == 303
    assert (await stored(event)).largest_party == 5


@pytest.mark.parametrize("field", ["offer_hours", "largest_party"])
@pytest.mark.parametrize("number", ["-1", "0", "1e9", "1000000000", "", "3.5"])
async def test_odd_numbers_are_refused(
    client: httpx.AsyncClient, event: Event, field: str, number: str
) -> None:
    answer = await client.post(path(event), data=TYPED | {field: number})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert await stored(event) == Terms()


async def test_otto_finds_no_rules(client: httpx.AsyncClient, event: Event) -> None:
    await otto_signed_in(client)
    assert (await client.get(path(event))).status_code == 404
    assert (await client.post(path(event), data=TYPED)).status_code == 404
    assert await stored(event) == Terms()


async def test_a_host_sees_no_code(client: httpx.AsyncClient, event: Event) -> None:
    await client.post(path(event), data=TYPED)
    olgas = await Organiser.get(id=event.organiser_id)
    await signed_in(
        client, await a_member(olgas, "Hans", "hans@network.example", Role.HOST)
    )
    assert (await client.get(path(event))).status_code == 403
