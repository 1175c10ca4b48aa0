"""Who stands before the door, at an event that starts about now."""

from datetime import timedelta
from typing import Any

from tests.people import an_event, an_organiser

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser
from werkraum_registration.links import hashes, personal_token
from werkraum_registration.models import Registration, SeatPool, State, Wanted

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


def door_of(registration: Registration, lang: str = "en") -> str:
    return f"/{lang}/my/{personal_token(registration)}/door"
