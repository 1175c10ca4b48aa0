"""Deeds on codebook and codings as they can be taken back.

A deed keeps the rows it changed as they were and as they became. It is taken
back only while those rows still are what it made of them: else somebody has gone
on from there, and their work is not undone behind their back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from werkraum_feedback.coding import coding_rules as rules
from werkraum_feedback.follow_up_models import Pledge, Practice, Reply
from werkraum_feedback.statement_models import (
    CodebookDeed,
    Coding,
    DismissedSuggestion,
    Statement,
    Theme,
)
from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.refusals import NotFound

# Parents first: what names a theme is written after it, and goes before it.
TABLES: Mapping[str, type[Model]] = {
    "theme": Theme,
    "coding": Coding,
    "dismissed": DismissedSuggestion,
}
# What may name a theme without belonging to the deed that made it.
USERS: tuple[type[Model], ...] = (Coding, DismissedSuggestion, Practice, Pledge, Reply)

# A row by table and id, its columns as JSON; Any: of whatever type they are.
Row = dict[str, Any]
Image = dict[str, dict[str, Row]]


@dataclass(frozen=True)
class By:
    """Who does something to the codebook of which office, when and at which event."""

    organiser_id: UUID
    actor: str
    now: datetime
    occasion_id: UUID | None = None


async def enter_codebook(organiser_id: UUID) -> None:
    """Lock an office's codebook: deeds on it and on its codings take turns."""
    locked = await changed(
        "UPDATE organiser SET contact = contact WHERE id = :id", id=organiser_id
    )
    if not locked:
        raise NotFound


def image_of(found: Iterable[Model]) -> Image:
    """Write rows as a deed keeps them."""
    names = {model: name for name, model in TABLES.items()}
    image: Image = {}
    for row in found:
        image.setdefault(names[type(row)], {})[str(row.pk)] = _columns(row)
    return image


def _columns(row: Model) -> Row:
    return {name: _as_json(getattr(row, name)) for name in _names(type(row))}


def _names(model: type[Model]) -> Sequence[str]:
    """Name the columns of a table as attributes: `theme_id`, not `theme`."""
    return sorted(model._meta.db_fields)


def _as_json(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


async def note(
    by: By,
    action: str,
    subject_id: UUID,
    *,
    before: Image | None = None,
    made: Iterable[Model] = (),
    changes: Mapping[str, object] | None = None,
) -> None:
    """Note a deed, for its undoing and in the audit.

    `before` is the image of every row that the deed changed or deleted, `made`
    are its new rows; how they are now is read here, a query per table.
    """
    known = before or {}
    await CodebookDeed.create(
        organiser_id=by.organiser_id,
        occasion_id=by.occasion_id,
        actor=by.actor,
        action=action,
        before=known,
        after=await _as_they_are(_ids_in(known, image_of(made))),
        at=by.now,
    )
    await audit.record(
        by.organiser_id,
        action,
        subject_id,
        actor=by.actor,
        now=by.now,
        changes=changes,
    )


def _ids_in(*images: Image) -> dict[str, set[str]]:
    return {
        name: {identifier for image in images for identifier in image.get(name, {})}
        for name in TABLES
    }


async def _as_they_are(ids: Mapping[str, set[str]]) -> Image:
    image: Image = {}
    for name, wanted in ids.items():
        if wanted:
            image |= image_of(await TABLES[name].filter(id__in=list(wanted)))
    return image


async def last_own(
    organiser_id: UUID, actor: str, occasion_id: UUID | None
) -> CodebookDeed | None:
    """Find the last deed of somebody that is not undone: at an occasion, or anywhere.

    Deeds on the codebook belong to none and are found from each.
    """
    own = CodebookDeed.filter(
        organiser_id=organiser_id, actor=actor, undone_at__isnull=True
    ).order_by("-id")
    if occasion_id is None:
        return await own.first()
    async for deed in own.limit(50):
        if deed.occasion_id in (None, occasion_id):
            return deed
    return None


@unit_of_work
async def undo(by: By) -> CodebookDeed:
    """Take back somebody's own last deed, and after it the one before.

    Raises `NothingToUndo`, and `ChangedSince` where somebody else has gone on
    from what the deed made.
    """
    await enter_codebook(by.organiser_id)
    deed = await last_own(by.organiser_id, by.actor, by.occasion_id)
    if deed is None:
        raise rules.NothingToUndo
    await _must_be_as_left(deed)
    try:
        await _put_back(deed)
    except IntegrityError:
        # Another coding stands where this one was.
        raise rules.ChangedSince from None
    deed.undone_at = by.now
    await deed.save(update_fields=["undone_at"])
    await audit.record(
        by.organiser_id, "codebook.undo", deed.id, actor=by.actor, now=by.now
    )
    return deed


async def _must_be_as_left(deed: CodebookDeed) -> None:
    if await _as_they_are(_ids_in(deed.before, deed.after)) != deed.after:
        raise rules.ChangedSince
    # A statement may have been deleted when its time was over.
    named = {row["statement_id"] for row in deed.before.get("coding", {}).values()}
    if await Statement.filter(id__in=list(named)).count() != len(named):
        raise rules.ChangedSince


async def _put_back(deed: CodebookDeed) -> None:
    """Write rows as they were: what was made goes, a theme last, after its codings."""
    for name in ("coding", "dismissed"):
        await TABLES[name].filter(id__in=_made(deed, name)).delete()
    for name, model in TABLES.items():
        for identifier, row in deed.before.get(name, {}).items():
            is_there = identifier in deed.after.get(name, {})
            await _write(model, row, is_there=is_there)
    themes = _made(deed, "theme")
    await _must_be_unused(themes)
    await Theme.filter(id__in=themes).delete()
    if "theme" in deed.before:
        # Its name may have been given to another one since.
        found = await Theme.filter(organiser_id=deed.organiser_id)
        rules.must_have_own_names(found)


def _made(deed: CodebookDeed, name: str) -> list[str]:
    return list(set(deed.after.get(name, {})) - set(deed.before.get(name, {})))


async def _must_be_unused(themes: Sequence[str]) -> None:
    """Deleting a theme would take along what others have tied to it."""
    for model in USERS if themes else ():
        if await model.filter(theme_id__in=list(themes)).exists():
            raise rules.ChangedSince


async def _write(model: type[Model], row: Row, *, is_there: bool) -> None:
    made = model(**{name: _read(model, name, value) for name, value in row.items()})
    made._saved_in_db = is_there
    await made.save()


def _read(model: type[Model], name: str, value: object) -> object:
    kind = model._meta.fields_map[name]
    return kind.to_python_value(value)
