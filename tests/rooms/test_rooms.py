"""An event gets its one room, and its door moves with it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.people import an_event, an_organiser
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.links import token_in

from werkraum_events.announcements import EventChanged, EventPublished
from werkraum_events.models import Event, Mode, Status
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.outbox import announce
from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.setting_rooms import RoomServer
from werkraum_rooms import queries, rooms
from werkraum_rooms.jitsi.provider import JitsiProvider
from werkraum_rooms.models import Room
from werkraum_rooms.participants import Role
from werkraum_rooms.room_names import is_slug
from werkraum_rooms.rooms import Visitor
from werkraum_rooms.rules import NoRoom, Opening, TooEarly, TooLate

pytestmark = pytest.mark.usefixtures("database")

SECRET = "a secret that is long enough for HS256"
SERVER = JitsiProvider(
    RoomServer(url="https://meet.example.org", app_id="app", app_secret=SECRET)
)
VERIFIER = Verifier("app", SECRET.encode(), domain="meet.example.org")
STARTS = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=2)
HOUR = timedelta(hours=1)
ANNA = Visitor(uuid7(), "Anna", Role.ATTENDEE)
OLGA = Visitor(uuid7(), "Olga", Role.HOST)


async def an_online_event(**changes: object) -> Event:
    # Any: columns of an event.
    columns: dict[str, Any] = {"starts_at": STARTS, "ends_at": ENDS, **changes}
    seats = {Mode.ONLINE: None}
    return await an_event(await an_organiser(), seats=seats, **columns)


async def enter(event: Event, who: Visitor, *, now: datetime) -> str:
    placed = await rooms.main_room(event, now=now)
    return (await rooms.enter(SERVER, placed, who, now=now)).url


async def test_an_online_event_gets_one_room_that_nobody_can_guess(
    now: datetime,
) -> None:
    event = await an_online_event(slug="forum-jugend")

    first = await rooms.provide(event.id, now=now)
    second = await rooms.provide(event.id, now=now)

    assert first is not None
    assert second is not None
    assert first.slug == second.slug
    assert is_slug(first.slug)
    assert await Room.all().count() == 1


async def test_two_who_provide_at_once_make_one_room(now: datetime) -> None:
    event = await an_online_event()

    made = await asyncio.gather(*(rooms.provide(event.id, now=now) for _ in range(8)))

    assert len({room.slug for room in made if room}) == 1
    assert await Room.all().count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": Status.DRAFT}, id="a draft"),
        pytest.param({"status": Status.CANCELLED}, id="called off"),
        pytest.param({"online": False, "onsite": True}, id="on site only"),
    ],
)
async def test_no_room_for(changes: dict[str, object], now: datetime) -> None:
    event = await an_online_event(**changes)

    assert await rooms.provide(event.id, now=now) is None
    assert await Room.all().count() == 0


async def test_an_event_that_is_not_there_gets_no_room(now: datetime) -> None:
    assert await rooms.provide(uuid7(), now=now) is None


@pytest.mark.parametrize("fact", [EventPublished, EventChanged])
@pytest.mark.usefixtures("client")
async def test_the_room_follows_the_event_by_itself(
    fact: type[EventPublished] | type[EventChanged],
) -> None:
    event = await an_online_event()
    more = {"moved": True} if fact is EventChanged else {}

    await unit_of_work(announce)(fact(event.organiser_id, event.id, **more))
    await drain()

    assert await queries.room_of(event.id) is not None


async def test_the_door_moves_with_the_event(now: datetime) -> None:
    event = await an_online_event()
    await rooms.provide(event.id, now=now)
    event.starts_at += HOUR
    event.ends_at += HOUR

    assert await queries.opening_for(event, Role.ATTENDEE) == Opening(
        STARTS + timedelta(minutes=45), ENDS + 2 * HOUR
    )


async def test_a_room_can_open_and_close_otherwise(now: datetime) -> None:
    event = await an_online_event()
    await rooms.provide(event.id, now=now)
    await Room.filter(event_id=event.id).update(lead_minutes=90, grace_minutes=5)

    opening = Opening(STARTS - 1.5 * HOUR, ENDS + timedelta(minutes=5))
    assert await queries.opening_for(event, Role.ATTENDEE) == opening
    assert await queries.opening_for(event, Role.HOST) == opening


async def test_hosts_come_in_an_hour_before() -> None:
    event = await an_online_event()

    opening = await queries.opening_for(event, Role.HOST)

    assert opening == Opening(STARTS - HOUR, ENDS + HOUR)


async def test_a_visitor_gets_into_this_room_and_no_other() -> None:
    event = await an_online_event()

    said = await enter(event, ANNA, now=STARTS)

    room = await queries.room_of(event.id)
    assert room is not None
    claims = VERIFIER.enter(token_in(said), room.slug, now=STARTS.timestamp())
    assert claims["room"] == room.slug


async def test_the_room_sees_a_pseudonym_that_is_another_in_another_room() -> None:
    first, second = await an_online_event(), await an_online_event()
    seen = []
    for event in (first, first, second):
        said = await enter(event, ANNA, now=STARTS)
        claims = VERIFIER.login(token_in(said), now=STARTS.timestamp())
        seen.append(claims["context"]["user"])  # type: ignore[index]

    assert seen[0] == seen[1]
    assert seen[0]["id"] != seen[2]["id"]
    assert seen[0] == {"id": seen[0]["id"], "name": "Anna"}
    assert str(ANNA.id) not in str(seen)


async def test_only_a_host_enters_an_hour_before() -> None:
    event = await an_online_event()

    with pytest.raises(TooEarly):
        await enter(event, ANNA, now=STARTS - HOUR)
    said = await enter(event, OLGA, now=STARTS - HOUR)

    claims = VERIFIER.login(token_in(said), now=(STARTS - HOUR).timestamp())
    assert claims["context"]["user"]["moderator"] is True  # type: ignore[index]


async def test_nobody_enters_once_it_is_closed() -> None:
    event = await an_online_event()

    with pytest.raises(TooLate):
        await enter(event, OLGA, now=ENDS + HOUR)


async def test_the_room_is_closed_as_soon_as_the_event_is_called_off() -> None:
    event = await an_online_event()
    await rooms.provide(event.id, now=STARTS)
    await Event.filter(id=event.id).update(status=Status.CANCELLED)

    with pytest.raises(NoRoom):
        await enter(event, ANNA, now=STARTS)


@pytest.mark.parametrize(
    ("columns", "of_anna"),
    [
        pytest.param({}, {"send-groupchat", "screen-sharing"}, id="as it comes"),
        pytest.param({"may_chat": False, "may_share": False}, set(), id="quiet"),
        pytest.param(
            {"may_poll": True, "recorded": True},
            {"send-groupchat", "screen-sharing", "create-polls"},
            id="polls, and recorded",
        ),
    ],
)
async def test_attendees_may_do_what_the_room_allows_and_hosts_anyway(
    columns: dict[str, Any], of_anna: set[str], now: datetime
) -> None:
    event = await an_online_event()
    await rooms.provide(event.id, now=now)
    await Room.filter(event_id=event.id).update(**columns)
    found = []
    for who in (ANNA, OLGA):
        said = await enter(event, who, now=STARTS)
        claims = VERIFIER.login(token_in(said), now=STARTS.timestamp())
        features = claims["context"]["features"]  # type: ignore[index]
        found.append({name for name, given in features.items() if given})

    assert found[0] == of_anna
    assert {"send-groupchat", "screen-sharing", "create-polls"} <= found[1]
    assert ("recording" in found[1]) is bool(columns.get("recorded"))
