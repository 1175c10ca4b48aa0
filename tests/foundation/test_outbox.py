"""The outbox: nothing is lost, nothing is done by two, failures stay visible."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from werkraum_foundation import clock
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.models import Job
from werkraum_foundation.outbox import (
    GivesUp,
    announce,
    current_job,
    enqueue,
    install_doorbell,
    job,
    on,
    reschedule,
    withdraw,
)
from werkraum_foundation.outbox.doorbell import Silence
from werkraum_foundation.outbox.worker import (
    TRIES,
    EmbeddedWorker,
    claim,
    drain,
    free_leases,
    revive,
    run,
)

seen: Counter[str] = Counter()


@job("test:note")
async def note(word: str) -> None:
    seen[word] += 1


@job("test:fail")
async def fail() -> None:
    raise ConnectionError("anna@example.org")


@job("test:keep", keeps=["since"])
async def keep(since: str, word: str) -> None:
    raise ConnectionError


@job("test:give_up")
async def give_up() -> None:
    raise GivesUp("the mail server refused the address (550)")


@job("test:who")
async def who() -> None:
    seen[str(current_job())] += 1


@dataclass(frozen=True)
class SomethingHappened:
    organiser_id: UUID
    event_id: UUID


@on(SomethingHappened)
async def note_it(fact: SomethingHappened) -> None:
    seen[f"noted {fact.event_id}"] += 1


@on(SomethingHappened)
async def stumble(fact: SomethingHappened) -> None:
    raise ConnectionError


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


enqueue_now = unit_of_work(enqueue)


async def test_a_job_is_done_once_and_its_row_is_gone(database: str) -> None:
    await enqueue_now("test:note", {"word": "hello"})
    assert await drain() == 1
    assert await drain() == 0
    assert (seen["hello"], await Job.all().count()) == (1, 0)


async def test_a_deed_taken_back_takes_its_jobs_back(database: str) -> None:
    @unit_of_work
    async def deed() -> None:
        await enqueue("test:note", {"word": "hello"})
        raise ValueError

    with pytest.raises(ValueError):
        await deed()
    assert await drain() == 0


async def test_a_failed_job_waits_longer_each_time_and_names_nobody(
    database: str,
) -> None:
    await enqueue_now("test:fail", {})
    before = clock.milliseconds(clock.now())
    await drain()
    waiting = await Job.get()
    assert waiting.error == "ConnectionError"
    assert 1000 < waiting.due - before < 10_000
    assert waiting.leased_until is None


async def test_a_job_that_fails_for_good_stays_visible_and_can_be_retried(
    database: str,
) -> None:
    organiser, stranger = uuid4(), uuid4()
    await enqueue_now("test:give_up", {}, organiser_id=organiser)
    await drain()
    dead = await Job.get()
    assert (dead.state, dead.error) == (
        "dead",
        "the mail server refused the address (550)",
    )
    assert not await revive(dead.id, stranger)
    assert await revive(dead.id, organiser)
    assert (await Job.get()).state == "ready"


async def test_after_the_last_try_a_job_is_dead(database: str) -> None:
    await enqueue_now("test:fail", {})
    await Job.all().update(attempts=TRIES - 1)
    await drain()
    assert (await Job.get()).state == "dead"


async def test_a_job_nobody_handles_is_dead_not_lost(database: str) -> None:
    await enqueue_now("test:unknown", {})
    await drain()
    assert (await Job.get()).state == "dead"


async def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(
    database: str,
) -> None:
    await enqueue_now("test:note", {"word": "hello"})
    assert len(await claim(10)) == 1
    assert await claim(10) == []
    await free_leases()
    assert len(await claim(10)) == 1


async def test_who_lost_the_lease_cannot_end_the_job_of_another(
    database: str,
) -> None:
    await enqueue_now("test:note", {"word": "hello"})
    (slow,) = await claim(1)
    await free_leases()
    (quick,) = await claim(1)
    await run(slow)
    assert await Job.all().count() == 1
    await run(quick)
    assert await Job.all().count() == 0


async def test_a_job_keeps_its_id_over_all_tries(database: str) -> None:
    await enqueue_now("test:who", {})
    (first,) = await claim(1)
    await run(first)
    assert seen == {str(first.id): 1}


async def test_a_stopped_handler_gives_its_job_back_at_once(database: str) -> None:
    started = asyncio.Event()

    @job("test:slow")
    async def slow() -> None:
        started.set()
        await asyncio.sleep(60)

    await enqueue_now("test:slow", {})
    (claimed,) = await claim(1)
    task = asyncio.create_task(run(claimed))
    await started.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await Job.get()).leased_until is None


async def test_the_same_cause_is_one_job_while_it_waits(database: str) -> None:
    for _ in range(3):
        await enqueue_now("test:note", {"word": "once"}, dedupe="once")
    await drain()
    assert seen["once"] == 1


async def test_what_failed_for_good_makes_way_for_the_next_of_its_cause(
    database: str,
) -> None:
    organiser = uuid4()
    await enqueue_now("test:give_up", {}, dedupe="once", organiser_id=organiser)
    await drain()
    dead = await Job.get()

    await enqueue_now("test:note", {"word": "once"}, dedupe="once")

    again = await Job.get()
    assert again.id != dead.id
    assert (again.name, again.args, again.state) == (
        "test:note",
        {"word": "once"},
        "ready",
    )
    assert (again.attempts, again.error, again.organiser_id) == (0, None, None)
    assert not await revive(dead.id, organiser)
    await drain()
    assert seen["once"] == 1


async def test_a_job_that_failed_for_good_still_keeps_its_key_when_it_is_revived(
    database: str,
) -> None:
    organiser = uuid4()
    await enqueue_now("test:give_up", {}, dedupe="once", organiser_id=organiser)
    await drain()
    await revive((await Job.get()).id, organiser)

    await enqueue_now("test:note", {"word": "once"}, dedupe="once")

    assert [it.name for it in await Job.all()] == ["test:give_up"]


async def test_what_comes_while_a_job_runs_has_a_job_of_its_own(
    database: str,
) -> None:
    await enqueue_now("test:note", {"word": "same"}, dedupe="same")
    (running,) = await claim(1)
    for _ in range(3):
        await enqueue_now("test:note", {"word": "same"}, dedupe="same")
    await run(running)
    assert await drain() == 1
    assert (seen["same"], await Job.all().count()) == (2, 0)


async def test_a_job_that_failed_covers_what_comes_before_its_next_try(
    database: str,
) -> None:
    await enqueue_now("test:fail", {}, dedupe="same")
    await drain()
    await enqueue_now("test:fail", {}, dedupe="same")
    assert await Job.all().count() == 1


async def test_a_job_that_fails_leaves_it_to_the_later_one_of_its_cause(
    database: str,
) -> None:
    since = {"since": "Monday", "word": "old"}
    await enqueue_now("test:keep", since, dedupe="same")
    (running,) = await claim(1)
    await enqueue_now("test:keep", {"since": "Friday", "word": "new"}, dedupe="same")

    await run(running)

    later = await Job.get()
    assert later.id != running.id
    # What it keeps is handed on, all else is newer.
    assert (later.args, later.dedupe) == ({"since": "Monday", "word": "new"}, "same")


async def test_a_job_that_gives_up_leaves_it_to_the_later_one_as_well(
    database: str,
) -> None:
    await enqueue_now("test:give_up", {}, dedupe="same")
    (running,) = await claim(1)
    await enqueue_now("test:give_up", {}, dedupe="same")
    await run(running)
    left = await Job.get()
    assert (left.state, left.attempts) == ("ready", 0)


async def test_a_job_that_fails_after_the_later_one_is_tried_again(
    database: str,
) -> None:
    since = {"since": "Monday", "word": "old"}
    await enqueue_now("test:keep", since, dedupe="same")
    (running,) = await claim(1)
    await enqueue_now("test:note", {"word": "new"}, dedupe="same")
    await drain()
    await run(running)
    left = await Job.get()
    assert (left.id, left.args, left.dedupe) == (running.id, since, "same")
    assert (left.state, left.leased_until) == ("ready", None)


async def test_a_job_that_fails_while_the_later_one_runs_is_tried_again(
    database: str,
) -> None:
    await enqueue_now("test:fail", {}, dedupe="same")
    (running,) = await claim(1)
    await enqueue_now("test:note", {"word": "new"}, dedupe="same")
    (later,) = await claim(1)
    await run(running)
    await run(later)
    assert [it.id for it in await Job.all()] == [running.id]


async def test_what_failed_for_good_hands_on_what_is_kept(database: str) -> None:
    await enqueue_now("test:keep", {"since": "Monday", "word": "old"}, dedupe="same")
    await Job.all().update(state="dead")
    await enqueue_now("test:keep", {"since": "Friday", "word": "new"}, dedupe="same")
    assert (await Job.get()).args == {"since": "Monday", "word": "new"}


async def test_a_job_of_a_killed_process_does_not_run(database: str) -> None:
    """Its lease is over: it will begin anew, and read what is true then."""
    tomorrow = clock.now() + timedelta(days=1)
    await enqueue_now("test:note", {"word": "same"}, dedupe="same")
    await claim(1)
    await Job.all().update(leased_until=clock.milliseconds(clock.now()) - 1)

    await enqueue_now("test:note", {"word": "same"}, dedupe="same")

    assert await Job.all().count() == 1
    assert await unit_of_work(reschedule)("same", tomorrow)
    assert (await Job.get()).due == clock.milliseconds(tomorrow)


async def test_what_is_asked_for_by_the_clock_does_not_run_twice_at_once(
    database: str,
) -> None:
    await enqueue_now("test:note", {"word": "look"}, dedupe="look", alone=True)
    (running,) = await claim(1)
    await enqueue_now("test:note", {"word": "look"}, dedupe="look", alone=True)
    assert await claim(1) == []
    await run(running)
    assert await Job.all().count() == 0


async def test_a_job_that_runs_is_not_moved_and_another_one_may_wait(
    database: str,
) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    await enqueue_now("test:note", {"word": "now"}, dedupe="when")
    (running,) = await claim(1)
    assert not await unit_of_work(reschedule)("when", tomorrow)
    await enqueue_now("test:note", {"word": "then"}, due=tomorrow, dedupe="when")
    await run(running)
    left = await Job.get()
    assert (left.args, left.due) == ({"word": "then"}, clock.milliseconds(tomorrow))


async def test_nobody_claims_a_job_whose_cause_is_just_being_written(
    database: str,
) -> None:
    """It would read what was before, and the key would cover what comes after."""
    await enqueue_now("test:note", {"word": "same"}, dedupe="same")
    covered, committed = asyncio.Event(), asyncio.Event()

    @unit_of_work
    async def deed() -> None:
        await enqueue("test:note", {"word": "same"}, dedupe="same")
        covered.set()
        await committed.wait()

    writing = asyncio.create_task(deed())
    await covered.wait()
    # PostgreSQL skips what is locked, SQLite waits for the deed.
    claiming = asyncio.create_task(claim(1))
    await asyncio.wait({claiming}, timeout=0.2)
    assert not claiming.done() or claiming.result() == []
    committed.set()
    await asyncio.gather(writing, claiming)
    assert len(claiming.result() or await claim(1)) == 1


async def test_a_job_of_later_waits_moves_and_can_be_taken_back(
    database: str,
) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    await enqueue_now("test:note", {"word": "later"}, due=tomorrow, dedupe="later")
    assert await drain() == 0
    assert await unit_of_work(reschedule)("later", clock.now())
    assert await drain() == 1
    await enqueue_now("test:note", {"word": "never"}, due=tomorrow, dedupe="never")
    await unit_of_work(withdraw)("never")
    assert await Job.all().count() == 0


async def test_one_reaction_that_fails_does_not_repeat_the_other(
    database: str,
) -> None:
    fact = SomethingHappened(uuid4(), uuid4())
    await unit_of_work(announce)(fact)
    await drain()
    await changed("UPDATE job SET due = 0")
    await drain()
    assert seen[f"noted {fact.event_id}"] == 1
    left = await rows("SELECT name, attempts FROM job")
    assert left == [{"name": "SomethingHappened:stumble", "attempts": 2}]


async def test_the_loop_in_the_process_hears_the_bell(database: str) -> None:
    worker = EmbeddedWorker()
    install_doorbell(worker)
    await worker.start()
    try:
        for number in range(20):
            await enqueue_now("test:note", {"word": str(number)})
        async with asyncio.timeout(5):
            while len(seen) < 20 or await Job.all().count():
                await asyncio.sleep(0.01)
    finally:
        await worker.stop()
        install_doorbell(Silence())
    assert set(seen.values()) == {1}
