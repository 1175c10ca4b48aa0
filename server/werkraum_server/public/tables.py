"""The tables of an event, for whoever takes part online: which one they sit at."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Status
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_registration.links import personal_token
from werkraum_registration.models import Registration
from werkraum_rooms.models import BreakoutTable
from werkraum_rooms.rules import Times
from werkraum_rooms.tables import table_places, table_queries, table_rules
from werkraum_server import table_guests
from werkraum_server.public.personal_deeds import found


class Choice(BaseModel):
    """Without a table, the organiser decides."""

    model_config = ConfigDict(extra="forbid")
    table: UUID | None = None


@dataclass(frozen=True)
class OwnTables:
    """The tables as one registration sees them; `closed` says why none is chosen."""

    tables: list[BreakoutTable]
    mine: BreakoutTable | None
    times: Times
    seats: int
    closed: Refused | None

    def fits(self, table: BreakoutTable) -> bool:
        """Whether there is a place for everybody of the registration."""
        left = self.left(table)
        return left is None or left >= self.seats

    def left(self, table: BreakoutTable) -> int | None:
        return table_rules.free_at(table)


async def own_tables(registration: Registration, *, now: datetime) -> OwnTables | None:
    """Look at the tables of a registration's event; None where there are none."""
    event = registration.event
    tables = await table_queries.tables_of(event.id)
    if not tables:
        return None
    plan = await table_queries.plan_of(event.id)
    place = await table_queries.place_of(registration.id)
    closed: Refused | None = None
    try:
        if not table_guests.may_sit(registration):
            raise table_rules.NotAtTables
        if event.status is not Status.PUBLISHED:
            raise table_rules.ChoosingIsOver
        table_rules.must_be_choosable(plan, event, now=now)
    except Refused as refusal:
        closed = refusal
    seat = place.table_id if place else None
    mine = next((it for it in tables if it.id == seat), None)
    times = table_rules.times_of(plan, event)
    return OwnTables(tables, mine, times, registration.seats, closed)


async def show_tables(request: Request) -> Response:
    return await _page(request, await found(request))


async def choose(request: Request) -> Response:
    """Sit down, change, or leave it to the organiser; full ones are said at once."""
    registration = await found(request)
    form = await read_form(request, Choice)
    if form.value is None:
        raise InvalidInput(form.faults)
    mine = await own_tables(registration, now=clock.now())
    if mine is None or mine.closed:
        status = mine.closed.status if mine and mine.closed else 404
        return await _page(request, registration, status=status)
    try:
        await _do(registration, form.value.table)
    except (table_rules.TableFull, table_rules.TableGone) as refusal:
        return await _page(request, registration, refusal, status=refusal.status)
    response = see_other(request, "personal:tables", token=personal_token(registration))
    response.headers["location"] += "?done=1"
    return response


async def _do(registration: Registration, table_id: UUID | None) -> None:
    if table_id is None:
        await table_places.leave(registration.id, actor=ATTENDEE, now=clock.now())
    else:
        await table_guests.choose(registration.id, table_id, now=clock.now())


async def _page(
    request: Request,
    registration: Registration,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    mine = await own_tables(registration, now=clock.now())
    if mine is None or registration.event.status is Status.DRAFT:
        raise NotFound
    return page(
        request,
        "personal/tables.html",
        status=status,
        event=registration.event,
        registration=registration,
        own=mine,
        refusal=refusal,
        notice=_said(request, mine) if status == 200 else "",
        token=personal_token(registration),
        organiser=footer_of(registration.event.organiser),
    )


def _said(request: Request, own: OwnTables) -> str:
    if "done" not in request.query_params:
        return ""
    if own.mine is None:
        return gettext("The organiser finds a table for you.")
    return gettext("The place is yours.")


TABLES = "/{lang}/my/{token}/tables"
routes = [
    route(TABLES, show_tables, access=PERSONAL, name="personal:tables"),
    route(
        TABLES,
        choose,
        access=PERSONAL,
        name="personal:choose_table",
        methods=["POST"],
    ),
]
