"""One calendar of all of somebody's dates with an organiser.

Whoever asks for it on the page of one registration gets its address by letter: the
page may have been passed on, the mailbox is theirs. The address says nothing else
and opens nothing else, and one button makes it worthless (410, so that calendars
stop asking).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import gettext
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.refusals import Refused
from werkraum_foundation.tokens import derived_token, hashed
from werkraum_registration import links
from werkraum_registration.models import PersonalFeed, Registration, State
from werkraum_registration.rules import UnknownLink

FEED = "feed"
# So long a worthless address is told from one that never was.
KEPT = timedelta(days=90)

# What is due: worthless for long, or of an address that nobody has any more.
OVER = (
    "revoked_at < :revoked OR NOT EXISTS (SELECT 1 FROM"
    " registration r JOIN event e ON e.id = r.event_id"
    " WHERE r.email_key = personal_feed.email_key"
    " AND e.organiser_id = personal_feed.organiser_id)"
)


class FeedRevoked(Refused):
    """The address was made worthless by its owner."""

    status = 410
    code = "feed_revoked"

    def message(self) -> str:
        return gettext(
            "This address was made worthless. You can ask for a new one on the page "
            "of your registration."
        )


def token_of(feed: PersonalFeed) -> str:
    """Rebuild the token of `/dates/{token}`, for the owner of the address."""
    return derived_token(FEED, feed.id, 1)


@unit_of_work
async def order(registration: Registration, *, now: datetime) -> None:
    """Have the address sent to whoever registered; asked twice, it is the same one."""
    feed = await _make(registration, now=now)
    await enqueue(
        "letter:personal_feed",
        {"feed_id": str(feed.id), "registration_id": str(registration.id)},
        organiser_id=feed.organiser_id,
    )


async def _make(registration: Registration, *, now: datetime) -> PersonalFeed:
    organiser_id, key = registration.event.organiser_id, registration.email_key
    identifier = uuid7()
    await changed(
        "INSERT INTO personal_feed (id, organiser_id, email_key, number, language,"
        " feed_hash, created_at) SELECT :id, :organiser,"
        " CAST(:email AS VARCHAR(254)),"
        " coalesce(max(number), 0) + 1, :language, :hash, :now FROM personal_feed"
        " WHERE email_key = :email AND organiser_id = :organiser"
        " HAVING coalesce(sum(CASE WHEN revoked_at IS NULL THEN 1 ELSE 0 END), 0) = 0"
        " ON CONFLICT DO NOTHING",
        id=identifier,
        organiser=organiser_id,
        email=key,
        language=registration.language,
        hash=hashed(derived_token(FEED, identifier, 1)),
        now=now,
    )
    return await PersonalFeed.get(
        organiser_id=organiser_id, email_key=key, revoked_at=None
    )


async def feed_of(token: str) -> PersonalFeed:
    """Find the feed of a link, organiser with it.

    Raises `UnknownLink` and `FeedRevoked`.
    """
    found = PersonalFeed.filter(feed_hash=links.hash_of(token))
    feed = await found.select_related("organiser").first()
    if feed is None:
        raise UnknownLink
    if feed.revoked_at:
        raise FeedRevoked
    return feed


async def revoke(token: str, *, now: datetime) -> None:
    """Make the address worthless; the second time nothing changes."""
    await changed(
        "UPDATE personal_feed SET revoked_at = :now"
        " WHERE feed_hash = :hash AND revoked_at IS NULL",
        now=now,
        hash=links.hash_of(token),
    )


async def dates_of(feed: PersonalFeed) -> Sequence[Registration]:
    """List where the owner has a seat, in order of time, events with it."""
    found = Registration.filter(
        email_key=feed.email_key,
        event__organiser_id=feed.organiser_id,
        state=State.CONFIRMED,
    )
    ordered = found.select_related("event").order_by("event__starts_at", "id")
    return await ordered


async def forget(registration: Registration) -> None:
    """Delete the feed of an address that is not registered anywhere else."""
    others = await rows(
        "SELECT 1 FROM registration r JOIN event e ON e.id = r.event_id"
        " WHERE r.email_key = :email AND e.organiser_id = :organiser AND r.id <> :id",
        email=registration.email_key,
        organiser=registration.event.organiser_id,
        id=registration.id,
    )
    if not others:
        await PersonalFeed.filter(
            email_key=registration.email_key,
            organiser_id=registration.event.organiser_id,
        ).delete()
