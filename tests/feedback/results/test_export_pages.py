"""Files of a round: all of them read back, against each other and the page (I22)."""

import csv
import html
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from python_calamine import CalamineWorkbook
from tests.feedback.group_answers import a_closed_round
from tests.feedback.report_samples import LARGE, SMALL
from tests.feedback.results.test_round_results import (
    DISTRICT,
    SCHOOL,
    all_kinds,
    some_voices,
)
from tests.feedback.statement_rows import a_theme, marked, said
from tests.people import an_event, olga_signed_in, otto_signed_in

from werkraum_events.models import Event
from werkraum_feedback.coding.speaker_groups import NO_GROUP
from werkraum_feedback.models import Round, RoundState
from werkraum_feedback.questions import Answer, Answers, Question, QuestionKind
from werkraum_feedback.results.counts import Voice
from werkraum_feedback.results.round_results import results_of
from werkraum_feedback.results.tallies import Results
from werkraum_feedback.statement_models import Quoting
from werkraum_foundation.models import AuditEntry, Organiser

FILES = ["answers.csv", "answers.xlsx", "answers.jsonl", "answers-spss.zip"]
Counted = dict[str, Counter[str]]
"""Question code → what was picked (a code, a number, a text) → how often."""


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    return await olga_signed_in(client)


@dataclass(frozen=True)
class Answered:
    round: Round
    questions: tuple[Question, ...]

    @property
    def path(self) -> str:
        return f"/desk/rounds/{self.round.id}"


async def answered(olga: Organiser, count: int = 40, text: str = "") -> Answered:
    questions = all_kinds()
    voices = some_voices(questions)[:count]
    if text:
        words = next(it for it in questions if it.kind is QuestionKind.TEXT)
        said = Answers((Answer(words.id, text=text),))
        voices += [Voice(said, voices[0].group)]
    return Answered(await a_closed_round(olga, questions, voices), questions)


def from_table(
    rows: Sequence[Sequence[object]], questions: Sequence[Question]
) -> Counted:
    """Count a table in which choices and rankings have a column for each option."""
    head, *lines = rows
    found: Counted = {question.code: Counter() for question in questions}
    by_code = {question.code: question for question in questions}
    for line in lines:
        for name, cell in zip(head, line, strict=True):
            question = by_code.get(str(name)[:3])
            if question and cell not in ("", None):
                found[question.code].update(_picked(question, str(name), str(cell)))
    return found


def _picked(question: Question, column: str, cell: str) -> list[str]:
    option = column.rpartition("[")[2].rstrip("]")
    match question.kind:
        case QuestionKind.CHOICES:
            return [option] if cell == "1" else []
        case QuestionKind.RANKING:
            return [f"{option}{cell}"]
        case QuestionKind.YES_NO:
            return [cell.lower()]
    return [cell]


def from_csv(answer: httpx.Response, questions: Sequence[Question]) -> Counted:
    return from_table(list(csv.reader(io.StringIO(answer.text, newline=""))), questions)


def sheet(answer: httpx.Response, name: str) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_name(name).to_python()
    return [
        [int(it) if isinstance(it, float) and it.is_integer() else it for it in row]
        for row in rows
    ]


def from_lines(answer: httpx.Response) -> Counted:
    found: Counted = {}
    for line in answer.text.splitlines():
        told = json.loads(line)
        picked = told["text"] or told["code"] or str(told["value"])
        picked += str(told["place"] or "")
        found.setdefault(told["question"], Counter())[picked] += 1
    return found


