"""The folders stay source roots, and `calendar` stays Python's own."""

import calendar
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = "events registration rooms calendar feedback foundation server".split()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_one_package_below_its_folder(part: str) -> None:
    folder = ROOT / part
    packages = [path.parent for path in folder.glob("*/__init__.py")]
    assert packages == [folder / f"werkraum_{part}"]


@pytest.mark.parametrize("part", PARTS)
def test_the_folder_of_a_part_is_no_package(part: str) -> None:
    # A calendar/__init__.py would hide Python's own module from httpx and strptime.
    assert not (ROOT / part / "__init__.py").exists()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_tells_type_checkers_that_it_is_typed(part: str) -> None:
    assert (ROOT / part / f"werkraum_{part}" / "py.typed").exists()


def test_tests_are_no_packages() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_calendar_is_pythons_own() -> None:
    assert Path(calendar.__file__).parent == Path(sysconfig.get_path("stdlib"))


@pytest.mark.parametrize("place", [".", "calendar"])
def test_calendar_is_pythons_own_wherever_one_starts(place: str) -> None:
    # `-c` puts the current folder first on the path, as many tools do.
    said = subprocess.check_output(
        [sys.executable, "-c", "import calendar; print(calendar.__file__)"],
        cwd=ROOT / place,
        text=True,
    )
    assert Path(said.strip()).parent == Path(sysconfig.get_path("stdlib"))
