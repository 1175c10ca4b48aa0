"""A room server in the settings of one test."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.rooms.certificates import CertificateMaker, a_certificate
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.room_server import room_server

from werkraum_foundation.settings import settings
from werkraum_rooms.servers.room_servers import room_servers

API_TOKEN = "Kq7vN2xLw9Rt4Yb8Hc3Ds6Fg1Pa5Ue0Jm"
SECRET = "Zw4sY0gTnq8vKk1bQm6hXr3uLd9eJp2cAf7i"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Set variables before the settings are read; the next test reads its own."""
    forget()
    yield monkeypatch
    monkeypatch.undo()
    forget()


def forget() -> None:
    """Have the settings read anew."""
    settings.cache_clear()
    room_servers.cache_clear()


@pytest.fixture
def jitsi(environment: pytest.MonkeyPatch) -> Verifier:
    """Set up a Jitsi server that is well; returns its door."""
    environment.setenv("WERKRAUM_JITSI_URL", room_server())
    environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
    environment.setenv("WERKRAUM_JITSI_APP_SECRET", SECRET)
    environment.setenv("WERKRAUM_JITSI_DOMAIN", "meet.jitsi")
    return Verifier("werkraum", SECRET.encode(), domain="meet.jitsi")


@pytest.fixture
def asking(jitsi: Verifier, environment: pytest.MonkeyPatch) -> Verifier:
    """Have the server ask us before a room opens, and tell us who comes."""
    environment.setenv("WERKRAUM_JITSI_API_TOKEN", API_TOKEN)
    return jitsi


@pytest.fixture
def certificates(tmp_path: Path) -> CertificateMaker:
    return partial(a_certificate, tmp_path)
