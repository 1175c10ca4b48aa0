"""A round added up by the database, and kept once nothing can change any more."""

import json
import time
from collections import Counter, OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_feedback.answering.records import field_name
from werkraum_feedback.asking import queries
from werkraum_feedback.models import Round, RoundState
from werkraum_feedback.results.counts import Counts, Picked, in_no_order
from werkraum_feedback.results.small_groups import Group
from werkraum_foundation.database import rows

# Grouped by the codes as they are stored: how many differ, not how many answered.
PICKED = (
    "SELECT answer.question_id, response.org_kind, response.org_size, answer.number,"
    " answer.codes, count(*) AS people FROM response"
    " JOIN answer ON answer.response_id = response.id"
    " WHERE response.round_id = :round AND answer.text IS NULL"
    " GROUP BY answer.question_id, response.org_kind, response.org_size,"
    " answer.number, answer.codes"
)
TEXTS = (
    "SELECT answer.question_id, response.org_kind, response.org_size, answer.text"
    " FROM response JOIN answer ON answer.response_id = response.id"
    " WHERE response.round_id = :round AND answer.text IS NOT NULL"
)
# Whoever answered nothing is nobody's voice.
VOICES = (
    "SELECT org_kind, org_size, count(*) AS people FROM response"
    " WHERE round_id = :round"
    " AND EXISTS (SELECT 1 FROM answer WHERE answer.response_id = response.id)"
    " GROUP BY org_kind, org_size"
)

MOST_KEPT = 8
MOST_CHARACTERS = 5_000_000
"""A round with longer texts is read each time, so that memory stays small."""

TRUST = 60.0
"""Seconds in which it is not asked again how many answers are left, which costs."""

LEFT = (
    "SELECT count(*) AS answers FROM response"
    " JOIN answer ON answer.response_id = response.id"
    " WHERE response.round_id = :round"
)

Version = tuple[datetime | None, int]


@dataclass
class Kept:
    version: Version
    counts: Counts
    answers: int
    asked_at: float


_kept: OrderedDict[UUID, Kept] = OrderedDict()


async def counts_of(asked: Round, *, at: float | None = None) -> Counts:
    """Add up a round: three queries and more, or one where it was asked before.

    Before closing nothing is kept. Afterwards it goes by when the round was closed and
    how many responses are left; an answer that is erased by itself is forgotten
    within a minute. `at` counts seconds like `time.monotonic`.
    """
    if asked.state is not RoundState.CLOSED:
        return await read_counts(asked)
    at = time.monotonic() if at is None else at
    version = asked.closed_at, await queries.count_responses(asked.id)
    found = _kept.get(asked.id)
    if found and found.version == version and await _holds(asked.id, found, at):
        _kept.move_to_end(asked.id)
        return found.counts
    counts = await read_counts(asked)
    _keep(asked.id, Kept(version, counts, counts.answers, at))
    return counts


async def _holds(round_id: UUID, found: Kept, at: float) -> bool:
    """Whether no answer is gone; asked once a minute."""
    if at - found.asked_at < TRUST:
        return True
    (left,) = await rows(LEFT, round=round_id)
    found.asked_at = at
    return bool(left["answers"] == found.answers)


def _keep(round_id: UUID, kept: Kept) -> None:
    _kept.pop(round_id, None)
    texts = (text for said in kept.counts.texts.values() for _, text in said)
    if sum(map(len, texts)) <= MOST_CHARACTERS:
        _kept[round_id] = kept
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)


async def read_counts(asked: Round) -> Counts:
    """Add up a round as it stands in the database; five queries."""
    questions = await queries.questions_of(asked.id)
    voices: Counter[Group] = Counter()
    for row in await rows(VOICES, round=asked.id):
        voices[Group.of(row["org_kind"], row["org_size"])] += row["people"]
    return Counts(
        questions,
        voices,
        await _picked(asked.id),
        await _texts(asked),
        await queries.typed_in(asked.id),
    )


async def _picked(round_id: UUID) -> dict[str, dict[Group, Counter[Picked]]]:
    found: dict[str, dict[Group, Counter[Picked]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for row in await rows(PICKED, round=round_id):
        group = Group.of(row["org_kind"], row["org_size"])
        picked = _picked_of(row["number"], row["codes"])
        found[_field(row["question_id"])][group][picked] += row["people"]
    return found


def _picked_of(number: int | None, codes: str | list[str] | None) -> Picked:
    """Read what was picked; JSON comes as text."""
    if number is not None:
        return number
    return tuple(json.loads(codes) if isinstance(codes, str) else codes or ())


async def _texts(asked: Round) -> dict[str, list[tuple[Group, str]]]:
    found: dict[str, list[tuple[Group, str]]] = defaultdict(list)
    for row in await rows(TEXTS, round=asked.id):
        group = Group.of(row["org_kind"], row["org_size"])
        found[_field(row["question_id"])].append((group, row["text"]))
    salt = asked.salt.encode()
    return {question: in_no_order(texts, salt) for question, texts in found.items()}


def _field(question_id: UUID | str) -> str:
    return field_name(UUID(str(question_id)))
