"""Personal invitations: invite, remind, withdraw; accept, decline, think again.

The link of an invitation proves the address it was sent to, so whoever accepts is
registered at once, and under that address only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_events.models import Event, Status
from werkraum_events.rules import NotPublished
from werkraum_foundation import audit
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.tokens import derived_token, hashed
from werkraum_registration import links, rules
from werkraum_registration.confirmations import confirm
from werkraum_registration.guest_lines import Invitee
from werkraum_registration.guest_rules import InvitationAccepted, InvitationWithdrawn
from werkraum_registration.models import Guest, GuestState, Registration, Source, State
from werkraum_registration.organisations import TypedOrganisation
from werkraum_registration.registrations import (
    Applicant,
    Application,
    Registered,
    enter,
)
from werkraum_registration.submissions import coming_from

PURPOSE = "guest"
LETTER = "letter:guest"
# Nobody is reminded on the day of the letter, and not twice by a double click.
BETWEEN_LETTERS = timedelta(days=1)


@dataclass(frozen=True)
class Invited:
    """How many letters are on their way, and how many had been invited before."""

    sent: int
    known: int


def guest_token(guest: Guest) -> str:
    """Rebuild the token of `/invited/{token}`, for the owner of the address only."""
    return derived_token(PURPOSE, guest.id, guest.generation)


async def guest_by_token(token: str) -> Guest | None:
    """Find whose invitation a link opens, event and organiser with it; one query."""
    found = Guest.filter(token_hash=links.hash_of(token))
    return await found.select_related("event__organiser").first()


@unit_of_work
async def invite(
    event: Event,
    people: Sequence[Invitee],
    *,
    language: str,
    actor: str,
    now: datetime,
) -> Invited:
    """Invite people whom nobody has invited yet, each with a letter of their own.

    Whose invitation was withdrawn gets a new one. Raises `NotPublished`, and what
    `rules.must_be_running` raises. Two statements for each letter.
    """
    must_be_invitable(event, now=now)
    sent = 0
    for each in people:
        if guest_id := await _written(event, each, language, now):
            await _send(event.organiser_id, guest_id)
            sent += 1
    if sent:
        await audit.record(
            event.organiser_id,
            "guest.invite",
            event.id,
            actor=actor,
            now=now,
            changes={"guests": [None, sent]},
        )
    return Invited(sent, len(people) - sent)


def must_be_invitable(event: Event, *, now: datetime) -> None:
    if event.status is Status.DRAFT:
        raise NotPublished
    rules.must_be_running(event, now=now)


async def _written(
    event: Event, each: Invitee, language: str, now: datetime
) -> UUID | None:
    """Write an invitation down; None for somebody who has one already."""
    identifier = uuid7()
    written = await rows(
        "INSERT INTO guest (id, event_id, email, email_key, name, language, state,"
        " generation, token_hash, created_at, sent_at) VALUES (:id, :event, :email,"
        " :key, :name, :language, 'open', 1, :hash, :now, :now)"
        " ON CONFLICT (event_id, email_key) DO NOTHING RETURNING id",
        id=identifier,
        event=event.id,
        email=each.email,
        key=normalised(each.email),
        name=each.name,
        language=language,
        hash=_hash(identifier, 1),
        now=now,
    )
    return identifier if written else await _renewed(event, each, language, now)


async def _renewed(
    event: Event, each: Invitee, language: str, now: datetime
) -> UUID | None:
    guest = await Guest.get(event_id=event.id, email_key=normalised(each.email))
    if guest.state is not GuestState.WITHDRAWN:
        return None
    guest.state, guest.answered_at, guest.sent_at = GuestState.OPEN, None, now
    guest.name, guest.language = each.name or guest.name, language
    # The link of the letter that was withdrawn stays dead.
    guest.generation += 1
    guest.token_hash = _hash(guest.id, guest.generation)
    await guest.save()
    return guest.id


def _hash(identifier: UUID, generation: int) -> str:
    return hashed(derived_token(PURPOSE, identifier, generation))


async def _send(organiser_id: UUID, guest_id: UUID, *, reminder: bool = False) -> None:
    args = {"guest_id": str(guest_id), "reminder": reminder}
    await enqueue(LETTER, args, organiser_id=organiser_id)


@unit_of_work
async def remind(event: Event, *, actor: str, now: datetime) -> int:
    """Write once more to all who have not answered; says to how many.

    Left out is who had a letter within the last day. Raises as `invite` does.
    """
    must_be_invitable(event, now=now)
    found = await rows(
        "UPDATE guest SET sent_at = :now WHERE event_id = :event"
        " AND state = 'open' AND (sent_at IS NULL OR sent_at <= :before)"
        " RETURNING id",
        now=now,
        event=event.id,
        before=now - BETWEEN_LETTERS,
    )
    for row in found:
        await _send(event.organiser_id, UUID(str(row["id"])), reminder=True)
    if found:
        await audit.record(
            event.organiser_id,
            "guest.remind",
            event.id,
            actor=actor,
            now=now,
            changes={"guests": [None, len(found)]},
        )
    return len(found)


@unit_of_work
async def withdraw(event: Event, guest_id: UUID, *, actor: str, now: datetime) -> Guest:
    """Take an invitation back; its link says so from now on.

    Harmless the second time. Raises `NotFound`, and `InvitationAccepted` for
    somebody who is registered: that is for the list of registrations.
    """
    guest = await _locked("id", guest_id)
    if guest.event_id != event.id:
        raise NotFound
    if guest.state is GuestState.ACCEPTED:
        raise InvitationAccepted
    if guest.state is not GuestState.WITHDRAWN:
        await _answer(guest, GuestState.WITHDRAWN, actor=actor, now=now)
    return guest


@unit_of_work
async def accept(
    token: str,
    name: str,
    language: str,
    application: Application,
    *,
    organisation: TypedOrganisation | None = None,
    now: datetime,
) -> Registered:
    """Register whoever was invited, under the address the link was sent to.

    `organisation` is the one somebody typed. Pressing twice answers the same.
    Raises `UnknownLink`, `InvitationWithdrawn`, and what `registrations.register`
    raises.
    """
    guest = await _locked("token_hash", links.hash_of(token))
    if guest.state is GuestState.WITHDRAWN:
        raise InvitationWithdrawn
    event = await Event.get(id=guest.event_id)
    wish = replace(application, source=Source.INVITATION)
    made = await enter(
        event,
        Applicant(name, guest.email, language),
        await coming_from(event, wish, organisation, now=now),
        vouched=True,
        now=now,
    )
    if made.state is State.UNCONFIRMED:
        # Had registered with the form before: this link proves the address as well.
        there = await Registration.get(id=made.id)
        made = await confirm(links.confirm_token(there), now=now)
    guest.registration_id = made.id
    await _answer(guest, GuestState.ACCEPTED, actor=audit.ATTENDEE, now=now)
    return made


@unit_of_work
async def decline(token: str, *, now: datetime) -> Guest:
    """Note that somebody will not come; harmless the second time.

    Raises `UnknownLink`, `InvitationWithdrawn`, `InvitationAccepted`.
    """
    guest = await _locked("token_hash", links.hash_of(token))
    _must_be_unanswered(guest)
    if guest.state is not GuestState.DECLINED:
        await _answer(guest, GuestState.DECLINED, actor=audit.ATTENDEE, now=now)
    return guest


@unit_of_work
async def think_again(token: str, *, now: datetime) -> Guest:
    """Take a declining back; raises as `decline` does."""
    guest = await _locked("token_hash", links.hash_of(token))
    _must_be_unanswered(guest)
    if guest.state is not GuestState.OPEN:
        await _answer(guest, GuestState.OPEN, actor=audit.ATTENDEE, now=now)
    return guest


def _must_be_unanswered(guest: Guest) -> None:
    if guest.state is GuestState.WITHDRAWN:
        raise InvitationWithdrawn
    if guest.state is GuestState.ACCEPTED:
        raise InvitationAccepted


async def _locked(column: str, value: UUID | str) -> Guest:
    """Lock an invitation, then read it; raises `UnknownLink` where there is none."""
    found = await rows(
        f"UPDATE guest SET state = state WHERE {column} = :value RETURNING id",
        value=value,
    )
    if not found:
        raise rules.UnknownLink
    return await Guest.get(id=found[0]["id"])


async def _answer(
    guest: Guest, state: GuestState, *, actor: str, now: datetime
) -> None:
    before, guest.state = guest.state, state
    guest.answered_at = None if state is GuestState.OPEN else now
    await guest.save()
    event = await Event.get(id=guest.event_id)
    await audit.record(
        event.organiser_id,
        f"guest.{state.value}",
        guest.id,
        actor=actor,
        now=now,
        changes={"state": [before.value, state.value]},
    )
