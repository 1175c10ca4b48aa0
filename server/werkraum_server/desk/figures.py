"""The funder's table at the desk: a period, its figures, and a file of them."""

from collections.abc import Sequence
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from werkraum_events.queries import topics_of_organiser
from werkraum_feedback.follow_up.follow_up_words import day
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import READER
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page
from werkraum_foundation.settings import settings
from werkraum_foundation.slugs import slug_of
from werkraum_foundation.spreadsheets import Cell, write_csv
from werkraum_server.desk.own_events import own_footer
from werkraum_server.funder_rules import digest
from werkraum_server.funder_table import Period, figures_of


def read_period(request: Request, *, now: datetime) -> Period:
    """Read from, to and topic; without days it is the year we are in."""
    asked = request.query_params
    first = _day(asked.get("from", "")) or date(now.year, 1, 1)
    last = _day(asked.get("to", "")) or date(now.year, 12, 31)
    # What is no word of an address is no topic, and is not repeated.
    topic = slug_of(asked.get("topic", "")[:60])
    return Period(min(first, last), max(first, last), topic)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if len(typed) == 10 else None
    except ValueError:
        return None


async def show_figures(request: Request) -> Response:
    organiser_id, now = granted(request).organiser_id, clock.now()
    period = read_period(request, now=now)
    figures = await figures_of(organiser_id, period, now=now)
    return page(
        request,
        "desk/figures.html",
        period=period,
        figures=figures,
        digest=digest(period.query(), figures),
        counted_at=now,
        day=day,
        timezone=settings().timezone.key,
        topics=await topics_of_organiser(organiser_id),
        organiser=await own_footer(request),
    )


async def show_csv(request: Request) -> Response:
    """Hand out the same table, with its definitions and its hash."""
    organiser_id, now = granted(request).organiser_id, clock.now()
    period = read_period(request, now=now)
    figures = await figures_of(organiser_id, period, now=now)
    heads = [
        gettext("Code"),
        gettext("Figure"),
        gettext("Value"),
        gettext("Definition"),
    ]
    table: list[Sequence[Cell]] = [
        heads,
        *([it.code, it.name, it.value, it.definition] for it in figures),
        *([name, "", value, ""] for name, value in period.query().items()),
        ["counted_at", "", now.isoformat(timespec="seconds"), ""],
        ["sha256", "", digest(period.query(), figures), ""],
    ]
    return StreamingResponse(
        write_csv(table, delimiter=";", bom=True),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="figures.csv"'},
    )


routes = [
    route("/desk/figures", show_figures, access=READER, name="desk:figures"),
    route("/desk/figures.csv", show_csv, access=READER, name="desk:figures_csv"),
]
