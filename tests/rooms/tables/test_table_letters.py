"""Somebody the desk has placed reads where they sit, once it is settled."""

from datetime import timedelta
from email.message import EmailMessage

import httpx
import pytest
from tests.people import olga_signed_in
from tests.registration.joining import joins
from tests.rooms.tables.tables import tables_at, taken
from tests.rooms.visitors import an_online_event
from tests.server.postbox import delivered, throw_away, unwrapped

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE, SYSTEM
from werkraum_foundation.models import Job, JobState
from werkraum_registration import parties, registrations
from werkraum_registration.models import Registration, Wanted
from werkraum_rooms.models import BreakoutTable, TablePlace
from werkraum_rooms.tables import table_places, tables
from werkraum_server import table_guests


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_online_event(
        await olga_signed_in(client), starts_in=timedelta(days=1), largest_party=3
    )


async def somebody(event: Event, name: str = "Anna") -> Registration:
    return await joins(event, name, Wanted.ONLINE)


async def place(
    event: Event, registration: Registration, table: BreakoutTable | None
) -> None:
    await table_guests.place(
        event,
        [registration.id],
        table.id if table else None,
        actor="member:olga",
        now=clock.now(),
    )


async def after_a_while() -> list[EmailMessage]:
    await delivered()
    await Job.filter(name="letter:table").update(due=0)
    return await delivered()


async def test_the_letter_names_table_and_time_and_comes_when_all_is_settled(
    event: Event,
) -> None:
    first, second = await tables_at(event, 5, 5)
    anna = await somebody(event)

    await place(event, anna, first)
    await place(event, anna, second)
    early = await delivered()
    [letter] = await after_a_while()

    assert not [it for it in early if "table" in it["subject"]]
    assert letter["subject"] == f"Your table: {event.title['en']}"
    assert "Table 2" in unwrapped(letter) and "Table 1" not in unwrapped(letter)
    assert "There you can choose another table." in unwrapped(letter)


async def test_who_may_not_choose_is_not_told_that_they_may(event: Event) -> None:
    [table] = await tables_at(event, 5)
    await tables.plan(
        event.organiser_id,
        event.id,
        chosen=False,
        times=None,
        actor=SYSTEM,
        now=clock.now(),
    )
    await place(event, await somebody(event), table)

    [letter] = await after_a_while()

    assert "choose another" not in unwrapped(letter)


async def test_what_was_taken_back_in_time_is_never_heard_of(event: Event) -> None:
    [table] = await tables_at(event, 5)
    anna = await somebody(event)

    await place(event, anna, table)
    await place(event, anna, None)

    assert await after_a_while() == []


async def test_where_a_letter_failed_it_counts_where_somebody_sat_before_it(
    event: Event,
) -> None:
    [table] = await tables_at(event, 5)
    anna = await somebody(event)
    await place(event, anna, table)
    await Job.filter(name="letter:table").update(state=JobState.DEAD)

    await place(event, anna, None)

    assert await after_a_while() == []


async def test_who_chooses_meanwhile_needs_no_letter(event: Event) -> None:
    first, second = await tables_at(event, 5, 5)
    anna, berta = [await somebody(event, it) for it in ("Anna", "Berta")]
    for each in (anna, berta):
        await place(event, each, first)

    await table_guests.choose(anna.id, second.id, now=clock.now())
    await table_guests.choose(berta.id, first.id, now=clock.now())

    assert await after_a_while() == []


async def test_a_table_taken_away_is_told_to_those_who_sat_there(event: Event) -> None:
    [table] = await tables_at(event, 5)
    anna = await somebody(event)
    await table_guests.choose(anna.id, table.id, now=clock.now())

    await tables.remove(
        event.organiser_id, event.id, table.id, actor="member:olga", now=clock.now()
    )
    [letter] = await after_a_while()

    assert letter["subject"] == f"You have no table at the moment: {event.title['en']}"


async def test_a_party_that_outgrows_its_table_is_told_so(event: Event) -> None:
    [table] = await tables_at(event, 2)
    anna = await somebody(event)
    await table_guests.choose(anna.id, table.id, now=clock.now())

    await parties.resize(anna.id, 3, ["Bo", "Cem"], actor=ATTENDEE, now=clock.now())
    [letter] = await after_a_while()

    assert not await TablePlace.exists()
    assert "too few places there for all of your party" in unwrapped(letter)


async def test_who_has_cancelled_gets_no_letter_about_a_table(event: Event) -> None:
    [table] = await tables_at(event, 5)
    anna = await somebody(event)
    await place(event, anna, table)

    await registrations.cancel(anna.id, actor=ATTENDEE, now=clock.now())
    letters = await after_a_while()

    assert not [it for it in letters if "table" in it["subject"]]


async def test_when_the_talks_are_over_nobody_is_told(event: Event) -> None:
    [table] = await tables_at(event, 5)
    await place(event, await somebody(event), table)

    past = clock.now() - timedelta(hours=1)
    await Event.filter(id=event.id).update(
        starts_at=past - timedelta(hours=1), ends_at=past
    )

    assert await after_a_while() == []


async def test_who_was_moved_and_put_back_hears_of_nothing(event: Event) -> None:
    first, second = await tables_at(event, 5, 5)
    anna = await somebody(event)
    await table_guests.choose(anna.id, first.id, now=clock.now())

    await place(event, anna, second)
    given = await TablePlace.get()
    await table_places.take_back(event, given.at, actor="member:olga", now=clock.now())

    back = await TablePlace.get()
    assert (back.table_id, back.chosen) == (first.id, True)
    assert await taken() == [1, 0]
    assert not [it for it in await after_a_while() if "table" in it["subject"]]


async def test_where_the_table_before_is_full_by_now_there_is_none_to_go_back_to(
    event: Event,
) -> None:
    first, second = await tables_at(event, 1, 5)
    anna, berta = [await somebody(event, it) for it in ("Anna", "Berta")]
    await table_guests.choose(anna.id, first.id, now=clock.now())
    await place(event, anna, second)
    given = await TablePlace.get()
    await table_guests.choose(berta.id, first.id, now=clock.now())

    await table_places.take_back(event, given.at, actor="member:olga", now=clock.now())

    assert await taken() == [1, 0]
    assert await TablePlace.get(registration_id=berta.id)


async def test_who_agreed_and_is_then_taken_off_is_told(event: Event) -> None:
    [table] = await tables_at(event, 5)
    anna = await somebody(event)
    await place(event, anna, table)
    await table_guests.choose(anna.id, table.id, now=clock.now())

    await place(event, anna, None)

    [letter] = [it for it in await after_a_while() if "table" in it["subject"]]
    assert letter["subject"].startswith("You have no table")


async def test_the_last_change_says_when_the_letter_leaves(event: Event) -> None:
    first, second = await tables_at(event, 5, 5)
    anna, now = await somebody(event), clock.now()
    for table, minutes in ((first, 0), (second, 9)):
        at = now + timedelta(minutes=minutes)
        await table_guests.place(event, [anna.id], table.id, actor="olga", now=at)

    [job] = await Job.filter(name="letter:table")
    assert job.due == clock.milliseconds(now + timedelta(minutes=19))


async def test_who_is_to_sit_down_any_moment_does_not_wait(event: Event) -> None:
    [table] = await tables_at(event, 5)
    anna, now = await somebody(event), clock.now()
    await Event.filter(id=event.id).update(starts_at=now)
    await event.refresh_from_db()

    await table_guests.place(event, [anna.id], table.id, actor="olga", now=now)

    [job] = await Job.filter(name="letter:table")
    assert job.due == clock.milliseconds(now)
