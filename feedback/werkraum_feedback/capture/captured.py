"""What is said aloud, written down by a moderator: kept, put right, taken back.

A device sends what it wants to be there, again and again until it is answered. So the
same thing may come twice, late, or after somebody else has changed it; it is told
from a change by what the device last knew (`known`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from werkraum_events.models import Event, Session
from werkraum_events.queries import enter_event
from werkraum_feedback.capture import capture_queries, capture_rules
from werkraum_feedback.capture.capture_rules import Said
from werkraum_feedback.coding.statements import hash_of
from werkraum_feedback.coding.text_language import language_of
from werkraum_feedback.statement_models import (
    Coding,
    Phase,
    Quoting,
    Statement,
    StatementKind,
    StatementSource,
    StatementState,
    Theme,
    ThemeState,
)
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.settings import settings
from werkraum_registration import organisations
from werkraum_registration.models import (
    Organisation,
    OrganisationKind,
    OrganisationSize,
)
from werkraum_registration.organisation_queries import find


@dataclass(frozen=True)
class Words:
    """What a moderator typed and chose: names and ids as they came."""

    phase: Phase
    text: str
    kind: StatementKind | None = None
    session: UUID | None = None
    organisation: str = ""
    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None
    themes: tuple[UUID, ...] = ()
    quoting: Quoting = Quoting.NO
    removed: bool = False


@unit_of_work
async def keep(
    organiser_id: UUID,
    event_id: UUID,
    key: str,
    words: Words,
    *,
    at: datetime,
    known: Sequence[Words] = (),
    marks: Sequence[str] = (),
    actor: str,
    now: datetime,
) -> Statement | None:
    """Have a statement be as these words say, or raise `ChangedMeanwhile`.

    `known` are contents the device has had before, `marks` those of a form. What is
    there as wanted already is kept as it is. Raises `NotFound`, `TooLateToChange`,
    `PartlyMarked`. What was removed before it was ever sent leaves nothing.
    """
    event = await enter_event(organiser_id, event_id)
    scoped = capture_queries.scoped(event_id, key)
    there = await Statement.get_or_none(client_key=scoped, event_id=event_id)
    if there is None and words.removed:
        return None
    said = await _resolved(event, words, now=now)
    if there is None:
        return await _write_down(event, scoped, said, at=at, actor=actor, now=now)
    before = await _content(there)
    if before == said:
        return there
    earlier = [(await _resolved(event, it, now=now)).mark for it in known]
    capture_rules.must_follow(before.mark, [*marks, *earlier])
    capture_rules.must_be_changeable(event.ends_at, now=now)
    await _change(there, before, said, actor=actor, now=now)
    return there


async def _content(there: Statement) -> Said:
    themes = await capture_queries.themes_on([there.id])
    return capture_queries.said_in(there, themes.get(there.id, frozenset()))


async def _resolved(event: Event, words: Words, *, now: datetime) -> Said:
    """Find what names and ids stand for; what is not the organiser's is left out."""
    organisation = await _organisation(event.organiser_id, words, now=now)
    return Said(
        phase=words.phase,
        text=words.text,
        kind=words.kind,
        session_id=await _session(event.id, words.session),
        organisation_id=organisation.id if organisation else None,
        org_kind=words.org_kind or (organisation.kind if organisation else None),
        org_size=words.org_size or (organisation.size if organisation else None),
        themes=await _themes(event.organiser_id, words.themes),
        quoting=words.quoting,
        removed=words.removed,
    )


async def _organisation(
    organiser_id: UUID, words: Words, *, now: datetime
) -> Organisation | None:
    if not words.organisation:
        return None
    found = await find(organiser_id, words.organisation, kind=words.org_kind)
    if found:
        return found
    made = await organisations.typed(
        organiser_id,
        words.organisation,
        kind=words.org_kind,
        size=words.org_size,
        now=now,
    )
    return await Organisation.get(id=made)


