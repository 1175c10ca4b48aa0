"""The moderator's page: who speaks, what is said, one line after the other.

Everything works as forms, one statement each. A script goes on when the network is
away; it sends what it keeps to `capture_sync`.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events import queries as events
from werkraum_events.models import Event
from werkraum_feedback.capture import agenda, capture_queries, captured, readings
from werkraum_feedback.capture.capture_form import CaptureFields, RemoveFields, typed_of
from werkraum_feedback.capture.capture_rules import (
    SPOKEN,
    ChangedMeanwhile,
    PartlyMarked,
)
from werkraum_feedback.statement_models import StatementKind, StatementState, Theme
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.tokens import new_token

# With Alt. Left out: what opens menus or the address bar, and what other keyboards
# write with it ("@" on a Mac, "~").
THEME_KEYS = "qwrtuiopasghjkxvbm"

CaptureForm = Form[CaptureFields]


@dataclass(frozen=True)
class Chip:
    """A theme to tick, and the key that ticks it."""

    theme: Theme
    key: str


async def show_capture(request: Request) -> Response:
    """Show the form as it was left, or filled with what is to be changed."""
    event = await _own_event(request)
    return await _page(request, event, await _form_as_left(request, event))


async def _form_as_left(request: Request, event: Event) -> CaptureForm:
    asked = request.query_params
    if "change" in asked:
        there = await capture_queries.statement_by_key(event.id, asked["change"])
        [caught] = await capture_queries.told([there])
        return CaptureForm.showing(typed_of(caught, whole=True))
    last = await capture_queries.last_of(event.id, granted(request).actor)
    typed = typed_of(last, whole=False) if last else {"phase": SPOKEN[0].value}
    if "new" in asked:
        typed |= {"organisation": "", "org_kind": "", "org_size": ""}
    return CaptureForm.showing({"quoting": "no", **typed, "key": _new_key()})


def _new_key() -> str:
    return new_token()[:22]


async def capture(request: Request) -> Response:
    """Keep one statement, sent as a form without a script."""
    event, now = await _own_event(request), clock.now()
    form = await read_form(request, CaptureFields)
    if form.value is None:
        return await _page(request, event, form, status=422)
    wanted = form.value
    try:
        await captured.keep(
            event.organiser_id,
            event.id,
            wanted.key,
            wanted.words,
            at=now,
            marks=[wanted.mark] if wanted.mark else [],
            actor=granted(request).actor,
            now=now,
        )
    except (ChangedMeanwhile, PartlyMarked) as refused:
        # Nothing typed is lost; the next time it is sent, it is known what is there.
        form = await _form_again(event, form, refused.message())
        return await _page(request, event, form, status=409)
    return _back(event, f"done=kept&key={wanted.key}")


async def _form_again(event: Event, form: CaptureForm, said: str) -> CaptureForm:
    assert form.value is not None
    there = await capture_queries.statement_by_key(event.id, form.value.key)
    [caught] = await capture_queries.told([there])
    words = gettext(
        "%(said)s It says now: %(text)s", said=said, text=caught.said.text[:500]
    )
    typed = {**form.typed, "mark": caught.said.mark}
    return CaptureForm(typed, (Fault("text", "changed_meanwhile", words),))


async def remove(request: Request) -> Response:
    """Take a statement back, or have it again."""
    event, now = await _own_event(request), clock.now()
    form = await read_form(request, RemoveFields)
    if form.value is None:
        raise InvalidInput(form.faults)
    await captured.set_removed(
        event.organiser_id,
        event.id,
        form.value.key,
        removed=form.value.deed == "remove",
        actor=granted(request).actor,
        now=now,
    )
    return _back(event, f"done={form.value.deed}&key={form.value.key}")


async def _page(
    request: Request, event: Event, form: CaptureForm, status: int = 200
) -> Response:
    sessions, now = await events.sessions_of(event.id), clock.now()
    themes = await capture_queries.themes_of(event.organiser_id)
    notice, removed = await _notice(request, event)
    return page(
        request,
        "feedback/capture.html",
        status=status,
        event=event,
        form=form,
        changing=bool(form.text("mark")),
        phases=[it.value for it in SPOKEN],
        kinds=[it.value for it in StatementKind],
        sessions=sessions,
        chips=_chips(themes),
        names={it.id: pick(it.name)[0] for it in themes},
        organisations=await capture_queries.suggestions_of(
            event.organiser_id, event.id
        ),
        caught=await capture_queries.caught_of(event.id),
        heard=await readings.heard(event.id),
        shared=await readings.shared(event.id),
        clock=agenda.standing(sessions, now),
        now=now,
        past=event.is_past(now),
        organiser=footer_of(event.organiser),
        notice=notice,
        removed_key=removed,
    )


def _chips(themes: list[Theme]) -> list[Chip]:
    keys = THEME_KEYS + " " * len(themes)
    return [Chip(it, keys[at].strip()) for at, it in enumerate(themes)]


async def _notice(request: Request, event: Event) -> tuple[str | None, str]:
    """Say what was just done, and offer to have again what was removed."""
    done, key = request.query_params.get("done"), request.query_params.get("key", "")
    there = await capture_queries.by_key_or_none(event.id, key)
    is_removed = there is not None and there.state is StatementState.HIDDEN
    if done == "remove" and is_removed:
        return gettext("Removed."), key
    said = {
        "kept": gettext("Saved."),
        "restore": gettext("It is there again."),
    }.get(done or "")
    return (said if there else None), ""


def _back(event: Event, said: str) -> Response:
    there = path_to("desk:capture", id=event.id)
    return RedirectResponse(f"{there}?{said}", status_code=303)


async def _own_event(request: Request) -> Event:
    return await events.event_of(granted(request).organiser_id, path_id(request))


CAPTURE = "/desk/events/{id}/feedback/capture"

routes = [
    route(CAPTURE, show_capture, access=HOST, name="desk:capture"),
    route(
        CAPTURE,
        capture,
        access=HOST,
        name="desk:keep_captured",
        methods=["POST"],
    ),
    route(
        f"{CAPTURE}/remove",
        remove,
        access=HOST,
        name="desk:remove_captured",
        methods=["POST"],
    ),
]
