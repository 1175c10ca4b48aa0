"""Does everything answer that an installation needs? Each finding in words."""

import asyncio
import http.client
from collections.abc import Sequence
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException

from werkraum_foundation import clock
from werkraum_foundation.settings import (
    Environment,
    ImapMailbox,
    SmtpServer,
    settings,
)
from werkraum_rooms.jitsi.self_test import from_outside
from werkraum_rooms.probing.probe_words import words_of
from werkraum_rooms.servers import providers
from werkraum_rooms.servers.room_servers import let_go, room_servers
from werkraum_server import schema_version
from werkraum_server.cannot import Cannot
from werkraum_server.database import opened
from werkraum_server.health import redis_answers
from werkraum_server.incoming.imap_mailbox import TROUBLE
from werkraum_server.incoming.imap_mailbox import opened as opened_mailbox
from werkraum_server.one_process import DatabaseInUse, Holder, only_process
from werkraum_server.own_command import reachable
from werkraum_server.self_check import dangers, database_trouble, lacks, newer

PATIENCE = 10.0  # seconds for each answer


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `words` say what is, or what to do."""

    what: str
    fine: bool
    words: str


async def findings() -> list[Finding]:
    """Look at everything, also behind what is not fine."""
    return [
        # Settings that are wrong have stopped the command before.
        Finding("settings", True, f"{settings().env}, {settings().base_url}"),
        *await _database(),
        await _mail(),
        await _answers(),
        await _jobs(),
        *await _rooms(),
    ]


async def _database() -> list[Finding]:
    try:
        with only_process("check"), database_trouble():
            return await _own_look()
    except DatabaseInUse as used:
        return [await _serving(used.holder)]
    except Cannot as trouble:
        return [Finding("database", False, " ".join(trouble.reasons))]


async def _own_look() -> list[Finding]:
    if settings().sqlite and not settings().sqlite_path.exists():
        fine = settings().env is Environment.DEVELOPMENT
        maker = "serve" if fine else "migrate"
        words = f"{settings().sqlite_path} is not there; `werkraum {maker}` makes it"
        return [Finding("database", fine, words)]
    async with opened(settings().database_url):
        missing = await schema_version.missing()
        faults = await newer() + await dangers()
    kind = str(settings().sqlite_path) if settings().sqlite else "PostgreSQL"
    return [
        Finding("database", not faults, " ".join(faults) or f"{kind} answers"),
        Finding(
            "migrations", not missing, lacks(missing) if missing else "all are there"
        ),
    ]


async def _serving(holder: Holder | None) -> Finding:
    """Ask the process that has the SQLite file how it is."""
    if holder is None or holder.port is None:
        return Finding("database", True, "in use by another command right now")
    said = await asyncio.to_thread(_ask_ready, holder)
    who = f"process {holder.pid} serves it"
    return Finding("database", said == 200, f"{who}; /readyz answers {said}")


def _ask_ready(holder: Holder) -> int | str:
    asked = http.client.HTTPConnection(
        reachable(holder.host), holder.port, timeout=PATIENCE
    )
    try:
        asked.request("GET", "/readyz", headers={"Host": settings().host})
        return asked.getresponse().status
    except (OSError, http.client.HTTPException) as trouble:
        return type(trouble).__name__
    finally:
        asked.close()


async def _mail() -> Finding:
    server = settings().smtp
    if server is None:
        folder = settings().data_dir / "letters"
        # Fine to try things out; people who registered would wait for ever.
        fine = settings().env is Environment.DEVELOPMENT
        words = f"no mail server: letters become files in {folder} and reach nobody"
        return Finding("mail", fine, words)
    where = f"{server.host}:{server.port}"
    try:
        await _greet(server)
    except (SMTPException, OSError) as trouble:
        words = f"{where} does not take our letters: {type(trouble).__name__}"
        return Finding("mail", False, words)
    return Finding(
        "mail", True, f"{where} answers, from {settings().mail_from.address}"
    )


async def _greet(server: SmtpServer) -> None:
    async with SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        # Else the machine is asked for its name, which may take a DNS timeout.
        local_hostname=settings().mail_domain,
        timeout=PATIENCE,
        use_tls=server.tls == "implicit",
        start_tls=server.tls == "starttls",
    ) as client:
        await client.noop()


async def _answers() -> Finding:
    """Look whether mail to the addresses we make can reach us."""
    mailbox = settings().imap
    gateway = settings().mail_gateway_token is not None
    if mailbox is None:
        words = "a mail server hands them over" if gateway else "nobody reads them"
        return Finding("answers", True, words)
    where = f"{mailbox.folder} at {mailbox.host}:{mailbox.port}"
    try:
        count = await asyncio.to_thread(_count_new, mailbox)
    except TROUBLE as trouble:
        words = f"{where} cannot be read: {type(trouble).__name__}"
        return Finding("answers", False, words)
    return Finding("answers", True, f"{where} can be read, {count} new")


def _count_new(mailbox: ImapMailbox) -> int:
    with opened_mailbox(mailbox) as box:
        return len(box.new())


async def _jobs() -> Finding:
    url = settings().redis_url
    if url is None or settings().sqlite:
        return Finding("jobs", True, "done by `werkraum serve` itself")
    if await redis_answers(url):
        return Finding("jobs", True, "Redis answers; `werkraum worker` does them")
    return Finding("jobs", False, "Redis does not answer; workers look by themselves")


async def _rooms() -> list[Finding]:
    """Look at each room server, from outside and at its inner port."""
    servers = room_servers()
    if not servers:
        return [Finding("rooms", True, "none; the door shows the link of the event")]
    now = clock.now()
    try:
        looks = await asyncio.gather(*(from_outside(it, now=now) for it in servers))
    finally:
        await let_go()
    several = len(servers) > 1
    return [
        _room_server(f"rooms {server.key}" if several else "rooms", server.name, found)
        for server, found in zip(servers, looks, strict=True)
    ]


def _room_server(what: str, name: str, found: Sequence[providers.Finding]) -> Finding:
    """Say of a room server what is not well and what to do, else that it is."""
    said = [words_of(it, settings().timezone.key) for it in found]
    bad = [
        f"{it.what}: {it.stands} {it.to_do}".strip() for it in said if it.well is False
    ]
    words = " ".join(bad) or "answers; nothing keeps people out."
    unknown = ", ".join(it.what for it in said if it.well is None)
    if unknown:
        words += f" Cannot be told from here: {unknown}."
    words = f"{name}: {words}"
    return Finding(what, not bad, words)
