"""Two tabs of the desk, two names: the page's and its event's."""

import re
from datetime import timedelta

import httpx
import pytest
from tests.people import an_event, olga_signed_in

from werkraum_events.models import Event, Session
from werkraum_feedback.asking import rounds
from werkraum_feedback.models import Round
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    return await an_event(await olga_signed_in(client))


async def an_item(event: Event) -> Session:
    return await Session.create(
        event=event,
        title={"en": "Arriving"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.starts_at + timedelta(minutes=30),
    )


async def a_survey(event: Event) -> Round:
    olgas = await Organiser.get(id=event.organiser_id)
    return await rounds.create(olgas.id, event.id, actor="olga", now=clock.now())


async def title(client: httpx.AsyncClient, path: str) -> str:
    page = await client.get(path)
    [said] = re.findall(r"<title>(.*)</title>", page.text)
    return str(said)


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("", "Overview"),
        ("/edit", "Edit the event"),
        ("/copy", "Copy an event"),
        ("/cancel", "Call off the event"),
        ("/registrations", "Registrations"),
        ("/programme", "Running order"),
        ("/materials", "Materials"),
        ("/registration", "Rules of registration"),
        ("/guests", "Personal invitations"),
        ("/registrations/new", "Register somebody"),
        ("/check-in", "Check-in"),
        ("/check-in/walk-in", "Somebody who has not registered"),
        ("/check-in/hall", "Check in by oneself"),
        ("/check-in/badges", "Name badges"),
        ("/check-in/list", "List to sign"),
        ("/room", "Video room"),
        ("/feedback", "Feedback"),
    ],
)
async def test_a_page_of_an_event_names_both(
    client: httpx.AsyncClient, event: Event, step: str, name: str
) -> None:
    said = await title(client, f"/desk/events/{event.id}{step}")
    assert said == f"{name} – Youth forum – Desk – Werkraum"


async def test_a_programme_item_is_named_too(
    client: httpx.AsyncClient, event: Event
) -> None:
    item = await an_item(event)
    said = await title(client, f"/desk/events/{event.id}/programme/{item.id}")
    assert said == "Edit the item: Arriving – Youth forum – Desk – Werkraum"


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("results", "Results"),
        ("open", "Open the survey"),
        ("questions", "Change the questions"),
    ],
)
async def test_a_page_of_a_survey_names_the_event(
    client: httpx.AsyncClient, event: Event, step: str, name: str
) -> None:
    survey = await a_survey(event)
    said = await title(client, f"/desk/rounds/{survey.id}/{step}")
    assert said == f"{name} – Youth forum – Desk – Werkraum"


async def test_a_page_without_an_event_names_none(client: httpx.AsyncClient) -> None:
    await olga_signed_in(client)
    assert await title(client, "/desk/events/new") == "New event – Desk – Werkraum"
