"""An event whose people sit at tables: one is full, somebody has none yet."""

from datetime import datetime, timedelta

from tests.people import an_event
from tests.registration.joining import joins

from werkraum_events.models import Event, Mode
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.models import Organiser
from werkraum_registration import links
from werkraum_registration.models import Wanted
from werkraum_rooms import tables
from werkraum_rooms.models import BreakoutTable
from werkraum_rooms.table_rules import TableWish
from werkraum_server import table_guests

HOUR = timedelta(hours=1)
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
    return made


async def _set_up(event: Event, now: datetime) -> list[BreakoutTable]:
    wishes = [TableWish(*each) for each in TOPICS]
    return await tables.add(event.organiser_id, event.id, wishes, actor=SYSTEM, now=now)
