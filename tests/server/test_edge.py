"""Every answer carries its headers, and every request leaves one line behind."""

import json
from collections.abc import Iterator
from io import StringIO
from uuid import UUID

import httpx
import pytest
from starlette.routing import Route
from tests.conftest import the_app
from tests.people import an_event, an_organiser

from werkraum_foundation.settings import settings
from werkraum_server import logs
from werkraum_server.app import create_app
from werkraum_server.edge import first_step, without_secrets
from werkraum_server.figures import begin_request, count_request, people_wait
from werkraum_server.request_heads import own_hosts
from werkraum_server.routes import all_routes

# What a policy must not hold: it would let a page run what somebody typed.
UNSAFE = {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "http:", "https:"}
PERSONAL = "my", "confirm", "feedback", "sign-in", "registered", "desk"
# As long as ours, and belonging to nobody.
TOKEN = "t0ken-of-nobody-0123456789-abcdefghijklmnop"
ID = UUID(int=7)

PLACEHOLDERS = {
    "{lang:lang}": "en",
    "{slug}": "no-such-event",
    "{token}": TOKEN,
    "{key}": TOKEN,
    "{organiser}": "nobody",
    "{session}": str(ID),
    "{code}": "nobodys-code",
    "{reminder}": "1440",
    "{purpose}": "photo",
    "{letter}": str(ID),
    "{need}": str(ID),
    "{question}": str(ID),
    "{series}": str(ID),
    "{topic}": str(ID),
    "{guest}": str(ID),
    "{name}": "werkraum.css",
    "{id}": str(ID),
    "{id:uuid}": str(ID),
    "{statement:uuid}": str(ID),
    "{theme:uuid}": str(ID),
    "{number:int}": "7",
    "{suffix}": "md",
    "{step}": "after",
    "{what}": "room",
    "{happened}": "created",
    **dict.fromkeys(
        (
            "{card}",
            "{contact}",
            "{material}",
            "{passage}",
            "{person}",
            "{pledge}",
            "{practice}",
            "{room}",
            "{statement}",
            "{table}",
            "{theme}",
        ),
        str(ID),
    ),
}


def addresses(method: str) -> list[str]:
    """List an address for each route that answers to the method."""
    found = []
    for route in all_routes():
        assert isinstance(route, Route)
        path = route.path
        for name, value in PLACEHOLDERS.items():
            path = path.replace(name, value)
        assert "{" not in path, f"add a placeholder for {route.path} to this test"
        if method in (route.methods or ()):
            found.append(path)
    return found


BESIDES = "/nothing", "/en/nothing", "/static/nothing", "/en/my/x/y/z", "/api/v1/none"


async def test_every_answer_is_safe_to_show(client: httpx.AsyncClient) -> None:
    for path in *addresses("GET"), *BESIDES:
        answer = await client.get(path)
        assert answer.status_code < 500, path
        assert not answer.headers.keys() & {"set-cookie", "server", "x-powered-by"}
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert not set(policy.replace(";", " ").split()) & UNSAFE, path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert len(answer.headers["x-request-id"]) == 16


async def test_what_is_personal_is_never_kept(client: httpx.AsyncClient) -> None:
    for path in *addresses("GET"), *BESIDES:
        headers = (await client.get(path)).headers
        kept = headers["cache-control"]
        if first_step(path) in PERSONAL:
            assert kept == "no-store", path
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-robots-tag"] == "noindex"
        else:
            plain = "no-cache", "no-store"
            assert kept in plain or kept.startswith("public, max-age="), path


CHOOSES = "/", "/archive", "/events/any", "/feed.atom", "/feed.json", "/any"


@pytest.mark.parametrize("path", CHOOSES)
async def test_an_answer_in_the_readers_language_says_so(
    client: httpx.AsyncClient, path: str
) -> None:
    """Else a cache in between gives one reader the language of another."""
    for language in "de", "en":
        answer = await client.get(path, headers={"accept-language": language})
        assert answer.headers["vary"] == "Accept-Language"


async def test_a_form_of_another_site_is_refused(client: httpx.AsyncClient) -> None:
    for path in addresses("POST"):
        answer = await client.post(path, headers={"origin": "https://evil.example"})
        assert answer.status_code in (401, 403), path
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_pages_that_exist_carry_the_headers_too(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser())
    for path in f"/en/events/{event.slug}", f"/events/{event.slug}.ics", "/feed.json":
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers


async def test_each_header_stands_there_once(client: httpx.AsyncClient) -> None:
    for path in "/", "/en/", "/feed.atom", "/desk/", "/nothing", "/api/openapi.json":
        names = [name for name, _ in (await client.get(path)).headers.raw]
        assert len(names) == len({name.lower() for name in names}), names


async def test_every_request_that_began_has_ended(client: httpx.AsyncClient) -> None:
    """Letters wait while requests are under way, so none may be forgotten."""
    for path in "/en/", "/nothing", "/en/%00":
        await client.get(path)
        assert not people_wait()
    begin_request()
    assert people_wait()
    count_request("GET", 200, 0.0)


