"""Whether the figures behind a sentence are those of today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from werkraum_events.models import Event
from werkraum_feedback.report.report_draft import draft
from werkraum_feedback.report.report_drafts import Draft, Drafted
from werkraum_feedback.report.report_evidence import Evidence
from werkraum_feedback.report.report_gathering import facts_of
from werkraum_feedback.report.report_sections import Section, of_theme, place_of
from werkraum_feedback.report_models import Passage, Report
from werkraum_foundation.language import gettext

# What moves a sentence; names of rows and the like are told elsewhere.
FIGURES = ("part", "whole", "word", "organisations", "talks", "version", "starts_at")


@dataclass(frozen=True)
class Stale:
    """A sentence whose figures have changed: those of then and of now.

    `fresh` is the sentence that today's facts make, or None where they carry none.
    """

    then: str
    now: str
    fresh: Drafted | None


async def draft_today(report: Report, event: Event, *, now: datetime) -> Draft:
    return draft(await facts_of(event, report.language, now=now))


def stale_among(passages: Iterable[Passage], today: Draft) -> Mapping[UUID, Stale]:
    """Compare each drafted passage with what a draft of today says."""
    fresh = {it.key: it for it in today.passages}
    found = {}
    for passage in passages:
        key = passage.data.get("key")
        if not key or not passage.evidence:
            continue
        now = fresh.get(key)
        if now is None:
            found[passage.id] = Stale(figures(passage.evidence), "", None)
        elif _changed(passage, now):
            found[passage.id] = Stale(
                figures(passage.evidence), figures(now.evidence), now
            )
    return found


def untold(passages: Iterable[Passage], today: Draft) -> list[Drafted]:
    """List what today's facts say and the report does not: new since, or taken out."""
    told = {it.data.get("key") for it in passages}
    return [it for it in today.passages if it.key not in told]


def place_of_fresh(
    fresh: Drafted, passages: Sequence[Passage], today: Draft
) -> tuple[str, Passage | None]:
    """Say in which section it stands, and behind what: nothing where it begins it."""
    section = _section_of(fresh, passages)
    here = {it.data.get("key"): it for it in passages if it.section == section}
    before = takewhile(lambda it: it.key != fresh.key, today.passages)
    found = [here[it.key] for it in before if it.key in here]
    return section, found[-1] if found else None


def _section_of(fresh: Drafted, passages: Sequence[Passage]) -> str:
    """Themes may have another order by now: one keeps the section it has."""
    if not fresh.section.startswith(Section.THEME):
        return fresh.section
    theme = ".".join(fresh.key.split(".")[:2]) + "."
    sections = [it.section for it in passages if it.section.startswith(Section.THEME)]
    same = [it for it in passages if str(it.data.get("key", "")).startswith(theme)]
    if same:
        return same[0].section
    return of_theme(1 + max((place_of(it)[1] for it in sections), default=0))


def fresh_for(passage: Passage, today: Draft) -> Drafted | None:
    key = passage.data.get("key")
    return next((it for it in today.passages if it.key == key), None)


def _changed(passage: Passage, now: Drafted) -> bool:
    """Whether the facts moved so that a sentence may have to; not their order."""
    if list(map(_moving, passage.evidence)) != list(map(_moving, now.evidence)):
        return True
    # Rows that carry no figure: a title was put right, a speaker came along.
    return passage.drafted != now.text


def _moving(evidence: Evidence) -> tuple[object, ...]:
    return tuple(evidence.get(name) for name in FIGURES)


def figures(evidence: Sequence[Evidence]) -> str:
    """Say the figures in a row: "41 of 121"; a word where none may be told."""
    told = []
    for it in evidence:
        part, whole = it.get("part"), it.get("whole")
        if part is not None and whole is not None:
            told.append(gettext("%(part)s of %(whole)s", part=part, whole=whole))
        elif part is not None:
            told.append(str(part))
        elif it.get("word"):
            told.append(str(it["word"]))
    return ", ".join(told)
