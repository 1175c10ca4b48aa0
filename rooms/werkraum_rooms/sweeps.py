"""What has to be done every minute, by whoever runs the program."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from werkraum_rooms.probing.probing import hand_out_looks
from werkraum_rooms.running import count_present, hand_out_endings

# Each takes the moment, says how much it did, and is harmless when it is called
# twice or by two processes at once.
SWEEPS: tuple[Callable[[datetime], Awaitable[int]], ...] = (
    hand_out_looks,
    hand_out_endings,
    count_present,
)
