"""What README.md and docs/architecture.md say of a part is what the part holds."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = "events registration rooms calendar feedback foundation".split()


def named_in(part: str, files: str, pattern: str) -> set[str]:
    found = ROOT.joinpath(part, f"werkraum_{part}").glob(files)
    return {it for path in found for it in re.findall(pattern, path.read_text("utf-8"))}


def words_of(*path: str) -> set[str]:
    return set(re.findall(r"\w+", ROOT.joinpath(*path).read_text("utf-8")))


@pytest.mark.parametrize("part", PARTS)
def test_the_signs_name_every_table(part: str) -> None:
    tables = named_in(part, "*models.py", r'table = "(\w+)"')
    assert tables
    assert tables - words_of(part, "README.md") == set()
    assert tables - words_of("docs", "architecture.md") == set()


@pytest.mark.parametrize("part", PARTS)
def test_the_signs_name_every_announcement(part: str) -> None:
    facts = named_in(part, "announcements.py", r"(?m)^class (\w+)")
    assert facts - words_of(part, "README.md") == set()
    assert facts - words_of("docs", "architecture.md") == set()


@pytest.mark.parametrize("part", [*PARTS, "server"])
def test_every_part_says_whom_it_may_import(part: str) -> None:
    sign = (ROOT / part / "README.md").read_text("utf-8")
    assert re.search(r"\*\*May import:?\*\*", sign)
