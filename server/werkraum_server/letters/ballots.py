"""The letters that ask: with the one-time right to answer, and the reminders of it."""

from uuid import UUID

from werkraum_feedback.answering.ballots import has_answered, token_for
from werkraum_feedback.asking.queries import timezone_of
from werkraum_feedback.asking.rules import may_sign
from werkraum_feedback.models import Invitee, Round, RoundState
from werkraum_foundation import clock
from werkraum_foundation.language import in_language, pick
from werkraum_foundation.letters import (
    Letter,
    Link,
    Mailbox,
    OrganiserText,
    ZoneName,
    compose,
    deliver,
    letterhead_of,
)
from werkraum_foundation.outbox import job
from werkraum_registration.models import State
from werkraum_server.letters.recipients import letter_to, recipient


@job("letter:ballot")
async def ask_how_it_was(
    round_id: str, registration_id: str, reminder: int = 0
) -> None:
    """Send somebody of an event the link to a round, as long as it is open.

    A reminder goes only to whoever has not answered.
    """
    to = await recipient(registration_id, State.CONFIRMED)
    asked = await _open_round(round_id)
    if to is None or asked is None:
        return
    if not (reminder and await has_answered(asked.id, to.id)):
        with in_language(to.language):
            context = _context(asked, to.id, to.language, reminder)
        await deliver(letter_to(to, "ballot", **context))


@job("letter:asked")
async def ask_the_network(round_id: str, invitee_id: str, reminder: int = 0) -> None:
    """Send somebody of a list the link to a round that belongs to no event."""
    to = await Invitee.get_or_none(id=invitee_id, round_id=round_id)
    asked = await _open_round(round_id)
    if to is None or asked is None:
        return
    if not (reminder and await has_answered(asked.id, to.id)):
        await deliver(_letter(asked, to, reminder))


async def _open_round(round_id: str) -> Round | None:
    found = Round.filter(id=round_id, state=RoundState.OPEN, closes_at__gt=clock.now())
    return await found.select_related("event", "organiser").first()


def _letter(asked: Round, to: Invitee, reminder: int) -> Letter:
    """Write to an address that the organiser knows: nothing of its owner is in it."""
    with in_language(to.language):
        return compose(
            "letters/asked",
            to=Mailbox(to.email),
            language=to.language,
            organiser=letterhead_of(asked.organiser),
            first_contact=True,
            context={
                "name": OrganiserText(to.name) if to.name else None,
                **_context(asked, to.id, to.language, reminder),
            },
        )


def _context(
    asked: Round, person_id: UUID, language: str, reminder: int
) -> dict[str, object]:
    token = token_for(asked.id, person_id)
    return {
        "title": OrganiserText(pick(asked.title)[0]),
        "kind": asked.kind,
        "reminder": reminder,
        "signable": int(may_sign(asked)),
        "ballot": Link.to("feedback:answer", lang=language, token=token),
        "closes_at": asked.closes_at,
        "timezone": ZoneName(timezone_of(asked)),
    }
