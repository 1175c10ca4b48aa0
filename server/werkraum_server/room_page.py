"""The page that holds a video room, for attendees and hosts."""

from collections.abc import Sequence
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_foundation.footers import footer_of
from werkraum_foundation.models import Texts
from werkraum_foundation.pages import page
from werkraum_rooms.servers.providers import WayIn
from werkraum_server.edge import content_policy

# What the room's own client asks for in a frame.
ALLOW = (
    "autoplay; camera; clipboard-write; compute-pressure; display-capture;"
    " fullscreen; hid; microphone; screen-wake-lock; speaker-selection"
)


class Note(StrEnum):
    """What somebody should know of a room they enter."""

    ILL = "ill"
    NO_HOST = "no_host"
    LOBBY = "lobby"
    RECORDED = "recorded"


# A page that lets its visitors try out their own camera; nothing else may.
OWN_DEVICES = "camera=(self), microphone=(self), geolocation=()"


def room_page(
    request: Request,
    way: WayIn,
    *,
    event: Event,
    name: str,
    back: str,
    called: Texts | None = None,
    in_tab: bool = False,
    notes: Sequence[Note] = (),
) -> Response:
    """Answer with the room in a frame: the one page that loads another origin.

    `way` holds a token for this person; the answer is never kept (see edge) and
    `back` is the page the person came from. A room that cannot stand in a frame
    opens in a tab of its own, and so does one for who wants it `in_tab`: loaded
    twice, a person would be in it twice. `notes` are what to expect in there, and
    `called` is the name of the room where it is not that of the event.
    """
    frame = None if in_tab else way.frame
    notes = (Note.ILL, *notes) if way.ill else notes
    return page(
        request,
        "door/room.html",
        headers=let_in(frame) if frame else {},
        link=way.url,
        framed=frame is not None,
        notes=notes,
        allow=ALLOW,
        event=event,
        called=called or event.title,
        name=name,
        back=back,
        organiser=footer_of(event.organiser),
    )


def let_in(origin: str) -> dict[str, str]:
    """Write what a page needs to hold a room of this origin in a frame."""
    return {
        "content-security-policy": content_policy(frame=origin),
        "permissions-policy": permissions(origin),
    }


def permissions(origin: str) -> str:
    """Write the Permissions-Policy: a page can pass on only what it has itself."""
    asked = ("camera", "microphone", "display-capture")
    passed_on = [f'{name}=(self "{origin}")' for name in asked]
    return ", ".join([*passed_on, "geolocation=()"])
