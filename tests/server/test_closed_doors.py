"""No page of the desk leads somebody where their role does not open the door."""

import re

import httpx
import pytest
from tests.people import a_member, an_event, an_organiser, signed_in

from werkraum_events.models import Event, Status
from werkraum_feedback.asking import rounds
from werkraum_foundation import clock
from werkraum_foundation.models import Job, JobState, Organiser, Role
from werkraum_registration.registrations import Applicant, register

STEPS = ("", "/registrations", "/programme", "/materials", "/room", "/feedback")


@pytest.fixture
async def office(client: httpx.AsyncClient) -> Organiser:
    """An office with a survey, somebody registered, and a letter that failed."""
    organiser, now = await an_organiser(), clock.now()
    event = await an_event(organiser)
    await an_event(organiser, status=Status.DRAFT)
    anna = Applicant("Anna", "anna@attendee.example", "en")
    await register(event.id, anna, event.modes[0], vouched=False, now=now)
    await rounds.create(organiser.id, event.id, actor="olga", now=now)
    await Job.create(
        name="letter:reminder",
        args={},
        organiser_id=organiser.id,
        state=JobState.DEAD,
        due=0,
        created_at=now,
    )
    return organiser


async def pages_of(client: httpx.AsyncClient, office: Organiser) -> list[str]:
    events = await Event.filter(organiser_id=office.id)
    paths = ["/desk/", "/desk/jobs", "/desk/organiser", "/desk/organiser/team"]
    paths += [f"/desk/events/{event.id}{step}" for event in events for step in STEPS]
    answers = [await client.get(path) for path in paths]
    # What is closed itself is found by the links that lead there.
    return [it.text for it in answers if it.status_code == 200]


@pytest.mark.parametrize("role", Role)
async def test_whatever_is_offered_is_open(
    client: httpx.AsyncClient, office: Organiser, role: Role
) -> None:
    await signed_in(client, await a_member(office, role=role))
    pages = [it.split("<main")[1] for it in await pages_of(client, office)]
    links = {path for it in pages for path in re.findall(r'href="(/desk[^"#]*)"', it)}
    assert len(links) > 5
    closed = [it for it in links if (await client.get(it)).status_code == 403]
    assert closed == []


async def test_a_reader_is_shown_no_button(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    await signed_in(client, await a_member(office, role=Role.READER))
    pages = "".join(await pages_of(client, office))
    forms = re.findall(r"<form[^>]*>.*?</form>", pages, re.DOTALL)
    harmless = ("/sign-out", 'role="search"')
    doing = [it for it in forms if not any(word in it for word in harmless)]
    assert [it for it in doing if "<button" in it] == []


async def test_a_host_finds_the_room(
    client: httpx.AsyncClient, office: Organiser
) -> None:
    await signed_in(client, await a_member(office, role=Role.HOST))
    event = await Event.filter(status=Status.PUBLISHED).get()
    page = await client.get(f"/desk/events/{event.id}")
    assert f'href="/desk/events/{event.id}/room"' in page.text
