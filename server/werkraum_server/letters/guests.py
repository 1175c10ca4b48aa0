"""The letter of a personal invitation, and the reminder of it."""

from werkraum_foundation import clock
from werkraum_foundation.language import in_language
from werkraum_foundation.letters import (
    Letter,
    Link,
    Mailbox,
    OrganiserText,
    compose,
    deliver,
    letterhead_of,
)
from werkraum_foundation.outbox import job
from werkraum_registration.guests import LETTER, guest_token
from werkraum_registration.models import Guest, GuestState
from werkraum_registration.rules import closes_at
from werkraum_server.letters.recipients import is_ahead, words_of
from werkraum_server.letters.strangers import returning


@job(LETTER)
async def guest(guest_id: str, reminder: bool) -> None:
    """Invite somebody, or ask once more, unless they have answered meanwhile.

    The name in it is the organiser's word: whoever registers confirms or changes it.
    """
    found = Guest.filter(id=guest_id, state=GuestState.OPEN)
    to = await found.select_related("event__organiser").first()
    now = clock.now()
    if to is not None and is_ahead(to.event, now) and now < closes_at(to.event):
        letter = _letter(to, "guest_reminded" if reminder else "guest_invited")
        await deliver(returning(letter, to.id))


def _letter(to: Guest, template: str) -> Letter:
    with in_language(to.language):
        return compose(
            f"letters/{template}",
            to=Mailbox(to.email),
            language=to.language,
            organiser=letterhead_of(to.event.organiser),
            first_contact=True,
            context={
                "event": words_of(to.event),
                "name": OrganiserText(to.name) if to.name else None,
                "hybrid": int(to.event.onsite and to.event.online),
                "online": int(to.event.online),
                "until": closes_at(to.event),
                "invitation": Link.to(
                    "registration:invited", lang=to.language, token=guest_token(to)
                ),
            },
        )
