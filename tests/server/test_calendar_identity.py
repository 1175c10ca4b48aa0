"""One entry stays one entry: its name, its people, its dates, in files and letters."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from tests.calendar.radicale_server import radicale
from tests.people import an_event, an_organiser
from tests.server.postbox import (
    calendar_bytes,
    calendar_of,
    delivered,
    everything_in,
    throw_away,
)
from tests.server.test_letters import applies, called_off, cancels, edits, joins

from werkraum_events.models import Event, Series
from werkraum_foundation import clock
from werkraum_foundation.settings import settings
from werkraum_registration import confirmations
from werkraum_registration.links import confirm_token
from werkraum_registration.models import Registration
from werkraum_registration.registrations import Applicant

GUESTS = 200
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def postbox(client: httpx.AsyncClient) -> AsyncIterator[None]:
    """An empty folder, and the routes that links lead to."""
    throw_away()
    yield


async def uid_in(client: httpx.AsyncClient, path: str) -> str:
    (entry,) = Calendar.from_ical((await client.get(path)).content).events
    return str(entry["UID"])


class Program:
    """A calendar program: does what letters say in the order of RFC 5546 2.1.5.

    What it keeps lies on a CalDAV server, where an entry has no METHOD.
    """

    def __init__(self, server: httpx.Client) -> None:
        self.server = server
        self.known: dict[str, tuple[int, object]] = {}

    def opens(self, letter: EmailMessage) -> list[tuple[str, object]]:
        """Take what a letter brings; what the calendar shows then."""
        method, item = calendar_of(letter)
        uid, revision = str(item["UID"]), (int(str(item["SEQUENCE"])), item.stamp)
        if revision > self.known.get(uid, (-1, clock.now())):
            self.known[uid] = revision
            self._keep(method, uid, calendar_bytes(letter) or b"")
        shown = Calendar.from_ical(self.server.get("").content).events
        return [(str(it["UID"]), it.start) for it in shown]

    def _keep(self, method: str, uid: str, ics: bytes) -> None:
        if method == "CANCEL":
            self.server.delete(f"{uid}.ics").raise_for_status()
            return
        without = ics.replace(b"METHOD:REQUEST\r\n", b"")
        self.server.put(f"{uid}.ics", content=without).raise_for_status()


@pytest.fixture
def program(folder: Path, unique: str) -> Iterator[Program]:
    made = folder / unique
    made.mkdir()
    with radicale(made) as server:
        yield Program(server)


async def test_a_program_follows_a_move_and_an_end_whatever_comes_late(
    program: Program,
) -> None:
    event = await an_event(await an_organiser())
    start, uid = event.starts_at, event.uid
    _, (asked,) = await joins(event)
    later = {"starts_at": start + HOUR, "ends_at": event.ends_at + HOUR}
    (moved,) = await edits(event, **later)
    (off,) = await called_off(event, {"en": "No hall."})

    assert program.opens(asked) == [(uid, start)]
    assert program.opens(moved) == [(uid, start + HOUR)]
    assert program.opens(asked) == [(uid, start + HOUR)]
    assert program.opens(off) == []
    assert program.opens(moved) == []
    assert calendar_of(off)[1]["STATUS"] == "CANCELLED"


async def test_who_leaves_and_comes_back_has_one_entry_again(program: Program) -> None:
    event = await an_event(await an_organiser())
    anna, (asked,) = await joins(event)
    await cancels(anna)
    (left,) = await delivered()
    _, (again,) = await joins(event)

    assert len(program.opens(asked)) == 1
    assert program.opens(left) == []
    assert program.opens(asked) == []
    assert program.opens(again) == [(event.uid, event.starts_at)]
    assert "STATUS" not in calendar_of(left)[1]


async def test_an_entry_has_one_name_in_feed_file_and_letter_and_keeps_it(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser())
    _, (letter,) = await joins(event)
    names = {str(calendar_of(letter)[1]["UID"])}
    await edits(event, title={"de": "Ganz anders", "en": "Another title"})
    later = {"starts_at": event.starts_at + HOUR, "ends_at": event.ends_at + HOUR}
    (moved,) = await edits(event, **later)
    names.add(str(calendar_of(moved)[1]["UID"]))
    # The desk refuses another address; whoever writes one by hand makes no new entry.
    for slug in (event.slug, "another-address"):
        await Event.all().update(slug=slug)
        names.add(await uid_in(client, f"/events/{slug}.ics"))
        names.add(await uid_in(client, "/calendar.ics"))
    assert names == {event.uid}
    # Another host is no other event.
    assert settings().host.partition(":")[0] not in event.uid


async def test_one_date_of_a_series_that_moves_is_one_message_about_it(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    series = await Series.create(
        organiser=organiser,
        slug="evenings",
        title={"en": "Evenings"},
        created_at=clock.now(),
    )
    dates = [await an_event(organiser, series=series) for _ in range(3)]
    for event in dates:
        await joins(event)
    feed = (await client.get("/calendar.ics?series=evenings")).content
    entries = Calendar.from_ical(feed).events
    assert {str(it["UID"]) for it in entries} == {event.uid for event in dates}

    (letter,) = await edits(
        dates[1],
        starts_at=dates[1].starts_at + HOUR,
        ends_at=dates[1].ends_at + HOUR,
    )

    method, item = calendar_of(letter)
    assert (method, item["UID"]) == ("REQUEST", dates[1].uid)
    assert item.start == dates[1].starts_at + HOUR
    for ics in (feed, calendar_bytes(letter) or b""):
        assert b"RECURRENCE-ID" not in ics
        assert b"RRULE" not in ics.partition(b"BEGIN:VEVENT")[2]


async def test_of_two_hundred_guests_no_letter_names_another(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser())
    for number in range(GUESTS):
        who = Applicant(f"Guest {number}.", f"guest{number}@example.org", "en")
        await applies(event, who)
    await delivered()
    for guest in await Registration.all():
        await confirmations.confirm(confirm_token(guest), now=clock.now())

    letters = await delivered()

    assert len(letters) == GUESTS
    reached = set()
    for letter in letters:
        (to,) = letter["To"].addresses
        said = everything_in(letter)
        assert set(re.findall(r"guest\d+@example\.org", said)) == {to.addr_spec}
        assert len(set(re.findall(r"Guest \d+\.", said))) <= 1
        method, item = calendar_of(letter)
        assert (method, item["ATTENDEE"]) == ("REQUEST", f"mailto:{to.addr_spec}")
        reached.add(to.addr_spec)
    assert len(reached) == GUESTS


async def test_a_host_who_registers_is_not_invited_by_oneself(
    client: httpx.AsyncClient,
) -> None:
    organiser = await an_organiser()
    event = await an_event(organiser)
    host = Applicant("Olga", organiser.contact, "en")

    _, (letter,) = await joins(event, host)

    method, item = calendar_of(letter)
    assert (method, item["ATTENDEE"]) == ("REQUEST", f"mailto:{organiser.contact}")
    assert str(item["ORGANIZER"]).startswith("mailto:rsvp+")
    assert organiser.contact not in str(item["ORGANIZER"])
    assert str(letter["From"].addresses[0].addr_spec).startswith("rsvp+")
