"""The form of an event page, and what comes after it."""

import re
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.tokens import new_form_token
from werkraum_registration import links
from werkraum_registration.models import Registration, SeatPool, State, Submission

LONG_AGO = timedelta(days=3)


@pytest.fixture
async def event(database: str) -> Event:
    """A hybrid event to come, with ten seats in each mode."""
    seats: dict[Mode, int | None] = {Mode.ONSITE: 10, Mode.ONLINE: 10}
    return await an_event(await an_organiser(), seats=seats)


def filled(event: Event, **changes: str) -> dict[str, str]:
    """Fill in the form as anna does, who has looked at the page for a minute."""
    loaded = clock.now() - timedelta(minutes=1)
    return {
        "name": "Anna Muster",
        "email": "anna@attendee.example",
        "mode": "onsite",
        "form_token": new_form_token(f"registration:{event.id}", loaded),
        "website": "",
    } | changes


def address(event: Event, lang: str = "en") -> str:
    return f"/{lang}/events/{event.slug}/registrations"


async def nothing_changed() -> None:
    assert await Registration.all().count() == 0
    assert await Submission.all().count() == 0
    assert await Job.all().count() == 0
    assert all(not pool.demand for pool in await SeatPool.all())


async def test_the_form_leads_to_what_comes_next_and_to_which_address(
    client: httpx.AsyncClient, event: Event
) -> None:
    sent = await client.post(address(event), data=filled(event))
    assert sent.status_code == 303
    page = await client.get(sent.headers["location"])
    assert page.status_code == 200
    assert "anna@attendee.example" in page.text and "press the button" in page.text
    assert page.headers["cache-control"] == "no-store"
    made = await Registration.get()
    assert (made.name, made.state) == ("Anna Muster", State.UNCONFIRMED)


async def test_a_known_address_gets_the_very_same_page(
    client: httpx.AsyncClient, event: Event
) -> None:
    first = await client.post(address(event), data=filled(event))
    again = await client.post(
        address(event), data=filled(event, email="ANNA@attendee.example")
    )
    pages = [await client.get(each.headers["location"]) for each in (first, again)]
    key = r"/registered/[^/\"]+"
    texts = [re.sub(key, "", each.text).replace("ANNA", "anna") for each in pages]
    assert texts[0] == texts[1]
    assert await Registration.all().count() == 1


async def test_the_same_form_sent_again_leads_to_the_same_page(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = filled(event)
    first = await client.post(address(event), data=form)
    again = await client.post(address(event), data=form)
    assert first.headers["location"] == again.headers["location"]
    assert await Registration.all().count() == await Submission.all().count() == 1


async def test_with_one_mode_there_is_nothing_to_choose(
    client: httpx.AsyncClient, database: str
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONLINE: None})
    page = await client.get(f"/en/events/{event.slug}")
    assert 'type="radio"' not in page.text
    form = filled(event)
    del form["mode"]
    assert (await client.post(address(event), data=form)).status_code == 303
    assert (await Registration.get()).mode is Mode.ONLINE


async def test_the_whole_way_by_the_page_as_it_is_shown(
    client: httpx.AsyncClient, event: Event
) -> None:
    page = await client.get(f"/en/events/{event.slug}")
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert token and "10 seats are free" in page.text
    assert "/legal/" in page.text.partition("<form")[2].partition("<button")[0]
    sent = await client.post(address(event), data=filled(event, form_token=token[1]))
    assert sent.status_code == 303


