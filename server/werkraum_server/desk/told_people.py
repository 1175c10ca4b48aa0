"""A move that people must be told of: how many, and what they will read, beforehand."""

import hashlib
from collections.abc import Awaitable, Callable
from uuid import UUID

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_registration.models import Registration, State
from werkraum_server.letters.calendar_messages import known_from_now_on
from werkraum_server.letters.event_news import WAITING, difference
from werkraum_server.letters.previews import Preview, preview


class PeopleWouldBeTold(Refused):
    """Nothing was saved: the organiser is to see what people will read, and agree."""

    code = "people_would_be_told"

    def __init__(
        self, seated: int, waiting: int, letter: Preview | None, mark: str
    ) -> None:
        super().__init__(seated, waiting)
        self.seated, self.waiting = seated, waiting
        self.letter, self.mark = letter, mark

    def message(self) -> str:
        return gettext("Time or place change, and people will be told by letter.")


@unit_of_work
async def edit_telling_people(
    event_id: UUID, edit: Callable[[], Awaitable[Event]], *, agreed: str | None
) -> Event:
    """Do it if nobody has to be told, or the organiser has seen this very change.

    It is done to see what it means: raises `PeopleWouldBeTold`, which takes it all
    back. `agreed` is the mark of what was seen; another time or place has another.
    """
    before = await Event.get(id=event_id)
    edited = await edit()
    if edited.sequence == before.sequence or not _is_ahead(edited):
        return edited
    seated = Registration.filter(event_id=event_id, state=State.CONFIRMED)
    waiting = Registration.filter(event_id=event_id, state__in=WAITING)
    numbers = await seated.count(), await waiting.count()
    mark = _mark(edited)
    if any(numbers) and agreed != mark:
        raise PeopleWouldBeTold(*numbers, await _letter(event_id, before), mark)
    return edited


def _is_ahead(event: Event) -> bool:
    return event.status is Status.PUBLISHED and not event.is_past(clock.now())


def _mark(event: Event) -> str:
    """Name what people will know of an event from now on."""
    told = [known_from_now_on(event, mode) for mode in event.modes]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


async def _letter(event_id: UUID, before: Event) -> Preview | None:
    """Write the letter of the first who has to be told of this difference."""
    for mode in before.modes:
        to = Registration.filter(event_id=event_id, state=State.CONFIRMED, mode=mode)
        first = await to.select_related("event__organiser").order_by("id").first()
        if first is None:
            continue
        now = known_from_now_on(first.event, mode)
        changed = difference(known_from_now_on(before, mode), now)
        if changed:
            return preview(first, "changed", before=changed)
    return None
