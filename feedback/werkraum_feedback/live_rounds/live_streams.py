"""The streams of live rounds: server-sent events of aggregates, nothing else."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from werkraum_feedback.asking.round_pages import own_round
from werkraum_feedback.live_rounds import live_rules
from werkraum_feedback.live_rounds.live_glance import Glance
from werkraum_feedback.live_rounds.live_hub import Shape, listen
from werkraum_feedback.live_rounds.live_pages import find_round
from werkraum_feedback.models import Round
from werkraum_foundation import clock
from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.limits import client_network

# As long as ours are.
LONGEST_ID = 60
# A proxy in front must hand on each event as it comes, and as it is.
HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


async def stream(request: Request) -> Response:
    """Tell everybody with the code how the round stands."""
    key = request.query_params.get("key", "")
    asked = await find_round(request, request.path_params["code"], key)
    return _stream(request, asked, for_all)


async def stream_to_desk(request: Request) -> Response:
    asked = await own_round(request)
    live_rules.must_be_a_pulse(asked)
    return _stream(request, asked, for_desk)


def for_all(glance: Glance) -> bytes:
    return glance.for_all


def for_desk(glance: Glance) -> bytes:
    return glance.for_desk


def _stream(request: Request, asked: Round, shape: Shape) -> Response:
    live_rules.must_be_live(asked, now=clock.now())
    events = listen(
        asked.id,
        shape,
        network=client_network(request),
        last_id=request.headers.get("last-event-id", "")[:LONGEST_ID],
    )
    return StreamingResponse(events, media_type="text/event-stream", headers=HEADERS)


routes = [
    route("/live/{code}/events", stream, access=PUBLIC, name="live:events"),
    route(
        "/desk/rounds/{id:uuid}/live/events",
        stream_to_desk,
        access=HOST,
        name="desk:live_events",
    ),
]
