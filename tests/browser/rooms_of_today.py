"""Events whose doors are open: with many rooms behind one, and with none to be had."""

from datetime import datetime, timedelta
from typing import Any

from tests.rooms.visitors import a_room_for, a_table, sits_at

from werkraum_events.models import Event
from werkraum_registration.models import Registration
from werkraum_rooms import rooms
from werkraum_rooms.models import Room

HOUR = timedelta(hours=1)
DIAL_IN = "+49 231 5550100, PIN 1234"
# Beside the server that is up, as `WERKRAUM_ROOM_SERVERS` names it.
AWAY = """
[[server]]
key = "away"
kind = "jitsi"
url = "http://127.0.0.1:9"
app_id = "werkraum"
app_secret = "Vt8nLq3xKz6wYb1rXc5mGh9dPs2jTe7uAo4i"
"""


def open_now(now: datetime) -> dict[str, Any]:  # Any: columns of an event
    return {"starts_at": now - HOUR / 12, "ends_at": now + 2 * HOUR, "dial_in": DIAL_IN}


async def many_rooms(event: Event, guest: Registration, now: datetime) -> None:
    """Open a workshop and the guest's table beside the main room; one comes later."""
    main = await rooms.provide(event.id, now=now)
    assert main is not None
    await Room.filter(id=main.id).update(recorded=True)
    _, room = await a_room_for(event, "Youth")
    await Room.filter(id=room.id).update(lobby=True)
    await a_room_for(event, "Funding", starts_in=HOUR)
    table, _ = await a_table(event, "Digital")
    await sits_at(guest, table)


async def no_way_in(event: Event, now: datetime) -> None:
    """Have the room at a server that nobody reaches."""
    room = await rooms.provide(event.id, now=now)
    assert room is not None
    await Room.filter(id=room.id).update(server="away")
