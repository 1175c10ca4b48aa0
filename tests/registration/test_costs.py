"""What registering costs: SQL statements, over the four steps a person takes."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import TypeVar

import httpx
import pytest
from tests.people import an_event, an_organiser
from tortoise.queryset import QuerySetSingle

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.tokens import new_form_token
from werkraum_registration import links
from werkraum_registration.event_forms import forms_of
from werkraum_registration.listing import listed
from werkraum_registration.models import Registration, State

T = TypeVar("T")


class Statements(logging.Handler):
    """Collects what Tortoise says that it runs; BEGIN and COMMIT it does not say."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture
def statements() -> Iterator[Statements]:
    collecting = Statements()
    log = logging.getLogger("tortoise.db_client")
    level = log.level
    log.addHandler(collecting)
    log.setLevel(logging.DEBUG)
    yield collecting
    log.setLevel(level)
    log.removeHandler(collecting)


async def test_from_the_form_to_the_seat_takes_at_most_15_statements(
    client: httpx.AsyncClient, statements: Statements
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONSITE: 600})
    page = f"/en/events/{event.slug}"
    statements.said.clear()
    # Nobody has looked before: the page is written now, for all readers to come.
    assert (await client.get(page)).status_code == 200
    assert len(statements.said) <= 4
    assert (await client.post(f"{page}/registrations", data=form(event))).is_redirect
    made = await unseen(Registration.get(), statements)
    confirm = f"/en/confirm/{links.confirm_token(made)}"
    assert (await client.get(confirm)).status_code == 200
    assert (await client.post(confirm)).is_redirect
    assert 8 <= len(statements.said) <= 15
    assert (await Registration.get()).state is State.CONFIRMED


async def unseen(look: QuerySetSingle[T], statements: Statements) -> T:
    """Look at the database without counting it."""
    before = len(statements.said)
    found = await look
    del statements.said[before:]
    return found


def form(event: Event, email: str = "anna@attendee.example") -> dict[str, str]:
    loaded = clock.now() - timedelta(minutes=1)
    token = new_form_token(f"registration:{event.id}", loaded)
    return {"name": "Anna", "email": email, "form_token": token}


@pytest.mark.parametrize("people", [1, 3])
async def test_a_list_takes_three_statements_however_long(
    client: httpx.AsyncClient, statements: Statements, people: int
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONSITE: 600})
    for number in range(people):
        sent = form(event, f"anna{number}@attendee.example")
        await client.post(f"/en/events/{event.slug}/registrations", data=sent)
    statements.said.clear()
    assert len(await listed(event.id)) == people
    assert len(statements.said) == 3


@pytest.mark.parametrize("events", [1, 3])
async def test_the_questions_of_events_that_ask_nothing_take_three_statements(
    client: httpx.AsyncClient, statements: Statements, events: int
) -> None:
    organiser = await an_organiser()
    coming = [await an_event(organiser, slug=f"forum-{it}") for it in range(events)]
    statements.said.clear()
    assert len(await forms_of(coming)) == events
    assert len(statements.said) == 3
