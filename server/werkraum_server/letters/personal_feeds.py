"""The letter with the address of somebody's own calendar."""

from uuid import UUID

from werkraum_foundation.letters import Link, deliver
from werkraum_foundation.outbox import job
from werkraum_registration.models import PersonalFeed
from werkraum_registration.personal_feeds import token_of
from werkraum_server.letters.recipients import TAKING_PART, letter_to, recipient


@job("letter:personal_feed")
async def personal_feed(feed_id: str, registration_id: str) -> None:
    """Send the address, unless it was made worthless or the address changed hands."""
    to = await recipient(registration_id, *TAKING_PART)
    feed = await PersonalFeed.get_or_none(id=UUID(feed_id), revoked_at=None)
    if to is None or feed is None or to.email_key != feed.email_key:
        return
    link = Link.to("dates:page", lang=to.language, token=token_of(feed))
    await deliver(letter_to(to, "personal_feed", dates=link))
