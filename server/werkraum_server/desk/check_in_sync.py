"""What the script of the check-in talks to: the list, and what devices noted.

A device sends each change with a key and a time of its own, again and again until
it is answered; so a change may come twice, late, or after its registration ended.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from werkraum_events import queries
from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.access import PUBLIC, granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.json_bodies import read_json
from werkraum_registration.attendance import Coming, note, undo
from werkraum_registration.attended import Expected, expected, here_of
from werkraum_registration.check_in_rules import is_unclear, undone_with
from werkraum_registration.models import Presence, Registration
from werkraum_server.desk.check_in import chosen_session, noted
from werkraum_server.desk.own_events import own_event
from werkraum_server.public.conditional import is_known
from werkraum_server.static_files import contents

MOST_CHANGES = 100


class Change(BaseModel):
    """Something a device noted: `at` by its clock, `key` made by it."""

    model_config = ConfigDict(extra="forbid")
    key: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{16,64}$")]
    registration: UUID
    deed: Literal["came", "undo"]
    at: AwareDatetime
    session: UUID | None = None
    source: Literal["desk", "list", "self"] = "desk"


class Changes(BaseModel):
    model_config = ConfigDict(extra="forbid")
    changes: Annotated[list[Change], Field(max_length=MOST_CHANGES)]


async def show_people(request: Request) -> Response:
    """List everybody of a list: names, no addresses."""
    event = await own_event(request)
    sessions = await queries.sessions_of(event.id)
    session = chosen_session(sessions, request.query_params.get("session", ""))
    people = [_person(it) for it in await expected(event.id, session)]
    # Not the time of the answer: it would make each list a new one.
    listed = json.dumps(people, ensure_ascii=False)
    tag = f'"{sha256(listed.encode()).hexdigest()[:16]}"'
    headers = {"ETag": tag}
    if is_known(request, tag, None):
        return Response(status_code=304, headers=headers)
    told = f'{{"now": "{clock.now().isoformat()}", "people": {listed}}}'
    return Response(told, media_type="application/json", headers=headers)


def _person(person: Expected) -> dict[str, object]:
    return {
        "id": str(person.id),
        "name": person.name,
        "organisation": person.organisation,
        # Written as their values: JSON knows these enums for texts.
        "mode": person.mode,
        "seats": person.seats,
        "state": person.state,
        "here": person.here,
    }


async def take_changes(request: Request) -> Response:
    """Note what a device sends, in its order, and say how each stands.

    `kept`; `conflict`: kept too, but the person has no seat; `unknown`: there is no
    such registration, or no such session, so nothing could be kept.
    """
    event, now = await own_event(request), clock.now()
    changes = (await read_json(request, Changes)).changes
    there = await _registrations(event, changes)
    sessions = {it.id for it in await queries.sessions_of(event.id)}
    known = [
        it
        for it in changes
        if it.registration in there and (not it.session or it.session in sessions)
    ]
    for change in known:
        await _carry_out(event, change, actor=granted(request).actor, now=now)
    answers = []
    for change in changes:
        answer: dict[str, object] = {"key": change.key, "state": "unknown"}
        if change in known:
            unclear = is_unclear(there[change.registration].state)
            answer["state"] = "conflict" if unclear else "kept"
        answers.append(answer)
    return JSONResponse(
        {
            "now": now.isoformat(),
            "answers": answers,
            "here": await _here(known),
        }
    )


async def _registrations(
    event: Event, changes: Sequence[Change]
) -> dict[UUID, Registration]:
    """Find the registrations of a batch that are at the event; one query."""
    found = Registration.filter(
        event_id=event.id, id__in={it.registration for it in changes}
    )
    return {it.id: it for it in await found}


async def _carry_out(
    event: Event, change: Change, *, actor: str, now: datetime
) -> None:
    source = Presence(change.source)
    if change.deed == "came":
        coming = Coming(noted(source), change.key, change.at, change.session)
        await note(event.id, change.registration, coming, actor=actor, now=now)
        return
    await undo(
        event.id,
        change.registration,
        at=change.at,
        sources=undone_with(source),
        session_id=change.session,
        actor=actor,
        now=now,
    )


async def _here(changes: Sequence[Change]) -> list[dict[str, object]]:
    """Say of everybody in a batch who says by now that they are here."""
    told: list[dict[str, object]] = []
    for session in {it.session for it in changes}:
        people = {it.registration for it in changes if it.session == session}
        here = await here_of(people, session)
        told += [
            {
                "registration": str(who),
                "session": str(session) if session else None,
                "here": [source.value for source in here.get(who, ())],
            }
            for who in people
        ]
    return told


async def show_worker(request: Request) -> Response:
    """Answer with the script that lets the page load without a network.

    It may only look after what lies beside its own address (Service Workers 3.2.2).
    """
    return Response(
        contents()["check_in_worker.js"],
        media_type="text/javascript",
        headers={"cache-control": "no-store"},
    )


routes = [
    # Before the pages of an event: it is no event's id.
    route(
        "/desk/events/check-in-worker.js",
        show_worker,
        access=PUBLIC,
        name="desk:check_in_worker",
    ),
    route(
        "/desk/events/{id}/check-in/people.json",
        show_people,
        access=HOST,
        name="desk:check_in_people",
    ),
    route(
        "/desk/events/{id}/check-in/changes",
        take_changes,
        access=HOST,
        name="desk:check_in_changes",
        methods=["POST"],
    ),
]