def from_spss(answer: httpx.Response, questions: Sequence[Question]) -> Counted:
    """Read the table the way the syntax says."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        table = archive.read("answers.csv").decode()
        syntax = archive.read("answers.sps").decode()
    missing = dict(re.findall(r"^MISSING VALUES (\w+) \((-\d+)\)\.$", syntax, re.M))
    names = re.findall(r"^    (\w+) (?:A\d+|F12\.0)$", syntax, re.M)
    head, *lines = csv.reader(io.StringIO(table, newline=""))
    assert head == names
    found: Counted = {question.code: Counter() for question in questions}
    for line in lines:
        for name, cell in list(zip(names, line, strict=True))[3:]:
            if cell and cell != missing.get(name):
                question = next(it for it in questions if it.code == name[:3])
                found[question.code].update(_numbered(question, name, cell))
    return found


def _numbered(question: Question, name: str, cell: str) -> list[str]:
    codes = [option.code for option in question.offered]
    option = codes[int(name[4:]) - 1] if "_" in name else ""
    match question.kind:
        case QuestionKind.CHOICES:
            return [option] if cell == "1" else []
        case QuestionKind.RANKING:
            return [f"{option}{cell}"]
        case QuestionKind.CHOICE | QuestionKind.YES_NO:
            return [codes[int(cell) - 1]]
    return [cell]


def from_results(found: Results) -> Counted:
    counted: Counted = {}
    for result in found.questions:
        told = counted.setdefault(result.question.code, Counter())
        for tally in result.tallies:
            for place, people in enumerate(tally.places, start=1):
                told[f"{tally.option.code}{place}"] = people
            if not tally.places:
                told[tally.option.code] = tally.count or 0
        told.update(result.texts)
    return {code: +told for code, told in counted.items()}


def on_page(text: str) -> list[tuple[str, int]]:
    """Read the numbers that the page sets beside the labels."""
    row = (
        r'<th scope="row">([^<]+)</th>\s*<td>[^<]*</td>\s*<td class="number">(\d+)</td>'
    )
    return [
        (html.unescape(label), int(number)) for label, number in re.findall(row, text)
    ]


def without(counted: Counted, *codes: str) -> Counted:
    return {code: told for code, told in counted.items() if code not in codes}


async def test_all_files_and_the_page_tell_the_same(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    made = await answered(olga)
    questions = made.questions
    number = next(it.code for it in questions if it.kind is QuestionKind.NUMBER)

    files = [await client.get(f"{made.path}/{name}") for name in FILES]
    told = from_results(await results_of(made.round))
    page = (await client.get(f"{made.path}/results")).text

    table, book, lines, spss = files
    assert from_csv(table, questions) == from_table(sheet(book, "Answers"), questions)
    assert from_csv(table, questions) == from_lines(lines)
    assert from_csv(table, questions) == from_spss(spss, questions)
    assert without(from_csv(table, questions), number) == without(told, number)
    assert sum(from_csv(table, questions)[number].values()) > 30
    for label, count in on_page(page):
        assert count in {told[it.code].get(label.lower(), 0) for it in questions}
    for texts in (told["F08"], told["F09"]):
        assert all(html.escape(text) in page for text in texts)


async def test_the_sheet_of_counts_tells_what_the_page_tells_of_each_group(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    made = await answered(olga)
    book = await client.get(f"{made.path}/answers.xlsx")

    rows = sheet(book, "Counts")[1:]

    for group, words in ((None, "All people"), (DISTRICT, "District")):
        found = await results_of(made.round, group=group)
        for result in found.questions:
            told = [
                (row[2], row[4], row[5])
                for row in rows
                if (row[0], row[1]) == (result.question.code, words) and row[2] != ""
            ]
            assert [(str(code), said, count) for code, said, count in told] == [
                (it.option.code, it.words, "" if it.count is None else it.count)
                for it in result.tallies
            ]


async def test_the_codebook_explains_each_code_of_the_lines(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    made = await answered(olga)

    lines = (await client.get(f"{made.path}/answers.jsonl")).text.splitlines()
    book = (await client.get(f"{made.path}/codebook.json")).json()

    assert (book["schema"], book["schema_version"]) == ("werkraum.codebook", 1)
    assert book["answered"] == 40
    known = {
        it["question"]: {o["code"] for o in it["options"]} for it in book["questions"]
    }
    for line in map(json.loads, lines):
        assert (line["schema"], line["schema_version"]) == ("werkraum.answers", 1)
        assert line["round"] == str(made.round.id)
        if line["code"]:
            assert line["code"] in known[line["question"]]


async def test_no_cell_of_any_file_can_run(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    evil = '=HYPERLINK("https://otto.example")\n\'. EXECUTE.'
    made = await answered(olga, text=evil)

    table, book, lines, spss = [
        await client.get(f"{made.path}/{name}") for name in FILES
    ]

    cells = [cell for row in csv.reader(io.StringIO(table.text)) for cell in row]
    assert "'" + evil in cells
    # In a workbook a text is a text, not a formula.
    assert evil in [cell for row in sheet(book, "Answers") for cell in row]
    with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
        sheets = [it for it in archive.namelist() if it.startswith("xl/worksheets/")]
        assert not any(b"<f>" in archive.read(it) for it in sheets)
    assert evil in [json.loads(line)["text"] for line in lines.text.splitlines()]
    with zipfile.ZipFile(io.BytesIO(spss.content)) as archive:
        assert "'=HYPERLINK(" in archive.read("answers.csv").decode()
        assert "HYPERLINK" not in archive.read("answers.sps").decode()


@pytest.mark.parametrize("name", [*FILES, "codebook.json"])
async def test_who_takes_answers_away_is_noted(
    client: httpx.AsyncClient, olga: Organiser, name: str
) -> None:
    made = await answered(olga)

    sent = await client.get(f"{made.path}/{name}")

    assert sent.status_code == 200
    assert sent.headers["content-disposition"] == f'attachment; filename="{name}"'
    noted = await AuditEntry.get(action="round.export")
    assert noted.subject_id == made.round.id
    assert noted.changes["format"][1]


@pytest.mark.parametrize("name", [*FILES, "codebook.json"])
async def test_files_of_fewer_than_five_or_of_an_open_round_are_refused(
    client: httpx.AsyncClient, olga: Organiser, name: str
) -> None:
    few, still_open = await answered(olga, 4), await answered(olga)
    await Round.filter(id=still_open.round.id).update(state=RoundState.OPEN)

    for made in (few, still_open):
        refused = await client.get(f"{made.path}/{name}")
        assert refused.status_code == 409

    assert not await AuditEntry.exists(action="round.export")


@pytest.mark.parametrize("name", [*FILES, "codebook.json", "results", "results/F08"])
async def test_otto_gets_no_file(
    client: httpx.AsyncClient, olgas_office: Organiser, name: str
) -> None:
    made = await answered(olgas_office)
    await otto_signed_in(client)

    seen = await client.get(f"{made.path}/{name}")

    assert seen.status_code == 404


async def test_a_group_of_four_is_named_in_no_file(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    (question, *_) = all_kinds()
    said = Answers((Answer(question.id, number=4),))
    voices = [Voice(said, DISTRICT)] * 20 + [Voice(said, SCHOOL)] * 4
    made = Answered(await a_closed_round(olga, [question], voices), (question,))

    table, book, lines, spss = [
        await client.get(f"{made.path}/{name}") for name in FILES
    ]

    assert "Where from" not in table.text
    assert not {"District", "School"} & {row[1] for row in sheet(book, "Counts")}
    assert {json.loads(line)["group"] for line in lines.text.splitlines()} == {None}
    with zipfile.ZipFile(io.BytesIO(spss.content)) as archive:
        rows = csv.reader(io.StringIO(archive.read("answers.csv").decode()))
        assert {row[1] for row in list(rows)[1:]} == {"-9"}


async def test_the_sheets_of_themes_and_quotes_read_as_the_page(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    made, event = await answered_at_an_event(olga)
    theme = await a_theme(olga, "=Förderung", definition={"en": "Money"})
    for number in range(20):
        group = (SMALL, LARGE)[number % 2]
        text = f"=SUM(A{number}) ist, was wir rechnen."
        allowed = Quoting.NO if number == 4 else Quoting.UNNAMED
        statement = await said(event, text, group=group, quoting=allowed)
        if number < 5:
            await marked(statement, theme, good=number == 3)

    book = await client.get(f"{made.path}/answers.xlsx")
    page = await client.get(f"/desk/events/{event.id}/feedback/themes")

    head, row = sheet(book, "Themes")
    assert head[:4] == ["Theme", "What belongs to it", "Statements",
                        "Kinds of organisations"]  # fmt: skip
    assert dict(zip(head, row, strict=True)) == {
        "Theme": "=Förderung",
        "What belongs to it": "Money",
        "Statements": 5,
        "Kinds of organisations": 2,
        "Small town": 3,
        "Large town": 2,
    }
    assert re.findall(r'<td class="number">(\d+)</td>', page.text)[:3] == [
        "5",
        "3",
        "2",
    ]
    head, best, *others = sheet(book, "Quotes")
    assert head == ["Theme", "Quote", "Where from", "Marked"]
    assert best == ["=Förderung", "=SUM(A3) ist, was wir rechnen.", "Large town",
                    "good quote"]  # fmt: skip
    assert sorted(str(it[1])[:7] for it in others) == ["=SUM(A0", "=SUM(A1", "=SUM(A2"]
    with zipfile.ZipFile(io.BytesIO(book.content)) as file:
        parts = [file.read(it) for it in file.namelist() if "worksheets/" in it]
    assert parts and not [it for it in parts if b"<f>" in it or b"<hyperlink" in it]


@pytest.mark.parametrize(
    ("large", "others", "named"),
    [(9, 0, ["Small town", "Large town"]), (4, 3, [])],
    ids=["below ten no numbers", "below five no group"],
)
async def test_the_sheet_of_themes_tells_nothing_of_small_groups(
    client: httpx.AsyncClient,
    olga: Organiser,
    large: int,
    others: int,
    named: list[str],
) -> None:
    made, event = await answered_at_an_event(olga)
    theme = await a_theme(olga, "Förderung")
    groups = [SMALL] * 6 + [LARGE] * large + [NO_GROUP] * others
    for number, group in enumerate(groups):
        words = f"Satz {number}"
        statement = await said(event, words, group=group, quoting=Quoting.UNNAMED)
        await marked(statement, theme)

    book = await client.get(f"{made.path}/answers.xlsx")

    head, row = sheet(book, "Themes")
    assert head[4:] == named
    assert row[2:] == [len(groups), len(named), *["spoken of"] * len(named)]
    whence = {line[2] for line in sheet(book, "Quotes")[1:]}
    assert whence == (set(named) or {""})


async def answered_at_an_event(olga: Organiser) -> tuple[Answered, Event]:
    event = await an_event(olga)
    questions = all_kinds()
    voices = some_voices(questions)
    made = await a_closed_round(olga, questions, voices, event_id=event.id)
    return Answered(made, questions), event


async def test_the_workbook_has_its_six_sheets(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    made = await answered(olga)

    book = await client.get(f"{made.path}/answers.xlsx")

    names = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).sheet_names
    assert names == ["Read me", "Answers", "Codebook", "Counts", "Themes", "Quotes"]
    assert ["People asked", 60] in sheet(book, "Read me")
    assert UUID(str(made.round.id)).hex not in book.headers["content-disposition"]
