"""A form that was sent: what was typed, what is wrong with it, the typed value.

form = await read_form(request, NewRegistration)
if form.value is None:
    return page(request, "registration/form.html", form=form, status=422)
"""

import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Generic, Self, TypeVar, Union, get_args, get_origin
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from werkraum_foundation.faults import Fault, fault, faults_of
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import BadRequest
from werkraum_foundation.request_bodies import LIMIT, Body, read_body

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_FIELDS = 200
# "%u0041" and a percent sign alone are no encoding of anything.
BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
# RFC 2046 5.1.1
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{1,70}")

M = TypeVar("M", bound=BaseModel)
Typed = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Form(Generic[M]):
    """A form as a template shows it.

    `typed` holds what to show in the fields, list fields as tuples; `value` is
    there exactly when nothing is wrong with a form that was sent.
    """

    typed: Typed = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    value: M | None = None

    @classmethod
    def showing(cls, typed: Typed | None = None) -> Self:
        """Start a form nobody has sent yet, empty or with these entries."""
        return cls(typed or {})

    def fault(self, name: str) -> Fault | None:
        """Find what is wrong at a field, its items included."""
        at_field = (it for it in self.faults if f"{it.field}.".startswith(f"{name}."))
        return next(at_field, None)

    def text(self, name: str) -> str:
        """Show what stands in a field with one value."""
        typed = self.typed.get(name, "")
        return typed if isinstance(typed, str) else next(iter(typed), "")

    def texts(self, name: str) -> tuple[str, ...]:
        """Show what was chosen in a field with several values."""
        typed = self.typed.get(name, ())
        return (typed,) if isinstance(typed, str) else typed


async def read_form(
    request: Request,
    model: type[M],
    *,
    limit: int = LIMIT,
    most_fields: int = MOST_FIELDS,
) -> Form[M]:
    """Read a sent form of at most `limit` bytes; all its faults are in the answer.

    An empty entry counts as not sent: the model's default, or `missing`. A field
    sent twice that is no list in the model, and a field the model does not know,
    are faults. Raises `UnsupportedBody`, `TooLarge` and `BadRequest` for what no
    browser sends: other encodings, files, broken UTF-8, more than `most_fields`.
    """
    body = await read_body(request, (URLENCODED, MULTIPART), limit=limit)
    read = _multipart if body.kind == MULTIPART else _urlencoded
    entries = await read(body, most_fields)
    known = {
        info.alias or name: _is_list(info.annotation)
        for name, info in model.model_fields.items()
    }
    sent = _gathered(entries)
    typed = {
        name: values if known[name] else values[0]
        for name, values in sent.items()
        if name in known
    }
    faults = tuple(_faults_of_sending(sent, known))
    return _checked(model, typed, faults)


def _checked(model: type[M], typed: Typed, faults: tuple[Fault, ...]) -> Form[M]:
    filled = {name: _filled(entry) for name, entry in typed.items()}
    at_fault = {found.field for found in faults}
    try:
        value = model.model_validate({name: e for name, e in filled.items() if e})
    except ValidationError as error:
        # An item of a list ("modes.0") is at fault at the list.
        more = [
            it for it in faults_of(error) if it.field.partition(".")[0] not in at_fault
        ]
        return Form(typed, (*faults, *more))
    return Form(typed, faults, None if faults else value)


def _filled(entry: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Leave out what holds nothing but white space."""
    if isinstance(entry, str):
        return entry if entry.strip(" \t\r\n") else ""
    return tuple(item for item in entry if item.strip(" \t\r\n"))


def _gathered(entries: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    sent: dict[str, tuple[str, ...]] = {}
    for name, value in entries:
        sent[name] = (*sent.get(name, ()), value)
    return sent


def _faults_of_sending(
    sent: Mapping[str, tuple[str, ...]], known: Mapping[str, bool]
) -> Iterator[Fault]:
    for name, values in sent.items():
        if name not in known:
            yield fault(name, "extra_forbidden")
        elif len(values) > 1 and not known[name]:
            said = gettext("This field was sent twice. Please load the page again.")
            yield Fault(name, "duplicate", said)
        # No field may hold it, whatever its rule: PostgreSQL cannot store it.
        elif any("\0" in value for value in values):
            yield fault(name, "string_unicode")


def _is_list(annotation: object) -> bool:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _is_list(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return any(map(_is_list, get_args(annotation)))
    return (origin or annotation) in (list, tuple, set, frozenset)


async def _urlencoded(body: Body, most_fields: int) -> list[tuple[str, str]]:
    if BROKEN_ESCAPE.search(body.text):
        raise BadRequest
    try:
        return parse_qsl(
            body.text,
            keep_blank_values=True,
            errors="strict",
            max_num_fields=most_fields,
        )
    # Broken UTF-8 behind the escapes, or too many fields.
    except ValueError:
        raise BadRequest from None


async def _multipart(body: Body, most_fields: int) -> list[tuple[str, str]]:
    # The parser is content with a body that was cut off, or has another boundary.
    if not BOUNDARY.fullmatch(body.boundary) or f"--{body.boundary}--" not in body.text:
        raise BadRequest
    headers = Headers({"content-type": f'{MULTIPART}; boundary="{body.boundary}"'})
    parser = MultiPartParser(
        headers,
        _once(body.text.encode()),
        max_files=0,
        max_fields=most_fields,
        max_part_size=len(body.text) * 4,
    )
    try:
        entries = await parser.parse()
    except MultiPartException:
        raise BadRequest from None
    return [(name, str(value)) for name, value in entries.multi_items()]


async def _once(chunk: bytes) -> AsyncGenerator[bytes, None]:
    yield chunk
