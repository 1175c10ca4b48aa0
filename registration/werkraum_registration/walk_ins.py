"""Deed for whoever comes without having registered: registered and here, in one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation.database import changed, unit_of_work
from werkraum_registration import approvals
from werkraum_registration.attendance import Coming, note
from werkraum_registration.models import Presence, Registration, Source, State, Wanted
from werkraum_registration.promotion import promote_by_hand
from werkraum_registration.registrations import Applicant, Application, register

# Stands for an address while somebody without one is registered (RFC 2606 2).
NOBODYS = "walk-in-{key}@nobody.example"


@dataclass(frozen=True)
class WalkIn:
    """Somebody at the door. `key` is the form's: sent twice, it is one person."""

    name: str
    email: str | None
    mode: Mode
    language: str
    key: str
    organisation_id: UUID | None = None


@unit_of_work
async def come_in(
    event: Event, who: WalkIn, *, actor: str, now: datetime
) -> Registration:
    """Give somebody a free seat and check them in; who is registered is checked in.

    All or nothing. Raises `NoFreeSeat` or `Full` where the organiser has to raise the
    seats first, `ModeNotOffered`, and what `rules.must_be_running` raises.
    """
    applicant = Applicant(
        who.name, who.email or NOBODYS.format(key=who.key.lower()), who.language
    )
    application = Application(
        Wanted(who.mode.value),
        source=Source.WALK_IN,
        organisation_id=who.organisation_id,
    )
    made = await register(
        event.id,
        applicant,
        application,
        vouched=False,
        now=now,
        actor=actor,
        by_hand=True,
    )
    if made.created:
        await _seat(event, made.id, made.state, who.mode, actor=actor, now=now)
    if made.created and not who.email:
        # No letter goes to somebody without an address; the key stays, for the
        # same form sent again.
        await changed("UPDATE registration SET email = '' WHERE id = :id", id=made.id)
    source = Presence.WALK_IN if made.created else Presence.DESK
    coming = Coming(source, f"walk-in-{who.key}", now)
    await note(event.id, made.id, coming, actor=actor, now=now)
    return await Registration.get(id=made.id)


async def _seat(
    event: Event,
    registration_id: UUID,
    state: State,
    mode: Mode,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Seat whoever stands in the door: others who wait are not there."""
    if state is State.WAITLISTED:
        reason = "walk-in"
        registration = await promote_by_hand(
            registration_id, mode, reason, actor=actor, now=now
        )
        state = registration.state
    if state is State.PENDING_APPROVAL:
        await approvals.approve_now(event.id, [registration_id], actor=actor, now=now)
