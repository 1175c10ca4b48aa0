"""What 8x8 tells of its rooms is taken in once, from 8x8 alone (bad inputs B66)."""

import json
import logging
import time
from collections.abc import Callable

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from tests.rooms.jaas_sender import JaasSender, Told, of_anna, signature
from tests.rooms.visitors import an_online_event

from werkraum_foundation import clock
from werkraum_foundation.database import rows
from werkraum_rooms.models import Room, RoomMeeting, RoomNews, RoomStay, ServerCall
from werkraum_rooms.rooms import provide

APP = "vpaas-magic-cookie-0123456789abcdef"
SECRET = "of-the-webhooks-Kq7vN2xLw9Rt4Yb8Hc3D"
OTHER = "of-nobody-Ww3rT8yUi1Op6As9Df4Gh7Jk2L"
PEM = (
    generate_private_key(65537, 2048)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)


@pytest.fixture
def jaas(client: httpx.AsyncClient, environment: pytest.MonkeyPatch) -> JaasSender:
    environment.setenv(
        "WERKRAUM_ROOM_SERVERS",
        f'[[server]]\nkey = "hosted"\nkind = "jaas"\napp_id = "{APP}"\n'
        f'key_id = "{APP}/4f21a0"\nprivate_key = """{PEM}"""\n'
        f'api_token = "{SECRET}"\n',
    )
    return JaasSender(client, APP, SECRET)


async def a_room() -> Room:
    event = await an_online_event()
    room = await provide(event.id, now=clock.now())
    assert room
    return room


async def test_whoever_comes_and_goes_is_counted(jaas: JaasSender) -> None:
    room = await a_room()
    for kind, person in (
        ("ROOM_CREATED", {}),
        ("PARTICIPANT_JOINED", of_anna("u-1", "aaaa1111")),
        ("PARTICIPANT_JOINED", of_anna("u-2", "bbbb2222")),
        ("PARTICIPANT_LEFT", of_anna("u-1", "aaaa1111")),
    ):
        answer = await jaas.send(jaas.told(kind, room.slug, **person))
        assert answer.status_code == 200

    await room.refresh_from_db()
    assert room.present == 1
    [stay] = await RoomStay.filter(room_id=room.id, left_at=None)
    assert stay.ref == "u-2"
    meeting = await RoomMeeting.get(room_id=room.id)
    assert (meeting.server, meeting.most_present) == ("hosted", 2)


async def test_the_last_who_leaves_closes_the_room(jaas: JaasSender) -> None:
    room = await a_room()
    for ago, kind in ((60, "ROOM_CREATED"), (0, "ROOM_DESTROYED")):
        await jaas.send(jaas.told(kind, room.slug, seconds_ago=ago))

    meeting = await RoomMeeting.get(room_id=room.id)
    assert meeting.closed_at and meeting.open_for is None


async def test_joined_may_be_told_before_created_and_left_before_joined(
    jaas: JaasSender,
) -> None:
    room, anna = await a_room(), of_anna("u-1")
    for ago, kind in (
        (10, "PARTICIPANT_LEFT"),
        (50, "PARTICIPANT_JOINED"),
        (60, "ROOM_CREATED"),
    ):
        told = jaas.told(kind, room.slug, seconds_ago=ago, **anna)
        assert (await jaas.send(told)).status_code == 200

    [stay] = await RoomStay.filter(room_id=room.id)
    assert stay.joined_at and stay.left_at and stay.joined_at < stay.left_at
    await room.refresh_from_db()
    assert room.present == 0


async def test_a_replay_is_answered_and_applied_once(jaas: JaasSender) -> None:
    room = await a_room()
    told = jaas.told("PARTICIPANT_JOINED", room.slug, **of_anna("u-1"))
    body, moment = json.dumps(told).encode(), int(time.time())
    header = f"t={moment},v1={signature(SECRET, moment, body)}"

    answers = [await jaas.send_as(body, header) for _ in range(3)]
    again = await jaas.send(told)  # signed anew, as 8x8 does

    assert [it.status_code for it in (*answers, again)] == [200] * 4
    assert await RoomNews.all().count() == 1
    assert await RoomStay.all().count() == 1


