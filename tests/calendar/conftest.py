from datetime import UTC, datetime

import pytest

from werkraum_calendar.items import Item
from werkraum_foundation.mailboxes import Mailbox


@pytest.fixture(scope="session")
def talk() -> Item:
    return Item(
        uid="0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11",
        sequence=3,
        revised_at=datetime(2026, 11, 1, 8, 30, 15, tzinfo=UTC),
        created_at=datetime(2026, 10, 1, 9, tzinfo=UTC),
        starts_at=datetime(2027, 7, 1, 12, tzinfo=UTC),
        ends_at=datetime(2027, 7, 1, 14, tzinfo=UTC),
        timezone="Europe/Berlin",
        summary="Werkstattgespräch",
        description="Wie Partnerschaften junge Menschen gewinnen",
        location="Ratssaal, Rathaus, Markt 1, Unna",
        url="https://events.example/de/events/jugend",
        categories=("Jugend", "Ungarn, Polen"),
        conference="https://events.example/de/my/token/door",
    )


@pytest.fixture(scope="session")
def olga() -> Mailbox:
    return Mailbox("rsvp+token@events.example", "Netzwerkbüro")


@pytest.fixture(scope="session")
def anna() -> Mailbox:
    return Mailbox("anna@attendees.example", "Anna Arendt")
