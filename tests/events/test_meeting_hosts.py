"""An event's own link leads to the services that the installation allows (B60)."""

from collections.abc import Iterator

import httpx
import pytest
from tests.events.test_desk import FORUM, sent
from tests.people import olga_signed_in

from werkraum_events.models import Event
from werkraum_foundation.settings import settings


@pytest.fixture
def two_services(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WERKRAUM_MEETING_HOSTS", "meet.example.org, .zoom.example")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


async def saved(client: httpx.AsyncClient, link: str) -> httpx.Response:
    await olga_signed_in(client)
    entries = FORUM | {"modes": ["online"], "online_link": link}
    return await sent(client, "/desk/events/new", entries)


@pytest.mark.usefixtures("two_services")
@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/room",
        "https://meet.example.org.evil.example/room",
        "https://sub.meet.example.org/room",
        "https://notzoom.example/room",
    ],
)
async def test_another_service_is_refused_and_the_allowed_ones_named(
    client: httpx.AsyncClient, link: str
) -> None:
    refused = await saved(client, link)

    assert refused.status_code == 422
    assert "meet.example.org, zoom.example" in refused.text
    assert link in refused.text
    assert await Event.all().count() == 0


@pytest.mark.usefixtures("two_services")
@pytest.mark.parametrize(
    "link",
    [
        "https://meet.example.org/room",
        "https://MEET.example.org/room",
        "https://zoom.example/j/1",
        "https://eu.zoom.example/j/1",
    ],
)
async def test_an_allowed_service_is_taken(
    client: httpx.AsyncClient, link: str
) -> None:
    assert (await saved(client, link)).status_code == 303
    assert (await Event.get()).online_link == link
