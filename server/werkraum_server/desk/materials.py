"""The materials of an event at the desk: links, who sees them, what is new."""

from collections.abc import Awaitable, Callable
from functools import cache

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events import materials
from werkraum_events.materials import Link, MaterialWish, News
from werkraum_events.models import Event, Material
from werkraum_events.wishes import Title
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.settings import settings
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts


class MaterialFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    link: Link
    public: bool = False

    def wish(self) -> MaterialWish:
        return MaterialWish(
            texts_of(self, "title"), self.link, texts_of(self, "news"), self.public
        )


@cache
def _model() -> type[MaterialFields]:
    return with_texts(MaterialFields, {"title": Title, "news": News})


MaterialForm = Form[MaterialFields]
Save = Callable[[MaterialWish], Awaitable[object]]


async def _read(request: Request) -> MaterialForm:
    form: MaterialForm = await read_form(request, _model())
    titles = [form.text(f"title_{code}") for code in settings().languages]
    if any(title.strip() for title in titles):
        return form
    return Form(form.typed, (fault("title", "missing"), *form.faults))


async def show_materials(request: Request) -> Response:
    form: MaterialForm = Form({"public": "on"})
    return await _list_page(request, await own_event(request), form)


async def add(request: Request) -> Response:
    event, grant, form = (
        await own_event(request),
        granted(request),
        await _read(request),
    )
    if form.value is None:
        return await _list_page(request, event, form, status=422)
    await materials.add(
        grant.organiser_id,
        event.id,
        form.value.wish(),
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:materials", id=event.id)


async def show_material(request: Request) -> Response:
    event = await own_event(request)
    there = await materials.material_of(event.id, path_id(request, "material"))
    return _material_page(request, event, there, Form(_typed(there)))


async def edit(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    there = await materials.material_of(event.id, path_id(request, "material"))
    form = await _read(request)
    if form.value is None:
        return _material_page(request, event, there, form, status=422)
    await materials.edit(
        grant.organiser_id,
        event.id,
        there.id,
        form.value.wish(),
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:materials", id=event.id)


async def move_up(request: Request) -> Response:
    return await _done_with(request, materials.move_up)


async def remove(request: Request) -> Response:
    return await _done_with(request, materials.remove)


async def _done_with(
    request: Request, deed: Callable[..., Awaitable[None]]
) -> Response:
    event, grant = await own_event(request), granted(request)
    await deed(
        grant.organiser_id,
        event.id,
        path_id(request, "material"),
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:materials", id=event.id)


def _typed(there: Material) -> Typed:
    return {
        **typed_texts("title", there.title),
        **typed_texts("news", there.news),
        "link": there.link,
        "public": "on" if there.public else "",
    }


async def _list_page(
    request: Request, event: Event, form: MaterialForm, status: int = 200
) -> Response:
    there = await materials.materials_of(event.id)
    return page(
        request,
        "desk/materials.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        materials=there,
        form=form,
        may_add=len(there) < materials.MOST,
    )


def _material_page(
    request: Request,
    event: Event,
    there: Material,
    form: MaterialForm,
    status: int = 200,
) -> Response:
    return page(
        request,
        "desk/material.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        material=there,
        form=form,
    )


ALL = "/desk/events/{id}/materials"
ONE = ALL + "/{material}"

routes = [
    route(ALL, show_materials, access=READER, name="desk:materials"),
    route(ALL, add, access=MANAGER, name="desk:add_material", methods=["POST"]),
    route(ONE, show_material, access=MANAGER, name="desk:material"),
    route(ONE, edit, access=MANAGER, name="desk:save_material", methods=["POST"]),
    route(
        ONE + "/up",
        move_up,
        access=MANAGER,
        name="desk:move_material",
        methods=["POST"],
    ),
    route(
        ONE + "/remove",
        remove,
        access=MANAGER,
        name="desk:remove_material",
        methods=["POST"],
    ),
]
