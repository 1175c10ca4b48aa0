"""A move that people must be told of: how many, and what they will read, beforehand."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from werkraum_events.models import Event, Mode, Session
from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_registration.models import Registration, State
from werkraum_server.letters.calendar_messages import known_from_now_on
from werkraum_server.letters.chosen import sessions_of
from werkraum_server.letters.event_news import WAITING, Before, difference
from werkraum_server.letters.previews import Preview, preview
from werkraum_server.letters.recipients import is_ahead
from werkraum_server.letters.session_changes import moved_items
from werkraum_server.session_seats import choosers_of


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
    if edited.sequence == before.sequence or not is_ahead(edited, clock.now()):
        return edited
    differs = _differences(before, edited)
    seated = sum([await _seated(edited, mode).count() for mode in differs])
    waiting = _to_write_to(edited).filter(state__in=WAITING)
    numbers = seated, await waiting.count()
    mark = _mark([known_from_now_on(edited, mode) for mode in edited.modes])
    if any(numbers) and agreed != mark:
        raise PeopleWouldBeTold(*numbers, await _letter(edited, differs), mark)
    return edited


@unit_of_work
async def edit_session_telling_people(
    session_id: UUID, edit: Callable[[], Awaitable[Session]], *, agreed: str | None
) -> Session:
    """Do it if nobody has chosen the item, it stays where it is, or they may be told.

    Raises as `edit_telling_people` does, with all who are told as `seated`.
    """
    since, before = clock.now(), await Session.get(id=session_id)
    edited = await edit()
    times = edited.starts_at, edited.ends_at
    if times == (before.starts_at, before.ends_at):
        return edited
    event, choosers = await Event.get(id=edited.event_id), await choosers_of(session_id)
    mark = _mark((session_id, times))
    if choosers and is_ahead(event, clock.now()) and agreed != mark:
        letter = await _session_letter(choosers[0], since)
        raise PeopleWouldBeTold(len(choosers), 0, letter, mark)
    return edited


async def _session_letter(first: Registration, since: datetime) -> Preview:
    found = Registration.filter(id=first.id).select_related("event__organiser")
    to = await found.get()
    return preview(to, "session_moved", moved=await moved_items(to, since))


def _differences(before: Event, after: Event) -> dict[Mode, Before]:
    """Tell what changes for whom; who takes part the other way may notice nothing."""
    found = {
        mode: difference(
            known_from_now_on(before, mode), known_from_now_on(after, mode)
        )
        for mode in before.modes
    }
    return {mode: it for mode, it in found.items() if it}


def _to_write_to(event: Event) -> QuerySet[Registration]:
    return Registration.filter(event_id=event.id, email__not="")


def _seated(event: Event, mode: Mode) -> QuerySet[Registration]:
    return _to_write_to(event).filter(state=State.CONFIRMED, mode=mode)


def _mark(known: object) -> str:
    """Name what people will know from now on."""
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


async def _letter(event: Event, differs: dict[Mode, Before]) -> Preview | None:
    """Write the letter of the first who has to be told of a difference."""
    for mode, changed in differs.items():
        to = _seated(event, mode).select_related("event__organiser")
        first = await to.order_by("id").first()
        if first is not None:
            chosen = await sessions_of(first)
            return preview(first, "changed", before=changed, sessions=chosen)
    return None
