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
SCORES = tuple(str(score) for score in range(11))
# What a number may be where the organiser set no ends.
LOWEST, HIGHEST = 0, 1_000_000

# At most 10,000 characters; what it refuses beside that is foundation's rule.
PARAGRAPHS: TypeAdapter[str] = TypeAdapter(Paragraphs)
ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
# As text: int() also takes " 3", "+3", "0_3" and other scripts.
WHOLE = re.compile(r"-?[0-9]{1,10}", re.ASCII)


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


TEXTS = frozenset({QuestionKind.TEXT, QuestionKind.STATEMENT})
# Whose options the organiser words.
WITH_OPTIONS = frozenset(
    {QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.RANKING}
)
WITH_POLES = frozenset({QuestionKind.SCALE, QuestionKind.SCORE})


@dataclass(frozen=True)
class Option:
    code: str
    label: Texts


@dataclass(frozen=True)
class Poles:
    """The words at both ends; the higher number is always the agreeing one."""

    low: Texts
    high: Texts


NO_POLES = Poles({}, {})
YES_OR_NO = (
    Option("yes", {"de": "ja", "en": "yes"}),
    Option("no", {"de": "nein", "en": "no"}),
)


@dataclass(frozen=True)
class Question:
    """One question; every one may be left unanswered.

    `id` names the field of the form and is unique among all rounds, `code`
    ("F01") is what tables and exports call it. `options` belong to choices and
    rankings, `poles` to the scales, `low` and `high` to a number.
    """

    id: str
    code: str
    kind: QuestionKind
    text: Texts
    hint: Texts = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    poles: Poles = NO_POLES
    low: int | None = None
    high: int | None = None

    @property
    def offered(self) -> tuple[Option, ...]:
        """What can be picked, in the fixed order of form, table and chart."""
        match self.kind:
            case QuestionKind.SCALE:
                return _points(SCALE, self.poles)
            case QuestionKind.SCORE:
                return _points(SCORES, self.poles)
            case QuestionKind.YES_NO:
                return YES_OR_NO
        return self.options

    @property
    def is_text(self) -> bool:
        """Whether it is answered in free words."""
        return self.kind in TEXTS

    @property
    def range(self) -> tuple[int, int]:
        """What a number may be, both ends included."""
        low = LOWEST if self.low is None else self.low
        return low, HIGHEST if self.high is None else self.high


def _points(points: Sequence[str], poles: Poles) -> tuple[Option, ...]:
    ends = {points[0]: poles.low, points[-1]: poles.high}
    languages = poles.low or {"": ""}
    return tuple(
        Option(
            point,
            {code: f"{point} – {text}" for code, text in ends[point].items()}
            if ends.get(point)
            else dict.fromkeys(languages, point),
        )
        for point in points
    )


@dataclass(frozen=True)
class Answer:
    """The answer to one question: a number, the codes picked, or a text.

    Only the one that fits the kind of the question is filled; a single choice, yes
    or no is one code, and a ranking lists its codes from the first place on.
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
    if question.kind is QuestionKind.RANKING:
        return _read_ranking(question, values)
    if len(values) > 1:
        message = gettext("Please give one answer only.")
        return Fault(question.id, "sent_twice", message)
    if question.is_text:
        return _read_text(question, values[0])
    if question.kind is QuestionKind.NUMBER:
        return _read_number(question, values[0])
    if question.kind in WITH_POLES:
        return _read_point(question, values[0])
    return _read_codes(question, values)


def _read_point(question: Question, value: str) -> Answer | Fault:
    if value in (SCALE if question.kind is QuestionKind.SCALE else SCORES):
        return Answer(question.id, number=int(value))
    message = (
        gettext("Please choose a number from 1 to 5.")
        if question.kind is QuestionKind.SCALE
        else gettext("Please choose a number from 0 to 10.")
    )
    return Fault(question.id, "not_on_scale", message)


def _read_number(question: Question, value: str) -> Answer | Fault:
    low, high = question.range
    # What stands around it was typed by a person, not picked.
    typed = value.strip(" ")
    if WHOLE.fullmatch(typed) and low <= int(typed) <= high:
        return Answer(question.id, number=int(typed))
    message = gettext(
        "Please enter a whole number from %(low)s to %(high)s.", low=low, high=high
    )
    return Fault(question.id, "no_number", message)


def _read_codes(question: Question, values: list[str]) -> Answer | Fault:
    known = [option.code for option in question.offered]
    if not set(values) <= set(known):
        return fault(question.id, "enum")
    if len(values) != len(set(values)):
        message = gettext("One answer was sent twice. Please choose again.")
        return Fault(question.id, "sent_twice", message)
    return Answer(question.id, codes=tuple(sorted(values, key=known.index)))


def place_value(code: str, place: int) -> str:
    """Write a place of a ranking as its field sends it: "yes:2"."""
    return f"{code}:{place}"


def _read_ranking(question: Question, values: list[str]) -> Answer | Fault:
    """Read which option has which place; options without one are left out."""
    places: dict[int, str] = {}
    offered = question.options
    known = {
        place_value(option.code, place): (option.code, place)
        for option in offered
        for place in range(1, len(offered) + 1)
    }
    for value in values:
        if value not in known:
            return fault(question.id, "enum")
        code, place = known[value]
        if place in places or code in places.values():
            message = gettext("Please give each place once.")
            return Fault(question.id, "place_twice", message)
        places[place] = code
    return Answer(question.id, codes=tuple(places[it] for it in sorted(places)))


def _read_text(question: Question, value: str) -> Answer | Fault:
    try:
        return Answer(question.id, text=PARAGRAPHS.validate_python(value))
    except ValidationError as error:
        return replace(faults_of(error)[0], field=question.id)