BAD = {
    "B02 no dot": ({"email": "a@b"}, "email"),
    "B02 localhost": ({"email": "a@localhost"}, "email"),
    "B02 address of a computer": ({"email": "a@127.0.0.1"}, "email"),
    "B02 in brackets": ({"email": "a@[127.0.0.1]"}, "email"),
    "B03 second header": ({"email": "a@b.example\r\nBcc: x@y.example"}, "email"),
    "B03 two addresses": ({"email": "a@x.org,b@x.org"}, "email"),
    "B03 in angles": ({"email": "<a@x.org>"}, "email"),
    "B03 quoted": ({"email": '"a b"@x.org'}, "email"),
    "B04 invisible mark": ({"email": "a@x.org\u200b"}, "email"),
    "B07 long before the sign": ({"email": "a" * 65 + "@x.org"}, "email"),
    "B07 long": (
        {"email": f"a@{'x' * 62}.{'y' * 62}.{'z' * 62}.{'w' * 62}.org"},
        "email",
    ),
    "B09 long name": ({"name": "a" * 10_000}, "name"),
    "B10 zero byte": ({"name": "A\0B"}, "name"),
    "B10 only a zero byte": ({"name": "\0"}, "name"),
    "B12 turned round": ({"name": "Alice\u202eevil"}, "name"),
    "B12 isolate": ({"name": "\u2066Alice"}, "name"),
    "B12 nothing to see": ({"name": "\u200b\u200d"}, "name"),
    "B15 stacked marks": ({"name": "a" + "\u0301" * 500}, "name"),
    "B18 number": ({"mode": "2147483648"}, "mode"),
    "B18 negative": ({"mode": "-1"}, "mode"),
    "B18 other digits": ({"mode": "٣"}, "mode"),
    "B18 id": ({"mode": "0190f3c4-0000-7000-8000-000000000000"}, "mode"),
    "B17 unknown field": ({"status": "confirmed", "is_host": "1"}, ""),
    "B01 no name": ({"name": " "}, "name"),
    "B01 no address": ({"email": ""}, "email"),
    "B01 no choice": ({"mode": ""}, "mode"),
}


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize(("changes", "faulty"), BAD.values(), ids=list(BAD))
async def test_bad_input_comes_back_with_the_reason_and_all_that_was_typed(
    client: httpx.AsyncClient,
    event: Event,
    changes: dict[str, str],
    faulty: str,
    lang: str,
) -> None:
    answer = await client.post(address(event, lang), data=filled(event, **changes))
    assert answer.status_code == 422
    assert 'class="fault-summary"' in answer.text
    if faulty:
        assert f'href="#{faulty}"' in answer.text
        assert f'id="{faulty}-fault"' in answer.text
    if faulty != "name":
        assert 'value="Anna Muster"' in answer.text
    if faulty != "email":
        assert 'value="anna@attendee.example"' in answer.text
    await nothing_changed()


async def test_an_empty_form_names_every_field_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    answer = await client.post(address(event), data={})
    assert answer.status_code == 422
    summary = answer.text.partition('class="fault-summary"')[2].partition("</ul>")[0]
    assert re.findall(r'href="#(\w+)"', summary) == ["name", "email", "mode"]
    await nothing_changed()


async def test_a_field_sent_twice_is_refused(
    client: httpx.AsyncClient, event: Event
) -> None:
    body = "&".join(f"{name}={quote(text)}" for name, text in filled(event).items())
    answer = await client.post(
        address(event),
        content=f"{body}&email=b@x.org",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 422
    await nothing_changed()


async def test_a_body_larger_than_64_kb_is_not_read(
    client: httpx.AsyncClient, event: Event
) -> None:
    answer = await client.post(address(event), data=filled(event, name="a" * 70_000))
    assert answer.status_code == 413
    await nothing_changed()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" a@x.org ", "a@x.org"),
        ("a+tag@x.org", "a+tag@x.org"),
        ("\uff41@x.org", "a@x.org"),
    ],
    ids=["B04 spaces", "B06 tag", "B08 full width"],
)
async def test_every_address_that_works_is_taken(
    client: httpx.AsyncClient, event: Event, typed: str, kept: str
) -> None:
    sent = await client.post(address(event), data=filled(event, email=typed))
    assert sent.status_code == 303
    assert (await Registration.get()).email == kept


HOUR = timedelta(hours=1)
CLOSED = {
    "over": ({"starts_at": -3 * HOUR, "ends_at": -2 * HOUR}, 409),
    "begun": ({"starts_at": -HOUR, "ends_at": HOUR}, 410),
    "closed": ({"registration_closes_at": timedelta(seconds=-1)}, 410),
    "not open": ({"registration_opens_at": HOUR}, 409),
}


@pytest.mark.parametrize(("times", "status"), CLOSED.values(), ids=list(CLOSED))
async def test_outside_of_its_time_registration_says_why_and_when(
    client: httpx.AsyncClient,
    event: Event,
    times: dict[str, timedelta],
    status: int,
) -> None:
    changes = {name: clock.now() + shift for name, shift in times.items()}
    await Event.filter(id=event.id).update(**changes)
    answer = await client.post(address(event), data=filled(event))
    assert answer.status_code == status
    assert re.search(r"<h1>[^<]*20\d\d", answer.text)
    await nothing_changed()


@pytest.mark.parametrize(
    ("state", "status"), [(Status.DRAFT, 404), (Status.CANCELLED, 410)]
)
async def test_an_event_that_is_not_on_takes_no_form(
    client: httpx.AsyncClient, event: Event, state: Status, status: int
) -> None:
    await Event.filter(id=event.id).update(status=state)
    answer = await client.post(address(event), data=filled(event))
    assert answer.status_code == status
    await nothing_changed()


