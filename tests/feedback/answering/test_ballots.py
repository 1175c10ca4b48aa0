import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from tests.feedback.conftest import (
    Answering,
    Surveys,
    holders,
    saying,
    tokens,
)
from tortoise import Model
from tortoise.exceptions import BaseORMException

from werkraum_feedback.answering import ballots
from werkraum_feedback.answering.records import field_name
from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.asking.rules import Standing
from werkraum_feedback.models import AnswerRow, Ballot, ResponseRow, Round
from werkraum_feedback.questions import Answer, Answers
from werkraum_foundation.database import is_sqlite, rows
from werkraum_foundation.models import Organiser


async def a_ballot(asked: Round) -> str:
    return ballots.hash_for(asked.id, (await holders(asked))[0])


async def voices_as_stored() -> list[str]:
    """Read the texts in the order of their rows in the file."""
    place = "rowid" if is_sqlite() else "ctid"
    found = await rows(
        f"SELECT text FROM answer WHERE text IS NOT NULL ORDER BY {place}"
    )
    return [row["text"] for row in found]


async def test_everybody_with_a_seat_gets_one_ballot(
    olgas_office: Organiser, surveys: Surveys
) -> None:
    asked = await surveys(olgas_office, people=3)

    found = {it.token_hash for it in await Ballot.filter(round_id=asked.id)}
    assert found == {ballots.hash_for(asked.id, it) for it in await holders(asked)}
    assert asked.invited == 3


async def test_a_link_can_be_rebuilt_and_differs_in_every_round(
    olgas_office: Organiser, surveys: Surveys
) -> None:
    asked = await surveys(olgas_office, people=1)
    [token] = await tokens(asked)

    paper = await queries.paper_of(token)

    assert paper.round.id == asked.id
    assert ballots.token_for(uuid4(), (await holders(asked))[0]) != token


async def test_one_ballot_is_one_answer_though_fifty_are_sent_at_once(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=3)
    ballot, said = (
        await a_ballot(asked),
        saying(await queries.questions_of(asked.id), 1),
    )

    found = await asyncio.gather(
        *(ballots.cast(ballot, said, loaded=None, now=now) for _ in range(50))
    )

    assert found.count(Standing.MAY_ANSWER) == 1
    assert found.count(Standing.ANSWERED) == 49
    assert await ResponseRow.all().count() == 1
    assert await AnswerRow.all().count() == 3


async def test_what_breaks_on_the_way_leaves_the_ballot_unused(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=1)
    to_nothing = Answers((Answer(field_name(uuid4()), number=3),))

    with pytest.raises(BaseORMException):
        await ballots.cast(await a_ballot(asked), to_nothing, loaded=None, now=now)

    assert await ResponseRow.all().count() == 0
    assert not (await Ballot.get(round_id=asked.id)).used


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (Ballot, {"token_hash", "round_id", "used", "sent_hash", "blinded"}),
        (
            ResponseRow,
            {"id", "round_id", "org_kind", "org_size", "quotable", "channel"},
        ),
        (
            AnswerRow,
            {"id", "response_id", "question_id", "number", "codes", "text"},
        ),
    ],
    ids=["ballot", "response", "answer"],
)
def test_no_column_ties_an_answer_to_a_ballot_a_person_or_a_time(
    table: type[Model], columns: set[str]
) -> None:
    assert set(table._meta.db_fields) == columns


async def test_while_a_round_is_open_its_rows_lie_in_the_order_of_answering(
    olgas_office: Organiser, surveys: Surveys, answering: Answering
) -> None:
    asked = await surveys(olgas_office, people=12)

    await answering(asked, 12)

    # So the test below can see an order where there is one.
    assert await voices_as_stored() == [f"Voice {number:02}" for number in range(12)]


async def test_the_order_after_closing_is_not_the_order_of_answering(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=12)
    await answering(asked, 12)

    await rounds.close(olgas_office.id, asked.id, at_once=True, actor="x", now=now)

    stored = await voices_as_stored()
    assert stored != sorted(stored)
    assert len(set(stored)) == 12
    assert len(await queries.responses_of(asked.id)) == 12
    assert await Ballot.filter(round_id=asked.id, used=True).count() == 12


async def test_after_closing_the_versions_of_rows_tell_no_pairs(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    if is_sqlite():
        pytest.skip("SQLite keeps no version beside a row")
    asked = await surveys(olgas_office, people=12)
    await answering(asked, 12)

    await rounds.close(olgas_office.id, asked.id, at_once=True, actor="x", now=now)

    versions = await rows(
        "SELECT xmin::text AS v FROM ballot UNION SELECT xmin::text FROM response"
        " UNION SELECT xmin::text FROM answer"
    )
    assert len(versions) == 1


async def test_answers_and_the_end_of_a_round_meet_and_none_is_lost(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=20)
    questions = await queries.questions_of(asked.id)
    hashes = [ballots.hash_for(asked.id, it) for it in await holders(asked)]
    end = rounds.close(olgas_office.id, asked.id, at_once=True, actor="x", now=now)

    *found, _ = await asyncio.gather(
        *(
            ballots.cast(each, saying(questions, 1), loaded=None, now=now)
            for each in hashes
        ),
        end,
    )

    counted = found.count(Standing.MAY_ANSWER)
    assert len(await queries.responses_of(asked.id)) == counted
    assert await Ballot.filter(round_id=asked.id, used=True).count() == counted
    assert await Ballot.filter(round_id=asked.id).count() == 20


async def test_another_round_is_left_alone_when_one_closes(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    closing, other = await surveys(olgas_office), await surveys(olgas_office)
    await answering(other, 2)

    await rounds.close(olgas_office.id, closing.id, at_once=True, actor="x", now=now)

    assert len(await queries.responses_of(other.id)) == 2
    late = now + timedelta(days=1)
    assert await answering(closing, 1, at=late) == [Standing.CLOSED]
