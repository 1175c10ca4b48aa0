"""The line before the seats of an event, one for each event and process.

Who comes alone is let through at once. In a rush, those who stand in line while others
are being looked at are let through together: one after the other they would wait for
the same rows anyway, and hold connections that others could use to read pages.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.refusals import Busy
from werkraum_registration import submissions
from werkraum_registration.newcomers import Alone, Newcomer, Outcome, enter_together

# People in one unit of work: it is over before the next page is late.
TOGETHER = 32


@dataclass
class _Waiting:
    event: Event
    newcomer: Newcomer
    answer: asyncio.Future[None]

    def hear(self, outcome: BaseException | None) -> None:
        """Answer whoever still listens."""
        if self.answer.done():
            return
        if outcome is None:
            self.answer.set_result(None)
        else:
            self.answer.set_exception(outcome)


@dataclass
class _Line:
    """Those who wait at one event, and the task that looks at them."""

    event_id: UUID
    waiting: deque[_Waiting] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        while self.waiting:
            first = [self.waiting.popleft()]
            while self.waiting and len(first) < TOGETHER:
                first.append(self.waiting.popleft())
            if len(first) == 1:
                await _look_at(first[0])
            else:
                await self._let_through(first)
        del _lines[self.event_id]

    async def _let_through(self, people: list[_Waiting]) -> None:
        outcomes = await _together(people)
        decided, rest = people[: len(outcomes)], people[len(outcomes) :]
        for one, outcome in zip(decided, outcomes, strict=True):
            if isinstance(outcome, Alone):
                await _look_at(one)
            else:
                one.hear(outcome)
        if rest:
            await _look_at(rest[0])
            self.waiting.extendleft(reversed(rest[1:]))


_lines: dict[UUID, _Line] = {}


async def pass_through(event: Event, newcomer: Newcomer) -> None:
    """Have a form decided in its turn; raises what `submissions.submit` raises.

    Never inside of a unit of work. It is decided even if the caller gets lost.
    """
    line = _lines.get(event.id)
    if line is None:
        line = _lines[event.id] = _Line(event.id)
    answer = asyncio.get_running_loop().create_future()
    line.waiting.append(_Waiting(event, newcomer, answer))
    if line.task is None:
        line.task = asyncio.create_task(line.serve())
    await answer


async def _together(people: Sequence[_Waiting]) -> Sequence[Outcome]:
    """Decide about the first of them; about nobody if it could not be written."""
    try:
        return await enter_together(people[0].event, [it.newcomer for it in people])
    except Busy as busy:
        return [_too(busy) for _ in people]
    except Exception:
        # Nothing of it holds. Each alone hears what is in their own way.
        return [Alone() for _ in people]


def _too(busy: Busy) -> Busy:
    """An exception of one's own for each: whoever raises it writes into it."""
    own = Busy()
    own.__cause__ = busy.__cause__
    return own


async def _look_at(one: _Waiting) -> None:
    it = one.newcomer
    try:
        await submissions.submit(
            one.event,
            it.applicant,
            it.application,
            key=it.key,
            organisation=it.organisation,
            now=it.now,
        )
    except Exception as error:
        one.hear(error)
    else:
        one.hear(None)
