"""One deed for many registrations: chosen, looked at, confirmed, done by a job."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import Fault, InvalidInput, faults_of
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.local_times import local
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_numbers import whole_number
from werkraum_registration import bulk_deeds
from werkraum_registration.bulk_previews import Chosen, Consequences, foresee
from werkraum_registration.bulk_rules import MOST, Deed
from werkraum_registration.list_filters import Filters
from werkraum_registration.listing import LARGEST_PAGE
from werkraum_registration.tags import Tag
from werkraum_server.desk.exports import filters_of
from werkraum_server.desk.own_events import own_event

TAG: TypeAdapter[str] = TypeAdapter(Tag)

# What became of one of them, besides the deed itself and the refusals.
OUTCOMES = {
    bulk_deeds.NOTHING: noop("there was nothing to do"),
    "full": noop("no seat was free"),
    "registration_ended": noop("has ended already"),
    "not_confirmed_yet": noop("the address is not confirmed yet"),
    "event_over": noop("the event is over"),
    "event_cancelled": noop("the event is called off"),
    "not_found": noop("no longer there"),
}
OTHER = noop("was not possible")


class BulkWish(BaseModel):
    """What the button below the preview sends."""

    model_config = ConfigDict(extra="forbid")
    deed_id: UUID
    deed: Deed
    value: str = ""
    # "all" of the list, or those named.
    whom: str = "chosen"
    filters: str = ""
    id: Annotated[tuple[UUID, ...], Field(max_length=LARGEST_PAGE)] = ()
    # How many the preview spoke of.
    concerned: Annotated[int, whole_number(0, MOST)]


async def show_preview(request: Request) -> Response:
    """Say what would come of it; nothing is done yet."""
    event, asked = await own_event(request), request.query_params
    filters = Filters.read(asked)
    # "move:online" says both at once, in one field without a script.
    deed, _, mode = asked.get("deed", "").partition(":")
    if deed == "letter":
        if asked.get("whom") == "all":
            to = f"/desk/events/{event.id}/letters/new"
            return RedirectResponse(f"{to}?{filters.query()}", status_code=303)
        deed = Deed.TAG.value
    wish = BulkWish.model_construct(
        deed_id=uuid7(),
        deed=_deed(deed),
        value=_value_asked(event, _deed(deed), mode or asked.get("value", "")),
        whom="all" if asked.get("whom") == "all" else "chosen",
        filters=filters.query(),
        id=_ids(asked.getlist("id")),
    )
    return await _preview(request, event, wish, asked.get("deed") == "letter")


def _deed(asked: str) -> Deed:
    try:
        return Deed(asked)
    except ValueError:
        said = gettext("Please choose what to do.")
        raise InvalidInput([Fault("deed", "missing", said)]) from None


def _value_asked(event: Event, deed: Deed, typed: str) -> str:
    """Read the tag or the mode; a letter to chosen people needs a tag of its own."""
    if deed is Deed.TAG and not typed.strip():
        day = local(clock.now(), event.timezone)
        return gettext("Letter of %(day)s", day=f"{day:%Y-%m-%d}")
    return value_of(event, deed, typed)


def value_of(event: Event, deed: Deed, typed: str) -> str:
    """Check the tag or the mode a deed needs; raises `InvalidInput`."""
    if deed is Deed.MOVE:
        if typed not in [mode.value for mode in event.modes]:
            said = gettext("Please choose how they shall take part.")
            raise InvalidInput([Fault("value", "unknown_choice", said)])
        return Mode(typed).value
    if deed in (Deed.TAG, Deed.UNTAG):
        try:
            return TAG.validate_python(typed.strip())
        except ValidationError as error:
            raise InvalidInput(
                [Fault("value", it.code, it.message) for it in faults_of(error)]
            ) from None
    return ""


def _ids(asked: list[str]) -> tuple[UUID, ...]:
    found = []
    for typed in asked[:LARGEST_PAGE]:
        try:
            found.append(UUID(typed))
        except ValueError:
            continue
    return tuple(found)


async def _foreseen(event: Event, wish: BulkWish) -> Consequences:
    ids = frozenset(wish.id) if wish.whom != "all" else None
    chosen = Chosen(filters_of(wish.filters), ids)
    return await foresee(event, chosen, wish.deed, wish.value, now=clock.now())


async def _preview(
    request: Request,
    event: Event,
    wish: BulkWish,
    for_letter: bool = False,
    status: int = 200,
) -> Response:
    return page(
        request,
        "desk/bulk.html",
        status=status,
        event=event,
        wish=wish,
        found=await _foreseen(event, wish),
        for_letter=for_letter,
        changed=status != 200,
        organiser=footer_of(event.organiser),
    )


async def do(request: Request) -> Response:
    """Have it done, unless it would now be about others than the page has said."""
    event = await own_event(request)
    form = await read_form(request, BulkWish)
    if form.value is None:
        raise InvalidInput(form.faults)
    wish = form.value
    wish.value = value_of(event, wish.deed, wish.value)
    if not await bulk_deeds.is_ordered(wish.deed_id):
        found = await _foreseen(event, wish)
        if len(found.ids) != wish.concerned or not found.changing:
            return await _preview(request, event, wish, status=409)
        await bulk_deeds.order(
            event,
            wish.deed_id,
            wish.deed,
            wish.value,
            found.ids,
            actor=granted(request).actor,
            now=clock.now(),
        )
    return see_other(request, "desk:bulk_deed", id=wish.deed_id)


async def show_deed(request: Request) -> Response:
    """Say how far it is, and what came of it."""
    deed = await bulk_deeds.deed_of(granted(request).organiser_id, path_id(request))
    return page(
        request,
        "desk/bulk_deed.html",
        deed=deed,
        event=deed.event,
        total=len(deed.registrations),
        done=deed.outcomes.get(bulk_deeds.DONE, 0),
        others=[
            (gettext(OUTCOMES.get(code, OTHER)), count)
            for code, count in sorted(deed.outcomes.items())
            if code != bulk_deeds.DONE
        ],
        watching="watch" in request.query_params,
        letter=path_to_letter(deed.event, deed.value) if deed.deed == "tag" else "",
        organiser=footer_of(deed.event.organiser),
    )


def path_to_letter(event: Event, tag: str) -> str:
    return f"/desk/events/{event.id}/letters/new?{Filters(tag=tag).query()}"


BULK = "/desk/events/{id}/registrations/bulk"
routes = [
    route(BULK, show_preview, access=MANAGER, name="desk:bulk"),
    route(BULK, do, access=MANAGER, name="desk:do_bulk", methods=["POST"]),
    route("/desk/bulk/{id}", show_deed, access=MANAGER, name="desk:bulk_deed"),
]
