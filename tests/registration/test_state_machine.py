"""All deeds on all pools in any order: the rules of the seats hold after every step.

The machine knows what it did, not how it is done: it presses what a person or an
organiser could press, refusals included, and looks at the rows after each step.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.people import an_event, an_organiser
from tests.registration.conftest import applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import (
    Confirmation,
    Event,
    Mode,
    Promotion,
    QueueOrder,
    Session,
)
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.database import rows
from werkraum_foundation.refusals import Refused
from werkraum_registration import (
    approvals,
    confirmations,
    links,
    offers,
    parties,
    promotion,
    registrations,
    seat_pools,
    wishes,
)
from werkraum_registration.holds import expire_due
from werkraum_registration.models import (
    ENDED,
    Registration,
    State,
    Wanted,
    Wish,
)
from werkraum_registration.newcomers import Newcomer
from werkraum_registration.registrations import Application
from werkraum_registration.turnstile import pass_through

T = TypeVar("T")

# Steps of one run in all: 5,000 with WERKRAUM_TEST_STEPS=5000, fewer every day.
TALLY = Counter[str]()
STEPS = int(os.environ.get("WERKRAUM_TEST_STEPS", "600"))
LENGTH = 100
# A long run must have come everywhere, or it shows nothing.
MANY = 2_000
REACHED = {
    *(
        "registration." + verb
        for verb in (
            "register confirm cancel restore offer accept_offer lapse move_up expire"
            " switch_mode wait_for stop_waiting promote_by_hand approve reject change"
            " take_back approve_again"
        ).split()
    ),
    "decline",
    "crowd",
    "Full",
    "OtherModeFull",
}
PHASES = (
    (Phase.generate, Phase.shrink)
    if "WERKRAUM_TEST_SHRINK" in os.environ
    else (Phase.generate,)
)
PEOPLE = 60
# Hypothesis likes some numbers best, and the first and the last of a list: chance
# comes from its bytes, and the number of the step makes another of the same bytes.
SEEDS = st.binary(min_size=16, max_size=16)
START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)

LIMITS = (2, 3, 4, 6, 9, None)

# What may follow what, for the state in the audit (I11); an ended one may be restored.
FOLLOWS = {
    None: {"unconfirmed", "confirmed", "waitlisted", "pending_approval"},
    "unconfirmed": {
        "confirmed",
        "waitlisted",
        "pending_approval",
        "cancelled",
        "expired",
    },
    "pending_approval": {
        "confirmed",
        "pending_approval",
        "rejected",
        "cancelled",
        "waitlisted",
    },
    "confirmed": {"cancelled", "confirmed", "waitlisted", "pending_approval"},
    "waitlisted": {
        "confirmed",
        "pending_approval",
        "waitlisted",
        "cancelled",
        "rejected",
        "expired",
    },
    "offered": {
        "confirmed",
        "pending_approval",
        "cancelled",
        "rejected",
        "expired",
        "offered",
        "waitlisted",
    },
    "cancelled": {"confirmed", "pending_approval", "waitlisted"},
    "rejected": set(),
    "expired": set(),
}


class Seats(RuleBasedStateMachine):
    """An event with places on site and online, a total, and two workshops."""

    loop: asyncio.AbstractEventLoop

    def do(self, deed: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(deed)

    @initialize(seed=SEEDS)
    def announce(self, seed: bytes) -> None:
        self.now, self.steps, self.chance = START, 0, Random(seed)
        # Person → registrations that are over for good (I12).
        self.gone: set[UUID] = set()
        self.do(self._announce())

    async def _announce(self) -> None:
        approval = self.chance.random() < 0.5
        self.event = await an_event(
            await an_organiser(),
            seats={Mode.ONSITE: 4, Mode.ONLINE: 7},
            now=self.now,
            confirmation=self.chance.choice(list(Confirmation)),
            promotion=self.chance.choice(list(Promotion)),
            queue_order=self.chance.choice(list(QueueOrder)),
            approval=approval,
            approval_again=approval,
            waiting_list=self.chance.random() < 0.75,
            largest_party=3,
            starts_at=START + timedelta(days=60),
            ends_at=START + timedelta(days=61),
        )
        self.sessions = [
            await Session.create(
                event=self.event,
                title={"en": "Workshop"},
                description={},
                speakers=[],
                starts_at=self.event.starts_at,
                ends_at=self.event.ends_at,
                bookable=True,
            )
            for _ in range(2)
        ]
        limits = {self.sessions[0].id: 2, self.sessions[1].id: None}
        await seat_pools.set_session_seats(self.event.id, limits, now=self.now)

    @rule(seed=SEEDS)
    def step(self, seed: bytes) -> None:
        """Do something somebody could do, by weight."""
        self.steps += 1
        self.chance = Random(seed + self.steps.to_bytes(2))
        self.now += timedelta(
            minutes=self.chance.choice([0, 0, 1, 1, 2, 5, 20, 90, 500, 2500])
        )
        deeds = [self.register] * 8 + [self.confirm] * 7 + [self.press] * 8
        deeds += [self.cancel, self.restore, self.promote, self.decide] * 2
        deeds += [self.enter_by_hand, self.choose_sessions] + [self.resize_party] * 3
        deeds += [self.resize, self.sweep, self.sweep, self.come_together]
        deed = self.chance.choice(deeds)
        note(f"{self.now:%d %H:%M} {deed.__name__}")
        try:
            self.do(deed())
        except Refused as refusal:
            TALLY[type(refusal).__name__] += 1

    async def someone(self) -> Registration:
        """Choose among those who are or were there; most of the time, who is."""
        there = Registration.filter(event_id=self.event.id)
        if self.chance.random() < 0.8:
            there = there.exclude(state__in=ENDED)
        if not (found := await there.order_by("id")):
            raise Refused
        return self.chance.choice(found)

    async def register(self) -> None:
        wish = Application(
            self.chance.choice(list(Wanted)),
            seats=self.chance.choice([1, 1, 1, 2, 3]),
            sessions=tuple(it.id for it in self.sessions if self.chance.random() < 0.3),
        )
        plain = self.chance.random() < 0.4
        await registrations.register(
            self.event.id,
            applicant(f"P{self.chance.randrange(PEOPLE)}"),
            Mode.ONSITE if plain else wish,
            vouched=False,
            now=self.now,
        )

    async def come_together(self) -> None:
        """Send several forms at once; whoever is refused hears it alone."""
        crowd = [
            pass_through(
                await Event.get(id=self.event.id),
                Newcomer(
                    applicant(f"P{self.chance.randrange(PEOPLE)}"),
                    Application(self.chance.choice(list(Wanted))),
                    f"form{self.chance.getrandbits(64)}",
                    None,
                    self.now,
                ),
            )
            for _ in range(self.chance.randint(2, 8))
        ]
        for heard in await asyncio.gather(*crowd, return_exceptions=True):
            if isinstance(heard, Refused):
                TALLY[type(heard).__name__] += 1
            elif heard is not None:
                raise heard
        TALLY["crowd"] += 1

    async def enter_by_hand(self) -> None:
        await registrations.register(
            self.event.id,
            applicant(f"P{self.chance.randrange(PEOPLE)}"),
            Application(Wanted.ONSITE_ELSE_ONLINE),
            vouched=True,
            now=self.now,
            by_hand=True,
        )

    async def confirm(self) -> None:
        unconfirmed = Registration.filter(state=State.UNCONFIRMED)
        found = await unconfirmed.order_by("id") or [await self.someone()]
        token = links.confirm_token(self.chance.choice(found))
        await confirmations.confirm(token, now=self.now)

    async def cancel(self) -> None:
        found = await self.someone()
        await registrations.cancel(found.id, actor=ATTENDEE, now=self.now)

    async def restore(self) -> None:
        """Take back what was cancelled, most of the time in time."""
        late = Registration.filter(state=State.CANCELLED).order_by("-ended_at")
        found = await late.first() or await self.someone()
        moment = self.now
        if found.ended_at and self.chance.random() < 0.7:
            moment = found.ended_at + timedelta(minutes=14)
        self.now = max(self.now, moment)
        await registrations.restore(found.id, actor=ATTENDEE, now=moment)
        self.gone.discard(found.id)

    async def press(self) -> None:
        """Press a button of the personal page; mostly one that is there."""
        offered = await Wish.exclude(offered_until=None).select_related("pool")
        found, mode = await self.someone(), self.chance.choice(list(Mode))
        deeds = [wishes.switch_mode, wishes.wait_for, wishes.stop_waiting]
        if offered and self.chance.random() < 0.3:
            wish = self.chance.choice(sorted(offered, key=lambda it: it.id))
            found = await Registration.get(id=wish.registration_id)
            mode = wish.pool.mode or mode
            deeds = [offers.accept, offers.accept, offers.decline]
        deed = self.chance.choice(deeds)
        await deed(found.id, mode, actor=ATTENDEE, now=self.now)
        TALLY[deed.__name__] += 1

    async def promote(self) -> None:
        """Seat somebody before their turn, most likely who is offered a seat."""
        found, mode = await self.someone(), self.chance.choice(list(Mode))
        offered = await Wish.exclude(offered_until=None).select_related("pool")
        if offered:
            wish = self.chance.choice(sorted(offered, key=lambda it: it.id))
            found = await Registration.get(id=wish.registration_id)
            mode = wish.pool.mode or mode
        await promotion.promote_by_hand(
            found.id,
            mode,
            "speaks first",
            actor="olga",
            now=self.now,
        )

    async def decide(self) -> None:
        those = [(await self.someone()).id for _ in range(self.chance.randrange(5))]
        deed = self.chance.choice(
            [approvals.approve_now, approvals.approve_now, approvals.reject_now]
        )
        await deed(self.event.id, those, actor="olga", now=self.now)

    async def resize_party(self) -> None:
        found, seats = await self.someone(), self.chance.randint(1, 3)
        await parties.resize(found.id, seats, [], actor=ATTENDEE, now=self.now)
        await approvals.after_change(found.id, actor=ATTENDEE, now=self.now)

    async def choose_sessions(self) -> None:
        found = await self.someone()
        chosen = {it.id for it in self.sessions if self.chance.random() < 0.5}
        await parties.choose_sessions(found.id, chosen, actor=ATTENDEE, now=self.now)

    async def resize(self) -> None:
        await seat_pools.set_seats(
            self.event.id,
            {mode: self.chance.choice(LIMITS) for mode in Mode},
            total=self.chance.choice((*LIMITS, None)),
            take_back=self.chance.random() < 0.5,
            now=self.now,
        )

    async def sweep(self) -> None:
        """Tidy up, now and then after nobody took an offer in time."""
        offered = await Wish.exclude(offered_until=None).order_by("offered_until")
        if offered and self.chance.random() < 0.3:
            ends = offered[0].offered_until
            assert ends
            self.now = max(self.now, ends)
        await expire_due(self.now)
        await offers.lapse_due(self.now)

    @invariant()
    def seats_add_up(self) -> None:
        """I3, I4, I5, I6: one each, no limit passed, counters true, nobody waits."""
        if hasattr(self, "event"):
            self.do(must_add_up(self.now))

    @invariant()
    def what_is_over_stays_over(self) -> None:
        """I12: who is out comes back only by taking the cancellation back."""
        if not hasattr(self, "event"):
            return
        for each in self.do(all_of(self.event)):
            assert each.id not in self.gone or each.state in ENDED
            if each.state in ENDED:
                self.gone.add(each.id)

    def teardown(self) -> None:
        if hasattr(self, "event"):
            self.do(only_allowed_steps())
            self.do(offers.lapse_due(self.now))
            self.do(no_offer_past_its_deadline(self.now))
            self.do(empty())


async def all_of(event: Event) -> list[Registration]:
    return await Registration.filter(event_id=event.id)


async def only_allowed_steps() -> None:
    """I11: the audit tells a way through the states, each step with an actor."""
    entries = await rows(
        "SELECT subject_id, action, actor, changes FROM audit_entry"
        " WHERE action LIKE 'registration.%' ORDER BY id"
    )
    for entry in entries:
        assert entry["actor"]
        TALLY[entry["action"]] += 1
        told = read(entry["changes"]).get("state")
        if told:
            before, after = told
            assert after in FOLLOWS[before], (entry["action"], before, after)


def read(changes: Any) -> dict[str, Any]:
    """SQLite hands JSON out as text."""
    return dict(json.loads(changes) if isinstance(changes, str) else changes)


async def no_offer_past_its_deadline(now: datetime) -> None:
    """I10: after a sweep no offer stands that nobody can take any more."""
    assert not await Wish.filter(offered_until__lte=now).count()


async def empty() -> None:
    for table in ("wish", "booking", "registration", "seat_pool", "session", "event"):
        await rows(f"DELETE FROM {table}")
    await rows("DELETE FROM audit_entry")
    await rows("DELETE FROM job")


async def test_the_rules_of_the_seats_hold_after_every_step(database: str) -> None:
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(play, loop)
    if STEPS >= MANY:
        missing = REACHED - TALLY.keys()
        assert not missing, TALLY


def play(loop: asyncio.AbstractEventLoop) -> None:
    class Here(Seats):
        def do(self, deed: Coroutine[Any, Any, T]) -> T:
            return asyncio.run_coroutine_threadsafe(deed, loop).result(60)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=max(1, STEPS // LENGTH),
            stateful_step_count=LENGTH,
            database=None,
            # Each step reads the whole database: making a failure small takes long.
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
