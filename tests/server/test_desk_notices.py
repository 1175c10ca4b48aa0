"""What the desk says after a deed: who hears of it, and who does not."""

import httpx
import pytest
from tests.people import an_event, olga_signed_in

from werkraum_events.models import Status


@pytest.mark.parametrize(
    ("status", "told"),
    [
        pytest.param(Status.PUBLISHED, True, id="published"),
        pytest.param(Status.DRAFT, False, id="draft"),
    ],
)
async def test_whoever_saves_an_event_reads_whether_people_are_told(
    client: httpx.AsyncClient, status: Status, told: bool
) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office, status=status)

    page = (await client.get(f"/desk/events/{event.id}?done=saved")).text

    assert "Your changes are saved." in page
    assert ("told by letter" in page) is told