async def nothing_happened() -> bool:
    return not (await RoomNews.exists() or await RoomStay.exists())


@pytest.mark.parametrize(
    ("header", "code"),
    [
        pytest.param(lambda body, now: None, "not_signed", id="none"),
        pytest.param(lambda body, now: "", "not_signed", id="empty"),
        pytest.param(lambda body, now: "t=1,v1=AAAA", "not_signed", id="made up"),
        pytest.param(
            lambda body, now: f"t={now},v1={signature(OTHER, now, body)}",
            "not_signed",
            id="another secret",
        ),
        pytest.param(
            lambda body, now: f"t={now},v1={signature(SECRET, now, body + b' ')}",
            "not_signed",
            id="another body",
        ),
        pytest.param(
            lambda body, now: f"t={now},v1={signature(SECRET, now - 301, body)}",
            "not_signed",
            id="made young",
        ),
        pytest.param(
            lambda body, now: f"t={now - 301},v1={signature(SECRET, now - 301, body)}",
            "signed_long_ago",
            id="old",
        ),
        pytest.param(
            lambda body, now: f"t={now + 400},v1={signature(SECRET, now + 400, body)}",
            "signed_long_ago",
            id="of tomorrow",
        ),
        pytest.param(lambda body, now: f"Bearer {SECRET}", "not_signed", id="bearer"),
    ],
)
async def test_b66_whatever_is_not_signed_now_is_401(
    jaas: JaasSender, header: Callable[[bytes, int], str | None], code: str
) -> None:
    room = await a_room()
    told = jaas.told("PARTICIPANT_JOINED", room.slug, **of_anna("u-1"))
    body = json.dumps(told).encode()

    answer = await jaas.send_as(body, header(body, int(time.time())))

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["cache-control"] == "no-store"
    assert await nothing_happened()


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
async def test_b66_another_content_type_is_415(jaas: JaasSender, kind: str) -> None:
    told = jaas.told("ROOM_CREATED", (await a_room()).slug)

    assert (await jaas.send(told, kind=kind)).status_code == 415
    assert await nothing_happened()


async def test_b66_five_megabytes_are_413_signed_or_not(jaas: JaasSender) -> None:
    told = jaas.told("ROOM_CREATED", (await a_room()).slug, name="x" * 5_000_000)

    assert (await jaas.send(told)).status_code == 413
    assert (await jaas.send(told, secret=OTHER)).status_code == 413
    assert await nothing_happened()


@pytest.mark.parametrize("kind", ["USAGE", "SETTINGS_PROVISIONING", "", "room_created"])
async def test_b66_an_unknown_event_is_heard_and_ignored(
    jaas: JaasSender, kind: str
) -> None:
    told = jaas.told(kind, (await a_room()).slug, **of_anna("u-1"))

    assert (await jaas.send(told)).status_code == 202
    assert await nothing_happened()


@pytest.mark.parametrize(
    "fqn", ["", "/", APP, f"{APP}/", f"{APP}x/{{slug}}", "{slug}", f"{APP}/a b"]
)
async def test_a_room_of_another_tenant_is_nothing_to_us(
    jaas: JaasSender, fqn: str
) -> None:
    slug = (await a_room()).slug
    told = jaas.told("PARTICIPANT_JOINED", slug, **of_anna("u-1"))

    answer = await jaas.send({**told, "fqn": fqn.format(slug=slug)})

    assert answer.status_code == 202
    assert await nothing_happened()


async def test_a_room_that_we_never_had_changes_nothing(jaas: JaasSender) -> None:
    told = jaas.told("PARTICIPANT_JOINED", "abcde-fghjk-mnpqr-stuvw", **of_anna("u-1"))

    assert (await jaas.send(told)).status_code == 200
    assert not await RoomStay.exists()


