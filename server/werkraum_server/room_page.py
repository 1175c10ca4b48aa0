"""The page that holds a video room, for attendees and hosts."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_foundation.footers import footer_of
from werkraum_foundation.pages import page
from werkraum_rooms.providers import WayIn
from werkraum_server.edge import content_policy

# What the room's own client asks for in a frame.
ALLOW = (
    "autoplay; camera; clipboard-write; compute-pressure; display-capture;"
    " fullscreen; hid; microphone; screen-wake-lock; speaker-selection"
)


def room_page(
    request: Request,
    way: WayIn,
    *,
    event: Event,
    name: str,
    back: str,
) -> Response:
    """Answer with the room in a frame: the one page that loads another origin.

    `way` holds a token for this person; the answer is never kept (see edge) and
    `back` is the page the person came from. A room that cannot stand in a frame
    opens in a tab of its own.
    """
    return page(
        request,
        "door/room.html",
        headers=_let_in(way.frame) if way.frame else {},
        link=way.url,
        framed=way.frame is not None,
        allow=ALLOW,
        event=event,
        name=name,
        back=back,
        organiser=footer_of(event.organiser),
    )


def _let_in(origin: str) -> dict[str, str]:
    return {
        "content-security-policy": content_policy(frame=origin),
        "permissions-policy": permissions(origin),
    }


def permissions(origin: str) -> str:
    """Write the Permissions-Policy: a page can pass on only what it has itself."""
    asked = ("camera", "microphone", "display-capture")
    passed_on = [f'{name}=(self "{origin}")' for name in asked]
    return ", ".join([*passed_on, "geolocation=()"])
