"""No page, filter, table or file tells of fewer than five people, nor do all together.

For random answers everything that can be asked for is gathered, and somebody who
adds and subtracts tries to find out about a few people.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import StringIO
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.feedback.group_solver import few_told, sizes_told

from werkraum_feedback.models import Round
from werkraum_feedback.questions import Answer, Answers, Option, Question, QuestionKind
from werkraum_feedback.results.answer_lines import answer_lines
from werkraum_feedback.results.count_rows import count_rows
from werkraum_feedback.results.counts import Counts, Voice, add_up
from werkraum_feedback.results.cross_tables import BY, cross_table
from werkraum_feedback.results.exports import answers_csv
from werkraum_feedback.results.small_groups import (
    EVERYBODY,
    GROUPS,
    UNSAID,
    Cells,
    Group,
    blocks_of,
    cells_of,
)
from werkraum_feedback.results.spss import spss_table
from werkraum_feedback.results.tallies import results
from werkraum_feedback.results.voices import Line, lines_of

CELLS = [
    *(Group.of("municipality", size) for size in ("small", "medium", "large", None)),
    *(Group.of(kind) for kind in ("district", "association", "school")),
    UNSAID,
]
MODES = (Option("onsite", {"en": "on site"}), Option("online", {"en": "online"}))
QUESTIONS = (
    Question("q-1", "F01", QuestionKind.SCALE, {"en": "Helpful?"}),
    Question("q-2", "F02", QuestionKind.CHOICE, {"en": "How?"}, options=MODES),
    Question("q-3", "F03", QuestionKind.TEXT, {"en": "What was good?"}),
)

# Somebody of a group, and which of the questions they skip: mostly none.
people = st.tuples(
    st.sampled_from(CELLS),
    st.sampled_from([(), (), (), ("q-1",), ("q-2",), ("q-3",), ("q-1", "q-3")]),
    st.integers(1, 5),
)
# Several of the same at a time, so that groups are about five and about ten.
crowds = st.lists(st.tuples(people, st.integers(1, 7)), max_size=16)


def voices(crowd: list[tuple[tuple[Group, tuple[str, ...], int], int]]) -> list[Voice]:
    return [
        Voice(answers_of(skipped, number, f"{place}.{turn}"), group)
        for place, ((group, skipped, number), times) in enumerate(crowd)
        for turn in range(times)
    ]


def answers_of(skipped: tuple[str, ...], number: int, name: str) -> Answers:
    given = (
        Answer("q-1", number=number),
        Answer("q-2", codes=(MODES[number % 2].code,)),
        Answer("q-3", text=f"Voice {name}"),
    )
    return Answers(tuple(it for it in given if it.question_id not in skipped))


def on_pages(counts: Counts) -> Iterator[tuple[str, Group, bool]]:
    """Name each question and group that a page shows, and whether with numbers."""
    for group in (EVERYBODY, *GROUPS):
        for result in results(counts, invited=99, group=group).questions:
            if result.is_shown:
                yield result.question.id, group, result.with_numbers
    for whole in results(counts, invited=99).questions:
        for groups in BY.values():
            table = cross_table(whole, counts, groups)
            for group, result in table.columns if table else ():
                yield whole.question.id, group, result.with_numbers


def in_counts(counts: Counts) -> set[tuple[str, str]]:
    """Name each question and group of which the sheet of counts has a row."""
    found = [results(counts, invited=99, group=it) for it in (EVERYBODY, *GROUPS)]
    rows = list(count_rows(found))[1:]
    return {(str(row[0]), str(row[1])) for row in rows}


Files = Mapping[tuple[str, str], int]
"""Question and the words of a group → how many answers a file tells."""


def in_csv(lines: list[Line]) -> Files:
    text = "".join(answers_csv(QUESTIONS, lines, "en"))
    head, *rows = csv.reader(StringIO(text, newline=""))
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        where = row[0] if head[0] == "Where from" else ""
        for name, cell in zip(head, row, strict=True):
            if name != "Where from" and cell:
                found[name[:3], where] += 1
    return found


def in_lines(lines: list[Line]) -> Files:
    asked = Round(id=uuid4(), version=1, created_at=datetime(2027, 1, 1, tzinfo=UTC))
    found: Counter[tuple[str, str]] = Counter()
    for text in answer_lines(asked, QUESTIONS, lines):
        told = json.loads(text)
        group = told["group"] or {"org_kind": None, "org_size": None}
        found[told["question"], Group.of(**renamed(group)).words] += 1
    return found


def renamed(group: dict[str, str | None]) -> dict[str, str | None]:
    return {name.removeprefix("org_"): value for name, value in group.items()}


def in_spss(lines: list[Line]) -> Files:
    table = spss_table(QUESTIONS, lines, "en")
    names = [it.name for it in table.variables]
    missing = {it.name: it.missing for it in table.variables}
    words = [dict(it.values) for it in table.variables]
    found: Counter[tuple[str, str]] = Counter()
    for row in table.rows:
        kind, size = (
            words[place][cell] if cell != -9 else ""
            for place, cell in ((1, int(row[1] or 0)), (2, int(row[2] or 0)))
        )
        for name, cell in list(zip(names, row, strict=True))[3:]:
            if cell not in ("", missing[name]):
                found[name, size or kind] += 1
    return found


def published(
    counts: Counts, lines: list[Line], *, numbers: bool
) -> dict[str, set[Cells]]:
    """Gather for each question whose answers are shown anywhere."""
    shown: dict[str, set[Cells]] = defaultdict(set)
    for question_id, group, with_numbers in on_pages(counts):
        question = next(it for it in QUESTIONS if it.id == question_id)
        if with_numbers or not numbers:
            shown[question_id].add(cells_of(group, counts.people(question)))
    for question in QUESTIONS:
        if any(question.id in line.answers for line in lines):
            people = counts.people(question)
            shown[question.id] |= {
                frozenset(it for it in block if people.get(it))
                for block in blocks_of(counts.labels)
            }
    return shown


@given(crowds)
@settings(max_examples=150)
def test_nobody_can_compute_a_group_below_five(
    crowd: list[tuple[tuple[Group, tuple[str, ...], int], int]],
) -> None:
    counts = add_up(QUESTIONS, voices(crowd), b"salt")
    lines = lines_of(counts, voices(crowd))

    shown = published(counts, lines, numbers=False)

    for question in QUESTIONS:
        people = counts.people(question)
        if sum(people.values()) < 5:
            assert shown[question.id] <= {frozenset()}
        else:
            assert few_told(shown[question.id], people, 5) == []


@given(crowds)
@settings(max_examples=100)
def test_nobody_can_compute_numbers_of_fewer_than_ten(
    crowd: list[tuple[tuple[Group, tuple[str, ...], int], int]],
) -> None:
    counts = add_up(QUESTIONS, voices(crowd), b"salt")
    lines = lines_of(counts, voices(crowd))

    shown = published(counts, lines, numbers=True)

    for question in QUESTIONS[:2]:
        people = counts.people(question)
        if sum(people.values()) >= 10:
            assert few_told(shown[question.id], people, 10) == []


@given(crowds)
@settings(max_examples=20)
def test_nobody_can_be_sure_how_many_a_small_group_are(
    crowd: list[tuple[tuple[Group, tuple[str, ...], int], int]],
) -> None:
    counts = add_up(QUESTIONS, voices(crowd), b"salt")
    shown = published(counts, lines_of(counts, voices(crowd)), numbers=False)

    for question in QUESTIONS:
        people = dict.fromkeys(CELLS, 0) | dict(counts.people(question))
        if sum(people.values()) >= 5:
            assert sizes_told(shown[question.id], people, 5) == []


@given(crowds)
@settings(max_examples=60)
def test_files_and_pages_tell_of_the_same(
    crowd: list[tuple[tuple[Group, tuple[str, ...], int], int]],
) -> None:
    counts = add_up(QUESTIONS, voices(crowd), b"salt")
    lines = lines_of(counts, voices(crowd))

    assert in_csv(lines) == in_lines(lines) == in_spss(lines)
    assert in_counts(counts) == {
        (question_id.replace("q-", "F0"), group.words or "All people")
        for question_id, group, _ in on_pages(counts)
        if question_id != "q-3"
    } | {
        ("F03", group.words or "All people")
        for question_id, group, with_numbers in on_pages(counts)
        if question_id == "q-3" and with_numbers
    }
    told = sum(in_csv(lines).values())
    assert told == sum(
        sum(counts.people(it).values())
        for it in QUESTIONS
        if any(it.id in line.answers for line in lines)
    )
