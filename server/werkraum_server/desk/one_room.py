"""One room of an event at the desk: who is in, where it is, how it is set up."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST, MANAGER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line
from werkraum_rooms import barring, hosting, rooms
from werkraum_rooms.hosting import (
    GRACE_MINUTES,
    LEAD_MINUTES,
    MOST_PEOPLE,
    RoomOptions,
)
from werkraum_rooms.models import Room
from werkraum_rooms.participants import Role
from werkraum_rooms.probing import probe_words, probing
from werkraum_rooms.queries import PlacedRoom, room_at
from werkraum_rooms.rooms import Visitor
from werkraum_rooms.rules import Phase, phase
from werkraum_rooms.servers.provider_errors import ProviderError
from werkraum_rooms.servers.providers import Finding
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.rooms_shown import people_barred_from, people_in, shown_room
from werkraum_server.room_page import room_page


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid")
    lead_minutes: Annotated[int, whole_number(*LEAD_MINUTES)]
    grace_minutes: Annotated[int, whole_number(*GRACE_MINUTES)]
    lobby: bool = False
    recorded: bool = False
    may_chat: bool = False
    may_share: bool = False
    may_poll: bool = False
    most_people: Annotated[int, whole_number(*MOST_PEOPLE)] | None = None


class ChosenServer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    server: Annotated[str, line(max_length=40)]


class Ending(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sure: bool = False


class Leaving(BaseModel):
    model_config = ConfigDict(extra="forbid")
    stay: UUID


class Return(BaseModel):
    model_config = ConfigDict(extra="forbid")
    person: UUID


OptionsForm = Form[Options]


async def show(request: Request) -> Response:
    event = await own_event(request)
    return await _page(request, await room_at(event, path_id(request, "room")))


async def enter(request: Request) -> Response:
    """Let a host into this room as moderator."""
    event = await own_event(request)
    placed = await room_at(event, path_id(request, "room"))
    return await enter_room(request, placed)


async def enter_room(request: Request, placed: PlacedRoom) -> Response:
    """Answer with the room in a frame, or with its page and why it is not open."""
    now, event = clock.now(), placed.event
    room = await shown_room(placed, now=now)
    stands = event.status is Status.PUBLISHED and event.online
    if not stands or room.server is None or not room.lets_hosts_in:
        return await _page(request, placed, status=409)
    person = granted(request).person
    assert person is not None, "a sign-in at the desk is always a person's"
    visitor = Visitor(person.id, person.name, Role.HOST)
    try:
        way = await rooms.enter(room.server, placed, visitor, now=now)
    except ProviderError as trouble:
        return await _page(request, placed, trouble=trouble, status=503)
    back = path_to("desk:one_room", id=event.id, room=placed.room.id)
    return room_page(
        request,
        way,
        event=event,
        called=placed.title,
        name=person.name,
        back=back,
    )


async def set_up(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    placed = await room_at(event, path_id(request, "room"))
    form = await read_form(request, Options)
    if form.value is None:
        return await _page(request, placed, form=form, status=422)
    wish = RoomOptions(**form.value.model_dump())
    await hosting.set_up(
        event, placed.room.id, wish, actor=grant.actor, now=clock.now()
    )
    return _done(event, placed.room.id, "saved")


async def choose_server(request: Request) -> Response:
    """Move the room to another server, behind the same links."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, ChosenServer)
    if form.value is None:
        raise InvalidInput(form.faults)
    room_id = path_id(request, "room")
    await hosting.choose_server(
        event, room_id, form.value.server, actor=grant.actor, now=clock.now()
    )
    return _done(event, room_id, "moved")


async def look(request: Request) -> Response:
    """Look now whether people would get in."""
    event = await own_event(request)
    placed = await room_at(event, path_id(request, "room"))
    await probing.look_now(placed.room.id, now=clock.now())
    return _done(event, placed.room.id, "looked")


async def end(request: Request) -> Response:
    """Close the room for all, once that is meant."""
    event, grant = await own_event(request), granted(request)
    placed = await room_at(event, path_id(request, "room"))
    form = await read_form(request, Ending)
    if form.value is None:
        raise InvalidInput(form.faults)
    if not form.value.sure:
        return await _page(request, placed, asked="end", status=409)
    now = clock.now()
    await hosting.end_now(event, placed.room.id, actor=grant.actor, now=now)
    ahead = phase(placed.opening(Role.ATTENDEE), now=now) is Phase.EARLY
    return _done(event, placed.room.id, "rehearsed" if ahead else "ended")


