"""Write registrations with a personal link: `people_at_the_door.py EVENT_ID PEOPLE`.

The event begins now. Prints the tokens of the links. Nobody else may write meanwhile.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from werkraum_events.models import Event, Mode
from werkraum_foundation.database import is_sqlite, rows
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.settings import settings
from werkraum_registration.links import hashes, manage_token
from werkraum_registration.models import Registration, SeatPool, State, Wanted
from werkraum_server.database import opened

AT_ONCE = 500


async def main(event_id: UUID, people: int) -> None:
    async with opened(settings().database_url):
        now = datetime.now(UTC)
        await Event.filter(id=event_id).update(
            starts_at=now, ends_at=now + timedelta(hours=2)
        )
        pool = await SeatPool.get(event_id=event_id, mode=Mode.ONLINE)
        made = [_registration(event_id, pool, number, now) for number in range(people)]
        await Registration.bulk_create(made, batch_size=AT_ONCE)
        await SeatPool.filter(id=pool.id).update(
            seats=None, taken=people, demand=people, issued=people
        )
        if not is_sqlite():
            # As it does by itself within a minute or so.
            await rows("ANALYZE")
        print(json.dumps([manage_token(it.id, it.generation) for it in made]))


def _registration(
    event_id: UUID, pool: SeatPool, number: int, now: datetime
) -> Registration:
    identifier = uuid7()
    confirm_hash, manage_hash = hashes(identifier, 1)
    return Registration(
        id=identifier,
        event_id=event_id,
        pool_id=pool.id,
        mode=Mode.ONLINE,
        wanted=Wanted.ONLINE,
        name=f"Anna {number}",
        email=f"anna{number}@door.example",
        email_key=f"anna{number}@door.example",
        language="de",
        state=State.CONFIRMED,
        holds_seat=True,
        confirm_hash=confirm_hash,
        manage_hash=manage_hash,
        created_at=now,
        confirmed_at=now,
    )


if __name__ == "__main__":
    asyncio.run(main(UUID(sys.argv[1]), int(sys.argv[2])))
