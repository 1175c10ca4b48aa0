"""When a room is looked at before it is needed."""

from datetime import datetime, timedelta

from werkraum_rooms.models import Occasion
from werkraum_rooms.rules import Opening

# Before attendees may come in, the earliest first. The day leaves time to have
# somebody repair it, the last ten minutes to go elsewhere.
BEFORE = {
    Occasion.DAY: timedelta(days=1),
    Occasion.HOUR: timedelta(hours=1),
    Occasion.MINUTES: timedelta(minutes=10),
}
# Where a room moves by itself when it is not well.
MOVES_BY_ITSELF = frozenset({Occasion.HOUR, Occasion.MINUTES})


def due(opening: Opening, starts_at: datetime, *, now: datetime) -> Occasion | None:
    """Say which look is due: of those whose time has come, the latest alone.

    None while it is too early for any, and once what the room is for has begun.
    """
    if now >= starts_at:
        return None
    come = [it for it in BEFORE if now >= opening.opens_at - BEFORE[it]]
    return come[-1] if come else None


def since(opening: Opening, occasion: Occasion) -> datetime:
    """From when on a look counts as this one."""
    return opening.opens_at - BEFORE[occasion]
