"""JSON bodies, read strictly: what two parsers could read differently is refused."""

import json
import math
from collections.abc import Collection, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from werkraum_foundation.faults import Fault, InvalidInput, fault, faults_of
from werkraum_foundation.refusals import BadRequest
from werkraum_foundation.request_bodies import LIMIT, NOTHING, read_body

JSON = ("application/json",)
MERGE_PATCH = ("application/merge-patch+json", *JSON)
DEEPEST = 20
# What a column holds, and what other languages read without loss of sign.
LARGEST = 2**63 - 1

M = TypeVar("M", bound=BaseModel)


async def read_json(
    request: Request,
    model: type[M],
    *,
    kinds: Collection[str] = JSON,
    limit: int = LIMIT,
) -> M:
    """Read a JSON body of at most `limit` bytes into the model, without coercion.

    Raises `InvalidInput` with every fault at its field, unknown fields among
    them; `BadRequest` for what is not JSON (RFC 8259), repeats a name or is
    nested more than 20 deep; `UnsupportedBody` and `TooLarge`.
    """
    body = await read_body(request, kinds, limit=limit)
    text = "{}" if body is NOTHING else body.text
    faults = list(_faults_of_values(_parsed(text)))
    if faults:
        raise InvalidInput(faults)
    try:
        return model.model_validate_json(text, strict=True, extra="forbid")
    except ValidationError as error:
        raise InvalidInput(faults_of(error)) from None


def _parsed(text: str) -> object:
    try:
        return json.loads(
            text, object_pairs_hook=_without_repetition, parse_constant=_no_constant
        )
    # The parser's own, a number of thousands of digits, or a depth it gives up at.
    except (ValueError, RecursionError):
        raise BadRequest from None


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = dict(pairs)
    if len(names) < len(pairs):
        raise BadRequest
    return names


def _no_constant(name: str) -> object:
    """Refuse NaN and Infinity, which Python's parser would take."""
    raise BadRequest


def _faults_of_values(parsed: object) -> Iterator[Fault]:
    """Find texts and numbers that no rule of a field should have to know."""
    waiting: list[tuple[str, int, object]] = [("", 1, parsed)]
    while waiting:
        path, depth, value = waiting.pop()
        if isinstance(value, dict | list) and depth > DEEPEST:
            raise BadRequest
        for name, child in _children(value):
            if not _is_storable(name):
                raise BadRequest
            waiting.append((f"{path}.{name}".lstrip("."), depth + 1, child))
        if isinstance(value, str) and not _is_storable(value):
            yield fault(path, "string_unicode")
        if isinstance(value, int | float) and not _is_in_reach(value):
            yield fault(path, "finite_number")


def _children(value: object) -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list):
        return [(str(number), item) for number, item in enumerate(value)]
    return []


def _is_storable(text: str) -> bool:
    """A lone surrogate cannot be encoded, a NUL not be stored by PostgreSQL."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _is_in_reach(number: float) -> bool:
    return math.isfinite(number) and abs(number) <= LARGEST
