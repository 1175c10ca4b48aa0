"""Who is registered for an event: the list, a file of it, and taking somebody out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext
from werkraum_foundation.links import path_to
from werkraum_foundation.local_times import local
from werkraum_foundation.pages import page
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.spreadsheets import Cell, write_csv
from werkraum_registration import registrations
from werkraum_registration.exports import note_export
from werkraum_registration.models import ENDED, Registration, State
from werkraum_registration.queries import (
    LARGEST_PAGE,
    Filters,
    Listed,
    all_listed,
    count_listed,
    listed,
    registration_of,
    seats_of,
)
from werkraum_server.desk.own_events import own_event

LONGEST_SEARCH = 100

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Wish:
    """Which part of the list somebody wants to see; what is no wish is ignored."""

    filters: Filters
    number: int

    @classmethod
    def read(cls, request: Request) -> Self:
        asked = request.query_params
        search = asked.get("q", "")[:LONGEST_SEARCH].strip()
        number = asked.get("page", "1")
        is_number = number.isascii() and number.isdigit() and len(number) <= 4
        return cls(
            Filters(
                state=_one_of(State, asked.get("state", "")),
                mode=_one_of(Mode, asked.get("mode", "")),
                search=search,
            ),
            number=max(1, int(number)) if is_number else 1,
        )

    def query(self, number: int | None = None) -> str:
        """Write the wish as the query of an address, for another page of the list."""
        asked = {
            "q": self.filters.search,
            "state": self.filters.state or "",
            "mode": self.filters.mode or "",
            "page": str(number) if number else "",
        }
        return urlencode({name: value for name, value in asked.items() if value})


def _one_of(kind: type[E], typed: str) -> E | None:
    return next((member for member in kind if member.value == typed), None)


async def show_registrations(request: Request) -> Response:
    """List at most a hundred; three queries, however many there are."""
    event, wish = await own_event(request), Wish.read(request)
    count = await count_listed(event.id, wish.filters)
    skip = (wish.number - 1) * LARGEST_PAGE
    taken_out = "cancelled" in request.query_params
    return page(
        request,
        "desk/registrations.html",
        event=event,
        wish=wish,
        count=count,
        seats=await seats_of(event.id),
        registrations=await listed(event.id, wish.filters, skip=skip),
        more=count > skip + LARGEST_PAGE,
        states=[State(state).value for state in State],
        ended=[state.value for state in ENDED],
        notice=gettext("The registration is cancelled.") if taken_out else None,
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
    )


async def show_csv(request: Request) -> Response:
    """Stream the whole list, as filtered, for a spreadsheet program."""
    event, wish, grant = await own_event(request), Wish.read(request), granted(request)
    await note_export(
        event,
        rows=await count_listed(event.id, wish.filters),
        actor=grant.actor,
        now=clock.now(),
    )
    name = f"{event.slug}-{local(clock.now(), event.timezone):%Y-%m-%d}.csv"
    return StreamingResponse(
        _csv(event, wish.filters),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def _csv(event: Event, filters: Filters) -> AsyncIterator[bytes]:
    for line in write_csv([_headings()], delimiter=";", bom=True):
        yield line
    async for each in all_listed(event.id, filters):
        for line in write_csv([_row(each, event.timezone)], delimiter=";"):
            yield line


def _headings() -> list[Cell]:
    return [
        gettext("Name"),
        gettext("E-mail address"),
        gettext("How they take part"),
        gettext("State"),
        gettext("Place in the queue"),
        gettext("Registered at"),
    ]


def _row(each: Listed, timezone: str) -> list[Cell]:
    return [
        each.name or gettext("(deleted)"),
        each.email or gettext("(deleted)"),
        mode_words(each.mode),
        state_words(each.state),
        each.place,
        _when(each.created_at, timezone),
    ]


def _when(moment: datetime, timezone: str) -> str:
    return f"{local(moment, timezone):%Y-%m-%d %H:%M}"


def mode_words(mode: Mode) -> str:
    return gettext("On site") if mode is Mode.ONSITE else gettext("Online")


def state_words(state: State) -> str:
    return {
        State.UNCONFIRMED: gettext("Not confirmed yet"),
        State.CONFIRMED: gettext("Registered"),
        State.WAITLISTED: gettext("On the waiting list"),
        State.CANCELLED: gettext("Cancelled"),
        State.EXPIRED: gettext("Expired"),
    }[state]


async def show_cancel(request: Request) -> Response:
    """Ask once more before somebody is taken out."""
    registration = await _own_registration(request)
    return page(
        request,
        "desk/registrations_cancel.html",
        registration=registration,
        event=registration.event,
        ended=registration.state in ENDED,
        organiser=footer_of(registration.event.organiser),
    )


async def cancel(request: Request) -> Response:
    registration = await _own_registration(request)
    await registrations.cancel(
        registration.id, actor=granted(request).actor, now=clock.now()
    )
    back = path_to("desk:registrations", id=registration.event_id)
    return RedirectResponse(f"{back}?cancelled=1", status_code=303)


async def _own_registration(request: Request) -> Registration:
    found = await registration_of(granted(request).organiser_id, path_id(request))
    if found is None:
        raise NotFound
    return found


routes = [
    route(
        "/desk/events/{id}/registrations",
        show_registrations,
        access=READER,
        name="desk:registrations",
    ),
    route(
        "/desk/events/{id}/registrations.csv",
        show_csv,
        access=MANAGER,
        name="desk:registrations_csv",
    ),
    route(
        "/desk/registrations/{id}/cancel",
        show_cancel,
        access=MANAGER,
        name="desk:ask_cancel_registration",
    ),
    route(
        "/desk/registrations/{id}/cancel",
        cancel,
        access=MANAGER,
        name="desk:cancel_registration",
        methods=["POST"],
    ),
]
