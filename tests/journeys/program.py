"""The running program as its users meet it: processes, mailboxes, a browser's eyes."""

import asyncio
import contextlib
import email
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import asyncpg
import httpx
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.conftest import ON_POSTGRES, POSTGRES, SERVER
from tests.ports import free_port
from tests.redis_server import redis_server
from tests.rooms.room_server import room_server

T = TypeVar("T")

WERKRAUM = str(Path(sys.executable).parent / "werkraum")
# Seconds; these machines are noisy.
PATIENCE = float(os.environ.get("WERKRAUM_TEST_PATIENCE", "60"))
SECRET = "the-secret-of-a-room-server-0123456789"


@dataclass
class Mailboxes:
    """A real SMTP server that keeps what it was given."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        letter = email.message_from_bytes(content, policy=default)
        assert isinstance(letter, EmailMessage)
        assert len(envelope.rcpt_tos) == 1
        # As the last server on the way notes it (RFC 5321 4.4).
        letter["Return-Path"] = f"<{envelope.mail_from}>"
        self.letters.append(letter)
        return "250 kept"

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Mailboxes"]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, hostname="mail.example"), "127.0.0.1", 0
        )
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self

    def of(self, address: str) -> list[EmailMessage]:
        return [it for it in self.letters if address in str(it["To"])]

    async def next(
        self, address: str, seen: int = 0, *, about: str = ""
    ) -> EmailMessage:
        """Wait for a letter to this person beyond those already seen."""

        def fresh() -> EmailMessage | None:
            for letter in self.of(address)[seen:]:
                if about in text_of(letter) or about in str(letter["Subject"]):
                    return letter
            return None

        return await until(fresh, f"a letter to {address} about {about!r}")


async def until(
    found: Callable[[], T | None], what: str, *, patience: float = PATIENCE
) -> T:
    """Look again and again until something is there."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if result := found():
            return result
        await asyncio.sleep(0.05)
    raise AssertionError(f"never came: {what}")


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def calendar_of(letter: EmailMessage) -> bytes | None:
    for part in letter.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content
    return None


def link_in(letter: EmailMessage, piece: str) -> str:
    """Find the link with this piece in its path, as a person would click it."""
    found = re.search(rf"https?://\S*{re.escape(piece)}[^\s>)]+", text_of(letter))
    assert found, text_of(letter)
    return found[0]


@dataclass
class Program:
    """`werkraum serve`, and with PostgreSQL and Redis a `werkraum worker` beside it."""

    folder: Path
    mail: Mailboxes
    extra: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    redis: str = ""  # its address, on PostgreSQL
    database: str = field(default_factory=lambda: f"werkraum_journey_{uuid4().hex[:8]}")
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "WERKRAUM_BASE_URL": self.url,
            "WERKRAUM_DATA_DIR": str(self.folder),
            "WERKRAUM_SECRET_KEY": "the-secret-of-a-journey-71c09e2b44ad8f35",
            "WERKRAUM_SMTP_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "WERKRAUM_MAIL_FROM": "Werkraum <werkraum@mail.example>",
            "WERKRAUM_LIMITS": "off",
            "WERKRAUM_JITSI_URL": room_server(),
            "WERKRAUM_JITSI_DOMAIN": "meet.example.org",
            "WERKRAUM_JITSI_APP_ID": "werkraum",
            "WERKRAUM_JITSI_APP_SECRET": SECRET,
        }
        if ON_POSTGRES:
            ours["WERKRAUM_DATABASE_URL"] = f"{SERVER}/{self.database}"
            ours["WERKRAUM_REDIS_URL"] = self.redis
        kept = {k: v for k, v in os.environ.items() if not k.startswith("WERKRAUM_")}
        return kept | ours | self.extra

    async def start(self, *names: str) -> None:
        for name in names or self.usual:
            await self._start(name)
        await self.ready()

    @property
    def usual(self) -> tuple[str, ...]:
        return ("serve", "worker") if ON_POSTGRES else ("serve",)

    async def _start(self, name: str, port: int | None = None) -> None:
        command, _, number = name.partition(":")
        more = ["--port", str(port or self.port)] if command == "serve" else []
        log = (self.folder / f"{command}{number}.log").open("ab")
        self.processes[name] = await asyncio.create_subprocess_exec(
            WERKRAUM, command, *more, env=self.environment, stdout=log, stderr=log
        )

    async def also_serve(self, port: int) -> None:
        """Start a second web process on the same database."""
        await self._start("serve:2", port)

    async def ready(self) -> None:
        async with httpx.AsyncClient(base_url=self.url) as browser:
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                with contextlib.suppress(httpx.TransportError):
                    if (await browser.get("/readyz")).status_code == 200:
                        return
                await asyncio.sleep(0.02)
        logs = (self.folder / "serve.log").read_text()[-3000:]
        raise AssertionError(f"not ready: {logs}")

    async def kill(self, name: str) -> None:
        """kill -9: no goodbye, nothing saved on the way."""
        process = self.processes.pop(name)
        process.kill()
        await process.wait()

    async def stop(self) -> None:
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                async with asyncio.timeout(25):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
        self.processes.clear()

    async def command(self, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            WERKRAUM,
            *arguments,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, error = await process.communicate()
        assert process.returncode == 0, error.decode()
        return out.decode()

    async def organiser(self) -> dict[str, str]:
        """Set up the first organiser the way an operator does."""
        await self.command("migrate")
        out = await self.command(
            *("organiser", "add", "--name", "Netzwerkstelle Beispiel"),
            *("--email", "olga@netz.example", "--api-key"),
        )
        made: dict[str, str] = json.loads(out)
        return made


@contextlib.asynccontextmanager
async def program(folder: Path, **extra: str) -> AsyncIterator[Program]:
    """Run the program with a database, a Redis and a mail server of its own."""
    async with Mailboxes().open() as mail, contextlib.AsyncExitStack() as stack:
        made = Program(folder, mail, extra)
        if ON_POSTGRES:
            await stack.enter_async_context(_a_database(made.database))
            port = free_port()
            stack.enter_context(redis_server(port))
            made.redis = f"redis://127.0.0.1:{port}/0"
        try:
            yield made
        finally:
            await made.stop()


@contextlib.asynccontextmanager
async def _a_database(name: str) -> AsyncIterator[None]:
    await _on_server(f'CREATE DATABASE "{name}"')
    try:
        yield
    finally:
        await _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


async def _on_server(statement: str) -> None:
    server = await asyncpg.connect(POSTGRES)
    await server.execute(statement)
    await server.close()


def hidden_fields(page: str, action: str) -> dict[str, str]:
    """Read the hidden fields of the form that goes to this address."""
    form = re.search(rf'<form[^>]*action="[^"]*{re.escape(action)}"[^>]*>(.*?)</form>',
                     page, re.S)  # fmt: skip
    assert form, page[:3000]
    hidden = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', form[1]):
        name, value = (
            re.search(r'name="([^"]*)"', tag),
            re.search(r'value="([^"]*)"', tag),
        )
        if name:
            hidden[name[1]] = value[1] if value else ""
    return hidden
