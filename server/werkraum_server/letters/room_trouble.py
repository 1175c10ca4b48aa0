"""The letter to the office when people stand before a room and cannot get in."""

from uuid import UUID

from werkraum_events.models import Status
from werkraum_foundation import clock
from werkraum_foundation.language import in_language
from werkraum_foundation.letters import (
    Link,
    OrganiserText,
    compose,
    deliver,
    letterhead_of,
)
from werkraum_foundation.outbox import job
from werkraum_foundation.settings import settings
from werkraum_rooms.participants import Role
from werkraum_rooms.queries import placed_room
from werkraum_rooms.rules import Phase, phase
from werkraum_rooms.servers.room_servers import server_of
from werkraum_server.letters.recipients import words_of


@job("letter:room_trouble")
async def room_trouble(room_id: str) -> None:
    """Tell where the trouble is and where it can be helped; not when it is over."""
    placed = await placed_room(UUID(room_id))
    server = server_of(placed.room) if placed else None
    if placed is None or server is None or placed.event.status is not Status.PUBLISHED:
        return
    if phase(placed.opening(Role.HOST), now=clock.now()) is not Phase.OPEN:
        return
    language = settings().languages[0]
    with in_language(language):
        head = letterhead_of(placed.event.organiser)
        office = head.mailbox()
        if office is None:
            return
        letter = compose(
            "letters/room_trouble",
            to=office,
            language=language,
            organiser=head,
            context={
                "event": words_of(placed.event),
                "server": OrganiserText(server.name),
                "page": Link.to("desk:room", id=placed.event.id),
            },
        )
    await deliver(letter)
