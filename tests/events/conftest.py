"""An organiser of the programme, and wishes for events."""

from datetime import UTC, datetime

import pytest
from tests.people import an_organiser

from werkraum_events.models import Kind
from werkraum_events.wishes import Access, EventWish, Place
from werkraum_foundation.models import Organiser

START = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)


@pytest.fixture
async def office(database: str) -> Organiser:
    return await an_organiser()


@pytest.fixture
def wish() -> EventWish:
    """A forum in Berlin's time, on site and online, on 4 March 2027 at 14:00."""
    return EventWish(
        slug="youth-forum",
        kind=Kind.FORUM,
        title={"de": "Forum Jugend", "en": "Youth forum"},
        starts_at=START,
        ends_at=START.replace(hour=15),
        timezone="Europe/Berlin",
        onsite=Place("Rathaus", "Markt 1"),
        online=Access("https://meet.example/secret-room", "+49 30 000"),
        topics=("jugend",),
    )
