"""How many bad inputs a run tries, in all of its processes, and the slowest answer."""

from dataclasses import asdict, dataclass
from typing import Any

import pytest


@dataclass
class Tally:
    """The figures of a whole run."""

    tried: int = 0
    slowest: float = 0.0  # seconds
    of: str = ""

    def add(self, seconds: float, what: str, tried: int = 1) -> None:
        self.tried += tried
        if seconds > self.slowest:
            self.slowest, self.of = seconds, what


TALLY = Tally()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the figures on, where this is one of several processes (pytest-xdist)."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tally"] = asdict(TALLY)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # Any: the process, as pytest-xdist has it
    its = getattr(node, "workeroutput", {}).get("tally")
    if its:
        TALLY.add(its["slowest"], its["of"], its["tried"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TALLY.tried:
        terminalreporter.write_line(
            f"bad inputs: {TALLY.tried} requests, the slowest"
            f" {TALLY.slowest * 1000:.0f} ms ({TALLY.of})"
        )
