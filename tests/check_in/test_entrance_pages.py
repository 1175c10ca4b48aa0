"""The list at the entrance: forms, paper, and who may see it."""

import re
from uuid import UUID

import httpx
import pytest
from tests.check_in.at_the_door import comes
from tests.events.statements import counted
from tests.people import a_member, otto_signed_in, signed_in
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import Role
from werkraum_registration.attendance import note
from werkraum_registration.attended import attended
from werkraum_registration.models import (
    Attendance,
    Organisation,
    Presence,
    Registration,
    SeatPool,
    Source,
    State,
)


def page_of(event: Event | UUID, step: str = "") -> str:
    event_id = event.id if isinstance(event, Event) else event
    return f"/desk/events/{event_id}/check-in{step}"


async def key_on(client: httpx.AsyncClient, path: str) -> str:
    page = await client.get(path)
    found = re.search(r'name="key" value="([^"]+)"', page.text)
    assert found
    return found[1]


async def taps(
    client: httpx.AsyncClient,
    who: Registration,
    deed: str,
    key: str = "",
    source: str = "desk",
) -> httpx.Response:
    path = page_of(who.event_id)
    key = key or await key_on(client, path)
    form = {"registration": str(who.id), "deed": deed, "key": key}
    form["source"] = source
    return await client.post(path, data=form, follow_redirects=True)


async def test_one_tap_checks_in_and_one_takes_it_back(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    page = await taps(client, guest, "came")
    assert "Anna Beispiel is checked in." in page.text
    assert "Here: at the entrance" in page.text
    page = await taps(client, guest, "undo")
    assert "The check-in of Anna Beispiel is taken back." in page.text
    assert await attended(today.id) == []


async def test_a_double_click_is_one_record(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    key = await key_on(client, page_of(today))
    for _ in range(2):
        await taps(client, guest, "came", key)
    assert await Attendance.all().count() == 1


async def test_a_tap_leads_back_to_the_part_of_the_list_it_was_in(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    path = page_of(today) + "?q=anna&show=missing"
    form = {"registration": str(guest.id), "deed": "came"}
    form["key"] = await key_on(client, path)
    answer = await client.post(path, data=form)
    assert answer.status_code == 303
    assert "q=anna&show=missing" in answer.headers["location"]


async def test_somebody_without_a_seat_is_noted_and_shown(
    client: httpx.AsyncClient, today: Event
) -> None:
    waits = await somebody(today, "Berta Muster", Mode.ONSITE, State.WAITLISTED)
    page = await taps(client, waits, "came")
    assert "Berta Muster is noted, but has no seat." in page.text
    page = await client.get(page_of(today) + "?show=unclear")
    assert "Berta Muster" in page.text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"registration": "x", "deed": "came", "key": "k" * 20},
        {"registration": "{id}", "deed": "steal", "key": "k" * 20},
        {"registration": "{id}", "deed": "came", "key": "k" * 60},
        {"registration": "{id}", "deed": "came", "key": "k" * 20, "more": "x"},
    ],
)
async def test_a_tap_that_no_page_makes_is_refused(
    client: httpx.AsyncClient,
    today: Event,
    guest: Registration,
    form: dict[str, str],
) -> None:
    sent = {name: value.format(id=guest.id) for name, value in form.items()}
    answer = await client.post(page_of(today), data=sent)
    assert answer.status_code == 422
    assert await Attendance.all().count() == 0


