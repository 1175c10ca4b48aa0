"""Room servers in the settings of one test, where it needs more than one."""

import pytest
from tests.rooms.conftest import SECRET

OTHER_SECRET = "pW8fVt3qKz6nYb1rXc5mGh9dLs2jTe7uAo4i"

SECOND = f"""
[[server]]
key = "second"
kind = "jitsi"
name = "Zweiter Server"
url = "https://second.example.org"
app_id = "werkraum"
app_secret = "{OTHER_SECRET}"
"""


def two_servers(environment: pytest.MonkeyPatch, more: str = SECOND) -> None:
    """Set up the usual server at meet.example.org, and a second one."""
    environment.setenv("WERKRAUM_JITSI_URL", "https://meet.example.org")
    environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
    environment.setenv("WERKRAUM_JITSI_APP_SECRET", SECRET)
    environment.setenv("WERKRAUM_JITSI_DOMAIN", "meet.jitsi")
    environment.setenv("WERKRAUM_ROOM_SERVERS", more)
