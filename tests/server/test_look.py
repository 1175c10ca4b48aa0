"""The look: readable in light and dark, and nothing from elsewhere or inline."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from werkraum_foundation.language import PARTS

STATIC = Path(str(files("werkraum_server"))) / "static"
CSS = re.sub(r"/\*.*?\*/", "", (STATIC / "werkraum.css").read_text("utf-8"), flags=re.S)
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS
    )
}
# What words may stand on where a rule names no background of its own.
SURFACES = "room", "sheet", "inset"
THEMES = pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])

# The text of drawn results stands on the fill of another rule.
ON_DRAWINGS = {("wait-sheet", "wait"), ("on-deed", "deed"), ("ink", "inset")}


def pairs_for_text() -> set[tuple[str, str]]:
    """Collect (words, surface) from each rule that colours words."""
    found = set(ON_DRAWINGS)
    for rule in re.findall(r"{([^{}]*)}", CSS):
        words = re.search(r"(?<![\w-])color: var\(--([\w-]+)\)", rule)
        surface = re.search(r"background: var\(--([\w-]+)\)", rule)
        if words and surface:
            found.add((words[1], surface[1]))
        elif words and words[1] not in ("on-deed", "mark"):
            found.update((words[1], each) for each in SURFACES)
    return found


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, theme: int) -> float:
    low, high = sorted(luminance(TOKENS[name][theme]) for name in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_colours_on_white_and_black_have_the_known_contrast() -> None:
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#000000") == 0


@THEMES
@pytest.mark.parametrize(("words", "surface"), sorted(pairs_for_text()))
def test_words_are_readable_on_their_surface(
    words: str, surface: str, theme: int
) -> None:
    assert contrast(words, surface, theme) >= 4.5


@THEMES
@pytest.mark.parametrize("line", ["edge", "deed", "bad", "ink"])
@pytest.mark.parametrize("surface", SURFACES)
def test_the_edges_of_controls_are_seen(line: str, surface: str, theme: int) -> None:
    assert contrast(line, surface, theme) >= 3


def test_the_tokens_of_words_in_banners_are_readable_too() -> None:
    for sheet in ("good-sheet", "wait-sheet", "bad-sheet"):
        assert min(contrast("ink", sheet, theme) for theme in (0, 1)) >= 4.5


def test_the_style_sheet_loads_nothing() -> None:
    assert not re.search(r"url\(|@import|https?:|//", CSS)


def templates() -> Iterator[Path]:
    """Name the templates of pages.

    Letters may carry styles of their own, and so may the file of somebody's data:
    it is read at home, without us.
    """
    for part in PARTS:
        folder = Path(str(files(part))) / "templates"
        for path in folder.rglob("*.html"):
            if "letters" not in path.parts and path.name != "data.html":
                yield path


@pytest.mark.parametrize("path", [*templates()], ids=lambda path: path.name)
def test_a_page_carries_no_style_script_or_foreign_origin(path: Path) -> None:
    text = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.S)

    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|javascript:", text, re.I)
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*ld\+json)", text, re.I)
    assert not re.search(r"(src|href|action)\s*=\s*[\"'](https?:)?//", text, re.I)


def test_every_icon_a_page_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'id="(\w+)"', (STATIC / "icons.svg").read_text("utf-8")))
    first = re.compile(r'\b(?:icon|fact)\("(\w+)"')
    last = re.compile(r'\b(?:banner\(|badge\([^{}]*, )"\w*", "(\w+)"\)')

    for path in templates():
        text = path.read_text("utf-8")
        assert {*first.findall(text), *last.findall(text)} <= drawn, path
