"""Rounds answered by people of many kinds, written straight into the tables."""

from collections.abc import Sequence
from uuid import UUID

from werkraum_feedback.answering import records
from werkraum_feedback.models import (
    AnswerRow,
    QuestionRow,
    ResponseRow,
    Round,
    RoundKind,
    RoundState,
)
from werkraum_feedback.questions import Question
from werkraum_feedback.results.counts import Voice
from werkraum_foundation.models import Organiser


async def a_closed_round(
    organiser: Organiser,
    questions: Sequence[Question],
    voices: Sequence[Voice],
    *,
    event_id: UUID | None = None,
    kind: RoundKind = RoundKind.SURVEY,
    invited: int = 60,
) -> Round:
    """Keep what people of several groups said, the round being over."""
    asked = await Round.create(
        organiser_id=organiser.id,
        event_id=event_id,
        kind=kind,
        title={"de": "Umfrage", "en": "Survey"},
        state=RoundState.CLOSED,
        invited=invited,
        salt="0" * 32,
        created_at=organiser.created_at,
        opened_at=organiser.created_at,
        closes_at=organiser.created_at,
        closed_at=organiser.created_at,
    )
    await QuestionRow.bulk_create(
        records.question_row(question, asked.id, position)
        for position, question in enumerate(questions, start=1)
    )
    for voice in voices:
        await one_more(asked, voice)
    return asked


async def one_more(asked: Round, voice: Voice) -> None:
    response = await ResponseRow.create(
        round_id=asked.id,
        org_kind=voice.group.org_kind,
        org_size=voice.group.org_size,
    )
    await AnswerRow.bulk_create(records.answer_rows(voice.answers, response.id))
