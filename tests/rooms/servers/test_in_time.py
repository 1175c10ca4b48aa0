"""Nobody waits longer than two seconds: not a person at the door, not a room server."""

import asyncio

import pytest

from werkraum_foundation.refusals import Busy
from werkraum_rooms.bigbluebutton import provider as bigbluebutton
from werkraum_rooms.jaas import provider as jaas
from werkraum_rooms.jitsi import conference
from werkraum_rooms.jitsi import provider as jitsi
from werkraum_rooms.servers import in_time as at_the_door
from werkraum_rooms.servers.in_time import in_time
from werkraum_rooms.servers.provider_errors import ProviderUnavailable

# What a door may take when its room server does not answer, in seconds.
PROMISED = 2.0


@pytest.mark.parametrize("late", [Busy(), None], ids=["busy", "as usual"])
async def test_what_takes_too_long_goes_on_behind_whoever_was_sent_away(
    late: Exception | None,
) -> None:
    go, done = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        await go.wait()
        done.set()

    with pytest.raises(type(late) if late else ProviderUnavailable):
        await in_time(slow(), patience=0.01, late=late)
    go.set()

    await asyncio.wait_for(done.wait(), timeout=60)


async def test_what_is_in_time_is_answered_and_its_troubles_are_told() -> None:
    async def answered() -> int:
        return 7

    async def troubled() -> int:
        raise ProviderUnavailable

    assert await in_time(answered()) == 7
    with pytest.raises(ProviderUnavailable):
        await in_time(troubled(), late=Busy())


@pytest.mark.parametrize(
    "patience",
    [
        pytest.param(at_the_door.PATIENCE, id="door"),
        pytest.param(jitsi.PATIENCE, id="Jitsi"),
        pytest.param(jaas.PATIENCE, id="JaaS"),
        pytest.param(bigbluebutton.PATIENCE, id="BigBlueButton"),
    ],
)
def test_at_the_door_a_server_is_given_up_before_the_page_is_promised(
    patience: float,
) -> None:
    assert patience < PROMISED


def test_a_server_gives_up_before_the_door_gives_up_on_it() -> None:
    """So that the door can say what the matter is, and not only that it is slow."""
    servers = jitsi.PATIENCE, jaas.PATIENCE, bigbluebutton.PATIENCE
    assert max(servers) < at_the_door.PATIENCE


def test_a_room_server_has_our_answer_within_two_seconds() -> None:
    assert conference.PATIENCE <= PROMISED
