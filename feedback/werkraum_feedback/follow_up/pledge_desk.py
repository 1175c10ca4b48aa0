"""Pledges at the desk: who would join in, in an event or in all, and the follow-up."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from werkraum_events.models import Event
from werkraum_events.queries import event_of
from werkraum_feedback.coding import codebook
from werkraum_feedback.follow_up import follow_up_words, pledges
from werkraum_feedback.follow_up.pledge_list import (
    PAGE,
    PledgeSieve,
    identifier,
    promised,
    rows_of,
)
from werkraum_feedback.follow_up.pledges import LONGEST_NOTE, FollowUp
from werkraum_feedback.follow_up_models import Pledge, PledgeForm, PledgeState
from werkraum_foundation import audit, clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.entrances import HOST, MANAGER, READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.models import Organiser
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_text import paragraphs
from werkraum_foundation.spreadsheets import write_csv

HEADS = (
    noop("Event"),
    noop("Name"),
    noop("E-mail address"),
    noop("Organisation"),
    noop("How they would join in"),
    noop("Theme"),
    noop("Hours a month"),
    noop("In their words"),
    noop("State"),
    noop("Your note"),
    noop("Look again on"),
    noop("Promised on"),
)


class FollowUpFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    state: PledgeState
    note: Annotated[str, paragraphs(max_length=LONGEST_NOTE)] = ""
    follow_up_on: date | None = None


async def show_event_pledges(request: Request) -> Response:
    event = await event_of(granted(request).organiser_id, path_id(request))
    return await _list_page(request, event)


async def show_pledges(request: Request) -> Response:
    return await _list_page(request, None)


async def show_csv(request: Request) -> Response:
    """Hand out the list that the page shows, all pages of it; who did is noted."""
    grant, sieve = granted(request), PledgeSieve.read(request.query_params)
    event_id = identifier(request.query_params.get("event", ""))
    known = await event_of(grant.organiser_id, event_id) if event_id else None
    there, count = await promised(
        grant.organiser_id,
        sieve,
        event_id=known.id if known else None,
        today=clock.now().date(),
        whole=True,
    )
    await _note_export(request, count)
    heads = [gettext(it) for it in HEADS]
    lines = rows_of(there, heads, follow_up_words.pledge_words())
    return StreamingResponse(
        write_csv(lines, delimiter=";", bom=True),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="pledges.csv"'},
    )


@unit_of_work
async def _note_export(request: Request, count: int) -> None:
    grant = granted(request)
    await audit.record(
        grant.organiser_id,
        "pledge.export",
        grant.organiser_id,
        actor=grant.actor,
        now=clock.now(),
        changes={"rows": count},
    )


async def show_pledge(request: Request) -> Response:
    pledge = await _own(request)
    typed = {
        "state": pledge.state.value,
        "note": pledge.note,
        "follow_up_on": pledge.follow_up_on.isoformat() if pledge.follow_up_on else "",
    }
    return await _pledge_page(request, pledge, Form.showing(typed))


async def follow_up(request: Request) -> Response:
    pledge, grant = await _own(request), granted(request)
    form = await read_form(request, FollowUpFields)
    if form.value is None:
        return await _pledge_page(request, pledge, form, status=422)
    wish = form.value
    await pledges.follow_up(
        grant.organiser_id,
        pledge.id,
        FollowUp(wish.state, wish.note, wish.follow_up_on),
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:event_pledges", id=pledge.event_id)


async def _own(request: Request) -> Pledge:
    organiser_id = granted(request).organiser_id
    return await pledges.pledge_of(organiser_id, path_id(request, "pledge"))


async def _list_page(request: Request, event: Event | None) -> Response:
    organiser_id = granted(request).organiser_id
    sieve = PledgeSieve.read(request.query_params)
    there, count = await promised(
        organiser_id,
        sieve,
        event_id=event.id if event else None,
        today=clock.now().date(),
    )
    return await _page(
        request,
        "feedback/pledges.html",
        event,
        promised=there,
        count=count,
        more=count > sieve.number * PAGE,
        sieve=sieve,
        counts=await pledges.counts(event.id) if event else {},
        themes=await codebook.themes_of(organiser_id),
        today=clock.now().date(),
    )


async def _pledge_page(
    request: Request, pledge: Pledge, form: Form[Any], status: int = 200
) -> Response:  # Any: shown empty, it has no model
    # What its person took back cannot be put down as anything else.
    gone = pledge.state is PledgeState.WITHDRAWN
    states = [it for it in PledgeState if (it is PledgeState.WITHDRAWN) is gone]
    return await _page(
        request,
        "feedback/pledge.html",
        pledge.event,
        status=status,
        form=form,
        pledge=pledge,
        states=states,
    )


async def _page(
    request: Request,
    template: str,
    event: Event | None,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    organiser = await Organiser.get(id=granted(request).organiser_id)
    return page(
        request,
        template,
        status=status,
        event=event,
        past=event is not None and event.is_past(clock.now()),
        forms=list(PledgeForm),
        all_states=list(PledgeState),
        words=follow_up_words,
        organiser=footer_of(organiser),
        **context,
    )


ONE = "/desk/pledges/{pledge}"

routes = [
    route(
        "/desk/events/{id}/feedback/pledges",
        show_event_pledges,
        access=READER,
        name="desk:event_pledges",
    ),
    route("/desk/pledges", show_pledges, access=READER, name="desk:pledges"),
    route("/desk/pledges.csv", show_csv, access=MANAGER, name="desk:pledges_csv"),
    route(ONE, show_pledge, access=HOST, name="desk:pledge"),
    route(ONE, follow_up, access=HOST, name="desk:follow_up", methods=["POST"]),
]