@pytest.mark.parametrize(
    ("base_url", "host", "ours"),
    [
        ("https://forum.example", b"forum.example", True),
        ("https://forum.example", b"forum.example:443", True),
        ("https://forum.example", b"forum.example:80", False),
        ("https://forum.example", b"forum.example.", False),
        ("https://forum.example", b"127.0.0.1", False),
        ("https://forum.example:8443", b"forum.example:8443", True),
        ("https://forum.example:8443", b"forum.example", False),
        ("http://[2001:db8::7]", b"[2001:db8::7]", True),
        ("http://[2001:db8::7]:8000", b"[2001:db8::7]:8000", True),
        ("http://[2001:db8::7]:8000", b"2001:db8::7:8000", False),
        ("http://[::1]:8000", b"localhost:8000", True),
        ("http://localhost:8000", b"127.0.0.1:8000", True),
        ("http://localhost:8000", b"localhost:8001", False),
    ],
)
def test_a_host_is_a_name_with_its_port(base_url: str, host: bytes, ours: bool) -> None:
    assert (host in own_hosts(base_url)) is ours


@pytest.fixture
def called_inside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Room servers call us by a name of the inner network."""
    monkeypatch.setenv("WERKRAUM_JITSI_CALLS_URL", "http://web:8000")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


async def test_the_name_by_which_room_servers_call_is_theirs_alone(
    database: str, called_inside: None
) -> None:
    transport = httpx.ASGITransport(app=create_app())
    async with httpx.AsyncClient(
        transport=transport, base_url="http://web:8000"
    ) as prosody:
        called = await prosody.post("/jitsi/conference")
        others = [await prosody.get(path) for path in ("/en/", "/jitsi", "/jitsix/")]

    assert (called.status_code, called.json()["code"]) == (401, "not_a_room_server")
    assert {it.status_code for it in others} == {400}


async def test_a_foreign_host_is_told_in_plain_words(database: str) -> None:
    transport = httpx.ASGITransport(app=the_app())
    async with httpx.AsyncClient(
        transport=transport, base_url="http://evil.example"
    ) as stranger:
        page = await stranger.get("/en/")
        program = await stranger.get("/api/v1/events")
    assert (page.status_code, program.status_code) == (400, 400)
    assert "This is not the address of this site." in page.text
    assert program.headers["content-type"] == "application/problem+json"
    assert program.json()["code"] == "foreign_host"


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/en/my/{TOKEN}", "/en/my/…"),
        (f"/en/my/{TOKEN}/door", "/en/my/…/door"),
        (f"/my/{TOKEN}/calendar.ics", "/my/…/calendar.ics"),
        (f"/de/confirm/{TOKEN}.", "/de/confirm/…"),
        (f"/sign-in/{TOKEN}", "/sign-in/…"),
        ("/en/feedback/short", "/en/feedback/…"),
        (f"/fr/my/{TOKEN}", "/fr/my/…"),
        ("/en/my", "/en/my"),
        (f"/EN/MY/{TOKEN}", "/EN/MY/…"),
        (f"/en%2Fmy%2F{TOKEN}", "/en%2Fmy%…"),
        (f"/elsewhere/{TOKEN[:-2]}", "/elsewhere/…"),
        ("/en/events/forum-jugend", "/en/events/forum-jugend"),
        (f"/api/v1/events/{ID}", f"/api/v1/events/{ID}"),
    ],
)
def test_a_log_keeps_no_token(path: str, logged: str) -> None:
    assert without_secrets(path) == logged


@pytest.fixture
def request_log() -> Iterator[StringIO]:
    stream = StringIO()
    logs.requests.open(stream)
    yield stream
    logs.requests.close()


async def lines_of(
    client: httpx.AsyncClient, log: StringIO, path: str, **headers: str
) -> list[dict[str, object]]:
    await client.get(path, headers=headers)
    logs.requests.flush()
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_a_request_leaves_one_line(
    client: httpx.AsyncClient, request_log: StringIO
) -> None:
    (line,) = await lines_of(client, request_log, "/en/archive?q=anna@example.org")
    assert line | {"at": "", "id": "", "ms": 0} == {
        "at": "",
        "level": "info",
        "event": "request",
        "id": "",
        "method": "GET",
        "path": "/en/archive",
        "status": 200,
        "ms": 0,
    }


@pytest.mark.parametrize(
    "path",
    [
        "/en/%0d%0aSet-Cookie:%20x=y",
        "/en/%1b[2J",
        '/en/"},{"event":"forged',
        "/en/%e2%80%a8x",
        f"/%65n/%6dy/{TOKEN}",
    ],
)
async def test_no_path_writes_a_line_of_its_own(
    client: httpx.AsyncClient, request_log: StringIO, path: str
) -> None:
    (line,) = await lines_of(client, request_log, path, **{"user-agent": "\x1b[2J"})
    text = request_log.getvalue()
    assert text.isascii() or "…" in text
    assert "\x1b" not in text
    assert TOKEN not in text
    assert line["event"] == "request"


async def test_the_id_of_a_line_is_the_one_of_the_answer(
    client: httpx.AsyncClient, request_log: StringIO
) -> None:
    answer = await client.get("/en/", headers={"x-request-id": "mine"})
    logs.requests.flush()
    line = json.loads(request_log.getvalue())
    assert line["id"] == answer.headers["x-request-id"] != "mine"
