"""Whom a round asks: who has a seat, who was there, or who stands in its list."""

from uuid import UUID

from werkraum_events.models import Session
from werkraum_feedback.answering import ballots
from werkraum_feedback.models import Audience, Ballot, Invitee, Round
from werkraum_registration.attended import attended
from werkraum_registration.models import Booking
from werkraum_registration.queries import confirmed_of


async def people_of(asked: Round) -> list[UUID]:
    """List whom a round asks: registrations of its event, or invitees of its list.

    Whoever cannot be written to is not asked. Where nobody noted who was there,
    everybody with a seat is.
    """
    if asked.event_id is None:
        return [each.id for each in await Invitee.filter(round_id=asked.id)]
    people = [it.id for it in await confirmed_of(asked.event_id) if it.email]
    if asked.session_id:
        people = await _chosen(asked.session_id, people)
    if asked.audience is Audience.ATTENDED:
        there = await _there(asked.event_id, asked.session_id)
        return [each for each in people if each in there] if there else people
    return people


async def holders_of(asked: Round) -> list[UUID]:
    """Find who has a ballot and is there to be asked still: not who came later."""
    given = {it.token_hash for it in await Ballot.filter(round_id=asked.id)}
    if asked.event_id is None:
        people = await people_of(asked)
    else:
        people = [it.id for it in await confirmed_of(asked.event_id) if it.email]
    return [each for each in people if ballots.hash_for(asked.id, each) in given]


async def _chosen(session_id: UUID, people: list[UUID]) -> list[UUID]:
    """Keep who has a seat in a session; one that nobody books is everybody's."""
    session = await Session.get(id=session_id)
    if not session.bookable:
        return people
    booked = await Booking.filter(pool__session_id=session_id, holds_seat=True)
    chosen = {each.registration_id for each in booked}
    return [each for each in people if each in chosen]


async def _there(event_id: UUID, session_id: UUID | None) -> set[UUID]:
    """Tell who was in the session, or at the event where nobody noted that."""
    found = await attended(event_id, session_id) if session_id else []
    return {it.registration_id for it in found or await attended(event_id)}
