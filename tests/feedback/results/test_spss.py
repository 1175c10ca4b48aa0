"""What SPSS takes: lines, names and labels of its length, in UTF-8, quoted.

Where PSPP is installed, it reads the files in earnest; nothing depends on it.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from werkraum_feedback.questions import Answer, Option, Poles, Question, QuestionKind
from werkraum_feedback.results.small_groups import EVERYBODY, KINDS
from werkraum_feedback.results.spss import BOM, SpssTable, spss_table, syntax_of
from werkraum_feedback.results.voices import Line

LONG = "Wie hilfreich war's? „Ä'ö\"ü“ " * 20
OPTIONS = (
    Option("a", {"en": 'Anna\'s "Ä" 👩‍👩‍👧.'}),
    Option("b", {"en": "ß" * 150}),
    Option("c", {"en": "ends with a dot."}),
)
ENDS = Poles({"en": "not at all."}, {"en": "very"})


def question(number: int, kind: QuestionKind, text: str) -> Question:
    options = OPTIONS if kind in ("choice", "choices", "ranking") else ()
    poles = ENDS if kind in ("scale", "score") else Poles({}, {})
    return Question(
        f"q-{number}",
        f"F{number:02}",
        kind,
        {"en": text},
        options=options,
        poles=poles,
    )


QUESTIONS = tuple(
    question(number, kind, LONG if number == 1 else f"Asked as {kind}.")
    for number, kind in enumerate(QuestionKind, start=1)
)
GIVEN = {
    QuestionKind.SCALE: Answer("", number=4),
    QuestionKind.SCORE: Answer("", number=10),
    QuestionKind.YES_NO: Answer("", codes=("yes",)),
    QuestionKind.CHOICE: Answer("", codes=("b",)),
    QuestionKind.CHOICES: Answer("", codes=("a", "c")),
    QuestionKind.RANKING: Answer("", codes=("c", "a")),
    QuestionKind.NUMBER: Answer("", number=1_000_000),
}
TEXTS = (
    "Äpfel, \"Birnen\" und 'Kirschen'\nneue Zeile",
    "=1+1",
    "x" * 2_000 + "ß",
    "👩‍👩‍👧 الشباب; a,b",
)


def a_table() -> SpssTable:
    lines = [
        Line(
            number,
            KINDS[0] if number % 2 else EVERYBODY,
            {it.id: GIVEN.get(it.kind, Answer("", text=text)) for it in QUESTIONS},
        )
        for number, text in enumerate(TEXTS, start=1)
    ]
    nothing = Line(len(TEXTS) + 1, EVERYBODY, {})
    return spss_table(QUESTIONS, [*lines, nothing], "en")


def strings_in(syntax: str) -> list[str]:
    """Read the texts of a syntax as SPSS does: doubled marks, pieces tied by plus."""
    pieces = re.findall(r"'((?:[^']|'')*)'( \+\n)?", syntax)
    texts, text = [], ""
    for piece, goes_on in pieces:
        text += piece.replace("''", "'")
        if not goes_on:
            texts.append(text)
            text = ""
    return texts


def test_a_line_of_syntax_is_no_longer_than_spss_reads() -> None:
    lines = syntax_of(a_table()).splitlines()
    assert max(len(line.encode()) for line in lines) <= 256


def test_names_are_such_as_spss_takes_and_told_apart() -> None:
    names = [it.name for it in a_table().variables]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", it) for it in names)
    assert len({it.casefold() for it in names}) == len(names)
    reserved = "all and by eq ge gt le lt ne not or to with"
    assert not {it.casefold() for it in names} & set(reserved.split())


def test_labels_are_whole_and_no_longer_than_spss_takes() -> None:
    texts = strings_in(syntax_of(a_table()))
    labels = [it for it in texts if it.startswith("Wie hilfreich")]
    [label] = [it for it in labels if "[" not in it]
    assert LONG.startswith(label) and 250 < len(label.encode()) <= 256
    assert OPTIONS[0].label["en"] in texts
    assert "ß" * 60 in texts


def test_no_text_ends_a_command_early() -> None:
    """A command ends with a full stop at the end of a line, outside of quotes."""
    for line in syntax_of(a_table()).splitlines():
        assert line.count("'") % 2 == 0
        if line.startswith("  ") and "'" in line:
            assert line.endswith(("'", "' +"))


def test_the_file_says_that_it_is_utf_8() -> None:
    assert syntax_of(a_table()).startswith(f"{BOM}* Encoding: UTF-8.\n")


@pytest.mark.skipif(not shutil.which("pspp"), reason="PSPP is not installed")
def test_pspp_reads_it_without_a_word_of_complaint(tmp_path: Path) -> None:
    table = a_table()
    (tmp_path / "answers.csv").write_bytes(table.csv().encode())
    (tmp_path / "answers.sps").write_bytes(syntax_of(table).encode())
    (tmp_path / "run.sps").write_text(
        "INSERT FILE='answers.sps' ENCODING='UTF-8'.\n"
        "SAVE TRANSLATE /OUTFILE='out.csv' /TYPE=CSV /FIELDNAMES /CELLS=VALUES.\n"
    )
    told = subprocess.run(
        ["pspp", "run.sps"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    head, *lines = (tmp_path / "out.csv").read_text().splitlines()
    assert head == ",".join(it.name for it in table.variables)
    assert len(lines) == len(TEXTS) + 1
    assert "الشباب" in lines[3]
