"""What the form of an event asks beyond name, address and how somebody takes part.

It is read once for each version of the event, and kept.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from werkraum_events.models import Event, Session
from werkraum_foundation.database import rows
from werkraum_registration import consent_wishes, questions
from werkraum_registration.models import ConsentWish, FormQuestion, FormQuestionKind

MOST_KEPT = 300
# Seconds: what somebody wrote past the version comes to light by itself.
LIFE = 60.0


@dataclass(frozen=True)
class EventForm:
    """The questions, retired ones among them, the consents, and what can be chosen."""

    questions: tuple[FormQuestion, ...] = ()
    consents: tuple[ConsentWish, ...] = ()
    sessions: tuple[Session, ...] = ()

    @property
    def asked(self) -> list[FormQuestion]:
        return [it for it in self.questions if it.retired_at is None]

    @property
    def organisation_question(self) -> FormQuestion | None:
        kind = FormQuestionKind.ORGANISATION
        return next((it for it in self.asked if it.kind is kind), None)


@dataclass(frozen=True)
class Left:
    """How many seats of a session are left, for words; None without a limit."""

    left: int | None
    waiting: int


NOTHING = EventForm()

_kept: dict[UUID, tuple[int, float, EventForm]] = {}


async def form_of(event: Event, *, asks: bool | None = None) -> EventForm:
    """Tell what an event asks; three queries, or one where it asks nothing.

    None at all while nothing was saved, or if `asks` says that there is nothing. The
    rows are not the caller's own: read them, do not change them.
    """
    kept = _kept.get(event.id)
    if kept and kept[0] == event.version and time.monotonic() - kept[1] < LIFE:
        return kept[2]
    if asks is None:
        asks = await _asks(event.id)
    form = await _read(event.id) if asks else NOTHING
    while len(_kept) >= MOST_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[event.id] = event.version, time.monotonic(), form
    return form


async def forms_of(events: Sequence[Event]) -> dict[UUID, EventForm]:
    """Tell what several events ask: three queries, and three for each that asks."""
    ids = [event.id for event in events]
    asking: set[UUID] = set()
    for asked in (
        FormQuestion.filter(event_id__in=ids),
        ConsentWish.filter(event_id__in=ids),
        Session.filter(event_id__in=ids, bookable=True),
    ):
        asking |= {it["event_id"] for it in await asked.distinct().values("event_id")}
    return {it.id: await form_of(it, asks=it.id in asking) for it in events}


# Whether there is anything to read; a condition on an event that is called `e`.
ASKS = (
    "(EXISTS (SELECT 1 FROM registration_question q WHERE q.event_id = e.id)"
    " OR EXISTS (SELECT 1 FROM consent_wish c WHERE c.event_id = e.id)"
    " OR EXISTS (SELECT 1 FROM session s WHERE s.event_id = e.id AND s.bookable))"
)


async def _asks(event_id: UUID) -> bool:
    found = await rows(
        f"SELECT 1 AS one FROM event e WHERE e.id = :id AND {ASKS}", id=event_id
    )
    return bool(found)


async def _read(event_id: UUID) -> EventForm:
    return EventForm(
        questions=tuple(await questions.questions_of(event_id)),
        consents=tuple(await consent_wishes.wishes_of(event_id)),
        sessions=tuple(
            await Session.filter(event_id=event_id, bookable=True).order_by(
                "starts_at", "id"
            )
        ),
    )


async def seats_left(event_id: UUID) -> dict[UUID, Left]:
    """Tell how many seats each session has left; one query."""
    found = await rows(
        "SELECT session_id, seats, taken, demand FROM seat_pool"
        " WHERE event_id = :event AND session_id IS NOT NULL",
        event=event_id,
    )
    return {
        UUID(str(row["session_id"])): Left(
            None if row["seats"] is None else row["seats"] - row["taken"],
            row["demand"] - row["taken"],
        )
        for row in found
    }


def parallel(sessions: Sequence[Session]) -> list[list[Session]]:
    """Put together what happens at the same time; `sessions` are in their order."""
    groups: list[list[Session]] = []
    for session in sessions:
        if groups and any(overlap(session, it) for it in groups[-1]):
            groups[-1].append(session)
        else:
            groups.append([session])
    return groups


def overlap(one: Session, other: Session) -> bool:
    """Whether nobody can be at both; one that ends when the other begins is fine."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
