"""Questions about what was caught while people spoke, and what it can be tied to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from werkraum_feedback.capture.capture_rules import Said
from werkraum_feedback.statement_models import (
    Coding,
    Statement,
    StatementSource,
    StatementState,
    Theme,
    ThemeState,
)
from werkraum_foundation.database import rows
from werkraum_foundation.refusals import NotFound
from werkraum_registration.organisation_queries import names_of

# More than one talks about in a day; what is older is found where one codes.
MOST_SHOWN = 300
MOST_SUGGESTED = 1_000

KEY = re.compile(r"[A-Za-z0-9_-]{16,31}", re.ASCII)


@dataclass(frozen=True)
class Caught:
    """Something that was caught, as the moderator's page shows it."""

    statement: Statement
    said: Said
    organisation: str

    @property
    def key(self) -> str:
        """The key its device gave it."""
        return (self.statement.client_key or "").partition(":")[2]


@dataclass(frozen=True)
class Suggested:
    """An organisation to choose; kind and size as words of the database."""

    name: str
    kind: str
    size: str


def scoped(event_id: UUID, key: str) -> str:
    """Name a device's key so that no key of another event is ever the same."""
    return f"{event_id.hex}:{key}"


async def caught_of(event_id: UUID) -> list[Caught]:
    """List what was caught at an event, the newest first; three queries, or four."""
    found = Statement.filter(
        event_id=event_id,
        source=StatementSource.CAPTURE,
        state=StatementState.SHOWN,
    )
    statements = await found.order_by("-created_at", "-client_key").limit(MOST_SHOWN)
    return await told(statements)


async def statement_by_key(event_id: UUID, key: str) -> Statement:
    """Find what a device caught, removed or not, or raise `NotFound`."""
    found = await by_key_or_none(event_id, key)
    if found is None:
        raise NotFound
    return found


async def by_key_or_none(event_id: UUID, key: str) -> Statement | None:
    # PostgreSQL takes no NUL, and Tortoise no word that is longer than its column.
    if not KEY.fullmatch(key):
        return None
    return await Statement.get_or_none(
        client_key=scoped(event_id, key), event_id=event_id
    )


async def last_of(event_id: UUID, actor: str) -> Caught | None:
    """Find what somebody caught last: whoever spoke then may still speak."""
    found = Statement.filter(
        event_id=event_id,
        source=StatementSource.CAPTURE,
        state=StatementState.SHOWN,
        created_by=actor,
    )
    last = await found.order_by("-created_at", "-client_key").first()
    return (await told([last]))[0] if last else None


async def told(statements: Sequence[Statement]) -> list[Caught]:
    """Add to statements what they are tied to; two queries, or three."""
    themes = await themes_on([it.id for it in statements])
    named = {it.organisation_id for it in statements if it.organisation_id}
    names = await names_of(list(named)) if named else {}
    return [
        Caught(
            it,
            said_in(it, themes.get(it.id, frozenset())),
            names.get(it.organisation_id, "") if it.organisation_id else "",
        )
        for it in statements
    ]


def said_in(statement: Statement, themes: frozenset[UUID]) -> Said:
    return Said(
        phase=statement.phase,
        text=statement.text,
        kind=statement.kind,
        session_id=statement.session_id,
        organisation_id=statement.organisation_id,
        org_kind=statement.org_kind,
        org_size=statement.org_size,
        themes=themes,
        quoting=statement.quoting,
        removed=statement.state is StatementState.HIDDEN,
    )


async def themes_on(statement_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Name the themes tied to whole statements, by whomever; one query."""
    ids = list(statement_ids)
    found = await Coding.filter(statement_id__in=ids, start=0).select_related(
        "statement"
    )
    themes: dict[UUID, frozenset[UUID]] = {}
    for coding in found:
        if coding.end == len(coding.statement.text):
            known = themes.get(coding.statement_id, frozenset())
            themes[coding.statement_id] = known | {coding.theme_id}
    return themes


async def themes_of(organiser_id: UUID) -> list[Theme]:
    """List the codebook as it is used now, in its order."""
    found = Theme.filter(organiser_id=organiser_id, state=ThemeState.ACTIVE)
    return await found.order_by("position", "id")


async def suggestions_of(organiser_id: UUID, event_id: UUID) -> list[Suggested]:
    """List organisations to choose from: suggested ones, and those who take part."""
    found = await rows(
        "SELECT o.name, o.kind, o.size FROM organisation o"
        " WHERE o.organiser_id = :organiser AND o.merged_into_id IS NULL"
        " AND o.name <> '' AND (o.suggested OR EXISTS (SELECT 1 FROM registration r"
        " WHERE r.organisation_id = o.id AND r.event_id = :event))"
        " ORDER BY o.name_key LIMIT :most",
        organiser=organiser_id,
        event=event_id,
        most=MOST_SUGGESTED,
    )
    return [Suggested(it["name"], it["kind"] or "", it["size"] or "") for it in found]
