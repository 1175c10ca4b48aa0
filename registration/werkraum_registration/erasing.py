"""Erasing somebody: everything personal goes at once, numbers of the past stay true."""

from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_registration import answers, registrations
from werkraum_registration.models import (
    ENDED,
    AddressChange,
    Consent,
    Guest,
    ImportBatch,
    ImportRow,
    Registration,
    RegistrationTag,
    State,
    Submission,
)
from werkraum_registration.rules import must_be_running

# A registration keeps its row. Its hashes become something that no token has, its
# address something no address is.
FORGET = (
    "UPDATE registration SET name = '', email = '', companions = '[]', note = '',"
    " email_key = 'forgotten:' || CAST(id AS VARCHAR(36)),"
    " confirm_hash = 'forgotten:' || CAST(id AS VARCHAR(36)),"
    " manage_hash = 'forgotten:' || CAST(id AS VARCHAR(36))"
)


@unit_of_work
async def erase(registration_id: UUID, *, now: datetime, farewell: bool = True) -> None:
    """Erase somebody who asks for it; a seat is given back first.

    With a `farewell` the address alone is kept aside until the last letter has left.
    Harmless the second time. Raises `NotFound`.
    """
    registration = await _read(registration_id)
    if not registration.email:
        return
    wrote_to = registration.state not in (State.UNCONFIRMED, State.EXPIRED)
    if registration.state not in ENDED and _is_running(registration, now=now):
        await registrations.cancel(registration_id, actor=audit.ATTENDEE, now=now)
    await forget(registration)
    event = registration.event
    await audit.record(
        event.organiser_id,
        "registration.erase",
        registration_id,
        actor=audit.ATTENDEE,
        now=now,
    )
    if farewell and wrote_to:
        await _say_farewell(registration, now=now)


async def forget(registration: Registration) -> None:
    """Overwrite or delete whatever names somebody or was told us by them."""
    mine = {"registration_id": registration.id}
    for table in (AddressChange, Consent, RegistrationTag):
        await table.filter(**mine).delete()
    await answers.forget(registration.id)
    event, key = registration.event_id, registration.email_key
    await ImportRow.filter(**mine).update(cells=[], email_key="")
    batches = await ImportBatch.filter(event_id=event).values_list("id", flat=True)
    sent = ImportRow.filter(batch_id__in=batches, email_key=key)
    await sent.update(cells=[], email_key="")
    await Guest.filter(event_id=event, email_key=key).delete()
    await Submission.filter(event_id=event, email__iexact=registration.email).delete()
    await changed(
        f"{FORGET}, organisation_id = NULL WHERE id = :id", id=registration.id
    )


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
