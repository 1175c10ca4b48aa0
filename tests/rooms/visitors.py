"""Who stands before the door, at an event that starts about now."""

from datetime import timedelta
from typing import Any

from tests.people import an_event, an_organiser

from werkraum_events.models import Event, Mode, Session
from werkraum_foundation import clock
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser
from werkraum_registration.links import hashes, personal_token
from werkraum_registration.models import (
    Booking,
    Registration,
    SeatPool,
    State,
    Wanted,
)
from werkraum_rooms import rooms
from werkraum_rooms.models import BreakoutPlan, BreakoutTable, Room, TablePlace

HOUR = timedelta(hours=1)


async def an_online_event(
    organiser: Organiser | None = None,
    *,
    starts_in: timedelta = timedelta(),
    # Any: columns of the event.
    **changes: Any,
) -> Event:
    """Make a hybrid event of two hours that starts so long from now."""
    starts_at = clock.now() + starts_in
    times = {"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR}
    return await an_event(organiser or await an_organiser(), **{**times, **changes})


async def a_registration(
    event: Event,
    *,
    name: str = "Anna",
    mode: Mode = Mode.ONLINE,
    state: State = State.CONFIRMED,
) -> Registration:
    identifier = uuid7()
    confirm_hash, manage_hash = hashes(identifier, 1)
    email = f"anna-{identifier.hex}@home.example"
    return await Registration.create(
        id=identifier,
        event=event,
        pool=await SeatPool.get(event_id=event.id, mode=mode),
        mode=mode,
        wanted=Wanted(mode.value),
        name=name,
        email=email,
        email_key=email,
        language="de",
        state=state,
        holds_seat=state is State.CONFIRMED,
        confirm_hash=confirm_hash,
        manage_hash=manage_hash,
        created_at=clock.now(),
    )


async def a_room_for(
    event: Event,
    title: str,
    *,
    starts_in: timedelta = timedelta(),
    bookable: bool = False,
) -> tuple[Session, Room]:
    """Make a part of the programme of an hour, with a room of its own."""
    starts_at = event.starts_at + starts_in
    session = await Session.create(
        event=event,
        title={"de": f"{title} (de)", "en": title},
        description={},
        speakers=[],
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        bookable=bookable,
    )
    return session, await rooms.provide_for_session(session, now=clock.now())


async def books(registration: Registration, session: Session, *, seat: bool) -> None:
    """Have somebody choose a session, with a seat there or in its queue."""
    pool, _ = await SeatPool.get_or_create(
        event_id=session.event_id, session=session, defaults={"mode": None}
    )
    await Booking.create(registration=registration, pool=pool, holds_seat=seat)


async def a_table(
    event: Event, title: str, *, starts_in: timedelta = timedelta()
) -> tuple[BreakoutTable, Room]:
    """Lay a table at which people talk for an hour of the event."""
    starts_at = event.starts_at + starts_in
    times = {"starts_at": starts_at, "ends_at": starts_at + HOUR}
    await BreakoutPlan.get_or_create(event=event, defaults=times)
    table = await BreakoutTable.create(
        event=event,
        position=await BreakoutTable.filter(event=event).count(),
        title={"en": title},
        created_at=clock.now(),
    )
    return table, await rooms.provide_for_table(table, now=clock.now())


async def sits_at(registration: Registration, table: BreakoutTable) -> None:
    await TablePlace.create(
        table=table, registration_id=registration.id, at=clock.now()
    )


def door_of(registration: Registration, lang: str = "en") -> str:
    return f"/{lang}/my/{personal_token(registration)}/door"
