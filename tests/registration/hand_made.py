"""Registrations written by hand: it matters how they are, not how they came."""

from datetime import datetime, timedelta
from json import dumps
from typing import Any
from uuid import uuid4

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.database import changed
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.mail_addresses import normalised
from werkraum_registration import links
from werkraum_registration.models import (
    FormQuestion,
    Registration,
    SeatPool,
    State,
    Wanted,
    Wish,
)


async def somebody(
    event: Event,
    name: str,
    mode: Mode = Mode.ONLINE,
    state: State = State.CONFIRMED,
    **changes: Any,  # Any: columns of a registration
) -> Registration:
    """Write down a registration; the counters of its pool stay as they are."""
    pool = await SeatPool.get(event_id=event.id, mode=mode)
    identifier = uuid7()
    confirm_hash, manage_hash = links.hashes(identifier, 1)
    email = f"{uuid4().hex[:8]}@attendee.example"
    columns: dict[str, Any] = {
        "id": identifier,
        "event_id": event.id,
        "pool_id": pool.id,
        "mode": mode,
        "wanted": Wanted(mode.value),
        "name": name,
        "email": email,
        "language": "en",
        "state": state,
        "holds_seat": state is State.CONFIRMED,
        "confirm_hash": confirm_hash,
        "manage_hash": manage_hash,
        "created_at": clock.now(),
        **changes,
    }
    key = normalised(columns["email"]) if columns["email"] else str(identifier)
    return await Registration.create(**columns, email_key=key)


async def waits(
    registration: Registration,
    number: int,
    *,
    priority: int = 0,
    queued_at: datetime | None = None,
    offered: bool = False,
) -> Wish:
    """Put somebody into the queue of the pool they have or wish."""
    now = clock.now()
    return await Wish.create(
        registration_id=registration.id,
        pool_id=registration.pool_id,
        number=number,
        priority=priority,
        queued_at=queued_at or now,
        offered_at=now if offered else None,
        offered_until=now + timedelta(days=1) if offered else None,
    )


async def answers(person: Registration, question: FormQuestion, value: object) -> None:
    # Tortoise takes a text for JSON that is written already.
    await changed(
        "INSERT INTO registration_answer (id, registration_id, question_id, value)"
        " VALUES (:id, :registration, :question, :value)",
        id=uuid4(),
        registration=person.id,
        question=question.id,
        value=dumps(value, ensure_ascii=False),
    )
