"""Personal links as mail programs spoil them, and buttons pressed too late (B43–B45).

| row | what |
|-----|------|
| B43 | a token made up, cut off, longer, in other case, encoded twice; clinging signs |
| B44 | cancelled twice, after the end; an offer taken too late, by others, after a no |
| B45 | all pages and buttons opened twenty times by a program that looks ahead |
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from tests.bad_inputs.snapshot import snapshot
from tests.people import an_event, an_organiser
from tests.registration.joining import joins, my, now_of

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE
from werkraum_registration import addresses, links, registrations
from werkraum_registration.models import (
    AddressChange,
    Registration,
    State,
    Wanted,
    Wish,
)
from werkraum_server.public import (
    address_pages,
    change_page,
    data_pages,
    personal_deeds,
    personal_page,
)

HOUR = timedelta(hours=1)
PAGES = ("", "/change", "/address", "/erase", "/data.zip")
BUTTONS = [f"/{name}" for name in personal_deeds.BUTTONS]

BROKEN: dict[str, Callable[[str], str]] = {
    "random": lambda token: "x" * 43,
    "cut off": lambda token: token[:-1],
    "longer": lambda token: token + "a",
    "other case": lambda token: token.swapcase(),
    "encoded twice": lambda token: f"%25{ord(token[0]):X}{token[1:]}",
    "very long": lambda token: token * 30,
    "two dots inside": lambda token: f"{token[:9]}..{token[9:]}",
}
CLINGING = (".", ">", ")", ">.", ").", "...")


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser(), seats={Mode.ONSITE: 1, Mode.ONLINE: 2})


@pytest.mark.parametrize("how", list(BROKEN))
async def test_b43_a_broken_link_offers_the_right_one(
    client: httpx.AsyncClient, event: Event, how: str
) -> None:
    anna = await joins(event, "Anna")
    token = BROKEN[how](links.personal_token(anna))
    before = await snapshot()
    shown = await client.get(f"/en/my/{token}")
    assert shown.status_code == 404
    assert 'action="/en/my"' in shown.text and "Send me the link" in shown.text
    assert "Anna" not in shown.text and "Youth forum" not in shown.text
    for page in PAGES[1:]:
        assert (await client.get(f"/en/my/{token}{page}")).status_code == 404
    for button in (*BUTTONS, "/change", "/address", "/erase"):
        assert (await client.post(f"/en/my/{token}{button}")).status_code == 404
    assert await snapshot() == before


@pytest.mark.parametrize("end", CLINGING)
async def test_b43_what_clings_to_a_link_is_stripped(
    client: httpx.AsyncClient, event: Event, end: str
) -> None:
    anna = await joins(event, "Anna")
    assert (await client.get(my(anna) + end)).status_code == 200
    await addresses.ask(anna.id, "new@attendee.example", now=clock.now())
    change = await AddressChange.get()
    link = f"/en/address/{addresses.token_of(change)}{end}"
    assert (await client.get(link)).status_code == 200


Deed = Callable[[httpx.AsyncClient, Event], Awaitable[tuple[httpx.Response, State]]]


async def cancels(registration: Registration) -> None:
    await registrations.cancel(registration.id, actor=ATTENDEE, now=clock.now())


async def offered(event: Event) -> Registration:
    anna, berta = await joins(event, "Anna"), await joins(event, "Berta")
    await cancels(anna)
    return berta


async def answers(
    client: httpx.AsyncClient, somebody: Registration, answer: str
) -> httpx.Response:
    data = {"mode": "onsite", "answer": answer}
    return await client.post(my(somebody, "/offer"), data=data)


async def cancelled_twice(
    client: httpx.AsyncClient, event: Event
) -> tuple[httpx.Response, State]:
    anna = await joins(event, "Anna")
    await client.post(my(anna, "/cancel"))
    again = await client.post(my(anna, "/cancel"))
    return await client.get(again.headers["location"]), (await now_of(anna)).state


async def cancelled_after_the_end(
    client: httpx.AsyncClient, event: Event
) -> tuple[httpx.Response, State]:
    anna, over = await joins(event, "Anna"), clock.now() - HOUR
    await Event.filter(id=event.id).update(starts_at=over, ends_at=over)
    return await client.post(my(anna, "/cancel")), (await now_of(anna)).state


async def taken_after_the_deadline(
    client: httpx.AsyncClient, event: Event
) -> tuple[httpx.Response, State]:
    berta = await offered(event)
    await Wish.all().update(offered_until=clock.now() - HOUR)
    return await answers(client, berta, "accept"), (await now_of(berta)).state


async def taken_from_somebody_else(
    client: httpx.AsyncClient, event: Event
) -> tuple[httpx.Response, State]:
    berta = await offered(event)
    otto = await joins(event, "Otto", Wanted.ONLINE)
    return await answers(client, otto, "accept"), (await now_of(berta)).state


async def taken_after_a_no(
    client: httpx.AsyncClient, event: Event
) -> tuple[httpx.Response, State]:
    berta = await offered(event)
    await answers(client, berta, "decline")
    return await answers(client, berta, "accept"), (await now_of(berta)).state


async def refused_after_a_yes(
    client: httpx.AsyncClient, event: Event
) -> tuple[httpx.Response, State]:
    berta = await offered(event)
    await answers(client, berta, "accept")
    await answers(client, berta, "decline")
    return await client.get(my(berta)), (await now_of(berta)).state


LATE: dict[str, tuple[Deed, int, State, str]] = {
    "cancel twice": (cancelled_twice, 200, State.CANCELLED, "is cancelled"),
    "cancel after": (cancelled_after_the_end, 409, State.CONFIRMED, "ended on"),
    "too late": (taken_after_the_deadline, 409, State.OFFERED, "no longer offered"),
    "not mine": (taken_from_somebody_else, 409, State.OFFERED, "no longer offered"),
    "no, yes": (taken_after_a_no, 409, State.CANCELLED, "no longer offered"),
    "yes, no": (refused_after_a_yes, 200, State.CONFIRMED, "You have a seat"),
}


@pytest.mark.parametrize("case", list(LATE))
async def test_b44_a_button_pressed_too_late_says_why(
    client: httpx.AsyncClient, event: Event, case: str
) -> None:
    deed, status, state, words = LATE[case]
    answer, stands = await deed(client, event)
    assert (answer.status_code, stands) == (status, state)
    assert words in answer.text


async def test_b45_a_program_that_looks_ahead_changes_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    berta = await offered(event)
    await addresses.ask(berta.id, "new@attendee.example", now=clock.now())
    token = addresses.token_of(await AddressChange.get())
    paths = [my(berta, it) for it in (*PAGES, *BUTTONS)] + [f"/en/address/{token}"]
    before = await snapshot()
    for _ in range(20):
        for path in paths:
            for method in ("GET", "HEAD"):
                answer = await client.request(method, path)
                assert answer.status_code in (200, 405)
    assert await snapshot() == before


def test_every_route_of_the_page_is_tried_here() -> None:
    """A new page or button must be added to the rows above."""
    modules = (personal_page, personal_deeds, change_page, address_pages, data_pages)
    paths = {it.path for module in modules for it in module.routes}
    ours = {it.partition("{token}")[2] for it in paths if "/my/" in it}
    assert ours <= {*PAGES, *BUTTONS}
