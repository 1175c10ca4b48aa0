"""Events with few seats, and the people who want them."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from tests.people import an_event, an_organiser

from werkraum_events.models import Confirmation, Event, Mode, Promotion
from werkraum_registration.registrations import Applicant, Registered, register

Registers = Callable[..., Awaitable[Registered]]


def applicant(name: str) -> Applicant:
    """Make somebody up: "Anna" writes from anna@attendee.example."""
    return Applicant(name, f"{name.lower()}@attendee.example", "en")


@pytest.fixture
async def one_seat(database: str, now: datetime) -> Event:
    """An event that confirms at once and has one seat on site, two online."""
    return await an_event(
        await an_organiser(),
        seats={Mode.ONSITE: 1, Mode.ONLINE: 2},
        now=now,
        confirmation=Confirmation.IMMEDIATE,
        promotion=Promotion.CONFIRM,
    )


@pytest.fixture
async def four_seats(database: str, now: datetime) -> Event:
    """An event that asks to confirm and has four seats on site."""
    return await an_event(
        await an_organiser(),
        seats={Mode.ONSITE: 4},
        now=now,
        promotion=Promotion.CONFIRM,
    )


@pytest.fixture
def registers(now: datetime) -> Registers:
    """Register people by name: `await registers(event, "Anna")`."""

    async def one(
        event: Event, name: str, mode: Mode = Mode.ONSITE, at: datetime = now
    ) -> Registered:
        return await register(event.id, applicant(name), mode, vouched=False, now=at)

    return one
