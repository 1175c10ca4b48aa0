"""Deeds on the passages of a report: write, add, move, remove, take back, renew."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from werkraum_feedback.report import report_rules as rules
from werkraum_feedback.report.report_consents import without_consent
from werkraum_feedback.report.report_drafts import Draft, Drafted
from werkraum_feedback.report.report_freshness import place_of_fresh
from werkraum_feedback.report.report_queries import (
    enter_report,
    history_of,
    passage_of,
    passages_of,
)
from werkraum_feedback.report.reports import note_change
from werkraum_feedback.report_models import Passage, PassageKind, Report
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.refusals import NotFound, Refused

# Any: columns of a passage, by name.
Columns = dict[str, Any]


class PassageChanged(Refused):
    """Somebody else has written here meanwhile; both texts are shown."""

    code = "passage_changed"

    def __init__(self, theirs: str, mine: str) -> None:
        super().__init__()
        self.theirs, self.mine = theirs, mine


@unit_of_work
async def write(
    organiser_id: UUID,
    passage: Passage,
    text: str,
    kind: PassageKind,
    *,
    seen: str,
    actor: str,
    now: datetime,
) -> None:
    """Put other words into a passage; `seen` is `state_of_text` when it was loaded.

    Raises `PassageChanged` where other words stand there by now. A table and a
    picture keep their kind.
    """
    report = await _enter(organiser_id, passage.report_id)
    current = await passage_of(report.id, passage.id)
    wanted = kind if current.kind in rules.WRITABLE else current.kind
    if (current.text, current.kind) == (text, wanted):
        return
    if rules.state_of_text(current) != seen:
        raise PassageChanged(current.text, text)
    await _change(report, current, {"text": text, "kind": wanted}, "write", actor, now)


@unit_of_work
async def renew(
    organiser_id: UUID, passage: Passage, fresh: Drafted, *, actor: str, now: datetime
) -> None:
    """Take the sentence that today's figures make."""
    report = await _enter(organiser_id, passage.report_id)
    current = await passage_of(report.id, passage.id)
    values: Columns = {
        "text": fresh.text,
        "kind": fresh.kind,
        "drafted": fresh.text,
        "evidence": list(fresh.evidence),
        "data": fresh.stored,
    }
    await _change(report, current, values, "renew", actor, now)


@unit_of_work
async def keep(
    organiser_id: UUID, passage: Passage, fresh: Drafted, *, actor: str, now: datetime
) -> None:
    """Keep the words, and note that today's figures are known.

    Raises `ConsentMissing` where they tell what may not be published any more.
    """
    report = await _enter(organiser_id, passage.report_id)
    current = await passage_of(report.id, passage.id)
    rules.must_have_consent(await without_consent([current]))
    values: Columns = {"evidence": list(fresh.evidence), "drafted": fresh.text}
    await _change(report, current, values, "keep", actor, now)


@unit_of_work
async def undo(
    organiser_id: UUID, passage: Passage, *, actor: str, now: datetime
) -> None:
    """Take the last change back; again, the one before. Raises `NothingToUndo`."""
    report = await _enter(organiser_id, passage.report_id)
    current = await passage_of(report.id, passage.id)
    last = last_change(await history_of(passage.id))
    if last is None:
        raise rules.NothingToUndo
    before = {name: pair[0] for name, pair in last.changes.items()}
    await _change(report, current, before, "undo", actor, now)


def last_change(history: list[AuditEntry]) -> AuditEntry | None:
    """Find what an undo takes back: each undo before has taken back one change."""
    standing: list[AuditEntry] = []
    for entry in history:
        if entry.action == "passage.undo":
            del standing[-1:]
        elif entry.action in ("passage.write", "passage.renew", "passage.keep"):
            # What was too old to be kept says nothing any more.
            standing = [*standing, entry] if entry.changes else []
    return standing[-1] if standing else None


async def _change(
    report: Report,
    passage: Passage,
    values: Columns,
    verb: str,
    actor: str,
    now: datetime,
) -> None:
    changes = {}
    for name, value in values.items():
        before = getattr(passage, name)
        if before != value:
            changes[name] = [before, value]
            setattr(passage, name, PassageKind(value) if name == "kind" else value)
    await passage.save(update_fields=list(values))
    await _note(report, passage.id, verb, changes, actor, now)


