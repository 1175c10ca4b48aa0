"""An event that was published too early goes back to being a draft."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from icalendar import Calendar
from tests.people import an_event, olga_signed_in

from werkraum_events import events, rules
from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import guests, registrations
from werkraum_registration.guest_lines import Invitee
from werkraum_registration.models import Guest, Reminded, Wanted
from werkraum_registration.registrations import Applicant, Application
from werkraum_registration.withdrawing import withdraw


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    return await olga_signed_in(client)


async def entry_of(client: httpx.AsyncClient, event: Event) -> dict[str, str] | None:
    """What the feed says of an event."""
    answer = await client.get("/calendar.ics?lang=en")
    for entry in Calendar.from_ical(answer.content).events:
        if str(entry["UID"]) == event.uid:
            return {name: str(value) for name, value in entry.items()}
    return None


async def press(client: httpx.AsyncClient, event: Event) -> httpx.Response:
    """Go by way of "Call off", as somebody at the desk does."""
    page = await client.get(f"/desk/events/{event.id}/cancel")
    assert f'action="/desk/events/{event.id}/withdraw"' in page.text
    return await client.post(f"/desk/events/{event.id}/withdraw")


async def test_it_is_on_no_page_and_calendars_take_it_out(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event(olga, title={"en": "Too early"})
    before = await entry_of(client, event)
    assert before
    answer = await press(client, event)
    assert "done=withdrawn" in answer.headers["location"]
    desk = (await client.get(answer.headers["location"])).text
    assert "off the programme and a draft again" in desk
    for path in (f"/en/events/{event.slug}", f"/events/{event.slug}.ics"):
        assert (await client.get(path)).status_code == 404
    assert "Too early" not in (await client.get("/en/")).text
    after = await entry_of(client, event)
    assert after
    assert (after["STATUS"], after["SUMMARY"]) == ("CANCELLED", "Cancelled: Too early")
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert after["DTSTAMP"] > before["DTSTAMP"]


async def test_what_becomes_of_the_draft_nobody_learns(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event(olga, title={"en": "Too early"})
    await press(client, event)
    told = await entry_of(client, event)
    fresh = await Event.get(id=event.id)
    secret = replace(
        rules.wish_of(fresh),
        title={"en": "Something secret"},
        starts_at=fresh.starts_at + timedelta(days=1),
        ends_at=fresh.ends_at + timedelta(days=1),
    )
    by = {"version": None, "actor": "olga", "now": clock.now()}
    await events.edit(olga.id, event.id, secret, **by)  # type: ignore[arg-type]
    assert await entry_of(client, event) == told
    for word in ("secret", "early"):
        answer = await client.get(f"/calendar.ics?q={word}")
        assert event.uid.encode() not in answer.content


async def test_published_again_it_comes_back_everywhere(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event(olga)
    await press(client, event)
    gone = await entry_of(client, event)
    assert gone
    await client.post(f"/desk/events/{event.id}/publish")
    back = await entry_of(client, event)
    assert back
    assert back["STATUS"] == "CONFIRMED"
    assert int(back["SEQUENCE"]) > int(gone["SEQUENCE"])
    assert (await client.get(f"/en/events/{event.slug}")).status_code == 200


async def test_after_thirty_days_calendars_hear_no_more_of_it(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event(olga)
    await press(client, event)
    long_ago = clock.now() - timedelta(days=30, seconds=1)
    await Event.filter(id=event.id).update(withdrawn_at=long_ago)
    assert await entry_of(client, event) is None


async def test_whoever_is_registered_is_not_left_standing(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event(olga)
    made = await registrations.register(
        event.id,
        Applicant("Anna", "anna@example.org", "en"),
        Application(Wanted.ONLINE),
        vouched=False,
        now=clock.now(),
    )
    page = (await client.get(f"/desk/events/{event.id}/cancel")).text
    assert "Take it off the programme" not in page
    answer = await client.post(f"/desk/events/{event.id}/withdraw")
    assert answer.status_code == 409
    assert "Call the event off instead" in answer.text
    assert (await Event.get(id=event.id)).status is Status.PUBLISHED
    await registrations.cancel(made.id, actor="anna", now=clock.now())
    assert (await press(client, event)).status_code == 303


async def test_whoever_has_an_invitation_is_not_left_standing(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event(olga)
    invitee = Invitee("ben@example.org", "Ben")
    by = {"language": "en", "actor": "olga", "now": clock.now()}
    await guests.invite(event, [invitee], **by)  # type: ignore[arg-type]
    await Guest.all().update(sent_at=clock.now())
    answer = await client.post(f"/desk/events/{event.id}/withdraw")
    assert answer.status_code == 409


async def test_pressed_twice_it_is_withdrawn_once_and_nobody_is_reminded(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await an_event(olga)
    for _ in range(2):
        await withdraw(olga.id, event.id, actor="olga", now=clock.now())
    assert (await Event.get(id=event.id)).sequence == event.sequence + 1
    await drain()
    assert not await Reminded.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED])
async def test_what_is_not_on_the_programme_is_not_taken_off(
    client: httpx.AsyncClient, olga: Organiser, status: Status
) -> None:
    event = await an_event(olga, status=status)
    await client.post(f"/desk/events/{event.id}/withdraw")
    assert (await Event.get(id=event.id)).status is status
    assert await entry_of(client, event) is None or status is Status.CANCELLED
