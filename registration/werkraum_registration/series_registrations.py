"""Registering for several events of a series in one go, and confirming all of them.

One form, one batch: one letter names all events, and its one button confirms them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.outbox import announce, enqueue
from werkraum_foundation.refusals import Refused
from werkraum_foundation.tokens import keyed_hash
from werkraum_registration import links, organisations, rules
from werkraum_registration.announcements import AddressKnown, RegistrationMade
from werkraum_registration.answer_reading import Value
from werkraum_registration.confirmations import confirm
from werkraum_registration.models import Registration, Source, State, Wanted
from werkraum_registration.organisations import TypedOrganisation
from werkraum_registration.queries import find_by_confirm_token
from werkraum_registration.registrations import (
    Applicant,
    Application,
    Registered,
    enter,
)

LETTER = "letter:series"
# The letter waits this long for the other events of its batch.
TOGETHER = timedelta(seconds=3)

# What one event may say without keeping anybody from the others.
ONE_REFUSES = (
    rules.NotOpenYet,
    rules.RegistrationClosed,
    rules.EventOver,
    rules.EventCalledOff,
    rules.ModeNotOffered,
    rules.PartyTooLarge,
    rules.RegistrationEnded,
    rules.Full,
)


@dataclass(frozen=True)
class Chosen:
    """An event somebody ticked, how they take part in it, and what they answer."""

    event: Event
    wanted: Wanted
    answers: Mapping[UUID, Value] = field(default_factory=dict)
    organisation: TypedOrganisation | None = None


class _Refuses(Exception):
    """One event says no: everything is taken back, to be tried without it."""

    def __init__(self, event_id: UUID, refusal: Refused) -> None:
        super().__init__(event_id)
        self.event_id, self.refusal = event_id, refusal


def batch_of(form_token: str, applicant: Applicant, chosen: Iterable[Chosen]) -> UUID:
    """Name a form by its content: sent twice, it is one and the same batch."""
    events = sorted(f"{it.event.id}:{it.wanted}:{_written(it)}" for it in chosen)
    parts = (form_token, applicant.name, applicant.email, *events)
    return UUID(keyed_hash("series", "\0".join(parts))[:32])


def _written(it: Chosen) -> str:
    answers = {str(question): value for question, value in it.answers.items()}
    return json.dumps(answers, sort_keys=True) if answers else ""


async def register_for(
    chosen: Sequence[Chosen], applicant: Applicant, *, batch_id: UUID, now: datetime
) -> dict[UUID, Refused]:
    """Register for all that can be had; answers with the events that refuse, and why.

    Says nothing about who was registered before. Raises `Busy`.
    """
    refused: dict[UUID, Refused] = {}
    while True:
        left = [it for it in chosen if it.event.id not in refused]
        try:
            await _register(left, applicant, batch_id=batch_id, now=now)
            return refused
        except _Refuses as said:
            refused[said.event_id] = said.refusal


@unit_of_work
async def _register(
    chosen: Sequence[Chosen], applicant: Applicant, *, batch_id: UUID, now: datetime
) -> None:
    # In one order for everybody: organisations, then the pools of several events.
    named = await _named(chosen, now=now)
    for each in sorted(chosen, key=lambda it: it.event.id):
        wish = Application(
            each.wanted,
            source=Source.SERIES,
            batch_id=batch_id,
            organisation_id=named.get(each.organisation),
            answers=each.answers,
        )
        try:
            made = await enter(each.event, applicant, wish, vouched=False, now=now)
        except ONE_REFUSES as refusal:
            raise _Refuses(each.event.id, refusal) from refusal
        if not made.created:
            await _tell_again(each.event, made, batch_id)


async def _named(
    chosen: Sequence[Chosen], *, now: datetime
) -> dict[TypedOrganisation | None, UUID | None]:
    """Find the organisations somebody named, or write them down."""
    offices = {it.organisation: it.event.organiser_id for it in chosen}
    return {
        it: await organisations.named(offices[it], it, now=now)
        for it in sorted(filter(None, offices), key=lambda it: it.name)
    }


async def _tell_again(event: Event, made: Registered, batch_id: UUID) -> None:
    """Send the letter again that fits, unless just this form was sent twice."""
    known = await Registration.get(id=made.id)
    if known.batch_id != batch_id:
        fact = RegistrationMade if made.state is State.UNCONFIRMED else AddressKnown
        await announce(fact(event.organiser_id, event.id, made.id))


@unit_of_work
async def plan_letter(registration_id: UUID, *, now: datetime) -> bool:
    """Have one letter sent for the batch of a registration; False if it has none.

    Called for each of them: all the calls of a moment make one letter.
    """
    found = await Registration.get_or_none(id=registration_id).select_related("event")
    if found is None or found.batch_id is None:
        return False
    await enqueue(
        LETTER,
        {"registration_id": str(registration_id)},
        due=now + TOGETHER,
        dedupe=f"series:{found.batch_id}",
        organiser_id=found.event.organiser_id,
    )
    return True


async def batch_by_token(token: str) -> list[Registration]:
    """Find what one letter's button confirms, in the order of the events.

    Empty for a registration that is in no batch, and for an unknown link.
    """
    found = await find_by_confirm_token(token)
    return await batch_with(found) if found and found.batch_id else []


async def batch_with(registration: Registration) -> list[Registration]:
    """List the batch of a registration under its address, events with them.

    An address that was corrected since has a letter of its own.
    """
    found = Registration.filter(
        batch_id=registration.batch_id, email_key=registration.email_key
    )
    return await found.select_related("event__organiser").order_by(
        "event__starts_at", "id"
    )


async def confirm_batch(token: str, *, now: datetime) -> None:
    """Confirm everything behind the one button; pressing twice changes nothing.

    Each event by itself: one that is full or off keeps nobody from the others.
    Raises `UnknownLink` where the link opens no batch.
    """
    batch = await batch_by_token(token)
    if not batch:
        raise rules.UnknownLink
    for each in batch:
        if each.state is State.UNCONFIRMED:
            try:
                await confirm(links.confirm_token(each), now=now)
            except ONE_REFUSES:
                # The page that follows says how each of them stands.
                continue
