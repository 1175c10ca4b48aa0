"""Write many published events like one there is: `many_events.py EVENT_ID EVENTS`.

By hand, in batches: it is measured how their feed is written, not how they came.
"""

import asyncio
import sys
from datetime import timedelta
from uuid import UUID

from werkraum_events.models import Event, new_uid
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.settings import settings
from werkraum_server.database import opened

AT_ONCE = 500


async def main(event_id: UUID, events: int) -> None:
    async with opened(settings().database_url):
        first = await Event.get(id=event_id)
        for begin in range(1, events, AT_ONCE):
            await write(first, range(begin, min(begin + AT_ONCE, events)))
        if not is_sqlite():
            # As it does by itself within a minute or so.
            await rows("ANALYZE")


@unit_of_work
async def write(first: Event, numbers: range) -> None:
    await Event.bulk_create([copy(first, number) for number in numbers])


def copy(first: Event, number: int) -> Event:
    later = timedelta(hours=number)
    columns = {name: getattr(first, name) for name in Event._meta.db_fields}
    own = {
        "id": uuid7(),
        "uid": new_uid(),
        "slug": f"{first.slug}-{number}",
        "title": {"de": f"Forum {number}, größer; schöner", "en": f"Forum {number}"},
        "starts_at": first.starts_at + later,
        "ends_at": first.ends_at + later,
    }
    return Event(**{**columns, **own})


if __name__ == "__main__":
    asyncio.run(main(UUID(sys.argv[1]), int(sys.argv[2])))
