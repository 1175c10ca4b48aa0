"""The serving process: it ends well, and what it cannot read it refuses."""

import json
import re
import signal
import socket
import threading
import time

import httpx
from tests.server.installations import Installation


def test_a_request_that_was_accepted_is_answered_after_sigterm(
    installation: Installation,
) -> None:
    with installation.serving() as running:
        # A form whose second half comes after the signal.
        body = b"email=nobody%40example.org"
        with socket.create_connection(("127.0.0.1", installation.port)) as browser:
            head = (
                "POST /desk/sign-in HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{installation.port}\r\n"
                f"Origin: {installation.address}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            browser.sendall(head.encode() + body[:10])
            time.sleep(0.3)
            stopping = threading.Thread(target=running.stop)
            stopping.start()
            time.sleep(0.5)
            browser.sendall(body[10:])
            answer = browser.recv(65536)
        stopping.join()
        assert answer.startswith(b"HTTP/1.1 303")
        assert running.process.returncode == 0


def test_a_killed_process_keeps_nobody_from_serving(
    installation: Installation,
) -> None:
    with installation.serving() as running:
        running.stop(signal.SIGKILL)
    with installation.serving():
        assert httpx.get(f"{installation.address}/healthz").is_success


def test_after_sigterm_nobody_new_is_let_in(installation: Installation) -> None:
    with installation.serving() as running:
        assert running.stop() == 0
        with socket.socket() as browser:
            assert browser.connect_ex(("127.0.0.1", installation.port)) != 0


def test_a_head_that_is_too_long_is_refused(installation: Installation) -> None:
    with installation.serving():
        long = {"x-long": "a" * 40_000}
        assert httpx.get(f"{installation.address}/healthz", headers=long).is_error
        short = {"x-short": "a" * 8_000}
        assert httpx.get(f"{installation.address}/healthz", headers=short).is_success


def test_a_head_without_an_end_is_cut_off(installation: Installation) -> None:
    with (
        installation.serving(),
        socket.create_connection(("127.0.0.1", installation.port)) as browser,
    ):
        browser.sendall(b"GET / HTTP/1.1\r\nX-Endless: " + b"a" * 200_000)
        browser.settimeout(10)
        assert browser.recv(100).startswith(b"HTTP/1.1 400")


def test_the_answer_does_not_name_the_server_and_the_log_is_json(
    installation: Installation,
) -> None:
    with installation.serving() as running:
        answer = httpx.get(f"{installation.address}/desk/sign-in")
        assert "server" not in answer.headers
        running.stop()
        lines = [json.loads(it) for it in running.log.read_text("utf-8").splitlines()]
    ids = {line.get("id") for line in lines if line["event"] == "request"}
    assert answer.headers["x-request-id"] in ids
    assert not re.search("uvicorn|Started", str(lines))


def test_a_client_cannot_claim_another_address_by_a_header(
    installation: Installation,
) -> None:
    with installation.serving():
        forwarded = {"x-forwarded-proto": "https", "x-forwarded-host": "evil.example"}
        page = httpx.get(f"{installation.address}/", headers=forwarded)
        assert "evil.example" not in page.headers.get("location", "") + page.text
