"""Tying themes to words: code, take away, move, split, mark a good quote."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from werkraum_feedback.coding import codebook, spans
from werkraum_feedback.coding import coding_rules as rules
from werkraum_feedback.coding.codebook_deeds import By, enter_codebook, image_of, note
from werkraum_feedback.coding.occasions import occasion_id_of
from werkraum_feedback.coding.recoding import move_codings
from werkraum_feedback.coding.spans import Span
from werkraum_feedback.statement_models import (
    Coding,
    DismissedSuggestion,
    Reading,
    Statement,
    StatementState,
    Theme,
)
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.refusals import NotFound


async def statement_of(organiser_id: UUID, statement_id: UUID) -> Statement:
    """Find a statement of an office that may be read, or raise `NotFound`."""
    found = Statement.filter(
        id=statement_id, organiser_id=organiser_id, state=StatementState.SHOWN
    )
    statement = await found.first()
    if statement is None:
        raise NotFound
    return statement


@unit_of_work
async def code(
    by: By, statement_id: UUID, theme_id: UUID, span: Span | None = None
) -> Coding:
    """Tie a theme to words of a statement, to all of them without a span.

    Harmless the second time. Raises `NotFound`, `ThemeNotInUse`, `OutsideTheText`.
    """
    await enter_codebook(by.organiser_id)
    statement = await statement_of(by.organiser_id, statement_id)
    theme = await codebook.theme_in_use(by.organiser_id, theme_id)
    coding, is_new = await _tie(by, statement, theme, span)
    if is_new:
        await note(_at(by, statement), "coding.make", coding.id, made=[coding])
    return coding


@unit_of_work
async def code_by_name(
    by: By, statement_id: UUID, name: str, span: Span | None = None
) -> Coding:
    """Tie the theme of this name, made on the way where there is none; one deed."""
    await enter_codebook(by.organiser_id)
    statement = await statement_of(by.organiser_id, statement_id)
    theme, is_new_theme = await codebook.find_or_add(by, name)
    coding, is_new = await _tie(by, statement, theme, span)
    if is_new or is_new_theme:
        made = [theme, coding] if is_new_theme else [coding]
        await note(_at(by, statement), "coding.make", coding.id, made=made)
    return coding


async def _tie(
    by: By, statement: Statement, theme: Theme, span: Span | None
) -> tuple[Coding, bool]:
    chosen = span or spans.whole(statement.text)
    fit = spans.fitted(statement.text, chosen.start, chosen.end)
    # Any: a value for each column, as Tortoise takes them.
    place: dict[str, Any] = {
        "statement_id": statement.id,
        "theme_id": theme.id,
        "coder": by.actor,
        "start": fit.start,
        "end": fit.end,
    }
    known = await Coding.filter(**place).first()
    if known:
        return known, False
    return await Coding.create(**place, created_at=by.now), True


def _at(by: By, statement: Statement) -> By:
    return replace(by, occasion_id=occasion_id_of(statement))


@unit_of_work
async def remove(by: By, coding_ids: Sequence[UUID]) -> int:
    """Take codings away; says how many. Raises `NotFound`, `NothingChosen`."""
    found = await _enter(by, coding_ids)
    before = image_of(found)
    await Coding.filter(id__in=[it.id for it in found]).delete()
    await note(
        by,
        "coding.remove",
        found[0].statement_id,
        before=before,
        changes={"codings": [len(found), 0]},
    )
    return len(found)


@unit_of_work
async def move(by: By, coding_ids: Sequence[UUID], theme_id: UUID) -> int:
    """Give codings another theme; says how many. Raises as `remove` and `code`."""
    found = await _enter(by, coding_ids)
    theme = await codebook.theme_in_use(by.organiser_id, theme_id)
    moved = [it for it in found if it.theme_id != theme.id]
    if not moved:
        raise rules.SameTheme
    before = await move_codings(moved, theme.id)
    await note(
        by,
        "coding.move",
        theme.id,
        before=before,
        changes={"codings": [0, len(moved)]},
    )
    return len(moved)


@unit_of_work
async def split(by: By, coding_ids: Sequence[UUID], wording: codebook.Wording) -> Theme:
    """Move codings to a theme made for them; raises as `move` and `codebook.make`."""
    found = await _enter(by, coding_ids)
    theme = await codebook.add(by, wording)
    before = await move_codings(found, theme.id)
    await note(
        by,
        "theme.split",
        theme.id,
        before=before,
        made=[theme],
        changes={"codings": [0, len(found)]},
    )
    return theme


@unit_of_work
async def mark_quote(by: By, coding_id: UUID, *, good: bool) -> Coding:
    """Mark words as worth quoting, or no longer; raises `NotFound`."""
    [coding] = await _enter(by, [coding_id])
    if coding.good_quote is not good:
        before = image_of([coding])
        coding.good_quote = good
        await coding.save(update_fields=["good_quote"])
        await note(by, "coding.quote", coding.id, before=before)
    return coding


async def _enter(by: By, coding_ids: Sequence[UUID]) -> list[Coding]:
    rules.must_be_chosen(len(set(coding_ids)))
    await enter_codebook(by.organiser_id)
    found = await Coding.filter(
        id__in=list(set(coding_ids)), statement__organiser_id=by.organiser_id
    ).order_by("id")
    if len(found) != len(set(coding_ids)):
        raise NotFound
    return found


@unit_of_work
async def dismiss(by: By, statement_id: UUID, theme_id: UUID) -> None:
    """Suggest a theme for this statement no more; harmless the second time."""
    await enter_codebook(by.organiser_id)
    statement = await statement_of(by.organiser_id, statement_id)
    theme = await codebook.theme_of(by.organiser_id, theme_id)
    dismissed = DismissedSuggestion(statement_id=statement.id, theme_id=theme.id)
    known = DismissedSuggestion.filter(statement_id=statement.id, theme_id=theme.id)
    if not await known.exists():
        await dismissed.save()
        here = _at(by, statement)
        await note(here, "suggestion.dismiss", statement.id, made=[dismissed])


@unit_of_work
async def done(by: By, statement_id: UUID) -> None:
    """Note that somebody has read a statement to its end; harmless twice."""
    await enter_codebook(by.organiser_id)
    statement = await statement_of(by.organiser_id, statement_id)
    if not await Reading.filter(statement_id=statement.id, coder=by.actor).exists():
        await Reading.create(statement_id=statement.id, coder=by.actor)
