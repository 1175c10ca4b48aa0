"""`make bench`: what the program does per second, as ratios taken in one run.

Absolute figures say little on a shared machine; each is set beside a bare page or
a bare statement measured in the same minute. Aims and method: docs/performance.md.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import answers
import doors
import exports
import feeds
import live
import rush
from load import Outcome, get, load, post

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
SECRET = "the-secret-of-the-bench-5d1f0c7a9e3b4826"
POSTGRES = os.environ.get(
    "WERKRAUM_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres"
)
PAGES, PEOPLE, ROUNDS, AT_ONCE = 2000, 300, 5, 32
RUSHES_EACH = int(os.environ.get("BENCH_RUSHES", "3"))
EXPORTED = int(os.environ.get("BENCH_EXPORTED", "100000"))
FEED = int(os.environ.get("BENCH_FEED", "5000"))
ANSWERS = int(os.environ.get("BENCH_ANSWERS", "100000"))
LISTENERS = int(os.environ.get("BENCH_LISTENERS", "500"))
VOICES, VOICE_SECONDS = 100, 10.0
FORM = "Content-Type: application/x-www-form-urlencoded"


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int, database: str | None) -> dict[str, str]:
    ours = {
        "WERKRAUM_BASE_URL": f"http://127.0.0.1:{port}",
        "WERKRAUM_DATA_DIR": str(folder),
        "WERKRAUM_SECRET_KEY": SECRET,
        "WERKRAUM_LIMITS": "off",
    }
    if database:
        ours["WERKRAUM_DATABASE_URL"] = database
    kept = {k: v for k, v in os.environ.items() if not k.startswith("WERKRAUM_")}
    return kept | ours


@contextlib.contextmanager
def running(*command: str, env: dict[str, str] | None = None) -> Iterator[int]:
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(90)


def until_answers(url: str, host: str | None = None) -> float:
    """Wait for the first answer; how many seconds it took.

    `host` is what the program calls itself, where it does not listen there.
    """
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    started = time.perf_counter()
    while time.perf_counter() - started < 60:
        with contextlib.suppress(URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(request, timeout=2).read()
            return time.perf_counter() - started
        time.sleep(0.01)
    raise SystemExit(f"no answer from {url}")


def resident(pid: int) -> float:
    """Megabytes that a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1000


class Program:
    """The served program with the demo and events to register for."""

    def __init__(self, folder: Path, port: int, database: str | None) -> None:
        self.env = environment(folder, port, database)
        self.port, self.host = port, f"127.0.0.1:{port}"

    def run(self, *arguments: str) -> str:
        ended = subprocess.run(
            [str(BIN / "werkraum"), *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
        )
        return ended.stdout

    def prepare(self) -> None:
        self.run("migrate")
        added = self.run(
            *("organiser", "add", "--name", "Bench", "--email", "b@example.org"),
            "--api-key",
        )
        self.key = json.loads(added)["api_key"]

    def call(self, method: str, path: str, body: object = None) -> dict[str, str]:
        request = urllib.request.Request(
            f"http://{self.host}/api/v1{path}",
            method=method,
            data=json.dumps(body or {}).encode(),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"{method}{path}{hash(str(body))}",
            },
        )
        with urllib.request.urlopen(request) as answer:
            found: dict[str, str] = json.load(answer)
            return found

    def event(self, slug: str, **changes: object) -> str:
        made = self.call(
            "POST",
            "/events",
            {
                "slug": slug,
                "kind": "forum",
                "title": {"de": "Forum Jugend", "en": "Youth forum"},
                "summary": {"de": "Jugend beteiligen."},
                "description": {"de": "Ein **Nachmittag** mit Beispielen.\n\n" * 10},
                "starts_at": "2099-03-04T14:00",
                "ends_at": "2099-03-04T16:00",
                "timezone": "Europe/Berlin",
                "modes": {"online": {"capacity": 600}},
                "registration": {"confirmation": "immediate"},
                "topics": ["jugend"],
                **changes,
            },
        )
        self.call("POST", f"/events/{made['id']}/publish")
        return made["id"]

    def forms(
        self, slug: str, count: int, wishes: Sequence[bytes] = (b"online",)
    ) -> list[bytes]:
        """The filled forms of so many people, each with a token of the page."""
        page = urllib.request.urlopen(f"http://{self.host}/de/events/{slug}").read()
        token = re.search(rb'name="form_token"[^>]*value="([^"]+)"', page)
        assert token, "the page has no form"
        path = f"/de/events/{slug}/registrations"
        return [
            post(
                path,
                self.host,
                b"name=Anna+%d&email=anna%d%%40example.org&mode=%s&website="
                b"&form_token=%s"
                % (number, number, wishes[number % len(wishes)], token[1]),
                FORM,
            )
            for number in range(count)
        ]


