"""The list of whom a round of the network asks, at the desk."""

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.asking import invitees, rules
from werkraum_feedback.asking.invitee_lines import cells_of, read_rows
from werkraum_feedback.asking.round_pages import done, own_round, round_page
from werkraum_feedback.models import Invitee, Round
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.sheet_process import SheetUnreadable, rows_of
from werkraum_foundation.sheets import MOST_BYTES
from werkraum_foundation.uploads import read_upload

NOTICES = {
    "added": noop("The people are on the list."),
    "cleared": noop("The list is empty."),
    "removed": noop("The person is off the list, and gets no more letters."),
}
# Two thousand lines of a name and an address, each letter three bytes on its way.
LARGEST = 2 * 1024 * 1024


class PeopleFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    people: str = ""


class NoFields(BaseModel):
    model_config = ConfigDict(extra="forbid")


async def _own_list(request: Request) -> Round:
    draft = await own_round(request)
    rules.must_be_of_the_network(draft)
    rules.must_be_draft(draft)
    return draft


async def show_people(request: Request) -> Response:
    """Show the list; while the round is open, only for taking somebody off it."""
    asked = await own_round(request)
    rules.must_be_of_the_network(asked)
    rules.must_not_be_closed(asked)
    return await _people_page(request, asked, Form[PeopleFields].showing())


async def add_people(request: Request) -> Response:
    """Take in a pasted list, or name what is wrong in which line."""
    draft = await _own_list(request)
    form = await read_form(request, PeopleFields, limit=LARGEST)
    rows = cells_of(form.text("people"))
    return await _take_in(request, draft, form.text("people"), rows)


async def add_file(request: Request) -> Response:
    """Take in a CSV or XLSX file the same way; with faults, it is there to edit."""
    draft = await _own_list(request)
    upload = await read_upload(request, "file", limit=MOST_BYTES)
    try:
        rows = [row async for some in rows_of(upload.content) for row in some]
    except SheetUnreadable as refusal:
        form = Form[PeopleFields]({}, (Fault("file", refusal.why, refusal.message()),))
        return await _people_page(request, draft, form, status=refusal.status)
    cells = [list(row.cells) for row in rows]
    return await _take_in(request, draft, "\n".join(map(";".join, cells)), cells)


async def _take_in(
    request: Request, draft: Round, typed: str, rows: list[list[str]]
) -> Response:
    grant = granted(request)
    listed, faults = read_rows(rows)
    if not listed and not faults:
        said = gettext("There is nobody in this list.")
        faults = [Fault("people", "missing", said)]
    if faults:
        form = Form[PeopleFields]({"people": typed}, tuple(faults))
        return await _people_page(request, draft, form, status=422)
    await invitees.add(
        grant.organiser_id, draft.id, listed, actor=grant.actor, now=clock.now()
    )
    return done("desk:round_people", "added", id=draft.id)


async def clear_people(request: Request) -> Response:
    draft, grant = await _own_list(request), granted(request)
    await read_form(request, NoFields)
    await invitees.clear(
        grant.organiser_id, draft.id, actor=grant.actor, now=clock.now()
    )
    return done("desk:round_people", "cleared", id=draft.id)


async def remove_person(request: Request) -> Response:
    """Take somebody off the list who has asked for it."""
    asked, grant = await own_round(request), granted(request)
    await read_form(request, NoFields)
    await invitees.remove(
        grant.organiser_id,
        asked.id,
        path_id(request, "person"),
        actor=grant.actor,
        now=clock.now(),
    )
    return done("desk:round_people", "removed", id=asked.id)


async def _people_page(
    request: Request, draft: Round, form: Form[PeopleFields], status: int = 200
) -> Response:
    said = NOTICES.get(request.query_params.get("done", ""))
    return round_page(
        request,
        draft,
        "feedback/people.html",
        status=status,
        form=form,
        people=await Invitee.filter(round_id=draft.id).order_by("email_key"),
        notice=gettext(said) if said else None,
    )


PEOPLE = "/desk/rounds/{id:uuid}/people"

routes = [
    route(PEOPLE, show_people, access=MANAGER, name="desk:round_people"),
    route(
        PEOPLE,
        add_people,
        access=MANAGER,
        name="desk:add_round_people",
        methods=["POST"],
    ),
    route(
        f"{PEOPLE}/file",
        add_file,
        access=MANAGER,
        name="desk:send_round_people",
        methods=["POST"],
    ),
    route(
        f"{PEOPLE}/{{person}}/remove",
        remove_person,
        access=MANAGER,
        name="desk:remove_round_person",
        methods=["POST"],
    ),
    route(
        f"{PEOPLE}/clear",
        clear_people,
        access=MANAGER,
        name="desk:clear_round_people",
        methods=["POST"],
    ),
]
