"""The forms of a draft: how it is asked, and one of its questions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from typing import Annotated

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request

from werkraum_feedback.asking.drafts import QuestionWish, RoundWish
from werkraum_feedback.asking.per_language import (
    in_languages,
    is_worded,
    texts_of,
    typed_texts,
)
from werkraum_feedback.asking.rules import FEWEST_OPTIONS
from werkraum_feedback.models import Audience, Naming, QuestionRow, Round
from werkraum_feedback.questions import WITH_OPTIONS, QuestionKind
from werkraum_foundation.faults import Fault, faults_of
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.models import Texts
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.settings import settings

MOST_OPTIONS = 20
FARTHEST = 1_000_000_000

Text = Annotated[str, line(max_length=300)]
Pole = Annotated[str, line(max_length=60)]
Lines = Annotated[str, paragraphs(max_length=5_000)]
OPTIONS = TypeAdapter(list[Annotated[str, line(max_length=120)]])


class RoundFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    audience: Audience | None = None
    chosen_names: bool = False
    asks_group: bool = False
    asks_quote: bool = False

    def wish(self) -> RoundWish:
        return RoundWish(
            title=texts_of(self, "title"),
            audience=self.audience,
            naming=Naming.CHOSEN if self.chosen_names else Naming.ANONYMOUS,
            asks_group=self.asks_group,
            asks_quote=self.asks_quote,
        )


@cache
def _round_model() -> type[RoundFields]:
    return in_languages(RoundFields, {"title": Text})


def typed_round(draft: Round) -> Typed:
    """Write how a draft is asked as it would be typed."""
    return {
        "audience": draft.audience.value,
        "chosen_names": "on" if draft.naming is Naming.CHOSEN else "",
        "asks_group": "on" if draft.asks_group else "",
        "asks_quote": "on" if draft.asks_quote else "",
        **typed_texts("title", draft.title),
    }


async def read_round(request: Request) -> Form[RoundFields]:
    form: Form[RoundFields] = await read_form(request, _round_model())
    if is_worded(form, "title") or form.fault("title"):
        return form
    said = gettext("Please enter a title in at least one language.")
    return Form(form.typed, (*form.faults, Fault("title", "missing", said)))


class QuestionFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    low: Annotated[int, whole_number(-FARTHEST, FARTHEST)] | None = None
    high: Annotated[int, whole_number(-FARTHEST, FARTHEST)] | None = None

    def wish(self) -> QuestionWish:
        return QuestionWish(
            text=texts_of(self, "text"),
            hint=texts_of(self, "hint"),
            options=labels_of(texts_of(self, "options")),
            poles=(texts_of(self, "pole_low"), texts_of(self, "pole_high")),
            low=self.low,
            high=self.high,
        )


@cache
def _question_model() -> type[QuestionFields]:
    return in_languages(
        QuestionFields,
        {
            "text": Text,
            "hint": Text,
            "options": Lines,
            "pole_low": Pole,
            "pole_high": Pole,
        },
    )


def labels_of(written: Texts) -> tuple[Texts, ...]:
    """Put together what stands in the same line of each language."""
    lines = {code: lines_of(text) for code, text in written.items()}
    rows = zip_longest(*lines.values(), fillvalue="")
    return tuple(
        {code: text for code, text in zip(lines, row, strict=True) if text}
        for row in rows
    )


def lines_of(typed: str) -> list[str]:
    return [each.strip() for each in typed.splitlines() if each.strip()]


def typed_question(row: QuestionRow) -> Typed:
    """Write a question as it would be typed."""
    low, high = row.poles or [{}, {}]
    labels = [option["label"] for option in row.options]
    return {
        "low": "" if row.low is None else str(row.low),
        "high": "" if row.high is None else str(row.high),
        **typed_texts("text", row.text),
        **typed_texts("hint", row.hint),
        **typed_texts("options", _lines(labels)),
        **typed_texts("pole_low", low),
        **typed_texts("pole_high", high),
    }


def _lines(labels: Sequence[Texts]) -> Texts:
    codes = dict.fromkeys(code for label in labels for code in label)
    # A line stands for an option: what lacks a language is shown in one it has.
    return {
        code: "\n".join(
            label.get(code) or next(iter(label.values()), "") for label in labels
        )
        for code in codes
    }


async def read_question(request: Request, kind: QuestionKind) -> Form[QuestionFields]:
    """Read the form of a question; all its faults are in the answer."""
    form: Form[QuestionFields] = await read_form(request, _question_model())
    faults = (*form.faults, *_faults(form, kind))
    return Form(form.typed, faults, None if faults else form.value)


def _faults(form: Form[QuestionFields], kind: QuestionKind) -> Iterator[Fault]:
    if not is_worded(form, "text") and not form.fault("text"):
        said = gettext("Please word the question in at least one language.")
        yield Fault("text", "missing", said)
    if kind in WITH_OPTIONS and not any(map(form.fault, _option_fields())):
        yield from _faults_of_options(form)
    value = form.value
    if value and value.low is not None and value.high is not None:
        if value.low >= value.high:
            said = gettext("The highest number must be above the lowest.")
            yield Fault("high", "below_low", said)


def _option_fields() -> list[str]:
    return [f"options_{code}" for code in settings().languages]


def _faults_of_options(form: Form[QuestionFields]) -> Iterator[Fault]:
    written = [it for name in _option_fields() if (it := lines_of(form.text(name)))]
    try:
        for lines in written:
            OPTIONS.validate_python(lines)
    except ValidationError as error:
        yield replace(faults_of(error)[0], field="options")
        return
    if len({len(lines) for lines in written}) > 1:
        said = gettext("Please write the same options in each language, in one order.")
        yield Fault("options", "uneven", said)
    elif not written or not FEWEST_OPTIONS <= len(written[0]) <= MOST_OPTIONS:
        said = gettext(
            "Please write from %(fewest)s to %(most)s options, each on its own line.",
            fewest=FEWEST_OPTIONS,
            most=MOST_OPTIONS,
        )
        yield Fault("options", "wrong_number", said)
    elif any(len(set(lines)) < len(lines) for lines in written):
        said = gettext("One option stands there twice.")
        yield Fault("options", "twice", said)
