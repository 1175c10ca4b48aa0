"""Streams of live rounds: one look a second at each round, however many listen.

Each process looks for itself while somebody listens to it. A voice that this very
process took wakes it, that of another is found by the next look.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from uuid import UUID

from werkraum_feedback.live_rounds.live_glance import Glance, glance_at
from werkraum_foundation.refusals import Busy, TooMany

log = logging.getLogger("werkraum.live")

# Seconds from one look to the next, and of silence until a sign of life.
PAUSE, HEARTBEAT = 1.0, 15.0
# Milliseconds after which a browser whose stream broke off tries again.
RETRY = b"retry: 2000\n\n"
# Streams of one process: in all, and of one client network.
MOST, MOST_OF_A_NETWORK = 5000, 2000
# Seconds to wait for whoever comes when all are taken.
WAIT = 10

Shape = Callable[[Glance], bytes]


class Channel:
    """What all listeners of one round wait for."""

    def __init__(self, round_id: UUID) -> None:
        self.round_id = round_id
        self.listeners = 0
        self.glance: Glance | None = None
        self.over = False
        self.woken = asyncio.Event()
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._watch())

    async def news(self, seen: Glance | None) -> None:
        """Wait until there is something else to see than this, or nothing more."""
        while self.glance is seen and not self.over:
            await self._news.wait()

    def end(self) -> None:
        self.over = True
        self._tell()
        self.woken.set()

    async def _watch(self) -> None:
        while self.listeners and not self.over:
            self.woken.clear()
            # The next look begins a second after this one, not after its end.
            pause = asyncio.create_task(asyncio.sleep(PAUSE))
            if await self._look():
                await pause
            else:
                await _first(pause, self.woken)

    async def _look(self) -> bool:
        """Look once, tell everybody what is new; says whether anything was."""
        try:
            glance = await glance_at(self.round_id)
        except Exception as trouble:  # the database is away: it is asked again
            log.warning("no look at a live round: %s", type(trouble).__name__)
            return True
        if glance == self.glance:
            return False
        self.glance = glance
        if glance.over:
            self.over = True
        self._tell()
        return True

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


async def _first(pause: asyncio.Task[None], woken: asyncio.Event) -> None:
    called = asyncio.create_task(woken.wait())
    await asyncio.wait((pause, called), return_when=asyncio.FIRST_COMPLETED)
    for task in (pause, called):
        task.cancel()


class Hub:
    """The channels of one event loop, and how many listen from where."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.channels: dict[UUID, Channel] = {}
        self.networks: Counter[str] = Counter()
        self.ending = False

    def must_have_room(self, network: str) -> None:
        """Raise `Busy` while the process stops, `TooMany` where all is taken."""
        if self.ending:
            raise Busy
        many = self.networks.total() >= MOST
        if many or self.networks[network] >= MOST_OF_A_NETWORK:
            raise TooMany(WAIT)

    def join(self, round_id: UUID, network: str) -> Channel:
        channel = self.channels.get(round_id)
        if channel is None or channel.over:
            channel = self.channels[round_id] = Channel(round_id)
        channel.listeners += 1
        self.networks[network] += 1
        return channel

    def leave(self, channel: Channel, network: str) -> None:
        channel.listeners -= 1
        self.networks[network] -= 1
        self.networks += Counter()  # forget the networks nobody listens from
        if not channel.listeners:
            channel.end()
            if self.channels.get(channel.round_id) is channel:
                del self.channels[channel.round_id]


_current: Hub | None = None


def hub() -> Hub:
    global _current
    if _current is None or _current.loop is not asyncio.get_running_loop():
        _current = Hub()
    return _current


def wake(round_id: UUID) -> None:
    """Have a round looked at now; call it after a commit."""
    channel = hub().channels.get(round_id)
    if channel:
        channel.woken.set()


def end_streams() -> None:
    """End all streams and begin no more: the first step of a graceful stop."""
    here = hub()
    here.ending = True
    for channel in list(here.channels.values()):
        channel.end()


def listen(
    round_id: UUID, shape: Shape, *, network: str, last_id: str = ""
) -> AsyncGenerator[bytes, None]:
    """Open a stream of a round; raises `Busy` while stopping, `TooMany`.

    The stream says how things are now, unless that is what `last_id` names, then
    whatever changes, and ends with the round.
    """
    here = hub()
    here.must_have_room(network)
    return _stream(here, round_id, shape, network, last_id)


async def _stream(
    here: Hub, round_id: UUID, shape: Shape, network: str, last_id: str
) -> AsyncGenerator[bytes, None]:
    # Here and not before: a stream that never begins is never left either.
    channel = here.join(round_id, network)
    try:
        yield RETRY
        seen: Glance | None = None
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await channel.news(seen)
            except TimeoutError:
                yield b":\n\n"
                continue
            if channel.glance is not seen and channel.glance is not None:
                seen = channel.glance
                if seen.id != last_id:
                    yield shape(seen)
                last_id = ""
            elif channel.over:
                return
    finally:
        here.leave(channel, network)
