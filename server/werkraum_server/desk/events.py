"""An event at the desk: how it stands, publishing it, calling it off."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import events, queries, rules
from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.pages import page
from werkraum_registration import withdrawing
from werkraum_registration.needs import count_needs
from werkraum_registration.queries import seats_of
from werkraum_registration.seat_limits import limits_of
from werkraum_rooms.servers.room_servers import room_servers
from werkraum_server.desk.cancel_form import CancelFields, cancel_model
from werkraum_server.desk.event_editing import done, form_page, typed_event
from werkraum_server.desk.event_figures import figures_of
from werkraum_server.desk.event_form import EventFields
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.returned import lost_at

NOTICES = {
    "created": noop("The draft is saved. Nobody sees it before you publish it."),
    "saved": noop("Your changes are saved."),
    "told": noop(
        "Your changes are saved. If time or place are new, everybody with a seat "
        "or waiting for one is told by letter, and calendars follow."
    ),
    "published": noop("The event is published."),
    "withdrawn": noop(
        "The event is off the programme and a draft again. Calendars that have it "
        "take it out by themselves."
    ),
    "cancelled": noop("The event is called off. Everybody registered will be told."),
}


async def show_event(request: Request) -> Response:
    """Show how an event stands, and what can be done next."""
    event = await own_event(request)
    past = event.is_past(clock.now())
    said = NOTICES.get(_done(request, event, past))
    return page(
        request,
        "desk/event.html",
        event=event,
        organiser=footer_of(event.organiser),
        seats=await seats_of(event.id),
        needs=await count_needs(event.id),
        topics=await queries.topics_of(event.id),
        sessions=await queries.sessions_of(event.id),
        past=past,
        no_way_in=has_no_way_in(event),
        lost=await lost_at(event),
        total=(await limits_of(event.id)).total,
        in_all=(await figures_of([event.id]))[event.id],
        notice=gettext(said) if said else None,
    )


def has_no_way_in(event: Event) -> bool:
    """Whether people online would stand before a door that leads nowhere."""
    reachable = room_servers() or event.online_link or event.dial_in
    return event.online and not reachable


def _done(request: Request, event: Event, past: bool) -> str:
    """What has just been done; a change of what is to come reaches people."""
    done = request.query_params.get("done", "")
    reaches = event.status is Status.PUBLISHED and not past
    return "told" if done == "saved" and reaches else done


async def publish(request: Request) -> Response:
    """Publish with one press; what is missing is said in the form."""
    event, grant = await own_event(request), granted(request)
    try:
        await events.publish(
            grant.organiser_id, event.id, actor=grant.actor, now=clock.now()
        )
    except InvalidInput as refusal:
        again = Form[EventFields](await typed_event(event), refusal.faults)
        return await form_page(request, again, event, status=422)
    return done(request, event, "published")


async def withdraw(request: Request) -> Response:
    """Take the event off the programme, as long as nobody counts on it."""
    event, grant = await own_event(request), granted(request)
    await withdrawing.withdraw(
        grant.organiser_id, event.id, actor=grant.actor, now=clock.now()
    )
    return done(request, event, "withdrawn")


async def show_cancel(request: Request) -> Response:
    """Ask once more, and say how many people will be told."""
    event = await own_event(request)
    rules.must_be_cancellable(event, now=clock.now())
    return await _cancel_page(request, event, Form.showing())


async def cancel(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, cancel_model())
    if form.value is None:
        return await _cancel_page(request, event, form, status=422)
    await events.cancel(
        grant.organiser_id,
        event.id,
        form.value.reason,
        actor=grant.actor,
        now=clock.now(),
    )
    return done(request, event, "cancelled")


async def _cancel_page(
    request: Request, event: Event, form: Form[CancelFields], status: int = 200
) -> Response:
    seats = await seats_of(event.id)
    return page(
        request,
        "desk/event_cancel.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        form=form,
        may_withdraw=not await withdrawing.somebody_knows(event.id),
        people=sum(it.taken + it.waiting for it in seats),
    )


routes = [
    route("/desk/events/{id}", show_event, access=READER, name="desk:event"),
    route(
        "/desk/events/{id}/publish",
        publish,
        access=MANAGER,
        name="desk:publish_event",
        methods=["POST"],
    ),
    route(
        "/desk/events/{id}/withdraw",
        withdraw,
        access=MANAGER,
        name="desk:withdraw_event",
        methods=["POST"],
    ),
    route(
        "/desk/events/{id}/cancel",
        show_cancel,
        access=MANAGER,
        name="desk:ask_cancel_event",
    ),
    route(
        "/desk/events/{id}/cancel",
        cancel,
        access=MANAGER,
        name="desk:cancel_event",
        methods=["POST"],
    ),
]
