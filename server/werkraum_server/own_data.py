"""Everything that is stored about one registration, for the person it is about."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from werkraum_calendar import replies
from werkraum_calendar.event_items import page_of
from werkraum_calendar.models import Invitation
from werkraum_feedback.follow_up_models import ContactWish, Pledge, Practice
from werkraum_feedback.statement_models import Statement
from werkraum_foundation.language import pick
from werkraum_foundation.models import AuditEntry
from werkraum_registration import answers, consents, needs
from werkraum_registration.chosen_sessions import chosen_by
from werkraum_registration.models import (
    AddressChange,
    Attendance,
    Bounce,
    GroupLetterCopy,
    Guest,
    PersonalFeed,
    Registration,
    RegistrationTag,
    Reminded,
)
from werkraum_registration.organisation_queries import names_of
from werkraum_registration.queries import wishes_of
from werkraum_rooms.models import Entrant, TablePlace
from werkraum_rooms.tables.table_queries import place_of

# Any: JSON.
Record = dict[str, Any]
Data = dict[str, list[Record]]


async def own_data(registration: Registration) -> Data:
    """Gather all rows of a person at one event, event with it; each part a list.

    What others wrote about them is in it; who they are is left out.
    """
    waiting = await wishes_of(registration.id)
    return {
        "event": [_event(registration)],
        "registration": [await _registration(registration)],
        "waiting": [
            {
                "mode": it.mode,
                "place": None if it.offered_until else it.place,
                "queued_at": it.queued_at,
                "offered_until": it.offered_until,
            }
            for it in waiting
            if it.mode
        ],
        "sessions": [
            {
                "title": pick(it.session.title)[0],
                "starts_at": it.session.starts_at,
                "seat": it.holds_seat,
                "place": it.place,
            }
            for it in await chosen_by(registration.id, waiting)
        ],
        "tables": await _tables(registration.id),
        "answers": [
            {"question": pick(it.question.label)[0], "answer": it.words}
            for it in await answers.answers_by(registration.id)
        ],
        "needs": [
            _columns(it, "text", "state", "answer", "created_at", "answered_at")
            for it in await needs.needs_by(registration.id)
        ],
        "consents": [
            _columns(
                it,
                "purpose",
                "text",
                "language",
                "channel",
                "given_at",
                "withdrawn_at",
            )
            for it in await consents.all_of(registration.id)
        ],
        "attendance": [
            _columns(it, "source", "came_at", "left_at", "undone_at")
            for it in await Attendance.filter(registration_id=registration.id)
        ],
        "rooms": [
            _columns(it, "entered_at", "entered_again_at", "noted")
            for it in await Entrant.filter(person_id=registration.id)
        ],
        "statements": [
            _columns(it, "text", "quoting", "spoken_at")
            for it in await Statement.filter(registration_id=registration.id)
        ],
        "tags": [
            _columns(it, "tag")
            for it in await RegistrationTag.filter(registration_id=registration.id)
        ],
        "invitations": [
            _columns(it, "name", "email", "state", "sent_at", "answered_at")
            for it in await Guest.filter(
                event_id=registration.event_id, email_key=registration.email_key
            )
        ],
        "calendar": [
            _columns(it, "created_at", "revoked_at")
            for it in await PersonalFeed.filter(
                email_key=registration.email_key,
                organiser_id=registration.event.organiser_id,
            )
        ],
        "addresses": [
            _columns(it, "email", "created_at", "confirmed_at")
            for it in await AddressChange.filter(registration_id=registration.id)
        ],
        "calendar_replies": [
            _columns(
                it,
                "kind",
                "comment",
                "proposed_start",
                "proposed_end",
                "outdated",
                "received_at",
            )
            for it in await replies.replies_of(registration.id)
        ],
        "returned": [
            _columns(it, "email", "status", "at")
            for it in await Bounce.filter(registration_id=registration.id)
        ],
        "pledges": [
            {
                **_columns(it, "form"),
                "theme": pick(it.theme.name)[0] if it.theme else "",
                **_columns(it, "hours", "words", "note", "follow_up_on", "created_at"),
                "pledge": it.state,
            }
            for it in await Pledge.filter(
                registration_id=registration.id
            ).select_related("theme")
        ],
        "contacts": [
            _columns(it, "seeks", "offers", "themes", "countries", "created_at")
            for it in await ContactWish.filter(registration_id=registration.id)
        ],
        "practices": [
            {
                "title": pick(it.title)[0],
                "text": pick(it.what)[0],
                "practice": it.state,
                **_columns(
                    it, "shows_contact", "asked_at", "answered_at", "published_at"
                ),
            }
            for it in await Practice.filter(registration_id=registration.id)
        ],
        "letters": await _letters(registration.id),
        "changes": await _changes(registration.id),
    }


def _event(registration: Registration) -> Record:
    event = registration.event
    return {
        "title": pick(event.title)[0],
        "organiser": event.organiser.name,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "timezone": event.timezone,
        "page": page_of(event),
    }


async def _tables(registration_id: UUID) -> list[Record]:
    place = await place_of(registration_id)
    return [] if place is None else [_table(place)]


def _table(place: TablePlace) -> Record:
    return {"title": pick(place.table.title)[0], **_columns(place, "seats", "at")}


async def _registration(registration: Registration) -> Record:
    return {
        **_columns(
            registration,
            "id",
            "name",
            "email",
            "language",
            "state",
            "mode",
            "wanted",
            "seats",
            "companions",
        ),
        "organisation": await organisation_of(registration),
        **_columns(
            registration,
            "source",
            "note",
            "created_at",
            "vouched_at",
            "approved_at",
            "confirmed_at",
            "ended_at",
        ),
    }


async def organisation_of(registration: Registration) -> str:
    """Name where somebody comes from; empty where nobody has said it."""
    named = registration.organisation_id
    return (await names_of([named])).get(named, "") if named else ""


async def _letters(registration_id: UUID) -> list[Record]:
    """List what was sent: group letters, reminders, the entry for the calendar.

    The other letters follow from the changes, one each.
    """
    copies = GroupLetterCopy.filter(registration_id=registration_id)
    sent = [
        {"letter": pick(it.letter.subject)[0], "sent_at": it.sent_at}
        for it in await copies.select_related("letter")
    ]
    reminded = [
        {"letter": "reminder", "minutes_before": it.minutes_before}
        for it in await Reminded.filter(registration_id=registration_id)
    ]
    entries = [
        {"letter": "calendar", **_columns(it, "sent_method", "sent_sequence")}
        for it in await Invitation.filter(registration_id=registration_id)
    ]
    return [*sent, *reminded, *entries]


async def _changes(registration_id: UUID) -> list[Record]:
    entries = AuditEntry.filter(subject_id=registration_id).order_by("id")
    return [
        {
            "at": it.at,
            "what": it.action,
            # Who of the organiser's team it was is theirs, not this person's.
            "by": it.actor.partition(":")[0],
            "changes": it.changes,
        }
        for it in await entries
    ]


def _columns(row: object, *names: str) -> Record:
    return {name: getattr(row, name) for name in names}


def plain(value: object) -> object:
    """Say a value as JSON has it; for `json.dumps(default=…)`."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Iterable):
        return list(value)
    return str(value)
