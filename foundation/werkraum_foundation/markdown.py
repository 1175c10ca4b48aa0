"""Organisers' text with a little Markdown: headings, lists, links, emphasis."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from werkraum_foundation.markdown_text import text_of

# What the input rule (`Paragraphs`) takes; anything longer is shown as it is.
MAX_LENGTH = 10_000
# Each opening bracket may make the parser look to the end of the text: 10,000 of
# them took 0.7 s. A programme with a hundred links stays far below this.
MOST_BRACKETS = 300

# A line break is a line break: people who never heard of Markdown press Enter.
# Tables are out: they do not fit a telephone, and a programme has sessions.
PARSER = MarkdownIt("js-default", {"maxNesting": 20, "breaks": True}).disable("table")

# Of a sentence: emphasis and links alone, whatever else is typed is text.
INLINE = MarkdownIt("zero").enable(["emphasis", "link", "escape", "newline"])

# Below h1 of the page and h2 of its sections; there is nothing below h6.
FIRST_LEVEL, LAST_LEVEL = 3, 6
TAGS = set("p br strong em s ul ol li a blockquote code pre hr h3 h4 h5 h6".split())
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"https", "http", "mailto", "tel"}
# noreferrer: the page around it may have a secret address. No nofollow: organisers
# vouch for their links, and partners deserve to be found.
REL = "noopener noreferrer"


def render(text: str) -> Markup:
    """Render Markdown as safe HTML; images leave their description behind.

    HTML in the text is shown as text. Costs a few milliseconds; text that would
    make the parser slow is shown as it was typed.
    """
    if _is_too_much(text):
        return _as_typed(text)
    tokens = PARSER.parse(text)
    _settle_headings(tokens)
    for token in tokens:
        if token.children:
            token.children = [_without_image(child) for child in token.children]
    made = PARSER.renderer.render(tokens, PARSER.options, {})
    clean = nh3.clean(
        made, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL
    )
    # nh3 has just let through the tags above and nothing else.
    return Markup(clean)


def _settle_headings(tokens: Sequence[Token]) -> None:
    """Leave no step out between headings, whatever sign the writer begins with.

    Who hears the page goes by these levels (WCAG 2.2, 1.3.1).
    """
    around: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            while around and around[-1] >= token.tag:
                around.pop()
            around.append(token.tag)
        if token.type in ("heading_open", "heading_close"):
            level = FIRST_LEVEL - 1 + len(around)
            token.tag = f"h{min(level, LAST_LEVEL)}"


def plain(text: str) -> str:
    """Turn Markdown into text for letters and calendars, links in brackets."""
    if _is_too_much(text):
        return text
    return text_of(PARSER.parse(text))


@dataclass(frozen=True)
class Span:
    """A run of letters of one look; `href` leads to the web or to an address."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""


def spans(text: str) -> tuple[Span, ...]:
    """Read a sentence with emphasis and links; a line break is kept as one."""
    if _is_too_much(text):
        return (Span(text),)
    found: list[Span] = []
    strong = em = 0
    href = ""
    for token in INLINE.parseInline(text)[0].children or []:
        match token.type:
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "em_open" | "em_close":
                em += token.nesting
            case "link_open":
                target = str(token.attrs.get("href", ""))
                href = target if target.partition(":")[0].lower() in SCHEMES else ""
            case "link_close":
                href = ""
            case "softbreak" | "hardbreak":
                found.append(Span("\n", strong > 0, em > 0, href))
            case _:
                found.append(Span(token.content, strong > 0, em > 0, href))
    return tuple(_joined([it for it in found if it.text]))


def _joined(found: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for it in found:
        last = joined[-1] if joined else None
        if last and last == Span(last.text, it.strong, it.em, it.href):
            joined[-1] = Span(last.text + it.text, it.strong, it.em, it.href)
        else:
            joined.append(it)
    return joined


def _is_too_much(text: str) -> bool:
    return len(text) > MAX_LENGTH or text.count("[") > MOST_BRACKETS


def _as_typed(text: str) -> Markup:
    paragraphs = (escape(part) for part in re.split(r"\n{2,}", text.strip("\n")))
    broken = (part.replace("\n", Markup("<br>\n")) for part in paragraphs)
    return Markup("\n").join(Markup("<p>{}</p>").format(part) for part in broken)


def _without_image(token: Token) -> Token:
    """No request to another site, DESIGN 4.9: only the words of an image stay."""
    if token.type != "image":
        return token
    return Token("text", "", 0, content=token.content)
