"""A web server down to the bytes, for doubles that leave out what others must say."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    # By lower-case name.
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Said:
    """An answer; a header that is not named is not sent."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Asked], Awaitable[Said]]


@asynccontextmanager
async def served(
    handler: Handler, *, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[str]:
    """Serve for the block; its address."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await _read(reader):
                writer.write(_bytes(await handler(asked)))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", port, ssl=tls)
    at = server.sockets[0].getsockname()[1]
    scheme, host = ("https", "localhost") if tls else ("http", "127.0.0.1")
    try:
        yield f"{scheme}://{host}:{at}"
    finally:
        server.close()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    headers = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return Asked(method, parts.path, query, headers, body)


def _bytes(said: Said) -> bytes:
    lines = [f"HTTP/1.1 {said.status} Said"]
    lines += [f"{name}: {value}" for name, value in said.headers.items()]
    if said.status != 101:
        lines.append(f"Content-Length: {len(said.body)}")
    return "\r\n".join([*lines, "", ""]).encode() + said.body
