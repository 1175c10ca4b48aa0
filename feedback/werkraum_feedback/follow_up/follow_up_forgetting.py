"""Forgetting what somebody promised, sought and offered; counts of the past stay true.

The marks in the SQL are moments that `werkraum_server.retention` knows.
"""

from datetime import datetime
from uuid import UUID

from werkraum_feedback.follow_up.talks import call_off_all_of
from werkraum_feedback.follow_up_models import (
    Contact,
    ContactState,
    ContactWish,
    Pledge,
    Practice,
    PracticeState,
)
from werkraum_foundation.database import changed, unit_of_work

_OVER = "event_id IN (SELECT id FROM event WHERE ends_at < :registrations)"

# A promise outlives the event; whose it is has to be known as long as it stands.
PLEDGES = f"created_at < :pledges OR (state = 'withdrawn' AND {_OVER})"
# A card was published with somebody's consent, which they can take back with their
# personal link: both go together.
STILL_NEEDED = (
    "(EXISTS (SELECT 1 FROM pledge WHERE pledge.registration_id = registration.id"
    " AND pledge.state <> 'withdrawn' AND pledge.created_at >= :pledges)"
    " OR EXISTS (SELECT 1 FROM practice WHERE practice.registration_id ="
    " registration.id AND practice.state = 'published'))"
)

# The rows stay for the count; nothing in them says what or who.
WISHES = f"(seeks <> '' OR offers <> '') AND {_OVER}"
FORGET_WISH = (
    "UPDATE contact_wish SET seeks = '', offers = '', themes = '[]', countries = '[]'"
)
CONTACTS = (
    "(one_says IS NOT NULL OR other_says IS NOT NULL OR talk_room <> '')"
    f" AND {_OVER} AND (talk_at IS NULL OR talk_at < :now)"
)
FORGET_CONTACT = (
    "UPDATE contact SET reasons = '[]', one_says = NULL, other_says = NULL,"
    " talk_room = ''"
)


@unit_of_work
async def forget(registration_id: UUID, *, now: datetime) -> None:
    """Erase what somebody told us of themselves; harmless the second time."""
    mine = {"registration_id": registration_id}
    await Pledge.filter(**mine).delete()
    await forget_wish(registration_id, now=now)
    # What they were asked about, or agreed to, is no longer agreed to.
    theirs = Practice.filter(**mine)
    await theirs.exclude(state=PracticeState.DRAFT).update(state=PracticeState.REFUSED)
    await Practice.filter(**mine).update(
        registration_id=None, shows_contact=False, consent_note=""
    )


async def forget_wish(registration_id: UUID, *, now: datetime) -> None:
    """Empty what somebody sought and offered; nobody is suggested to them any more.

    A talk that is to come is called off: the other one would wait in vain.
    """
    for wish in await ContactWish.filter(registration_id=registration_id):
        await call_off_all_of(wish.id, now=now)
        await changed(f"{FORGET_WISH} WHERE id = :id", id=wish.id)
        for side in ({"one_id": wish.id}, {"other_id": wish.id}):
            open_ones = Contact.filter(**side, state=ContactState.SUGGESTED)
            await open_ones.update(state=ContactState.DECLINED)
            await changed(
                f"{FORGET_CONTACT} WHERE {next(iter(side))} = :id", id=wish.id
            )
