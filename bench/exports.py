"""A large export beside people who read pages: memory, time, and the slowest page.

A hundred thousand registrations are written into the database by hand, then fetched
as CSV and as XLSX, as an organiser does it: order, look how far it is, fetch. All the
while somebody asks for the event's page again and again.
"""

import http.client
import json
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
PAUSE = 0.02  # seconds between two looks at a page


def resident(pid: int) -> float:
    """Megabytes that a process and its children hold in memory."""
    total = 0.0
    for each in (pid, *children(pid)):
        try:
            status = Path(f"/proc/{each}/status").read_text()
        except FileNotFoundError:
            continue
        if found := re.search(r"VmRSS:\s+(\d+) kB", status):
            total += int(found[1]) / 1000
    return total


def children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True
    )
    return [int(it) for it in found.stdout.split()]


class Browser:
    """A connection to the served program, with or without a sign-in."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.open = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Host": f"127.0.0.1:{port}", "Accept-Language": "en"}
        if cookie:
            self.headers["Cookie"] = cookie

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        headers, body = dict(self.headers), None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.open.request(method, path, body, headers)
        answer = self.open.getresponse()
        return answer, answer.read()


class Watch(threading.Thread):
    """Asks for a page over and over, and takes the memory on the way."""

    def __init__(self, port: int, path: str, pid: int) -> None:
        super().__init__(daemon=True)
        self.port, self.path, self.pid = port, path, pid
        self.waits: list[float] = []
        self.memory: list[float] = []
        self.done = threading.Event()

    def run(self) -> None:
        browser = Browser(self.port)
        while not self.done.wait(PAUSE):
            begun = time.perf_counter()
            answer, _ = browser.ask("GET", self.path)
            self.waits.append(time.perf_counter() - begun)
            assert answer.status == 200, answer.status
            if len(self.waits) % 10 == 1:
                self.memory.append(resident(self.pid))

    def end(self) -> None:
        self.done.set()
        self.join()

    def percentile(self, share: float) -> float:
        return sorted(self.waits)[round(share * (len(self.waits) - 1))]


def fill(env: dict[str, str], event_id: str, people: int) -> str:
    """Write the registrations; the cookie of somebody who may export them."""
    filled = subprocess.run(
        [sys.executable, str(HERE / "many_registrations.py"), event_id, str(people)],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    said: dict[str, str] = json.loads(filled.stdout.splitlines()[-1])
    return said["cookie"]


def fetch(browser: Browser, event_id: str, form: str) -> tuple[float, bytes]:
    """Order a file, wait until it is ready, fetch it; seconds, and what it holds."""
    begun = time.perf_counter()
    path = f"/desk/events/{event_id}/registrations/files"
    answer, _ = browser.ask("POST", path, {"format": form})
    place = answer.getheader("location") or ""
    assert answer.status == 303, answer.status
    while b"/file" not in (shown := browser.ask("GET", place)[1]):
        assert b"broke off" not in shown
        time.sleep(0.5)
    answer, body = browser.ask("GET", f"{place}/file")
    assert answer.status == 200, answer.status
    return time.perf_counter() - begun, body


def calm(port: int, path: str, pid: int, seconds: float = 5.0) -> Watch:
    """Take the same page while nobody exports anything."""
    watch = Watch(port, path, pid)
    watch.start()
    time.sleep(seconds)
    watch.end()
    return watch


Say = Callable[..., None]


def measure(
    say: Say, pid: int, port: int, event: tuple[str, str], cookie: str, people: int
) -> None:
    """Export as CSV and as XLSX; print seconds, growth, and the pages meanwhile."""
    event_id, slug = event
    page, browser = f"/en/events/{slug}", Browser(port, cookie)
    # The first look at anything costs more, and so does what is done at the start.
    Browser(port).ask("GET", page)
    before = calm(port, page, pid)
    median = statistics.median(before.waits)
    say("page while it is calm, median", median * 1000, "ms", 1.0)
    begun = time.perf_counter()
    browser.ask("GET", f"/desk/events/{event_id}/registrations?q=berg&sort=name")
    say(f"list of {people:,} searched", (time.perf_counter() - begun) * 1000, "ms")
    for form in ("csv", "xlsx"):
        memory, watch = resident(pid), Watch(port, page, pid)
        watch.start()
        seconds, body = fetch(browser, event_id, form)
        watch.end()
        say(f"{people:,} as {form.upper()}", seconds, "s")
        say("… size of the file", len(body) / 1e6, "MB")
        say("… most memory more than before", max(watch.memory) - memory, "MB")
        for share in (0.5, 0.99, 1.0):
            wait = watch.percentile(share)
            name = {0.5: "median", 0.99: "p99", 1.0: "slowest"}[share]
            say(f"… page meanwhile, {name}", wait * 1000, "ms", wait / median)
