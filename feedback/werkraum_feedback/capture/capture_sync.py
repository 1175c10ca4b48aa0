"""What the script of the moderator's page talks to: what is there, what devices caught.

A device sends each statement with a key and a time of its own until it is answered.
"""

import json
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from werkraum_events import queries as events
from werkraum_events.models import Event
from werkraum_feedback.capture import capture_queries, captured, readings
from werkraum_feedback.capture.agenda_pages import session_as_json
from werkraum_feedback.capture.capture_form import LARGEST, Change, Changes, read_words
from werkraum_feedback.capture.capture_queries import Caught
from werkraum_feedback.capture.capture_rules import (
    ChangedMeanwhile,
    PartlyMarked,
    TooLateToChange,
)
from werkraum_feedback.capture.captured import Words
from werkraum_feedback.capture.readings import Heard, Shared
from werkraum_feedback.statement_models import Theme
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.faults import Fault
from werkraum_foundation.json_bodies import read_json
from werkraum_foundation.language import pick
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import Refused

# How a change stands where it could not be kept, for the words of the page.
NOT_KEPT: dict[type[Refused], str] = {
    ChangedMeanwhile: "conflict",
    TooLateToChange: "late",
    PartlyMarked: "marked",
}


async def show_state(request: Request) -> Response:
    """Tell everything the page shows; nine queries."""
    event = await _own_event(request)
    state = json.dumps(await state_of(event), ensure_ascii=False, sort_keys=True)
    # Not the time of the answer: it would make each state a new one.
    tag = f'"{sha256(state.encode()).hexdigest()[:16]}"'
    now = clock.now().isoformat()
    headers = {"ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    told = f'{{"now": "{now}", "state": {state}}}'
    return Response(told, media_type="application/json", headers=headers)


async def state_of(event: Event) -> dict[str, object]:
    sessions = await events.sessions_of(event.id)
    themes = await capture_queries.themes_of(event.organiser_id)
    suggested = await capture_queries.suggestions_of(event.organiser_id, event.id)
    return {
        "statements": [as_json(it) for it in await capture_queries.caught_of(event.id)],
        "sessions": [session_as_json(it, event.timezone) for it in sessions],
        "themes": [_theme(it) for it in themes],
        "organisations": [[it.name, it.kind, it.size] for it in suggested],
        "heard": [_heard(it) for it in await readings.heard(event.id)],
        "shared": [_shared(it) for it in await readings.shared(event.id)],
    }


def as_json(caught: Caught) -> dict[str, object]:
    statement, said = caught.statement, caught.said
    at = statement.created_at
    return {
        "key": caught.key,
        "at": at.isoformat() if at else "",
        "said": {
            "phase": said.phase.value,
            "session": _text(said.session_id),
            "organisation": caught.organisation,
            "org_kind": said.org_kind.value if said.org_kind else None,
            "org_size": said.org_size.value if said.org_size else None,
            "kind": said.kind.value if said.kind else None,
            "text": said.text,
            "themes": sorted(map(str, said.themes)),
            "quoting": said.quoting.value,
            "removed": said.removed,
        },
    }


def _text(identifier: UUID | None) -> str | None:
    return str(identifier) if identifier else None


def _theme(theme: Theme) -> dict[str, str]:
    return {"id": str(theme.id), "name": pick(theme.name)[0]}


def _heard(heard: Heard) -> dict[str, object]:
    return {
        "kind": heard.kind.value if heard.kind else "",
        "size": heard.size.value if heard.size else "",
        "spoken": heard.spoken,
        "there": heard.there,
    }


def _shared(shared: Shared) -> dict[str, object]:
    return {
        "id": str(shared.theme.id),
        "name": pick(shared.theme.name)[0],
        "statements": shared.statements,
        "kinds": shared.kinds,
    }


async def take_changes(request: Request) -> Response:
    """Keep what a device sends, in its order, and say how each stands.

    `kept`; `gone`: removed before it ever came; `refused` with a reason; `conflict`,
    `late`, `marked`: somebody else was there first. What is there now stands beside.
    """
    event, now = await _own_event(request), clock.now()
    changes = (await read_json(request, Changes, limit=LARGEST)).changes
    actor = granted(request).actor
    answers = [await _take(event, it, actor=actor, now=now) for it in changes]
    return JSONResponse({"now": now.isoformat(), "answers": answers})


async def _take(
    event: Event, change: Change, *, actor: str, now: datetime
) -> dict[str, object]:
    words = read_words(change.said)
    if isinstance(words, Fault):
        return {"key": change.key, "state": "refused", "why": words.message}
    known = [read_words(it) for it in change.known]
    try:
        kept = await captured.keep(
            event.organiser_id,
            event.id,
            change.key,
            words,
            at=change.at,
            known=[it for it in known if isinstance(it, Words)],
            actor=actor,
            now=now,
        )
    except tuple(NOT_KEPT) as refused:
        state = NOT_KEPT[type(refused)]
        there = await capture_queries.statement_by_key(event.id, change.key)
        [now_there] = await capture_queries.told([there])
        answer = as_json(now_there)
        return {**answer, "state": state, "why": refused.message()}
    if kept is None:
        return {"key": change.key, "state": "gone"}
    [told] = await capture_queries.told([kept])
    return {**as_json(told), "state": "kept"}


async def _own_event(request: Request) -> Event:
    return await events.event_of(granted(request).organiser_id, path_id(request))


CAPTURE = "/desk/events/{id}/feedback/capture"

routes = [
    route(f"{CAPTURE}/state.json", show_state, access=HOST, name="desk:capture_state"),
    route(
        f"{CAPTURE}/changes",
        take_changes,
        access=HOST,
        name="desk:capture_changes",
        methods=["POST"],
    ),
]
