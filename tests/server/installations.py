"""An installation of its own for a test: a folder, a database, the real command."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from tests.ports import free_port

COMMAND = str(Path(sys.executable).parent / "werkraum")
PATIENCE = 90.0  # seconds; the machine may be busy


@dataclass
class Installation:
    """What the commands of one installation share."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        plain = {k: v for k, v in os.environ.items() if not k.startswith("WERKRAUM_")}
        return plain | {
            "WERKRAUM_DATA_DIR": str(self.folder),
            "WERKRAUM_BASE_URL": self.address,
            "WERKRAUM_SECRET_KEY": "the-secret-of-an-installation-7c31b02e95",
            **self.settings,
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [COMMAND, *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    @contextlib.contextmanager
    def running(self, *arguments: str) -> Iterator["Running"]:
        """Keep a command running for the block; its log is a file in the folder."""
        log = self.folder / f"{arguments[0]}.log"
        with log.open("ab") as file:
            process = subprocess.Popen(
                [COMMAND, *arguments],
                env=self.environment,
                cwd=self.folder,
                stdout=file,
                stderr=file,
            )
        running = Running(process, log)
        try:
            yield running
        finally:
            running.stop(signal.SIGKILL)

    @contextlib.contextmanager
    def serving(self, command: str = "serve") -> Iterator["Running"]:
        with self.running(command, "--port", str(self.port)) as running:
            wait_until_ready(self.address, running)
            yield running


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and say how the process ended."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def wait_for(self, word: str) -> None:
        """Wait until the log holds this word."""
        until = time.monotonic() + PATIENCE
        while word not in self.log.read_text("utf-8"):
            assert self.process.poll() is None, self.log.read_text("utf-8")
            assert time.monotonic() < until, self.log.read_text("utf-8")
            time.sleep(0.05)


def wait_until_ready(address: str, running: Running) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        assert running.process.poll() is None, running.log.read_text("utf-8")
        assert time.monotonic() < until, running.log.read_text("utf-8")
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        time.sleep(0.05)
