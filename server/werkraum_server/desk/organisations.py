"""Where attendees come from, at the desk: the list, one organisation, many at once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, ngettext
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_registration import organisation_queries as queries
from werkraum_registration import organisations
from werkraum_registration.models import Organisation, OrganisationKind
from werkraum_registration.organisation_queries import LARGEST_PAGE, Filters, Standing
from werkraum_server.desk.organisation_forms import (
    Chosen,
    NameLines,
    OrganisationFields,
    lines_of,
    typed_organisation,
)
from werkraum_server.desk.own_events import own_footer

LONGEST_SEARCH = 100
# In an address: those of which nobody has said what kind they are.
NO_KIND = "none"
# A thousand names of two hundred letters, each of several bytes.
LARGEST_IMPORT = 512 * 1024

E = TypeVar("E", bound=StrEnum)
OrganisationForm = Form[OrganisationFields]


@dataclass(frozen=True)
class Wish:
    """Which part of the list somebody wants to see; what is no wish is ignored."""

    filters: Filters
    number: int

    @classmethod
    def read(cls, request: Request) -> Self:
        asked = request.query_params
        number = asked.get("page", "1")
        is_number = number.isascii() and number.isdigit() and len(number) <= 4
        return cls(
            Filters(
                search=asked.get("q", "")[:LONGEST_SEARCH].replace("\0", "").strip(),
                kind=_one_of(OrganisationKind, asked.get("kind", "")),
                no_kind=asked.get("kind") == NO_KIND,
                standing=_one_of(Standing, asked.get("state", "")),
            ),
            number=max(1, int(number)) if is_number else 1,
        )

    def query(self, number: int | None = None) -> str:
        """Write the wish as the query of an address, for another page of the list."""
        asked = {
            "q": self.filters.search,
            "kind": NO_KIND if self.filters.no_kind else self.filters.kind or "",
            "state": self.filters.standing or "",
            "page": str(number) if number else "",
        }
        return urlencode({name: value for name, value in asked.items() if value})


def _one_of(kind: type[E], typed: str) -> E | None:
    return next((member for member in kind if member.value == typed), None)


async def show_list(request: Request) -> Response:
    """List at most a hundred; two queries, however many there are."""
    wish, organiser_id = Wish.read(request), granted(request).organiser_id
    skip = (wish.number - 1) * LARGEST_PAGE
    count = await queries.count_listed(organiser_id, wish.filters)
    return page(
        request,
        "desk/organisations.html",
        wish=wish,
        count=count,
        listed=await queries.listed(organiser_id, wish.filters, skip=skip),
        more=count > skip + LARGEST_PAGE,
        notice=_notice(request),
        organiser=await own_footer(request),
    )


def _notice(request: Request) -> str | None:
    """Say what the deed before did; its number comes along in the address."""
    for name in ("added", "suggested", "classified", "removed"):
        number = request.query_params.get(name, "")
        if number.isascii() and number.isdigit() and len(number) <= 6:
            return _done(name, int(number))
    return None


def _done(deed: str, count: int) -> str:
    if deed == "added":
        return ngettext(
            "One organisation is new.", "%(number)s organisations are new.", count
        )
    if deed == "suggested":
        return ngettext(
            "One more organisation is suggested.",
            "%(number)s more are suggested.",
            count,
        )
    if deed == "classified":
        return ngettext(
            "One organisation is changed.",
            "%(number)s organisations are changed.",
            count,
        )
    return gettext("The organisation is taken away.")


async def show_new(request: Request) -> Response:
    return await _new_page(request, OrganisationForm.showing({"suggested": "on"}))


async def add(request: Request) -> Response:
    grant, form = granted(request), await read_form(request, OrganisationFields)
    try:
        if form.value is not None:
            await organisations.add(
                grant.organiser_id,
                form.value.wish(),
                actor=grant.actor,
                now=clock.now(),
            )
            return _to_list("added", 1)
    except InvalidInput as refusal:
        form = Form(form.typed, refusal.faults)
    return await _new_page(request, form, status=422)


async def _new_page(
    request: Request, form: OrganisationForm, status: int = 200
) -> Response:
    return page(
        request,
        "desk/organisation_new.html",
        status=status,
        form=form,
        organiser=await own_footer(request),
    )


async def show_one(request: Request) -> Response:
    there = await _own(request)
    return await _page(request, there, Form(typed_organisation(there)))


async def edit(request: Request) -> Response:
    grant, there = granted(request), await _own(request)
    form = await read_form(request, OrganisationFields)
    try:
        if form.value is not None:
            await organisations.edit(
                grant.organiser_id,
                there.id,
                form.value.wish(),
                actor=grant.actor,
                now=clock.now(),
            )
            back = path_to("desk:organisation", id=there.id)
            return RedirectResponse(f"{back}?saved=1", status_code=303)
    except InvalidInput as refusal:
        form = Form(form.typed, refusal.faults)
    return await _page(request, there, form, status=422)


async def _own(request: Request) -> Organisation:
    grant = granted(request)
    return await queries.organisation_of(grant.organiser_id, request.path_params["id"])


async def _page(
    request: Request, there: Organisation, form: OrganisationForm, status: int = 200
) -> Response:
    """Show one organisation, its doubles, and the form; a few queries."""
    merged = there.merged_into_id
    [listed] = await queries.chosen(there.organiser_id, [merged or there.id])
    saved = "saved" in request.query_params
    return page(
        request,
        "desk/organisation.html",
        status=status,
        form=form,
        there=there,
        stayed=listed,
        doubles=[] if merged else await queries.doubles_of(there),
        notice=gettext("Your changes are saved.") if saved else None,
        organiser=await own_footer(request),
    )


async def remove(request: Request) -> Response:
    grant = granted(request)
    await organisations.remove(
        grant.organiser_id,
        request.path_params["id"],
        actor=grant.actor,
        now=clock.now(),
    )
    return _to_list("removed", 1)


async def suggest(request: Request) -> Response:
    grant, chosen = granted(request), await _chosen(request)
    count = await organisations.suggest(
        grant.organiser_id, chosen.id, actor=grant.actor, now=clock.now()
    )
    return _to_list("suggested", count)


async def classify(request: Request) -> Response:
    grant, chosen = granted(request), await _chosen(request)
    count = await organisations.classify(
        grant.organiser_id,
        chosen.id,
        kind=chosen.set_kind,
        size=chosen.set_size,
        actor=grant.actor,
        now=clock.now(),
    )
    return _to_list("classified", count)


async def _chosen(request: Request) -> Chosen:
    """Read what was ticked; without any, there is nothing to do."""
    form = await read_form(request, Chosen)
    if form.value is None:
        raise InvalidInput(form.faults)
    return form.value


async def show_import(request: Request) -> Response:
    return await _import_page(request, Form[NameLines].showing())


async def take_in(request: Request) -> Response:
    grant = granted(request)
    form = await read_form(request, NameLines, limit=LARGEST_IMPORT)
    if form.value is None:
        return await _import_page(request, form, status=422)
    count = await organisations.add_several(
        grant.organiser_id,
        lines_of(form.value.names),
        kind=form.value.kind,
        size=form.value.size,
        actor=grant.actor,
        now=clock.now(),
    )
    return _to_list("added", count)


async def _import_page(
    request: Request, form: Form[NameLines], status: int = 200
) -> Response:
    return page(
        request,
        "desk/organisations_import.html",
        status=status,
        form=form,
        organiser=await own_footer(request),
    )


def _to_list(done: str, count: int) -> Response:
    back = path_to("desk:organisations")
    return RedirectResponse(f"{back}?{done}={count}", status_code=303)


LIST = "/desk/organisations"
# A UUID, or nothing: the other names beside it are no organisation.
ONE = LIST + "/{id:uuid}"

routes = [
    route(LIST, show_list, access=READER, name="desk:organisations"),
    route(LIST + "/new", show_new, access=MANAGER, name="desk:new_organisation"),
    route(
        LIST + "/new",
        add,
        access=MANAGER,
        name="desk:add_organisation",
        methods=["POST"],
    ),
    route(
        LIST + "/import",
        show_import,
        access=MANAGER,
        name="desk:ask_import_organisations",
    ),
    route(
        LIST + "/import",
        take_in,
        access=MANAGER,
        name="desk:import_organisations",
        methods=["POST"],
    ),
    route(
        LIST + "/suggest",
        suggest,
        access=MANAGER,
        name="desk:suggest_organisations",
        methods=["POST"],
    ),
    route(
        LIST + "/classify",
        classify,
        access=MANAGER,
        name="desk:classify_organisations",
        methods=["POST"],
    ),
    route(ONE, show_one, access=READER, name="desk:organisation"),
    route(ONE, edit, access=MANAGER, name="desk:edit_organisation", methods=["POST"]),
    route(
        ONE + "/remove",
        remove,
        access=MANAGER,
        name="desk:remove_organisation",
        methods=["POST"],
    ),
]
