"""The life of a report: drafted, handed over for review, published, drafted anew."""

import json
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from werkraum_events.queries import enter_event
from werkraum_feedback.report import report_rules as rules
from werkraum_feedback.report.report_consents import without_consent
from werkraum_feedback.report.report_draft import PROSE, draft
from werkraum_feedback.report.report_drafts import Draft
from werkraum_feedback.report.report_facts import Facts
from werkraum_feedback.report.report_gathering import facts_of
from werkraum_feedback.report.report_queries import (
    enter_report,
    passages_of,
    works_alone,
)
from werkraum_feedback.report.report_sections import Section
from werkraum_feedback.report_models import Passage, PassageKind, Report, ReportState
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.refusals import ChangedMeanwhile

LONGEST_TITLE = 300


@unit_of_work
async def write_draft(
    organiser_id: UUID, event_id: UUID, language: str, *, actor: str, now: datetime
) -> Report:
    """Draft a version of an event's report out of what is there.

    Raises `NotFound`, and `ReportUnderWay` while the one before is not published.
    """
    event = await enter_event(organiser_id, event_id)
    number = await _next_number(event_id, language)
    facts = await facts_of(event, language, now=now)
    report = await _create(facts, organiser_id, number, actor=actor)
    await _keep(report.id, draft(facts))
    await audit.record(organiser_id, "report.draft", report.id, actor=actor, now=now)
    return report


async def _create(
    facts: Facts, organiser_id: UUID, number: int, *, actor: str
) -> Report:
    return await Report.create(
        organiser_id=organiser_id,
        event_id=facts.occasion.event_id,
        number=number,
        language=facts.language,
        title=draft(facts).title[:LONGEST_TITLE],
        written_by=actor,
        created_at=facts.at,
    )


async def _next_number(event_id: UUID, language: str) -> int:
    earlier = Report.filter(event_id=event_id, language=language)
    latest = await earlier.order_by("-number").first()
    if latest is None:
        return 1
    if latest.state is not ReportState.PUBLISHED:
        raise rules.ReportUnderWay
    return latest.number + 1


async def _keep(report_id: UUID, written: Draft) -> None:
    await Passage.bulk_create(
        Passage(
            report_id=report_id,
            section=it.section,
            position=position,
            kind=it.kind,
            text=it.text,
            drafted=it.text,
            evidence=list(it.evidence),
            data=it.stored,
        )
        for position, it in enumerate(written.passages, start=1)
    )


@unit_of_work
async def write_next(
    organiser_id: UUID, report_id: UUID, *, actor: str, now: datetime
) -> Report:
    """Begin the next version with the words of this one.

    Raises `NotFound`, and `ReportUnderWay` while one is not published.
    """
    before = await enter_report(organiser_id, report_id)
    number = await _next_number(before.event_id, before.language)
    report = await Report.create(
        organiser_id=organiser_id,
        event_id=before.event_id,
        number=number,
        language=before.language,
        title=before.title,
        written_by=actor,
        created_at=now,
    )
    # What was said of who checked it belongs to the version before.
    kept = [it for it in await passages_of(before.id) if it.data.get("key") != ALONE]
    await Passage.bulk_create(
        Passage(
            report_id=report.id,
            section=it.section,
            position=position,
            kind=it.kind,
            text=it.text,
            drafted=it.drafted,
            evidence=it.evidence,
            data=it.data,
        )
        for position, it in enumerate(kept, start=1)
    )
    await audit.record(organiser_id, "report.draft", report.id, actor=actor, now=now)
    return report


@unit_of_work
async def throw_away(
    organiser_id: UUID, report_id: UUID, *, actor: str, now: datetime
) -> None:
    """Delete a version that nobody outside has seen; raises `ReportPublished`."""
    report = await enter_report(organiser_id, report_id)
    rules.must_be_open(report)
    await Passage.filter(report_id=report_id).delete()
    await report.delete()
    await audit.record(organiser_id, "report.remove", report_id, actor=actor, now=now)


