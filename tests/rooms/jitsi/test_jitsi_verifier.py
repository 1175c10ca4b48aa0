"""The double itself: the verdicts seen on a real server."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.rooms.jitsi_verifier import (
    Claims,
    ClientComplains,
    Hangs,
    LoginRefused,
    RoomMismatch,
    Verifier,
    check_as_web_client,
)

NOW = 1_795_358_567
SECRET = b"a secret of at least 64 bytes, so that HS512 may be tried with it too"
VERIFIER = Verifier("app-id", SECRET)
GONE = object()
# The file name of the kid event/2026-01 as a real server asked for it.
KID = "event/2026-01"
KEY_FILE = "75896d8cfb9f6479050dfebe7c67ff11794de3eb4fcee1cab3baad4ad9469ceb.pem"


def claims(**changes: object) -> Claims:
    """A valid payload with changes; GONE leaves a claim out."""
    good: Claims = {
        "iss": "app-id",
        "aud": "jitsi",
        "sub": "meet.jitsi",
        "room": "talk1",
        "nbf": NOW - 30,
        "exp": NOW + 60,
        "context": {"user": {"id": "u-1"}},
    }
    return {k: v for k, v in (good | changes).items() if v is not GONE}


def token(said: Claims, *, alg: str = "HS256", secret: bytes = SECRET) -> str:
    # PyJWT checks types before it signs; sign the bare bytes instead.
    return jwt.api_jws.encode(
        json.dumps(said).encode(), secret, alg, headers={"typ": "JWT"}
    )


@pytest.fixture(scope="module")
def private_key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def rsa_verifier(private_key: RSAPrivateKey) -> Verifier:
    return Verifier("app-id", key_files={KEY_FILE: public_pem(private_key)})


def public_pem(key: RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(claims(), id="valid"),
        pytest.param(claims(exp=GONE), id="no exp"),
        pytest.param(claims(exp=NOW + 0.5), id="float exp"),
        pytest.param(claims(nbf=GONE), id="no nbf"),
        pytest.param(claims(iat=NOW + 3600), id="future iat"),
        pytest.param(claims(colour="red"), id="unknown claims"),
        pytest.param(claims(context=GONE), id="no context"),
        pytest.param(claims(context={"user": None}), id="user is null"),
        pytest.param(claims(sub="elsewhere"), id="wrong sub"),
        pytest.param(claims(room=None), id="room is null"),
    ],
)
def test_the_login_accepts(said: Claims) -> None:
    assert VERIFIER.login(token(said), now=NOW) == said


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param(claims(exp=NOW - 1), "by exp", id="expired by a second"),
        pytest.param(claims(exp=NOW), "by exp", id="expires now"),
        pytest.param(claims(exp=str(NOW + 60)), "exp must be", id="exp is a string"),
        pytest.param(claims(nbf=NOW + 5), "by nbf", id="nbf 5 s ahead"),
        pytest.param(claims(iss=GONE), "Issuer", id="no iss"),
        pytest.param(claims(iss="other"), "Issuer", id="wrong iss"),
        pytest.param(claims(aud=GONE), "Audience", id="no aud"),
        pytest.param(claims(aud="other"), "Audience", id="wrong aud"),
        pytest.param(claims(aud=["jitsi"]), "Audience", id="aud is a list"),
        pytest.param(claims(room=GONE), "not-authorized", id="no room"),
        pytest.param(claims(sub=GONE), "not-authorized", id="no sub"),
    ],
)
def test_the_login_refuses_what_a_token_says(said: Claims, reason: str) -> None:
    with pytest.raises(LoginRefused, match=reason):
        VERIFIER.login(token(said), now=NOW)


def typed(typ: str | None) -> str:
    return jwt.encode(claims(), SECRET, "HS256", headers={"typ": typ})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(None, "token required", id="no token"),
        pytest.param("a.b", "Invalid token", id="two segments"),
        pytest.param("ä.ö.ü", "Invalid token", id="no base64"),
        pytest.param("MQ.MQ.MQ", "Invalid token", id="no objects"),
        pytest.param(jwt.encode(claims(), "", "none"), "Invalid token", id="none"),
        pytest.param(
            token(claims(), secret=SECRET[::-1]), "Invalid signature", id="secret"
        ),
        pytest.param(token(claims(), alg="HS512"), "incorrect alg", id="HS512"),
        pytest.param(typed(None), "Invalid typ", id="no typ"),
        pytest.param(typed("jwt"), "Invalid typ", id="typ in small letters"),
    ],
)
def test_the_login_refuses_how_a_token_is_made(text: str | None, reason: str) -> None:
    with pytest.raises(LoginRefused, match=reason):
        VERIFIER.login(text, now=NOW)


def test_the_login_hangs_on_a_null_context() -> None:
    with pytest.raises(Hangs):
        VERIFIER.login(token(claims(context=None)), now=NOW)


def test_a_key_is_looked_up_by_the_hash_of_its_kid(
    rsa_verifier: Verifier, private_key: RSAPrivateKey
) -> None:
    made = jwt.encode(claims(), private_key, "RS256", headers={"kid": KID})

    assert rsa_verifier.login(made, now=NOW) == claims()


@pytest.mark.parametrize(
    ("alg", "kid", "reason"),
    [
        pytest.param("RS256", None, "kid", id="no kid"),
        pytest.param("RS256", "other", "could not obtain public key", id="unknown kid"),
        pytest.param("RS512", KID, "incorrect alg", id="RS512"),
    ],
)
def test_a_server_with_keys_refuses(
    rsa_verifier: Verifier,
    private_key: RSAPrivateKey,
    alg: str,
    kid: str | None,
    reason: str,
) -> None:
    made = jwt.encode(claims(), private_key, alg, headers={"kid": kid} if kid else {})

    with pytest.raises(LoginRefused, match=reason):
        rsa_verifier.login(made, now=NOW)


def test_a_server_with_keys_refuses_another_key(rsa_verifier: Verifier) -> None:
    other = generate_private_key(65537, 2048)
    made = jwt.encode(claims(), other, "RS256", headers={"kid": KID})

    with pytest.raises(LoginRefused, match="Invalid signature"):
        rsa_verifier.login(made, now=NOW)


def test_a_server_with_keys_refuses_a_secret_made_of_the_public_key(
    rsa_verifier: Verifier,
) -> None:
    made = jwt.encode(claims(), SECRET, "HS256", headers={"kid": KID})

    with pytest.raises(LoginRefused, match="RS family"):
        rsa_verifier.login(made, now=NOW)


@pytest.mark.parametrize(
    ("said", "room", "tenant"),
    [
        pytest.param(claims(), "talk1", "", id="own room"),
        pytest.param(claims(room="TALK1"), "talk1", "", id="upper case is lowered"),
        pytest.param(claims(sub="Acme"), "talk1", "acme", id="own tenant"),
    ],
)
def test_a_room_lets_in(said: Claims, room: str, tenant: str) -> None:
    VERIFIER.join(said, room, tenant=tenant)


@pytest.mark.parametrize(
    ("said", "room", "tenant"),
    [
        pytest.param(claims(), "talk2", "", id="another room"),
        pytest.param(claims(room="alk1"), "talk1", "", id="a part of the name"),
        pytest.param(claims(room="MÜNCHEN"), "münchen", "", id="only ASCII lowered"),
        pytest.param(claims(sub="other"), "talk1", "acme", id="another tenant"),
        pytest.param(claims(), "talk1", "acme", id="no tenant into a tenant"),
        pytest.param(claims(sub="elsewhere"), "talk1", "", id="another domain"),
        pytest.param(claims(room="*"), "talk1", "", id="any room"),
        pytest.param(claims(sub="*"), "talk1", "", id="any domain"),
        pytest.param(
            claims(context={"room": {"regex": True}}), "talk1", "", id="pattern"
        ),
    ],
)
def test_a_room_keeps_out(said: Claims, room: str, tenant: str) -> None:
    with pytest.raises(RoomMismatch):
        VERIFIER.join(said, room, tenant=tenant)


def test_a_room_hangs_on_a_null_name() -> None:
    with pytest.raises(Hangs):
        VERIFIER.join(claims(room=None), "talk1")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(claims(exp=NOW + 0.5), id="float exp"),
        pytest.param(claims(exp=GONE), id="no exp"),
        pytest.param(claims(exp=NOW - 1), id="expired"),
        pytest.param(claims(context={"features": {"magic": True}}), id="feature"),
    ],
)
def test_the_web_client_complains(said: Claims) -> None:
    with pytest.raises(ClientComplains):
        check_as_web_client(said, now=NOW)


def test_pyjwt_agrees_about_a_valid_token() -> None:
    now = int(time.time())
    made = token(claims(exp=now + 60, nbf=now - 30))

    read = jwt.decode(made, SECRET, ["HS256"], audience="jitsi", issuer="app-id")

    assert read == VERIFIER.enter(made, "talk1", now=now)
