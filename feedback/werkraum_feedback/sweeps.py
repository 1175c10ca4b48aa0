"""What has to be done every minute, by whoever runs the program."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from werkraum_feedback.contacts import expire_due
from werkraum_feedback.planned import open_due, remind_due
from werkraum_feedback.rounds import close_due

# Each takes the moment, says how much it did, and is harmless when it is called
# twice or by two processes at once.
SWEEPS: tuple[Callable[[datetime], Awaitable[int]], ...] = (
    open_due,
    remind_due,
    close_due,
    expire_due,
)
