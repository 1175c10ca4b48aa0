"""Changes at random, by many people at once; also as a process of its own.

`python -m tests.registration.churn SEED TASKS EVENT…` reads lines, each a moment and
a number of changes (`2027-03-01T09:00:00+00:00 40`), makes so many of them side by
side, and answers each line with one of JSON that tells what came of it.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from tests.people import an_event, an_organiser
from tests.registration.conftest import applicant

from werkraum_events.models import (
    Confirmation,
    Event,
    Mode,
    Promotion,
    QueueOrder,
    Session,
)
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.refusals import Busy, Refused
from werkraum_foundation.settings import settings
from werkraum_registration import (
    approvals,
    confirmations,
    links,
    offers,
    parties,
    promotion,
    registrations,
    seat_pools,
    submissions,
    wishes,
)
from werkraum_registration.holds import expire_due
from werkraum_registration.models import ENDED, Registration, State, Wanted, Wish
from werkraum_registration.newcomers import Newcomer
from werkraum_registration.registrations import Application
from werkraum_registration.turnstile import pass_through
from werkraum_server.database import opened

PEOPLE = 30
OLGA = "olga"


@dataclass
class Outcome:
    """How often each deed was done, and how often it was refused, with the reason."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    # The moment the one has reached who is furthest.
    until: datetime = datetime.min.replace(tzinfo=UTC)

    @property
    def operations(self) -> int:
        return self.done.total() + self.refused.total()

    def add(self, other: Self) -> None:
        self.done.update(other.done)
        self.refused.update(other.refused)
        self.until = max(self.until, other.until)

    def written(self) -> str:
        told = {"done": self.done, "refused": self.refused}
        return json.dumps({**told, "until": self.until.isoformat()})

    @classmethod
    def read(cls, line: str | bytes) -> Self:
        told = json.loads(line)
        until = datetime.fromisoformat(told["until"])
        return cls(Counter(told["done"]), Counter(told["refused"]), until)


async def busy_events(now: datetime) -> list[Event]:
    """Make events with few seats, in which everything happens that can.

    One with workshops, parties and approval; one that fills gaps in its queue; one
    of single seats and nothing else, where one statement decides.
    """
    organiser = await an_organiser()
    # Any: a value for each column.
    terms: list[dict[str, Any]] = [
        {
            "promotion": Promotion.OFFER,
            "largest_party": 3,
            "approval": True,
            "approval_again": True,
        },
        {
            "confirmation": Confirmation.IMMEDIATE,
            "queue_order": QueueOrder.FILL,
            "largest_party": 3,
        },
        {"promotion": Promotion.CONFIRM},
    ]
    events = [
        await an_event(
            organiser,
            seats={Mode.ONSITE: 4, Mode.ONLINE: 6},
            now=now,
            starts_at=now + timedelta(days=90),
            ends_at=now + timedelta(days=91),
            offer_hours=1,
            **each,
        )
        for each in terms
    ]
    for event in events[:2]:
        await _with_workshops(event, now)
    return events


async def _with_workshops(event: Event, now: datetime) -> None:
    made = [
        await Session.create(
            event=event,
            title={"en": "Workshop"},
            description={},
            speakers=[],
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            bookable=True,
        )
        for _ in range(2)
    ]
    limits = {made[0].id: 2, made[1].id: 5}
    await seat_pools.set_session_seats(event.id, limits, now=now)


