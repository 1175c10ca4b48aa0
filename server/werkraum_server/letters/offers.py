"""Letters about seats that are offered, given and lost while people wait."""

from uuid import UUID

from werkraum_events.models import Mode, Session
from werkraum_foundation import clock
from werkraum_foundation.letters import deliver
from werkraum_registration.models import Booking, Registration, State, Wish
from werkraum_registration.rules import WITH_SEAT
from werkraum_server.letters.calendar_messages import send_with_cancellation
from werkraum_server.letters.chosen import session_words
from werkraum_server.letters.recipients import (
    is_ahead,
    letter_to,
    place_of_wish,
    recipient,
)


async def seat_offered(registration_id: UUID, mode: Mode) -> None:
    """Tell somebody that a seat is kept, until when, and where the buttons are."""
    to = await recipient(registration_id, State.OFFERED, *WITH_SEAT)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    wish = await Wish.filter(
        registration_id=to.id, pool__mode=mode, offered_until__gt=clock.now()
    ).first()
    if wish is None:
        return
    letter = letter_to(
        to,
        "seat_offered",
        mode=mode,
        until=wish.offered_until,
        seated=int(has_seat(to)),
        last=int(wish.lapses > 0),
    )
    await deliver(letter)


async def offer_lapsed(registration_id: UUID, *, gone: bool) -> None:
    """Tell somebody that the seat is gone, and whether they still wait.

    Whoever is offered one again at once reads it in the letter about that.
    """
    to = await recipient(registration_id, *State)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    waiting = Wish.filter(registration_id=to.id)
    if not gone and await waiting.exclude(offered_until=None).exists():
        return
    place = None if gone else await place_of_wish(to)
    letter = letter_to(
        to, "offer_lapsed", gone=int(gone), seated=int(has_seat(to)), place=place
    )
    await deliver(letter)


async def seat_taken_back(registration_id: UUID) -> None:
    """Tell somebody who had a seat that there are fewer, and that they wait.

    Who was offered another one at once has no place, and a letter about that.
    """
    to = await recipient(registration_id, State.WAITLISTED, State.OFFERED)
    if to is not None and is_ahead(to.event, clock.now()):
        await send_with_cancellation(
            to,
            "seat_taken_back",
            plain_id=f"{to.id}.taken-back",
            place=await place_of_wish(to),
        )


async def offer_withdrawn(registration_id: UUID) -> None:
    """Tell somebody that the seat kept for them is one of those that are missing.

    Whoever is offered one again by now reads that in the letter about it.
    """
    to = await recipient(registration_id, State.WAITLISTED, *WITH_SEAT)
    if to is None or not is_ahead(to.event, clock.now()):
        return
    offered = Wish.filter(registration_id=to.id).exclude(offered_until=None)
    if not await offered.exists():
        place, seated = await place_of_wish(to), int(has_seat(to))
        await deliver(letter_to(to, "offer_withdrawn", place=place, seated=seated))


async def session_given(registration_id: UUID, session_id: UUID) -> None:
    """Tell somebody of the seat in a part of the programme they waited for."""
    to = await recipient(registration_id, *WITH_SEAT)
    booked = await Booking.exists(
        registration_id=registration_id, pool__session_id=session_id, holds_seat=True
    )
    session = await Session.get_or_none(id=session_id)
    if to is None or session is None or not booked:
        return
    if is_ahead(to.event, clock.now()):
        words = session_words(session, to.language)
        await deliver(letter_to(to, "session_given", session=words))


def has_seat(to: Registration) -> bool:
    return to.state in WITH_SEAT and to.holds_seat