@unit_of_work
async def rename(
    organiser_id: UUID,
    report_id: UUID,
    title: str,
    *,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Give it another title; raises `ChangedMeanwhile` if somebody else did."""
    report = await enter_report(organiser_id, report_id)
    rules.must_be_open(report)
    if report.version != version and report.title != title:
        raise ChangedMeanwhile
    before, report.title = report.title, title
    await note_change(report, actor)
    await audit.record(
        organiser_id,
        "report.rename",
        report_id,
        actor=actor,
        now=now,
        changes={"title": [before, title]},
    )


async def note_change(report: Report, actor: str) -> None:
    """Remember who changed it last: somebody else publishes it."""
    report.written_by = actor
    report.version += 1
    await report.save(update_fields=["title", "written_by", "version"])


@unit_of_work
async def hand_over(
    organiser_id: UUID, report_id: UUID, *, actor: str, now: datetime
) -> None:
    """Ask somebody else to read it."""
    await _put(organiser_id, report_id, ReportState.IN_REVIEW, actor=actor, now=now)


@unit_of_work
async def hand_back(
    organiser_id: UUID, report_id: UUID, *, actor: str, now: datetime
) -> None:
    """Give it back to be worked on."""
    await _put(organiser_id, report_id, ReportState.DRAFT, actor=actor, now=now)


async def _put(
    organiser_id: UUID,
    report_id: UUID,
    state: ReportState,
    *,
    actor: str,
    now: datetime,
) -> None:
    report = await enter_report(organiser_id, report_id)
    rules.must_be_open(report)
    if report.state is state:
        return
    before, report.state = report.state, state
    await report.save(update_fields=["state"])
    await audit.record(
        organiser_id,
        "report.put",
        report_id,
        actor=actor,
        now=now,
        changes={"state": [before.value, state.value]},
    )


ALONE = "appendix.alone"


@unit_of_work
async def publish(
    organiser_id: UUID,
    report_id: UUID,
    change_note: str,
    *,
    version: int,
    looked_again: bool = False,
    actor: str,
    now: datetime,
) -> Report:
    """Let everybody read it, exactly as it stood at this `version`.

    Raises `NotInReview`, `ChangedMeanwhile`, `OwnReport`, `ConsentMissing`, and
    `SecondLookNeeded` for an office of one person, which the appendix then tells.
    """
    report = await enter_report(organiser_id, report_id)
    rules.must_be_in_review(report)
    if report.version != version:
        raise ChangedMeanwhile
    own = actor == report.written_by
    alone = await works_alone(organiser_id)
    rules.must_be_seen_twice(
        report, actor=actor, alone=alone, looked_again=looked_again
    )
    rules.must_have_consent(await without_consent(await passages_of(report_id)))
    if own:
        await _tell_it_was_one_person(report)
    report.state, report.checked_by = ReportState.PUBLISHED, actor
    report.checked_at = report.published_at = now
    report.change_note = change_note
    report.content_hash = content_hash(report, await passages_of(report_id))
    await report.save()
    await audit.record(
        organiser_id,
        "report.publish",
        report_id,
        actor=actor,
        now=now,
        changes={"alone": [None, own], "hash": [None, report.content_hash]},
    )
    return report


async def _tell_it_was_one_person(report: Report) -> None:
    said = PROSE[report.language].one_person()
    last = await Passage.filter(report_id=report.id).order_by("-position").first()
    await Passage.create(
        report_id=report.id,
        section=Section.APPENDIX,
        position=(last.position if last else 0) + 1,
        kind=PassageKind.PARAGRAPH,
        text=said,
        drafted=said,
        evidence=[],
        data={"key": ALONE},
    )


def content_hash(report: Report, passages: list[Passage]) -> str:
    """Name what was published by its content: SHA-256 of title and passages."""
    told = [
        report.language,
        report.number,
        report.title,
        report.change_note,
        [[it.section, it.kind.value, it.text, it.data] for it in passages],
    ]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
