"""The program on a real socket, and bytes as no well-behaved client sends them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tests.conftest import BASE_URL
from uvicorn.server import ServerState

from werkraum_server.process import BoundedHttp, configuration

HOST = BASE_URL.removeprefix("http://").encode()
PATIENCE = 10.0  # seconds; the machine may be busy


@dataclass(frozen=True)
class Reply:
    """What came back until the server closed the connection."""

    raw: bytes

    @property
    def head(self) -> str:
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        return int(self.head.split(" ")[1])

    @property
    def headers(self) -> dict[str, str]:
        lines = [line.partition(": ") for line in self.head.split("\r\n")[1:]]
        return {name.lower(): value for name, _, value in lines}


@asynccontextmanager
async def on_the_wire(
    protocol: type[BoundedHttp] = BoundedHttp,
) -> AsyncIterator[int]:
    """Answer as `werkraum serve` does, without its start and its signals; the port."""
    config, state = configuration(), ServerState()
    config.load()
    state.default_headers = config.encoded_headers

    def connected() -> BoundedHttp:
        return protocol(config, state, app_state={})

    loop = asyncio.get_running_loop()
    async with await loop.create_server(connected, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        for connection in list(state.connections):
            connection.shutdown()
        await asyncio.gather(*state.tasks)


async def sent(port: int, raw: bytes) -> Reply:
    """Send these bytes and read until the server closes; fails where it does not."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    came = b""
    # A server that does not want the rest may reset the connection.
    with suppress(ConnectionResetError):
        async with asyncio.timeout(PATIENCE):
            while chunk := await reader.read(65536):
                came += chunk
    writer.close()
    return Reply(came)


def request(
    target: str | bytes = b"/en/",
    *lines: bytes,
    method: bytes = b"GET",
    host: bytes | None = HOST,
) -> bytes:
    """Write a request that is right but for what is put into it."""
    path = target.encode() if isinstance(target, str) else target
    head = [b"%b %b HTTP/1.1" % (method, path), b"Connection: close", *lines]
    if host is not None:
        head.insert(1, b"Host: " + host)
    return b"\r\n".join([*head, b"", b""])
