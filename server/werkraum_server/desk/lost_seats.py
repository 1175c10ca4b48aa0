"""Fewer seats than are taken: who would lose one, named before it happens."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.language import gettext, ngettext
from werkraum_foundation.refusals import Refused
from werkraum_registration.models import SeatPool
from werkraum_registration.rules import ModeInUse


class SeatsWouldBeLost(Refused):
    """Nothing was saved: the organiser is to see whom it costs a seat, and agree."""

    code = "below_taken"

    def __init__(self, people: Sequence[str]) -> None:
        super().__init__(len(people))
        self.people = tuple(people)

    def message(self) -> str:
        return ngettext(
            "One person would lose their seat.",
            "%(number)s people would lose their seats.",
            len(self.people),
        )


async def must_close_nothing_in_use(event_id: UUID, modes: Collection[Mode]) -> None:
    """Raise `ModeInUse` where a way to take part would end in which people have seats.

    Nobody can wait for such a seat, so no agreement helps.
    """
    for pool in await SeatPool.filter(event_id=event_id, taken__gt=0):
        if pool.mode and pool.mode not in modes:
            raise ModeInUse(pool.mode, pool.taken)


@dataclass(frozen=True)
class Seat:
    """Somebody's seat, or one held for an offer, with the name as the desk says it."""

    id: str
    words: str


@unit_of_work
async def edit_taking_seats(
    event_id: UUID, edit: Callable[[], Awaitable[Event]], *, agreed: int | None
) -> Event:
    """Do it if it costs as many people their seat as the organiser has agreed to.

    It is done to see whom it costs: raises `SeatsWouldBeLost`, which takes it all
    back, where that is another number by now, or nobody was asked yet.
    """
    before = await _held(event_id)
    edited = await edit()
    kept = {seat.id for seat in await _held(event_id)}
    lost = [seat.words for seat in before if seat.id not in kept]
    if lost and len(lost) != agreed:
        raise SeatsWouldBeLost(lost)
    return edited


async def _held(event_id: UUID) -> list[Seat]:
    """List who has a seat at an event or is offered one; two queries."""
    seated = await rows(
        "SELECT id, name, email FROM registration WHERE event_id = :event"
        " AND holds_seat ORDER BY id",
        event=event_id,
    )
    offered = await rows(
        "SELECT w.id, r.name, r.email FROM wish w JOIN registration r"
        " ON r.id = w.registration_id WHERE r.event_id = :event"
        " AND w.offered_until IS NOT NULL ORDER BY w.id",
        event=event_id,
    )
    with_offer = gettext("(offered to them at the moment)")
    return [
        *(Seat(str(it["id"]), _named(it["name"], it["email"])) for it in seated),
        *(
            Seat(str(it["id"]), f"{_named(it['name'], it['email'])} {with_offer}")
            for it in offered
        ),
    ]


def _named(name: str, email: str) -> str:
    return f"{name}, {email}" if email else gettext("(deleted)")
