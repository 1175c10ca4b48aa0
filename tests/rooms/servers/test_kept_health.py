"""A look at a server is kept for a while, and made once for all who wait for it."""

import asyncio

import pytest

from werkraum_rooms.servers.kept_health import ILL, WELL, KeptHealth
from werkraum_rooms.servers.providers import Health

DOWN = Health(False, "refused")


class Looker:
    """Looks as long as `may_end` is not set; finds what it is told."""

    def __init__(self, *found: Health) -> None:
        self.found = list(found)
        self.looks = 0
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> Health:
        self.looks += 1
        await self.may_end.wait()
        return self.found.pop(0) if len(self.found) > 1 else self.found[0]


async def test_a_hundred_at_the_door_make_one_look() -> None:
    look = Looker(Health(True))
    look.may_end.clear()
    kept = KeptHealth(look)

    waiting = [asyncio.create_task(kept.now()) for _ in range(100)]
    await asyncio.sleep(0)
    look.may_end.set()

    assert all(found.well for found in await asyncio.gather(*waiting))
    assert look.looks == 1


@pytest.mark.parametrize(
    ("found", "seconds"), [(Health(True), WELL), (DOWN, ILL)], ids=["well", "ill"]
)
async def test_what_was_found_holds_for_a_while(found: Health, seconds: float) -> None:
    look = Looker(found)
    kept = KeptHealth(look)

    for at in (100.0, 100.0 + seconds - 1):
        assert await kept.now(at) == found
    assert look.looks == 1

    await kept.now(100.0 + seconds)
    assert look.looks == 2


async def test_what_is_down_is_looked_at_sooner() -> None:
    look = Looker(DOWN, Health(True))
    kept = KeptHealth(look)

    found = [(await kept.now(at)).well for at in (100.0, 100.0 + ILL)]

    assert found == [False, True]
    assert ILL < WELL


async def test_somebody_who_goes_away_takes_the_look_from_nobody() -> None:
    look = Looker(Health(True))
    look.may_end.clear()
    kept = KeptHealth(look)
    first, second = (asyncio.create_task(kept.now()) for _ in range(2))
    await asyncio.sleep(0)

    first.cancel()
    await asyncio.sleep(0)
    look.may_end.set()

    assert (await second).well
    assert look.looks == 1


async def test_forgetting_makes_the_next_one_look() -> None:
    look = Looker(Health(True), DOWN)
    kept = KeptHealth(look)
    await kept.now()

    kept.forget()

    assert await kept.now() == DOWN
