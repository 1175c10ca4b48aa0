"""The page that holds a video room, for attendees and hosts."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_foundation.footers import footer_of
from werkraum_foundation.pages import page
from werkraum_rooms.jitsi import JitsiServer, frame_origin
from werkraum_server.edge import content_policy

# What the room's own client asks for in a frame.
ALLOW = (
    "autoplay; camera; clipboard-write; compute-pressure; display-capture;"
    " fullscreen; hid; microphone; screen-wake-lock; speaker-selection"
)


def room_page(
    request: Request,
    server: JitsiServer,
    link: str,
    *,
    event: Event,
    name: str,
    back: str,
) -> Response:
    """Answer with the room in a frame: the one page that loads another origin.

    `link` holds a token for this person; the answer is never kept (see edge) and
    `back` is the page the person came from.
    """
    origin = frame_origin(server)
    return page(
        request,
        "door/room.html",
        headers={
            "content-security-policy": content_policy(frame=origin),
            "permissions-policy": permissions(origin),
        },
        link=link,
        allow=ALLOW,
        event=event,
        name=name,
        back=back,
        organiser=footer_of(event.organiser),
    )


def permissions(origin: str) -> str:
    """Write the Permissions-Policy: a page can pass on only what it has itself."""
    asked = ("camera", "microphone", "display-capture")
    passed_on = [f'{name}=(self "{origin}")' for name in asked]
    return ", ".join([*passed_on, "geolocation=()"])
