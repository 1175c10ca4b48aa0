"""While an event runs its room is counted; at its closing it ends for all in it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.people import an_event, an_organiser
from tests.rooms.bare_http import served
from tests.rooms.conftest import SECRET, forget
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.prosody_double import Prosody

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.models import Job, JobState
from werkraum_foundation.outbox.worker import drain
from werkraum_rooms import rooms
from werkraum_rooms.hosting import end_now
from werkraum_rooms.models import Room, RoomMeeting, RoomStay
from werkraum_rooms.running import count_present, hand_out_endings

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GRACE = HOUR


@pytest.fixture
async def prosody(
    environment: pytest.MonkeyPatch, database: str
) -> AsyncIterator[Prosody]:
    """A server whose inner port we may use; its plugins are those of January."""
    played = Prosody(Verifier("werkraum", SECRET.encode()), repo=False, january=True)
    async with served(played) as url:
        environment.setenv("WERKRAUM_JITSI_URL", "https://meet.example.org")
        environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
        environment.setenv("WERKRAUM_JITSI_APP_SECRET", SECRET)
        environment.setenv("WERKRAUM_JITSI_DOMAIN", "meet.jitsi")
        environment.setenv("WERKRAUM_JITSI_INTERNAL_URL", url)
        forget()
        yield played


async def a_room(closes_in: timedelta, **changes: object) -> Room:
    """Make an event whose room closes so long from now."""
    ends_at = clock.now() + closes_in - GRACE
    event = await an_event(
        await an_organiser(),
        seats={Mode.ONLINE: None},
        starts_at=ends_at - HOUR,
        ends_at=ends_at,
    )
    room = await rooms.provide(event.id, now=clock.now())
    assert room is not None
    await Event.filter(id=event.id).update(**changes)
    return room


async def meets(room: Room, prosody: Prosody, *nicks: str) -> RoomMeeting:
    """Have the room in use over there, and known here."""
    prosody.open(room.slug, *nicks)
    await RoomStay.create(room=room, occupant="hash", joined_at=clock.now())
    return await RoomMeeting.create(
        room=room, server="jitsi", opened_at=clock.now(), open_for=room.id
    )


async def a_minute_passes() -> None:
    await hand_out_endings(clock.now())
    await drain()


async def test_the_desk_knows_how_many_are_in_and_the_most_there_were(
    prosody: Prosody,
) -> None:
    room = await a_room(closes_in=HOUR)
    meeting = await meets(room, prosody, "anna", "olga", "otto")

    await count_present(clock.now())
    prosody.open(room.slug, "anna")
    # What the census said serves for ten seconds: a new one, as a minute later.
    forget()
    await count_present(clock.now())

    await room.refresh_from_db()
    await meeting.refresh_from_db()
    assert (room.present, meeting.most_present) == (1, 3)


async def test_who_left_while_the_server_could_not_tell_is_not_in_it_for_ever(
    prosody: Prosody,
) -> None:
    room = await a_room(closes_in=HOUR)
    await meets(room, prosody)
    earlier = clock.now() - HOUR
    await RoomStay.create(room=room, occupant="lost", joined_at=earlier)

    await count_present(clock.now())

    [lost, coming] = await RoomStay.all().order_by("joined_at")
    assert lost.left_at is not None
    assert coming.left_at is None


async def test_who_is_in_a_breakout_is_in_although_the_room_itself_stands_empty(
    prosody: Prosody,
) -> None:
    room = await a_room(closes_in=HOUR)
    earlier = clock.now() - HOUR
    for number in range(3):
        await RoomStay.create(
            room=room, occupant=f"{number}", in_breakout=True, joined_at=earlier
        )

    await count_present(clock.now())

    await room.refresh_from_db()
    assert room.present == 3
    assert not await RoomStay.exists(left_at__isnull=False)


async def test_that_nobody_is_in_is_known_as_of_now(prosody: Prosody) -> None:
    room = await a_room(closes_in=HOUR)
    now = clock.now()

    await count_present(now)

    await room.refresh_from_db()
    assert (room.present, room.present_at) == (0, now)


async def test_a_room_that_is_not_open_is_not_asked_about(prosody: Prosody) -> None:
    await a_room(closes_in=20 * HOUR)

    assert await count_present(clock.now()) == 0
    assert prosody.calls == []


async def test_a_server_that_does_not_answer_leaves_the_last_figure(
    prosody: Prosody,
) -> None:
    room = await a_room(closes_in=HOUR)
    await meets(room, prosody, "anna")
    await count_present(clock.now())
    prosody.modules = frozenset()
    forget()

    assert await count_present(clock.now()) == 0
    await room.refresh_from_db()
    assert room.present == 1


async def test_at_its_closing_it_ends_for_all_in_it(prosody: Prosody) -> None:
    room = await a_room(closes_in=-MINUTE)
    meeting = await meets(room, prosody, "anna", "olga")

    await a_minute_passes()

    await meeting.refresh_from_db()
    assert prosody.rooms == {}
    assert meeting.open_for is None
    assert meeting.closed_at is not None
    assert not await RoomStay.filter(left_at__isnull=True).exists()
    asked = len(prosody.calls)
    await a_minute_passes()
    assert len(prosody.calls) <= asked + 2


@pytest.fixture
async def rehearsed(prosody: Prosody) -> Room:
    """A room in which hosts try things out, half an hour before; one ends that."""
    room = await a_room(closes_in=2 * HOUR + 30 * MINUTE)
    await meets(room, prosody, "olga")
    event = await Event.get(id=room.event_id)
    await end_now(event, room.id, actor=SYSTEM, now=clock.now())
    return room


async def test_a_rehearsal_that_a_host_has_ended_is_over_and_hosts_may_come_again(
    rehearsed: Room, prosody: Prosody
) -> None:
    await a_minute_passes()
    over = await RoomMeeting.get()
    await meets(rehearsed, prosody, "olga")
    await a_minute_passes()

    assert over.closed_at is not None
    assert await RoomMeeting.exists(open_for=rehearsed.id)
    assert len(prosody.rooms) == 1
    await rehearsed.refresh_from_db()
    assert rehearsed.ended_at is None


async def test_the_end_of_a_rehearsal_that_comes_too_late_ends_no_event(
    rehearsed: Room, prosody: Prosody
) -> None:
    starts_at = clock.now() + 5 * MINUTE
    await Event.all().update(starts_at=starts_at, ends_at=starts_at + HOUR)

    await a_minute_passes()

    assert len(prosody.rooms) == 1
    assert await RoomMeeting.exists(open_for=rehearsed.id)


async def test_the_end_of_a_rehearsal_does_not_end_the_next_one(
    rehearsed: Room, prosody: Prosody
) -> None:
    await RoomMeeting.all().update(closed_at=clock.now(), open_for=None)
    await meets(rehearsed, prosody, "otto")

    await a_minute_passes()

    assert len(prosody.rooms) == 1


async def test_it_goes_on_until_then_and_when_it_gets_more_time(
    prosody: Prosody,
) -> None:
    room = await a_room(closes_in=-MINUTE)
    await meets(room, prosody, "anna")
    await hand_out_endings(clock.now())
    await Event.all().update(ends_at=clock.now())

    await drain()

    assert len(prosody.rooms) == 1
    assert await RoomMeeting.exists(open_for=room.id)


async def test_an_event_that_is_called_off_ends_its_meeting(prosody: Prosody) -> None:
    room = await a_room(closes_in=HOUR, status=Status.CANCELLED)
    await meets(room, prosody, "anna")

    await a_minute_passes()

    assert prosody.rooms == {}


async def test_of_an_event_that_is_off_with_nobody_in_it_nothing_is_asked(
    prosody: Prosody,
) -> None:
    await a_room(closes_in=HOUR, status=Status.CANCELLED)

    assert await hand_out_endings(clock.now()) == 0


async def test_whoever_came_after_the_closing_is_sent_home(prosody: Prosody) -> None:
    room = await a_room(closes_in=-3 * MINUTE)
    assert await hand_out_endings(clock.now()) == 0
    prosody.open(room.slug, "anna")

    await count_present(clock.now())
    await a_minute_passes()

    assert prosody.rooms == {}


async def test_a_server_that_refuses_is_told_to_the_desk_and_the_rows_end(
    prosody: Prosody,
) -> None:
    prosody.system = Verifier("werkraum", b"x" * 32)
    room = await a_room(closes_in=-MINUTE)
    meeting = await meets(room, prosody, "anna")

    await a_minute_passes()

    await meeting.refresh_from_db()
    [job] = await Job.filter(name="room:end")
    assert (job.state, meeting.open_for) == (JobState.DEAD, None)
    assert "not_known" in (job.error or "")


async def test_a_server_that_cannot_be_told_ends_it_by_itself(
    prosody: Prosody, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("WERKRAUM_JITSI_INTERNAL_URL", "")
    forget()
    room = await a_room(closes_in=-MINUTE)
    meeting = await meets(room, prosody, "anna")
    assert await hand_out_endings(clock.now()) == 0

    await Event.all().update(ends_at=clock.now() - GRACE - 6 * MINUTE)
    await a_minute_passes()

    await meeting.refresh_from_db()
    assert meeting.open_for is None
