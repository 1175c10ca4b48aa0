"""An event of today, and olga at its entrance."""

from datetime import timedelta

import httpx
import pytest
from tests.people import an_event, olga_signed_in
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import Person
from werkraum_registration.models import Registration


@pytest.fixture
async def today(client: httpx.AsyncClient) -> Event:
    """Olga's event with two seats on site, just begun; she is signed in."""
    now = clock.now().replace(microsecond=0)
    event = await an_event(
        await olga_signed_in(client),
        seats={Mode.ONSITE: 2, Mode.ONLINE: None},
        starts_at=now - timedelta(minutes=10),
        ends_at=now + timedelta(hours=2),
        self_check_in=True,
    )
    await Person.all().update(language=None)
    return event


@pytest.fixture
async def guest(today: Event) -> Registration:
    """Anna, who has a seat on site."""
    return await somebody(today, "Anna Beispiel", Mode.ONSITE)
