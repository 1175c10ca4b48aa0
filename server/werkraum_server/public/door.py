"""The door: behind a personal link, lets the right people in at the right time."""

from collections.abc import Collection
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_foundation.plain_text import PersonName
from werkraum_foundation.refusals import Refused
from werkraum_foundation.setting_rooms import OWN_LINK
from werkraum_registration.links import personal_token
from werkraum_registration.queries import by_personal_token
from werkraum_rooms import rooms
from werkraum_rooms.barring import must_not_be_barred
from werkraum_rooms.hosts_there import rooms_without_host, wants_to_be_noted
from werkraum_rooms.participants import Role
from werkraum_rooms.queries import PlacedRoom
from werkraum_rooms.rooms import Visitor
from werkraum_rooms.rules import Barred, JustEnded, Phase
from werkraum_rooms.servers.provider_errors import MeetingEnded, ProviderError
from werkraum_rooms.servers.providers import Capability
from werkraum_rooms.servers.room_servers import room_servers, server_of
from werkraum_server.public.door_rooms import Entrance
from werkraum_server.public.door_trouble import trouble_page
from werkraum_server.public.doorway import Doorway, Standing, doorway_of
from werkraum_server.public.personal_page import pulses_of
from werkraum_server.public.programme import must_be_offered
from werkraum_server.public.tables import own_tables
from werkraum_server.room_page import OWN_DEVICES, room_page


class Entry(BaseModel):
    """`name` is what the others see; without `room` it is the main room.

    `tab` is for a room in a tab of its own, `noted` for having it noted that they
    were there.
    """

    model_config = ConfigDict(extra="forbid")
    name: PersonName
    room: UUID | None = None
    tab: bool = False
    noted: bool = False


async def show_door(request: Request) -> Response:
    """Say where somebody stands; opening the link does nothing and tells no room."""
    return await _door_page(request, await _find(request))


async def enter(request: Request) -> Response:
    """Let somebody in: the page that is answered holds the room and its token."""
    door = await _find(request)
    if door.standing is not Standing.OPEN:
        return await _door_page(request, door, status=door.refusal_status)
    if not room_servers():
        return _elsewhere_page(request, door)
    form = await read_form(request, Entry)
    if form.value is None:
        if not door.ours:
            return _elsewhere_page(request, door)
        return await _door_page(request, door, form, status=422)
    entrance = door.entrance(form.value.room)
    if (when := entrance.phase(door.now)) is not Phase.OPEN:
        status = 410 if when is Phase.OVER else 409
        return await _door_page(request, door, form, shut=entrance, status=status)
    placed = entrance.placed or await rooms.main_room(door.event, now=door.now)
    try:
        await must_not_be_barred(placed.room.id, door.registration.id)
        return await _let_in(request, door, entrance, placed, form, form.value)
    except (Barred, JustEnded) as refusal:
        return await _door_page(request, door, form, refusal=refusal)


async def _let_in(
    request: Request,
    door: Doorway,
    entrance: Entrance,
    placed: PlacedRoom,
    form: Form[Entry],
    wish: Entry,
) -> Response:
    """Answer with the room, or with what can be done where there is no way in."""
    server = server_of(placed.room)
    assert server is not None, "there are room servers"
    if server.kind == OWN_LINK:
        return _elsewhere_page(request, door)
    visitor = Visitor(door.registration.id, wish.name, Role.ATTENDEE, wish.noted)
    try:
        way = await rooms.enter(server, placed, visitor, now=door.now)
        code = way.ill
    except MeetingEnded:
        raise JustEnded from None
    except ProviderError as trouble:
        way, code = None, trouble.code
    if way is None or code:
        typed = {name: form.text(name) for name in Entry.model_fields}
        return await trouble_page(
            request, door, placed, server, code, way, typed=typed, my=_my(door)
        )
    without_host = await rooms_without_host([placed.room])
    return room_page(
        request,
        way,
        event=door.event,
        called=placed.title,
        name=visitor.name,
        back=path_to("personal:door", token=personal_token(door.registration)),
        in_tab=wish.tab,
        notes=entrance.notes(without_host),
    )


async def _find(request: Request) -> Doorway:
    must_be_offered(request)
    registration = await by_personal_token(request.path_params["token"])
    return await doorway_of(registration, now=clock.now())


async def _door_page(
    request: Request,
    door: Doorway,
    form: Form[Entry] | None = None,
    *,
    shut: Entrance | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    follows = request.method != "POST" and "follow" in request.query_params
    headers = _come_again(request, door) if follows else {}
    if refusal:
        status, headers = refusal.status, {**refusal.headers()}
    if door.standing in (Standing.OPEN, Standing.EARLY):
        headers["Permissions-Policy"] = OWN_DEVICES
    return page(
        request,
        "door/door.html",
        status=status,
        headers=headers,
        follows=follows,
        door=door,
        event=door.event,
        form=form or await _fresh(door),
        shut=shut,
        refusal=refusal,
        without_host=await _without_host(door),
        tells=any(it.has(Capability.NEWS) for it in door.open_ones),
        ours=door.ours,
        my=_my(door),
        pulses=await pulses_of(door.registration, now=door.now),
        tables=await own_tables(door.registration, now=door.now),
        registration=door.registration,
        standing=door.registration.state.value,
        token=personal_token(door.registration),
        organiser=footer_of(door.event.organiser),
    )


async def _fresh(door: Doorway) -> Form[Entry]:
    """Fill in the name, and the box where somebody has ticked it before.

    Or whoever comes back after a fall of the network would take it back unawares.
    """
    typed = {"name": door.registration.name}
    if door.standing is Standing.OPEN and await wants_to_be_noted(door.registration.id):
        typed["noted"] = "on"
    return Form[Entry].showing(typed)


async def _without_host(door: Doorway) -> Collection[UUID]:
    if door.standing is not Standing.OPEN:
        return ()
    return await rooms_without_host(
        it.placed.room for it in door.open_ones if it.placed
    )


def _come_again(request: Request, door: Doorway) -> dict[str, str]:
    """Have the page load again in time, for whoever chose that (WCAG 2.2.1).

    A page that reloads unasked takes the place from under a screen reader.
    """
    if door.refresh is None:
        return {}
    return {"Refresh": f"{door.refresh}; url={request.scope['path']}?follow=1"}


def _elsewhere_page(request: Request, door: Doorway) -> Response:
    return page(
        request,
        "door/elsewhere.html",
        door=door,
        event=door.event,
        my=_my(door),
        organiser=footer_of(door.event.organiser),
    )


def _my(door: Doorway) -> str:
    return path_to("personal:page", token=personal_token(door.registration))


routes = [
    route("/{lang}/my/{token}/door", show_door, access=PERSONAL, name="personal:door"),
    route(
        "/{lang}/my/{token}/door",
        enter,
        access=PERSONAL,
        name="personal:enter",
        methods=["POST"],
    ),
]
