"""The room server tells who came and left: once each, in any order, and no names."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.registration.joining import joins
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.visitors import HOUR, an_online_event

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.outbox.worker import drain
from werkraum_registration.attended import attended
from werkraum_registration.models import Attendance, Presence, Registration, Wanted
from werkraum_rooms import rooms
from werkraum_rooms.jitsi.reservations import release
from werkraum_rooms.meetings import all_have_left, open_meeting
from werkraum_rooms.models import Room, RoomMeeting, RoomNews, RoomStay
from werkraum_rooms.participants import Role
from werkraum_rooms.room_stays import present_in
from werkraum_rooms.rooms import Visitor, pseudonym
from werkraum_rooms.servers.room_servers import server_of
from werkraum_server import retention, whole_erasure

TOKEN = "Kq7vN2xLw9Rt4Yb8Hc3Ds6Fg1Pa5Ue0Jm"
ANNAS_DEVICE = "6286b70f-3a1c-4f0e-9d7e-000000000001@meet.jitsi/frA8Kq"
PHONE = "ab12cd34-3a1c-4f0e-9d7e-000000000002@meet.jitsi/x9"

# Any: JSON.
Message = dict[str, Any]


@pytest.fixture(autouse=True)
def known(jitsi: Verifier, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WERKRAUM_JITSI_API_TOKEN", TOKEN)


@pytest.fixture
async def room(client: httpx.AsyncClient) -> Room:
    event = await an_online_event(starts_in=-HOUR)
    made = await rooms.provide(event.id, now=clock.now())
    assert made
    return made


# The same for a whole test, however slow the machine is.
STARTED = int(clock.now().timestamp())


def seconds(ago: float) -> int:
    return STARTED - int(ago)


def about(room: Room, name: str, **more: object) -> Message:
    """Write a message as the plugin does."""
    return {
        "event_name": f"muc-{name}",
        "room_name": room.slug,
        "room_jid": f"{room.slug}@muc.meet.jitsi",
        "is_breakout": False,
        **more,
    }


def created(room: Room, ago: float = 600) -> tuple[str, Message]:
    return "room/created", about(room, "room-created", created_at=seconds(ago))


def joined(
    room: Room, device: str = ANNAS_DEVICE, ref: str = "", ago: float = 500
) -> tuple[str, Message]:
    occupant = {
        "occupant_jid": device,
        "name": "Anna Geheim",
        "email": "anna@home.example",
        "id": ref,
        "joined_at": seconds(ago),
    }
    return "occupant/joined", about(
        room, "occupant-joined", active_occupants_count=1, occupant=occupant
    )


def left(
    room: Room, device: str = ANNAS_DEVICE, ref: str = "", ago: float = 100
) -> tuple[str, Message]:
    occupant = {"occupant_jid": device, "id": ref, "left_at": seconds(ago)}
    return "occupant/left", about(
        room, "occupant-left", active_occupants_count=0, occupant=occupant
    )


def destroyed(room: Room, ago: float = 50) -> tuple[str, Message]:
    return "room/destroyed", about(
        room,
        "room-destroyed",
        created_at=seconds(600),
        destroyed_at=seconds(ago),
        all_occupants={},
    )


async def tell(
    client: httpx.AsyncClient, news: tuple[str, Message], token: str = TOKEN
) -> httpx.Response:
    path, message = news
    return await client.post(
        f"/jitsi/events/{path}",
        content=json.dumps(message),
        headers={
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
        },
    )


async def anna_in(room: Room, *, noted: bool) -> tuple[Registration, str]:
    """Register anna and let her through the door; her pseudonym."""
    event = await Event.get(id=room.event_id)
    anna = await joins(event, "Anna", Wanted.ONLINE)
    placed = await rooms.main_room(event, now=clock.now())
    server = server_of(room)
    assert server
    who = Visitor(anna.id, "Anna", Role.ATTENDEE, noted=noted)
    await rooms.enter(server, placed, who, now=clock.now())
    return anna, pseudonym(room.id, anna.id)


async def test_who_comes_is_counted_and_who_leaves_is_not_any_more(
    client: httpx.AsyncClient, room: Room
) -> None:
    for news in (created(room), joined(room), joined(room, PHONE)):
        assert (await tell(client, news)).status_code == 200
    await room.refresh_from_db()
    assert room.present == 2
    assert [it.person_id for it in await present_in(room.id)] == [None, None]

    await tell(client, left(room))

    await room.refresh_from_db()
    assert room.present == 1
    assert (await RoomMeeting.get()).most_present == 2


async def test_what_is_told_three_times_counts_once(
    client: httpx.AsyncClient, room: Room
) -> None:
    for news in (created(room), joined(room), left(room), destroyed(room)):
        answers = [(await tell(client, news)).status_code for _ in range(3)]
        assert answers == [200, 200, 200]

    assert await RoomNews.all().count() == 4
    assert await RoomStay.all().count() == 1
    assert await RoomMeeting.all().count() == 1


async def test_in_whatever_order_it_comes_it_ends_the_same(
    client: httpx.AsyncClient, room: Room
) -> None:
    news = [created(room), joined(room), left(room), destroyed(room)]
    ends = []
    for order in itertools.permutations(news):
        for table in ("room_news", "room_stay", "room_meeting"):
            await rows(f"DELETE FROM {table}")
        for each in order:
            await tell(client, each)
        stay = await RoomStay.get(joined_at__isnull=False)
        meetings = await RoomMeeting.all()
        ends.append((stay.joined_at, stay.left_at, [it.open_for for it in meetings]))
        await room.refresh_from_db()
        assert room.present == 0

    assert {end[:2] for end in ends} == {ends[0][:2]}
    assert ends[0][1] is not None
    assert all(open_for in ([], [None]) for *_, open_for in ends)


async def test_who_was_still_in_when_the_room_closed_has_left(
    client: httpx.AsyncClient, room: Room
) -> None:
    for news in (created(room), joined(room), destroyed(room)):
        await tell(client, news)

    assert await present_in(room.id) == []
    assert (await RoomStay.get()).left_at == datetime.fromtimestamp(seconds(50), UTC)


async def test_names_and_addresses_of_the_room_server_are_not_kept(
    client: httpx.AsyncClient, room: Room
) -> None:
    await tell(client, joined(room))
    await drain()

    for table in ("room_news", "room_stay", "job", "audit_entry", "server_call"):
        kept = str(await rows(f"SELECT * FROM {table}"))
        assert "Geheim" not in kept
        assert "home.example" not in kept


async def test_who_wants_it_noted_stands_in_the_list_of_who_attended(
    client: httpx.AsyncClient, room: Room
) -> None:
    anna, ref = await anna_in(room, noted=True)

    await tell(client, joined(room, ref=ref))
    await drain()
    await tell(client, left(room, ref=ref))
    await drain()

    [there] = await attended(room.event_id)
    assert there.registration_id == anna.id
    assert there.sources == (Presence.ROOM,)
    assert there.came_at == datetime.fromtimestamp(seconds(500), UTC)
    assert there.left_at == datetime.fromtimestamp(seconds(100), UTC)


@pytest.mark.parametrize("how", ["destroyed", "released", "counted"])
async def test_whoever_stays_to_the_end_has_left_when_the_room_is_empty(
    how: str, client: httpx.AsyncClient, room: Room
) -> None:
    _, ref = await anna_in(room, noted=True)
    meeting = await open_meeting(room.id, "jitsi", now=clock.now())
    await tell(client, joined(room, ref=ref))
    await drain()

    if how == "destroyed":
        await tell(client, destroyed(room))
    elif how == "released":
        await release("jitsi", str(meeting), now=clock.now())
    else:
        await unit_of_work(all_have_left)(room.id, now=clock.now())
    await drain()

    [there] = await attended(room.event_id)
    assert there.left_at is not None


async def test_who_does_not_want_it_only_counts(
    client: httpx.AsyncClient, room: Room
) -> None:
    _, ref = await anna_in(room, noted=False)

    await tell(client, joined(room, ref=ref))
    await drain()

    await room.refresh_from_db()
    assert room.present == 1
    assert await Attendance.all().count() == 0


async def test_a_host_and_a_stranger_are_no_attendees(
    client: httpx.AsyncClient, room: Room
) -> None:
    event = await Event.get(id=room.event_id)
    server = server_of(room)
    assert server
    olga = Visitor(UUID(int=5), "Olga", Role.HOST, noted=True)
    placed = await rooms.main_room(event, now=clock.now())
    await rooms.enter(server, placed, olga, now=clock.now())

    await tell(client, joined(room, ref=pseudonym(room.id, olga.id)))
    await tell(client, joined(room, PHONE, ref="0" * 32))
    await drain()

    assert await Attendance.all().count() == 0
    assert [it.host for it in await present_in(room.id)] == [True, False]


async def test_who_is_erased_leaves_no_trace_in_the_room(
    client: httpx.AsyncClient, room: Room
) -> None:
    anna, ref = await anna_in(room, noted=True)
    await tell(client, joined(room, ref=ref))

    await whole_erasure.erase(anna.id, now=clock.now())
    await drain()

    kept = str([await rows(f"SELECT * FROM {it}") for it in ("entrant", "room_stay")])
    assert ref not in kept
    assert str(anna.id) not in kept


async def test_after_ninety_days_nothing_leads_to_who_was_in_the_room(
    client: httpx.AsyncClient, room: Room
) -> None:
    _, ref = await anna_in(room, noted=True)
    for news in (created(room), joined(room, ref=ref)):
        await tell(client, news)

    await retention.purge(clock.now() + timedelta(days=92))

    for table in ("entrant", "room_stay", "room_news"):
        assert await rows(f"SELECT * FROM {table}") == []
    assert await RoomMeeting.all().count() == 1


async def test_people_in_a_breakout_of_the_room_are_still_with_us(
    client: httpx.AsyncClient, room: Room
) -> None:
    inner = {"is_breakout": True, "breakout_room_id": "b1@breakout.meet.jitsi"}
    path, message = joined(room, PHONE)

    await tell(client, joined(room))
    await tell(client, (path, message | inner))
    answer = await tell(client, ("room/created", created(room)[1] | inner))

    await room.refresh_from_db()
    assert room.present == 2
    assert answer.status_code == 202
    assert await RoomMeeting.all().count() == 0


async def test_who_comes_back_from_a_breakout_is_in_the_room_again(
    client: httpx.AsyncClient, room: Room
) -> None:
    inner = {"is_breakout": True, "breakout_room_id": "b1@breakout.meet.jitsi"}
    anna, ref = await anna_in(room, noted=True)

    await tell(client, joined(room, ref=ref, ago=500))
    await tell(client, left(room, ref=ref, ago=400))
    for path, message in (joined(room, ref=ref, ago=399), left(room, ref=ref, ago=300)):
        await tell(client, (path, message | inner))
    await tell(client, joined(room, ref=ref, ago=299))
    await drain()

    await room.refresh_from_db()
    [there] = await present_in(room.id)
    assert (room.present, there.person_id) == (1, anna.id)
    noted = await Attendance.filter(registration_id=anna.id).order_by("came_at")
    assert [it.left_at is None for it in noted] == [False, False, True]


async def test_news_of_a_room_that_is_not_ours_change_nothing(
    client: httpx.AsyncClient, room: Room
) -> None:
    path, message = joined(room)
    message["room_name"] = "abcde-fghij-klmno-pqrst"

    assert (await tell(client, (path, message))).status_code == 200
    assert await RoomStay.all().count() == 0


async def test_a_moment_to_come_is_taken_for_now(
    client: httpx.AsyncClient, room: Room
) -> None:
    await tell(client, joined(room, ago=-1_000_000))

    stay = await RoomStay.get()
    assert stay.joined_at is not None
    assert stay.joined_at <= clock.now()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        pytest.param("{}", "application/json", 400, id="nothing in it"),
        pytest.param("null", "application/json", 400, id="null"),
        pytest.param("[" * 50_000, "application/json", 400, id="deep"),
        pytest.param("x", "application/json", 400, id="no json"),
        pytest.param("a=b", "application/x-www-form-urlencoded", 415, id="a form"),
        pytest.param(
            '{"x": "' + "a" * 1_100_000 + '"}', "application/json", 413, id="long"
        ),
        pytest.param(
            '{"room_name": "a", "occupant": {"occupant_jid": "b", "joined_at": NaN}}',
            "application/json",
            400,
            id="not a number",
        ),
        pytest.param(
            '{"room_name": "a", "occupant": {"occupant_jid": "b", "joined_at": 1e300}}',
            "application/json",
            400,
            id="the end of time",
        ),
        pytest.param(
            '{"room_name": 7, "occupant": {"occupant_jid": [], "joined_at": 1}}',
            "application/json",
            400,
            id="no texts",
        ),
        pytest.param(
            '{"room_name": "a", "occupant": {"occupant_jid":"\\u0000","joined_at":1}}',
            "application/json",
            400,
            id="NUL",
        ),
    ],
)
async def test_what_cannot_be_read_is_refused_in_words(
    client: httpx.AsyncClient, room: Room, body: str, kind: str, status: int
) -> None:
    answer = await client.post(
        "/jitsi/events/occupant/joined",
        content=body,
        headers={"authorization": f"Bearer {TOKEN}", "content-type": kind},
    )

    assert answer.status_code == status
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "odd", ["\ud800", "x" * 5000, "\u202egnp.exe", "'; DROP TABLE room;--"]
)
async def test_odd_texts_are_no_trouble(
    client: httpx.AsyncClient, room: Room, odd: str
) -> None:
    path, message = joined(room, odd, ref=odd)
    message |= {"room_jid": odd, "is_breakout": True, "breakout_room_id": odd}
    elsewhere = message | {"room_name": odd}

    assert (await tell(client, (path, message))).status_code == 200
    assert (await tell(client, (path, elsewhere))).status_code == 200
    assert await RoomStay.all().count() == 1


async def test_an_event_nobody_knows_is_fine_and_ignored(
    client: httpx.AsyncClient, room: Room
) -> None:
    answer = await tell(client, ("room/renamed", about(room, "room-renamed")))

    assert answer.status_code == 202
    assert await RoomNews.all().count() == 0


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_nobody_else_may_tell(
    client: httpx.AsyncClient, room: Room, token: str
) -> None:
    assert (await tell(client, joined(room), token)).status_code == 401
    assert await RoomStay.all().count() == 0
