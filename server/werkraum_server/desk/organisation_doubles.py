"""Organisations that are one: which may be, what merging them does, and undoing it."""

from collections.abc import Sequence
from itertools import islice
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import fault
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page, see_other
from werkraum_registration import organisation_merging
from werkraum_registration import organisation_queries as queries
from werkraum_registration.organisation_doubles import likely_doubles
from werkraum_registration.organisation_merging import MOST_MERGED
from werkraum_server.desk.organisation_forms import MergeFields
from werkraum_server.desk.own_events import own_footer

# As many hints as one looks through at once.
MOST_SHOWN = 50

MergeForm = Form[MergeFields]


async def show_doubles(request: Request) -> Response:
    named = await queries.compared(granted(request).organiser_id)
    groups = likely_doubles(named)
    return page(
        request,
        "desk/organisation_doubles.html",
        groups=list(islice(groups, MOST_SHOWN)),
        more=max(0, len(groups) - MOST_SHOWN),
        organiser=await own_footer(request),
    )


async def ask_merge(request: Request) -> Response:
    """Show what merging would do; what is no id in the address is left out."""
    ids = [it for it in map(_id, request.query_params.getlist("id")) if it]
    return await _merge_page(request, MergeForm.showing(), ids[:MOST_MERGED])


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


async def merge(request: Request) -> Response:
    grant, form = granted(request), await read_form(request, MergeFields)
    value = form.value
    if value is not None and value.kept not in value.id:
        form, value = Form(form.typed, (fault("kept", "enum"),)), None
    if value is None:
        ids = [it for it in map(_id, form.texts("id")) if it]
        return await _merge_page(request, form, ids[:MOST_MERGED], status=422)
    await organisation_merging.merge(
        grant.organiser_id, value.kept, value.id, actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:organisation", id=value.kept)


async def _merge_page(
    request: Request, form: MergeForm, ids: Sequence[UUID], status: int = 200
) -> Response:
    there = await queries.chosen(granted(request).organiser_id, ids)
    first = str(there[0].id) if there else ""
    typed: Typed = {
        "id": tuple(str(it.id) for it in there),
        "kept": form.text("kept") or first,
    }
    return page(
        request,
        "desk/organisation_merge.html",
        status=status,
        form=MergeForm(typed, form.faults),
        there=there,
        registrations=sum(it.registrations for it in there),
        organiser=await own_footer(request),
    )


async def split(request: Request) -> Response:
    grant, organisation_id = granted(request), request.path_params["id"]
    await organisation_merging.split(
        grant.organiser_id, organisation_id, actor=grant.actor, now=clock.now()
    )
    back = path_to("desk:organisation", id=organisation_id)
    return RedirectResponse(back, status_code=303)


LIST = "/desk/organisations"

routes = [
    route(
        LIST + "/doubles",
        show_doubles,
        access=MANAGER,
        name="desk:organisation_doubles",
    ),
    route(
        LIST + "/merge",
        ask_merge,
        access=MANAGER,
        name="desk:ask_merge_organisations",
    ),
    route(
        LIST + "/merge",
        merge,
        access=MANAGER,
        name="desk:merge_organisations",
        methods=["POST"],
    ),
    route(
        LIST + "/{id:uuid}/split",
        split,
        access=MANAGER,
        name="desk:split_organisation",
        methods=["POST"],
    ),
]
