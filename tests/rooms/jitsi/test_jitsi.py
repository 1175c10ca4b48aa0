import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.jitsi_verifier import (
    FEATURES,
    Claims,
    LoginRefused,
    RoomMismatch,
    Verifier,
)

from werkraum_rooms.jitsi.tokens import JitsiServer, link, mint
from werkraum_rooms.participants import Participant, Role
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rules import TooEarly, TooLate, opening

URL = "https://meet.example.org"
SECRET = b"thirty-two bytes are just enough"
SERVER = JitsiServer(URL, "app-id", SECRET)
VERIFIER = Verifier("app-id", SECRET, domain="meet.example.org")

STARTS = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
OPENING = opening(STARTS, STARTS + timedelta(hours=2))
ROOM = "k3v9x-a2b3c-d4e5f-g6h7j"
OLGA = Participant("u-7f3a", "Olga", Role.HOST)
ANNA = Participant("u-9c1d", "Anna", Role.ATTENDEE)


def minted(
    server: JitsiServer = SERVER, who: Participant = ANNA, now: datetime = STARTS
) -> str:
    return mint(server, room=ROOM, participant=who, opening=OPENING, now=now)


def entered(token: str, now: datetime = STARTS) -> Claims:
    return VERIFIER.enter(token, ROOM, now=now.timestamp())


# The token.


def test_a_host_enters_as_moderator_past_the_lobby() -> None:
    claims = entered(minted(who=OLGA))

    context = claims.pop("context")
    assert claims == {
        "iss": "app-id",
        "aud": "jitsi",
        "sub": "meet.example.org",
        "room": ROOM,
        "iat": 1_804_165_200,
        "nbf": 1_804_165_170,
        "exp": 1_804_176_000,
    }
    assert isinstance(context, dict)
    assert context["user"] == {
        "id": "u-7f3a",
        "name": "Olga",
        "moderator": True,
        "lobby_bypass": True,
    }


def test_an_attendee_is_shown_with_pseudonym_and_name_only() -> None:
    context = entered(minted(who=ANNA))["context"]

    assert isinstance(context, dict)
    assert context["user"] == {"id": "u-9c1d", "name": "Anna"}


def test_an_attendee_may_be_let_past_the_lobby() -> None:
    context = entered(minted(who=replace(ANNA, lobby_bypass=True)))["context"]

    assert isinstance(context, dict)
    assert context["user"] == {"id": "u-9c1d", "name": "Anna", "lobby_bypass": True}


def features(who: Participant) -> set[str]:
    context = entered(minted(who=who))["context"]
    assert isinstance(context, dict)
    assert set(context["features"]) == FEATURES
    return {name for name, given in context["features"].items() if given is True}


def test_every_feature_is_named_and_a_host_has_more_of_them() -> None:
    assert features(ANNA) == {"screen-sharing", "send-groupchat"}
    assert features(OLGA) > features(ANNA)
    assert "recording" not in features(OLGA)


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [
        pytest.param(1, 2 * 3600, id="until the room closes"),
        pytest.param(9, 4 * 3600, id="four hours at most"),
    ],
)
def test_a_token_ends_with_the_room_or_after_four_hours(
    hours: int, seconds: int
) -> None:
    long = opening(STARTS, STARTS + timedelta(hours=hours))

    token = mint(SERVER, room=ROOM, participant=ANNA, opening=long, now=STARTS)

    assert entered(token)["exp"] == STARTS.timestamp() + seconds


def test_a_token_is_refused_before_its_time_and_after_it() -> None:
    token = minted(now=STARTS)

    entered(token, STARTS - timedelta(seconds=30))
    with pytest.raises(LoginRefused, match="nbf"):
        entered(token, STARTS - timedelta(seconds=31))
    entered(token, OPENING.closes_at - timedelta(seconds=1))
    with pytest.raises(LoginRefused, match="exp"):
        entered(token, OPENING.closes_at)


def test_a_token_opens_no_other_room_and_no_tenant() -> None:
    token, now = minted(), STARTS.timestamp()

    with pytest.raises(RoomMismatch):
        VERIFIER.enter(token, new_slug(), now=now)
    with pytest.raises(RoomMismatch):
        VERIFIER.enter(token, ROOM, tenant="acme", now=now)


def test_a_token_is_made_for_the_xmpp_domain() -> None:
    server = replace(SERVER, domain="meet.jitsi")
    verifier = Verifier("app-id", SECRET, domain="meet.jitsi")

    verifier.enter(minted(server), ROOM, now=STARTS.timestamp())


@given(
    name=st.text(),
    role=st.sampled_from(Role),
    lobby_bypass=st.booleans(),
    seconds=st.floats(0, (OPENING.closes_at - OPENING.opens_at).seconds - 1),
)
def test_whoever_it_is_made_for_every_token_leads_into_its_room(
    name: str, role: Role, lobby_bypass: bool, seconds: float
) -> None:
    who = Participant("u-1", name, role, lobby_bypass)
    now = OPENING.opens_at + timedelta(seconds=seconds)

    claims = entered(minted(who=who, now=now), now)

    assert "null" not in json.dumps(claims | {"context": ""})
    assert "*" not in (claims["room"], claims["sub"])


def test_no_token_is_made_for_a_shut_door() -> None:
    with pytest.raises(TooEarly):
        minted(now=OPENING.opens_at - timedelta(seconds=1))
    with pytest.raises(TooLate):
        minted(now=OPENING.closes_at)


@pytest.mark.parametrize(
    "room", ["*", ".*", "talk1", ROOM.upper(), "forum-jugend-ü-2027"]
)
def test_a_token_names_nothing_but_a_slug(room: str) -> None:
    with pytest.raises(ValueError, match="slug"):
        mint(SERVER, room=room, participant=ANNA, opening=OPENING, now=STARTS)


@pytest.mark.parametrize("ref", ["", "anna@example.org"])
def test_a_participant_is_known_by_a_pseudonym(ref: str) -> None:
    with pytest.raises(ValueError, match="pseudonym"):
        Participant(ref, "Anna", Role.ATTENDEE)


# The link.


def settings_in(address: str) -> dict[str, object]:
    """Read the fragment as the web client does."""
    pairs = (pair.split("=", 1) for pair in urlsplit(address).fragment.split("&"))
    return {
        key: json.loads(unquote(value, errors="strict").replace("\\&", "&", 1))
        for key, value in pairs
    }


@pytest.mark.parametrize(
    "subject",
    ["Forum für Städtepartnerschaften", 'A & B = "C" #1?', "\\& <b>", "a/b%20c+d"],
)
def test_a_link_carries_subject_and_token(subject: str) -> None:
    token = minted()

    settings = settings_in(
        link(URL, room=ROOM, token=token, subject=subject, language="de")
    )

    assert settings["config.subject"] == subject
    assert settings["jwt"] == token
    assert settings["config.startWithAudioMuted"] is True


def test_behind_our_door_jitsi_asks_for_no_second_button_and_records_nothing() -> None:
    settings = settings_in(
        link(URL, room=ROOM, token=minted(), subject="Forum", language="de")
    )

    assert settings["config.prejoinConfig.enabled"] is False
    assert settings["config.localRecording.disable"] is True


def test_the_token_is_in_the_fragment_only() -> None:
    token = minted()
    address = link(URL, room=ROOM, token=token, subject="Forum", language="de")

    before, _, fragment = address.partition("#")

    assert before == f"{URL}/{ROOM}?lang=de"
    assert f"jwt=%22{token}%22" in fragment
    assert parse_qsl(urlsplit(address).query) == [("lang", "de")]
