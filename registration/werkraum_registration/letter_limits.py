"""How many letters a form may cause: the letters are limited, not the people.

Two limits, so that no page tells whose address is known:

* What anybody asks for is counted at the page, before anything is looked up: too much
  is refused for known and unknown addresses alike.
* To an address whose owner has pressed no button anywhere go three letters a day over
  all events. This one is counted where the letter is written: the page answers as
  ever, and the letter waits for the button or for the next day.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from werkraum_foundation.database import changed, moment, rows, unit_of_work
from werkraum_foundation.database.json_columns import decode
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.limits import DAY, FIRST_LETTERS, Limit, must_be_within
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import keyed_hash
from werkraum_registration.models import Registration

# Per address over all events: somebody may well register for a whole season.
ALL_LETTERS = Limit("letters", 10, DAY)

TO_UNCONFIRMED = 3
A_DAY = timedelta(days=1)


async def must_be_allowed_letter(event_id: UUID | None, email_key: str) -> None:
    """Count a letter to an address, known or not; raises `TooMany`.

    Counted before anything is looked up: the answer tells nobody who is known.
    """
    await must_be_within(FIRST_LETTERS, str(event_id), email_key)
    await must_be_within(ALL_LETTERS, email_key)


async def held_back_until(
    email_key: str, job: UUID, *, now: datetime
) -> datetime | None:
    """Count a letter that a form has caused; says when it may go, None for now.

    Each job counts once, however often it is tried. Nothing is counted for an
    address whose owner has pressed a button.
    """
    if not settings().limits or await is_vouched(email_key):
        return None
    return await _count(_hashed(email_key), str(job), now)


async def is_vouched(email_key: str) -> bool:
    """Whether the owner of an address has pressed a button at any event."""
    found = Registration.filter(email_key=email_key, vouched_at__isnull=False)
    return await found.exists()


@unit_of_work
async def _count(address: str, job: str, now: datetime) -> datetime | None:
    # In the database: exact over all processes, and after a restart as well.
    await changed(
        "INSERT INTO first_letters (id, address_hash, since, jobs)"
        " VALUES (:id, :address, :now, :none) ON CONFLICT (address_hash) DO NOTHING",
        id=uuid7(),
        address=address,
        now=now,
        none=[],
    )
    # Locks the row: two letters to one address take turns.
    [row] = await rows(
        "UPDATE first_letters SET since = since WHERE address_hash = :address"
        " RETURNING since, jobs",
        address=address,
    )
    since, jobs = moment(row["since"]), _names(row["jobs"])
    if since + A_DAY <= now:
        since, jobs = now, []
    if job in jobs:
        return None
    if len(jobs) >= TO_UNCONFIRMED:
        return since + A_DAY
    await changed(
        "UPDATE first_letters SET since = :since, jobs = :jobs"
        " WHERE address_hash = :address",
        since=since,
        jobs=[*jobs, job],
        address=address,
    )
    return None


def _names(jobs: Any) -> list[str]:  # Any: JSON, SQLite hands it out as text
    return list(decode(jobs) if isinstance(jobs, str | bytes) else jobs)


def _hashed(email_key: str) -> str:
    return keyed_hash("first letters", email_key)


async def full_until(email_key: str) -> datetime | None:
    """Tell until when letters to an address wait, if the day is full; one query."""
    found = await rows(
        "SELECT since, jobs FROM first_letters WHERE address_hash = :address",
        address=_hashed(email_key),
    )
    if not found or len(_names(found[0]["jobs"])) < TO_UNCONFIRMED:
        return None
    return moment(found[0]["since"]) + A_DAY


@unit_of_work
async def forget(now: datetime) -> int:
    """Forget what has been counted on another day."""
    return await changed(
        "DELETE FROM first_letters WHERE since <= :old", old=now - A_DAY
    )
