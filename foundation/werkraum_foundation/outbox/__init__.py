"""The outbox: what must happen later is a row, written together with its cause.

The table is the queue. Whatever drains it may be killed at any moment: a claim
is a lease, an end is fenced, a handler is harmless the second time.
"""

from werkraum_foundation.outbox.announcements import announce, on
from werkraum_foundation.outbox.doorbell import Doorbell, install_doorbell
from werkraum_foundation.outbox.jobs import (
    GivesUp,
    current_job,
    enqueue,
    job,
    reschedule,
    withdraw,
)

__all__ = [
    "Doorbell",
    "GivesUp",
    "announce",
    "current_job",
    "enqueue",
    "install_doorbell",
    "job",
    "on",
    "reschedule",
    "withdraw",
]
