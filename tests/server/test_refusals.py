"""A refusal is a page for people, problem+json for programs, and loud if it is ours."""

import json
import logging
import sqlite3
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from tests.conftest import BASE_URL, ON_POSTGRES
from tortoise.exceptions import OperationalError

from werkraum_foundation.access import PUBLIC, route
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.refusals import NotFound, Refused, TooMany
from werkraum_server.app import TROUBLE
from werkraum_server.edge import Edge
from werkraum_server.logs import JsonLine
from werkraum_server.refusal_pages import answer_error, answer_http, answer_refusal

FAULT = Fault("starts_at", "not_a_date", "Please enter a date that exists.")
LOCKED = OperationalError(sqlite3.OperationalError("database is locked"))
ERRORS = {
    "missing": NotFound(),
    "often": TooMany(7),
    "faulty": InvalidInput([FAULT]),
    "locked": LOCKED,
    "away": ConnectionRefusedError("connection refused"),
    "cancelled": asyncpg.exceptions.QueryCanceledError("statement timeout"),
    "bug": ValueError("anna@example.org is no number"),
}


async def fail(request: Request) -> Response:
    raise ERRORS[request.path_params["error"]]


@pytest.fixture
async def failing() -> AsyncIterator[httpx.AsyncClient]:
    """A program of two routes that fail, put together as ours is."""
    app = Starlette(
        routes=[
            route("/en/{error}", fail, access=PUBLIC, name="page"),
            route("/api/{error}", fail, access=PUBLIC, name="endpoint"),
        ],
        exception_handlers={
            Refused: answer_refusal,
            HTTPException: answer_http,
            **dict.fromkeys(TROUBLE, answer_error),
            Exception: answer_error,
        },
    )
    transport = httpx.ASGITransport(app=Edge(app))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client


EXPECTED = [
    ("missing", 404, "not_found", "We could not find this page."),
    ("often", 429, "too_many", "That was very often in a short time."),
    ("faulty", 422, "invalid_input", "Please check what you entered."),
    ("locked", 503, "busy", "There is a lot going on."),
    ("away", 503, "busy", "There is a lot going on."),
    ("cancelled", 503, "busy", "There is a lot going on."),
    ("bug", 500, "our_fault", "Something went wrong on our side."),
]


@pytest.mark.parametrize(("error", "status", "code", "words"), EXPECTED)
async def test_people_get_a_page(
    failing: httpx.AsyncClient, error: str, status: int, code: str, words: str
) -> None:
    answer = await failing.get(f"/en/{error}")
    assert answer.status_code == status
    assert words in answer.text
    assert f"Message {status}" in answer.text
    assert "anna" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("error", "status", "code", "words"), EXPECTED)
async def test_programs_get_a_problem(
    failing: httpx.AsyncClient, error: str, status: int, code: str, words: str
) -> None:
    answer = await failing.get(f"/api/{error}", headers={"accept-language": "en"})
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["status"], problem["code"]) == (status, code)
    assert answer.status_code == status
    assert problem["title"].startswith(words)
    assert problem["type"] == "about:blank"
    assert problem["instance"].endswith(answer.headers["x-request-id"])


async def test_a_page_names_the_faults_of_an_input(failing: httpx.AsyncClient) -> None:
    page = (await failing.get("/en/faulty")).text
    assert "starts_at" in page
    assert FAULT.message in page


async def test_a_problem_names_the_faults_of_an_input(
    failing: httpx.AsyncClient,
) -> None:
    problem = (await failing.get("/api/faulty")).json()
    assert problem["errors"] == [
        {"field": "starts_at", "code": "not_a_date", "message": FAULT.message}
    ]


@pytest.mark.parametrize(("error", "seconds"), [("often", "7"), ("locked", "5")])
async def test_who_comes_too_often_or_too_early_hears_when(
    failing: httpx.AsyncClient, error: str, seconds: str
) -> None:
    for path in f"/en/{error}", f"/api/{error}":
        assert (await failing.get(path)).headers["retry-after"] == seconds


async def test_a_method_that_is_not_there_names_those_that_are(
    failing: httpx.AsyncClient,
) -> None:
    answer = await failing.delete("/en/missing")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


async def test_a_fault_of_ours_is_loud_and_names_nobody(
    failing: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLine().format(record))

    handler = Kept()
    logging.getLogger("werkraum.errors").addHandler(handler)
    answer = await failing.get("/en/bug")
    logging.getLogger("werkraum.errors").removeHandler(handler)
    (line,) = [json.loads(each) for each in written]
    assert line["level"] == "error"
    assert line["id"] == answer.headers["x-request-id"]
    assert line["error"]["type"] == "ValueError"
    assert "test_refusals.py" in line["error"]["where"][-1]
    assert "anna" not in written[0]


@pytest.mark.parametrize("error", ["missing", "often", "locked"])
async def test_what_is_not_our_fault_is_not_loud(
    failing: httpx.AsyncClient, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    await failing.get(f"/en/{error}")
    assert not [it for it in caplog.records if it.levelno >= logging.ERROR]


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has no lock that readers await")
async def test_a_locked_table_makes_people_wait_and_come_again(
    client: httpx.AsyncClient, database: str
) -> None:
    other = await asyncpg.connect(database)
    async with other.transaction():
        await other.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
        answer = await client.get("/en/")
    await other.close()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "Nothing is lost." in answer.text
    assert (await client.get("/en/")).status_code == 200


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite is in the process itself")
async def test_a_database_that_drops_us_is_found_again(
    client: httpx.AsyncClient, database: str
) -> None:
    other = await asyncpg.connect(database)
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await other.close()
    statuses = [(await client.get("/en/")).status_code for _ in range(3)]
    assert set(statuses) <= {200, 503}
    assert statuses[-1] == 200
