"""A talk of two who have agreed: when it is, and the room for it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.follow_up import contacts, talks
from werkraum_feedback.follow_up.own_page import whose
from werkraum_feedback.follow_up_models import Contact
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.faults import Fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, language
from werkraum_foundation.links import path_to
from werkraum_foundation.local_times import local, parse_local
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line
from werkraum_foundation.refusals import NotFound
from werkraum_registration.models import Registration
from werkraum_rooms import rooms, rules
from werkraum_rooms.participants import Role
from werkraum_rooms.queries import PlacedRoom
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rooms import Visitor
from werkraum_rooms.servers.provider_errors import ProviderError
from werkraum_rooms.servers.room_servers import room_servers, server_of
from werkraum_server.room_page import room_page

LATEST_DAYS = 365


class TalkFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    at: Annotated[str, line(max_length=16)]
    minutes: Annotated[int, whole_number(10, 120)] = 30


TalkForm = Form[TalkFields]


async def show_talk(request: Request) -> Response:
    """Show when they talk; opening the link leads nobody into a room."""
    mine, contact, other = await _own(request)
    typed = {"minutes": str(contact.talk_minutes)}
    if contact.talk_at:
        typed["at"] = f"{local(contact.talk_at, contact.event.timezone):%Y-%m-%dT%H:%M}"
    return _page(request, mine, contact, other, TalkForm.showing(typed))


async def propose(request: Request) -> Response:
    """Set the time of the talk; both get a letter with an entry for the calendar."""
    mine, contact, other = await _own(request)
    form, now = await read_form(request, TalkFields), clock.now()
    at = _moment(form, contact.event.timezone, now=now)
    if form.value is None or isinstance(at, Fault):
        faults = (*form.faults, at) if isinstance(at, Fault) else form.faults
        again = TalkForm(form.typed, faults)
        return _page(request, mine, contact, other, again, status=422)
    await talks.agree_on_talk(
        mine.id,
        contact.id,
        at,
        minutes=form.value.minutes,
        room=new_slug(),
        now=now,
    )
    token = request.path_params["token"]
    return see_other(request, "personal:talk", token=token, contact=contact.id)


async def ask_call_off(request: Request) -> Response:
    """Say what follows, and ask once more."""
    _, contact, other = await _own(request)
    ends_at = talks.talk_ends_at(contact)
    if ends_at is None or ends_at <= clock.now():
        raise NotFound
    return page(
        request,
        "personal/talk_call_off.html",
        event=contact.event,
        contact=contact,
        other=other,
        token=request.path_params["token"],
        organiser=footer_of(contact.event.organiser),
    )


async def call_off(request: Request) -> Response:
    """Call the talk off; both are told."""
    mine = await whose(request)
    await talks.call_off(mine.id, path_id(request, "contact"), now=clock.now())
    return see_other(
        request,
        "personal:talk",
        token=request.path_params["token"],
        contact=path_id(request, "contact"),
    )


async def enter(request: Request) -> Response:
    """Let one of the two into their room, as the door of an event does."""
    mine, contact, _ = await _own(request)
    now, ends_at = clock.now(), talks.talk_ends_at(contact)
    if contact.talk_at is None or ends_at is None or not contact.talk_room:
        raise NotFound
    # Here and not when they agreed: the room server asks for it from now on.
    room = await rooms.provide_for_talk(
        contact.id,
        contact.event_id,
        slug=contact.talk_room,
        starts_at=contact.talk_at,
        ends_at=ends_at,
        now=now,
    )
    server = server_of(room)
    if server is None:
        raise NotFound
    # Nobody else is there to open the room: both may do what a host may.
    visitor = Visitor(mine.id, mine.name, Role.HOST)
    title = {language(): gettext("A talk of two")}
    placed = PlacedRoom(room, contact.event, called=title)
    try:
        way = await rooms.enter(server, placed, visitor, now=now)
    except ProviderError:
        raise rules.RoomServerAway from None
    back = path_to(
        "personal:talk", token=request.path_params["token"], contact=contact.id
    )
    return room_page(
        request, way, event=contact.event, called=title, name=mine.name, back=back
    )


async def _own(request: Request) -> tuple[Registration, Contact, Registration]:
    mine = await whose(request)
    return mine, *await contacts.contact_for(mine.id, path_id(request, "contact"))


def _moment(form: TalkForm, zone: str, *, now: datetime) -> datetime | Fault:
    """Read when, on the clock of the event's place; or what is wrong with it."""
    if form.value is None:
        return now
    try:
        at = parse_local(form.value.at, zone)
    except PydanticCustomError as error:
        return Fault("at", error.type, gettext(error.message_template))
    if not 0 < (at - now).total_seconds() < LATEST_DAYS * 86_400:
        said = gettext("Please choose a time that is to come, within a year.")
        return Fault("at", "out_of_range", said)
    return at


def _opening(contact: Contact) -> rules.Opening | None:
    ends_at = talks.talk_ends_at(contact)
    if contact.talk_at is None or ends_at is None or not contact.talk_room:
        return None
    return rules.opening(contact.talk_at, ends_at)


def _page(
    request: Request,
    mine: Registration,
    contact: Contact,
    other: Registration,
    form: TalkForm,
    status: int = 200,
) -> Response:
    opening = _opening(contact)
    event = contact.event
    return page(
        request,
        "personal/talk.html",
        status=status,
        form=form,
        event=event,
        contact=contact,
        other=other,
        ends_at=talks.talk_ends_at(contact),
        phase=rules.phase(opening, now=clock.now()).value if opening else "",
        ours=bool(room_servers()),
        token=request.path_params["token"],
        organiser=footer_of(event.organiser),
    )


TALK = "/{lang}/my/{token}/contacts/{contact}/talk"

routes = [
    route(TALK, show_talk, access=PERSONAL, name="personal:talk"),
    route(TALK, propose, access=PERSONAL, name="personal:propose", methods=["POST"]),
    route(
        TALK + "/call-off",
        ask_call_off,
        access=PERSONAL,
        name="personal:ask_call_off_talk",
    ),
    route(
        TALK + "/call-off",
        call_off,
        access=PERSONAL,
        name="personal:call_off_talk",
        methods=["POST"],
    ),
    route(
        TALK + "/room",
        enter,
        access=PERSONAL,
        name="personal:enter_talk",
        methods=["POST"],
    ),
]
