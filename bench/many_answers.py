"""Write a closed round with many answers, and much that was said beside it, coded.

`many_answers.py ANSWERS STATEMENTS`. By hand, in batches: it is measured how they are
shown, not how they came. Prints the ids of the round and its event, and the cookie of
somebody who may read both.
"""

import asyncio
import json
import random
import sys
from datetime import UTC, datetime
from uuid import UUID, uuid4

from many_registrations import signed_in
from many_statements import an_event

from werkraum_feedback.models import (
    AnswerRow,
    QuestionRow,
    ResponseRow,
    Round,
    RoundState,
)
from werkraum_feedback.questions import QuestionKind
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_foundation.models import Organiser
from werkraum_foundation.settings import settings
from werkraum_registration.models import OrganisationKind, OrganisationSize
from werkraum_server.database import opened

AT_ONCE = 1_000
KINDS = (
    QuestionKind.SCALE,
    QuestionKind.SCORE,
    QuestionKind.YES_NO,
    QuestionKind.CHOICE,
    QuestionKind.CHOICES,
    QuestionKind.RANKING,
    QuestionKind.NUMBER,
    QuestionKind.TEXT,
)
CODES = ("youth", "money", "digital", "travel", "future")


async def main(answers: int, statements: int) -> None:
    chance = random.Random(1)
    async with opened(settings().database_url):
        organiser = await Organiser.first()
        assert organiser
        asked = await a_round(organiser.id, answers // len(KINDS))
        questions = await QuestionRow.filter(round_id=asked.id).order_by("position")
        for begin in range(0, asked.invited, AT_ONCE):
            count = min(AT_ONCE, asked.invited - begin)
            await write(asked.id, questions, count, chance)
        event = await an_event(asked, statements, chance)
        if not is_sqlite():
            # As it does by itself within a minute or so.
            await rows("ANALYZE")
        cookie = await signed_in(organiser.id)
    told = {"round": str(asked.id), "event": str(event), "cookie": cookie}
    print(json.dumps(told))


@unit_of_work
async def a_round(organiser_id: UUID, people: int) -> Round:
    now = datetime.now(UTC)
    asked = await Round.create(
        organiser_id=organiser_id,
        title={"de": "Umfrage", "en": "Survey"},
        state=RoundState.CLOSED,
        invited=people,
        salt="0" * 32,
        created_at=now,
        opened_at=now,
        closes_at=now,
        closed_at=now,
    )
    options = [{"code": code, "label": {"en": code.title()}} for code in CODES]
    await QuestionRow.bulk_create(
        QuestionRow(
            round_id=asked.id,
            position=position,
            code=f"F{position:02}",
            kind=kind,
            text={"de": f"Frage {position}", "en": f"Question {position}"},
            hint={},
            options=options if kind.value in ("choice", "choices", "ranking") else [],
            poles=[],
        )
        for position, kind in enumerate(KINDS, start=1)
    )
    return asked


@unit_of_work
async def write(
    round_id: UUID, questions: list[QuestionRow], count: int, chance: random.Random
) -> None:
    responses = [
        ResponseRow(
            id=uuid4(),
            round_id=round_id,
            org_kind=chance.choice(list(OrganisationKind)),
            org_size=chance.choice(list(OrganisationSize)),
        )
        for _ in range(count)
    ]
    await ResponseRow.bulk_create(responses)
    await AnswerRow.bulk_create(
        answer(response.id, question, chance)
        for response in responses
        for question in questions
    )


def answer(response_id: UUID, asked: QuestionRow, chance: random.Random) -> AnswerRow:
    row = AnswerRow(response_id=response_id, question_id=asked.id)
    match asked.kind:
        case QuestionKind.SCALE:
            row.number = chance.randint(1, 5)
        case QuestionKind.SCORE:
            row.number = chance.randint(0, 10)
        case QuestionKind.NUMBER:
            row.number = chance.randint(0, 500)
        case QuestionKind.YES_NO:
            row.codes = [chance.choice(("yes", "no"))]
        case QuestionKind.CHOICE:
            row.codes = [chance.choice(CODES)]
        case QuestionKind.CHOICES:
            row.codes = [code for code in CODES if chance.random() < 0.4] or ["youth"]
        case QuestionKind.RANKING:
            row.codes = chance.sample(CODES, len(CODES))
        case _:
            row.text = f"A word about {chance.choice(CODES)}. " * chance.randint(1, 4)
    return row


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
