"""Ninety days after the end nobody knows when somebody came, but that they did."""

from datetime import datetime, timedelta

from tests.check_in.at_the_door import MINUTE, comes
from tests.people import an_event, an_organiser
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode
from werkraum_registration.attendance import note, undo
from werkraum_registration.attended import attended
from werkraum_registration.models import Attendance, Presence, Registration, Source
from werkraum_server.retention import count_due, purge

DAY = timedelta(days=1)


async def a_past_event(now: datetime, days: int) -> tuple[Event, Registration]:
    ended = now - days * DAY
    event = await an_event(
        await an_organiser(), starts_at=ended - DAY / 12, ends_at=ended, now=ended
    )
    guest = await somebody(event, "Wanda Walk", Mode.ONSITE, email="",
                           source=Source.WALK_IN)  # fmt: skip
    for source in Presence.SELF, Presence.WALK_IN:
        coming = comes(ended - MINUTE, source)
        await note(event.id, guest.id, coming, actor="person:olga", now=ended)
    await undo(event.id, guest.id, at=ended, actor="person:olga", now=ended)
    return event, guest


async def test_times_and_helpers_are_forgotten_and_the_number_stays(
    database: str, now: datetime
) -> None:
    event, guest = await a_past_event(now, 91)
    due = await count_due(now)
    gone = await purge(now)
    for what in (
        "names of people who came without an address",
        "check-ins that were taken back",
        "check-in times",
    ):
        assert due[what] >= 1 and gone[what] >= 1
    [one] = await attended(event.id)
    assert (one.sources, one.came_at, one.left_at) == (
        (Presence.SELF,),
        event.starts_at,
        None,
    )
    record = await Attendance.get()
    assert (record.recorded_by, record.recorded_at) == ("", event.starts_at)
    await guest.refresh_from_db()
    assert guest.name == ""
    again = await purge(now)
    assert not any(again.values())


async def test_until_then_everything_stays(database: str, now: datetime) -> None:
    event, guest = await a_past_event(now, 89)
    await purge(now)
    await guest.refresh_from_db()
    assert guest.name == "Wanda Walk"
    assert await Attendance.all().count() == 2
    assert (await attended(event.id))[0].came_at == event.ends_at - MINUTE
