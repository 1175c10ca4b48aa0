"""The letter with the link that signs somebody in."""

from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.language import in_language
from werkraum_foundation.letters import Link, Mailbox, compose, deliver, letterhead_of
from werkraum_foundation.models import LinkOrigin, Membership
from werkraum_foundation.outbox import job
from werkraum_foundation.sign_in import make_link
from werkraum_server.letters.strangers import returning


@job("letter:sign_in")
async def send_link(person_id: str, browser_hash: str, language: str) -> None:
    """Make the link and send it; a second try makes another, both for ten minutes."""
    member = (
        await Membership.filter(person_id=person_id)
        .select_related("person", "organiser")
        .order_by("organiser__name")
        .first()
    )
    if member is None:
        return
    made = await make_link(
        UUID(person_id), LinkOrigin.LETTER, browser_hash=browser_hash, now=clock.now()
    )
    with in_language(language):
        letter = compose(
            "letters/sign_in",
            to=Mailbox(member.person.email),
            language=language,
            organiser=letterhead_of(member.organiser),
            first_contact=True,
            context={
                "sign_in": Link.to("desk:link", token=made.token),
                # As a number: the six digits are ours, nobody typed them.
                "code": int(made.code),
            },
        )
    await deliver(returning(letter, member.person.id))
