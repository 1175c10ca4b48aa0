"""Forms that were sent: one effect each, and the same page for every address."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
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
from werkraum_registration import links, organisations, rules
from werkraum_registration.announcements import AddressKnown, RegistrationMade
from werkraum_registration.locked_pools import LockedPools
from werkraum_registration.models import Registration, State, Submission, Wanted
from werkraum_registration.organisations import TypedOrganisation
from werkraum_registration.queries import (
    active_registration,
    coming_registrations,
    submission_by,
)
from werkraum_registration.registrations import (
    Applicant,
    Application,
    end,
    enter,
    locked,
    wish_of,
)

# Any: a tree of JSON.
Json = dict[str, Any]


def written(wish: Application) -> Json:
    """Write down what somebody wants, to send it again with another address."""
    return {
        "wanted": wish.wanted.value,
        "seats": wish.seats,
        "companions": list(wish.companions),
        "sessions": [str(it) for it in wish.sessions],
        "organisation": wish.organisation_id and str(wish.organisation_id),
        "answers": {str(it): value for it, value in wish.answers.items()},
        "consents": list(wish.consents),
    }


def read(kept: Json) -> Application:
    """Read what `written` has written."""
    organisation = kept["organisation"]
    return Application(
        wanted=Wanted(kept["wanted"]),
        seats=kept["seats"],
        companions=tuple(kept["companions"]),
        sessions=tuple(UUID(it) for it in kept["sessions"]),
        organisation_id=UUID(organisation) if organisation else None,
        answers={UUID(it): value for it, value in kept["answers"].items()},
        consents=tuple(kept["consents"]),
    )


def key_of(
    form_token: str, applicant: Applicant, application: Application | Mode
) -> str:
    """Name a form by its content: sent twice, it is one and the same.

    Only we can compute it, so it is also the secret in the next page's address.
    """
    wish = json.dumps(written(wish_of(application)), sort_keys=True)
    parts = (form_token, applicant.name, normalised(applicant.email), wish)
    return keyed_hash("submission", "\0".join(parts))


@unit_of_work
async def submit(
    event: Event,
    applicant: Applicant,
    application: Application | Mode,
    *,
    key: str,
    now: datetime,
    organisation: TypedOrganisation | None = None,
) -> None:
    """Register the person, or remind the owner of an address that is known.

    `organisation` is the one somebody typed. Says nothing about which of the two it
    was. Raises as `registrations.register`.
    """
    wish = await coming_from(event, wish_of(application), organisation, now=now)
    made = await enter(event, applicant, wish, vouched=False, now=now)
    kept = values(event.id, applicant, wish, key, now=now)
    if made.created:
        await changed(MADE, **kept, made=made.id)
    elif await rows(f"{INSERT} DO NOTHING RETURNING id", **kept, made=None):
        await announce_again(event, made.id, made.state)


INSERT = (
    "INSERT INTO submission (id, key_hash, event_id, registration_id, name, email,"
    " wish, created_at) VALUES (:id, :key, :event, :made, :name, :email, :wish, :now)"
    " ON CONFLICT (key_hash)"
)
MADE = f"{INSERT} DO UPDATE SET registration_id = excluded.registration_id"


def values(
    event_id: UUID, applicant: Applicant, wish: Application, key: str, *, now: datetime
) -> dict[str, object]:
    """What `INSERT` needs of a form; `made` is the registration it has made."""
    return {
        "id": uuid7(),
        "key": hashed(key),
        "event": event_id,
        "name": applicant.name,
        "email": applicant.email,
        "wish": written(wish),
        "now": now,
    }


async def coming_from(
    event: Event,
    application: Application,
    organisation: TypedOrganisation | None,
    *,
    now: datetime,
) -> Application:
    """Put the organisation somebody named into the application, if one was named."""
    if organisation is None:
        return application
    named = await organisations.named(event.organiser_id, organisation, now=now)
    return replace(application, organisation_id=named)


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
        await _readdress(mistyped[1], email, now=now)
    else:
        await _start_anew(submission, mistyped, email, language=language, now=now)
    submission.email = email
    await submission.save(update_fields=["email", "registration_id"])


async def _still_unconfirmed(
    submission: Submission,
) -> tuple[LockedPools, Registration] | None:
    if submission.registration_id is None:
        return None
    found = await locked(submission.registration_id)
    return found if found[1].state is State.UNCONFIRMED else None


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
    mistyped: tuple[LockedPools, Registration] | None,
    email: str,
    *,
    language: str,
    now: datetime,
) -> None:
    """Register the right address by itself, and let the wrong one go."""
    if mistyped:
        await end(*mistyped, State.CANCELLED, actor=audit.ATTENDEE, now=now)
    applicant = Applicant(submission.name, email, language)
    made = await enter(
        submission.event, applicant, read(submission.wish), vouched=False, now=now
    )
    submission.registration_id = made.id if made.created else None
    if not made.created:
        await announce_again(submission.event, made.id, made.state)
