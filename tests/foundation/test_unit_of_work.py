"""A unit of work holds against lost callers, deadlocks and busy databases."""

import asyncio
import random

import pytest

from werkraum_foundation import clock
from werkraum_foundation.database import (
    after_commit,
    changed,
    finish_running,
    is_sqlite,
    rows,
    unit_of_work,
)
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Person
from werkraum_foundation.refusals import Busy


@unit_of_work
async def two_people(word: str) -> None:
    for number in (1, 2):
        address = f"{word}{number}@example.org"
        await Person.create(
            name="Anna", email=address, email_key=address, created_at=clock.now()
        )


@unit_of_work
async def half_a_deed() -> None:
    await two_people("half")
    raise ValueError


async def test_a_deed_that_fails_changes_nothing(database: str) -> None:
    with pytest.raises(ValueError):
        await half_a_deed()
    assert await Person.all().count() == 0


async def test_what_is_to_follow_is_called_only_after_the_commit(
    database: str,
) -> None:
    called: list[str] = []

    @unit_of_work
    async def deed(fails: bool) -> None:
        after_commit(lambda: called.append("yes"))
        await two_people("a" if fails else "b")
        assert called == []
        if fails:
            raise ValueError

    with pytest.raises(ValueError):
        await deed(True)
    assert called == []
    await deed(False)
    assert called == ["yes"]


@pytest.mark.parametrize("turns", range(0, 24, 2))
async def test_a_cancelled_caller_leaves_all_or_nothing_and_no_lock(
    database: str, turns: int
) -> None:
    for attempt in range(5):
        task = asyncio.create_task(two_people(f"turn{turns}-{attempt}-"))
        for _ in range(turns):
            await asyncio.sleep(0)
        await asyncio.sleep(attempt * 0.0001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(5):
            assert await rows("SELECT 1 AS one") == [{"one": 1}]
    await finish_running()
    assert await Person.all().count() % 2 == 0


async def test_two_thousand_lost_callers_leave_no_hang_and_no_half_change(
    database: str,
) -> None:
    chance = random.Random(7)

    async def lost(number: int) -> None:
        task = asyncio.create_task(two_people(f"p{number}-"))
        await asyncio.sleep(chance.random() * 0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    for start in range(0, 2000, 50):
        await asyncio.gather(*(lost(start + each) for each in range(50)))
    async with asyncio.timeout(30):
        await finish_running()
        assert await Person.all().count() % 2 == 0
        await two_people("afterwards")


async def test_a_stop_does_not_wait_for_deeds_that_begin_meanwhile(
    database: str,
) -> None:
    @unit_of_work
    async def look() -> None:
        await rows("SELECT 1 AS one")

    async def worker() -> None:
        while True:
            await look()

    workers = [asyncio.create_task(worker()) for _ in range(3)]
    await asyncio.sleep(0.05)
    async with asyncio.timeout(30):
        await finish_running()
    for each in workers:
        each.cancel()
    await finish_running()


async def test_deeds_that_deadlock_are_tried_again(database: str) -> None:
    if is_sqlite():
        pytest.skip("one writer at a time cannot deadlock")
    await two_people("row")
    both_have_one = asyncio.Barrier(2)
    first_try = {"a", "b"}

    @unit_of_work
    async def rename(mine: str, other: str, who: str) -> None:
        await _rename(mine)
        if who in first_try:
            first_try.discard(who)
            await both_have_one.wait()
        await _rename(other)

    one, two = "row1@example.org", "row2@example.org"
    await asyncio.gather(rename(one, two, "a"), rename(two, one, "b"))
    assert await Person.filter(name="Berta").count() == 2


async def _rename(email: str) -> None:
    await changed("UPDATE person SET name = 'Berta' WHERE email = :email", email=email)


async def test_a_row_locked_for_long_is_answered_as_busy(database: str) -> None:
    if is_sqlite():
        pytest.skip("one process and one connection: nobody else can hold the lock")
    await two_people("row")
    held, done = asyncio.Event(), asyncio.Event()

    @unit_of_work
    async def hold() -> None:
        await _rename("row1@example.org")
        held.set()
        await done.wait()

    holder = asyncio.create_task(hold())
    await held.wait()
    with pytest.raises(Busy):
        await unit_of_work(_rename)("row1@example.org")
    done.set()
    await holder


async def test_statements_read_the_same_on_both_databases(database: str) -> None:
    await two_people("x")
    found = await rows(
        "SELECT name, email FROM person WHERE email = :mail OR email = :mail"
        " ORDER BY email",
        mail="x1@example.org",
    )
    assert found == [{"name": "Anna", "email": "x1@example.org"}]


async def test_changed_counts_what_was_inserted_and_what_was_not(
    database: str,
) -> None:
    insert = (
        "INSERT INTO person (id, name, email, email_key, created_at)"
        " VALUES (:id, 'Anna', :mail, :mail, :now) ON CONFLICT DO NOTHING"
    )
    counts = [
        await unit_of_work(changed)(
            insert, id=uuid7(), mail="a@example.org", now=clock.now()
        )
        for _ in range(2)
    ]
    assert counts == [1, 0]
