"""Few at a time stand before the seats of an event, and in their order."""

import asyncio
from uuid import uuid4

from werkraum_registration.turnstile import AT_ONCE, turn


async def test_at_one_event_few_are_let_through_at_once_in_their_order() -> None:
    event, inside, most, came = uuid4(), 0, 0, list[int]()

    async def one(number: int) -> None:
        nonlocal inside, most
        async with turn(event):
            inside, most = inside + 1, max(most, inside + 1)
            came.append(number)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(one(number) for number in range(20)))
    assert most == AT_ONCE
    assert came == sorted(came)


async def test_who_waits_at_one_event_holds_up_nobody_at_another() -> None:
    full = uuid4()
    async with turn(full), turn(full), asyncio.timeout(5):
        async with turn(uuid4()):
            pass
