"""What is wrong with an input, field by field, in words a clerk understands.

A rule of ours raises `PydanticCustomError("code", "Sentence with {value}.", {…})`;
the sentence is the message in the catalogues, and its values stand in the order
of the sentence. `{"field": "ends_at"}` among the values puts the fault of a
whole-model rule at a field. Pydantic's own errors get sentences of ours here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from werkraum_foundation.language import gettext, noop
from werkraum_foundation.refusals import Refused

# What pydantic calls it -> our stable code, and the sentence.
WORDED = {
    "missing": ("missing", noop("Please fill in this field.")),
    "extra_forbidden": (
        "unknown_field",
        noop("This field does not belong here. Please load the page again."),
    ),
    "string_too_long": (
        "too_long",
        noop("Please use at most {max_length} characters."),
    ),
    "string_too_short": (
        "too_short",
        noop("Please use at least {min_length} characters."),
    ),
    "string_unicode": (
        "unprintable",
        noop("There are characters in it that cannot be shown. Please type it again."),
    ),
    "too_long": ("too_many", noop("Please choose at most {max_length}.")),
    "too_short": ("too_few", noop("Please choose at least {min_length}.")),
    "greater_than_equal": (
        "out_of_range",
        noop("The smallest possible value is {ge}."),
    ),
    "less_than_equal": ("out_of_range", noop("The largest possible value is {le}.")),
    "greater_than": ("out_of_range", noop("Please enter more than {gt}.")),
    "less_than": ("out_of_range", noop("Please enter less than {lt}.")),
    "finite_number": ("out_of_range", noop("This number is too large.")),
}
NUMBER = "not_a_number", noop("Please enter a whole number in plain digits.")
CHOICE = "unknown_choice", noop("Please choose one of the options offered.")
DATE = "not_a_date", noop("Please enter a date that exists.")
ADDRESS = (
    "not_a_web_address",
    noop("Please enter a whole web address that begins with https://."),
)
KIND = "wrong_type", noop("A different kind of value belongs here.")
INVALID = "invalid", noop("This value is not possible here.")

# Families of pydantic's errors, looked at in this order.
FAMILIES = (
    (re.compile(r"int_(parsing|from_float).*"), NUMBER),
    (re.compile(r"enum|literal_error|uuid_.*|union_tag_.*"), CHOICE),
    (re.compile(r"(date|datetime|time|timezone)_.*"), DATE),
    (re.compile(r"url_.*"), ADDRESS),
    (re.compile(r".*_(type|parsing|attributes_type)|is_instance_of"), KIND),
)
OF_PYDANTIC = frozenset[str](get_args(ErrorType))

# A field name is somebody's text too: only what looks like one of ours is named, a
# word or the id of a row.
NAME = re.compile(
    r"[A-Za-z][A-Za-z0-9_.-]{0,63}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong at one field.

    `field` is a dotted path ("modes.online.capacity"), empty for the whole
    input; `code` is stable, `message` in the language of the request. The
    message never repeats what was typed.
    """

    field: str
    code: str
    message: str


class InvalidInput(Refused):
    """An input with faults; the answer names each of them."""

    status = 422
    code = "invalid_input"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(tuple(fault.code for fault in faults))
        self.faults = tuple(faults)

    def message(self) -> str:
        return gettext("Please check what you entered.")


def faults_of(error: ValidationError) -> list[Fault]:
    """Word the faults pydantic found, each once, in the current language."""
    found = (_fault(detail) for detail in _details(error))
    return list({(fault.field, fault.code): fault for fault in found}.values())


def fault(field: str, kind: str) -> Fault:
    """Word a fault that was found outside a model, such as `missing`."""
    code, sentence = _worded(kind)
    return Fault(_named(field.split(".")), code, gettext(sentence))


def _details(error: ValidationError) -> Iterator[ErrorDetails]:
    # Without the input: what was typed must not reach a message or a log.
    yield from error.errors(include_url=False, include_input=False)


def _fault(detail: ErrorDetails) -> Fault:
    values = detail.get("ctx", {})
    code, sentence = _sentence(detail["type"], detail["msg"], values)
    said = gettext(sentence)
    for name, value in values.items():
        said = said.replace(f"{{{name}}}", str(value))
    return Fault(_path(detail["loc"], values), code, said)


def _sentence(kind: str, message: str, values: Mapping[str, object]) -> tuple[str, str]:
    if kind in OF_PYDANTIC:
        code, sentence = _worded(kind)
        # Otherwise a rule of ours uses pydantic's name with values of its own.
        if _placeholders(sentence) <= values.keys():
            return code, sentence
    return kind, _template(message, values)


def _worded(kind: str) -> tuple[str, str]:
    if kind in WORDED:
        return WORDED[kind]
    families = (words for pattern, words in FAMILIES if pattern.fullmatch(kind))
    return next(families, INVALID)


def _placeholders(sentence: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", sentence))


def _template(message: str, values: Mapping[str, object]) -> str:
    """Put the placeholders back: pydantic hands out the filled sentence only."""
    for name, value in values.items():
        if name != "field" and str(value):
            whole = rf"(?<!\w){re.escape(str(value))}(?!\w)"
            message = re.sub(whole, f"{{{name}}}", message, count=1)
    return message


def _path(loc: tuple[int | str, ...], values: Mapping[str, object]) -> str:
    steps = [str(step) for step in loc if step != "[key]"]
    if "field" in values:
        steps.append(str(values["field"]))
    return _named(steps)


def _named(steps: Sequence[str]) -> str:
    """Join the steps to the field, as far as they are names like ours."""
    ours = takewhile(lambda step: step.isdigit() or NAME.fullmatch(step), steps)
    return ".".join(ours)
