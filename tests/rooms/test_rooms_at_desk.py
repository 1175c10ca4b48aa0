"""Hosts see all rooms of an event at the desk, and run each of them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tests.people import (
    a_member,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.rooms.bare_http import served
from tests.rooms.conftest import SECRET, forget
from tests.rooms.jitsi.test_jitsi_server import RSA_PEM
from tests.rooms.jitsi.test_prosody_calls import SYSTEM_PEM
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.prosody_double import Prosody
from tests.rooms.servers.servers import two_servers
from tests.rooms.tables.tables import tables_at
from tests.rooms.test_door import FROM_US
from tests.rooms.visitors import HOUR, a_registration, an_online_event

from werkraum_events.models import Event, Session
from werkraum_foundation import clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.models import AuditEntry, Role
from werkraum_foundation.outbox.worker import drain
from werkraum_registration.links import personal_token
from werkraum_registration.models import Registration
from werkraum_rooms import rooms
from werkraum_rooms.barring import put_out_again
from werkraum_rooms.hosting import end_now
from werkraum_rooms.jitsi.provider import JitsiProvider
from werkraum_rooms.models import Entrant, Room, RoomMeeting, RoomProbe, RoomStay
from werkraum_rooms.participants import May
from werkraum_rooms.room_news import News, NewsKind, take
from werkraum_rooms.servers.room_servers import room_servers


@pytest.fixture
async def prosody(
    environment: pytest.MonkeyPatch, client: httpx.AsyncClient
) -> AsyncIterator[Prosody]:
    """A server whose inner port we may use."""
    played = Prosody(Verifier("werkraum", SECRET.encode()))
    async with served(played) as url:
        environment.setenv("WERKRAUM_JITSI_URL", "https://meet.example.org")
        environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
        environment.setenv("WERKRAUM_JITSI_PRIVATE_KEY", RSA_PEM)
        environment.setenv("WERKRAUM_JITSI_DOMAIN", "meet.jitsi")
        environment.setenv("WERKRAUM_JITSI_INTERNAL_URL", url)
        environment.setenv("WERKRAUM_JITSI_SYSTEM_KEY", SYSTEM_PEM)
        forget()
        [server] = room_servers()
        assert isinstance(server, JitsiProvider)
        played.system = Verifier("werkraum", key_files=server.system_keys)
        yield played


async def a_room(client: httpx.AsyncClient, **changes: Any) -> Room:
    """Sign olga in, at an event whose room is open; `changes` are its columns."""
    event = await an_online_event(await olga_signed_in(client))
    room = await rooms.provide(event.id, now=clock.now())
    assert room is not None
    await Room.filter(id=room.id).update(**{"server": "", **changes})
    return await now_of(room)


async def now_of(room: Room) -> Room:
    return await Room.get(id=room.id).select_related("event")


def at(room: Room, step: str = "") -> str:
    return f"/desk/events/{room.event_id}/rooms/{room.id}{step}"


def door_of(registration: Registration) -> str:
    return f"/en/my/{personal_token(registration)}/door"


def overview(event: Event) -> str:
    return f"/desk/events/{event.id}/room"


# Any: what httpx takes as fields of a form.
async def sends(
    client: httpx.AsyncClient, room: Room, step: str, **fields: Any
) -> httpx.Response:
    return await client.post(at(room, step), data=fields, headers=FROM_US)


async def a_session(event: Event) -> Session:
    return await Session.create(
        event=event,
        title={"en": "Workshop A"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.starts_at + HOUR,
    )


async def is_in(room: Room, person: Registration | None, address: str) -> RoomStay:
    """Have somebody in the room, as the room server has told; None telephones."""
    ref = f"ref-{address}" if person else ""
    if person:
        await Entrant.create(
            room=room, person_id=person.id, ref=ref, entered_at=clock.now()
        )
    return await RoomStay.create(
        room=room,
        occupant=address,
        ref=ref,
        address=f"{address}-7f00-4c3e@meet.jitsi/x",
        joined_at=clock.now(),
    )


async def in_use(room: Room, prosody: Prosody, *nicks: str) -> None:
    prosody.open(room.slug, *nicks)
    await RoomMeeting.create(
        room=room, server="jitsi", opened_at=clock.now(), open_for=room.id
    )


async def deeds_at(room: Room) -> list[str]:
    noted = await AuditEntry.filter(subject_id=room.id).order_by("id")
    return [it.action for it in noted]


async def test_the_overview_names_every_room_and_how_many_are_in(
    client: httpx.AsyncClient, asking: Verifier
) -> None:
    room = await a_room(client, present=12, present_at=clock.now())
    await tables_at(room.event, 4)

    page = await client.get(overview(room.event))

    assert "12 people in the room, as of" in page.text
    assert "Table 1" in page.text
    assert "Nothing heard yet." in page.text


async def test_a_part_of_the_programme_gets_a_room_and_gives_it_up_unused(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    main = await a_room(client)
    session = await a_session(main.event)
    given = {"session": str(session.id)}
    for _ in range(2):
        await client.post(
            f"/desk/events/{main.event_id}/rooms", data=given, headers=FROM_US
        )
    own = await Room.get(session_id=session.id)

    assert "Workshop A" in (await client.get(at(own))).text
    gone = await sends(client, own, "/remove")

    assert gone.status_code == 303
    assert await Room.filter(session_id=session.id).count() == 0


async def test_a_room_somebody_was_in_stays(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    main = await a_room(client)
    own = await rooms.provide_for_session(await a_session(main.event), now=clock.now())
    await is_in(own, await a_registration(main.event), "anna")

    refused = await sends(client, own, "/remove")

    assert refused.status_code == 409
    assert await Room.filter(id=own.id).exists()


async def test_the_room_of_all_is_not_given_up(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    room = await a_room(client)

    assert (await sends(client, room, "/remove")).status_code == 404
    assert await Room.filter(id=room.id).exists()


async def test_the_options_are_kept_within_their_bounds(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    room = await a_room(client)

    wrong = await sends(
        client, room, "/options", lead_minutes="14", grace_minutes="241"
    )
    await sends(
        client,
        room,
        "/options",
        lead_minutes="30",
        grace_minutes="90",
        lobby="on",
        may_chat="on",
        may_poll="on",
        most_people="40",
    )

    assert wrong.status_code == 422
    assert "from 15 to 120" in wrong.text
    room = await now_of(room)
    assert (room.lead_minutes, room.grace_minutes) == (30, 90)
    assert (room.lobby, room.recorded, room.most_people) == (True, False, 40)
    assert room.may == {May.CHAT, May.POLL}
    assert await deeds_at(room) == ["room.set_up"]


async def test_a_room_in_use_says_what_holds_from_its_next_opening(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    await in_use(room, prosody, "anna")

    page = await client.get(at(room))

    assert "hold from its next opening" in page.text
    assert "In use" in page.text


async def test_the_room_moves_to_the_other_server_with_one_button(
    client: httpx.AsyncClient, environment: pytest.MonkeyPatch
) -> None:
    two_servers(environment)
    room = await a_room(client)

    shown = await client.get(at(room))
    await sends(client, room, "/server", server="second")

    assert "Move to Zweiter Server" in shown.text
    assert (await now_of(room)).server == "second"
    assert await deeds_at(room) == ["room.move"]


async def test_a_server_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    room = await a_room(client)

    refused = await sends(client, room, "/server", server="elsewhere")

    assert refused.status_code == 404


async def test_ending_asks_first_and_then_closes_for_all(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    await in_use(room, prosody, "anna", "olga")
    anna = await a_registration(room.event)

    question = await sends(client, room, "/end")
    assert ("End the room now?" in question.text, (await now_of(room)).ended_at) == (
        True,
        None,
    )
    await sends(client, room, "/end", sure="on")
    await drain()

    assert room.slug not in prosody.rooms
    assert not await RoomMeeting.filter(open_for=room.id).exists()
    page = await client.get(at(room))
    assert "Ended by a host" in page.text
    assert anna.name not in page.text


async def test_however_many_end_a_room_at_once_it_is_ended_once(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)

    await asyncio.gather(
        *(
            end_now(room.event, room.id, actor=f"host:{it}", now=clock.now())
            for it in range(8)
        )
    )

    assert await deeds_at(room) == ["room.end"]


async def test_a_rehearsal_ends_and_hosts_may_come_again(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    starts_at = clock.now() + HOUR / 2
    times = {"starts_at": starts_at, "ends_at": starts_at + HOUR}
    await Event.filter(id=room.event_id).update(**times)
    await in_use(room, prosody, "olga")

    question = await sends(client, room, "/end")
    done = await sends(client, room, "/end", sure="on")
    await drain()

    assert "At its time it opens for everybody as planned." in question.text
    assert room.slug not in prosody.rooms
    page = await client.get(done.headers["location"])
    assert "Whoever was in the room is asked to leave it." in page.text
    assert "Open for hosts" in page.text and "Ended by a host" not in page.text


async def test_an_ended_room_opens_again_while_its_time_is_not_over(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    room = await a_room(client, ended_at=clock.now())

    shown, all_rooms = (
        await client.get(at(room)),
        await client.get(overview(room.event)),
    )
    await sends(client, room, "/reopen")

    assert "Open it again" in shown.text
    assert "A host has ended the room." in all_rooms.text
    assert (await now_of(room)).ended_at is None
    assert await deeds_at(room) == ["room.open_again"]


async def test_after_its_time_no_room_opens_again(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    room = await a_room(client, ended_at=clock.now())
    times = {"starts_at": clock.now() - 5 * HOUR, "ends_at": clock.now() - 4 * HOUR}
    await Event.filter(id=room.event_id).update(**times)

    refused = await sends(client, room, "/reopen")

    assert refused.status_code == 410
    assert (await now_of(room)).ended_at is not None


async def test_who_is_in_is_named_and_put_out(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    await in_use(room, prosody, "a1b2c3d4", "phone")
    anna = await a_registration(room.event, name="Anna B")
    stay = await is_in(room, anna, "a1b2c3d4")
    await is_in(room, None, "phone")

    page = await client.get(at(room))
    done = await sends(client, room, "/leave", stay=str(stay.id))

    assert "Anna B" in page.text
    assert "By telephone" in page.text
    assert list(prosody.rooms.values()) == [["phone"]]
    after = await client.get(done.headers["location"])
    assert "The person is out of the room." in after.text
    assert await deeds_at(room) == ["room.put_out"]


async def test_whoever_was_put_out_is_not_let_in_until_a_host_says_so(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    await in_use(room, prosody, "a1b2c3d4")
    anna = await a_registration(room.event, name="Anna B")
    stay = await is_in(room, anna, "a1b2c3d4")
    await sends(client, room, "/leave", stay=str(stay.id))

    refused = await client.post(door_of(anna), data={"name": "Anna"}, headers=FROM_US)
    shown = await client.get(at(room))
    await sends(client, room, "/return", person=str(anna.id))
    let_in = await client.post(door_of(anna), data={"name": "Anna"}, headers=FROM_US)

    assert refused.status_code == 403
    assert "put you out of this room" in refused.text
    assert room.slug not in refused.text
    assert "Put out of the room" in shown.text and "Let in again" in shown.text
    assert (let_in.status_code, room.slug in let_in.text) == (200, True)
    assert "Let in again" not in (await client.get(at(room))).text
    assert await deeds_at(room) == ["room.put_out", "room.let_in_again"]


async def test_who_comes_back_with_an_old_link_is_put_out_once_more(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    await in_use(room, prosody, "a1b2c3d4")
    anna = await a_registration(room.event)
    stay = await is_in(room, anna, "a1b2c3d4")
    await sends(client, room, "/leave", stay=str(stay.id))

    prosody.open(room.slug, "e5f6a7b8")
    news = News(
        NewsKind.JOINED,
        room.slug,
        clock.now(),
        "again",
        occupant="again",
        ref=stay.ref,
        address="e5f6a7b8-7f00-4c3e@meet.jitsi/y",
    )
    await take("jitsi", news, now=clock.now())
    await drain()

    assert list(prosody.rooms.values()) in ([], [[]])


async def test_all_devices_of_a_person_are_put_out(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    await in_use(room, prosody, "a1b2c3d4", "e5f6a7b8")
    anna = await a_registration(room.event)
    stay = await is_in(room, anna, "a1b2c3d4")
    await RoomStay.create(
        room=room,
        occupant="telephone",
        ref=stay.ref,
        address="e5f6a7b8-7f00-4c3e@meet.jitsi/y",
        joined_at=clock.now(),
    )

    await sends(client, room, "/leave", stay=str(stay.id))

    assert list(prosody.rooms.values()) in ([], [[]])


async def test_who_may_come_in_again_is_not_put_out_by_what_was_planned(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    await in_use(room, prosody, "a1b2c3d4")
    anna = await a_registration(room.event)
    stay = await is_in(room, anna, "a1b2c3d4")
    await Entrant.filter(person_id=anna.id).update(barred_at=clock.now())
    await unit_of_work(put_out_again)(stay, room.event.organiser_id)

    await sends(client, room, "/return", person=str(anna.id))
    await drain()

    assert list(prosody.rooms.values()) == [["a1b2c3d4"]]


async def test_who_is_in_a_breakout_is_put_out_on_coming_back(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    await in_use(room, prosody, "olga")
    stay = await is_in(room, await a_registration(room.event), "a1b2c3d4")
    await RoomStay.filter(id=stay.id).update(in_breakout=True)

    shown = await client.get(at(room))
    done = await sends(client, room, "/leave", stay=str(stay.id))

    assert "in a breakout room" in shown.text
    after = await client.get(done.headers["location"])
    assert "is put out on coming back" in after.text
    assert await Entrant.exists(barred_at__isnull=False)


async def test_a_host_who_is_put_out_may_come_again(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    await in_use(room, prosody, "a1b2c3d4")
    stay = await is_in(room, await a_registration(room.event), "a1b2c3d4")
    await Entrant.filter(room_id=room.id).update(host=True)

    await sends(client, room, "/leave", stay=str(stay.id))

    assert not await Entrant.exists(barred_at__isnull=False)


async def test_who_had_left_already_is_said_to_have(
    client: httpx.AsyncClient, prosody: Prosody
) -> None:
    room = await a_room(client)
    stay = await is_in(room, await a_registration(room.event), "a1b2c3d4")
    await RoomStay.filter(id=stay.id).update(left_at=clock.now(), address="")

    done = await sends(client, room, "/leave", stay=str(stay.id))

    after = await client.get(done.headers["location"])
    assert "The person had left already." in after.text


async def test_without_the_inner_port_a_host_puts_out_inside_the_room(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    room = await a_room(client)
    anna = await a_registration(room.event)
    stay = await is_in(room, anna, "anna")

    page = await client.get(at(room))
    await sends(client, room, "/leave", stay=str(stay.id))

    assert "the room itself has a button for it" in page.text
    assert "Do not let in again" in page.text
    assert await Entrant.exists(person_id=anna.id, barred_at__isnull=False)


async def test_the_last_look_is_told_in_words(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    room = await a_room(client)
    await RoomProbe.create(
        room=room,
        server="jitsi",
        occasion="hour",
        at=clock.now(),
        well=False,
        findings=[
            {"check": "tls", "well": False, "why": "expired", "values": {}},
        ],
    )

    page = await client.get(at(room))

    assert "It has expired. Browsers let nobody in." in page.text


async def test_looking_now_leaves_a_new_look(
    client: httpx.AsyncClient, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("WERKRAUM_JITSI_URL", "http://127.0.0.1:9")
    environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
    environment.setenv("WERKRAUM_JITSI_APP_SECRET", SECRET)
    room = await a_room(client)

    looked = await sends(client, room, "/look")

    assert looked.status_code == 303
    assert not (await RoomProbe.get()).well
    assert "Not well" in (await client.get(at(room))).text


async def test_a_host_enters_a_table_as_moderator(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    main = await a_room(client)
    await tables_at(main.event, 4)
    table = await Room.get(table_id__isnull=False)

    page = await sends(client, table, "")

    assert page.status_code == 200
    assert table.slug in page.text


STEPS = (
    "",
    "/options",
    "/server",
    "/look",
    "/end",
    "/reopen",
    "/leave",
    "/return",
    "/remove",
)


@pytest.mark.parametrize("step", STEPS)
async def test_otto_runs_no_room_of_olga(
    step: str, client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    room = await a_room(client)
    own = await an_online_event(await otto_signed_in(client))
    strange = f"/desk/events/{own.id}/rooms/{room.id}{step}"

    refused = await client.post(at(room, step), headers=FROM_US)
    # The id of olga's room below an event of his own.
    await client.post(strange, headers=FROM_US)
    await client.post(strange, data={"server": "jitsi"}, headers=FROM_US)
    await client.post(strange, data={"sure": "on"}, headers=FROM_US)

    assert refused.status_code == 404
    after = await now_of(room)
    assert (after.ended_at, after.server) == (None, "")
    assert await Room.filter(id=room.id).exists()


async def test_a_reader_runs_no_room(
    client: httpx.AsyncClient, jitsi: Verifier
) -> None:
    organiser = await an_organiser()
    await signed_in(client, await a_member(organiser, role=Role.READER))
    event = await an_online_event(organiser)
    room = await rooms.provide(event.id, now=clock.now())
    assert room is not None

    assert (await client.get(at(room))).status_code == 403
