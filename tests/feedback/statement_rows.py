"""Statements, themes and codings as rows, for tests that begin after the talk."""

from typing import Any
from uuid import UUID, uuid4

from werkraum_events.models import Event
from werkraum_feedback.coding.speaker_groups import NO_GROUP, GroupOf
from werkraum_feedback.coding.statements import hash_of
from werkraum_feedback.statement_models import (
    Coding,
    Phase,
    Quoting,
    Statement,
    StatementSource,
    StatementState,
    Theme,
)
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser

ANNA_AS_ONE = UUID("7f3f7a52-54ef-4b57-9d0f-2f5c1a9b6e01")


async def said(
    event: Event,
    text: str,
    *,
    group: GroupOf = NO_GROUP,
    one_person: bool = False,
    quoting: Quoting = Quoting.NO,
    state: StatementState = StatementState.SHOWN,
    phase: Phase = Phase.INTRODUCTION,
    source: StatementSource = StatementSource.CAPTURE,
) -> Statement:
    """Have somebody say something at an event; `one_person` is always the same."""
    return await Statement.create(
        organiser_id=event.organiser_id,
        event_id=event.id,
        source=source,
        phase=phase,
        text=text,
        text_hash=hash_of(text),
        language="de",
        org_kind=group.org_kind,
        org_size=group.org_size,
        registration_id=ANNA_AS_ONE if one_person else None,
        quoting=quoting,
        state=state,
        created_at=clock.now(),
    )


async def a_theme(organiser: Organiser, name: str, **columns: object) -> Theme:
    # Any: a value for each column, as Tortoise takes them.
    empty: dict[str, Any] = {
        it: {} for it in ("definition", "includes", "excludes", "example")
    }
    return await Theme.create(
        id=uuid4(),
        organiser=organiser,
        name={"de": name},
        created_at=clock.now(),
        **{**empty, "words": [], **columns},
    )


async def marked(
    statement: Statement,
    theme: Theme,
    start: int = 0,
    end: int | None = None,
    *,
    coder: str = "person:olga",
    good: bool = False,
) -> Coding:
    return await Coding.create(
        statement=statement,
        theme=theme,
        start=start,
        end=len(statement.text) if end is None else end,
        coder=coder,
        good_quote=good,
        created_at=clock.now(),
    )
