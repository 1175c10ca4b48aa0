"""Signing BigBlueButton's calls and reading its answers, without any server."""

import hashlib

import pytest

from werkraum_rooms.bigbluebutton.signed_calls import BbbServer, read_answer
from werkraum_rooms.servers.provider_errors import (
    MeetingEnded,
    ProviderAuthError,
    ProviderError,
    ProviderProtocolError,
    ProviderRejected,
    RoomConflict,
    RoomNotFound,
)

# The example of BigBlueButton's documentation.
SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"
VECTOR = {
    "name": "Test Meeting",
    "meetingID": "abc123",
    "attendeePW": "111222",
    "moderatorPW": "333444",
}
SERVER = BbbServer("https://bbb.example.org/bigbluebutton", SECRET)


def test_the_documented_example_has_its_checksum() -> None:
    assert SERVER.signed("create", VECTOR) == (
        "/api/create?name=Test+Meeting&meetingID=abc123&attendeePW=111222"
        "&moderatorPW=333444&checksum="
        "da9185f7f333cfdfcd6eeac32dca3777510c4c436020d8b887ba5515bd1d189e"
    )


def test_a_call_without_parameters_is_signed_as_well() -> None:
    right = hashlib.sha256(f"getMeetings{SECRET}".encode()).hexdigest()

    assert SERVER.signed("getMeetings", {}) == f"/api/getMeetings?checksum={right}"


def test_the_server_shows_no_secret() -> None:
    assert SECRET not in repr(SERVER)


def failed(key: str) -> bytes:
    return (
        "<response><returncode>FAILED</returncode>"
        f"<messageKey>{key}</messageKey><message>No.</message></response>"
    ).encode()


@pytest.mark.parametrize(
    ("key", "kind", "code"),
    [
        ("checksumError", ProviderAuthError, "not_known"),
        ("notFound", RoomNotFound, "not_found"),
        ("invalidMeetingIdentifier", RoomNotFound, "not_found"),
        ("idNotUnique", RoomConflict, "conflict"),
        ("meetingForciblyEnded", MeetingEnded, "ended"),
        ("missingParamMeetingID", ProviderRejected, "rejected"),
        ("", ProviderRejected, "rejected"),
    ],
)
def test_a_refusal_has_a_word_of_ours(
    key: str, kind: type[ProviderError], code: str
) -> None:
    with pytest.raises(ProviderRejected) as refusal:
        read_answer(failed(key))

    assert (type(refusal.value), refusal.value.code) == (kind, code)


def test_what_is_no_word_of_the_server_is_not_repeated() -> None:
    with pytest.raises(ProviderRejected) as refusal:
        read_answer(failed("Anna Beispiel, anna@example.org"))

    assert refusal.value.detail == "FAILED"


BOMB = (
    b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    b"<response><returncode>&b;</returncode></response>"
)
FILE = (
    b'<!DOCTYPE r [<!ENTITY f SYSTEM "/etc/passwd">]>'
    b"<response><returncode>&f;</returncode></response>"
)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html><body>Sign in", id="login page"),
        pytest.param(b"<html><body>Sign in</body></html>", id="well-formed login page"),
        pytest.param(b'{"returncode": "SUCCESS"}', id="JSON"),
        pytest.param(b"<response><returncode>SUCC", id="half"),
        pytest.param(b"<response/>", id="without a returncode"),
        pytest.param(
            b"<response><returncode>Yes</returncode></response>", id="another"
        ),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(b"<?xml version='1.0' encoding='martian'?><r/>", id="encoding"),
        pytest.param(BOMB, id="entity bomb"),
        pytest.param(FILE, id="foreign file"),
        pytest.param(b"<a>" * 100_000, id="deep"),
    ],
)
def test_what_cannot_be_read_is_no_answer(body: bytes) -> None:
    with pytest.raises(ProviderProtocolError):
        read_answer(body)


@pytest.mark.parametrize("said", ["", "many", "-1", "²", "9" * 99])
def test_what_should_be_a_number_is_one(said: str) -> None:
    body = (
        "<response><returncode>SUCCESS</returncode>"
        f"<createTime>{said}</createTime></response>"
    )

    with pytest.raises(ProviderProtocolError):
        read_answer(body.encode()).number("createTime")
