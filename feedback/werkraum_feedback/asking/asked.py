"""A question before it has an id and a number: the matter templates are made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from werkraum_feedback.questions import (
    NO_POLES,
    Option,
    Poles,
    Question,
    QuestionKind,
    Texts,
)


@dataclass(frozen=True)
class Asked:
    kind: QuestionKind
    text: Texts
    hint: Texts
    options: tuple[Option, ...] = ()
    poles: Poles = NO_POLES


def code_of(number: int) -> str:
    """Name the question with this number, as tables and exports do: "F01"."""
    return f"F{number:02}"


def numbered(
    asked: Iterable[Asked], *, new_id: Callable[[], str]
) -> tuple[Question, ...]:
    """Make questions of it, in their order."""
    return tuple(
        Question(
            new_id(),
            code_of(number),
            one.kind,
            one.text,
            one.hint,
            one.options,
            one.poles,
        )
        for number, one in enumerate(asked, start=1)
    )
