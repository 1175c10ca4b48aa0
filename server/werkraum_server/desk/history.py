"""The history of a registration: what the audit holds, in words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from werkraum_foundation.database import moment, rows
from werkraum_foundation.language import gettext, noop, pick
from werkraum_registration import words
from werkraum_registration.answer_reading import Value, in_words
from werkraum_registration.consent_wishes import name_of
from werkraum_registration.models import FormQuestion, Presence
from werkraum_server.letters.sent_letters import NAMES, SENT

# More than ever happened to anybody.
MOST = 300

DEEDS = {
    "registration.register": noop("Registered"),
    "registration.confirm": noop("Address confirmed"),
    "registration.approve": noop("Approved"),
    "registration.approve_again": noop("To be looked at again after a change"),
    "registration.decide": noop("Decided, not told yet"),
    "registration.reject": noop("Not admitted"),
    "registration.cancel": noop("Cancelled"),
    "registration.expire": noop("Expired without being confirmed"),
    "registration.restore": noop("Cancellation taken back"),
    "registration.switch_mode": noop("Takes part in the other way"),
    "registration.wait_for": noop("Waits for a seat"),
    "registration.stop_waiting": noop("Waits no longer"),
    "registration.offer": noop("A seat was offered"),
    "registration.accept_offer": noop("Offered seat taken"),
    "registration.lapse": noop("The offer has lapsed"),
    "registration.take_back": noop("The seat was taken back: there are fewer now"),
    "registration.withdraw_offer": noop("The offer was taken back"),
    "registration.move_up": noop("Moved up"),
    "registration.promote_by_hand": noop("Seated by hand"),
    "registration.change": noop("Details changed"),
    "registration.edit": noop("Changed at the desk"),
    "registration.answers": noop("Answers changed"),
    "registration.tag": noop("Tags changed"),
    "registration.send_again": noop("The letter was to be sent again"),
    "registration.change_address": noop("Address changed"),
    "registration.correct_address": noop("Address corrected"),
    "registration.erase": noop("Name and address deleted"),
    "registration.table": noop("Sits at another table"),
    "consent.give": noop("Consent given"),
    "consent.withdraw": noop("Consent withdrawn"),
    "attendance.note": noop("Noted as present"),
    "attendance.undo": noop("No longer noted as present"),
    "need.answer": noop("Special need answered"),
    "calendar.coming": noop("Calendar: coming"),
    "calendar.maybe": noop("Calendar: maybe"),
    "calendar.declined": noop("Calendar: declined"),
    "calendar.delegated": noop("Calendar: somebody else is to come"),
    "calendar.proposed": noop("Calendar: another time is proposed"),
    "calendar.asked_again": noop("Calendar: the entry is wanted again"),
    "calendar.outdated": noop("Calendar: an answer to older times"),
    "letter.bounce": noop("A letter came back"),
    "letter.delay": noop("A letter is delayed"),
    SENT: noop("A letter was sent"),
}
OTHER = noop("Changed")

FIELDS = {
    "state": noop("State"),
    "mode": noop("How they take part"),
    "wanted": noop("Wish"),
    "waits": noop("Waits for"),
    "seats": noop("Seats"),
    "name": noop("Name"),
    "note": noop("Note"),
    "tags": noop("Tags"),
    "companions": noop("Together with"),
    "sessions": noop("Sessions"),
    "table": noop("Table"),
    "decision": noop("Decision"),
    "consents": noop("Consents"),
    "offered_until": noop("Offer until"),
    "lapses": noop("Lapsed offers"),
    "reason": noop("Reason"),
}
VALUES = {
    **{state.value: noop_words for state, noop_words in words.STATES.items()},
    **{mode.value: noop_words for mode, noop_words in words.MODES.items()},
    "onsite_else_online": noop("On site, else online"),
    "approve": noop("To be approved"),
    "reject": noop("To be rejected"),
    "given": noop("given"),
    "withdrawn": noop("withdrawn"),
    "…": noop("(not kept)"),
}


@dataclass(frozen=True)
class Change:
    """A field, and what stood there before and stands there after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """Something that happened to a registration, and who did it."""

    at: datetime
    deed: str
    actor: str
    changes: tuple[Change, ...]
    is_letter: bool


