"""A calendar of thousands of entries: cold, warm, after one change, and 304.

Beside the joining of ready bytes in the same run: in one process for 10,000 entries,
over HTTP for the 5,000 that a feed holds at most.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
import tracemalloc
import urllib.request
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from exports import Browser, resident

from werkraum_calendar import icalendar_text
from werkraum_calendar.icalendar_text import Entry
from werkraum_calendar.items import Item
from werkraum_calendar.kept_entries import KeptEntries
from werkraum_calendar.queries import Revision

HERE = Path(__file__).parent
MANY, LOOKS = 10_000, 15
FEED = "/calendar.ics?lang=de"
# So that what the program loads at its first feed does not count.
EMPTY = "/calendar.ics?topic=none"
FIRST = datetime(2027, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
# One loop for all: to begin one each time would count.
RUNNER = asyncio.Runner()

Say = Callable[..., None]


def milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def medians(*works: Callable[[], object]) -> list[float]:
    """Measure in turn: a machine that others use is slow for all of them."""
    rounds = [[milliseconds(work) for work in works] for _ in range(LOOKS)]
    return [statistics.median(found) for found in zip(*rounds, strict=True)]


def an_item(number: int) -> Item:
    return Item(
        uid=f"0199aa10-7c1e-7d3a-9d54-{number:012}",
        sequence=0,
        revised_at=FIRST,
        created_at=FIRST,
        starts_at=FIRST + HOUR * number,
        ends_at=FIRST + HOUR * (number + 2),
        timezone="Europe/Berlin",
        summary=f"Forum {number}, größer; schöner",
        description="Wie Partnerschaften junge Menschen gewinnen. " * 8,
        location="Ratssaal, Rathaus, Markt 1, Beispielstadt",
        url=f"https://events.example/de/events/forum-{number}",
        categories=("Jugend",),
    )


def number_of(uid: str) -> int:
    return int(uid.rpartition("-")[2])


def revisions_of(items: list[Item]) -> list[Revision]:
    """Tell the states of rows, as a process has them that reads them anew."""
    return [Revision(f"{it.uid} 1 {it.revised_at.timestamp():.0f}") for it in items]


def entries_of(
    items: list[Item], revisions: list[Revision], kept: KeptEntries
) -> list[Entry]:
    """Take what was written before, and write the rest, as the page does."""

    async def write(uids: Sequence[str]) -> AsyncIterator[tuple[Revision, Entry]]:
        for place in (number_of(uid) for uid in uids):
            yield revisions[place], icalendar_text.entry_of(items[place])

    return RUNNER.run(kept.all(revisions, write))


def write(items: list[Item], revisions: list[Revision], kept: KeptEntries) -> bytes:
    return feed(entries_of(items, revisions, kept))


def feed(entries: list[Entry]) -> bytes:
    return icalendar_text.feed(
        entries,
        uid="0199aa10-7c1e-7d3a-9d54-000000000000",
        name="Programm",
        description="Alles",
        url="https://events.example/",
        modified=FIRST,
    )


def measure_in_process(say: Say) -> None:
    """Write 10,000 entries; the join of their ready bytes is the measure."""
    items, kept = [an_item(number) for number in range(MANY)], KeptEntries(MANY + 1)
    there = revisions_of(items)
    cold = milliseconds(lambda: write(items, there, kept))
    parts = [entry.octets for entry in entries_of(items, there, kept)]
    again = [revisions_of(items) for _ in range(LOOKS)]
    join, warm, fresh = medians(
        lambda: b"".join(parts),
        lambda: write(items, there, kept),
        lambda: write(items, again.pop(), kept),
    )
    say(f"ready bytes of {MANY:,} joined", join, "ms", 1.0)
    say("feed, cold", cold, "ms", cold / join)
    say("feed, every entry written before", warm, "ms", warm / join, aim="≤ 5 × join")
    say("… their revisions read anew", fresh, "ms", fresh / join, aim="≤ 5 × join")
    number = MANY // 2
    items[number] = replace(items[number], summary="Put right")
    there[number] = Revision(f"{items[number].uid} 2 0")
    before = kept.written
    changed = milliseconds(lambda: write(items, there, kept))
    say("… one entry changed", changed, "ms", changed / join)
    say("… entries written for it", kept.written - before, "", aim="1")
    peak = most_memory(lambda: write(items, there, kept))
    say("most memory of a warm feed", peak, "×", aim="≤ 3 bodies")


def most_memory(work: Callable[[], bytes]) -> float:
    """Take the peak while a feed is written, in bodies."""
    tracemalloc.start()
    body = work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / len(body)


def fill(env: dict[str, str], event_id: str, events: int) -> None:
    command = [sys.executable, str(HERE / "many_events.py"), event_id, str(events)]
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)


class Memory(threading.Thread):
    """Watches how much a process holds at most."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most = pid, resident(pid)
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.02):
            self.most = max(self.most, resident(self.pid))

    def end(self) -> float:
        self.done.set()
        self.join()
        return self.most


