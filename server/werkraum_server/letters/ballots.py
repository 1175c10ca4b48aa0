"""The letter that asks how it was, with the one-time right to answer."""

from uuid import UUID

from werkraum_feedback.ballots import token_for
from werkraum_feedback.models import Round, RoundState
from werkraum_foundation import clock
from werkraum_foundation.letters import Link, deliver
from werkraum_foundation.outbox import job
from werkraum_registration.models import State
from werkraum_server.letters.recipients import letter_to, recipient


@job("letter:ballot")
async def ask_how_it_was(round_id: str, registration_id: str) -> None:
    """Send somebody the link to a round, as long as it is open."""
    to = await recipient(registration_id, State.CONFIRMED)
    asked = await Round.get_or_none(id=round_id, state=RoundState.OPEN)
    if to is None or asked is None:
        return
    if asked.closes_at is not None and asked.closes_at <= clock.now():
        return
    token = token_for(UUID(round_id), to.id)
    ballot = Link.to("feedback:answer", lang=to.language, token=token)
    await deliver(letter_to(to, "ballot", ballot=ballot, closes_at=asked.closes_at))
