"""Forms that were sent: one effect each, and the same page for every address."""

from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError

from werkraum_events.models import Event, Mode
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.outbox import announce
from werkraum_foundation.refusals import Busy, NotFound
from werkraum_foundation.tokens import hashed, keyed_hash
from werkraum_registration import links, rules
from werkraum_registration.announcements import AddressKnown, RegistrationMade
from werkraum_registration.models import Registration, State, Submission
from werkraum_registration.queries import (
    active_registration,
    coming_registrations,
    submission_by,
)
from werkraum_registration.registrations import (
    Applicant,
    Registered,
    end,
    enter,
    locked,
)


def key_of(form_token: str, applicant: Applicant, mode: Mode) -> str:
    """Name a form by its content: sent twice, it is one and the same.

    Only we can compute it, so it is also the secret in the next page's address.
    """
    parts = (form_token, applicant.name, normalised(applicant.email), mode.value)
    return keyed_hash("submission", "\0".join(parts))


@unit_of_work
async def submit(
    event: Event, applicant: Applicant, mode: Mode, *, key: str, now: datetime
) -> None:
    """Register the person, or remind the owner of an address that is known.

    Says nothing about which of the two it was. Raises as `registrations.register`.
    """
    made = await enter(event, applicant, mode, vouched=False, now=now)
    is_new = await _remember(event, applicant, mode, made, key, now)
    if made.created and not is_new:
        await changed(
            "UPDATE submission SET registration_id = :made WHERE key_hash = :key",
            made=made.id,
            key=hashed(key),
        )
    if not made.created and is_new:
        await announce_again(event, made.id, made.state)


async def _remember(
    event: Event,
    applicant: Applicant,
    mode: Mode,
    made: Registered,
    key: str,
    now: datetime,
) -> bool:
    """Write down the form; False if just this form was sent before."""
    written = await rows(
        "INSERT INTO submission (id, key_hash, event_id, registration_id, name,"
        " email, mode, created_at) VALUES (:id, :key, :event, :registration, :name,"
        " :email, :mode, :now) ON CONFLICT (key_hash) DO NOTHING RETURNING id",
        id=uuid7(),
        key=hashed(key),
        event=event.id,
        registration=made.id if made.created else None,
        name=applicant.name,
        email=applicant.email,
        mode=mode.value,
        now=now,
    )
    return bool(written)


async def announce_again(event: Event, registration_id: UUID, state: State) -> None:
    """Have the letter sent again that fits the state."""
    fact = RegistrationMade if state is State.UNCONFIRMED else AddressKnown
    await announce(fact(event.organiser_id, event.id, registration_id))


@unit_of_work
async def send_again(submission: Submission) -> None:
    """Send the letter once more to the address of the form, if it takes part."""
    known = await active_registration(submission.event_id, normalised(submission.email))
    if known:
        await announce_again(submission.event, known.id, known.state)


@unit_of_work
async def send_links(
    email_key: str, *, event_id: UUID | None = None, now: datetime
) -> None:
    """Send the personal links of an address: of all that is to come, or one event."""
    for known in await coming_registrations(email_key, now=now, event_id=event_id):
        await announce_again(known.event, known.id, known.state)


async def correct(key: str, email: str, *, language: str, now: datetime) -> None:
    """Send the form of this key again with another address.

    Raises `NotFound`, and what `registrations.register` raises.
    """
    for _ in range(2):
        try:
            await _correct(hashed(key), email, language=language, now=now)
            return
        except IntegrityError:
            # The new address has just registered by itself: the next look sees it.
            continue
    raise Busy


@unit_of_work
async def _correct(key_hash: str, email: str, *, language: str, now: datetime) -> None:
    submission = await submission_by(key_hash)
    if submission is None:
        raise NotFound
    rules.must_be_running(submission.event, now=now)
    same = normalised(email) == normalised(submission.email)
    mistyped = await _still_unconfirmed(submission)
    known = await active_registration(submission.event_id, normalised(email))
    if same:
        await send_again(submission)
    elif mistyped and not known:
        await _readdress(mistyped, email, now=now)
    else:
        await _start_anew(submission, mistyped, email, language=language, now=now)
    submission.email = email
    await submission.save(update_fields=["email", "registration_id"])


async def _still_unconfirmed(submission: Submission) -> Registration | None:
    if submission.registration_id is None:
        return None
    registration = await locked(submission.registration_id)
    return registration if registration.state is State.UNCONFIRMED else None


async def _readdress(registration: Registration, email: str, *, now: datetime) -> None:
    """Give the registration the right address; links to the wrong one die."""
    registration.email = email
    registration.email_key = normalised(email)
    registration.generation += 1
    registration.confirm_hash, registration.manage_hash = links.hashes(
        registration.id, registration.generation
    )
    await registration.save()
    event = registration.event
    await audit.record(
        event.organiser_id,
        "registration.correct_address",
        registration.id,
        actor=audit.ATTENDEE,
        now=now,
    )
    await announce_again(event, registration.id, registration.state)


async def _start_anew(
    submission: Submission,
    mistyped: Registration | None,
    email: str,
    *,
    language: str,
    now: datetime,
) -> None:
    """Register the right address by itself, and let the wrong one go."""
    if mistyped:
        await end(mistyped, State.CANCELLED, actor=audit.ATTENDEE, now=now)
    applicant = Applicant(submission.name, email, language)
    made = await enter(
        submission.event, applicant, submission.mode, vouched=False, now=now
    )
    submission.registration_id = made.id if made.created else None
    if not made.created:
        await announce_again(submission.event, made.id, made.state)
