"""Large jobs of the desk, each killed in the middle again and again: nothing twice.

A list is taken in, a deed is done to all, a file is written and a letter goes out,
while the process that does it gets kill -9. Known is only what the desk, the API and
the mailboxes show afterwards.
"""

import asyncio
import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import httpx
import redis.asyncio
from python_calamine import CalamineWorkbook
from tests.conftest import ON_POSTGRES
from tests.journeys.program import Program
from tests.journeys.test_rush import EVENT, PATIENCE_FOR_LETTERS, everybody

PEOPLE = 300
KILLS = int(os.environ.get("WERKRAUM_TEST_KILLS", "2"))
# When it is killed: how much of each job is done by then, or seconds after the order.
SHARES = [(number + 0.3) / KILLS for number in range(KILLS)]
SECONDS = [number * 0.8 / KILLS for number in range(KILLS)]
SUBJECT = "Soup for everybody"


def address(number: int) -> str:
    return f"person{number}@example.org"


async def kill(running: Program) -> None:
    """kill -9 of everything that could do a job, and what Redis knew of it."""
    for name in running.usual:
        await running.kill(name)
    if ON_POSTGRES:
        server = redis.asyncio.Redis.from_url(running.redis)
        await server.flushdb()
        await server.aclose()


@asynccontextmanager
async def olga(running: Program, link: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=running.url, timeout=30, headers={"accept-language": "en"}
    ) as desk:
        assert (await desk.post(link)).status_code == 303
        yield desk


async def shown(desk: httpx.AsyncClient, path: str, words: str) -> list[int]:
    """Read the numbers that a page shows beside these words; none if it does not."""
    found = re.search(words, (await desk.get(path)).text)
    return [int(it) for it in found.groups()] if found else []


async def killed_on_the_way(
    running: Program, desk: httpx.AsyncClient, path: str, words: str
) -> int:
    """Kill it at each share of what a page shows as done; says how often it hit."""
    hits = 0
    for share in SHARES:
        while numbers := await shown(desk, path, words):
            done, total = numbers
            if done >= total or done >= share * total:
                break
            await asyncio.sleep(0.05)
        await kill(running)
        await running.start()
        numbers = await shown(desk, path, words)
        hits += bool(numbers) and numbers[0] < numbers[1]
    return hits


async def is_over(desk: httpx.AsyncClient, path: str, words: str) -> str:
    """Wait until a page says these words."""
    async with asyncio.timeout(PATIENCE_FOR_LETTERS):
        while words not in (text := (await desk.get(path)).text):
            await asyncio.sleep(0.2)
    return text


PROGRESS = r"(\d+) of (\d+) are done"


async def test_no_job_is_lost_or_done_twice(running: Program) -> None:
    made = await running.organiser()
    await running.start()
    api = httpx.AsyncClient(
        base_url=running.url,
        headers={"authorization": f"Bearer {made['api_key']}"},
        timeout=30,
    )
    onsite = {"capacity": None, "place": {"name": "Rathaus"}}
    wish = {**EVENT, "modes": {"online": {"capacity": None}, "onsite": onsite}}
    answer = await api.post(
        "/api/v1/events", json=wish, headers={"idempotency-key": "event"}
    )
    assert answer.status_code == 201, answer.text
    event = answer.json()["id"]
    await api.post(f"/api/v1/events/{event}/publish")
    async with olga(running, made["sign_in_url"]) as desk:
        await a_list_is_taken_in(running, desk, api, event)
        await a_deed_is_done(running, desk, api, event)
        await a_file_is_written(running, desk, event)
        await a_letter_goes_out(running, desk, event)
    await api.aclose()


async def a_list_is_taken_in(
    running: Program, desk: httpx.AsyncClient, api: httpx.AsyncClient, event: str
) -> None:
    lines = [f"Person {it};{address(it)};online" for it in range(PEOPLE)]
    table = "\n".join(["Name;E-Mail;Teilnahme", *lines]).encode()
    sent = await desk.post(
        f"/desk/events/{event}/import", files={"file": ("list.csv", table)}
    )
    assert sent.status_code == 303, sent.text
    batch = sent.headers["location"]
    assert (await desk.post(f"{batch}/take", data={"what": "all"})).status_code == 303
    assert await killed_on_the_way(running, desk, batch, PROGRESS), "never hit"
    await is_over(desk, batch, f"<dt>Registered</dt><dd>{PEOPLE}</dd>")
    there = await everybody(api, event)
    assert Counter(it["email"] for it in there) == Counter(map(address, range(PEOPLE)))
    seats = (await api.get(f"/api/v1/events/{event}")).json()["seats"]["online"]
    assert seats["taken"] == PEOPLE
    await everybody_has(running, "angemeldet", 1)


