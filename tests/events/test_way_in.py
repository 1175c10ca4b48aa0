"""An online event without a room, a link or a dial-in is warned of at the desk."""

import httpx
import pytest
from tests.people import an_event, olga_signed_in

from werkraum_events.models import Event, Mode, Status

WARNING = "Nobody can get in online"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PUBLISHED])
@pytest.mark.parametrize(
    ("columns", "warned"),
    [
        pytest.param({}, True, id="nothing"),
        pytest.param({"online_link": "https://video.example.org/x"}, False, id="link"),
        pytest.param({"dial_in": "+49 30 123"}, False, id="dial-in"),
    ],
)
async def test_a_closed_door_is_warned_of_before_and_after_publishing(
    client: httpx.AsyncClient,
    status: Status,
    columns: dict[str, str],
    warned: bool,
) -> None:
    event = await an_event(await olga_signed_in(client), status=status)
    await Event.filter(id=event.id).update(**columns)
    page = (await client.get(f"/desk/events/{event.id}")).text
    assert (WARNING in page) is warned


async def test_an_event_on_site_needs_no_way_in(client: httpx.AsyncClient) -> None:
    event = await an_event(await olga_signed_in(client), seats={Mode.ONSITE: 3})
    assert WARNING not in (await client.get(f"/desk/events/{event.id}")).text
