"""Changing what somebody told us: name, party, sessions, answers, in one deed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.outbox import announce
from werkraum_registration import answers, approvals, parties, rules
from werkraum_registration.announcements import RegistrationChanged
from werkraum_registration.answer_reading import Value
from werkraum_registration.models import ENDED, Booking, Registration, State
from werkraum_registration.registrations import locked

# What stands in the audit for a name: names stand nowhere in it.
SOME_NAME = "…"


@dataclass(frozen=True)
class Details:
    """What somebody may change by themselves; `seats` counts all of the party."""

    name: str
    seats: int = 1
    companions: tuple[str, ...] = ()
    # Ids of the sessions that were chosen, all of them.
    sessions: frozenset[UUID] = frozenset()
    # Question → checked answer, for all questions that are asked.
    answers: Mapping[UUID, Value] = field(default_factory=dict)
    organisation_id: UUID | None = None


@unit_of_work
async def change(
    registration_id: UUID, details: Details, *, actor: str, now: datetime
) -> bool:
    """Put these details in the place of those there are; False if nothing differs.

    Asks the organiser again where the event wants that. Raises `NoFreeSeat` for more
    seats than are free, `PartyTooLarge`, `SessionNotBookable`, `QuestionsChanged`,
    `NotConfirmedYet`, `RegistrationEnded`, what `rules.must_be_running` raises; then
    nothing is changed at all.
    """
    _, registration = await locked(registration_id)
    must_be_changeable(registration, now=now)
    changed = [
        await _rename(registration, details, actor=actor, now=now),
        await _resize(registration, details, actor=actor, now=now),
        await _choose(registration, details, actor=actor, now=now),
        await answers.change(registration.id, details.answers, actor=actor, now=now),
    ]
    if any(changed):
        await approvals.after_change(registration.id, actor=actor, now=now)
    return any(changed)


def must_be_changeable(registration: Registration, *, now: datetime) -> None:
    rules.must_be_running(registration.event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    if registration.state is State.UNCONFIRMED:
        raise rules.NotConfirmedYet


async def _rename(
    registration: Registration, details: Details, *, actor: str, now: datetime
) -> bool:
    changes: dict[str, object] = {}
    if registration.name != details.name:
        changes["name"] = [SOME_NAME, SOME_NAME]
    before, after = registration.organisation_id, details.organisation_id
    if before != after:
        changes["organisation"] = [it and str(it) for it in (before, after)]
    if not changes:
        return False
    registration.name, registration.organisation_id = details.name, after
    await registration.save(update_fields=["name", "organisation_id"])
    event = registration.event
    await audit.record(
        event.organiser_id,
        "registration.change",
        registration.id,
        actor=actor,
        now=now,
        changes=changes,
    )
    await announce(RegistrationChanged(event.organiser_id, event.id, registration.id))
    return True


async def _resize(
    registration: Registration, details: Details, *, actor: str, now: datetime
) -> bool:
    wanted = details.seats, list(details.companions)
    if (registration.seats, registration.companions) == wanted:
        return False
    await parties.resize(registration.id, *wanted, actor=actor, now=now)
    return True


async def _choose(
    registration: Registration, details: Details, *, actor: str, now: datetime
) -> bool:
    booked = Booking.filter(registration_id=registration.id)
    before = await booked.values_list("pool__session_id", flat=True)
    if set(before) == details.sessions:
        return False
    await parties.choose_sessions(
        registration.id, details.sessions, actor=actor, now=now
    )
    return True
