"""Questions about rounds, named by what they mean."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Status
from werkraum_feedback.answering import records
from werkraum_feedback.asking.rules import UnknownBallot, lacks_options
from werkraum_feedback.models import (
    AnswerRow,
    Ballot,
    QuestionRow,
    ResponseRow,
    Round,
    RoundKind,
    RoundState,
)
from werkraum_feedback.questions import Answers, Question
from werkraum_feedback.report_models import Report, ReportState
from werkraum_foundation.database import is_sqlite, rows
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_registration.links import hash_of

MOST_MODELS = 50


@dataclass(frozen=True)
class Paper:
    """What a ballot opens: the round with event and organiser, its questions."""

    ballot: Ballot
    round: Round
    questions: tuple[Question, ...]


async def paper_of(token: str) -> Paper:
    """Find what a link opens; two queries. Raises `UnknownBallot`."""
    found = Ballot.filter(token_hash=hash_of(token))
    ballot = await found.select_related("round__event", "round__organiser").first()
    if ballot is None:
        raise UnknownBallot
    return Paper(ballot, ballot.round, await questions_of(ballot.round_id))


async def questions_of(round_id: UUID) -> tuple[Question, ...]:
    """List what a round asks, in its order."""
    found = QuestionRow.filter(round_id=round_id, asked=True).order_by("position")
    return tuple(records.question_of(row) for row in await found)


async def typed_in(round_id: UUID) -> dict[str, int]:
    """Say how many voices were typed in for others, by the id of the question."""
    found = QuestionRow.filter(round_id=round_id, typed_in__gt=0)
    return {records.field_name(row.id): row.typed_in for row in await found}


async def without_options(round_id: UUID) -> list[QuestionRow]:
    """List the questions of a draft to choose from that offer no choice."""
    rows_there = await QuestionRow.filter(round_id=round_id, asked=True)
    return [it for it in rows_there if lacks_options(records.question_of(it))]


async def question_rows_of(round_id: UUID) -> list[QuestionRow]:
    """List the questions of a draft, those included that will not be asked."""
    return await QuestionRow.filter(round_id=round_id).order_by("position")


async def round_of(organiser_id: UUID, round_id: UUID) -> Round:
    """Find an organiser's round, with event and organiser, or raise `NotFound`."""
    found = Round.filter(id=round_id, organiser_id=organiser_id)
    asked = await found.select_related("event", "organiser").first()
    if asked is None:
        raise NotFound
    return asked


async def rounds_of(event_id: UUID) -> list[Round]:
    """List the rounds of an event, the latest first."""
    return await Round.filter(event_id=event_id).order_by("-id")


async def open_rounds_of(event_id: UUID, *, now: datetime) -> list[Round]:
    """List the rounds that people of an event can answer now."""
    return await Round.filter(
        event_id=event_id, state=RoundState.OPEN, closes_at__gt=now
    ).order_by("id")


async def has_round_under_way(
    event_id: UUID, kind: RoundKind, session_id: UUID | None
) -> bool:
    """Whether a round of the same kind is not closed: of the event, or a session."""
    return await Round.exists(
        event_id=event_id,
        session_id=session_id,
        kind=kind,
        state__in=(RoundState.DRAFT, RoundState.OPEN),
    )


async def network_rounds(organiser_id: UUID) -> list[Round]:
    """List the rounds of an organiser that belong to no event, the latest first."""
    return await Round.filter(organiser_id=organiser_id, event_id=None).order_by("-id")


async def models_of(organiser_id: UUID) -> list[Round]:
    """List the latest rounds of an organiser, events with them, to go by."""
    found = Round.filter(organiser_id=organiser_id).select_related("event")
    return await found.order_by("-id").limit(MOST_MODELS)


def timezone_of(asked: Round) -> str:
    """Name the zone of a round's times, read with its event."""
    return asked.event.timezone if asked.event else own_timezone()


def own_timezone() -> str:
    return str(settings().timezone)


async def has_report(event_id: UUID) -> bool:
    """Whether a report of the event has been published."""
    return await Report.exists(event_id=event_id, state=ReportState.PUBLISHED)


async def next_event(
    organiser_id: UUID, *, after: Event | None, now: datetime
) -> Event | None:
    """Find what an organiser offers next, other than the event somebody comes from."""
    found = Event.filter(
        organiser_id=organiser_id, status=Status.PUBLISHED, starts_at__gt=now
    )
    if after:
        found = found.exclude(id=after.id)
    return await found.order_by("starts_at", "id").first()


async def count_responses(round_id: UUID) -> int:
    return await ResponseRow.filter(round_id=round_id).count()


async def responses_of(round_id: UUID) -> list[Answers]:
    """Read what was answered, one `Answers` per person; one query."""
    found = AnswerRow.filter(response__round_id=round_id)
    return records.answers_of(await found)


async def enter_round(organiser_id: UUID, round_id: UUID) -> Round:
    """Lock an organiser's round, then read it: deeds and answers wait."""
    locked = await rows(
        "UPDATE round SET state = state WHERE id = :round"
        " AND organiser_id = :organiser RETURNING id",
        round=round_id,
        organiser=organiser_id,
    )
    if not locked:
        raise NotFound
    return await round_of(organiser_id, round_id)


async def enter_to_answer(token_hash: str) -> Round:
    """Read the round of a ballot so that it cannot close before the answer is in.

    Answers do not wait for each other, only for a deed that changes the round.
    """
    ballot = await Ballot.get(token_hash=token_hash)
    if not is_sqlite():
        # SQLite has one writer at a time, and this one is it.
        await rows("SELECT id FROM round WHERE id = :id FOR SHARE", id=ballot.round_id)
    return await Round.get(id=ballot.round_id)
