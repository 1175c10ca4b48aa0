"""A process that has started holds on to what it has, and knows its words and rooms."""

import subprocess
import sys

WHAT_IS_FROZEN = """
import gc
from werkraum_foundation import language
from werkraum_rooms.servers.room_servers import room_servers
from werkraum_server.app import create_app
from werkraum_server.settled import settle
app = create_app()
settle()
print(gc.get_freeze_count() > 50_000, sorted(language._words))
print(room_servers.cache_info().currsize)
"""


def test_a_full_collection_leaves_the_program_alone() -> None:
    # A process of its own: what is frozen stays so, also for the other tests.
    ended = subprocess.run(
        [sys.executable, "-c", WHAT_IS_FROZEN],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines() == ["True ['de', 'en']", "1"]
