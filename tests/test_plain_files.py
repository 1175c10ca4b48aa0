"""What the repository says of the world outside: nothing of one machine."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ["requirements.lock", "requirements-dev.lock"]
# The package index is each machine's own choice (pip.conf), never the project's.
INDEX = re.compile(
    r"--(extra-)?index-url|--find-links|--trusted-host|pythonhosted\.org"
    r"|pypi\.org/simple|/simple/?\s*$|\"resolved\"|registry="
)
MACHINE = re.compile(
    r"(?<![\w.-])/(home|Users|work|root|mnt|private)/\w|file://|[A-Z]:\\Users"
)


def tracked(*patterns: str) -> list[Path]:
    """List what git keeps; without git (an archive) whatever lies there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        return [path for pattern in patterns for path in ROOT.rglob(pattern)]
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        if path.is_file()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def texts() -> list[Path]:
    here = Path(__file__)
    kinds = ("*.md", "*.lock", "*.toml", "*.yml", "Makefile", "Dockerfile", ".ci/run")
    more = ("*.py", "*.env*", "*package*.json", "*.npmrc")
    return [path for path in tracked(*kinds, *more) if path != here]


def test_no_file_names_a_package_index() -> None:
    assert lines_with(INDEX, texts()) == []


def test_no_file_names_a_place_on_one_machine() -> None:
    assert lines_with(MACHINE, texts()) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_has_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        if not line.startswith("#"):
            assert re.match(r"[\w.\[\],-]+==\S+( ;.*?)?\s+--hash=sha256:", line), line


def test_every_package_of_npm_is_pinned_and_has_a_hash() -> None:
    (lock,) = tracked("*package-lock.json")
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    for name in filter(None, packages):
        assert packages[name]["version"], name
        assert packages[name]["integrity"].startswith("sha512-"), name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_building_offline_needs(lock: str) -> None:
    # `pip install --no-build-isolation -e .` finds the builder already there.
    names = re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text("utf-8"), re.M)
    assert {"hatchling", "editables"} <= set(names)


def test_the_tests_run_on_the_very_versions_of_the_program() -> None:
    pins = [
        set(re.findall(r"^(\S+==\S+)", (ROOT / lock).read_text("utf-8"), re.M))
        for lock in LOCKS
    ]
    assert pins[0] <= pins[1]