async def _session(event_id: UUID, session_id: UUID | None) -> UUID | None:
    if session_id is None:
        return None
    there = await Session.filter(id=session_id, event_id=event_id).exists()
    return session_id if there else None


async def _themes(organiser_id: UUID, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Lead merged themes to the one that stayed; retired ones mark nothing new."""
    if not ids:
        return frozenset()
    found = await Theme.filter(organiser_id=organiser_id, id__in=list(ids))
    leads = (it.merged_into_id or it.id for it in found if _is_used(it))
    return frozenset(leads)


def _is_used(theme: Theme) -> bool:
    return theme.state is not ThemeState.RETIRED


async def _write_down(
    event: Event,
    client_key: str,
    said: Said,
    *,
    at: datetime,
    actor: str,
    now: datetime,
) -> Statement:
    made = await Statement.create(
        organiser_id=event.organiser_id,
        event_id=event.id,
        source=StatementSource.CAPTURE,
        language=language_of(said.text, default=settings().languages[0]),
        client_key=client_key,
        created_by=actor,
        created_at=capture_rules.within_reach(at, now=now),
        **_columns(said),
    )
    await _tie(made, said.themes, actor=actor, now=now)
    return made


async def _change(
    there: Statement, before: Said, said: Said, *, actor: str, now: datetime
) -> None:
    if said.text != before.text:
        await _move_marks(there, before.text, said.text)
    there.update_from_dict(_columns(said))
    await there.save()
    gone = before.themes - said.themes
    if gone:
        whole = {"start": 0, "end": len(said.text), "theme_id__in": list(gone)}
        await Coding.filter(statement_id=there.id, **whole).delete()
    await _tie(there, said.themes - before.themes, actor=actor, now=now)
    verb = "remove" if said.removed and not before.removed else "change"
    await audit.record(
        there.organiser_id, f"statement.{verb}", there.id, actor=actor, now=now
    )


async def put_right(there: Statement, text: str) -> None:
    """Change the words of a statement; what marked all of it still does."""
    await _move_marks(there, there.text, text)
    there.text, there.text_hash = text, hash_of(text)
    await there.save()


async def _move_marks(there: Statement, before: str, text: str) -> None:
    """Have what marked all of the old text mark all of the new one."""
    marks = await Coding.filter(statement_id=there.id)
    capture_rules.must_not_be_marked([(it.start, it.end) for it in marks], len(before))
    await Coding.filter(statement_id=there.id).update(end=len(text))


# Any: a value for each column, as Tortoise takes them.
def _columns(said: Said) -> dict[str, Any]:
    return {
        "phase": said.phase,
        "text": said.text,
        "text_hash": hash_of(said.text),
        "kind": said.kind,
        "session_id": said.session_id,
        "organisation_id": said.organisation_id,
        "org_kind": said.org_kind,
        "org_size": said.org_size,
        "quoting": said.quoting,
        "state": StatementState.HIDDEN if said.removed else StatementState.SHOWN,
    }


async def _tie(
    there: Statement, themes: frozenset[UUID], *, actor: str, now: datetime
) -> None:
    await Coding.bulk_create(
        Coding(
            statement_id=there.id,
            theme_id=theme,
            start=0,
            end=len(there.text),
            coder=actor,
            created_at=now,
        )
        for theme in sorted(themes)
    )


@unit_of_work
async def set_removed(
    organiser_id: UUID,
    event_id: UUID,
    key: str,
    *,
    removed: bool,
    actor: str,
    now: datetime,
) -> None:
    """Take something back, or have it again; harmless the second time."""
    event = await enter_event(organiser_id, event_id)
    there = await capture_queries.statement_by_key(event_id, key)
    before = await _content(there)
    if before.removed is removed:
        return
    capture_rules.must_be_changeable(event.ends_at, now=now)
    after = replace(before, removed=removed)
    await _change(there, before, after, actor=actor, now=now)
