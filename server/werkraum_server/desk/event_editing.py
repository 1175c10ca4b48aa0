"""Making, changing and copying an event at the desk: one form for the three."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import queries, rules, topics
from werkraum_events.models import Event, Series, Topic
from werkraum_events.series import series_of_organiser
from werkraum_foundation import clock
from werkraum_foundation.access import Grant, granted, route
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.forms import Form
from werkraum_foundation.language import gettext, language, pick
from werkraum_foundation.local_times import clock_span, local, zones
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.refusals import ChangedMeanwhile
from werkraum_registration.rules import BelowTaken, ModeInUse
from werkraum_registration.seat_limits import limits_of
from werkraum_server.desk.differences import differences
from werkraum_server.desk.event_form import (
    EventFields,
    copied,
    empty_form,
    read_event_form,
    typed_of,
)
from werkraum_server.desk.lost_seats import (
    SeatsWouldBeLost,
    edit_taking_seats,
    must_close_nothing_in_use,
)
from werkraum_server.desk.own_events import own_event, own_footer
from werkraum_server.desk.text_fields import texts_of
from werkraum_server.desk.told_people import PeopleWouldBeTold, edit_telling_people
from werkraum_server.event_seats import copy_event, create_event, edit_event

Save = Callable[[EventFields], Awaitable[Event]]


async def show_new(request: Request) -> Response:
    return await form_page(request, empty_form())


async def create(request: Request) -> Response:
    grant = granted(request)

    async def save(value: EventFields) -> Event:
        return await _create(grant, value, await _free_slug(value))

    saved = await _saved(await read_event_form(request), save)
    if isinstance(saved, Form):
        return await form_page(request, saved, status=422)
    return done(request, saved, "created")


async def show_edit(request: Request) -> Response:
    event = await own_event(request)
    rules.must_not_be_off(event)
    return await form_page(request, Form(await typed_event(event)), event)


async def edit(request: Request) -> Response:
    """Save the event, or show what somebody else saved in the meantime beside it.

    Where people would lose their seats, they are named and nothing is saved yet.
    """
    event, grant = await own_event(request), granted(request)
    form = await read_event_form(request)
    try:
        saved = await _saved(form, lambda value: _edit(grant, event, value))
    except SeatsWouldBeLost as question:
        fault = Fault("take_back", question.code, question.message())
        again = Form[EventFields](form.typed, (fault,))
        return await form_page(request, again, event, status=409, losing=question)
    except PeopleWouldBeTold as question:
        # A question, and nothing wrong with what was typed.
        again = Form[EventFields](form.typed)
        return await form_page(request, again, event, status=409, telling=question)
    except ChangedMeanwhile as refusal:
        now_there = await typed_event(event)
        typed = {**form.typed, "version": now_there["version"]}
        again = Form[EventFields](typed, (Fault("", refusal.code, refusal.message()),))
        others = differences(now_there, form.typed)
        return await form_page(request, again, event, status=409, others=others)
    if isinstance(saved, Form):
        return await form_page(request, saved, event, status=422)
    return done(request, saved, "saved")


async def show_copy(request: Request) -> Response:
    """Offer a new event with everything of this one but its dates."""
    event = await own_event(request)
    typed = copied(await typed_event(event), gettext("Copy of %(title)s"))
    return await form_page(request, Form(typed), event, copying=True)


async def copy(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)

    async def save(value: EventFields) -> Event:
        return await _copy(grant, event, value, await _free_slug(value))

    saved = await _saved(await read_event_form(request), save)
    if isinstance(saved, Form):
        return await form_page(request, saved, event, status=422, copying=True)
    return done(request, saved, "created")


@unit_of_work
async def _create(grant: Grant, value: EventFields, slug: str) -> Event:
    await _name_topics(grant, value)
    return await create_event(
        grant.organiser_id,
        value.wish(slug=slug),
        value.seats,
        total=value.seats_total,
        actor=grant.actor,
        now=clock.now(),
    )


async def _edit(grant: Grant, event: Event, value: EventFields) -> Event:
    """Save; where seats are taken that are to go, ask before, or do as was agreed."""
    try:
        return await _edit_telling(grant, event, value, take_back=False)
    except ModeInUse:
        raise
    except BelowTaken:
        await must_close_nothing_in_use(event.id, value.seats)
        return await edit_taking_seats(
            event.id,
            lambda: _edit_telling(grant, event, value, take_back=True),
            agreed=value.take_back,
        )


async def _edit_telling(
    grant: Grant, event: Event, value: EventFields, *, take_back: bool
) -> Event:
    """Save; where people must be told of it, show first what they will read."""
    return await edit_telling_people(
        event.id,
        lambda: _edit_once(grant, event, value, take_back=take_back),
        agreed=value.tell,
    )


@unit_of_work
async def _edit_once(
    grant: Grant, event: Event, value: EventFields, *, take_back: bool
) -> Event:
    await _name_topics(grant, value)
    return await edit_event(
        grant.organiser_id,
        event.id,
        value.wish(slug=event.slug),
        value.seats,
        total=value.seats_total,
        take_back=take_back,
        version=value.version,
        actor=grant.actor,
        now=clock.now(),
    )


@unit_of_work
async def _copy(grant: Grant, model: Event, value: EventFields, slug: str) -> Event:
    await _name_topics(grant, value)
    lasting = clock_span(model.starts_at, model.ends_at, model.timezone)
    return await copy_event(
        grant.organiser_id,
        model.id,
        value.wish(slug=slug, lasting=lasting),
        value.seats,
        total=value.seats_total,
        actor=grant.actor,
        now=clock.now(),
    )


async def _name_topics(grant: Grant, value: EventFields) -> None:
    """Make the new topics under the names as they were typed."""
    for name in value.topic_names:
        await topics.add(grant.organiser_id, {language(): name})


async def _saved(form: Form[EventFields], save: Save) -> Event | Form[EventFields]:
    """Save what was typed, or give the form back with what is wrong."""
    if form.value is None:
        return form
    try:
        return await save(form.value)
    except InvalidInput as refusal:
        return Form(form.typed, refusal.faults)
    except ModeInUse as refusal:
        return Form(form.typed, (Fault("modes", refusal.code, refusal.message()),))


async def _free_slug(value: EventFields) -> str:
    day = local(value.starts_at, value.timezone).strftime("%Y-%m-%d")
    return await queries.free_slug(pick(texts_of(value, "title"))[0], day)


async def typed_event(event: Event) -> dict[str, str | tuple[str, ...]]:
    event = await queries.event_of(event.organiser_id, event.id)
    series = await Series.get(id=event.series_id) if event.series_id else None
    return typed_of(
        event, await queries.topics_of(event.id), await limits_of(event.id), series
    )


async def form_page(
    request: Request,
    form: Form[EventFields],
    event: Event | None = None,
    *,
    status: int = 200,
    copying: bool = False,
    others: dict[str, str] | None = None,
    losing: SeatsWouldBeLost | None = None,
    telling: PeopleWouldBeTold | None = None,
) -> Response:
    organiser_id = granted(request).organiser_id
    known: list[Topic] = await queries.topics_of_organiser(organiser_id)
    return page(
        request,
        "desk/event_form.html",
        status=status,
        form=form,
        event=event,
        copying=copying,
        others=others or {},
        losing=losing,
        telling=telling,
        topics=known,
        series=await series_of_organiser(organiser_id),
        organiser=await own_footer(request),
        zones=[(name, name) for name in zones()],
    )


def done(request: Request, event: Event, what: str) -> Response:
    response = see_other(request, "desk:event", id=event.id)
    response.headers["location"] += f"?done={what}"
    return response


routes = [
    route("/desk/events/new", show_new, access=MANAGER, name="desk:new_event"),
    route(
        "/desk/events/new",
        create,
        access=MANAGER,
        name="desk:create_event",
        methods=["POST"],
    ),
    route("/desk/events/{id}/edit", show_edit, access=MANAGER, name="desk:edit_event"),
    route(
        "/desk/events/{id}/edit",
        edit,
        access=MANAGER,
        name="desk:save_event",
        methods=["POST"],
    ),
    route("/desk/events/{id}/copy", show_copy, access=MANAGER, name="desk:copy_event"),
    route(
        "/desk/events/{id}/copy",
        copy,
        access=MANAGER,
        name="desk:save_copy",
        methods=["POST"],
    ),
]