async def test_the_list_takes_the_same_queries_for_one_and_three(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    with counted() as one:
        await client.get(page_of(today))
    for name in ("Berta", "Cem"):
        await somebody(today, name, Mode.ONSITE)
    with counted() as three:
        await client.get(page_of(today))
    assert len(one) == len(three)


async def test_badges_name_whoever_comes_on_site_and_their_companions(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    town = await Organisation.create(
        organiser_id=today.organiser_id,
        name="Stadt Musterstadt",
        name_key="stadt musterstadt",
        created_at=clock.now(),
    )
    await Registration.filter(id=guest.id).update(
        organisation_id=town.id, seats=3, companions=["Emil Entwurf"]
    )
    await somebody(today, "Olaf Online", Mode.ONLINE)
    await somebody(today, "Wilma Wartet", Mode.ONSITE, State.WAITLISTED)
    page = await client.get(page_of(today, "/badges"))
    assert page.text.count('class="name-tag"') == 3
    assert "Emil Entwurf" in page.text and 'class="blank"' in page.text
    assert page.text.count("Stadt Musterstadt") == 3
    assert "Olaf" not in page.text and "Wilma" not in page.text
    page = await client.get(page_of(today, "/badges?mode=online&q=olaf"))
    assert page.text.count('class="name-tag"') == 1


async def test_the_list_to_sign_has_a_line_for_each_seat_holder(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    await somebody(today, "Wilma Wartet", Mode.ONSITE, State.WAITLISTED)
    page = await client.get(page_of(today, "/list"))
    assert "Anna Beispiel" in page.text and "Signature" in page.text
    assert "Wilma" not in page.text


STEPS = ("", "/people.json", "/walk-in", "/badges", "/list", "/hall", "/hall.svg")


@pytest.mark.parametrize("step", STEPS)
async def test_otto_sees_nothing_of_the_entrance(
    client: httpx.AsyncClient, today: Event, guest: Registration, step: str
) -> None:
    assert (await client.get(page_of(today, step))).status_code == 200
    await otto_signed_in(client)
    assert (await client.get(page_of(today, step))).status_code == 404


async def test_otto_checks_nobody_in(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    await otto_signed_in(client)
    form = {"registration": str(guest.id), "deed": "came", "key": "k" * 22}
    assert (await client.post(page_of(today), data=form)).status_code == 404
    form = {"name": "Otto", "key": "k" * 22}
    walk_in = await client.post(page_of(today, "/walk-in"), data=form)
    assert walk_in.status_code == 404
    assert await Attendance.all().count() == 0


async def test_a_host_may_and_a_reader_may_not(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    office = await today.organiser
    for role, status in ((Role.HOST, 200), (Role.READER, 403)):
        email = f"{role.value}@network.example"
        await signed_in(client, await a_member(office, role.value, email, role))
        assert (await client.get(page_of(today))).status_code == status


WALK_IN = {"name": "Wanda Walk", "mode": "onsite", "key": "w" * 22}


async def test_whoever_walks_in_gets_a_seat_and_is_here(
    client: httpx.AsyncClient, today: Event
) -> None:
    form = WALK_IN | {"organisation": "Verein Beispiel", "email": "wanda@a.example"}
    for _ in range(2):
        page = await client.post(
            page_of(today, "/walk-in"), data=form, follow_redirects=True
        )
        assert "Wanda Walk is checked in." in page.text
    one = await Registration.get()
    assert (one.source, one.state, one.email) == (
        Source.WALK_IN,
        State.CONFIRMED,
        "wanda@a.example",
    )
    assert one.vouched_at is None
    pool = await SeatPool.get(event=today, mode=Mode.ONSITE)
    assert (pool.taken, pool.demand) == (1, 1)
    [seen] = await attended(today.id)
    assert seen.sources == (Presence.WALK_IN,)


async def test_without_an_address_nobody_is_written_to(
    client: httpx.AsyncClient, today: Event
) -> None:
    for _ in range(2):
        await client.post(page_of(today, "/walk-in"), data=WALK_IN)
    one = await Registration.get()
    assert (one.name, one.email) == ("Wanda Walk", "")


async def test_whoever_is_registered_already_is_checked_in(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    form = WALK_IN | {"name": "Anna", "email": guest.email.upper()}
    await client.post(page_of(today, "/walk-in"), data=form)
    [seen] = await attended(today.id)
    assert (seen.registration_id, seen.sources) == (guest.id, (Presence.DESK,))


async def test_without_a_free_seat_nobody_is_entered_and_the_way_out_is_named(
    client: httpx.AsyncClient, today: Event
) -> None:
    await SeatPool.filter(event=today, mode=Mode.ONSITE).update(taken=2, demand=2)
    page = await client.post(page_of(today, "/walk-in"), data=WALK_IN)
    assert page.status_code == 409
    assert "Please raise the number of seats first." in page.text
    assert 'value="Wanda Walk"' in page.text
    assert await Registration.all().count() == await Attendance.all().count() == 0


async def test_a_walk_in_needs_a_name(client: httpx.AsyncClient, today: Event) -> None:
    form = WALK_IN | {"name": "", "email": "wanda"}
    page = await client.post(page_of(today, "/walk-in"), data=form)
    assert page.status_code == 422
    assert 'value="wanda"' in page.text and 'id="name-fault"' in page.text


async def says(guest: Registration, source: Presence) -> None:
    now = clock.now()
    coming = comes(now, source)
    await note(guest.event_id, guest.id, coming, actor="attendee", now=now)


async def test_a_persons_own_word_is_taken_back_by_itself(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    await says(guest, Presence.SELF)
    await says(guest, Presence.DESK)
    undo = re.compile(r'value="undo">.*?name="source" value="(\w+)"', re.DOTALL)
    for source in "desk", "self":
        page = await client.get(page_of(today))
        assert undo.findall(page.text) == [source]
        await taps(client, guest, "undo", source=source)
    assert await attended(today.id) == []


async def test_what_the_room_says_is_no_matter_of_the_entrance(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    await says(guest, Presence.ROOM)
    page = await client.get(page_of(today))
    assert "Here: in the video room" in page.text
    assert 'value="undo"' not in page.text


async def test_the_signed_list_is_a_source_of_its_own(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    page = await client.get(page_of(today, "?from=list"))
    assert 'name="source" value="list"' in page.text
    await taps(client, guest, "came", source="list")
    [seen] = await attended(today.id)
    assert seen.sources == (Presence.LIST,)


async def test_nobody_speaks_for_somebodys_own_word(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    await taps(client, guest, "came", source="self")
    [seen] = await attended(today.id)
    assert seen.sources == (Presence.DESK,)
