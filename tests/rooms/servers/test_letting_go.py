"""Whoever ends lets go of the connections to the room servers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from tests.rooms.conftest import SECRET, forget
from tests.rooms.misbehaving_server import Misbehaving, misbehaving, says

from werkraum_foundation.outbox import install_doorbell
from werkraum_foundation.outbox.doorbell import Silence
from werkraum_foundation.settings import settings
from werkraum_rooms.servers.room_servers import room_servers
from werkraum_server.app import lifespan
from werkraum_server.database import migrate
from werkraum_server.installation_check import findings


@pytest.fixture
async def server(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Misbehaving]:
    """A Jitsi server, inner port and all, and an installation of its own."""
    async with misbehaving(says(200, b"var JitsiMeetExternalAPI = 1;")) as server:
        environment.setenv("WERKRAUM_JITSI_URL", server.url)
        environment.setenv("WERKRAUM_JITSI_INTERNAL_URL", server.url)
        environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
        environment.setenv("WERKRAUM_JITSI_APP_SECRET", SECRET)
        environment.setenv("WERKRAUM_DATA_DIR", str(tmp_path))
        environment.delenv("WERKRAUM_DATABASE_URL", raising=False)
        forget()
        yield server
        install_doorbell(Silence())


async def test_the_program_lets_go_of_room_servers_when_it_ends(
    server: Misbehaving,
) -> None:
    await migrate(settings().database_url)
    async with lifespan(Starlette()):
        [jitsi] = room_servers()
        assert (await jitsi.health()).well
        assert server.open == 1

    await server.until_nobody_is_connected()


async def test_the_check_lets_go_of_them_as_well(server: Misbehaving) -> None:
    await findings()

    assert server.seen
    await server.until_nobody_is_connected()
