"""Approval: the organiser looks at registrations, decides, and tells."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.outbox import announce
from werkraum_registration import rules
from werkraum_registration.announcements import ApprovalAwaited, RegistrationConfirmed
from werkraum_registration.locked_pools import LockedPools, lock_pools
from werkraum_registration.models import Decision, Registration, State
from werkraum_registration.queries import event_with_id, registration_with_event
from werkraum_registration.registrations import end, locked
from werkraum_registration.seating import save_standing

# Who can be approved or rejected: with a seat that awaits it, or waiting for one.
OPEN = (State.PENDING_APPROVAL, State.WAITLISTED, State.OFFERED)


@unit_of_work
async def decide(
    event_id: UUID,
    registration_ids: Sequence[UUID],
    decision: Decision | None,
    *,
    actor: str,
    now: datetime,
) -> int:
    """Note decisions that nobody hears of yet; None takes them back.

    Says how many registrations of this event are decided so now; those that need
    no decision are passed over.
    """
    await lock_pools(event_id)
    event = await event_with_id(event_id)
    found = Registration.filter(event_id=event_id, id__in=list(registration_ids))
    undecided = await found.filter(state__in=OPEN).order_by("id")
    for registration in undecided:
        before, registration.decision = registration.decision, decision
        await save_standing(registration)
        await audit.record(
            event.organiser_id,
            "registration.decide",
            registration.id,
            actor=actor,
            now=now,
            changes={
                "decision": [before and before.value, decision and decision.value]
            },
        )
    return len(undecided)


@unit_of_work
async def tell(
    event_id: UUID,
    *,
    actor: str,
    now: datetime,
    only: Sequence[UUID] | None = None,
) -> int:
    """Carry out the decisions and tell the people; says how many.

    `only` limits it to these registrations. Raises what `rules.must_be_running`
    raises.
    """
    pools = await lock_pools(event_id)
    event = await event_with_id(event_id)
    rules.must_be_running(event, now=now)
    decided = Registration.filter(event_id=event_id, state__in=OPEN)
    decided = decided.exclude(decision=None).order_by("id")
    if only is not None:
        decided = decided.filter(id__in=list(only))
    told = 0
    for identifier in [each.id for each in await decided]:
        # Read one by one: a no before it may just have given this one a seat.
        registration = await registration_with_event(identifier)
        if registration.decision and registration.state in OPEN:
            await _carry_out(event, pools, registration, actor=actor, now=now)
            told += 1
    return told


async def _carry_out(
    event: Event,
    pools: LockedPools,
    registration: Registration,
    *,
    actor: str,
    now: datetime,
) -> None:
    if registration.decision is Decision.REJECT:
        await end(pools, registration, State.REJECTED, actor=actor, now=now)
        return
    before = registration.state
    registration.approved_at, registration.decision = now, None
    if before is State.PENDING_APPROVAL:
        registration.state = State.CONFIRMED
    await save_standing(registration)
    await audit.record(
        event.organiser_id,
        "registration.approve",
        registration.id,
        actor=actor,
        now=now,
        changes={"state": [before.value, registration.state.value]},
    )
    # Who waits hears of it with the seat.
    if before is State.PENDING_APPROVAL:
        fact = RegistrationConfirmed(event.organiser_id, event.id, registration.id)
        await announce(fact)


@unit_of_work
async def approve_now(
    event_id: UUID, registration_ids: Sequence[UUID], *, actor: str, now: datetime
) -> int:
    """Decide and tell in one go."""
    await decide(event_id, registration_ids, Decision.APPROVE, actor=actor, now=now)
    return await tell(event_id, actor=actor, now=now, only=registration_ids)


@unit_of_work
async def reject_now(
    event_id: UUID, registration_ids: Sequence[UUID], *, actor: str, now: datetime
) -> int:
    """Decide and tell in one go."""
    await decide(event_id, registration_ids, Decision.REJECT, actor=actor, now=now)
    return await tell(event_id, actor=actor, now=now, only=registration_ids)


@unit_of_work
async def after_change(registration_id: UUID, *, actor: str, now: datetime) -> bool:
    """Ask for approval again where the event wants that; the seat stays held."""
    _, registration = await locked(registration_id)
    event = registration.event
    if not (event.approval and event.approval_again):
        return False
    if registration.state is not State.CONFIRMED:
        return False
    registration.state = State.PENDING_APPROVAL
    registration.approved_at = None
    await save_standing(registration)
    await audit.record(
        event.organiser_id,
        "registration.approve_again",
        registration.id,
        actor=actor,
        now=now,
        changes={"state": [State.CONFIRMED.value, registration.state.value]},
    )
    await announce(ApprovalAwaited(event.organiser_id, event.id, registration.id))
    return True
