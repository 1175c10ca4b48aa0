"""Single answers as they may stand in a file: lines of people nobody knows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from werkraum_feedback.answering.records import field_name
from werkraum_feedback.questions import Answer, Answers, Question
from werkraum_feedback.results.counts import Counts, Voice, fewest_for
from werkraum_feedback.results.shares import FEWEST
from werkraum_feedback.results.small_groups import UNSAID, Group
from werkraum_foundation.database import rows

ANSWERS = (
    "SELECT answer.response_id, answer.question_id, answer.number, answer.codes,"
    " answer.text, response.org_kind, response.org_size FROM response"
    " JOIN answer ON answer.response_id = response.id"
    " WHERE response.round_id = :round"
)


async def voices_of(round_id: UUID) -> list[Voice]:
    """Read what was answered, one voice per person; one query."""
    given: dict[str, list[Answer]] = {}
    groups: dict[str, Group] = {}
    for row in await rows(ANSWERS, round=round_id):
        response = str(row["response_id"])
        given.setdefault(response, []).append(_answer(row))
        groups[response] = Group.of(row["org_kind"], row["org_size"])
    return [
        Voice(Answers(tuple(answers)), groups[response])
        for response, answers in given.items()
    ]


def _answer(row: Mapping[str, Any]) -> Answer:  # Any: columns of a row
    codes = row["codes"]
    return Answer(
        field_name(UUID(str(row["question_id"]))),
        row["number"],
        tuple(json.loads(codes) if isinstance(codes, str) else codes or ()),
        row["text"] or "",
    )


@dataclass(frozen=True)
class Line:
    """What one person answered, as far as a file may tell.

    `number` counts the lines of the file; it has nothing to do with time, and is
    the same in all files of a round.
    """

    number: int
    group: Group
    answers: Mapping[str, Answer]


def lines_of(counts: Counts, voices: Iterable[Voice]) -> list[Line]:
    """Choose what files may tell: the same rule as on the page.

    A round with fewer than five responses has no line. Texts stand in it from five
    answers to their question on, what can be counted from ten. Where somebody comes
    from stands there only if in every question those of that group are enough, and
    all others too. The lines are sorted by what they say.
    """
    told = told_in_files(counts)
    if not told:
        return []
    found = [
        (counts.labels.get(voice.group, UNSAID), _kept(voice.answers, told))
        for voice in voices
        if voice.answers.given
    ]
    found.sort(key=_order)
    return [
        Line(number, group, answers)
        for number, (group, answers) in enumerate(found, start=1)
    ]


def told_in_files(counts: Counts) -> list[Question]:
    """List the questions that enough people answered for a file to tell of them."""
    if sum(counts.voices.values()) < FEWEST:
        return []
    return [
        question
        for question in counts.questions
        if counts.deciding(question) >= fewest_for(question)
    ]


def _kept(answers: Answers, told: Sequence[Question]) -> dict[str, Answer]:
    ids = {question.id for question in told}
    given = {it.question_id: it for it in answers.given if it.question_id in ids}
    return {
        question.id: given[question.id] for question in told if question.id in given
    }


def _order(line: tuple[Group, Mapping[str, Answer]]) -> tuple[str, list[str]]:
    group, answers = line
    return group.code, [f"{it.number}{it.codes}{it.text}" for it in answers.values()]
