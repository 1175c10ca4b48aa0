"""Rooms in use, and an event whose people sit at tables: one is full."""

from datetime import datetime, timedelta
from uuid import UUID

from tests.people import an_event
from tests.registration.joining import joins
from tests.rooms.visitors import a_registration

from werkraum_events.models import Event, Mode
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.models import Organiser
from werkraum_registration import links
from werkraum_registration.models import Registration, Wanted
from werkraum_rooms import rooms
from werkraum_rooms.models import (
    BreakoutTable,
    Entrant,
    Occasion,
    Room,
    RoomMeeting,
    RoomProbe,
    RoomStay,
)
from werkraum_rooms.tables import tables
from werkraum_rooms.tables.table_rules import TableWish
from werkraum_server import table_guests

HOUR = timedelta(hours=1)
FINDINGS = [
    {"check": "page", "well": True, "why": "", "values": {}},
    {"check": "tls", "well": False, "why": "expired", "values": {}},
    {"check": "token", "well": None, "why": "no_way", "values": {}},
]
TOPICS = (
    ({"de": "Jugendbegegnungen", "en": "Youth encounters"}, 1),
    ({"de": "Fördermittel", "en": "Funding"}, 6),
    ({"de": "Digitale Begegnungen zwischen den Reisen"}, None),
)


async def tables_of(organiser: Organiser, now: datetime) -> dict[str, str]:
    """Name the event, its tables, and the people at them."""
    event = await an_event(
        organiser,
        seats={Mode.ONLINE: None},
        title={"de": "Forum an Tischen", "en": "Forum at tables"},
        starts_at=now + 24 * HOUR,
        ends_at=now + 27 * HOUR,
    )
    first, second, _ = await _set_up(event, now)
    made = {"tables_id": str(event.id), "table": str(second.id)}
    for name, table in (("Abel", first), ("Bela", second), ("Cora", None)):
        person = await joins(event, name, Wanted.ONLINE)
        made[f"table_{name.lower()}"] = links.personal_token(person)
        if table:
            await table_guests.place(
                event, [person.id], table.id, actor=SYSTEM, now=now
            )
    room = await Room.get(table_id=second.id)
    return {**made, "room_table": str(room.id)}


async def much_goes_on_in(event: Event, now: datetime) -> UUID:
    """Have the room of an event in use: a name, a telephone, a look that failed.

    Somebody else was put out of it.
    """
    room = await rooms.provide(event.id, now=now)
    assert room is not None
    await Room.filter(id=room.id).update(present=2, present_at=now)
    await RoomMeeting.create(
        room=room, server="jitsi", opened_at=now, open_for=room.id, most_present=2
    )
    guest = await Registration.filter(event_id=event.id).first()
    assert guest is not None
    other = await a_registration(event, name="Gustav Vorlage")
    for each, ref, barred_at in ((guest, "r", None), (other, "o", now)):
        await Entrant.create(
            room=room, person_id=each.id, ref=ref, entered_at=now, barred_at=barred_at
        )
    for number, ref in enumerate(("r", "")):
        await RoomStay.create(room=room, occupant=str(number), ref=ref, joined_at=now)
    await RoomProbe.create(
        room=room,
        server="jitsi",
        occasion=Occasion.HOUR,
        at=now,
        well=False,
        findings=FINDINGS,
    )
    return room.id


async def _set_up(event: Event, now: datetime) -> list[BreakoutTable]:
    wishes = [TableWish(*each) for each in TOPICS]
    return await tables.add(event.organiser_id, event.id, wishes, actor=SYSTEM, now=now)
