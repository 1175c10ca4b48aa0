"""Markdown made safe; bad inputs B14 and B52."""

import pytest

from werkraum_foundation import markdown
from werkraum_foundation.markdown import plain, render

RENDERED = {
    "paragraph": ("Hallo *du*", "<p>Hallo <em>du</em></p>\n"),
    "line break": ("Rathaus\nMarkt 1", "<p>Rathaus<br>\nMarkt 1</p>\n"),
    "heading below the page's": ("# A", "<h3>A</h3>\n"),
    "heading that begins deep": ("##### A", "<h3>A</h3>\n"),
    "headings without a gap": (
        "## A\n#### B\n### C\n# D",
        "<h3>A</h3>\n<h4>B</h4>\n<h4>C</h4>\n<h3>D</h3>\n",
    ),
    "headings too deep for a page": (
        "# A\n## B\n### C\n#### D\n##### E",
        "<h3>A</h3>\n<h4>B</h4>\n<h5>C</h5>\n<h6>D</h6>\n<h6>E</h6>\n",
    ),
    "list": ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    "link": (
        "[Ort](https://example.org)",
        '<p><a href="https://example.org" rel="noopener noreferrer">Ort</a></p>\n',
    ),
    "image": ("![Ein Haus](https://evil.example/x.png)", "<p>Ein Haus</p>\n"),
    "image in a link": (
        "[![Haus](x.png)](https://example.org)",
        '<p><a href="https://example.org" rel="noopener noreferrer">Haus</a></p>\n',
    ),
    "no table": ("|a|\n|-|", "<p>|a|<br>\n|-|</p>\n"),
    "code": ("`<b>`", "<p><code>&lt;b&gt;</code></p>\n"),
}


@pytest.mark.parametrize(("text", "shown"), RENDERED.values(), ids=RENDERED)
def test_markdown_is_rendered(text: str, shown: str) -> None:
    assert render(text) == shown


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "handler": '"><img src=x onerror=alert(1)>',
    "svg": "</title><svg/onload=alert(1)>",
    "link to a script": "[a](javascript:alert(1))",
    "link to data": "[a](data:text/html;base64,AAAA)",
    "autolink to a script": "<javascript:alert(1)>",
    "encoded link": "[a](java&#x0A;script:alert(1))",
    "title that breaks out": '[a](https://x.org "\\"><script>")',
    "code fence": '```"><script>\n</code><script>\n```',
    "reference": "[a]\n\n[a]: javascript:alert(1)",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_in_a_text_can_act(text: str) -> None:
    shown = str(render(text)).lower()
    for tag in ("<script", "<img", "<svg", 'href="javascript', 'href="data'):
        assert tag not in shown


SLOW = {
    "brackets": "[" * 10_000,
    "images": "![[" * 3_333,
    "references": "[a][" * 2_500,
    "open lines": "[a\n" * 3_333,
    "nested": "[" * 5_000 + "]" * 5_000,
    "too long": "*a" * 20_000,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_what_would_take_long_is_shown_as_typed(text: str) -> None:
    shown = render(text)
    assert shown.striptags().replace(" ", "") == text.replace("\n", "")
    assert plain(text) == text


def test_a_text_shown_as_typed_cannot_act_either() -> None:
    text = "[" * 400 + "\n<script>alert(1)</script>\n\nEnde"
    assert str(render(text)) == (
        f"<p>{'[' * 400}<br>\n&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>Ende</p>"
    )


PLAIN = {
    "emphasis": ("Hallo *du*, **komm** `x`", "Hallo du, komm x"),
    "headings": ("# Titel\n\nText", "Titel\n\nText"),
    "lines": ("Rathaus\nMarkt 1", "Rathaus\nMarkt 1"),
    "link": ("[Ort](https://example.org)", "Ort (https://example.org)"),
    "bare links": ("<https://example.org> <a@b.org>", "https://example.org a@b.org"),
    "image": ("![Haus](x.png)", "Haus"),
    "list": ("Mit:\n\n- a\n- b\n\nEnde", "Mit:\n- a\n- b\n\nEnde"),
    "loose list": ("- a\n\n- b", "- a\n\n- b"),
    "nested list": ("- a\n  - b\n  - c\n- d", "- a\n  - b\n  - c\n- d"),
    "numbers": ("3. x\n4. y", "3. x\n4. y"),
    "item of two lines": ("- a\n  b", "- a\n  b"),
    "item of two paragraphs": ("1. a\n\n   b", "1. a\n\n  b"),
    "code": ("```\na <b>\n```", "a <b>"),
    "entity": ("A &amp; B", "A & B"),
    "rule": ("a\n\n---\n\nb", "a\n\nb"),
}


@pytest.mark.parametrize(("text", "said"), PLAIN.values(), ids=PLAIN)
def test_markdown_is_said_in_plain_text(text: str, said: str) -> None:
    assert plain(text) == said


def test_a_sentence_has_emphasis_and_links_and_nothing_else() -> None:
    said = markdown.spans("**Fett** und [Link](<https://a.example/x_y>)\n# kein Titel")

    assert said == (
        markdown.Span("Fett", strong=True),
        markdown.Span(" und "),
        markdown.Span("Link", href="https://a.example/x_y"),
        markdown.Span("\n# kein Titel"),
    )


@pytest.mark.parametrize(
    "text",
    ["[x](javascript:alert(1))", "[x](data:text/html,x)", "<b>x</b>", "`x`", "- x"],
)
def test_what_is_no_link_of_the_web_stays_text(text: str) -> None:
    assert markdown.spans(text) == (markdown.Span(text),)


def test_a_link_elsewhere_loses_its_target() -> None:
    assert markdown.spans("[x](ftp://a.example)") == (markdown.Span("x"),)
