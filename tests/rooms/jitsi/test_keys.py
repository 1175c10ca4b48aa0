"""The room server fetches the public half of our signing key."""

import time

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from tests.rooms.conftest import forget
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.links import room_in, token_in
from tests.rooms.room_server import room_server
from tests.rooms.test_door import enter, frame_in
from tests.rooms.visitors import a_registration, an_online_event

from werkraum_rooms.jitsi.provider import JitsiProvider
from werkraum_rooms.servers.room_servers import room_servers


@pytest.fixture
def file(environment: pytest.MonkeyPatch) -> tuple[str, str]:
    """Set a server up that knows us by our key; its name and what is in it."""
    private = generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    environment.setenv("WERKRAUM_JITSI_URL", room_server())
    environment.setenv("WERKRAUM_JITSI_DOMAIN", "meet.example.org")
    environment.setenv("WERKRAUM_JITSI_APP_ID", "werkraum")
    environment.setenv("WERKRAUM_JITSI_PRIVATE_KEY", private.decode())
    [server] = room_servers()
    [found] = server.public_keys.items()
    return found


async def test_the_key_lies_under_the_hash_of_its_name(
    client: httpx.AsyncClient, file: tuple[str, str]
) -> None:
    name, pem = file

    answer = await client.get(f"/jitsi/keys/{name}")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/x-pem-file")
    assert answer.text == pem
    assert "PRIVATE" not in answer.text


async def test_a_token_signed_with_the_key_opens_the_room(
    client: httpx.AsyncClient, file: tuple[str, str]
) -> None:
    anna = await a_registration(await an_online_event())
    fetched = (await client.get(f"/jitsi/keys/{file[0]}")).text

    link = frame_in(await enter(client, anna))

    verifier = Verifier(
        "werkraum", key_files={file[0]: fetched}, domain="meet.example.org"
    )
    verifier.enter(token_in(link), room_in(link), now=time.time())


@pytest.mark.parametrize("name", ["x.pem", f"{'0' * 64}.pem", "..%2f..%2fetc", "ä.pem"])
async def test_there_is_no_other_key(
    name: str, client: httpx.AsyncClient, file: tuple[str, str]
) -> None:
    assert (await client.get(f"/jitsi/keys/{name}")).status_code == 404


@pytest.mark.usefixtures("jitsi")
async def test_a_shared_secret_has_no_public_half(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/jitsi/keys/{'0' * 64}.pem")).status_code == 404


async def test_without_a_room_server_there_is_no_key(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/jitsi/keys/{'0' * 64}.pem")).status_code == 404


async def test_the_key_that_ends_rooms_lies_apart_from_the_one_that_lets_in(
    client: httpx.AsyncClient,
    environment: pytest.MonkeyPatch,
    file: tuple[str, str],
) -> None:
    private = generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    environment.setenv("WERKRAUM_JITSI_SYSTEM_KEY", private.decode())
    forget()
    [server] = room_servers()
    assert isinstance(server, JitsiProvider)
    [(name, pem)] = server.system_keys.items()

    assert (await client.get(f"/jitsi/system-keys/{name}")).text == pem
    assert (await client.get(f"/jitsi/keys/{name}")).status_code == 404
    assert (await client.get(f"/jitsi/system-keys/{file[0]}")).status_code == 404
    assert "PRIVATE" not in pem
    assert name != file[0]
