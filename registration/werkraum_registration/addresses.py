"""Another e-mail address: it counts once its owner has pressed a button there."""

from datetime import datetime, timedelta
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import gettext
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.refusals import Refused
from werkraum_foundation.tokens import derived_token, hashed
from werkraum_registration import links, rules
from werkraum_registration.models import ENDED, AddressChange, Registration
from werkraum_registration.queries import active_registration

PURPOSE = "new-address"
VALID = timedelta(hours=24)


class AddressTaken(Refused):
    """Said to the owner of the new address alone."""

    code = "address_taken"

    def message(self) -> str:
        return gettext(
            "This address is registered for the event already. "
            "You can cancel one of the two registrations."
        )


class AddressLinkOld(Refused):
    status = 410
    code = "address_link_old"

    def message(self) -> str:
        return gettext(
            "This button no longer works. "
            "Please enter the new address on your personal page again."
        )


def token_of(change: AddressChange) -> str:
    """Rebuild the token of the letter to the new address, for that letter only."""
    return derived_token(PURPOSE, change.id, 1)


@unit_of_work
async def ask(registration_id: UUID, email: str, *, now: datetime) -> None:
    """Have the owner of another address asked; what was asked before is void.

    What was confirmed before stays: its letters may not have left yet. Does nothing
    for the address one has. Raises what `rules.must_be_running` raises, and
    `RegistrationEnded`.
    """
    registration = await _read(registration_id)
    rules.must_be_running(registration.event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    if email == registration.email:
        return
    asked = AddressChange.filter(registration_id=registration_id, confirmed_at=None)
    await asked.delete()
    identifier = uuid7()
    change = await AddressChange.create(
        id=identifier,
        registration_id=registration_id,
        email=email,
        token_hash=hashed(derived_token(PURPOSE, identifier, 1)),
        created_at=now,
    )
    await _enqueue("letter:new_address", change, registration)


async def pending(registration_id: UUID, *, now: datetime) -> AddressChange | None:
    """Find the new address that waits for its owner's button."""
    return await AddressChange.filter(
        registration_id=registration_id,
        confirmed_at=None,
        created_at__gt=now - VALID,
    ).first()


async def change_from(
    registration: Registration, generation: int
) -> AddressChange | None:
    """Find the change that ended a generation of links; it names the address left."""
    confirmed = AddressChange.filter(registration_id=registration.id)
    latest = confirmed.exclude(confirmed_at=None).order_by("-confirmed_at")
    return await latest.offset(registration.generation - 1 - generation).first()


async def asked_by(token: str) -> AddressChange | None:
    """Find what the button of a letter would change, all of the registration too."""
    found = AddressChange.filter(token_hash=links.hash_of(token))
    return await found.select_related("registration__event__organiser").first()


@unit_of_work
async def confirm(token: str, *, now: datetime) -> Registration:
    """Give the registration its new address; links to the old one die.

    Pressing twice answers the same. Raises `UnknownLink`, `AddressLinkOld`,
    `AddressTaken`, `RegistrationEnded`, what `rules.must_be_running` raises.
    """
    change = await asked_by(token)
    if change is None:
        raise rules.UnknownLink
    registration = await _read(change.registration_id)
    if change.confirmed_at is not None:
        return registration
    await _must_be_possible(change, registration, now=now)
    before = registration.email
    await _move(registration, change.email, now=now)
    change.email, change.confirmed_at = before, now
    await change.save(update_fields=["email", "confirmed_at"])
    await _enqueue("letter:address_changed", change, registration)
    return registration


async def _must_be_possible(
    change: AddressChange, registration: Registration, *, now: datetime
) -> None:
    rules.must_be_running(registration.event, now=now)
    if registration.state in ENDED:
        raise rules.RegistrationEnded
    if change.created_at <= now - VALID:
        raise AddressLinkOld
    known = await active_registration(registration.event_id, normalised(change.email))
    if known is not None and known.id != registration.id:
        raise AddressTaken


async def _move(registration: Registration, email: str, *, now: datetime) -> None:
    generation = registration.generation + 1
    registration.email, registration.email_key = email, normalised(email)
    registration.confirm_hash, registration.manage_hash = links.hashes(
        registration.id, generation
    )
    registration.generation = generation
    registration.vouched_at = registration.vouched_at or now
    await registration.save(
        update_fields=[
            "email",
            "email_key",
            "confirm_hash",
            "manage_hash",
            "generation",
            "vouched_at",
        ]
    )
    await audit.record(
        registration.event.organiser_id,
        "registration.change_address",
        registration.id,
        actor=audit.ATTENDEE,
        now=now,
        changes={"generation": [generation - 1, generation]},
    )


async def _read(registration_id: UUID) -> Registration:
    return await Registration.get(id=registration_id).select_related("event")


async def _enqueue(
    name: str, change: AddressChange, registration: Registration
) -> None:
    await enqueue(
        name,
        {"change_id": str(change.id)},
        organiser_id=registration.event.organiser_id,
    )
