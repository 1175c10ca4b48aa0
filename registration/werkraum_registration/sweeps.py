"""What has to be done every minute, by whoever runs the program."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from werkraum_foundation.database import changed, unit_of_work
from werkraum_registration import export_files, imports, letter_limits
from werkraum_registration.holds import expire_due
from werkraum_registration.offers import lapse_due

# As long as a form stays valid in a browser.
KEEP_SUBMISSIONS = timedelta(days=2)


@unit_of_work
async def forget_submissions(now: datetime) -> int:
    """Delete sent forms whose "what comes next" page nobody needs any more."""
    return await changed(
        "DELETE FROM submission WHERE created_at <= :old", old=now - KEEP_SUBMISSIONS
    )


# Each takes the moment, says how many rows it touched, and is harmless when it is
# called twice or by two processes at once.
SWEEPS: tuple[Callable[[datetime], Awaitable[int]], ...] = (
    expire_due,
    lapse_due,
    forget_submissions,
    letter_limits.forget,
    export_files.forget,
    imports.forget,
)
