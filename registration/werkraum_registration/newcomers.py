"""Deciding about many newcomers of one event in one unit of work.

In a rush, most of what a registration costs is the way to the database and back. Here
the pools are locked once for all who stand in line, their places are counted in the
order in which they came, and each table gets its rows in one round trip. Whoever needs
a longer look (a party, a workshop, an address that is known) is left to
`submissions.submit`, which is what everybody gets who comes alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, QueueOrder
from werkraum_foundation import audit
from werkraum_foundation.database import changed_each, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.outbox import announce
from werkraum_foundation.refusals import Refused
from werkraum_registration import demand_counter, rules, submissions
from werkraum_registration.demand_counter import Place
from werkraum_registration.locked_pools import Counters, LockedPools, lock_pools
from werkraum_registration.models import ENDED, Registration, State
from werkraum_registration.organisations import TypedOrganisation
from werkraum_registration.registrations import (
    COLUMNS,
    VALUES,
    Applicant,
    Application,
    Entry,
    Registered,
    fact_of,
    holdable,
    is_any_free,
    keep_what_was_told,
    noted,
    room_in,
    row_of,
)
from werkraum_registration.seating import hold


@dataclass(frozen=True)
class Newcomer:
    """A form that was sent, as `submissions.submit` takes it."""

    applicant: Applicant
    application: Application
    key: str
    organisation: TypedOrganisation | None
    now: datetime

    @property
    def email_key(self) -> str:
        return normalised(self.applicant.email)


class Alone(Exception):
    """Somebody who is to be looked at alone; nobody behind them was decided about."""


# What is written into a row.
Values = dict[str, object]
# What has become of one: done, refused, or to be looked at alone afterwards.
Outcome = Refused | Alone | None


@unit_of_work
async def enter_together(
    event: Event, newcomers: Sequence[Newcomer]
) -> Sequence[Outcome]:
    """Register the first of these people; an outcome for each who was decided about.

    As many as can be decided about together, in their order: the next one behind
    them must be looked at alone before the rest.
    """
    pools = await lock_pools(event.id)
    event = await _as_it_stands(event)
    known = await _known(event.id, [it.email_key for it in newcomers])
    group = _Group(event, pools)
    outcomes: list[Outcome] = []
    for newcomer in newcomers:
        if newcomer.email_key in known:
            outcomes.append(Alone())
            continue
        known.add(newcomer.email_key)
        try:
            group.take(newcomer)
        except Alone:
            break
        except Refused as refusal:
            outcomes.append(refusal)
        else:
            outcomes.append(None)
    await group.write()
    return outcomes


async def _as_it_stands(event: Event) -> Event:
    """The event, read again if somebody has saved it since."""
    same = await rows(
        "SELECT 1 AS one FROM event WHERE id = :id AND version = :version",
        id=event.id,
        version=event.version,
    )
    return event if same else await Event.get(id=event.id)


async def _known(event_id: UUID, keys: Sequence[str]) -> set[str]:
    """The addresses among these that are registered at the event."""
    found = Registration.filter(event_id=event_id, email_key__in=keys)
    return {it.email_key for it in await found.exclude(state__in=ENDED)}


@dataclass(frozen=True)
class _Entered:
    """Somebody who has got a place, before a row says so."""

    newcomer: Newcomer
    entry: Entry
    place: Place
    made: Registered


@dataclass
class _Group:
    """Those who are decided about together."""

    event: Event
    pools: LockedPools
    entered: list[_Entered] = field(default_factory=list)
    queued: list[Values] = field(default_factory=list)

    def take(self, newcomer: Newcomer) -> None:
        """Give the next one a place; raises `Alone` and why there may be none."""
        event, wish, now = self.event, newcomer.application, newcomer.now
        entry = Entry(newcomer.applicant, wish, False, audit.ATTENDEE, False, now)
        if not _can_stand_with_others(event, wish):
            raise Alone
        entry.must_be_possible(event)
        place, queues = self._place(entry)
        made = Registered(uuid7(), event.id, place.state, place.mode, 1, created=True)
        self.entered.append(_Entered(newcomer, entry, place, made))
        for pool in queues:
            pool.demand += 1
            number = pool.next_number()
            row = demand_counter.queued(made.id, pool.id, number, now=now)
            self.queued.append(row)

    def _place(self, entry: Entry) -> tuple[Place, Sequence[Counters]]:
        """Count the newcomer in: the place, and the queues to stand in."""
        if entry.counts_at_once(self.event):
            return self._for_good(entry.application)
        return self._until_confirmed(entry.application), ()

    def _for_good(self, wish: Application) -> tuple[Place, Sequence[Counters]]:
        event, pools, modes = self.event, self.pools, wish.wanted.modes
        if pool := room_in(event, pools, wish):
            pool.join(1)
            if pools.total:
                pools.total.join(1)
            better = rules.still_wanted(wish.wanted, pool.mode)
            queues = [pools.of_mode(it) for it in better] if event.waiting_list else []
            return self._at(pool, State.CONFIRMED, holds_seat=True), queues
        if is_any_free(pools, modes):
            # Free, and not for a newcomer: who is next needs a longer look.
            raise Alone
        if not event.waiting_list:
            raise rules.Full
        queues = [pools.of_mode(it) for it in modes]
        return self._at(queues[0], State.WAITLISTED, holds_seat=False), queues

    def _until_confirmed(self, wish: Application) -> Place:
        event, pools = self.event, self.pools
        pool = holdable(event, pools, wish)
        if pool:
            hold(pools, pool, 1)
        elif not event.waiting_list and not room_in(event, pools, wish):
            raise rules.Full
        first = pools.of_mode(wish.wanted.modes[0])
        return self._at(pool or first, State.UNCONFIRMED, holds_seat=pool is not None)

    def _at(self, pool: Counters, state: State, *, holds_seat: bool) -> Place:
        assert pool.mode is not None
        return Place(pool.id, pool.mode, state, holds_seat)

    async def write(self) -> None:
        """Write the rows of all, and tell the others."""
        if not self.entered:
            return
        event = self.event
        entered = [await _named(event, it) for it in self.entered]
        await changed_each(
            f"INSERT INTO registration ({COLUMNS}) VALUES ({VALUES})",
            [row_of(event, it.entry, it.place, it.made.id) for it in entered],
        )
        if self.queued:
            await changed_each(demand_counter.QUEUE, self.queued)
        for it in entered:
            await keep_what_was_told(event, it.entry, it.made)
        await changed_each(submissions.MADE, [_form(it) for it in entered])
        await audit.record_each([noted(event, it.entry, it.made) for it in entered])
        await announce(*(fact_of(event, it.made) for it in entered))
        await self.pools.save()


async def _named(event: Event, it: _Entered) -> _Entered:
    """Find the organisation somebody typed, or make it."""
    wish = await submissions.coming_from(
        event, it.entry.application, it.newcomer.organisation, now=it.entry.now
    )
    return replace(it, entry=replace(it.entry, application=wish))


def _form(it: _Entered) -> Values:
    """The values of `submissions.MADE`."""
    entry, made = it.entry, it.made
    kept = submissions.values(
        made.event_id,
        entry.applicant,
        entry.application,
        it.newcomer.key,
        now=entry.now,
    )
    return {**kept, "made": made.id}


def _can_stand_with_others(event: Event, wish: Application) -> bool:
    """Whether seats and queues alone decide: one seat, no workshop, no approval."""
    return (
        wish.seats == 1
        and not wish.sessions
        and not event.approval
        and event.queue_order is QueueOrder.STRICT
    )
