"""The first letter for several events at once: one button confirms all of them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.language import in_language
from werkraum_foundation.letters import Link, deliver
from werkraum_foundation.outbox import job
from werkraum_registration.links import confirm_token
from werkraum_registration.models import Registration, State
from werkraum_registration.rules import HOLD
from werkraum_registration.series_registrations import LETTER, batch_with
from werkraum_server.letters import sent_letters
from werkraum_server.letters.first_letters import limited
from werkraum_server.letters.recipients import (
    is_ahead,
    letter_to,
    recipient,
    words_of,
)
from werkraum_server.letters.registrations import confirm_address


@job(LETTER)
async def series(registration_id: str) -> None:
    """Ask about a batch; where one event of it is left, that is the usual letter."""
    waiting = await _waiting(UUID(registration_id))
    if len(waiting) == 1:
        await confirm_address(waiting[0].id)
    elif waiting:
        await confirm_series(waiting[0].id)


@limited
async def confirm_series(registration_id: UUID) -> None:
    """Ask the owner of an address to confirm all events of a batch, and until when."""
    waiting = await _waiting(registration_id)
    if not waiting:
        return
    to = waiting[0]
    with in_language(to.language):
        events = [words_of(it.event) for it in waiting]
    letter = letter_to(
        to,
        "confirm_series",
        events=events,
        confirm=Link.to("series:confirm", lang=to.language, token=confirm_token(to)),
        until=min(it.created_at for it in waiting) + HOLD,
    )
    await deliver(replace(letter, note_sent=partial(_note_sent, waiting)))


async def _note_sent(batch: Sequence[Registration]) -> None:
    """Note at each event that its letter has left: there is but one."""
    for it in batch:
        await sent_letters.note(it.event.organiser_id, it.id, "confirm_series")


async def _waiting(registration_id: UUID) -> list[Registration]:
    """List what of a batch still waits for the button, events with it."""
    to, now = await recipient(registration_id, *State), clock.now()
    return [
        it
        for it in (await batch_with(to) if to else [])
        if it.state is State.UNCONFIRMED and is_ahead(it.event, now)
    ]
