"""All letters there are: what their three files have in common.

What holds for each one that is sent is in `letter_rules`, and every letter that a
test reads is held to it.
"""

import re
from pathlib import Path

import pytest

import werkraum_server

ROOT = Path(werkraum_server.__file__).parent
LETTERS = ROOT / "templates" / "letters"
NAMES = sorted(path.stem for path in LETTERS.glob("*.subject"))
SAID = re.compile(r"""\b(?:_|ngettext)\(\s*(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(r"(?s){% block content %}(.*){% endblock %}")
WORDS = re.compile(r"(?:words|parts|organisers_words)\.(\w+)\(")


def content(name: str, kind: str) -> str:
    found = BLOCK.search((LETTERS / f"{name}.{kind}").read_text("utf-8"))
    assert found, f"{name}.{kind} has no content"
    return found[1]


@pytest.mark.parametrize("name", NAMES)
def test_text_and_html_are_made_of_the_same_sentences_in_the_same_order(
    name: str,
) -> None:
    text, html = content(name, "txt"), content(name, "html")

    assert SAID.findall(text) == SAID.findall(html)
    assert WORDS.findall(text) == WORDS.findall(html)


@pytest.mark.parametrize("name", NAMES)
def test_there_is_one_function_that_sends_it(name: str) -> None:
    code = [path.read_text("utf-8") for path in (ROOT / "letters").glob("*.py")]

    assert any(re.search(rf'"(letters/)?{name}"', text) for text in code)


@pytest.mark.parametrize("name", NAMES)
def test_no_style_sheet_carries_meaning(name: str) -> None:
    html = (LETTERS / f"{name}.html").read_text("utf-8")

    # Outlook and Gmail drop them; what all letters share is in base.html.
    assert "<style" not in html and "class=" not in html
