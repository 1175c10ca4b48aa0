"""Forms sent twice, answers that are lost on the way, a server killed in between."""

import asyncio
import contextlib
import random
import re
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg
import httpx
from tests.conftest import ON_POSTGRES, SERVER
from tests.journeys.program import Program, hidden_fields, link_in

PEOPLE, KILLS = 40, 2


@dataclass(frozen=True)
class Ballot:
    """Somebody's form as it was loaded, filled in with a text of their own."""

    path: str
    body: dict[str, str]
    text: str


@contextlib.asynccontextmanager
async def cutting_proxy(port: int) -> AsyncIterator[int]:
    """Pass requests on and cut the connection once the answer is there: it is lost."""

    async def lose(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            found = re.search(rb"content-length: ([0-9]+)", head, re.I)
            body = await reader.readexactly(int(found[1]) if found else 0)
            there, onwards = await asyncio.open_connection("127.0.0.1", port)
            onwards.write(head + body)
            await there.readuntil(b"\r\n\r\n")
            onwards.close()
        writer.transport.abort()

    server = await asyncio.start_server(lose, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def olga_asks(
    running: Program, sign_in_url: str
) -> tuple[str, httpx.AsyncClient]:
    """Sign in, draft a round of the network for forty people, open it."""
    desk = httpx.AsyncClient(base_url=running.url, timeout=30)
    await desk.post(sign_in_url)
    await desk.post("/desk/rounds", data={"kind": "survey"})
    listed = await desk.get("/desk/rounds")
    found = re.search(r'href="(/desk/rounds/[^"/]+)/open"', listed.text)
    assert found, listed.text[:2000]
    people = "\n".join(f"anna{n}@example.org" for n in range(PEOPLE))
    await desk.post(f"{found[1]}/people", data={"people": people})
    opened = await desk.post(f"{found[1]}/open", data={"days": "7"})
    assert opened.status_code == 303, opened.text[:2000]
    return found[1], desk


async def loaded(running: Program, number: int) -> Ballot:
    """Open the link in somebody's letter and fill in the form."""
    letter = await running.mail.next(f"anna{number}@example.org")
    path = urlsplit(link_in(letter, "/feedback/")).path
    async with httpx.AsyncClient(base_url=running.url, timeout=30) as browser:
        page = (await browser.get(path)).text
    field = re.search('<textarea id="([^"]+)"', page)
    assert field, page[:2000]
    text = f"Stimme {number:02}"
    return Ballot(path, {**hidden_fields(page, path), field[1]: text}, text)


async def insist(running: Program, ballot: Ballot, cut: int) -> None:
    """Send the same form, in two windows at once, until it has been thanked for."""
    for _ in range(200):
        port = random.choice([cut, cut, running.port])
        origin = f"http://127.0.0.1:{port}"
        host = {"host": f"127.0.0.1:{running.port}"}
        async with httpx.AsyncClient(base_url=origin, timeout=30) as browser:
            answers = await asyncio.gather(
                *(
                    browser.post(ballot.path, data=ballot.body, headers=host)
                    for _ in range(2)
                ),
                return_exceptions=True,
            )
        there = [it for it in answers if isinstance(it, httpx.Response)]
        told = {it.status_code for it in there if it.status_code != 503}
        assert told <= {303}, [it.text for it in there]
        if told:
            return
        await asyncio.sleep(random.uniform(0.05, 0.4))
    raise AssertionError("never thanked for")


async def kill_now_and_then(running: Program) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(1.0)
        await running.kill("serve")
        await running.start("serve")


async def stored(running: Program) -> tuple[list[str], int]:
    """Read the texts that were kept, and how many ballots are used."""
    texts = "SELECT text FROM answer WHERE text IS NOT NULL ORDER BY text"
    used = "SELECT count(*) FROM ballot WHERE used"
    if ON_POSTGRES:
        own = await asyncpg.connect(f"{SERVER}/{running.database}")
        try:
            return [row[0] for row in await own.fetch(texts)], await own.fetchval(used)
        finally:
            await own.close()
    with contextlib.closing(
        sqlite3.connect(running.folder / "werkraum.sqlite3")
    ) as file:
        found = [row[0] for row in file.execute(texts)]
        return found, file.execute(used).fetchone()[0]


async def test_every_answer_that_was_thanked_for_is_there_exactly_once(
    running: Program,
) -> None:
    made = await running.organiser()
    await running.start()
    asked, desk = await olga_asks(running, made["sign_in_url"])
    ballots = await asyncio.gather(*(loaded(running, n) for n in range(PEOPLE)))
    late, *in_time = ballots

    async with cutting_proxy(running.port) as cut:
        await asyncio.gather(
            kill_now_and_then(running),
            *(insist(running, each, cut) for each in in_time),
        )

    closed = await desk.post(f"{asked}/close", data={"end": "now"})
    assert closed.status_code == 303
    refused = [
        await desk.post(each.path, data=each.body) for each in (late, in_time[0])
    ]
    assert [it.status_code for it in refused] == [410, 409]
    assert late.text in refused[0].text
    results = await desk.get(f"{asked}/results")
    assert f"<dd>{len(in_time)}</dd>" in results.text

    await running.stop()
    texts = sorted(each.text for each in in_time)
    assert await stored(running) == (texts, len(texts))
