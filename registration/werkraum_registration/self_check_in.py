"""Checking in oneself, with the code that is shown in the hall."""

import hmac
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.limits import MINUTE, Limit
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.tokens import keyed_hash
from werkraum_registration.attendance import Coming, note
from werkraum_registration.attended import here_of
from werkraum_registration.models import HallCode, Presence, Registration, State

DIGITS = 6

# Per event and client network: the whole hall may sit behind one address.
TRIES = Limit("self-check-in", 120, MINUTE)


async def generation_of(event_id: UUID) -> int:
    """Tell which of its codes the hall shows, from 1."""
    found = await HallCode.get_or_none(event_id=event_id)
    return found.generation if found else 1


def hall_code(event_id: UUID, generation: int) -> str:
    """Make the code of an event: six digits, to be typed from the wall."""
    number = int(keyed_hash("hall", f"{event_id}:{generation}"), 16)
    return f"{number % 10**DIGITS:0{DIGITS}d}"


async def is_hall_code(event_id: UUID, typed: str) -> bool:
    right = hall_code(event_id, await generation_of(event_id))
    return hmac.compare_digest(typed.encode(), right.encode())


@unit_of_work
async def renew_code(event: Event, seen: int, *, actor: str, now: datetime) -> None:
    """Replace the code that somebody saw; a second click changes nothing more."""
    done = await changed(
        "INSERT INTO hall_code (id, event_id, generation) VALUES (:id, :event, :next)"
        " ON CONFLICT (event_id) DO UPDATE SET generation = :next"
        " WHERE hall_code.generation < :next",
        id=uuid7(),
        event=event.id,
        next=min(seen, await generation_of(event.id)) + 1,
    )
    if done:
        await audit.record(
            event.organiser_id, "hall_code.renew", event.id, actor=actor, now=now
        )


@unit_of_work
async def come_by_address(event: Event, email: str, *, now: datetime) -> None:
    """Note who has a seat under an address; says nothing about whether anybody does."""
    found = await rows(
        "SELECT id FROM registration WHERE event_id = :event AND email_key = :key"
        " AND state = 'confirmed'",
        event=event.id,
        key=normalised(email),
    )
    for row in found:
        await _come(event, UUID(str(row["id"])), now=now)


@unit_of_work
async def come_by_link(registration: Registration, *, now: datetime) -> bool:
    """Note whoever opened the personal link; False for somebody without a seat."""
    if registration.state is not State.CONFIRMED:
        return False
    await _come(registration.event, registration.id, now=now)
    return True


async def _come(event: Event, registration_id: UUID, *, now: datetime) -> None:
    """Note it once; again only after it was taken back."""
    here = await here_of([registration_id])
    if Presence.SELF in here.get(registration_id, ()):
        return
    coming = Coming(Presence.SELF, f"self-{uuid7()}", now)
    await note(event.id, registration_id, coming, actor=audit.ATTENDEE, now=now)
