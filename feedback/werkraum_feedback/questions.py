"""Questions of a round, and the reading of what somebody typed to them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError

from werkraum_foundation.faults import Fault, fault, faults_of
from werkraum_foundation.language import gettext
from werkraum_foundation.plain_text import Paragraphs

Texts = Mapping[str, str]
"""An organiser's words: language code → text."""

SCALE = ("1", "2", "3", "4", "5")

# At most 10,000 characters; what it refuses beside that is foundation's rule.
PARAGRAPHS: TypeAdapter[str] = TypeAdapter(Paragraphs)
ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class QuestionKind(StrEnum):
    """What kind of answer is asked for: 1–5, 0–10, yes or no, one, several, …"""

    SCALE = "scale"
    SCORE = "score"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    RANKING = "ranking"
    NUMBER = "number"
    TEXT = "text"
    # A text that becomes a statement of its own on the wall.
    STATEMENT = "statement"


@dataclass(frozen=True)
class Option:
    code: str
    label: Texts


@dataclass(frozen=True)
class Poles:
    """The words at 1 and at 5; 5 is always the agreeing end."""

    low: Texts
    high: Texts


NO_POLES = Poles({}, {})


@dataclass(frozen=True)
class Question:
    """One question; every one may be left unanswered.

    `id` names the field of the form and is unique among all rounds, `code`
    ("F01") is what tables and exports call it. `options` belong to the two
    kinds of choice, `poles` to the scale.
    """

    id: str
    code: str
    kind: QuestionKind
    text: Texts
    hint: Texts = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    poles: Poles = NO_POLES

    @property
    def offered(self) -> tuple[Option, ...]:
        """What can be picked, in the fixed order of form, table and chart."""
        return _points(self.poles) if self.kind is QuestionKind.SCALE else self.options


def _points(poles: Poles) -> tuple[Option, ...]:
    ends = {"1": poles.low, "5": poles.high}
    languages = poles.low or {"": ""}
    return tuple(
        Option(
            point,
            {code: f"{point} – {text}" for code, text in ends[point].items()}
            if ends.get(point)
            else dict.fromkeys(languages, point),
        )
        for point in SCALE
    )


@dataclass(frozen=True)
class Answer:
    """The answer to one question: a number, the codes picked, or a text.

    Only the one that fits the kind of the question is filled; a single choice
    is one code.
    """

    question_id: str
    number: int | None = None
    codes: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Answers:
    """What was answered, in the order of the questions; the rest was left out."""

    given: tuple[Answer, ...] = ()


Faults = tuple[Fault, ...]
Typed = Mapping[str, str | Sequence[str]]


def read_answers(questions: Sequence[Question], typed: Typed) -> Answers | Faults:
    """Read a form whose field names are question ids; all faults at once.

    Whatever else the form carries (token, language) is taken out before. One
    fault per question; fields of no question of this round share one, so that
    ten thousand of them make no long page.
    """
    faults: list[Fault] = list(_foreign(questions, typed))
    given: list[Answer] = []
    for question in questions:
        read = _read(question, _values(typed.get(question.id, ())))
        if isinstance(read, Fault):
            faults.append(read)
        elif read is not None:
            given.append(read)
    return tuple(faults) if faults else Answers(tuple(given))


def _foreign(questions: Sequence[Question], typed: Typed) -> Iterator[Fault]:
    known = {question.id for question in questions}
    unknown = next((name for name in typed if name not in known), None)
    if unknown is not None:
        # A stranger's text: it is named only if it could be one of our ids.
        name = unknown if ID.fullmatch(unknown) else ""
        yield fault(name, "extra_forbidden")


def _values(typed: str | Sequence[str]) -> list[str]:
    """Make one list of it; blank values are questions left unanswered."""
    values = [typed] if isinstance(typed, str) else typed
    return [value for value in values if value.strip()]


def _read(question: Question, values: list[str]) -> Answer | Fault | None:
    if not values:
        return None
    if question.kind is QuestionKind.CHOICES:
        return _read_codes(question, values)
    if len(values) > 1:
        message = gettext("Please give one answer only.")
        return Fault(question.id, "sent_twice", message)
    if question.kind is QuestionKind.TEXT:
        return _read_text(question, values[0])
    if question.kind is QuestionKind.CHOICE:
        return _read_codes(question, values)
    return _read_number(question, values[0])


def _read_number(question: Question, value: str) -> Answer | Fault:
    # Compared as text: int() also takes " 3", "+3", "0_3" and other scripts.
    if value not in SCALE:
        message = gettext("Please choose a number from 1 to 5.")
        return Fault(question.id, "not_on_scale", message)
    return Answer(question.id, number=int(value))


def _read_codes(question: Question, values: list[str]) -> Answer | Fault:
    known = [option.code for option in question.options]
    if not set(values) <= set(known):
        return fault(question.id, "enum")
    if len(values) != len(set(values)):
        message = gettext("One answer was sent twice. Please choose again.")
        return Fault(question.id, "sent_twice", message)
    return Answer(question.id, codes=tuple(sorted(values, key=known.index)))


def _read_text(question: Question, value: str) -> Answer | Fault:
    try:
        return Answer(question.id, text=PARAGRAPHS.validate_python(value))
    except ValidationError as error:
        return replace(faults_of(error)[0], field=question.id)