@dataclass
class Rounds:
    """Loads of one thing taken in turn with loads of its measure."""

    per_second: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # milliseconds per request

    def add(self, per_second: float, cpu: float) -> None:
        self.per_second.append(per_second)
        self.cpu.append(cpu)

    @property
    def speed(self) -> float:
        return statistics.median(self.per_second)

    @property
    def cost(self) -> float:
        return statistics.median(self.cpu)


def cpu_seconds(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def one_round(rounds: Rounds, pid: int, port: int, requests: list[bytes]) -> Outcome:
    before = cpu_seconds(pid)
    outcome = asyncio.run(load(port, requests, at_once=AT_ONCE))
    cpu = (cpu_seconds(pid) - before) * 1000 / len(requests)
    rounds.add(outcome.per_second, cpu)
    return outcome


def measure_pages(program: Program, pid: int) -> None:
    """Load what anonymous readers and calendars ask for, in turn with a bare page."""
    path = "/de/events/bench-forum"
    page = urllib.request.urlopen(f"http://{program.host}{path}")
    etag, body = page.headers["ETag"], page.read()
    asked = {
        "event page": (get(path, program.host), PAGES, "≥ 0.3"),
        "event page, 304": (
            get(path, program.host, f"If-None-Match: {etag}"),
            PAGES,
            "≥ 0.6",
        ),
        ".ics download": (get("/events/bench-forum.ics", program.host), PAGES // 8, ""),
        "calendar feed": (get("/calendar.ics", program.host), PAGES // 8, ""),
        "atom feed": (get("/feed.atom", program.host), PAGES // 8, ""),
        "programme": (get("/de/", program.host), PAGES // 8, ""),
    }
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        port = free_port()
        command = (sys.executable, str(HERE / "bare.py"), str(port), file.name)
        with running(*command) as bare_pid:
            until_answers(f"http://127.0.0.1:{port}/")
            bare, found = Rounds(), {name: Rounds() for name in asked}
            for _ in range(ROUNDS):
                for name, (request, count, _aim) in asked.items():
                    plain = [get("/", "127.0.0.1")] * PAGES
                    one_round(bare, bare_pid, port, plain)
                    out = one_round(found[name], pid, program.port, [request] * count)
                    assert set(out.statuses) <= {200, 304}, (name, out.statuses)
    line("bare starlette page", bare.speed, "/s", 1.0, 1.0, "")
    for name, rounds in found.items():
        speed, cost = rounds.speed / bare.speed, bare.cost / rounds.cost
        line(name, rounds.speed, "/s", speed, cost, asked[name][2])


def bare_statements(
    program: Program, database: str, number: int
) -> tuple[float, float]:
    """How many a second, and milliseconds of processor time for each."""
    ended = subprocess.run(
        [
            sys.executable,
            str(HERE / "bare_statement.py"),
            database,
            str(PEOPLE),
            str(AT_ONCE),
            str(number),
        ],
        env=program.env,
        capture_output=True,
        text=True,
        check=True,
    )
    per_second, cpu = map(float, ended.stdout.split())
    return per_second, cpu


def line(
    name: str,
    value: float,
    unit: str,
    ratio: float | None = None,
    cpu: float | None = None,
    aim: str = "",
) -> None:
    ratios = "".join(" " * 8 if it is None else f"{it:8.2f}" for it in (ratio, cpu))
    print(f"{name:32}{value:10.1f} {unit:4}{ratios}   {aim}", flush=True)


def measure_registrations(program: Program, pid: int, url: str) -> None:
    """Register people over HTTP in turn with the bare statements."""
    decided, statements, slowest = Rounds(), Rounds(), []
    forms = program.forms("bench-forum", PEOPLE * ROUNDS)
    for number in range(ROUNDS):
        some = forms[number * PEOPLE : (number + 1) * PEOPLE]
        outcome = one_round(decided, pid, program.port, some)
        assert set(outcome.statuses) == {303}, outcome.statuses
        slowest.append(outcome.percentile(0.99) * 1000)
        statements.add(*bare_statements(program, url, number))
    line("bare statement", statements.speed, "/s", 1.0, 1.0)
    ratios = decided.speed / statements.speed, statements.cost / decided.cost
    line("decided registration (HTTP)", decided.speed, "/s", *ratios, "≥ 0.3")
    line("… p99", statistics.median(slowest), "ms")


def on(name: str, database: str | None) -> None:
    """Measure pages and registrations on one database."""
    print(f"\n{name}, one process\n{'':47}{'by time':>8}{'by CPU':>8}   aim")
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), free_port(), database)
        program.prepare()
        url = database or f"sqlite://{folder}/werkraum.sqlite3"
        serve = [str(BIN / "werkraum"), "serve", "--port", str(program.port)]
        with running(*serve, env=program.env) as pid:
            ready = until_answers(f"http://{program.host}/readyz")
            line("ready after start", ready, "s", aim="≤ 2")
            program.event("bench-forum")
            program.event("bench-bare")
            measure_pages(program, pid)
            measure_registrations(program, pid, url)
            line("resident memory after it", resident(pid), "MB")


def export_many(name: str, database: str | None) -> None:
    """Export a hundred thousand registrations beside people who read pages."""
    print(f"\n{name}, one process: files of registrations\n{'':47}{'of calm':>8}")
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), free_port(), database)
        program.prepare()
        serve = [str(BIN / "werkraum"), "serve", "--port", str(program.port)]
        with running(*serve, env=program.env):
            until_answers(f"http://{program.host}/readyz")
            event_id = program.event("bench-export")
        # Nobody else may write while the file belongs to a serving process.
        cookie = exports.fill(program.env, event_id, EXPORTED)
        with running(*serve, env=program.env) as pid:
            until_answers(f"http://{program.host}/readyz")
            event = (event_id, "bench-export")
            exports.measure(line, pid, program.port, event, cookie, EXPORTED)


def read_many_answers(name: str, database: str | None) -> None:
    """Read the results of a hundred thousand answers."""
    print(f"\n{name}, one process: {ANSWERS:,} answers\n{'':47}{'of bare':>8}")
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), free_port(), database)
        program.prepare()
        url = database or f"sqlite://{folder}/werkraum.sqlite3"
        filled = answers.fill(program.env, ANSWERS)
        statement = answers.bare(program.env, url, filled["round"])
        serve = [str(BIN / "werkraum"), "serve", "--port", str(program.port)]
        with running(*serve, env=program.env):
            until_answers(f"http://{program.host}/readyz")
            answers.measure(line, program.port, filled, statement)


