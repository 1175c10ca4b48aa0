"""The tables of an event at the desk: set up, put in order, who sits where."""

from collections.abc import Awaitable

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event, Status
from werkraum_events.queries import topics_of
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST, MANAGER
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import Refused
from werkraum_rooms.models import BreakoutTable
from werkraum_rooms.tables import table_places, table_queries, table_rules, tables
from werkraum_rooms.tables.table_rules import TableGone
from werkraum_server import table_guests
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.table_forms import (
    Agreement,
    NewTables,
    NewTablesForm,
    OneTableForm,
    Placing,
    PlacingForm,
    PlanForm,
    Removal,
    Step,
    TakingBack,
    read_plan,
    read_table,
    typed_plan,
    typed_table,
    typed_topics,
)
from werkraum_server.table_guests import seating_of

# A box for each of a thousand people.
MOST_BOXES, LARGEST = 1_100, 128 * 1024


async def show_tables(request: Request) -> Response:
    return await _page(request, await own_event(request))


async def add(request: Request) -> Response:
    """Set up a table for each line."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, NewTables)
    if form.value is None:
        return await _page(request, event, new=form, status=422)
    wishes = form.value.wishes(await topics_of(event.id))
    deed = tables.add(
        grant.organiser_id, event.id, wishes, actor=grant.actor, now=clock.now()
    )
    if refusal := await _refusal(deed):
        again = NewTablesForm(form.typed, (_fault("titles", refusal),))
        return await _page(request, event, new=again, status=409)
    return _done(request, event, "added")


async def plan(request: Request) -> Response:
    """Say whether people choose, and when they sit at the tables."""
    event, grant = await own_event(request), granted(request)
    form = await read_plan(request, event)
    if form.value is None:
        return await _page(request, event, plan=form, status=422)
    try:
        await tables.plan(
            grant.organiser_id,
            event.id,
            chosen=form.value.chosen,
            times=form.value.times(),
            actor=grant.actor,
            now=clock.now(),
        )
    except InvalidInput as refusal:
        again = PlanForm(form.typed, tuple(refusal.faults))
        return await _page(request, event, plan=again, status=422)
    return _done(request, event, "saved")


async def show_table(request: Request) -> Response:
    event = await own_event(request)
    table = await _table(request, event)
    return _table_page(request, event, table, OneTableForm(typed_table(table)))


async def save_table(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    table = await _table(request, event)
    form, wish = await read_table(request)
    if wish is None:
        return _table_page(request, event, table, form, status=422)
    deed = tables.edit(
        grant.organiser_id,
        event.id,
        table.id,
        wish,
        actor=grant.actor,
        now=clock.now(),
    )
    if refusal := await _refusal(deed):
        again = OneTableForm(form.typed, (_fault("seats", refusal),))
        return _table_page(request, event, table, again, status=409)
    return _done(request, event, "saved")


async def move(request: Request) -> Response:
    """Put a table one place further up or down."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, Step)
    if form.value is None:
        raise InvalidInput(form.faults)
    await tables.move(
        grant.organiser_id,
        event.id,
        path_id(request, "table"),
        form.value.steps,
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:tables", id=event.id)


async def remove(request: Request) -> Response:
    """Take a table away; where people sit, ask first."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, Removal)
    if form.value is None:
        raise InvalidInput(form.faults)
    there = await table_queries.tables_of(event.id)
    table = next((it for it in there if it.id == path_id(request, "table")), None)
    if table and table.taken and not form.value.sure:
        return _question_page(request, event, table)
    if table:
        await tables.remove(
            grant.organiser_id, event.id, table.id, actor=grant.actor, now=clock.now()
        )
    return _done(request, event, "removed")


async def place(request: Request) -> Response:
    """Seat those ticked at the table chosen, or at none; all of them or nobody."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, Placing, limit=LARGEST, most_fields=MOST_BOXES)
    if form.value is None or not form.value.people:
        again = PlacingForm(form.typed, form.faults or (_nobody(),))
        return await _page(request, event, placing=again, status=422)
    deed = table_guests.place(
        event, form.value.people, form.value.table, actor=grant.actor, now=clock.now()
    )
    if refusal := await _refusal(deed):
        again = PlacingForm(form.typed, (_fault("table", refusal),))
        return await _page(request, event, placing=again, status=409)
    return _done(request, event, "placed" if form.value.table else "freed")


async def show_suggestion(request: Request) -> Response:
    return await _suggestion_page(request, await own_event(request))


async def spread(request: Request) -> Response:
    """Seat those without a table as the page suggested."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, Agreement)
    if form.value is None:
        raise InvalidInput(form.faults)
    deed = table_guests.spread(
        event, form.value.seen, actor=grant.actor, now=clock.now()
    )
    if refusal := await _refusal(deed):
        return await _suggestion_page(request, event, refusal)
    return _done(request, event, "placed")


async def take_back(request: Request) -> Response:
    """Take the places back that were given last from here."""
    event, grant = await own_event(request), granted(request)
    form = await read_form(request, TakingBack)
    if form.value is None:
        raise InvalidInput(form.faults)
    await table_places.take_back(
        event, form.value.at, actor=grant.actor, now=clock.now()
    )
    return _done(request, event, "taken_back")


async def _refusal(deed: Awaitable[object]) -> Refused | None:
    """Do it, and say why not where it is refused for a reason of the tables."""
    try:
        await deed
    except (
        table_rules.SpreadChanged,
        table_rules.TableFull,
        table_rules.TableSeatsTaken,
        table_rules.TooManyTables,
    ) as refusal:
        return refusal
    return None


def _fault(field: str, refusal: Refused) -> Fault:
    return Fault(field, refusal.code, refusal.message())


def _nobody() -> Fault:
    return Fault("people", "missing", gettext("Please tick somebody first."))


async def _table(request: Request, event: Event) -> BreakoutTable:
    there = await table_queries.tables_of(event.id)
    table = next((it for it in there if it.id == path_id(request, "table")), None)
    if table is None:
        raise TableGone
    return table


def _done(request: Request, event: Event, what: str) -> Response:
    response = see_other(request, "desk:tables", id=event.id)
    response.headers["location"] += f"?done={what}"
    return response


async def _page(
    request: Request,
    event: Event,
    *,
    new: NewTablesForm | None = None,
    plan: PlanForm | None = None,
    placing: PlacingForm | None = None,
    status: int = 200,
) -> Response:
    """Show the tables and the people at them; five queries, however many."""
    seating, topics = await seating_of(event), await topics_of(event.id)
    suggested = typed_topics(topics, seating.tables)
    return page(
        request,
        "desk/tables.html",
        status=status,
        event=event,
        past=event.is_past(clock.now()),
        seating=seating,
        times=table_rules.times_of(seating.plan, event),
        new=new or NewTablesForm.showing(suggested),
        plan=plan or PlanForm.showing(typed_plan(seating.plan, event)),
        placing=placing or PlacingForm.showing(),
        form=new or plan or placing or Form.showing(),
        may_add=event.online and event.status is not Status.CANCELLED,
        notice=_said(request) if status == 200 else None,
        organiser=footer_of(event.organiser),
    )


def _said(request: Request) -> str | None:
    match request.query_params.get("done"):
        case "added":
            return gettext("The tables are set up. Each has a room of its own.")
        case "saved":
            return gettext("Your changes are saved.")
        case "removed":
            return gettext("The table is gone.")
        case "placed":
            return gettext(
                "The places are given. The people are told by letter in ten minutes, "
                "or when the talks begin; until then you can take the places back and "
                "nobody hears of it."
            )
        case "freed":
            return gettext(
                "They have no table now, and are told by letter in ten minutes."
            )
        case "taken_back":
            return gettext("The places given last are taken back.")
    return None


def _table_page(
    request: Request,
    event: Event,
    table: BreakoutTable,
    form: OneTableForm,
    status: int = 200,
) -> Response:
    return page(
        request,
        "desk/table.html",
        status=status,
        event=event,
        table=table,
        form=form,
        organiser=footer_of(event.organiser),
    )


def _question_page(request: Request, event: Event, table: BreakoutTable) -> Response:
    return page(
        request,
        "desk/table_remove.html",
        status=409,
        event=event,
        table=table,
        organiser=footer_of(event.organiser),
    )


async def _suggestion_page(
    request: Request, event: Event, refusal: Refused | None = None
) -> Response:
    """Show who would go where, before anybody does."""
    seating = await seating_of(event)
    suggestion = seating.suggestion
    people = {it.id: it for it in seating.without}
    going: dict[object, list[object]] = {table.id: [] for table in seating.tables}
    for guest, table_id in suggestion.placed:
        going[table_id].append(people[guest.registration_id])
    return page(
        request,
        "desk/tables_spread.html",
        status=refusal.status if refusal else 200,
        event=event,
        seating=seating,
        going=going,
        left=[people[it.registration_id] for it in suggestion.left],
        seen=suggestion.mark,
        refusal=refusal,
        organiser=footer_of(event.organiser),
    )


TABLES = "/desk/events/{id}/tables"
TABLE = TABLES + "/one/{table}"
routes = [
    route(TABLES, show_tables, access=HOST, name="desk:tables"),
    route(TABLES, add, access=MANAGER, name="desk:add_tables", methods=["POST"]),
    route(
        TABLES + "/plan",
        plan,
        access=MANAGER,
        name="desk:plan_tables",
        methods=["POST"],
    ),
    route(TABLES + "/place", place, access=HOST, name="desk:place", methods=["POST"]),
    route(TABLES + "/spread", show_suggestion, access=HOST, name="desk:suggest_places"),
    route(
        TABLES + "/spread",
        spread,
        access=HOST,
        name="desk:spread",
        methods=["POST"],
    ),
    route(
        TABLES + "/take-back",
        take_back,
        access=HOST,
        name="desk:take_places_back",
        methods=["POST"],
    ),
    route(TABLE, show_table, access=MANAGER, name="desk:table"),
    route(TABLE, save_table, access=MANAGER, name="desk:save_table", methods=["POST"]),
    route(
        TABLE + "/move", move, access=MANAGER, name="desk:move_table", methods=["POST"]
    ),
    route(
        TABLE + "/remove",
        remove,
        access=MANAGER,
        name="desk:remove_table",
        methods=["POST"],
    ),
]
