"""What a file of registrations holds: the same in every format.

A file goes through the list a batch at a time and asks for the rest of each batch at
once, so that a hundred thousand need no more memory than a hundred.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.database import moment, rows
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.local_times import local
from werkraum_foundation.spreadsheets import Cell
from werkraum_registration import words
from werkraum_registration.answer_reading import Value, in_words
from werkraum_registration.consent_wishes import name_of
from werkraum_registration.list_filters import Filters
from werkraum_registration.listing import Listed, all_listed, in_list
from werkraum_registration.models import FormQuestion


@dataclass(frozen=True)
class Agreed:
    """A consent that was given, and perhaps taken back."""

    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Record:
    """Everything of one registration that a file tells."""

    listed: Listed
    answers: dict[UUID, Value]
    consents: dict[str, Agreed]
    # Where we know from that the person was there.
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """The columns that depend on the event, in their order."""

    timezone: str
    questions: tuple[FormQuestion, ...]
    purposes: tuple[str, ...]
    sessions: dict[UUID, str]


async def layout_of(event: Event) -> Layout:
    """Find what the event asks, and the sessions that are booked; three queries."""
    questions = await FormQuestion.filter(event_id=event.id).order_by("position", "id")
    purposes = await rows(
        "SELECT DISTINCT c.purpose FROM consent c JOIN registration r"
        " ON r.id = c.registration_id WHERE r.event_id = :event ORDER BY c.purpose",
        event=event.id,
    )
    sessions = await rows(
        "SELECT s.id, s.title FROM session s JOIN seat_pool p ON p.session_id = s.id"
        " WHERE s.event_id = :event ORDER BY s.starts_at, s.id",
        event=event.id,
    )
    return Layout(
        event.timezone,
        tuple(questions),
        tuple(row["purpose"] for row in purposes),
        {_id(row["id"]): pick(_json(row["title"]))[0] for row in sessions},
    )


async def records_of(event: Event, filters: Filters) -> AsyncIterator[list[Record]]:
    """Go through the records of a list, a hundred at a time."""
    async for batch in all_listed(event.id, filters):
        ids = [it.id for it in batch]
        answers, consents = await _answers(ids), await _consents(ids)
        sources = await _sources(event.id, ids)
        yield [
            Record(it, answers[it.id], consents[it.id], sources[it.id]) for it in batch
        ]


def headings(layout: Layout) -> list[Cell]:
    """Name the columns in the current language."""
    return [
        gettext("Name"),
        gettext("E-mail address"),
        gettext("How they take part"),
        gettext("State"),
        gettext("Place in the queue"),
        gettext("Registered at"),
        gettext("Confirmed at"),
        gettext("Seats"),
        gettext("Together with"),
        gettext("Organisation"),
        gettext("Kind of organisation"),
        gettext("Size of the town"),
        gettext("Region"),
        gettext("Tags"),
        gettext("Was there"),
        gettext("Language"),
        gettext("Came by"),
        gettext("Note"),
        *layout.sessions.values(),
        *(pick(question.label)[0] for question in layout.questions),
        *(name_of(purpose) for purpose in layout.purposes),
    ]


def cells(record: Record, layout: Layout) -> list[Cell]:
    """Write a record as a row of a table, in the current language."""
    it = record.listed
    return [
        it.name or gettext("(deleted)"),
        it.email or gettext("(deleted)"),
        words.mode_words(it.mode),
        words.state_words(it.state),
        it.place,
        _when(it.created_at, layout.timezone),
        _when(it.confirmed_at, layout.timezone),
        it.seats,
        "; ".join(it.companions),
        it.organisation,
        words.kind_words(it.kind),
        words.size_words(it.size),
        it.region,
        ", ".join(it.tags),
        ", ".join(words.presence_words(source) for source in record.sources),
        it.language,
        words.source_words(it.source),
        it.note,
        *(_session_cell(record.listed.sessions.get(id_)) for id_ in layout.sessions),
        *(_answer_cell(it_, record.answers.get(it_.id)) for it_ in layout.questions),
        *(_consent_cell(record.consents.get(purpose)) for purpose in layout.purposes),
    ]


def as_json(record: Record, layout: Layout) -> dict[str, Any]:  # Any: JSON
    """Write a record for programs; names of fields stay the same in any language."""
    it = record.listed
    return {
        "id": str(it.id),
        "name": it.name,
        "email": it.email,
        "mode": it.mode,
        "wanted": it.wanted,
        "state": it.state,
        "queue_position": it.place,
        "seats": it.seats,
        "companions": list(it.companions),
        "language": it.language,
        "source": it.source,
        "note": it.note,
        "created_at": it.created_at.isoformat(),
        "confirmed_at": _iso(it.confirmed_at),
        "organisation": _organisation_json(it),
        "tags": list(it.tags),
        "attended": it.attended,
        "attendance": list(record.sources),
        "sessions": _sessions_json(it, layout),
        "answers": _answers_json(record, layout),
        "consents": _consents_json(record),
    }


def _organisation_json(it: Listed) -> dict[str, Any] | None:  # Any: JSON
    if not it.organisation:
        return None
    return {
        "name": it.organisation,
        "kind": it.kind,
        "size": it.size or None,
        "region": it.region,
    }


def _sessions_json(it: Listed, layout: Layout) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {"id": str(id_), "title": layout.sessions.get(id_, ""), "seat": seat}
        for id_, seat in it.sessions.items()
    ]


def _answers_json(record: Record, layout: Layout) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {
            "question": str(question.id),
            "label": question.label,
            "value": record.answers[question.id],
        }
        for question in layout.questions
        if question.id in record.answers
    ]


def _consents_json(record: Record) -> dict[str, Any]:  # Any: JSON
    return {
        purpose: {
            "given_at": agreed.given_at.isoformat(),
            "withdrawn_at": _iso(agreed.withdrawn_at),
        }
        for purpose, agreed in record.consents.items()
    }


async def _answers(ids: Sequence[UUID]) -> dict[UUID, dict[UUID, Value]]:
    named, values = in_list(ids)
    found: dict[UUID, dict[UUID, Value]] = {it: {} for it in ids}
    for row in await rows(
        "SELECT registration_id, question_id, value FROM registration_answer"
        f" WHERE registration_id IN ({named})",
        **values,
    ):
        value = _json(row["value"])
        found[_id(row["registration_id"])][_id(row["question_id"])] = value
    return found


async def _consents(ids: Sequence[UUID]) -> dict[UUID, dict[str, Agreed]]:
    named, values = in_list(ids)
    found: dict[UUID, dict[str, Agreed]] = {it: {} for it in ids}
    # Of a purpose agreed to several times the last one counts.
    for row in await rows(
        "SELECT registration_id, purpose, given_at, withdrawn_at FROM consent"
        f" WHERE registration_id IN ({named}) ORDER BY given_at, id",
        **values,
    ):
        ended = row["withdrawn_at"]
        found[_id(row["registration_id"])][row["purpose"]] = Agreed(
            moment(row["given_at"]), moment(ended) if ended else None
        )
    return found


async def _sources(event_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    named, values = in_list(ids)
    found: dict[UUID, dict[str, None]] = {it: {} for it in ids}
    for row in await rows(
        "SELECT registration_id, source FROM attendance WHERE event_id = :event"
        f" AND registration_id IN ({named}) AND undone_at IS NULL"
        " ORDER BY came_at, id",
        event=event_id,
        **values,
    ):
        found[_id(row["registration_id"])][row["source"]] = None
    return {who: tuple(sources) for who, sources in found.items()}


def _session_cell(holds_seat: bool | None) -> str:
    if holds_seat is None:
        return ""
    return gettext("chosen") if holds_seat else gettext("waiting")


def _answer_cell(question: FormQuestion, value: Value | None) -> Cell:
    if value is None:
        return ""
    # A number stays one, to be added up.
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number else in_words(question, value)  # type: ignore[return-value]


def _consent_cell(agreed: Agreed | None) -> str:
    if agreed is None:
        return ""
    return gettext("agreed") if agreed.withdrawn_at is None else gettext("withdrawn")


def _when(value: datetime | None, timezone: str) -> str:
    return f"{local(value, timezone):%Y-%m-%d %H:%M}" if value else ""


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _id(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _json(value: Any) -> Any:  # Any: JSON
    return json.loads(value) if isinstance(value, str | bytes) else value