def write_long_feeds(name: str, database: str | None) -> None:
    """Write a calendar of as many events as a feed holds."""
    if database is None:
        print(f"\nFeed in one process\n{'':47}{'of join':>8}")
        feeds.measure_in_process(line)
    print(f"\n{name}, one process: a feed of {FEED:,}\n{'':47}{'of join':>8}")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as serving:
        program = Program(Path(folder), free_port(), database)
        program.prepare()
        serve = [str(BIN / "werkraum"), "serve", "--port", str(program.port)]
        with running(*serve, env=program.env):
            until_answers(f"http://{program.host}/readyz")
            event_id = program.event("bench-feed")
        # Nobody else may write while the file belongs to a serving process.
        feeds.fill(program.env, event_id, FEED)
        pid = serving.enter_context(running(*serve, env=program.env))
        until_answers(f"http://{program.host}/readyz")
        urllib.request.urlopen(f"http://{program.host}{feeds.EMPTY}").read()
        waited, growth, body, _ = feeds.first_body(program.port, pid)
        file = Path(folder) / "feed.ics"
        file.write_bytes(body)
        bare_port = free_port()
        bare = (str(HERE / "bare.py"), str(bare_port), str(file), "BEGIN:VEVENT")
        serving.enter_context(running(sys.executable, *bare))
        until_answers(f"http://127.0.0.1:{bare_port}/")
        feeds.measure(line, program.port, bare_port, (waited, growth))
        site = f"http://{program.host}"
        feeds.measure_change(line, program.port, site, program.key, event_id)


# Event, its modes and total, and what people wish in turn.
RUSHES = {
    "two pools": ({"onsite": 180, "online": 120}, None, (b"onsite", b"online")),
    "three pools, second choices": (
        {"onsite": 200, "online": 200},
        rush.SEATS,
        (b"onsite", b"online", b"onsite_else_online"),
    ),
}