@unit_of_work
async def add_after(
    organiser_id: UUID,
    report_id: UUID,
    section: str,
    after: UUID | None,
    text: str,
    kind: PassageKind,
    *,
    actor: str,
    now: datetime,
) -> Passage:
    """Add a passage behind another, or at the end of a section; `ReportFull`."""
    report = await _enter(organiser_id, report_id)
    found = await Passage.filter(report_id=report_id).order_by("position")
    if len(found) >= rules.MOST_PASSAGES:
        raise rules.ReportFull
    before = next((it for it in found if it.id == after), None)
    if after and before is None:
        raise NotFound
    data: Columns = {}
    if before and "heading" in before.data:
        data["heading"] = before.data["heading"]
    position = before.position if before else _last(found)
    await _make_room(found, position)
    made = await Passage.create(
        report_id=report_id,
        section=before.section if before else section,
        position=position + 1,
        kind=kind,
        text=text,
        drafted="",
        evidence=[],
        data=data,
    )
    await _note(report, made.id, "add", {}, actor, now)
    return made


@unit_of_work
async def take_in(
    organiser_id: UUID,
    report_id: UUID,
    fresh: Drafted,
    today: Draft,
    *,
    actor: str,
    now: datetime,
) -> Passage:
    """Put a sentence of today where a draft would have it; the second time nothing.

    Raises `ReportFull`.
    """
    report = await _enter(organiser_id, report_id)
    found = await passages_of(report_id)
    there = next((it for it in found if it.data.get("key") == fresh.key), None)
    if there is not None:
        return there
    if len(found) >= rules.MOST_PASSAGES:
        raise rules.ReportFull
    section, before = place_of_fresh(fresh, found, today)
    first = next((it.position - 1 for it in found if it.section == section), None)
    position = before.position if before else _last(found) if first is None else first
    await _make_room(found, position)
    made = await Passage.create(
        report_id=report_id,
        section=section,
        position=position + 1,
        kind=fresh.kind,
        text=fresh.text,
        drafted=fresh.text,
        evidence=list(fresh.evidence),
        data=fresh.stored,
    )
    await _note(report, made.id, "take_in", {}, actor, now)
    return made


def _last(found: Iterable[Passage]) -> int:
    return max((it.position for it in found), default=0)


async def _make_room(found: Iterable[Passage], position: int) -> None:
    """Move everything behind a position one further."""
    for each in found:
        if each.position > position:
            each.position += 1
            await each.save(update_fields=["position"])


@unit_of_work
async def move(
    organiser_id: UUID, passage: Passage, *, up: bool, actor: str, now: datetime
) -> None:
    """Change places with the neighbour in the same section, if there is one."""
    report = await _enter(organiser_id, passage.report_id)
    current = await passage_of(report.id, passage.id)
    beside = Passage.filter(report_id=report.id, section=current.section)
    if up:
        found = beside.filter(position__lt=current.position).order_by("-position")
    else:
        found = beside.filter(position__gt=current.position).order_by("position")
    other = await found.first()
    if other is None:
        return
    current.position, other.position = other.position, current.position
    await current.save(update_fields=["position"])
    await other.save(update_fields=["position"])
    await _note(report, passage.id, "move", {}, actor, now)


KEPT = ("section", "position", "kind", "text", "drafted", "evidence", "data")


@unit_of_work
async def remove(
    organiser_id: UUID, passage: Passage, *, actor: str, now: datetime
) -> None:
    """Take a passage out; the audit keeps it for `put_back`."""
    report = await _enter(organiser_id, passage.report_id)
    current = await passage_of(report.id, passage.id)
    row = {name: getattr(current, name) for name in KEPT}
    await current.delete()
    changes = {"report": [str(report.id), None], "row": [row, None]}
    await _note(report, passage.id, "remove", changes, actor, now)


@unit_of_work
async def put_back(
    organiser_id: UUID, report_id: UUID, passage_id: UUID, *, actor: str, now: datetime
) -> None:
    """Put a removed passage where it was; raises `NothingToUndo`."""
    report = await _enter(organiser_id, report_id)
    history = await history_of(passage_id)
    last = history[-1] if history else None
    if last is None or last.action != "passage.remove" or not last.changes:
        raise rules.NothingToUndo
    kept: Mapping[str, Any] = last.changes["row"][0]
    if last.organiser_id != organiser_id or last.changes["report"][0] != str(report_id):
        raise NotFound
    values = {**kept, "kind": PassageKind(kept["kind"])}
    await Passage.create(id=passage_id, report_id=report_id, **values)
    await _note(report, passage_id, "put_back", {}, actor, now)


async def _enter(organiser_id: UUID, report_id: UUID) -> Report:
    report = await enter_report(organiser_id, report_id)
    rules.must_be_open(report)
    return report


async def _note(
    report: Report,
    passage_id: UUID,
    verb: str,
    changes: Mapping[str, object],
    actor: str,
    now: datetime,
) -> None:
    await note_change(report, actor)
    await audit.record(
        report.organiser_id,
        f"passage.{verb}",
        passage_id,
        actor=actor,
        now=now,
        changes=changes,
    )
