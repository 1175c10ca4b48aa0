"""The results of a hundred thousand answers, and the report written of them.

Each page is set beside one bare statement that counts the same answers.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from exports import Browser

HERE = Path(__file__).parent
LOOKS = 15
STATEMENTS = 2_000
PAGES = {
    "results page, warm": "results",
    "… of one kind of organisation": "results?group=association",
    "… kinds side by side": "results?by=kind",
    "… page of texts": "results/F08?page=3",
}
FILES = ("answers.csv", "answers.jsonl", "answers-spss.zip", "answers.xlsx")

Say = Callable[..., None]


def fill(env: dict[str, str], answers: int) -> dict[str, str]:
    """Write it all; ids of round and event, and a cookie to read them with."""
    command = [sys.executable, str(HERE / "many_answers.py")]
    filled = subprocess.run(
        [*command, str(answers), str(STATEMENTS)],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    said: dict[str, str] = json.loads(filled.stdout.splitlines()[-1])
    return said


def bare(env: dict[str, str], url: str, round_id: str) -> float:
    """Milliseconds of the one statement."""
    command = [sys.executable, str(HERE / "bare_aggregate.py"), url, round_id, "7"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return float(ended.stdout.splitlines()[-1])


def look(browser: Browser, path: str) -> float:
    begun = time.perf_counter()
    answer, _ = browser.ask("GET", path)
    assert answer.status == 200, (path, answer.status)
    return (time.perf_counter() - begun) * 1000


def measure(say: Say, port: int, filled: dict[str, str], statement: float) -> None:
    """Look at the pages again and again, and fetch each file once."""
    browser, here = Browser(port, filled["cookie"]), f"/desk/rounds/{filled['round']}"
    say("bare aggregate statement", statement, "ms", 1.0)
    first = look(browser, f"{here}/results")
    say("results page, first look", first, "ms", first / statement)
    for name, path in PAGES.items():
        median = statistics.median(
            look(browser, f"{here}/{path}") for _ in range(LOOKS)
        )
        say(name, median, "ms", median / statement, aim="≤ 300 ms")
    for name in FILES:
        say(name, look(browser, f"{here}/{name}"), "ms")
    write_report(say, browser, filled["event"], statement)


def write_report(say: Say, browser: Browser, event: str, statement: float) -> None:
    """Draft the report of the event, then open it again and again."""
    begun = time.perf_counter()
    path = f"/desk/events/{event}/feedback/report"
    answer, _ = browser.ask("POST", path, {"language": "en"})
    assert answer.status == 303, answer.status
    took = (time.perf_counter() - begun) * 1000
    say(f"report drafted, {STATEMENTS:,} statements", took, "ms", took / statement)
    report = urlsplit(answer.headers["location"]).path
    median = statistics.median(look(browser, report) for _ in range(LOOKS))
    say("… opened, with today's figures beside", median, "ms", median / statement)
