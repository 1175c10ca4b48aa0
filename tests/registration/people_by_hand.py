"""Registrations written by hand, for tests that are about something else."""

from datetime import datetime
from typing import Any

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.mail_addresses import normalised
from werkraum_registration import links
from werkraum_registration.models import Registration, SeatPool, State, Wanted


async def takes_part(
    event: Event,
    name: str = "Anna",
    mode: Mode = Mode.ONSITE,
    state: State = State.CONFIRMED,
    *,
    vouched: bool = True,
    now: datetime | None = None,
    **changes: Any,  # Any: columns
) -> Registration:
    """Write down somebody who has pressed the button, unless told otherwise.

    The counters of the pools do not know of it.
    """
    now = now or clock.now()
    identifier = uuid7()
    email = changes.pop("email", f"{name.lower()}@attendee.example")
    confirm, manage = links.hashes(identifier, 1)
    pool = await SeatPool.get(event_id=event.id, mode=mode, session_id=None)
    columns: dict[str, Any] = {
        "id": identifier,
        "event_id": event.id,
        "pool_id": pool.id,
        "mode": mode,
        "wanted": Wanted(mode.value),
        "name": name,
        "email": email,
        "email_key": normalised(email),
        "language": "en",
        "state": state,
        "holds_seat": state is State.CONFIRMED,
        "confirm_hash": confirm,
        "manage_hash": manage,
        "created_at": now,
        "confirmed_at": now if state is State.CONFIRMED else None,
        "vouched_at": now if vouched else None,
    }
    return await Registration.create(**{**columns, **changes})
