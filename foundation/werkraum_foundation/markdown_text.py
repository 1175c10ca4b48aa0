"""Parsed Markdown as text for letters and calendars."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

BULLET = "-"
INDENT = "  "


@dataclass
class _Page:
    """Gathers blocks of text; one marker for each list that is open."""

    blocks: list[str] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    marker: str = ""
    is_tight: bool = False

    def take(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self.numbers.append(None)
            case "ordered_list_open":
                self.numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self.numbers.pop()
                self.is_tight = False
            case "list_item_open":
                self._begin_item()
            case "paragraph_open":
                self.is_tight = token.hidden
            case "inline":
                self._add(_words(token.children or []))
            case "fence" | "code_block":
                self._add(token.content.rstrip("\n"))

    def _begin_item(self) -> None:
        number = self.numbers[-1]
        if number is not None:
            self.numbers[-1] = number + 1
        self.marker = BULLET if number is None else f"{number}."

    def _add(self, words: str) -> None:
        indent = INDENT * (len(self.numbers) - 1)
        begin = f"{indent}{self.marker} " if self.marker else indent
        if self.numbers and not self.marker:
            begin += INDENT
        later = " " * len(begin)
        text = begin + words.replace("\n", f"\n{later}")
        if self.blocks and self.is_tight:
            self.blocks[-1] += f"\n{text}"
        else:
            self.blocks.append(text)
        self.marker = ""


def text_of(tokens: Sequence[Token]) -> str:
    """Write the blocks with an empty line between them, lists line by line."""
    page = _Page()
    for token in tokens:
        page.take(token)
    return "\n\n".join(page.blocks)


def _words(tokens: Sequence[Token]) -> str:
    """Write what is inside a paragraph; the target of a link follows its words."""
    said, links = "", list[tuple[int, str]]()
    for token in tokens:
        match token.type:
            case "softbreak" | "hardbreak":
                said += "\n"
            case "link_open":
                links.append((len(said), str(token.attrs.get("href", ""))))
            case "link_close":
                start, target = links.pop()
                if said[start:] != target.removeprefix("mailto:"):
                    said += f" ({target})"
            case _:
                said += token.content
    return said
