"""Talking to the mail server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from werkraum_foundation.mailboxes import Mailbox
from werkraum_foundation.outbox import GivesUp
from werkraum_foundation.settings import SmtpServer

# Seconds: for one answer of the server, and for a whole letter.
ANSWER, LETTER = 30, 120
# How long a connection waits for the next letter; servers hang up after minutes.
IDLE = 10.0
# These say that we did something wrong (order, sign-in), nothing about the address.
OUR_FAULT = (500, 502, 503, 504, 530, 534, 535, 538)


class AddressRefused(GivesUp):
    """The server will never take a letter to this address; its code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the mail server refused the address ({code})")
        self.code = code


class MailServerUnreachable(Exception):
    """No connection, no TLS, no answer in time; a later try may help."""


class MailServerRefused(Exception):
    """The server said no for now, or to us and not to the address; its code.

    Never its sentence: it repeats addresses, and errors end in the log.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"the mail server answered {code}")
        self.code = code


async def hand_over(
    server: SmtpServer, sender: Mailbox, to: Mailbox, message: bytes
) -> None:
    """Give one message for one recipient to the server.

    Raises GivesUp for a final no to this address or letter, the two above else.
    """
    try:
        async with asyncio.timeout(LETTER), _connection(server, sender) as client:
            await client.sendmail(sender.address, [to.address], message)
    except SMTPRecipientsRefused as refused:
        code = refused.recipients[0].code
        raise _no(code, AddressRefused(code)) from None
    except SMTPDataError as refused:
        final = GivesUp(f"the mail server refused the letter ({refused.code})")
        raise _no(refused.code, final) from None
    except SMTPResponseException as refused:
        raise MailServerRefused(refused.code) from None
    except (SMTPException, OSError) as trouble:
        raise MailServerUnreachable(type(trouble).__name__) from None


def _no(code: int, final: GivesUp) -> Exception:
    if 500 <= code <= 599 and code not in OUR_FAULT:
        return final
    return MailServerRefused(code)


@dataclass
class _Idle:
    """Connections of one event loop that wait for the next letter."""

    loop: asyncio.AbstractEventLoop
    clients: list[tuple[SmtpServer, SMTP]] = field(default_factory=list)


_idle: _Idle | None = None


def _waiting() -> list[tuple[SmtpServer, SMTP]]:
    global _idle
    loop = asyncio.get_running_loop()
    if _idle is None or _idle.loop is not loop:
        _idle = _Idle(loop)
    return _idle.clients


@contextlib.asynccontextmanager
async def _connection(server: SmtpServer, sender: Mailbox) -> AsyncIterator[SMTP]:
    client = await _kept(server) or await _new(server, sender.domain)
    try:
        yield client
    except BaseException:
        # Nobody knows what the server still waits for.
        client.close()
        raise
    _keep(server, client)


async def _new(server: SmtpServer, own_name: str) -> SMTP:
    client = SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        # Else the machine is asked for its name, which may take a DNS timeout.
        local_hostname=own_name,
        timeout=ANSWER,
        use_tls=server.tls == "implicit",
        # True insists, False stays plain; None would fall back to plain in silence.
        start_tls=server.tls == "starttls",
    )
    try:
        await client.connect()
    except BaseException:
        client.close()
        raise
    return client


def _keep(server: SmtpServer, client: SMTP) -> None:
    waiting = (server, client)
    _waiting().append(waiting)
    asyncio.get_running_loop().call_later(IDLE, _drop, waiting)


def _drop(waiting: tuple[SmtpServer, SMTP]) -> None:
    if waiting in _waiting():
        _waiting().remove(waiting)
        waiting[1].close()


async def _kept(server: SmtpServer) -> SMTP | None:
    """Take a connection that still answers."""
    for waiting in reversed(_waiting()):
        if waiting[0] == server:
            _waiting().remove(waiting)
            if await _answers(waiting[1]):
                return waiting[1]
    return None


async def _answers(client: SMTP) -> bool:
    try:
        await client.noop(timeout=5)
    except (SMTPException, OSError):
        client.close()
        return False
    return True


async def hang_up() -> None:
    """Say goodbye on the connections that wait; for the end of the process."""
    while _waiting():
        _, client = _waiting().pop()
        with contextlib.suppress(SMTPException, OSError):
            await client.quit(timeout=5)
        client.close()
