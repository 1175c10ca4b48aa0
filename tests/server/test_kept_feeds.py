"""Bodies of feeds: written once for many who ask, and never more than fit."""

import asyncio
from collections.abc import Awaitable, Callable

from werkraum_server.public.kept_feeds import KeptFeeds


class Writer:
    """Counts what was written."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def of(self, tag: str, size: int = 10) -> Callable[[], Awaitable[bytes]]:
        async def write() -> bytes:
            await asyncio.sleep(0)
            self.written.append(tag)
            return tag.encode().ljust(size)

        return write


async def test_of_many_who_ask_at_once_one_writes() -> None:
    kept, writer = KeptFeeds(), Writer()
    asked = [kept.get(tag, writer.of(tag)) for tag in "aabab" * 9]
    bodies = await asyncio.gather(*asked)
    assert sorted(writer.written) == ["a", "b"]
    assert {body.strip() for body in bodies} == {b"a", b"b"}


async def test_the_one_asked_for_longest_ago_makes_room() -> None:
    kept, writer = KeptFeeds(most=25), Writer()
    for tag in ("a", "b", "a", "c", "a", "b"):
        await kept.get(tag, writer.of(tag))
    assert writer.written == ["a", "b", "c", "b"]


async def test_a_body_larger_than_all_room_is_handed_out_and_not_kept() -> None:
    kept, writer = KeptFeeds(most=25), Writer()
    for tag in ("a", "large", "a"):
        size = 99 if tag == "large" else 10
        assert len(await kept.get(tag, writer.of(tag, size))) == size
    assert writer.written == ["a", "large"]


async def test_a_body_that_could_not_be_written_is_tried_again() -> None:
    kept, writer = KeptFeeds(), Writer()

    async def fail() -> bytes:
        raise ConnectionError

    (failed,) = await asyncio.gather(kept.get("a", fail), return_exceptions=True)
    assert isinstance(failed, ConnectionError)
    assert (await kept.get("a", writer.of("a"))).strip() == b"a"