def measure_rush(name: str, database: str | None) -> None:
    """Send a town to a forum: one process on SQLite, two on PostgreSQL."""
    processes = "two processes" if database else "one process"
    print(f"\n{name}, {processes}: {rush.PEOPLE} people in {rush.SECONDS:.0f} s")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as serving:
        program = Program(Path(folder), free_port(), database)
        program.prepare()
        serving_at: dict[int, int] = {}
        for port in [program.port, free_port()] if database else [program.port]:
            command = [str(BIN / "werkraum"), "serve", "--port", str(port)]
            serving_at[port] = serving.enter_context(running(*command, env=program.env))
            until_answers(f"http://127.0.0.1:{port}/healthz", program.host)
        program.event("bench-bare")
        url = database or f"sqlite://{folder}/werkraum.sqlite3"
        for number in range(RUSHES_EACH):
            for turn, kind in enumerate(RUSHES):
                turns = number * len(RUSHES) + turn
                one_rush(program, url, serving_at, kind, turns)
        serving.close()
        rush.must_add_up(program.env, url)


def one_rush(
    program: Program, url: str, serving_at: dict[int, int], kind: str, number: int
) -> None:
    """Let everybody come to an event of its own; `serving_at`: port to process."""
    capacities, total, wishes = RUSHES[kind]
    slug = f"bench-rush-{number}"
    program.event(
        slug,
        modes={mode: {"capacity": seats} for mode, seats in capacities.items()},
        seats_total=total,
    )
    forms = program.forms(slug, rush.PEOPLE, wishes)
    before = sum(map(cpu_seconds, serving_at.values()))
    outcome = asyncio.run(rush.rush([*serving_at], forms))
    used = sum(map(cpu_seconds, serving_at.values())) - before
    assert outcome.statuses == {303: rush.PEOPLE}, outcome.statuses
    bare, cost = bare_statements(program, url, number)
    line("bare statement", bare, "/s", 1.0, 1.0)
    ratios = outcome.per_second / bare, cost / (used * 1000 / rush.PEOPLE)
    line(kind, outcome.per_second, "/s", *ratios, "≥ 0.5")
    line("… p50", outcome.percentile(0.5) * 1000, "ms")
    # Beside the time the bare statements would take for all of them.
    slowest = outcome.percentile(0.99)
    line("… p99", slowest * 1000, "ms", slowest / (rush.PEOPLE / bare))


