"""Requests that no browser sends, as bytes on a real connection.

The rows are those of a table of hostile inputs: each is answered with a refusal in
words, never with a 5xx, and whoever breaks the protocol loses the connection.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.server.wire import HOST, Reply, on_the_wire, request, sent

from werkraum_server.process import BoundedHttp


@pytest.fixture
async def port(database: str) -> AsyncIterator[int]:
    async with on_the_wire() as found:
        yield found


POST = b"POST /desk/sign-in HTTP/1.1\r\nHost: " + HOST + b"\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"

BROKEN = {
    "a length and chunks": POST
    + FORM
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "chunked and not last": POST
    + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunk larger than any": POST
    + FORM
    + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
    "chunk size that is no number": POST
    + FORM
    + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "negative length": POST + b"Content-Length: -1\r\n\r\n",
    "line feeds alone": request().replace(b"\r\n", b"\n"),
    "NUL in a field": request(b"/en/", b"X-Any: a\0b"),
    "space before the colon": request(b"/en/", b"X-Any : a"),
    "no HTTP": b"hello\r\n\r\n",
    "TLS where none is": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 5,
    "head of 70 kB": request(b"/en/", b"X-Any: " + b"a" * 70_000),
    "10,000 arguments": request(b"/en/?" + b"&".join([b"a=1"] * 10_000)),
    "50,000 ranges": request(
        b"/static/werkraum.css", b"Range: bytes=" + b"0-," * 50_000
    ),
    "CONNECT": request(b"evil.example:443", method=b"CONNECT"),
    "two hosts": request(b"/en/", b"Host: evil.example"),
    "no host": request(host=None),
    "path that is no ASCII": request(b"/en/\xff\xfe"),
    "query that is no ASCII": request(b"/en/?q=\xff\xfe"),
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
async def test_a_broken_request_is_refused_and_cut_off(port: int, raw: bytes) -> None:
    reply = await sent(port, raw)
    # Whoever still sends when the server has closed sees the reset alone.
    assert not reply.raw or reply.status == 400


TOO_LONG = {
    "path of 16 kB": (request(b"/en/" + b"a" * 16_000), 414),
    "query of 20 kB": (request(b"/en/?q=" + b"a" * 20_000), 414),
    "200 cookies": (
        request(b"/en/", b"Cookie: " + b"; ".join([b"a=1"] * 200)),
        431,
    ),
    "200 fields of cookies": (request(b"/en/", *[b"Cookie: a=1"] * 200), 431),
    "101 arguments": (request(b"/en/?" + b"&".join([b"a=1"] * 101)), 400),
    "body said to be 2 GB": (
        POST + FORM + b"Content-Length: 2147483648\r\n\r\nemail=anna",
        413,
    ),
    "body of chunks without an end": (
        POST
        + FORM
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + (b"4000\r\n" + b"a" * 0x4000 + b"\r\n") * 5,
        413,
    ),
}


@pytest.mark.parametrize(("raw", "status"), TOO_LONG.values(), ids=TOO_LONG)
async def test_what_is_too_much_is_refused_in_words(
    port: int, raw: bytes, status: int
) -> None:
    reply = await sent(port, raw)
    assert reply.status == status
    assert reply.headers["connection"] == "close"
    assert b"<h1>" in reply.body


HOSTS = {
    "another": b"evil.example",
    "with a path": b"127.0.0.1:8000/admin?x=",
    "with a user": b"127.0.0.1:8000@evil.example",
    "empty": b"",
    "another port": b"127.0.0.1:8001",
    "no port": b"127.0.0.1",
    "dot at the end": b"localhost.:8000",
    "below ours": b"evil.localhost:8000",
    "space": b"127.0.0.1 :8000",
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
async def test_another_name_is_not_ours(port: int, host: bytes) -> None:
    reply = await sent(port, request(host=host))
    assert reply.status == 400
    assert b"evil" not in reply.raw


@pytest.mark.parametrize("host", [b"127.0.0.1:8000", b"LOCALHOST:8000", b"[::1]:8000"])
async def test_every_name_of_a_loopback_is_ours(port: int, host: bytes) -> None:
    assert (await sent(port, request(host=host))).status == 200


async def test_an_absolute_address_changes_no_link(port: int) -> None:
    reply = await sent(port, request(b"http://evil.example/sitemap.xml"))
    assert reply.status == 200
    assert b"evil" not in reply.raw


@pytest.mark.parametrize("method", [b"TRACE", b"PROPFIND", b"PUT", b"DELETE"])
@pytest.mark.parametrize("path", ["/en/", "/static/werkraum.css", "/desk/sign-in"])
async def test_other_methods_are_not_allowed(
    port: int, method: bytes, path: str
) -> None:
    reply = await sent(port, request(path, b"Content-Length: 0", method=method))
    assert reply.status == 405
    assert "GET" in reply.headers["allow"]


async def test_a_body_with_get_changes_nothing(port: int) -> None:
    lines = b"Content-Length: 5", b"Content-Type: text/plain"
    reply = await sent(port, request(b"/en/", *lines) + b"hello")
    assert reply.status == 200


@pytest.mark.parametrize("path", ["/en/", "/feed.atom", "/static/icons.svg", "/none"])
async def test_head_is_get_without_a_body(port: int, path: str) -> None:
    get = await sent(port, request(path))
    head = await sent(port, request(path, method=b"HEAD"))
    ours = {name for name in get.headers if name not in ("date", "x-request-id")}
    assert (head.status, head.body) == (get.status, b"")
    assert {name: head.headers.get(name) for name in ours} == {
        name: get.headers[name] for name in ours
    }


ELSEWHERE = {
    "dots": "/static/../../etc/passwd",
    "encoded slashes": "/static/..%2f..%2fetc/passwd",
    "encoded dots": "/static/%2e%2e/%2e%2e/app.py",
    "backslashes": "/static/..%5c..%5capp.py",
    "dots twice": "/static/....//app.py",
    "absolute": "/static//etc/passwd",
    "encoded twice": "/static/%252e%252e/app.py",
    "only dots": "/%2e%2e/",
    "another site": "//evil.example/%2f..",
    "another site with a slash": "//evil.example/",
    "another site by backslash": "/\\evil.example",
    "another site encoded": "/%2f%2fevil.example/",
    "line break": "/en/%0d%0aSet-Cookie:x=y",
}


@pytest.mark.parametrize("path", ELSEWHERE.values(), ids=ELSEWHERE)
async def test_no_path_leads_elsewhere(port: int, path: str) -> None:
    reply = await sent(port, request(path))
    assert reply.status in (400, 404)
    assert "location" not in reply.headers
    assert "set-cookie" not in reply.headers
    assert b"root:" not in reply.body


RANGES = {
    "many": b"Range: bytes=" + b"0-," * 8_000,
    "backwards": b"Range: bytes=9-1",
    "another unit": b"Range: lines=1-2",
    "many tags": b"If-None-Match: " + b'"a",' * 7_000,
}


@pytest.mark.parametrize("line", RANGES.values(), ids=RANGES)
async def test_a_file_is_sent_whole(port: int, line: bytes) -> None:
    reply = await sent(port, request(b"/static/werkraum.css", line))
    assert reply.status == 200
    assert len(reply.body) == int(reply.headers["content-length"])


PRETENDED = [
    b"X-Forwarded-For: 1.2.3.4",
    b"X-Forwarded-Host: evil.example",
    b"X-Forwarded-Proto: gopher",
    b"Forwarded: host=evil.example",
    b"X-Original-URL: /desk/",
    b"X-Rewrite-URL: /desk/",
    b"X-HTTP-Method-Override: DELETE",
]


@pytest.mark.parametrize("line", PRETENDED)
async def test_what_a_client_pretends_is_ignored(port: int, line: bytes) -> None:
    plain = await sent(port, request(b"/sitemap.xml"))
    reply = await sent(port, request(b"/sitemap.xml", line))
    assert (reply.status, reply.body) == (200, plain.body)


async def test_a_slash_too_much_leads_to_our_own_address(port: int) -> None:
    reply = await sent(port, request(b"/en", b"X-Forwarded-Host: evil.example"))
    assert reply.status == 307
    assert reply.headers["location"] == "http://127.0.0.1:8000/en/"


async def test_the_server_does_not_say_what_it_is(port: int) -> None:
    for raw in request(), BROKEN["no HTTP"]:
        assert "server" not in (await sent(port, raw)).headers


class Impatient(BoundedHttp):
    HEAD_TIME = BODY_TIME = 0.3


SLOW = {
    "nothing": b"",
    "half a head": b"GET /en/ HTTP/1.1\r\nHost: ",
    "half a body": POST + FORM + b"Content-Length: 100\r\n\r\nemail=",
    "an announced chunk": POST
    + FORM
    + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFF\r\n",
    "a second head": request().replace(b"Connection: close\r\n", b"") + b"GET /",
}


@pytest.mark.parametrize("raw", SLOW.values(), ids=SLOW)
async def test_a_request_that_never_ends_is_cut_off(database: str, raw: bytes) -> None:
    async with on_the_wire(Impatient) as port:
        reply = await sent(port, raw)
    assert b" 500 " not in reply.raw


async def test_a_steady_client_keeps_its_connection(database: str) -> None:
    async with on_the_wire(Impatient) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(request(b"/healthz").replace(b"Connection: close\r\n", b""))
            head = await reader.readuntil(b"\r\n\r\n")
            reply = Reply(head)
            await reader.readexactly(int(reply.headers["content-length"]))
            assert reply.status == 200
            await asyncio.sleep(2 * Impatient.HEAD_TIME)
        writer.close()


async def test_slow_clients_hold_up_nobody(port: int) -> None:
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
    for _, writer in slow:
        writer.write(b"GET /en/ HTTP/1.1\r\nHost")
    assert (await sent(port, request())).status == 200
    for _, writer in slow:
        writer.close()


async def test_a_client_that_leaves_is_no_fault_of_ours(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(POST + FORM + b"Content-Length: 100\r\n\r\nemail=")
    await writer.drain()
    writer.close()
    assert (await sent(port, request())).status == 200
    assert not [it for it in caplog.records if it.levelname == "ERROR"]
