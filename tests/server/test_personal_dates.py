"""One calendar of all of somebody's dates: by letter, by itself, until it is ended."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from icalendar import Calendar
from tests.people import an_event, an_organiser
from tests.server.postbox import delivered, link_in, throw_away

from werkraum_events.models import Event
from werkraum_foundation import audit, clock
from werkraum_foundation.models import Organiser
from werkraum_registration import erasing, personal_feeds, registrations
from werkraum_registration.links import personal_token
from werkraum_registration.models import PersonalFeed, Registration, State, Wanted
from werkraum_registration.registrations import Applicant, Application
from werkraum_server.retention import purge

ADDRESS = "anna@example.org"


async def joins(event: Event, email: str = ADDRESS) -> Registration:
    made = await registrations.register(
        event.id,
        Applicant("Anna Arendt", email, "en"),
        Application(Wanted.ONLINE),
        vouched=True,
        now=clock.now(),
        by_hand=True,
    )
    found = await Registration.filter(id=made.id).select_related("event__organiser")
    return found[0]


@pytest.fixture
async def organiser(client: httpx.AsyncClient) -> Organiser:
    throw_away()
    return await an_organiser()


async def order(client: httpx.AsyncClient, registration: Registration) -> str:
    """Press the button on the page, and open the letter: the path of the calendar."""
    await delivered()
    page = f"/en/my/{personal_token(registration)}"
    assert f'action="{page}/dates"' in (await client.get(page)).text
    answer = await client.post(f"{page}/dates")
    assert answer.status_code == 303
    said = (await client.get(answer.headers["location"])).text
    (letter,) = await delivered()
    assert registration.email in str(letter["To"])
    link = urlsplit(link_in(letter, "/dates/")).path
    # The page may be passed on: the way to all dates is in the letter alone.
    assert registration.email in said
    assert link not in said
    return link


def feed_of(page: str) -> str:
    return f"{page.removeprefix('/en')}.ics"


async def uids(client: httpx.AsyncClient, page: str) -> set[str]:
    answer = await client.get(feed_of(page))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return {str(it["UID"]) for it in Calendar.from_ical(answer.content).events}


async def test_the_calendar_holds_every_seat_of_the_address_and_no_other(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    here, later, left = [await an_event(organiser) for _ in range(3)]
    elsewhere = await an_event(await an_organiser())
    anna = await joins(here)
    await joins(elsewhere)
    await joins(later, "ben@example.org")
    gone = await joins(left)
    page = await order(client, anna)
    assert await uids(client, page) == {here.uid, left.uid}
    await joins(later)
    await registrations.cancel(gone.id, actor=audit.ATTENDEE, now=clock.now())
    assert await uids(client, page) == {here.uid, later.uid}
    shown = (await client.get(page)).text
    assert f"/en/events/{later.slug}" in shown
    assert f"/en/events/{left.slug}" not in shown


async def test_asked_twice_it_is_the_same_address(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    anna = await joins(await an_event(organiser))
    assert await order(client, anna) == await order(client, anna)
    assert await PersonalFeed.all().count() == 1


async def test_what_is_known_is_not_sent_again_and_a_change_is(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    anna = await joins(await an_event(organiser))
    page = await order(client, anna)
    first = await client.get(feed_of(page))
    assert first.headers["cache-control"] == "private, max-age=300"
    assert first.headers["referrer-policy"] == "no-referrer"
    assert first.headers["x-robots-tag"] == "noindex"
    known = {"if-none-match": first.headers["etag"]}
    again = await client.get(feed_of(page), headers=known)
    assert (again.status_code, again.content) == (304, b"")
    await joins(await an_event(organiser))
    assert (await client.get(feed_of(page), headers=known)).status_code == 200


async def test_one_button_ends_it_for_good_and_says_so(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    event = await an_event(organiser)
    anna = await joins(event)
    page = await order(client, anna)
    answer = await client.post(f"{page}/revoke")
    assert answer.headers["location"] == page
    ended = await client.get(page)
    assert (ended.status_code, "This calendar has ended" in ended.text) == (410, True)
    feed = await client.get(feed_of(page))
    assert feed.status_code == 410
    assert event.uid not in feed.text
    # Whoever wants one again gets another; the old address stays ended.
    fresh = await order(client, anna)
    assert fresh != page
    assert await uids(client, fresh) == {event.uid}
    assert (await client.get(feed_of(page))).status_code == 410
    await client.post(f"{page}/revoke")
    assert await uids(client, fresh) == {event.uid}


@pytest.mark.parametrize("token", ["x" * 43, "x", "%00", "🦆"])
async def test_an_address_that_never_was_opens_nothing(
    client: httpx.AsyncClient, organiser: Organiser, token: str
) -> None:
    for path in (f"/en/dates/{token}", f"/dates/{token}.ics"):
        assert (await client.get(path)).status_code in (400, 404)


async def test_whoever_is_erased_leaves_no_calendar_but_keeps_it_while_registered(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    first, second = await an_event(organiser), await an_event(organiser)
    one, other = await joins(first), await joins(second)
    page = await order(client, one)
    await erasing.erase(one.id, now=clock.now())
    assert await uids(client, page) == {second.uid}
    await erasing.erase(other.id, now=clock.now())
    assert (await client.get(feed_of(page))).status_code == 404
    assert not await PersonalFeed.exists()


async def test_a_letter_that_comes_late_brings_no_ended_calendar(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    anna = await joins(await an_event(organiser))
    await delivered()
    await personal_feeds.order(anna, now=clock.now())
    await PersonalFeed.all().update(revoked_at=clock.now())
    assert await delivered() == []


async def test_whoever_moves_to_another_address_leaves_no_calendar_at_the_old_one(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    now = clock.now()
    anna = await joins(await an_event(organiser))
    await personal_feeds.order(anna, now=now)
    await purge(now)
    assert await PersonalFeed.exists()
    await Registration.filter(id=anna.id).update(email_key="new@example.org")
    await purge(now)
    assert not await PersonalFeed.exists()


async def test_ended_calendars_are_forgotten_after_ninety_days(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    now, days = clock.now(), timedelta(days=1)
    anna, ben = [
        await joins(await an_event(organiser), f"{it}@example.org")
        for it in ("anna", "ben")
    ]
    for each in (anna, ben):
        await personal_feeds.order(each, now=now)
    await PersonalFeed.filter(email_key=ben.email_key).update(revoked_at=now)
    await purge(now + 89 * days)
    assert await PersonalFeed.all().count() == 2
    await purge(now + 91 * days)
    kept = await PersonalFeed.all()
    assert [it.email_key for it in kept] == [anna.email_key]
    await Registration.filter(id=anna.id).update(email_key="moved", state=State.EXPIRED)
    await purge(now + 91 * days)
    assert not await PersonalFeed.exists()
