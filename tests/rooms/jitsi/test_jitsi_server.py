import subprocess
import sys
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from tests.rooms.jitsi_verifier import Verifier

from werkraum_rooms.jitsi.tokens import JitsiServer, frame_origin, mint, public_key_file
from werkraum_rooms.participants import Participant, Role
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rules import opening

URL = "https://meet.example.org"
SECRET = b"thirty-two bytes are just enough"
SERVER = JitsiServer(URL, "app-id", SECRET)


def pem_of(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    encryption: KeySerializationEncryption | None = None,
) -> str:
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()
    ).decode()


RSA_KEY = rsa.generate_private_key(65537, 2048)
RSA_PEM = pem_of(RSA_KEY)


def test_a_server_with_our_public_key_lets_in() -> None:
    now, room = datetime(2027, 3, 4, 13, 0, tzinfo=UTC), new_slug()
    anna, times = Participant("u-9c1d", "Anna", Role.ATTENDEE), opening(now, now)
    server = JitsiServer(URL, "app-id", private_key=RSA_PEM)
    file = public_key_file(server)
    assert file
    verifier = Verifier("app-id", key_files=dict([file]), domain="meet.example.org")

    token = mint(server, room=room, participant=anna, opening=times, now=now)

    verifier.enter(token, room, now=now.timestamp())


def test_another_key_has_another_kid_and_the_same_key_the_same() -> None:
    first, again = (JitsiServer(URL, "app-id", private_key=RSA_PEM) for _ in range(2))
    other = pem_of(rsa.generate_private_key(65537, 2048))

    assert first.kid and first.kid == again.kid
    assert first.kid != JitsiServer(URL, "app-id", private_key=other).kid


def test_a_shared_secret_has_no_kid_and_no_public_key() -> None:
    assert (SERVER.kid, public_key_file(SERVER)) == (None, None)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://meet.example.org", "https://meet.example.org"),
        ("https://MEET.example.org:8443", "https://meet.example.org:8443"),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8001"),
    ],
)
def test_a_frame_may_show_the_origin_of_the_server(url: str, origin: str) -> None:
    assert frame_origin(JitsiServer(url, "app-id", SECRET)) == origin


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://meet.example.org", "https://"),
        ("http://localhost.example.org", "https://"),
        ("ftp://localhost", "https://"),
        ("meet.example.org", "https://"),
        ("", "https://"),
        ("https://", "host name"),
        ("https://olga:pw@meet.example.org", "user or password"),
        ("https://meet.example.org;script-src", "host name"),
        ("https://meet.example.org:99999", "cannot be read"),
        ("https://[::1", "cannot be read"),
        ("https://meet.example.org?a=b", "before any"),
        ("https://meet.example.org/#a", "before any"),
        ("https://meet.example.org/acme", "before any path"),
        ("https://meet.example.org//", "before any path"),
    ],
)
def test_an_address_is_refused_in_words(url: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        JitsiServer(url, "app-id", SECRET)


@pytest.mark.parametrize(
    ("secret", "private_key", "fault"),
    [
        pytest.param(None, None, "only one", id="neither"),
        pytest.param(SECRET, RSA_PEM, "only one", id="both"),
        pytest.param(SECRET[:-1], None, "32 bytes", id="short secret"),
        pytest.param(None, "hello", "PEM", id="no PEM"),
        pytest.param(
            None, pem_of(RSA_KEY, BestAvailableEncryption(b"x")), "PEM", id="encrypted"
        ),
        pytest.param(
            None, pem_of(ec.generate_private_key(ec.SECP256R1())), "RSA", id="EC"
        ),
        pytest.param(
            None, pem_of(rsa.generate_private_key(65537, 1024)), "2048", id="short key"
        ),
    ],
)
def test_a_key_is_refused_in_words(
    secret: bytes | None, private_key: str | None, fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        JitsiServer(URL, "app-id", secret, private_key)


def test_all_faults_are_said_at_once_and_no_secret_with_them() -> None:
    with pytest.raises(ValueError) as refusal:
        JitsiServer("http://u:hush@meet.example.org", " ", b"hush")

    assert str(refusal.value).count(";") == 3
    assert "hush" not in str(refusal.value)


def test_a_server_shows_no_secret() -> None:
    server = JitsiServer(URL, "app-id", private_key=RSA_PEM)

    assert "thirty-two" not in repr(SERVER) + repr(SERVER.signing_key)
    assert "PRIVATE" not in repr(server)


def test_a_shared_secret_needs_no_cryptography() -> None:
    program = (
        "import sys; from werkraum_rooms.jitsi.tokens import JitsiServer as J;"
        f"J({URL!r}, 'app-id', {SECRET!r}).signing_key.sign(b'');"
        "sys.exit('cryptography' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
