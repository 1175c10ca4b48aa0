"""The letter to a new colleague: who added them, and how they sign in."""

from uuid import UUID

from werkraum_foundation.language import in_language
from werkraum_foundation.letters import (
    Link,
    Mailbox,
    OrganiserText,
    compose,
    deliver,
    letterhead_of,
)
from werkraum_foundation.models import Membership, Person
from werkraum_foundation.outbox import job
from werkraum_foundation.settings import settings
from werkraum_server.letters.strangers import returning


@job("letter:welcome")
async def welcome(organiser_id: str, person_id: str, actor: str) -> None:
    """Greet somebody who is in the team; the link is the page anybody may open.

    In their own language, or that of whoever added them. Their name is left out:
    nobody knows yet that the address is theirs.
    """
    found = Membership.filter(organiser_id=organiser_id, person_id=person_id)
    member = await found.select_related("person", "organiser").first()
    if member is None:
        return
    added_by = await _person(actor)
    language = _language(member.person, added_by)
    with in_language(language):
        letter = compose(
            "letters/welcome",
            to=Mailbox(member.person.email),
            language=language,
            organiser=letterhead_of(member.organiser),
            first_contact=True,
            context={
                "added_by": OrganiserText(added_by.name) if added_by else None,
                "sign_in": Link.to("desk:sign_in"),
            },
        )
    await deliver(returning(letter, member.person.id))


async def _person(actor: str) -> Person | None:
    """Find who did it; None for a command and for whoever has left since."""
    kind, _, identifier = actor.partition(":")
    return await Person.get_or_none(id=UUID(identifier)) if kind == "person" else None


def _language(*people: Person | None) -> str:
    known = (person.language for person in people if person and person.language)
    return next(known, settings().languages[0])