class Churn:
    """One who makes changes at random, the clock moving on."""

    def __init__(self, event: Event, sessions: Sequence[UUID], seed: str) -> None:
        self.event, self.sessions = event, sessions
        self.chance = random.Random(seed)
        self.outcome = Outcome()
        # How often each is tried; False: there was nobody to do it.
        self.deeds: dict[Callable[[], Awaitable[bool]], int] = {
            self.register: 12,
            self.confirm: 10,
            self.cancel: 4,
            self.cancel_and_restore: 2,
            self.restore: 1,
            self.correct: 1,
            self.enter_by_hand: 1,
            self.switch: 3,
            self.wait: 3,
            self.stop_waiting: 1,
            self.accept: 6,
            self.decline: 1,
            self.promote: 1,
            self.approve: 3,
            self.reject: 1,
            self.change_the_party: 2,
            self.choose_sessions: 2,
            self.resize: 2,
            self.resize_workshops: 1,
            self.expire: 1,
            self.lapse: 1,
        }

    async def run(self, operations: int, now: datetime) -> Outcome:
        self.outcome, self.now = Outcome(), now
        deeds, weights = list(self.deeds), list(self.deeds.values())
        while self.outcome.operations < operations:
            self.now += timedelta(minutes=self.chance.randrange(12))
            (deed,) = self.chance.choices(deeds, weights)
            await self.tried(deed)
        self.outcome.until = self.now
        return self.outcome

    async def tried(self, deed: Callable[[], Awaitable[bool]]) -> None:
        """Do it, or be refused: both are fine, but not for a deadlock."""
        name = getattr(deed, "__name__", "")
        try:
            if await deed():
                self.outcome.done[name] += 1
        except Refused as refusal:
            # Tried in vain again and again; with a cause, only waited too long.
            if isinstance(refusal, Busy) and refusal.__cause__ is None:
                raise
            self.outcome.refused[f"{name}: {refusal.code}"] += 1

    async def someone(self, *states: State) -> Registration | None:
        """Somebody of the event in one of these states; in none: who takes part."""
        found = Registration.filter(event_id=self.event.id)
        if states:
            people = await found.filter(state__in=states)
        else:
            people = await found.exclude(state__in=ENDED)
        return self.chance.choice(people) if people else None

    @property
    def mode(self) -> Mode:
        return self.chance.choice(list(Mode))

    @property
    def wish(self) -> Application:
        if self.event.largest_party == 1:
            return Application(Wanted(self.mode.value))
        return Application(
            self.chance.choice(list(Wanted)),
            seats=self.chance.choice([1, 1, 2, 3]),
            sessions=tuple(self.some_sessions),
        )

    @property
    def some_sessions(self) -> set[UUID]:
        return {it for it in self.sessions if self.chance.random() < 0.4}

    async def register(self) -> bool:
        person, wish = applicant(f"P{self.chance.randrange(PEOPLE)}"), self.wish
        # Now and then the very same form twice.
        key = submissions.key_of(str(self.chance.randrange(40)), person, wish)
        await pass_through(self.event, Newcomer(person, wish, key, None, self.now))
        return True

    async def enter_by_hand(self) -> bool:
        person = applicant(f"P{self.chance.randrange(PEOPLE)}")
        await registrations.register(
            self.event.id,
            person,
            self.wish,
            vouched=True,
            now=self.now,
            actor=OLGA,
            by_hand=True,
        )
        return True

    async def correct(self) -> bool:
        person, wish = applicant(f"P{self.chance.randrange(PEOPLE)}"), self.wish
        key = submissions.key_of(str(self.chance.random()), person, wish)
        await submissions.submit(self.event, person, wish, key=key, now=self.now)
        right = applicant(f"P{self.chance.randrange(PEOPLE)}").email
        await submissions.correct(key, right, language="en", now=self.now)
        return True

    async def confirm(self) -> bool:
        if found := await self.someone(State.UNCONFIRMED):
            await confirmations.confirm(links.confirm_token(found), now=self.now)
        return found is not None

    async def cancel(self) -> bool:
        if found := await self.someone():
            await registrations.cancel(found.id, actor=ATTENDEE, now=self.now)
        return found is not None

    async def cancel_and_restore(self) -> bool:
        if found := await self.someone():
            await registrations.cancel(found.id, actor=ATTENDEE, now=self.now)
            await registrations.restore(found.id, actor=ATTENDEE, now=self.now)
        return found is not None

    async def restore(self) -> bool:
        if found := await self.someone(*ENDED):
            await registrations.restore(found.id, actor=ATTENDEE, now=self.now)
        return found is not None

    async def switch(self) -> bool:
        if found := await self.someone():
            await wishes.switch_mode(found.id, self.mode, actor=ATTENDEE, now=self.now)
        return found is not None

    async def wait(self) -> bool:
        if found := await self.someone():
            await wishes.wait_for(found.id, self.mode, actor=ATTENDEE, now=self.now)
        return found is not None

    async def stop_waiting(self) -> bool:
        if found := await self.someone(State.WAITLISTED, State.CONFIRMED):
            await wishes.stop_waiting(found.id, self.mode, actor=ATTENDEE, now=self.now)
        return found is not None

    async def offered(self) -> tuple[UUID, Mode] | None:
        offered = Wish.filter(pool__event_id=self.event.id, pool__session_id=None)
        found = await offered.exclude(offered_until=None).select_related("pool")
        if not found:
            return None
        wish = self.chance.choice(found)
        return wish.registration_id, wish.pool.mode or self.mode

    async def accept(self) -> bool:
        if found := await self.offered():
            await offers.accept(*found, actor=ATTENDEE, now=self.now)
        return found is not None

    async def decline(self) -> bool:
        if found := await self.offered():
            await offers.decline(*found, actor=ATTENDEE, now=self.now)
        return found is not None

    async def promote(self) -> bool:
        if found := await self.someone(State.WAITLISTED):
            await promotion.promote_by_hand(
                found.id, self.mode, "speaks first", actor=OLGA, now=self.now
            )
        return found is not None

    async def approve(self) -> bool:
        if found := await self.someone(State.PENDING_APPROVAL, State.WAITLISTED):
            await approvals.approve_now(
                self.event.id, [found.id], actor=OLGA, now=self.now
            )
        return found is not None

    async def reject(self) -> bool:
        if found := await self.someone(State.PENDING_APPROVAL, State.WAITLISTED):
            await approvals.reject_now(
                self.event.id, [found.id], actor=OLGA, now=self.now
            )
        return found is not None

    async def change_the_party(self) -> bool:
        if found := await self.someone():
            seats = self.chance.randint(1, self.event.largest_party)
            await parties.resize(found.id, seats, [], actor=ATTENDEE, now=self.now)
            await approvals.after_change(found.id, actor=ATTENDEE, now=self.now)
        return found is not None

    async def choose_sessions(self) -> bool:
        if found := await self.someone():
            await parties.choose_sessions(
                found.id, self.some_sessions, actor=ATTENDEE, now=self.now
            )
        return found is not None

    async def resize(self) -> bool:
        seats = {mode: self.chance.choice([2, 4, 6, 9, None]) for mode in Mode}
        total = self.chance.choice([5, 8, 12, None]) if self.sessions else None
        await seat_pools.set_seats(
            self.event.id,
            seats,
            total=total,
            take_back=self.chance.random() < 0.3,
            now=self.now,
            actor=OLGA,
        )
        return True

    async def resize_workshops(self) -> bool:
        limits = {it: self.chance.choice([1, 3, 6, None]) for it in self.sessions}
        await seat_pools.set_session_seats(self.event.id, limits, now=self.now)
        return bool(self.sessions)

    async def expire(self) -> bool:
        await expire_due(self.now)
        return True

    async def lapse(self) -> bool:
        await offers.lapse_due(self.now)
        return True