def demo() -> None:
    """Start the demo as a newcomer does, and look at its size."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = environment(Path(folder), port, None)
        command = [str(BIN / "werkraum"), "demo", "--port", str(port)]
        with running(*command, env=env) as pid:
            filled = until_answers(f"http://127.0.0.1:{port}/readyz")
            for path in ("/de/", "/en/", "/feed.atom", "/calendar.ics"):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read()
            line("demo: filled and ready", filled, "s")
            line("demo: resident memory", resident(pid), "MB", aim="≤ 150")
        with running(*command, env=env):
            again = until_answers(f"http://127.0.0.1:{port}/readyz")
            line("demo again: ready", again, "s", aim="≤ 2")


def measure_live(name: str, database: str | None) -> None:
    """Let many listen to a live round while voices come in."""
    print(f"\n{name}, {VOICES} voices within {VOICE_SECONDS:.0f} s of a live round")
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), free_port(), database)
        program.prepare()
        serve = [str(BIN / "werkraum"), "serve", "--port", str(program.port)]
        with running(*serve, env=program.env) as pid:
            until_answers(f"http://{program.host}/readyz")
            # A single one first: beside that the many of a hall are seen.
            for listeners in (1, LISTENERS):
                heard = one_live_round(program, listeners, pid)
                line(f"{listeners} listening: heard the end", len(heard.late), "")
                line("  median, after it was said", heard.median * 1000, "ms")
                line("  slowest", heard.late[-1] * 1000, "ms", aim="≤ 1000")
                line("  a voice until answered", heard.voice_median * 1000, "ms")
                line("  events for each", heard.events / listeners, "", aim="≤ 12")


def one_live_round(program: Program, listeners: int, pid: int) -> live.Heard:
    event_id = program.event(f"live-{listeners}")
    made = subprocess.run(
        [sys.executable, str(HERE / "a_live_round.py"), event_id, str(VOICES)],
        env=program.env,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(made.stdout)
    asked = live.LiveRound(program.port, told["code"], told["question"], told["keys"])
    before = cpu_seconds(pid)
    heard = asyncio.run(
        live.listen_and_speak(asked, listeners=listeners, seconds=VOICE_SECONDS)
    )
    line(f"{listeners} listening: processor", cpu_seconds(pid) - before, "s")
    return heard


def measure_doors(name: str, database: str | None) -> None:
    """Let everybody come to the door, with the room server up and with it down."""
    for server in ("up", "down"):
        print(
            f"\n{name}, one process: {doors.PEOPLE} doors in {doors.SECONDS:.0f} s,"
            f" the room server {server}\n{'':47}{'of bare':>8}"
        )
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
            port = free_port()
            if server == "up":
                stack.enter_context(a_room_server(Path(folder), port))
            program = Program(Path(folder), free_port(), database)
            program.env |= {
                "WERKRAUM_JITSI_URL": f"http://127.0.0.1:{port}",
                "WERKRAUM_JITSI_APP_ID": "bench",
                "WERKRAUM_JITSI_APP_SECRET": SECRET,
            }
            one_minute(program)


def one_minute(program: Program) -> None:
    """Open one event's doors, for people who come evenly and for a rush of them."""
    program.prepare()
    serve = [str(BIN / "werkraum"), "serve", "--port", str(program.port)]
    with running(*serve, env=program.env):
        until_answers(f"http://{program.host}/readyz")
        event_id = program.event("bench-doors")
    # Nobody else may write while the file belongs to a serving process.
    tokens = doors.fill(program.env, event_id)
    with running(*serve, env=program.env) as pid:
        until_answers(f"http://{program.host}/readyz")
        bare, door, room = asyncio.run(doors.calm(program.port, tokens[0]))
        page = bare.percentile(0.5)
        line("bare page, calm", page * 1000, "ms", 1.0)
        for what, asked in (("door, calm", door), ("click, calm", room)):
            middle = asked.percentile(0.5)
            line(what, middle * 1000, "ms", middle / page)
        for rush in (False, True):
            before = cpu_seconds(pid)
            found = asyncio.run(doors.minute(program.port, tokens, rush=rush))
            tell(found, "rush" if rush else "even", page)
            line("processor", cpu_seconds(pid) - before, "s")


def tell(found: doors.Minute, how: str, page: float) -> None:
    for what, asked in (("door", found.doors), ("click", found.rooms)):
        line(f"{how}: {what}, p50", asked.percentile(0.5) * 1000, "ms")
        slowest = asked.percentile(0.99)
        line(f"{how}: {what}, p99", slowest * 1000, "ms", slowest / page, aim="≤ 2000")
        line(f"{how}: {what}, not answered", doors.PEOPLE - asked.statuses[200], "")


@contextlib.contextmanager
def a_room_server(folder: Path, port: int) -> Iterator[None]:
    """Play the file of a Jitsi server that is looked at first."""
    place = folder / "room-server"
    place.mkdir()
    (place / "external_api.js").write_text("var JitsiMeetExternalAPI = 1;")
    served = ("-m", "http.server", str(port), "--bind", "127.0.0.1")
    command = (sys.executable, *served, "--directory", str(place))
    with running(*command):
        until_answers(f"http://127.0.0.1:{port}/external_api.js")
        yield


@contextlib.contextmanager
def a_postgres() -> Iterator[str | None]:
    """Make an empty database and drop it again; None where there is no server."""
    name = f"werkraum_bench_{os.getpid()}"
    psql = [sys.executable, str(HERE / "on_postgres.py"), POSTGRES]
    if subprocess.run([*psql, f'CREATE DATABASE "{name}"']).returncode:
        yield None
        return
    try:
        yield f"{POSTGRES.rpartition('/')[0]}/{name}"
    finally:
        subprocess.run([*psql, f'DROP DATABASE "{name}" WITH (FORCE)'], check=True)


def main() -> None:
    """Measure all, or only what is named: "pages", "exports", "answers", …"""
    known = {
        "pages": on,
        "exports": export_many,
        "answers": read_many_answers,
        "calendar": write_long_feeds,
        "rush": measure_rush,
        "live": measure_live,
        "doors": measure_doors,
    }
    measures = [known[word] for word in sys.argv[1:] or known]
    if on in measures:
        demo()
    for measure in measures:
        measure("SQLite", None)
    for measure in measures:
        with a_postgres() as url:
            if url is None:
                print("\nPostgreSQL is not here: not measured.")
                return
            measure("PostgreSQL", url)


if __name__ == "__main__":
    main()