async def test_a_room_inside_the_room_opens_nothing_but_its_people_are_here(
    jaas: JaasSender,
) -> None:
    room = await a_room()
    inner: Told = {"isBreakout": True, "breakoutRoomId": "e0f49fd5"}
    opened = await jaas.send(jaas.told("ROOM_CREATED", room.slug, **inner))
    await jaas.send(
        jaas.told("PARTICIPANT_JOINED", room.slug, **{**of_anna("u-1"), **inner})
    )

    assert opened.status_code == 202
    assert not await RoomMeeting.exists()
    await room.refresh_from_db()
    assert room.present == 1


@pytest.mark.parametrize(
    "change",
    [
        {"timestamp": None},
        {"timestamp": "1600951800112"},
        {"timestamp": True},
        {"timestamp": 1.5},
        {"timestamp": 10**30},
        {"timestamp": -(10**18)},
        {"idempotencyKey": None},
        {"idempotencyKey": ""},
        {"idempotencyKey": 7},
        {"idempotencyKey": "\x00"},
        {"data": None},
        {"data": []},
        {"data": {}},
        {"data": {"participantId": None}},
        {"data": {"participantId": {"$ne": 1}}},
    ],
    ids=repr,
)
async def test_a_broken_message_is_400(jaas: JaasSender, change: Told) -> None:
    room = await a_room()
    told = jaas.told("PARTICIPANT_JOINED", room.slug, **of_anna("u-1")) | change

    assert (await jaas.send(told)).status_code == 400
    assert await nothing_happened()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"1", b"\xff\xfe{}", b"[" * 60_000, b"9" * 60_000],
    ids=range(8),
)
async def test_what_is_no_message_is_400(jaas: JaasSender, body: bytes) -> None:
    assert (await jaas.send(body)).status_code == 400


@pytest.mark.parametrize(
    "odd", ["\ud800", "a\x00b", "x" * 5000, "‮gnp.exe", "'; DROP TABLE room;--"]
)
async def test_odd_texts_are_no_trouble(jaas: JaasSender, odd: str) -> None:
    room = await a_room()
    told = jaas.told("PARTICIPANT_JOINED", room.slug, **of_anna(odd, f"d{odd}"))
    told["data"]["participantJid"] = f"j-{len(odd)}"
    told["idempotencyKey"] = f"k{len(odd)}"

    assert (await jaas.send(told)).status_code == 200
    assert await RoomStay.filter(room_id=room.id).count() == 1


async def test_no_name_and_no_address_is_kept_or_logged(
    jaas: JaasSender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    room = await a_room()
    for kind in ("ROOM_CREATED", "PARTICIPANT_JOINED", "PARTICIPANT_LEFT", "USAGE"):
        await jaas.send(jaas.told(kind, room.slug, **of_anna("u-1")))

    kept = [
        str(await rows(f"SELECT * FROM {table}"))
        for table in ("room_news", "room_stay", "room_meeting", "server_call", "job")
    ]
    for secret in ("Wintermantel", "anna@example.org", "5f7ec5ee"):
        assert secret not in "".join(kept) + caplog.text


async def test_the_self_test_learns_that_8x8_has_called(jaas: JaasSender) -> None:
    await jaas.send(jaas.told("ROOM_CREATED", (await a_room()).slug))
    first = await ServerCall.get(server="hosted", kind="event")
    await jaas.send(jaas.told("Anna Wintermantel", (await a_room()).slug))
    second = await ServerCall.get(server="hosted", kind="event")

    assert (first.status, first.showed) == (200, {"event": "ROOM_CREATED"})
    assert (second.status, second.showed) == (202, {"event": "other"})


async def test_without_a_secret_nobody_tells_us_anything(
    client: httpx.AsyncClient, environment: pytest.MonkeyPatch
) -> None:
    nobody = JaasSender(client, APP, "")

    answer = await nobody.send(nobody.told("ROOM_CREATED", (await a_room()).slug))

    assert answer.status_code == 401
    assert (await client.get("/jaas/events")).status_code == 405