async def churns_for(events: Sequence[UUID], tasks: int, seed: int) -> list[Churn]:
    """Let so many people loose on the events in turn."""
    made = []
    for number in range(tasks):
        event = await Event.get(id=events[number % len(events)])
        sessions = [it.id for it in await Session.filter(event_id=event.id)]
        made.append(Churn(event, sessions, f"{seed} {number}"))
    return made


async def side_by_side(
    churns: Sequence[Churn], operations: int, now: datetime
) -> Outcome:
    """Make so many changes, shared among all of them."""
    each = -(-operations // len(churns))
    together = Outcome()
    for outcome in await asyncio.gather(*(it.run(each, now) for it in churns)):
        together.add(outcome)
    return together


async def obey(seed: int, tasks: int, events: Sequence[UUID]) -> None:
    """Do what each line asks for, until there are no more."""
    async with opened(settings().database_url):
        churns = await churns_for(events, tasks, seed)
        while line := await asyncio.to_thread(sys.stdin.readline):
            moment, operations = line.split()
            now = datetime.fromisoformat(moment)
            outcome = await side_by_side(churns, int(operations), now)
            print(outcome.written(), flush=True)


if __name__ == "__main__":
    asyncio.run(obey(int(sys.argv[1]), int(sys.argv[2]), [*map(UUID, sys.argv[3:])]))
