"""Deeds on a draft: how it is asked, and each of its questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from werkraum_feedback.answering import records
from werkraum_feedback.asking import queries, rules
from werkraum_feedback.asking.asked import code_of
from werkraum_feedback.models import (
    Audience,
    Naming,
    QuestionRow,
    Round,
    StoredOption,
)
from werkraum_feedback.questions import WITH_OPTIONS, WITH_POLES, QuestionKind
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.slugs import slug_of

LONGEST_CODE = 40
SEVERAL_ENTRIES = (QuestionKind.CHOICES, QuestionKind.RANKING)


@dataclass(frozen=True)
class RoundWish:
    """How a draft is to be asked; `audience` None leaves it as it is."""

    title: Texts
    audience: Audience | None = None
    naming: Naming = Naming.ANONYMOUS
    asks_group: bool = False
    asks_quote: bool = False


@dataclass(frozen=True)
class QuestionWish:
    """A question as the organiser words it; what its kind lacks is left out."""

    text: Texts
    hint: Texts = field(default_factory=dict)
    options: Sequence[Texts] = ()
    # The words at the low and at the high end.
    poles: tuple[Texts, Texts] | None = None
    low: int | None = None
    high: int | None = None


@unit_of_work
async def edit(
    organiser_id: UUID, round_id: UUID, wish: RoundWish, *, actor: str, now: datetime
) -> None:
    """Say how a draft is asked; raises `NotFound`, `RoundFrozen`."""
    draft = await _enter(organiser_id, round_id)
    draft.title, draft.naming = wish.title, wish.naming
    draft.asks_group, draft.asks_quote = wish.asks_group, wish.asks_quote
    draft.audience = wish.audience or draft.audience
    if draft.event_id is None:
        # People of a list have no registration that a name could come from.
        draft.naming, draft.audience = Naming.ANONYMOUS, Audience.LISTED
    await draft.save(
        update_fields=["title", "naming", "asks_group", "asks_quote", "audience"]
    )
    await _note(draft, actor, now)


@unit_of_work
async def add_question(
    organiser_id: UUID,
    round_id: UUID,
    kind: QuestionKind,
    wish: QuestionWish,
    *,
    actor: str,
    now: datetime,
) -> QuestionRow:
    """Put a question at the end; raises as `edit` does, `TooManyQuestions`
    and `NothingToChoose`."""
    draft = await _enter(organiser_id, round_id)
    there = await queries.question_rows_of(round_id)
    rules.must_have_room(len(there))
    made = QuestionRow(round_id=round_id, kind=kind, position=0, code="", options=[])
    _word(made, wish)
    rules.must_be_answerable([records.question_of(made)])
    await _save_in_order([*there, made])
    await _note(draft, actor, now)
    return made


@unit_of_work
async def edit_question(
    organiser_id: UUID,
    round_id: UUID,
    question_id: UUID,
    wish: QuestionWish,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Word a question of a draft; its kind stays. Raises as `edit` does."""
    draft = await _enter(organiser_id, round_id)
    there = await queries.question_rows_of(round_id)
    row = _find(there, question_id)
    _word(row, wish)
    rules.must_be_answerable([records.question_of(row)])
    rules.must_fit(_entries(there))
    await row.save()
    await _note(draft, actor, now)


@unit_of_work
async def move_question(
    organiser_id: UUID,
    round_id: UUID,
    question_id: UUID,
    *,
    up: bool,
    actor: str,
    now: datetime,
) -> None:
    """Change places with the neighbour; at the end nothing happens."""
    draft = await _enter(organiser_id, round_id)
    there = await queries.question_rows_of(round_id)
    here = there.index(_find(there, question_id))
    other = here - 1 if up else here + 1
    if 0 <= other < len(there):
        there[here], there[other] = there[other], there[here]
        await _save_in_order(there)
        await _note(draft, actor, now)


@unit_of_work
async def copy_question(
    organiser_id: UUID, round_id: UUID, question_id: UUID, *, actor: str, now: datetime
) -> None:
    """Put the same question below it once more; raises `TooManyQuestions`."""
    draft = await _enter(organiser_id, round_id)
    there = await queries.question_rows_of(round_id)
    rules.must_have_room(len(there))
    model = _find(there, question_id)
    there.insert(there.index(model) + 1, copied(model, round_id))
    await _save_in_order(there)
    await _note(draft, actor, now)


@unit_of_work
async def remove_question(
    organiser_id: UUID, round_id: UUID, question_id: UUID, *, actor: str, now: datetime
) -> None:
    draft = await _enter(organiser_id, round_id)
    there = await queries.question_rows_of(round_id)
    gone = _find(there, question_id)
    there.remove(gone)
    await gone.delete()
    await _save_in_order(there)
    await _note(draft, actor, now)


def copied(model: QuestionRow, round_id: UUID) -> QuestionRow:
    """Make the same question for a round, not saved yet."""
    return QuestionRow(
        round_id=round_id,
        position=model.position,
        code=model.code,
        kind=model.kind,
        text=model.text,
        hint=model.hint,
        options=model.options,
        poles=model.poles,
        low=model.low,
        high=model.high,
    )


async def _enter(organiser_id: UUID, round_id: UUID) -> Round:
    draft = await queries.enter_round(organiser_id, round_id)
    rules.must_be_draft(draft)
    return draft


def _find(there: Sequence[QuestionRow], question_id: UUID) -> QuestionRow:
    for row in there:
        if row.id == question_id:
            return row
    raise NotFound


async def _save_in_order(there: Sequence[QuestionRow]) -> None:
    """Number the questions from F01; those that are new are made."""
    rules.must_fit(_entries(there))
    for position, row in enumerate(there, start=1):
        row.position = position
        # A code stands once in a round at any moment, so first out of the way.
        row.code = f"x{uuid7().hex[-7:]}"
        await row.save()
    for row in there:
        row.code = code_of(row.position)
        await row.save(update_fields=["code"])


def _entries(there: Sequence[QuestionRow]) -> int:
    """Count how much a form with these questions sends at most."""
    return sum(len(row.options) if row.kind in SEVERAL_ENTRIES else 1 for row in there)


def _word(row: QuestionRow, wish: QuestionWish) -> None:
    row.text, row.hint = wish.text, wish.hint
    row.options, row.poles, row.low, row.high = row.options or [], [], None, None
    if row.kind in WITH_OPTIONS:
        row.options = options_of(wish.options, row.options)
    if row.kind in WITH_POLES and wish.poles and any(wish.poles):
        row.poles = list(wish.poles)
    if row.kind is QuestionKind.NUMBER:
        row.low, row.high = wish.low, wish.high


def options_of(
    labels: Sequence[Texts], before: Sequence[StoredOption]
) -> list[StoredOption]:
    """Give each option a code; one that says what it said before keeps its own."""
    known = {text: it["code"] for it in before for text in it["label"].values()}
    codes: list[str] = []
    for number, label in enumerate(labels, start=1):
        words = list(label.values())
        kept = next((known[it] for it in words if it in known), "")
        code = kept or slug_of(words[0], longest=LONGEST_CODE) or f"option-{number}"
        # Two that say the same in one language differ in another.
        codes.append(code if code not in codes else f"{code}-{number}")
    return [
        StoredOption(code=code, label=label)
        for code, label in zip(codes, labels, strict=True)
    ]


async def _note(draft: Round, actor: str, now: datetime) -> None:
    await audit.record(draft.organiser_id, "round.edit", draft.id, actor=actor, now=now)
