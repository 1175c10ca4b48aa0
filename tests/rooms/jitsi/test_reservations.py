"""No room opens without a yes, and no answer makes the room server fall silent."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.conftest import BASE_URL, ON_POSTGRES
from tests.events.statements import counted
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.reservation_client import (
    NEWER,
    NotStarted,
    Plugin,
    Reply,
    Started,
    Wedged,
)
from tests.rooms.visitors import HOUR, an_online_event
from tests.server.wire import on_the_wire, sent

from werkraum_events.models import Event, Session, Status
from werkraum_foundation import clock
from werkraum_foundation.settings import settings
from werkraum_rooms import rooms
from werkraum_rooms.models import (
    BreakoutPlan,
    BreakoutTable,
    Room,
    RoomMeeting,
    ServerCall,
)
from werkraum_rooms.probing.probe_words import words_of
from werkraum_rooms.servers.own_address import last_reservation

TOKEN = "Kq7vN2xLw9Rt4Yb8Hc3Ds6Fg1Pa5Ue0Jm"
NEXT_TOKEN = "Ww3rT8yUi1Op6As9Df4Gh7Jk2Lz5Xc0Vb"
OTHER_TOKEN = "Bn5mQ0wEr7Ty2Ui9Oa4Sd1Fg6Hj3Kl8Zx"
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
NOT_OPEN = "Dieser Raum ist nicht geöffnet. / This room is not open."
HOST = BASE_URL.removeprefix("http://")

# What a column of an event or a room may be.
Columns = dict[str, Any]


@pytest.fixture
def servers(jitsi: Verifier, environment: pytest.MonkeyPatch) -> None:
    """Two Jitsi servers, the first of which accepts two tokens."""
    environment.setenv("WERKRAUM_JITSI_API_TOKEN", f"{TOKEN},{NEXT_TOKEN}")
    environment.setenv(
        "WERKRAUM_ROOM_SERVERS",
        '[[server]]\nkey = "second"\nkind = "jitsi"\nurl = "https://two.example.org"\n'
        f'app_id = "werkraum"\napp_secret = "{OTHER_TOKEN}"\n'
        f'api_token = "{OTHER_TOKEN}"\n',
    )


@pytest.fixture
async def plugin(database: str, servers: None) -> AsyncIterator[Plugin]:
    """The plugin of the first server, talking to the program on a real socket."""
    async with on_the_wire() as port:
        yield Plugin(HOST, port, TOKEN)


async def a_room(starts_in: timedelta = timedelta(), **changes: Any) -> Room:
    """The room of an event of two hours that starts so long from now."""
    event = await an_online_event(starts_in=starts_in)
    room = await rooms.provide(event.id, now=clock.now())
    assert room is not None
    if changes:
        await Room.filter(id=room.id).update(**changes)
        await room.refresh_from_db()
    return room


def words(answer: Started | NotStarted) -> str:
    return f"{answer.code} {answer.text}" if isinstance(answer, NotStarted) else "open"


@pytest.mark.parametrize(
    ("starts_in", "said"),
    [
        pytest.param(61 * MINUTE, "403 ", id="an hour and a minute before"),
        pytest.param(59 * MINUTE, "open", id="when hosts come in"),
        pytest.param(14 * MINUTE, "open", id="when all come in"),
        pytest.param(timedelta(), "open", id="at the start"),
        pytest.param(-HOUR, "open", id="in the middle"),
        pytest.param(-2 * HOUR, "open", id="at the end"),
        pytest.param(-3 * HOUR + 5 * SECOND, "open", id="in the last seconds"),
        pytest.param(-3 * HOUR - SECOND, f"403 {NOT_OPEN}", id="an hour after the end"),
        pytest.param(-400 * 24 * HOUR, f"403 {NOT_OPEN}", id="last year"),
        pytest.param(400 * 24 * HOUR, "403 ", id="next year"),
    ],
)
async def test_the_room_opens_inside_its_time_only(
    plugin: Plugin, starts_in: timedelta, said: str
) -> None:
    room = await a_room(starts_in)

    answer = words(await plugin.open(room.slug))

    assert answer.startswith(said)
    assert await RoomMeeting.all().count() == (1 if answer == "open" else 0)


async def test_too_early_says_when_in_the_zone_of_the_event(plugin: Plugin) -> None:
    room = await a_room(3 * HOUR)

    refused = words(await plugin.open(room.slug))

    assert "Er öffnet am " in refused
    assert "It opens on " in refused
    assert "Berlin" in refused


async def test_a_granted_room_lasts_an_hour_longer_than_its_event(
    plugin: Plugin,
) -> None:
    room = await a_room(-HOUR)

    started = await plugin.open(room.slug)

    assert isinstance(started, Started)
    event = await Event.get(id=room.event_id)
    assert abs(started.expires_at - event.ends_at - HOUR) < 5 * SECOND


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": Status.DRAFT}, id="a draft"),
        pytest.param({"status": Status.CANCELLED}, id="called off"),
        pytest.param({"online": False}, id="on site only"),
        pytest.param({"ends_at": "yesterday"}, id="over"),
    ],
)
async def test_what_does_not_stand_sounds_like_what_is_over(
    plugin: Plugin, changes: Columns
) -> None:
    room = await a_room()
    if changes.get("ends_at"):
        changes = {
            "starts_at": clock.now() - 26 * HOUR,
            "ends_at": clock.now() - HOUR * 24,
        }
    await Event.filter(id=room.event_id).update(**changes)

    assert words(await plugin.open(room.slug)) == f"403 {NOT_OPEN}"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("abcde-fghij-klmno-pqrst", id="nobody's"),
        pytest.param("a", id="one letter"),
        pytest.param("a" * 128, id="as long as can be"),
        pytest.param("a" * 129, id="too long"),
        pytest.param("", id="empty"),
        pytest.param("m%c3%bcnchen", id="percent-encoded by the browser"),
        pytest.param("münchen", id="umlaut"),
        pytest.param("' or 1=1 --", id="sql"),
        pytest.param("%", id="like"),
        pytest.param("a\x00b", id="NUL"),
        pytest.param("../keys", id="a path"),
        pytest.param("[]room", id="an empty tenant"),
        pytest.param("[a][b]room", id="two tenants"),
        pytest.param("🏳️‍🌈", id="emoji"),
        pytest.param("a\r\nx: y", id="a line break"),
        pytest.param("null", id="null"),
    ],
)
async def test_any_other_name_gets_the_same_words(plugin: Plugin, name: str) -> None:
    await a_room()

    assert words(await plugin.open(name)) == f"404 {NOT_OPEN}"


async def test_the_same_name_under_a_tenant_is_another_room(plugin: Plugin) -> None:
    room = await a_room()

    assert words(await plugin.open(f"[acme]{room.slug}")) == f"404 {NOT_OPEN}"


async def test_a_name_in_capitals_is_echoed_and_does_no_harm(plugin: Plugin) -> None:
    room = await a_room()

    refused = await plugin.open(room.slug.upper())

    assert words(refused) == "500 Invalid response from reservation server"


@pytest.mark.parametrize("agent", ["Prosody (0.12.3; posix)", NEWER])
async def test_both_generations_of_prosody_get_in(plugin: Plugin, agent: str) -> None:
    room = await a_room()

    assert isinstance(await replace(plugin, agent=agent).open(room.slug), Started)


async def test_who_asks_again_gets_the_same_meeting(plugin: Plugin) -> None:
    room = await a_room()
    first = await plugin.open(room.slug)
    plugin.restart()

    again = await plugin.open(room.slug)

    assert isinstance(first, Started)
    assert isinstance(again, Started)
    assert first.id == again.id
    assert await RoomMeeting.all().count() == 1


async def test_twenty_who_ask_at_once_open_one_meeting(plugin: Plugin) -> None:
    room = await a_room()
    clients = [replace(plugin, live={}, refused={}, asked=[]) for _ in range(20)]

    answers = await asyncio.gather(*(it.open(room.slug) for it in clients))

    assert len({it.id for it in answers if isinstance(it, Started)}) == 1
    assert all(isinstance(it, Started) for it in answers)
    assert await RoomMeeting.all().count() == 1


async def test_after_a_conflict_it_finds_the_meeting_by_its_id(plugin: Plugin) -> None:
    room = await a_room(lobby=True)
    started = await plugin.open(room.slug)
    assert isinstance(started, Started)

    found = await plugin.get(started.id, room.slug)

    assert isinstance(found, Started)
    assert (found.id, found.lobby) == (started.id, True)


@pytest.mark.parametrize(
    "identifier", ["00000000-0000-7000-8000-000000000001", "123.0", "x", "null"]
)
async def test_an_id_that_is_none_is_not_open(plugin: Plugin, identifier: str) -> None:
    assert words(await plugin.get(identifier, "x")) == f"404 {NOT_OPEN}"


async def test_the_end_of_a_meeting_is_noted_and_people_may_come_back(
    plugin: Plugin,
) -> None:
    room = await a_room()
    first = await plugin.open(room.slug)

    assert await plugin.destroy(room.slug) == 200
    second = await plugin.open(room.slug)

    assert isinstance(first, Started)
    assert isinstance(second, Started)
    assert first.id != second.id
    ended = await RoomMeeting.get(id=UUID(first.id))
    assert ended.closed_at is not None
    assert (await RoomMeeting.get(id=UUID(second.id))).closed_at is None


async def test_an_end_that_is_told_twice_changes_nothing(plugin: Plugin) -> None:
    room = await a_room()
    started = await plugin.open(room.slug)
    assert isinstance(started, Started)
    await plugin.destroy(room.slug)
    before = await RoomMeeting.get(id=UUID(started.id))

    plugin.live[room.slug] = started
    assert await plugin.destroy(room.slug) == 200

    after = await RoomMeeting.get(id=UUID(started.id))
    assert after.closed_at == before.closed_at


@pytest.mark.parametrize(
    "identifier", ["00000000-0000-7000-8000-000000000001", "123.0", "null"]
)
async def test_the_end_of_a_meeting_nobody_knows_is_fine(
    plugin: Plugin, identifier: str
) -> None:
    plugin.live["room"] = Started(identifier, clock.now())

    assert await plugin.destroy("room") == 200
    assert len(plugin.asked) == 1


async def test_another_server_cannot_end_our_meeting(plugin: Plugin) -> None:
    room = await a_room()
    started = await plugin.open(room.slug)
    assert isinstance(started, Started)
    other = replace(plugin, token=OTHER_TOKEN, live={room.slug: started})

    await other.destroy(room.slug)

    assert (await RoomMeeting.get(id=UUID(started.id))).closed_at is None


async def test_a_room_opens_at_the_server_where_it_is_and_no_other(
    plugin: Plugin,
) -> None:
    room = await a_room()
    other = replace(plugin, token=OTHER_TOKEN, live={}, refused={})
    assert words(await other.open(room.slug)) == f"404 {NOT_OPEN}"
    first = await plugin.open(room.slug)

    await Room.filter(id=room.id).update(server="second")
    other.sweep()
    plugin.restart()
    second = await other.open(room.slug)

    assert isinstance(first, Started)
    assert isinstance(second, Started)
    assert words(await plugin.open(room.slug)) == f"404 {NOT_OPEN}"
    assert (await RoomMeeting.get(id=UUID(first.id))).closed_at is not None


async def test_a_server_that_is_gone_from_the_settings_leaves_its_rooms_to_the_first(
    plugin: Plugin,
) -> None:
    room = await a_room(server="sold")

    assert isinstance(await plugin.open(room.slug), Started)


async def test_a_limit_and_a_waiting_room_are_told_in_the_right_types(
    plugin: Plugin,
) -> None:
    room = await a_room(lobby=True, most_people=40)

    started = await plugin.open(room.slug)

    assert isinstance(started, Started)
    assert (started.max_occupants, started.lobby) == (40, True)


async def test_a_room_that_a_host_has_ended_stays_shut(plugin: Plugin) -> None:
    room = await a_room(-HOUR, ended_at=clock.now() - MINUTE)

    assert words(await plugin.open(room.slug)) == f"403 {NOT_OPEN}"


@pytest.mark.parametrize(
    "starts_in",
    [
        pytest.param(14 * MINUTE, id="before it opened"),
        pytest.param(50 * MINUTE, id="while hosts come in"),
    ],
)
async def test_what_was_ended_at_another_time_of_the_event_opens_at_this_one(
    plugin: Plugin, starts_in: timedelta
) -> None:
    room = await a_room(starts_in, ended_at=clock.now() - 2 * MINUTE)

    assert words(await plugin.open(room.slug)) == "open"


async def test_an_ended_room_opens_anew_when_its_event_is_moved(
    plugin: Plugin,
) -> None:
    room = await a_room(-HOUR, ended_at=clock.now() - 50 * MINUTE)
    refused = words(await plugin.open(room.slug))

    starts_at = clock.now() + 5 * MINUTE
    await Event.filter(id=room.event_id).update(
        starts_at=starts_at, ends_at=starts_at + HOUR
    )

    plugin.sweep()

    assert refused == f"403 {NOT_OPEN}"
    assert words(await plugin.open(room.slug)) == "open"


async def test_the_room_moves_with_its_event(plugin: Plugin) -> None:
    room = await a_room()
    starts_at = clock.now() + 5 * HOUR
    await Event.filter(id=room.event_id).update(
        starts_at=starts_at, ends_at=starts_at + HOUR
    )
    assert words(await plugin.open(room.slug)).startswith("403 Dieser Raum ist noch")

    starts_at = clock.now() + 10 * MINUTE
    await Event.filter(id=room.event_id).update(
        starts_at=starts_at, ends_at=starts_at + HOUR
    )
    assert words(await plugin.open(room.slug)).startswith("403 ")
    plugin.sweep()

    assert isinstance(await plugin.open(room.slug), Started)


async def test_the_room_of_a_session_has_the_sessions_time(plugin: Plugin) -> None:
    event = await an_online_event(starts_in=timedelta())
    session = await Session.create(
        event=event,
        title={"en": "Workshop"},
        description={},
        speakers=[],
        starts_at=clock.now() + 90 * MINUTE,
        ends_at=clock.now() + 2 * HOUR,
    )
    room = await rooms.provide_for_session(session, now=clock.now())
    assert words(await plugin.open(room.slug)).startswith("403 ")
    plugin.sweep()

    await Session.filter(id=session.id).update(starts_at=clock.now())

    assert isinstance(await plugin.open(room.slug), Started)


async def test_the_room_of_a_table_has_the_time_of_the_tables(plugin: Plugin) -> None:
    event = await an_online_event(starts_in=timedelta())
    table = await BreakoutTable.create(
        event=event, position=1, title={"en": "Youth"}, created_at=clock.now()
    )
    room = await rooms.provide_for_table(table, now=clock.now())
    later = clock.now() + 90 * MINUTE
    plan = await BreakoutPlan.create(
        event=event, starts_at=later, ends_at=later + MINUTE
    )
    assert words(await plugin.open(room.slug)).startswith("403 ")
    plugin.sweep()

    await BreakoutPlan.filter(id=plan.id).update(starts_at=None, ends_at=None)

    assert isinstance(await plugin.open(room.slug), Started)


async def test_two_who_talk_have_their_own_time_whatever_became_of_the_event(
    plugin: Plugin,
) -> None:
    event = await an_online_event(starts_in=-1000 * HOUR)
    room = await rooms.provide_for_talk(
        UUID(int=7),
        event.id,
        slug="abcde-fghij-klmno-pqrst",
        starts_at=clock.now(),
        ends_at=clock.now() + HOUR,
        now=clock.now(),
    )
    await Event.filter(id=event.id).update(status=Status.CANCELLED)

    assert isinstance(await plugin.open(room.slug), Started)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="none"),
        pytest.param("wrong", id="wrong"),
        pytest.param(TOKEN[:-1], id="cut"),
        pytest.param(f"{TOKEN},{NEXT_TOKEN}", id="both"),
        pytest.param("ä", id="umlaut"),
    ],
)
async def test_nobody_else_may_ask(plugin: Plugin, token: str) -> None:
    room = await a_room()
    stranger = replace(plugin, token=token)

    refused = await stranger.open(room.slug)

    assert words(refused) == "401 Diese Adresse ist allein für den Raumserver."
    assert await RoomMeeting.all().count() == 0


async def test_both_tokens_are_accepted_while_one_replaces_the_other(
    plugin: Plugin,
) -> None:
    room = await a_room()

    assert isinstance(await replace(plugin, token=NEXT_TOKEN).open(room.slug), Started)


def a_post(body: bytes, *lines: bytes, length: int | None = None) -> bytes:
    head = [
        b"POST /jitsi/conference HTTP/1.1",
        b"Host: " + HOST.encode(),
        b"Authorization: Bearer " + TOKEN.encode(),
        b"Connection: close",
        *(lines or (b"Content-Type: application/x-www-form-urlencoded",)),
        b"Content-Length: %d" % (len(body) if length is None else length),
    ]
    return b"\r\n".join([*head, b"", b""]) + body


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        pytest.param(a_post(b""), 404, id="nothing"),
        pytest.param(a_post(b"name"), 404, id="a name without a value"),
        pytest.param(a_post(b"start_time=x&mail_owner=y"), 404, id="no name"),
        pytest.param(a_post(b"name=a&name=b"), 404, id="two names"),
        pytest.param(a_post(b"name=%ff%fe"), 400, id="no UTF-8"),
        pytest.param(a_post(b"name=" + b"a" * 5000), 413, id="too long"),
        pytest.param(a_post(b"a&" * 100), 400, id="a hundred fields"),
        pytest.param(
            a_post(b'{"name":"a"}', b"Content-Type: application/json"), 415, id="json"
        ),
        pytest.param(a_post(b"name=a", b"X-None: 1"), 415, id="no kind"),
        pytest.param(
            a_post(b"name=a").replace(b"POST", b"PUT"), 405, id="another method"
        ),
    ],
)
async def test_a_request_that_is_none_gets_words_and_not_a_null(
    plugin: Plugin, raw: bytes, status: int
) -> None:
    reply = await sent(plugin.port, raw)

    assert reply.status == status
    refused = plugin._believe(Reply(status, {}, reply.body), "a", clock.now())
    assert isinstance(refused, NotStarted)
    assert refused.text != "Rejected by reservation server"


async def test_the_decision_is_one_read(plugin: Plugin) -> None:
    room = await a_room()
    await plugin.open(room.slug)
    plugin.restart()

    with counted() as statements:
        await plugin.open(room.slug)
    with counted() as of_a_stranger:
        await plugin.open("abcde-fghij-klmno-pqrst")

    # The other is the note for the self-test, made after the answer.
    for each in (statements, of_a_stranger):
        read = [it for it in each if it.startswith("SELECT")]
        assert len([it for it in read if '"server_call"' not in it]) == 1


async def test_while_the_database_is_away_it_is_asked_again_and_then_opens(
    plugin: Plugin, database: str
) -> None:
    room = await a_room()
    lock = await _locked(database)

    async def until_it_is_back(seconds: float) -> None:
        if len(plugin.asked) == 2:
            await lock()

    plugin.sleep = until_it_is_back
    started = await plugin.open(room.slug)

    assert isinstance(started, Started)
    assert len(plugin.asked) == 3
    assert await RoomMeeting.all().count() == 1


async def test_a_database_that_stays_away_ends_in_words(
    plugin: Plugin, database: str
) -> None:
    room = await a_room()
    lock = await _locked(database)
    plugin.retry_count = 1

    refused = await plugin.open(room.slug)
    await lock()

    assert isinstance(refused, NotStarted)
    assert refused.code == 503
    assert "Bitte versuchen Sie es" in refused.text


async def test_what_was_asked_last_is_noted_for_the_self_test(plugin: Plugin) -> None:
    room = await a_room()

    await plugin.open(room.slug)
    await asyncio.sleep(0.05)

    [call] = await ServerCall.all()
    assert (call.server, call.kind, call.status) == ("jitsi", "reservation", 200)
    said = words_of(await last_reservation("jitsi"), "Europe/Berlin").stands
    assert said.endswith(", by Prosody (0.12.3; posix).")


async def _locked(database: str) -> Any:  # Any: what lets go again
    """Keep everybody else from writing; a call lets go."""
    if ON_POSTGRES:
        other = await asyncpg.connect(database)
        await other.execute("BEGIN; LOCK TABLE room IN ACCESS EXCLUSIVE MODE")

        async def let_go() -> None:
            await other.close()

        return let_go
    file = sqlite3.connect(settings().sqlite_path, isolation_level=None)
    file.execute("BEGIN IMMEDIATE")

    async def end() -> None:
        file.close()

    return end


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b'{"message": null}',
        b'{"message": 3}',
    ],
)
def test_the_client_notices_a_refusal_that_would_wedge_the_server(body: bytes) -> None:
    plugin = Plugin(HOST, 1, TOKEN)

    with pytest.raises(Wedged):
        plugin._believe(Reply(403, {}, body), "a", clock.now())


@pytest.mark.parametrize(
    "change",
    [
        {"id": 7},
        {"name": 7},
        {"name": None},
        {"start_time": 1795358567},
    ],
    ids=str,
)
def test_the_client_notices_a_yes_that_would_wedge_the_server(change: Columns) -> None:
    yes = {
        "id": "x",
        "name": "a",
        "mail_owner": "o",
        "start_time": "2027-01-01T00:00:00Z",
        "duration": 60,
    }
    plugin = Plugin(HOST, 1, TOKEN)

    with pytest.raises(Wedged):
        plugin._believe(
            Reply(200, {}, json.dumps(yes | change).encode()), "a", clock.now()
        )
