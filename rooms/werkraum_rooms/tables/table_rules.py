"""What is allowed at breakout tables, who goes where, and the refusals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.language import gettext, ngettext
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_rooms.models import BreakoutPlan, BreakoutTable
from werkraum_rooms.rules import Times

# More than one room server carries at a time.
MOST_TABLES = 50


@dataclass(frozen=True)
class TableWish:
    """A table as it shall be; `seats` counts people, None is without a limit."""

    title: Texts
    seats: int | None = None


@dataclass(frozen=True)
class Guest:
    """Who is to sit somewhere: a registration, and how many people it stands for."""

    registration_id: UUID
    seats: int = 1


@dataclass(frozen=True)
class Spread:
    """Which registration goes to which table, and who fits nowhere."""

    placed: tuple[tuple[Guest, UUID], ...]
    left: tuple[Guest, ...] = ()

    @property
    def mark(self) -> str:
        """Tell this one from any other: who has seen it agrees to no other."""
        said = ";".join(f"{it.registration_id}:{table}" for it, table in self.placed)
        return sha256(said.encode()).hexdigest()


class TableFull(Refused):
    """Fewer places are left than somebody needs."""

    status = 409
    code = "table_full"

    def message(self) -> str:
        return gettext(
            "There is no place left at this table. Please choose another one."
        )


class TableSeatsTaken(Refused):
    """More people sit at a table than it would have seats."""

    status = 409
    code = "table_seats_taken"

    def __init__(self, taken: int) -> None:
        super().__init__(taken)
        self.taken = taken

    def message(self) -> str:
        return ngettext(
            "One person sits at this table already.",
            "%(number)s people sit at this table already.",
            self.taken,
        )


class TableGone(NotFound):
    """The table was taken away meanwhile."""

    code = "table_gone"

    def message(self) -> str:
        return gettext("This table is not there any more. Please look again.")


class TableWasUsed(Refused):
    """People have met at the table: who was there would be lost with it."""

    status = 409
    code = "table_was_used"

    def message(self) -> str:
        return gettext("People have met at this table, so it stays. You can rename it.")


class TooManyTables(Refused):
    status = 409
    code = "too_many_tables"

    def message(self) -> str:
        return gettext("An event has at most %(most)s tables.", most=MOST_TABLES)


class NotYourChoice(Refused):
    """The organiser says who sits where."""

    status = 409
    code = "tables_not_chosen"

    def message(self) -> str:
        return gettext("At this event the organiser says who sits where.")


class NotAtTables(Refused):
    """Who is on site, or has no seat, sits at none of them."""

    status = 409
    code = "not_at_tables"

    def message(self) -> str:
        return gettext(
            "The tables are in the video room: they are for people who have a seat "
            "online."
        )


class ChoosingIsOver(Refused):
    """The talks at the tables are over, or the event is off."""

    status = 410
    code = "choosing_is_over"

    def message(self) -> str:
        return gettext("The talks at the tables are over.")


class SpreadChanged(Refused):
    """Somebody has sat down, left or come since the suggestion was shown."""

    status = 409
    code = "spread_changed"

    def message(self) -> str:
        return gettext(
            "Somebody has sat down or left in the meantime. Please look at the "
            "suggestion again."
        )


def times_of(plan: BreakoutPlan | None, event: Event) -> Times:
    """Say when people sit at the tables: as planned, or as long as the event."""
    if plan and plan.starts_at and plan.ends_at:
        return Times(plan.starts_at, plan.ends_at)
    return Times(event.starts_at, event.ends_at)


def must_be_choosable(
    plan: BreakoutPlan | None, event: Event, *, now: datetime
) -> None:
    """Refuse whoever chooses where the organiser does, or when all is over."""
    if plan is not None and not plan.chosen:
        raise NotYourChoice
    if now >= times_of(plan, event).ends_at:
        raise ChoosingIsOver


def must_fit(table: BreakoutTable, more: int) -> None:
    """Refuse more people than there are places left (TableFull)."""
    left = free_at(table)
    if left is not None and more > left:
        raise TableFull


def free_at(table: BreakoutTable) -> int | None:
    """Say how many places are left; None is without a limit."""
    return None if table.seats is None else max(0, table.seats - table.taken)


def seats_must_hold(table: BreakoutTable, seats: int | None) -> None:
    """Refuse fewer seats than are taken (TableSeatsTaken)."""
    if seats is not None and seats < table.taken:
        raise TableSeatsTaken(table.taken)


def times_must_be_possible(times: Times, event: Event) -> None:
    """Raise `InvalidInput` unless they lie in order within those of the event."""
    if times.ends_at <= times.starts_at:
        said = gettext("The end must be after the start.")
        raise InvalidInput([Fault("ends_at", "end_before_start", said)])
    if not fits(times, event):
        said = gettext("The tables must lie within the times of the event.")
        raise InvalidInput([Fault("starts_at", "outside_event", said)])


def fits(times: Times, event: Event) -> bool:
    return event.starts_at <= times.starts_at < times.ends_at <= event.ends_at


def spread(tables: Sequence[BreakoutTable], guests: Iterable[Guest]) -> Spread:
    """Spread people evenly over the places that are left.

    Parties stay together, the largest go first; each goes to the table with the
    fewest people of those where it fits, and nobody who sits is moved.
    """
    taken = {table.id: table.taken for table in tables}
    placed: list[tuple[Guest, UUID]] = []
    left: list[Guest] = []
    for guest in sorted(guests, key=lambda it: (-it.seats, it.registration_id)):
        fitting = [
            table
            for table in tables
            if table.seats is None or taken[table.id] + guest.seats <= table.seats
        ]
        if not fitting:
            left.append(guest)
            continue
        table = min(fitting, key=lambda it: (taken[it.id], it.position))
        taken[table.id] += guest.seats
        placed.append((guest, table.id))
    return Spread(tuple(placed), tuple(left))
