"""The arrows of docs/architecture.md: imports and foreign keys only go down."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = "server feedback registration rooms calendar events foundation".split()
BELOW = {
    "server": set(PARTS) - {"server"},
    "feedback": {"registration", "events", "foundation"},
    "registration": {"events", "foundation"},
    "rooms": {"events", "foundation"},
    "calendar": {"events", "foundation"},
    "events": {"foundation"},
    "foundation": set[str](),
}


def sources(part: str) -> list[Path]:
    return sorted((ROOT / part).rglob("*.py"))


def modules_imported(tree: ast.AST) -> Iterator[str]:
    """Name what is imported, at the top of a file or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def parts_imported(source: str) -> set[str]:
    tops = (name.split(".")[0] for name in modules_imported(ast.parse(source)))
    return {
        top.removeprefix("werkraum_") for top in tops if top.startswith("werkraum_")
    }


@pytest.mark.parametrize("part", BELOW)
def test_a_part_imports_only_what_lies_below(part: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): parts - BELOW[part] - {part}
        for path in sources(part)
        if (parts := parts_imported(path.read_text("utf-8"))) - BELOW[part] - {part}
    }
    assert wrong == {}


def test_an_import_inside_a_function_counts() -> None:
    source = "def deed():\n    from werkraum_server.app import create_app"
    assert parts_imported(source) == {"server"}


def tables(part: str) -> set[str]:
    """Name the models of a part."""
    tree = ast.parse("\n".join(path.read_text("utf-8") for path in models(part)))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def models(part: str) -> list[Path]:
    return [path for path in sources(part) if path.stem.endswith("models")]


@pytest.mark.parametrize("part", BELOW)
def test_a_foreign_key_points_down(part: str) -> None:
    # It is text ("werkraum.Event"), so that no import shows it.
    reach = set[str]().union(*map(tables, BELOW[part] | {part}))
    for path in models(part):
        aims = re.findall(r'"werkraum\.(\w+)"', path.read_text("utf-8"))
        assert set(aims) <= reach


@pytest.mark.parametrize("part", BELOW)
def test_nothing_is_imported_by_its_name_as_text(part: str) -> None:
    """A part above must not be reached through importlib either."""
    above = set(PARTS) - BELOW[part] - {part}
    names = re.compile(rf'import_module\(\s*f?"werkraum_({"|".join(above)})\b')
    if above:
        assert not [p for p in sources(part) if names.search(p.read_text("utf-8"))]
