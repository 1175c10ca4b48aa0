"""An office with everything that can be filled in."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from tests.bad_inputs.asking_forms import asking_event
from tests.bad_inputs.day_forms import event_of_today
from tests.bad_inputs.entry_forms import series_and_guest
from tests.bad_inputs.forms import Office, an_office
from tests.bad_inputs.letter_forms import letter_of
from tests.bad_inputs.organisation_forms import consent_and_towns
from tests.bad_inputs.table_forms import table_of
from tests.bad_inputs.trials import Trial, journal
from tests.rooms.conftest import asking, environment, jitsi  # noqa: F401

from werkraum_foundation.settings import settings


@pytest.fixture
async def office(client: httpx.AsyncClient, asking: object) -> Office:  # noqa: F811
    """Olga's office; she is signed in. Its rooms are at a Jitsi that asks us."""
    office = await consent_and_towns(await asking_event(await an_office(client)))
    office = await event_of_today(office)
    return await table_of(await letter_of(await series_and_guest(office)))


@pytest.fixture
async def trial(client: httpx.AsyncClient, office: Office) -> AsyncIterator[Trial]:
    """Everything is in place, and written down; what is sent now changes nothing."""
    with journal() as kept:
        begun = Trial(client, kept)
        await begun.begin()
        yield begun


@pytest.fixture
def limits_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WERKRAUM_LIMITS", "on")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()