async def a_deed_is_done(
    running: Program, desk: httpx.AsyncClient, api: httpx.AsyncClient, event: str
) -> None:
    bulk = f"/desk/events/{event}/registrations/bulk"
    asked = await desk.get(bulk, params={"deed": "move:onsite", "whom": "all"})
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    done = await desk.post(bulk, data=sent)
    assert done.status_code == 303, done.text
    deed = done.headers["location"]
    assert await killed_on_the_way(running, desk, deed, PROGRESS), "never hit"
    text = await is_over(desk, deed, "registrations were changed")
    assert f"{PEOPLE} registrations were changed" in text
    assert {it["mode"] for it in await everybody(api, event)} == {"onsite"}
    counts = (await api.get(f"/api/v1/events/{event}")).json()["seats"]
    assert (counts["online"]["taken"], counts["onsite"]["taken"]) == (0, PEOPLE)
    await everybody_has(running, "vor Ort", 1)


async def a_file_is_written(
    running: Program, desk: httpx.AsyncClient, event: str
) -> None:
    files, hits = f"/desk/events/{event}/registrations/files", 0
    # What it does takes so short that it is killed at times, not at shares.
    for seconds in SECONDS:
        ordered = await desk.post(files, data={"format": "xlsx"})
        place = ordered.headers["location"]
        await asyncio.sleep(seconds)
        await kill(running)
        there = running.folder / "exports"
        hits += not (there / f"{place.rpartition('/')[2]}.xlsx").exists()
        await running.start()
        await is_over(desk, place, f"{PEOPLE} registrations")
        await is_over(desk, place, "The file is ready")
        raw = (await desk.get(f"{place}/file")).content
        sheet = CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_index(0)
        found = Counter(str(row[1]) for row in sheet.to_python()[1:])
        assert found == Counter(map(address, range(PEOPLE)))
    assert hits, "never hit"
    # Nothing of what was broken off is left.
    assert {it.suffix for it in there.iterdir()} == {".xlsx"}


async def a_letter_goes_out(
    running: Program, desk: httpx.AsyncClient, event: str
) -> None:
    letters = f"/desk/events/{event}/letters"
    empty: dict[str, Any] = dict.fromkeys(  # Any: as httpx takes a form
        ("subject_de", "body_de", "mode", "kind", "attended"), ""
    )
    words = {"subject_en": SUBJECT, "body_en": "Dear {name},\r\n\r\nsoup!"}
    written = await desk.post(f"{letters}/new", data=empty | words | {"version": "1"})
    assert written.status_code == 303, written.text
    letter = written.headers["location"]
    when = {"version": "1", "when": "now", "at": "", "amount": "1", "unit": "days"}
    sent = await desk.post(f"{letter}/send", data=when)
    assert sent.status_code == 303, sent.text
    hit = await killed_on_the_way(running, desk, letter, r"(\d+) / (\d+)")
    assert hit, "never hit"
    await is_over(desk, letter, f"{PEOPLE} / {PEOPLE}")
    await everybody_has(running, SUBJECT, 1)


async def everybody_has(running: Program, about: str, count: int) -> None:
    """Wait for so many letters to each; a copy of one has its name, at most once."""

    def names() -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for it in running.mail.letters:
            if about in str(it["Subject"]):
                to = found.setdefault(
                    str(it["To"]).rpartition("<")[2].strip(">"), Counter()
                )
                to[str(it["Message-ID"])] += 1
        return found

    async with asyncio.timeout(PATIENCE_FOR_LETTERS):
        while len(names()) < PEOPLE:
            await asyncio.sleep(0.2)
    # A second one would come soon after.
    await asyncio.sleep(2)
    found = names()
    assert set(found) == {address(it) for it in range(PEOPLE)}
    assert {who: them for who, them in found.items() if len(them) != count} == {}
    assert max(max(them.values()) for them in found.values()) <= 2
