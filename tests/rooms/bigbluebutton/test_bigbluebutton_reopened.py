"""A room at a BigBlueButton that was ended opens again once the server forgets it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.people import olga_signed_in
from tests.rooms.bigbluebutton_double import BigBlueButtonDouble
from tests.rooms.conftest import forget
from tests.rooms.serving import serving
from tests.rooms.test_door import FROM_US
from tests.rooms.visitors import a_registration, an_online_event, door_of

from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.outbox.worker import drain
from werkraum_rooms import rooms

SECRET = "of-the-bigbluebutton-4f2b8c1d9e7a6035"


@pytest.fixture
async def bbb(environment: pytest.MonkeyPatch) -> AsyncIterator[BigBlueButtonDouble]:
    double = BigBlueButtonDouble(SECRET)
    async with serving(double.app()) as url:
        environment.setenv(
            "WERKRAUM_ROOM_SERVERS",
            f'[[server]]\nkey = "bbb"\nkind = "bbb"\n'
            f'url = "{url}/bigbluebutton"\nsecret = "{SECRET}"\n',
        )
        forget()
        yield double


async def test_until_then_the_door_and_the_desk_say_to_wait_and_nobody_is_alarmed(
    client: httpx.AsyncClient, bbb: BigBlueButtonDouble
) -> None:
    event = await an_online_event(await olga_signed_in(client))
    room = await rooms.provide(event.id, now=clock.now())
    assert room
    door, desk = (
        door_of(await a_registration(event)),
        f"/desk/events/{event.id}/rooms/{room.id}",
    )

    async def enters(address: str) -> httpx.Response:
        return await client.post(address, data={"name": "Anna"}, headers=FROM_US)

    assert (await enters(door)).status_code == 200
    await client.post(f"{desk}/end", data={"sure": "on"}, headers=FROM_US)
    await drain()
    await client.post(f"{desk}/reopen", headers=FROM_US)
    too_soon = await enters(door)
    at_desk = await client.post(desk, headers=FROM_US)

    assert too_soon.status_code == 409
    assert too_soon.headers["retry-after"] == "60"
    assert "needs a minute or two" in " ".join(too_soon.text.split())
    assert "takes a minute or two" in " ".join(at_desk.text.split())
    assert not await Job.filter(name="letter:room_trouble").exists()

    bbb.forget(room.slug)
    assert (await enters(door)).status_code == 200
