"""Who was in the video room, for the list of who attended: only who wants it noted."""

from uuid import UUID

from werkraum_foundation import audit, clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.refusals import NotFound
from werkraum_registration import attendance
from werkraum_registration.attendance import Coming
from werkraum_registration.models import Presence
from werkraum_rooms.room_stays import noted_stay


@unit_of_work
async def note(event_id: UUID, stay_id: UUID) -> None:
    """Note a stay, and its end where it has one; the second time nothing changes.

    Hosts are no attendees, and who has been erased meanwhile stays erased.
    """
    stay = await noted_stay(stay_id)
    if stay is None:
        return
    key, now = f"room:{stay.id}", clock.now()
    coming = Coming(Presence.ROOM, key, stay.joined_at, stay.session_id, stay.left_at)
    try:
        await attendance.note(
            event_id, stay.person_id, coming, actor=audit.SYSTEM, now=now
        )
    except NotFound:
        return
    if stay.left_at is not None:
        await attendance.left(key, at=stay.left_at, now=now)
