"""What people need to take part: a task for the organiser, and an answer to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.language import gettext
from werkraum_foundation.outbox import announce
from werkraum_foundation.refusals import NotFound
from werkraum_registration.announcements import NeedAnswered
from werkraum_registration.models import ENDED, Need, NeedState

LONGEST_ANSWER = 1_000


class Reply(StrEnum):
    """What an organiser can say to a need."""

    GRANTED = "granted"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True)
class NeedCounts:
    """How many needs there are of people who take part, and how many wait."""

    open: int
    all: int


async def open_need(
    registration_id: UUID, question_id: UUID, text: str, *, now: datetime
) -> None:
    """Make a task of an answer; called by the deed that stores the answer."""
    await Need.create(
        registration_id=registration_id,
        question_id=question_id,
        text=text,
        created_at=now,
    )


async def drop(registration_id: UUID, question_id: UUID) -> None:
    await Need.filter(registration_id=registration_id, question_id=question_id).delete()


async def forget(registration_id: UUID) -> None:
    await Need.filter(registration_id=registration_id).delete()


@unit_of_work
async def answer(
    organiser_id: UUID,
    event_id: UUID,
    need_id: UUID,
    reply: Reply,
    text: str,
    *,
    actor: str,
    now: datetime,
) -> Need:
    """Tell the person; another answer later replaces it, the same one changes nothing.

    Raises `NotFound`, and `InvalidInput` for a "no" without what is there instead.
    """
    # Locks the need: two colleagues who answer take turns.
    if not await changed("UPDATE need SET text = text WHERE id = :id", id=need_id):
        raise NotFound
    found = Need.filter(
        id=need_id,
        registration__event_id=event_id,
        registration__event__organiser_id=organiser_id,
    )
    need = await found.select_related("registration").first()
    if need is None:
        raise NotFound
    if reply is Reply.NOT_POSSIBLE and not text:
        said = gettext("Please say what is possible instead.")
        raise InvalidInput([Fault("text", "missing", said)])
    state = NeedState(reply.value)
    if (need.state, need.answer) == (state, text):
        return need
    before = need.state.value
    need.state, need.answer = state, text
    need.answered_by, need.answered_at = actor, now
    await need.save()
    await audit.record(
        organiser_id,
        "need.answer",
        need.id,
        actor=actor,
        now=now,
        changes={"state": [before, state.value]},
    )
    if need.registration.state not in ENDED:
        await announce(
            NeedAnswered(organiser_id, event_id, need.registration_id, need.id)
        )
    return need


async def needs_of(event_id: UUID) -> list[Need]:
    """List the needs of those who take part, open ones first; one query."""
    found = Need.filter(registration__event_id=event_id)
    found = found.exclude(registration__state__in=ENDED)
    needs = await found.select_related("registration", "question").order_by(
        "created_at", "id"
    )
    return sorted(needs, key=lambda need: need.state is not NeedState.OPEN)


async def need_of(event_id: UUID, need_id: UUID) -> Need:
    """Find a need of an event, person and question with it, or raise `NotFound`."""
    found = Need.filter(id=need_id, registration__event_id=event_id)
    need = await found.select_related("registration", "question").first()
    if need is None:
        raise NotFound
    return need


async def needs_by(registration_id: UUID) -> list[Need]:
    """List somebody's own needs for their page; one query."""
    found = Need.filter(registration_id=registration_id).select_related("question")
    return await found.order_by("question__position", "id")


async def count_needs(event_id: UUID) -> NeedCounts:
    found = await rows(
        "SELECT count(*) AS n,"
        " count(CASE WHEN n.state = 'open' THEN 1 END) AS waiting"
        " FROM need n JOIN registration r ON r.id = n.registration_id"
        " WHERE r.event_id = :event"
        " AND r.state NOT IN ('cancelled', 'rejected', 'expired')",
        event=event_id,
    )
    return NeedCounts(found[0]["waiting"], found[0]["n"])
