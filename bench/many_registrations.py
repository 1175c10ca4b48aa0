"""Write many registrations of one event: `many_registrations.py EVENT_ID PEOPLE`.

By hand, in batches, while the program serves: it is measured how they leave, not how
they came. Prints the cookie of somebody who may export them.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

from werkraum_events.models import Event, Mode
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_foundation.entrances import cookie_name
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Membership, SignIn
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import hashed, new_token
from werkraum_registration.models import (
    FormAnswer,
    FormQuestion,
    FormQuestionKind,
    Registration,
    RegistrationTag,
    SeatPool,
    State,
    Wanted,
)
from werkraum_server.database import opened

AT_ONCE = 1_000
LAST = ("Berg", "Ärger", "Łódź", "Nguyễn", "O'Brien", "=1+1")


async def main(event_id: UUID, people: int) -> None:
    async with opened(settings().database_url):
        event = await Event.get(id=event_id)
        pool = await SeatPool.get(event_id=event_id, mode=Mode.ONLINE)
        meal = await FormQuestion.create(
            event=event,
            position=1,
            kind=FormQuestionKind.NUMBER,
            label={"de": "Alter", "en": "Age"},
            purpose={"de": "Für die Statistik", "en": "For the statistics"},
            retention_days=30,
        )
        for begin in range(0, people, AT_ONCE):
            some = list(registrations(event, pool, begin, min(AT_ONCE, people - begin)))
            await write(some, meal)
        await SeatPool.filter(id=pool.id).update(
            seats=None, taken=people, demand=people, issued=people
        )
        if not is_sqlite():
            # As it does by itself within a minute or so.
            await rows("ANALYZE")
        print(json.dumps({"cookie": await signed_in(event.organiser_id)}))


def registrations(
    event: Event, pool: SeatPool, begin: int, count: int
) -> Iterator[Registration]:
    now = datetime.now(UTC)
    for number in range(begin, begin + count):
        yield Registration(
            id=uuid7(),
            event_id=event.id,
            pool_id=pool.id,
            mode=Mode.ONLINE,
            wanted=Wanted.ONLINE,
            name=f"Anna {LAST[number % len(LAST)]} {number}",
            email=f"anna{number}@export.example",
            email_key=f"anna{number}@export.example",
            language="de",
            state=State.CONFIRMED,
            holds_seat=True,
            confirm_hash=uuid4().hex,
            manage_hash=uuid4().hex,
            created_at=now,
            confirmed_at=now,
        )


@unit_of_work
async def write(some: list[Registration], question: FormQuestion) -> None:
    await Registration.bulk_create(some, batch_size=AT_ONCE)
    await FormAnswer.bulk_create(
        [FormAnswer(registration_id=it.id, question=question, value=42) for it in some],
        batch_size=AT_ONCE,
    )
    tagged = [RegistrationTag(registration_id=it.id, tag="Presse") for it in some[::10]]
    await RegistrationTag.bulk_create(tagged, batch_size=AT_ONCE)


async def signed_in(organiser_id: UUID) -> str:
    """Make a sign-in of a member, as if they had come by a letter."""
    member = await Membership.filter(organiser_id=organiser_id).first()
    assert member
    secret, now = new_token(), datetime.now(UTC)
    await SignIn.create(
        person_id=member.person_id,
        token_hash=hashed(secret),
        created_at=now,
        seen_at=now,
    )
    return f"{cookie_name()}={secret}"


if __name__ == "__main__":
    asyncio.run(main(UUID(sys.argv[1]), int(sys.argv[2])))
