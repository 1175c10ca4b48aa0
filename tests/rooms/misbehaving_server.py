"""A room server that misbehaves in one way, on a real socket of this machine."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

# What is done with a request, once its head has been read.
Way = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Misbehaving:
    """`seen` are the first lines of the requests, `open` the connections there are."""

    port: int = 0
    scheme: str = "http"
    seen: list[str] = field(default_factory=list)
    open: int = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def until_nobody_is_connected(self) -> None:
        async with asyncio.timeout(10):
            while self.open:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def misbehaving(
    *ways: Way, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Misbehaving]:
    """Treat each request in one of these ways, in turn; the last one goes on."""
    server = Misbehaving(scheme="https" if tls else "http")
    left, talks = list(ways), set[asyncio.Task[None] | None]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.open += 1
        talks.add(asyncio.current_task())
        with suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
        ):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                server.seen.append(head.partition(b"\r\n")[0].decode())
                way = left.pop(0) if len(left) > 1 else left[0]
                doing = asyncio.ensure_future(way(writer))
                # Whoever goes away meanwhile ends it.
                gone = asyncio.ensure_future(reader.read(1))
                await asyncio.wait({doing, gone}, return_when="FIRST_COMPLETED")
                if gone.done() or writer.is_closing():
                    doing.cancel()
                    break
                gone.cancel()
                with suppress(asyncio.CancelledError):
                    await gone
        writer.close()
        server.open -= 1

    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server
        listening.close()
        for talking in filter(None, talks):
            talking.cancel()


@asynccontextmanager
async def greeting(raw: bytes) -> AsyncIterator[int]:
    """Say this to whoever connects, before they have said anything; the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]


def says(
    status: int, body: bytes = b"", headers: Sequence[tuple[str, str]] = ()
) -> Way:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    raw = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    async def way(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return way


def sends(raw: bytes) -> Way:
    """Send these bytes, whatever they are, and close the connection."""

    async def way(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()

    return way


async def is_silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(20)


async def drips(writer: asyncio.StreamWriter) -> None:
    """Send one byte a second."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n")
    for _ in range(60):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(1)


def self_made_certificate(folder: Path, name: str = "127.0.0.1") -> ssl.SSLContext:
    """Make a certificate that no authority knows."""
    key = generate_private_key(SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