async def history_of(
    organiser_id: UUID, registration_id: UUID, questions: Sequence[FormQuestion]
) -> list[Entry]:
    """List what happened, the latest first; one query, and one for who did it."""
    found = await rows(
        "SELECT a.at, a.action, a.actor, a.changes FROM audit_entry a"
        " WHERE a.subject_id = :subject AND a.organiser_id = :organiser"
        " ORDER BY a.at DESC, a.id DESC LIMIT :most",
        subject=registration_id,
        organiser=organiser_id,
        most=MOST,
    )
    people = await _people({row["actor"] for row in found}, organiser_id)
    asked = {str(question.id): question for question in questions}
    return [_entry(row, people, asked) for row in found]


def _entry(
    row: Mapping[str, Any],  # Any: a column has the type it has
    people: Mapping[str, str],
    asked: Mapping[str, FormQuestion],
) -> Entry:
    changes = _json(row["changes"])
    return Entry(
        moment(row["at"]),
        _deed(row["action"], changes),
        _actor(row["actor"], people),
        tuple(_changes(changes, asked)),
        is_letter=row["action"] == SENT,
    )


def _deed(action: str, changes: Mapping[str, object]) -> str:
    """Say what was done; of a letter, which one it was."""
    match changes.get("letter"):
        case [None, str(name)] if action == SENT and name in NAMES:
            return gettext(NAMES[name])
    return gettext(DEEDS.get(action, OTHER))


async def _people(actors: set[str], organiser_id: UUID) -> dict[str, str]:
    """Find the names of those who did it and work for the organiser still."""
    if not any(actor.startswith("person:") for actor in actors):
        return {}
    found = await rows(
        "SELECT p.id, p.name FROM person p JOIN membership m ON m.person_id = p.id"
        " WHERE m.organiser_id = :organiser",
        organiser=organiser_id,
    )
    return {f"person:{row['id']}": row["name"] for row in found}


def _actor(actor: str, people: Mapping[str, str]) -> str:
    if actor == "attendee":
        return gettext("by the person")
    if actor.startswith("key:"):
        return gettext("by a program")
    if actor.startswith("person:"):
        name = people.get(actor)
        return gettext("by %(name)s", name=name) if name else gettext("at the desk")
    return gettext("by itself")


def _changes(
    changes: Mapping[str, object], asked: Mapping[str, FormQuestion]
) -> Iterator[Change]:
    for field, pair in changes.items():
        # Who was taken along by a list, for example, has no before.
        if not (isinstance(pair, list) and len(pair) == 2):
            continue
        if question := asked.get(field):
            label = pick(question.label)[0]
            yield Change(label, *(_answer(question, it) for it in pair))
        elif field == "consents":
            yield Change(gettext(FIELDS[field]), *map(_purposes, pair))
        elif field in FIELDS:
            yield Change(gettext(FIELDS[field]), *map(_said, pair))
        elif field in set(Presence):
            yield Change(words.presence_words(field), *map(_said, pair))


def _answer(question: FormQuestion, value: Value | None) -> str:
    return "–" if value is None else in_words(question, value)


def _purposes(value: object) -> str:
    return _said([name_of(str(it)) for it in value] if isinstance(value, list) else "")


def _said(value: object) -> str:
    match value:
        case None | "" | []:
            return "–"
        case bool():
            return gettext("yes") if value else gettext("no")
        case list():
            return ", ".join(map(_said, value))
        case str() if value in VALUES:
            return gettext(VALUES[value])
    return str(value)


def _json(value: object) -> dict[str, object]:
    read = json.loads(value) if isinstance(value, str | bytes) else value
    return read if isinstance(read, dict) else {}