def fetch(browser: Browser, path: str, known: str = "") -> tuple[int, bytes, str]:
    headers = {**browser.headers} | ({"If-None-Match": known} if known else {})
    browser.open.request("GET", path, headers=headers)
    answer = browser.open.getresponse()
    return answer.status, answer.read(), answer.getheader("etag") or ""


def first_body(port: int, pid: int) -> tuple[float, float, bytes, str]:
    """Fetch the feed for the first time: milliseconds, growth in bytes, what came."""
    browser, before, memory = Browser(port), resident(pid), Memory(pid)
    memory.start()
    begun = time.perf_counter()
    status, body, tag = fetch(browser, FEED)
    waited = (time.perf_counter() - begun) * 1000
    assert status == 200, status
    return waited, (memory.end() - before) * 1_000_000, body, tag


def measure(say: Say, port: int, bare_port: int, first: tuple[float, float]) -> None:
    """Fetch the feed again and again, in turn with the ready bytes joined."""
    browser, bare = Browser(port), Browser(bare_port)
    waits: dict[str, list[float]] = {"bare": [], "warm": [], "304": []}
    _, body, tag = fetch(browser, FEED)
    for _ in range(LOOKS):
        waits["bare"].append(milliseconds(lambda: fetch(bare, "/")))
        waits["warm"].append(milliseconds(lambda: fetch(browser, FEED)))
        waits["304"].append(milliseconds(lambda: fetch(browser, FEED, tag)))
    assert fetch(browser, FEED, tag)[0] == 304
    middle = {name: statistics.median(found) for name, found in waits.items()}
    join, (cold, growth) = middle["bare"], first
    say("ready bytes joined and sent", join, "ms", 1.0)
    say("feed, cold", cold, "ms", cold / join)
    say("feed, warm", middle["warm"], "ms", middle["warm"] / join, aim="≤ 5 × join")
    say("feed, 304", middle["304"], "ms", middle["304"] / join)
    say("most memory more, cold", growth / len(body), "×", aim="≤ 3 bodies")


def measure_change(say: Say, port: int, site: str, key: str, event_id: str) -> None:
    """Put one title right, then fetch."""
    address = f"{site}/api/v1/events/{event_id}"
    granted = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    asked = urllib.request.Request(address, headers=granted)
    with urllib.request.urlopen(asked) as answer:
        known = answer.headers["ETag"]
    change = urllib.request.Request(
        address,
        method="PATCH",
        data=json.dumps({"title": {"de": "Put right", "en": "Put right"}}).encode(),
        headers={**granted, "If-Match": known},
    )
    urllib.request.urlopen(change).read()
    browser = Browser(port)
    begun = time.perf_counter()
    status, body, _ = fetch(browser, FEED)
    assert status == 200 and b"Put right" in body
    say("feed, one of them changed", (time.perf_counter() - begun) * 1000, "ms")
