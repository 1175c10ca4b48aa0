"""What the script of the cards sends: who has spoken, ticked off without a network."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from werkraum_events import queries as events
from werkraum_events.models import Event
from werkraum_feedback.capture import cards
from werkraum_feedback.capture.capture_rules import within_reach
from werkraum_feedback.capture.card_form import CardId
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.json_bodies import read_json
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import NotFound

MOST_MARKS = 100


class Mark(BaseModel):
    """That somebody has spoken, or has not after all; `at` by the device's clock."""

    model_config = ConfigDict(extra="forbid")
    card: CardId
    spoken: bool
    at: AwareDatetime


class Marks(BaseModel):
    model_config = ConfigDict(extra="forbid")
    marks: Annotated[list[Mark], Field(max_length=MOST_MARKS)]


async def take_marks(request: Request) -> Response:
    """Tick off what a device sends; the second time does no harm.

    `kept`, or `unknown` where there is no such card any more.
    """
    event = await events.event_of(granted(request).organiser_id, path_id(request))
    now = clock.now()
    marks = (await read_json(request, Marks)).marks
    answers = [
        {"card": it.card, "state": await _take(event, it, now=now)} for it in marks
    ]
    return JSONResponse({"answers": answers})


async def _take(event: Event, mark: Mark, *, now: datetime) -> str:
    whose = event.organiser_id, event.id
    try:
        if mark.spoken:
            await cards.tick(*whose, mark.card, now=within_reach(mark.at, now=now))
        else:
            await cards.untick(*whose, mark.card)
    except NotFound:
        return "unknown"
    return "kept"


routes = [
    route(
        "/desk/events/{id}/feedback/cards/marks",
        take_marks,
        access=HOST,
        name="desk:mark_cards",
        methods=["POST"],
    )
]
