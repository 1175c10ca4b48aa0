"""Erasing somebody: everything personal goes at once, numbers of the past stay true."""

from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.outbox import announce, enqueue
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_registration import answers, personal_feeds, registrations, traces
from werkraum_registration.announcements import RegistrationErased
from werkraum_registration.models import (
    ENDED,
    AddressChange,
    Bounce,
    Consent,
    Registration,
    RegistrationTag,
    State,
)
from werkraum_registration.rules import must_be_running

# A registration keeps its row. Its hashes become something that no token has, its
# address something no address is.
FORGET = (
    "UPDATE registration SET name = '', email = '', companions = '[]', note = '',"
    " calendar_answer = NULL,"
    " email_key = 'forgotten:' || CAST(id AS VARCHAR(36)),"
    " confirm_hash = 'forgotten:' || CAST(id AS VARCHAR(36)),"
    " manage_hash = 'forgotten:' || CAST(id AS VARCHAR(36))"
)


@unit_of_work
async def erase(registration_id: UUID, *, now: datetime, farewell: bool = True) -> None:
    """Erase somebody who asks for it; a seat is given back first.

    Whatever is stored of this address for the event goes, an earlier registration
    that was cancelled as well. With a `farewell` the address alone is kept aside
    until the last letter has left. Harmless the second time. Raises `NotFound`.
    """
    asked = await _read(registration_id)
    if not asked.email:
        return
    same = await _same_person(asked)
    wrote_to = any(it.state not in (State.UNCONFIRMED, State.EXPIRED) for it in same)
    for each in same:
        if each.state not in ENDED and _is_running(each, now=now):
            await registrations.cancel(each.id, actor=audit.ATTENDEE, now=now)
        await forget(each)
        await audit.record(
            each.event.organiser_id,
            "registration.erase",
            each.id,
            actor=audit.ATTENDEE,
            now=now,
        )
        await announce(
            RegistrationErased(each.event.organiser_id, each.event_id, each.id)
        )
    if farewell and wrote_to:
        await _say_farewell(same[-1], now=now)


async def _same_person(asked: Registration) -> list[Registration]:
    """List what an address has at an event: what has ended, then what is active."""
    found = await Registration.filter(
        event_id=asked.event_id, email_key=asked.email_key
    ).select_related("event")
    return sorted(found, key=lambda it: (it.state not in ENDED, it.id))


async def forget(registration: Registration) -> None:
    """Overwrite or delete whatever names somebody or was told us by them."""
    mine = {"registration_id": registration.id}
    await traces.forget(registration, await traces.addresses_of(registration))
    for table in (AddressChange, Bounce, Consent, RegistrationTag):
        await table.filter(**mine).delete()
    await answers.forget(registration.id)
    await personal_feeds.forget(registration)
    # What organisers noted of somebody, and which tags they gave.
    await changed(
        "UPDATE audit_entry SET changes = :nothing WHERE subject_id = :id"
        " AND action IN ('registration.edit', 'registration.tag')",
        nothing={},
        id=registration.id,
    )
    await changed(
        f"{FORGET}, organisation_id = NULL, named_organisation_id = NULL"
        " WHERE id = :id",
        id=registration.id,
    )
    came_from = (registration.organisation_id, registration.named_organisation_id)
    await traces.forget_organisations([it for it in came_from if it])


async def _say_farewell(registration: Registration, *, now: datetime) -> None:
    left = await AddressChange.create(
        registration_id=registration.id,
        email=registration.email,
        # No token has this hash: the address is kept for a letter only.
        token_hash=f"left:{registration.id}",
        created_at=now,
        confirmed_at=now,
    )
    await enqueue(
        "letter:erased",
        {"change_id": str(left.id)},
        organiser_id=registration.event.organiser_id,
    )


def _is_running(registration: Registration, *, now: datetime) -> bool:
    try:
        must_be_running(registration.event, now=now)
    except Refused:
        return False
    return True


async def _read(registration_id: UUID) -> Registration:
    found = Registration.filter(id=registration_id).select_related("event")
    registration = await found.first()
    if registration is None:
        raise NotFound
    return registration
