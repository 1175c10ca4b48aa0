"""The programme of an event at the desk: its items, who speaks, when."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import queries, rules, sessions
from werkraum_events.models import Event, Session
from werkraum_events.wishes import SessionWish
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.session_form import (
    SessionFields,
    read_session_form,
    typed_session,
    typed_start,
)

Save = Callable[[SessionWish], Awaitable[object]]
SessionForm = Form[SessionFields]


async def show_programme(request: Request) -> Response:
    """Show the items, and a form for one more that begins where the last one ends."""
    event = await own_event(request)
    there = await queries.sessions_of(event.id)
    last = there[-1].ends_at if there else event.starts_at
    start = last if last < event.ends_at else event.starts_at
    form: SessionForm = Form(typed_start(start, event))
    return _programme_page(request, event, there, form)


async def add(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)

    async def save(wish: SessionWish) -> None:
        await sessions.add(
            grant.organiser_id, event.id, wish, actor=grant.actor, now=clock.now()
        )

    form = await _saved(request, event, save)
    if form.faults:
        there = await queries.sessions_of(event.id)
        return _programme_page(request, event, there, form, status=422)
    return see_other(request, "desk:programme", id=event.id)


async def show_item(request: Request) -> Response:
    event = await own_event(request)
    session = await queries.session_of(event.id, path_id(request, "session"))
    return _item_page(request, event, session, Form(typed_session(session, event)))


async def edit(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    session = await queries.session_of(event.id, path_id(request, "session"))

    async def save(wish: SessionWish) -> None:
        await sessions.edit(
            grant.organiser_id,
            event.id,
            session.id,
            wish,
            actor=grant.actor,
            now=clock.now(),
        )

    form = await _saved(request, event, save)
    if form.faults:
        return _item_page(request, event, session, form, status=422)
    return see_other(request, "desk:programme", id=event.id)


async def remove(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    await sessions.remove(
        grant.organiser_id,
        event.id,
        path_id(request, "session"),
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:programme", id=event.id)


async def _saved(request: Request, event: Event, save: Save) -> SessionForm:
    """Save what was typed; the form that comes back says what is wrong, if anything."""
    form = await read_session_form(request, event)
    if form.value is None:
        return form
    try:
        await save(form.value.wish())
    except InvalidInput as refusal:
        return Form(form.typed, refusal.faults)
    return form


def _programme_page(
    request: Request,
    event: Event,
    there: list[Session],
    form: SessionForm,
    status: int = 200,
) -> Response:
    return page(
        request,
        "desk/sessions.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        sessions=there,
        form=form,
        may_add=len(there) < rules.MOST_SESSIONS,
    )


def _item_page(
    request: Request,
    event: Event,
    session: Session,
    form: SessionForm,
    status: int = 200,
) -> Response:
    return page(
        request,
        "desk/session.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        session=session,
        form=form,
    )


ITEM = "/desk/events/{id}/programme/{session}"
routes = [
    route(
        "/desk/events/{id}/programme",
        show_programme,
        access=READER,
        name="desk:programme",
    ),
    route(
        "/desk/events/{id}/programme",
        add,
        access=MANAGER,
        name="desk:add_session",
        methods=["POST"],
    ),
    route(ITEM, show_item, access=MANAGER, name="desk:session"),
    route(ITEM, edit, access=MANAGER, name="desk:save_session", methods=["POST"]),
    route(
        ITEM + "/remove",
        remove,
        access=MANAGER,
        name="desk:remove_session",
        methods=["POST"],
    ),
]
