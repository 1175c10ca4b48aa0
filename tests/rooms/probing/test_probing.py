"""Rooms are looked at before they are needed; the team hears when one is not well."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from tests.letter_reader import must_say_the_same
from tests.people import a_member, an_event, an_organiser
from tests.rooms.bare_http import Asked, Said, served
from tests.rooms.certificates import CertificateMaker
from tests.rooms.conftest import SECRET, forget
from tests.rooms.jitsi.test_jitsi_look import a_server
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.jitsi_web_double import JitsiWeb
from tests.rooms.servers.servers import OTHER_SECRET
from tests.server.postbox import delivered, html_of, text_of, throw_away

from werkraum_events.models import Event, Mode, Session, Status
from werkraum_foundation import clock
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Job, Role
from werkraum_rooms import rooms
from werkraum_rooms.models import BreakoutTable, Occasion, Room, RoomProbe
from werkraum_rooms.probing import probe_times
from werkraum_rooms.probing.probing import findings_at, hand_out_looks, look_now
from werkraum_rooms.queries import placed_room
from werkraum_rooms.rules import Opening
from werkraum_rooms.servers.own_address import our_side
from werkraum_rooms.servers.plain_link import LINK

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEAD = 15 * MINUTE


@dataclass
class TwoServers:
    first: JitsiWeb
    second: JitsiWeb

    def break_first(self) -> None:
        self.first.prosody_away = True


@pytest.fixture
async def servers(
    environment: pytest.MonkeyPatch, client: object
) -> AsyncIterator[TwoServers]:
    """Two servers on this machine that let our people in; the letters thrown away."""
    throw_away()
    both = TwoServers(
        JitsiWeb(Verifier("werkraum", SECRET.encode())),
        JitsiWeb(Verifier("werkraum", OTHER_SECRET.encode())),
    )
    async with served(both.first) as first, served(both.second) as second:
        environment.setenv("WERKRAUM_JITSI_URL", first)
        environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
        environment.setenv("WERKRAUM_JITSI_APP_SECRET", SECRET)
        environment.setenv("WERKRAUM_JITSI_DOMAIN", "meet.jitsi")
        environment.setenv(
            "WERKRAUM_ROOM_SERVERS",
            '[[server]]\nkey = "second"\nkind = "jitsi"\nname = "Zweiter Server"\n'
            f'url = "{second}"\napp_id = "werkraum"\ndomain = "meet.jitsi"\n'
            f'app_secret = "{OTHER_SECRET}"\n',
        )
        forget()
        yield both


async def a_room(opens_in: timedelta) -> Room:
    """Make an event with a team whose room opens so long from now."""
    organiser = await an_organiser()
    await a_member(organiser)
    await a_member(organiser, "Rita", "rita@network.example", Role.READER)
    starts_at = clock.now() + opens_in + LEAD
    event = await an_event(
        organiser,
        seats={Mode.ONLINE: None},
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
    )
    room = await rooms.provide(event.id, now=clock.now())
    assert room is not None
    return room


async def a_minute_passes() -> list[str]:
    """Do what is due; the subjects of the letters."""
    await hand_out_looks(clock.now())
    return [letter["subject"] for letter in await delivered()]


async def looks(room: Room) -> list[tuple[str, str, bool]]:
    found = await RoomProbe.filter(room=room).order_by("at")
    return [(it.occasion.value, it.server, it.well) for it in found]


OPENS = datetime.fromisoformat("2027-03-04T13:00+00:00")


@pytest.mark.parametrize(
    ("before", "occasion"),
    [
        (DAY + MINUTE, None),
        (DAY, Occasion.DAY),
        (HOUR + MINUTE, Occasion.DAY),
        (HOUR, Occasion.HOUR),
        (11 * MINUTE, Occasion.HOUR),
        (10 * MINUTE, Occasion.MINUTES),
        (-14 * MINUTE, Occasion.MINUTES),
        (-15 * MINUTE, None),
    ],
)
def test_of_the_looks_whose_time_has_come_the_latest_is_due(
    before: timedelta, occasion: Occasion | None
) -> None:
    opening = Opening(OPENS, OPENS + HOUR)

    assert probe_times.due(opening, OPENS + LEAD, now=OPENS - before) is occasion


async def test_a_room_that_is_well_is_looked_at_once_and_nobody_is_told(
    servers: TwoServers,
) -> None:
    room = await a_room(opens_in=20 * HOUR)

    assert await a_minute_passes() == await a_minute_passes() == []
    assert await looks(room) == [("day", "jitsi", True)]
    assert servers.first.logins == 1


@pytest.mark.parametrize(
    ("ended", "looked"), [(-DAY, True), (16 * MINUTE, False)], ids=["before", "now"]
)
async def test_only_a_room_that_was_ended_for_this_time_needs_no_look(
    servers: TwoServers, ended: timedelta, looked: bool
) -> None:
    room = await a_room(opens_in=5 * MINUTE)
    await Room.filter(id=room.id).update(ended_at=clock.now() + ended)

    await a_minute_passes()

    assert bool(await looks(room)) is looked


async def test_it_is_looked_at_again_where_it_has_moved_to(
    servers: TwoServers,
) -> None:
    room = await a_room(opens_in=20 * HOUR)
    await a_minute_passes()
    later = clock.now() + 30 * DAY
    await Event.all().update(starts_at=later, ends_at=later + HOUR)
    await a_minute_passes()

    soon = clock.now() + LEAD + 5 * MINUTE
    await Event.all().update(starts_at=soon, ends_at=soon + HOUR)
    await a_minute_passes()

    assert [occasion for occasion, _, _ in await looks(room)] == ["day", "minutes"]


@pytest.mark.parametrize(
    "change",
    [{"status": Status.CANCELLED}, {"status": Status.DRAFT}, {"online": False}],
    ids=["called off", "withdrawn", "no longer online"],
)
async def test_a_look_that_has_lost_its_cause_is_not_taken(
    change: dict[str, object], servers: TwoServers
) -> None:
    room = await a_room(opens_in=30 * MINUTE)
    await hand_out_looks(clock.now())
    await Event.all().update(**change)

    assert await a_minute_passes() == []
    assert await looks(room) == []


async def test_the_team_hears_why_and_what_to_do(servers: TwoServers) -> None:
    servers.break_first()
    await a_room(opens_in=20 * HOUR)

    await hand_out_looks(clock.now())
    [letter] = await delivered()

    assert letter["to"] == "Olga <olga@network.example>"
    assert letter["subject"] == "The video room is not well: Youth forum"
    text = " ".join(text_of(letter).split())
    assert "the XMPP server behind it is not" in text
    assert "Please have Prosody started" in text
    must_say_the_same(text_of(letter), html_of(letter))
    assert await a_minute_passes() == []


async def test_an_hour_before_it_goes_to_a_server_that_is_well(
    servers: TwoServers,
) -> None:
    servers.break_first()
    room = await a_room(opens_in=30 * MINUTE)

    assert await a_minute_passes() == [
        "The video room has moved to another server: Youth forum"
    ]
    await room.refresh_from_db()
    assert (room.server, room.fallen_from) == ("second", "jitsi")
    assert await looks(room) == [("hour", "jitsi", False), ("hour", "second", True)]


async def test_its_tables_go_with_it(servers: TwoServers) -> None:
    servers.break_first()
    room = await a_room(opens_in=30 * MINUTE)
    table = await BreakoutTable.create(
        event_id=room.event_id, position=1, title={"en": "Bus"}, created_at=clock.now()
    )
    of_table = await rooms.provide_for_table(table, now=clock.now())

    await a_minute_passes()

    await of_table.refresh_from_db()
    assert of_table.server == "second"
    assert await looks(of_table) == []


async def test_where_only_the_events_own_link_is_left_its_tables_stay(
    servers: TwoServers,
) -> None:
    servers.break_first()
    servers.second.prosody_away = True
    room = await a_room(opens_in=30 * MINUTE)
    await Event.all().update(online_link="http://127.0.0.1:9/meeting")
    table = await BreakoutTable.create(
        event_id=room.event_id, position=1, title={"en": "Bus"}, created_at=clock.now()
    )
    of_table = await rooms.provide_for_table(table, now=clock.now())

    await a_minute_passes()

    await room.refresh_from_db()
    await of_table.refresh_from_db()
    assert (room.server, of_table.server) == (LINK.key, "")


async def test_it_stays_where_only_our_own_address_does_not_answer_us(
    servers: TwoServers, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("WERKRAUM_JITSI_API_TOKEN", "Kq7vN2xLw9Rt4Yb8Hc3Ds6Fg1Pa5Ue0Jm")
    environment.setenv("WERKRAUM_BASE_URL", "http://127.0.0.1:9")
    forget()
    room = await a_room(opens_in=5 * MINUTE)

    assert await a_minute_passes() == ["The video room is not well: Youth forum"]
    await room.refresh_from_db()
    assert room.server == ""


@pytest.mark.parametrize(
    ("left", "found"),
    [
        pytest.param(60 * DAY, (True, ""), id="for long"),
        pytest.param(13 * DAY, (True, "ends_soon"), id="longer than the room"),
        pytest.param(DAY, (False, "ends_before"), id="less long than the room"),
    ],
)
async def test_a_certificate_must_hold_until_the_room_closes(
    left: timedelta,
    found: tuple[bool, str],
    database: str,
    certificates: CertificateMaker,
) -> None:
    room = await a_room(opens_in=2 * DAY)
    placed = await placed_room(room.id)
    assert placed
    theirs, trusted = certificates("localhost", left + HOUR)
    verifier = Verifier("werkraum", SECRET.encode())
    async with served(JitsiWeb(verifier), tls=theirs) as url:
        server = a_server(url, trusted=trusted)
        findings = await findings_at(server, placed, now=clock.now())

    [seen] = [it for it in findings if it.check == "tls"]
    assert (seen.well, seen.why) == found


async def test_it_stays_where_people_are(servers: TwoServers) -> None:
    servers.break_first()
    room = await a_room(opens_in=5 * MINUTE)
    await Room.all().update(present=1)

    assert await a_minute_passes() == ["The video room is not well: Youth forum"]
    await room.refresh_from_db()
    assert room.server == ""


async def test_it_stays_where_no_other_server_is_well(servers: TwoServers) -> None:
    servers.break_first()
    servers.second.verifier = Verifier("werkraum", b"x" * 32)
    room = await a_room(opens_in=5 * MINUTE)

    assert await a_minute_passes() == ["The video room is not well: Youth forum"]
    await room.refresh_from_db()
    assert room.server == ""


async def test_the_team_hears_when_all_is_well_again(servers: TwoServers) -> None:
    servers.break_first()
    room = await a_room(opens_in=20 * HOUR)
    await a_minute_passes()
    servers.first.prosody_away = False
    soon = clock.now() + LEAD + 30 * MINUTE
    await Event.all().update(starts_at=soon, ends_at=soon + HOUR)
    await look_now(room.id, now=clock.now())

    assert await a_minute_passes() == ["The video room is well again: Youth forum"]


async def test_whoever_looks_by_hand_reads_it_and_nobody_is_told(
    servers: TwoServers,
) -> None:
    servers.break_first()
    room = await a_room(opens_in=5 * DAY)

    probe = await look_now(room.id, now=clock.now())

    assert not probe.well
    assert await delivered() == []
    assert await looks(room) == [("by_hand", "jitsi", False)]


async def test_a_part_of_the_programme_is_looked_at_before_its_own_time(
    servers: TwoServers,
) -> None:
    room = await a_room(opens_in=10 * MINUTE)
    start = clock.now() + 3 * HOUR
    session = await Session.create(
        event_id=room.event_id,
        title={"en": "Workshop"},
        description={},
        speakers=[],
        starts_at=start,
        ends_at=start + HOUR,
    )
    of_session = await rooms.provide_for_session(session, now=clock.now())

    await a_minute_passes()

    assert await looks(of_session) == [("day", "jitsi", True)]
    assert await looks(room) == [("minutes", "jitsi", True)]


async def test_without_a_room_server_there_is_nothing_to_look_at(
    client: object,
) -> None:
    await a_room(opens_in=5 * MINUTE)

    assert await hand_out_looks(clock.now()) == 0
    assert not await Job.filter(name="room:look").exists()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Said(401, b'{"code": "not_a_room_server"}'), (True, "")),
        (Said(404, b"<html>"), (False, "not_ours")),
        (Said(401, b"<html>Log in</html>"), (False, "not_ours")),
    ],
)
async def test_our_address_is_asked_as_the_room_server_asks(
    answer: Said,
    found: tuple[bool, str],
    database: str,
    environment: pytest.MonkeyPatch,
) -> None:
    async def proxy(asked: Asked) -> Said:
        assert (asked.method, asked.path) == ("POST", "/jitsi/conference")
        return answer

    async with served(proxy) as url:
        environment.setenv("WERKRAUM_JITSI_CALLS_URL", url)
        environment.setenv("WERKRAUM_JITSI_URL", "https://meet.example.org")
        environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
        environment.setenv("WERKRAUM_JITSI_APP_SECRET", SECRET)
        environment.setenv("WERKRAUM_JITSI_API_TOKEN", f"token-{uuid7()}")
        own, calls = await our_side("jitsi")

    assert (own.well, own.why) == found
    assert (calls.well, calls.why) == (None, "never_asked")
