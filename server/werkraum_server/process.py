"""The serving process: from the first check to the last answered request."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httptools
import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from werkraum_feedback.live_rounds.live_hub import end_streams
from werkraum_foundation.settings import settings
from werkraum_server.app import create_app
from werkraum_server.cannot import Cannot
from werkraum_server.one_process import Holder, Lock, only_process
from werkraum_server.self_check import ready_database
from werkraum_server.settled import settle

log = logging.getLogger("werkraum.start")

# Seconds an accepted request has left after SIGTERM.
GRACE = 20
# A proxy in front keeps connections open; longer than its usual pauses.
KEEP_ALIVE = 30
# The address line and all header fields of a request, in bytes.
LONGEST_HEAD = 32 * 1024


class BoundedHttp(HttpToolsProtocol):
    """HTTP with limits for how large a head and how slow a request may be.

    Neither httptools nor uvicorn has them. A client that sends a byte a second
    costs a connection, so it gets that for a while only.
    """

    # Seconds until the head of a request is there, and then until its body is.
    HEAD_TIME, BODY_TIME = 10.0, 60.0

    _head = 0
    _in_head = True
    _unfinished = True
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head, self._in_head, self._unfinished = 0, True, True

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(n) + len(v) for n, v in self.headers)
        if size > LONGEST_HEAD:
            raise httptools.HttpParserError("the head of the request is too long")
        self._in_head = False
        self._wait_no_more()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._unfinished = False
        self._wait_no_more()
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._unfinished and self._deadline is None:
            self._wait()
        # A head without an end reaches no callback: count what has come in.
        if (
            self._in_head
            and self.parser is not None
            and not self.transport.is_closing()
        ):
            self._head += len(data)
            if self._head > 2 * LONGEST_HEAD:
                self.send_400_response("The request is too long.")

    def _wait(self) -> None:
        seconds = self.HEAD_TIME if self._in_head else self.BODY_TIME
        self._deadline = self.loop.call_later(seconds, self._too_slow)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        answering = self.cycle is not None and not self.cycle.response_complete
        if self._in_head and answering:
            # The slow one stands behind a request that is being answered.
            self._wait()
        else:
            self.transport.close()


class Server(uvicorn.Server):
    """Says when it serves, and ends with 0 when it was asked to end."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            settle()
            log.info("serving", extra={"address": settings().base_url})

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # First the streams, which would go on for ever, then GRACE for the rest.
        end_streams()
        await super().shutdown(sockets)


def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; raises `Cannot` where it must not begin."""
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(_serve(host, port))


async def _serve(host: str, port: int) -> None:
    way = "Stop it first, or give this one a database of its own."
    with only_process("serve", way) as lock, listening(host, port) as sock:
        async with ready_database():
            pass
        await run_server(sock, lock)


async def run_server(sock: socket.socket, lock: Lock) -> None:
    """Answer on this socket until a signal; raises `Cannot` if it cannot begin."""
    server = Server(configuration())
    # uvicorn raises the signal again once it has stopped: that shall not kill us.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, server.handle_exit)
    host, port = sock.getsockname()[:2]
    lock.say(Holder(os.getpid(), "serve", host, port))
    try:
        await server.serve(sockets=[sock])
    except SystemExit as stopped:
        raise Cannot("The program could not start; the log says why.") from stopped
    if not server.started:
        raise Cannot("The program could not start; the log says why.")


def configuration() -> uvicorn.Config:
    return uvicorn.Config(
        create_app(),
        http=BoundedHttp,
        ws="none",
        lifespan="on",
        # Whoever stands in front of us is not believed: neither scheme nor client
        # of a forwarded header decide anything, links begin with the base address.
        proxy_headers=False,
        server_header=False,
        # Both are ours: werkraum_server.logs and the line of the edge.
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=KEEP_ALIVE,
    )


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything else is begun; raises `Cannot` if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except (OSError, OverflowError) as trouble:
            reason = getattr(trouble, "strerror", None) or "that is no port"
            raise Cannot(
                f"Cannot listen on {host} port {port}: {reason}. Choose another one"
                " with --port."
            ) from trouble
        yield sock
