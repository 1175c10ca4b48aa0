"""What has to be done every minute, by whoever runs the program."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from werkraum_feedback.asking.planned import open_due, remind_due
from werkraum_feedback.asking.rounds import close_due
from werkraum_feedback.follow_up.contacts import expire_due

# Each takes the moment, says how much it did, and is harmless when it is called
# twice or by two processes at once.
SWEEPS: tuple[Callable[[datetime], Awaitable[int]], ...] = (
    open_due,
    remind_due,
    close_due,
    expire_due,
)
