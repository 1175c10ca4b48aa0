"""The programme of an event at the desk: its items, who speaks, when."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import queries, rules
from werkraum_events.models import Event, Session
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_registration.event_forms import seats_left
from werkraum_registration.rules import SessionSeatsTaken
from werkraum_registration.seat_limits import limits_of
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.session_form import (
    SessionFields,
    read_session_form,
    typed_session,
    typed_start,
)
from werkraum_server.desk.session_questions import NotMeant, must_be_meant
from werkraum_server.desk.told_people import (
    PeopleWouldBeTold,
    edit_session_telling_people,
)
from werkraum_server.session_seats import (
    add_session,
    edit_session,
    people_in,
    remove_session,
)

Save = Callable[[SessionFields], Awaitable[object]]
SessionForm = Form[SessionFields]


class Removal(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sure: bool = False


async def show_programme(request: Request) -> Response:
    """Show the items, and a form for one more that begins where the last one ends."""
    event = await own_event(request)
    there = await queries.sessions_of(event.id)
    last = there[-1].ends_at if there else event.starts_at
    start = last if last < event.ends_at else event.starts_at
    form: SessionForm = Form(typed_start(start, event))
    return await _programme_page(request, event, there, form)


async def add(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)

    async def save(typed: SessionFields) -> None:
        rules.session_must_be_possible(typed.wish(), event)
        must_be_meant(event, typed, now=clock.now())
        await add_session(
            grant.organiser_id,
            event.id,
            typed.wish(),
            typed.seats,
            actor=grant.actor,
            now=clock.now(),
        )

    form, status = await _saved(await read_session_form(request, event), save)
    if form.faults:
        there = await queries.sessions_of(event.id)
        return await _programme_page(request, event, there, form, status=status)
    return see_other(request, "desk:programme", id=event.id)


async def show_item(request: Request) -> Response:
    event = await own_event(request)
    session = await queries.session_of(event.id, path_id(request, "session"))
    seats = (await limits_of(event.id)).sessions.get(session.id)
    form: SessionForm = Form(typed_session(session, event, seats))
    return _item_page(request, event, session, form)


async def edit(request: Request) -> Response:
    """Save the item; where people have chosen it, show first what they will read."""
    event, grant = await own_event(request), granted(request)
    session = await queries.session_of(event.id, path_id(request, "session"))

    people = await people_in(session.id)

    async def save(typed: SessionFields) -> None:
        rules.session_must_be_possible(typed.wish(), event)
        must_be_meant(event, typed, session, people=people, now=clock.now())
        await edit_session_telling_people(
            session.id,
            lambda: edit_session(
                grant.organiser_id,
                event.id,
                session.id,
                typed.wish(),
                typed.seats,
                actor=grant.actor,
                now=clock.now(),
            ),
            agreed=typed.tell,
        )

    form = await read_session_form(request, event)
    try:
        form, status = await _saved(form, save)
    except PeopleWouldBeTold as question:
        return _item_page(request, event, session, form, status=409, telling=question)
    if form.faults:
        return _item_page(request, event, session, form, status=status)
    return see_other(request, "desk:programme", id=event.id)


async def remove(request: Request) -> Response:
    """Take an item away; where people have chosen it, ask first."""
    event, grant = await own_event(request), granted(request)
    session_id = path_id(request, "session")
    form = await read_form(request, Removal)
    if form.value is None:
        raise InvalidInput(form.faults)
    people = await people_in(session_id)
    if people and not form.value.sure:
        return await _question_page(request, event, session_id, people)
    await remove_session(
        grant.organiser_id, event.id, session_id, actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:programme", id=event.id)


async def _question_page(
    request: Request, event: Event, session_id: UUID, people: int
) -> Response:
    return page(
        request,
        "desk/session_remove.html",
        status=409,
        event=event,
        organiser=footer_of(event.organiser),
        session=await queries.session_of(event.id, session_id),
        people=people,
    )


async def _saved(form: SessionForm, save: Save) -> tuple[SessionForm, int]:
    """Save what was typed; the form that comes back says what is wrong, if anything.

    The status is 409 where the organiser is asked whether it is meant.
    """
    if form.value is None:
        return form, 422
    try:
        await save(form.value)
    except InvalidInput as refusal:
        return Form(form.typed, refusal.faults), 422
    except NotMeant as question:
        fault = Fault("sure", question.code, question.message())
        return Form(form.typed, (fault,)), 409
    except SessionSeatsTaken as refusal:
        fault = Fault("seats", refusal.code, refusal.message())
        return Form(form.typed, (fault,)), 409
    return form, 303


async def _programme_page(
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
        session_seats=await seats_left(event.id),
        form=form,
        may_add=len(there) < rules.MOST_SESSIONS,
    )


def _item_page(
    request: Request,
    event: Event,
    session: Session,
    form: SessionForm,
    status: int = 200,
    telling: PeopleWouldBeTold | None = None,
) -> Response:
    return page(
        request,
        "desk/session.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        session=session,
        form=form,
        telling=telling,
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