async def test_a_mode_taken_away_meanwhile_gives_a_fresh_form(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(onsite=False)
    answer = await client.post(address(event), data=filled(event))
    assert answer.status_code == 409
    assert 'value="Anna Muster"' in answer.text
    await nothing_changed()


async def test_a_full_event_without_a_waiting_list_says_so(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(waiting_list=False)
    await SeatPool.all().update(seats=0)
    answer = await client.post(address(event), data=filled(event))
    assert answer.status_code == 409 and "All seats are taken" in answer.text
    await nothing_changed()


@pytest.mark.parametrize("kind", ["old", "of another event", "made up", "missing"])
async def test_a_form_that_is_too_old_needs_one_more_click(
    client: httpx.AsyncClient, event: Event, kind: str
) -> None:
    name = f"registration:{event.id}"
    tokens = {
        "old": new_form_token(name, clock.now() - LONG_AGO),
        "of another event": new_form_token("registration:other", clock.now()),
        "made up": "1.é",
        "missing": "",
    }
    answer = await client.post(
        address(event), data=filled(event, form_token=tokens[kind])
    )
    assert answer.status_code == 403
    assert 'value="anna@attendee.example"' in answer.text
    await nothing_changed()
    fresh = re.search(r'name="form_token" value="([^"]+)"', answer.text)
    assert fresh
    again = await client.post(address(event), data=filled(event, form_token=fresh[1]))
    assert again.status_code == 303


async def test_a_robot_gets_the_usual_page_and_leaves_no_trace(
    client: httpx.AsyncClient, event: Event
) -> None:
    answer = await client.post(
        address(event), data=filled(event, website="https://spam.example")
    )
    assert answer.status_code == 303
    assert "/en/registered/" in answer.headers["location"]
    assert (await client.get(answer.headers["location"])).status_code == 200
    await nothing_changed()


async def test_a_form_of_another_site_is_refused(
    client: httpx.AsyncClient, event: Event
) -> None:
    answer = await client.post(
        address(event), data=filled(event), headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    await nothing_changed()


async def test_a_mistyped_address_is_corrected(
    client: httpx.AsyncClient, event: Event
) -> None:
    sent = await client.post(
        address(event), data=filled(event, email="ana@attendee.example")
    )
    wrong = links.confirm_token(await Registration.get())
    path = sent.headers["location"]
    answer = await client.post(
        f"{path}/address", data={"email": "anna@attendee.example"}
    )
    page = await client.get(answer.headers["location"])
    assert "anna@attendee.example" in page.text and "once more" in page.text
    assert (await Registration.get()).email == "anna@attendee.example"
    assert (await client.get(f"/en/confirm/{wrong}")).status_code == 404
    await must_add_up()


async def test_correcting_to_a_known_address_lets_the_wrong_one_go(
    client: httpx.AsyncClient, event: Event
) -> None:
    await client.post(address(event), data=filled(event))
    sent = await client.post(
        address(event), data=filled(event, email="ana@attendee.example")
    )
    await client.post(
        f"{sent.headers['location']}/address", data={"email": "anna@attendee.example"}
    )
    states = {each.email: each.state for each in await Registration.all()}
    assert states == {
        "anna@attendee.example": State.UNCONFIRMED,
        "ana@attendee.example": State.CANCELLED,
    }
    await must_add_up()


async def test_a_bad_correction_comes_back_as_it_was_typed(
    client: httpx.AsyncClient, event: Event
) -> None:
    sent = await client.post(address(event), data=filled(event))
    answer = await client.post(
        f"{sent.headers['location']}/address", data={"email": "anna@"}
    )
    assert answer.status_code == 422 and 'value="anna@"' in answer.text
    assert (await Registration.get()).email == "anna@attendee.example"


async def test_the_letter_is_sent_again(
    client: httpx.AsyncClient, event: Event
) -> None:
    sent = await client.post(address(event), data=filled(event))
    answer = await client.post(f"{sent.headers['location']}/again")
    assert answer.status_code == 303
    page = await client.get(answer.headers["location"])
    assert "once more" in page.text


@pytest.mark.parametrize("part", ["again", "address"])
async def test_otto_with_a_made_up_key_finds_nothing(
    client: httpx.AsyncClient, event: Event, part: str
) -> None:
    await client.post(address(event), data=filled(event))
    answer = await client.post(
        f"/en/registered/{'0' * 64}/{part}", data={"email": "otto@elsewhere.example"}
    )
    assert answer.status_code == 404
    assert (await Registration.get()).email == "anna@attendee.example"


async def test_where_an_event_confirms_at_once_the_page_says_so_neutrally(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(confirmation=Confirmation.IMMEDIATE)
    sent = await client.post(address(event), data=filled(event))
    page = await client.get(sent.headers["location"])
    assert "Your registration has arrived" in page.text
    assert (await Registration.get()).state is State.CONFIRMED