async def open_again(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    room_id = path_id(request, "room")
    await hosting.open_again(event, room_id, actor=grant.actor, now=clock.now())
    return _done(event, room_id, "open")


async def put_out(request: Request) -> Response:
    """Have one device leave the room, and whoever it is not come in again."""
    event, grant = await own_event(request), granted(request)
    placed = await room_at(event, path_id(request, "room"))
    form = await read_form(request, Leaving)
    if form.value is None:
        raise InvalidInput(form.faults)
    try:
        outcome = await barring.put_out(
            event, placed.room.id, form.value.stay, actor=grant.actor, now=clock.now()
        )
    except ProviderError as trouble:
        return await _page(request, placed, trouble=trouble, status=503)
    return _done(event, placed.room.id, outcome.value)


async def let_in_again(request: Request) -> Response:
    """Let somebody in again who was put out."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, Return)
    if form.value is None:
        raise InvalidInput(form.faults)
    room_id = path_id(request, "room")
    await barring.let_in_again(
        event, room_id, form.value.person, actor=grant.actor, now=clock.now()
    )
    return _done(event, room_id, "let_in")


async def give_up(request: Request) -> Response:
    """Take the own room of a part of the programme away."""
    event, grant = await own_event(request), granted(request)
    room_id = path_id(request, "room")
    await hosting.give_up(event, room_id, actor=grant.actor, now=clock.now())
    return see_other(request, "desk:room", id=event.id)


def _done(event: Event, room_id: UUID, what: str) -> Response:
    where = path_to("desk:one_room", id=event.id, room=room_id)
    response = Response(status_code=303)
    response.headers["location"] = f"{where}?done={what}"
    return response


async def _page(
    request: Request,
    placed: PlacedRoom,
    *,
    form: OptionsForm | None = None,
    trouble: ProviderError | None = None,
    asked: str = "",
    status: int = 200,
) -> Response:
    event, room = placed.event, await shown_room(placed, now=clock.now())
    findings = probing.findings_of(room.probe) if room.probe else []
    return page(
        request,
        "desk/one_room.html",
        status=status,
        event=event,
        past=event.is_past(room.now),
        room=room,
        people=await people_in(placed),
        barred=await people_barred_from(placed),
        looked=[probe_words.words_of(it, event.timezone) for it in findings],
        trouble=_in_words(trouble, event) if trouble else "",
        asked=asked,
        stands=event.status is Status.PUBLISHED and event.online,
        used=placed.session is not None and await hosting.was_used(placed.room.id),
        form=form or OptionsForm.showing(_typed(placed.room)),
        bounds={"lead": LEAD_MINUTES, "grace": GRACE_MINUTES, "most": MOST_PEOPLE},
        notice=_said(request) if status == 200 else None,
        organiser=footer_of(event.organiser),
    )


def _in_words(trouble: ProviderError, event: Event) -> str:
    return probe_words.words_of(
        Finding("health", False, trouble.code), event.timezone
    ).stands


def _typed(room: Room) -> Typed:
    return {
        "lead_minutes": str(room.lead_minutes),
        "grace_minutes": str(room.grace_minutes),
        "lobby": "on" if room.lobby else "",
        "recorded": "on" if room.recorded else "",
        "may_chat": "on" if room.may_chat else "",
        "may_share": "on" if room.may_share else "",
        "may_poll": "on" if room.may_poll else "",
        "most_people": "" if room.most_people is None else str(room.most_people),
    }


def _said(request: Request) -> str | None:
    match request.query_params.get("done"):
        case "saved":
            return gettext("Your changes are saved.")
        case "moved":
            return gettext("The room has moved. The links to it stay the same.")
        case "looked":
            return gettext("We have looked just now.")
        case "ended":
            return gettext("The room is closed for everybody.")
        case "rehearsed":
            return gettext("Whoever was in the room is asked to leave it.")
        case "open":
            return gettext("The room is open again.")
        case "out":
            return gettext("The person is out of the room.")
        case "had_left":
            return gettext("The person had left already.")
        case "in_breakout":
            return gettext(
                "The person is in a breakout room, and is put out on coming back from "
                "there. The entrance does not let them in again."
            )
        case "barred":
            return gettext("The entrance does not let that person in again.")
        case "let_in":
            return gettext("The person may come in again.")
    return None


ROOM = "/desk/events/{id}/rooms/{room}"
DEEDS = {
    "options": (set_up, HOST, "desk:set_up_room"),
    "server": (choose_server, HOST, "desk:move_room"),
    "look": (look, HOST, "desk:look_at_room"),
    "end": (end, HOST, "desk:end_room"),
    "reopen": (open_again, HOST, "desk:reopen_room"),
    "leave": (put_out, HOST, "desk:put_out"),
    "return": (let_in_again, HOST, "desk:let_in_again"),
    "remove": (give_up, MANAGER, "desk:give_room_up"),
}
routes = [
    route(ROOM, show, access=HOST, name="desk:one_room"),
    route(ROOM, enter, access=HOST, name="desk:enter_one_room", methods=["POST"]),
    *(
        route(f"{ROOM}/{step}", deed, access=access, name=name, methods=["POST"])
        for step, (deed, access, name) in DEEDS.items()
    ),
]
