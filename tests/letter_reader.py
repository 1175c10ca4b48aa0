"""A letter as a person reads it: its words in their order, where its links lead."""

from html.parser import HTMLParser


class Reader(HTMLParser):
    """What is seen of a letter in HTML; what a mail program hides is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        hidden = "display: none" in (given.get("style") or "")
        if tag in ("head", "style") or hidden or tag in self._hidden:
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.seen.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def must_say_the_same(text: str, html: str) -> None:
    """Hold the two forms of a letter against each other: words, order, links."""
    reader = read(html)
    for link in reader.links:
        assert link in text, "a link is missing in the text"
        text = text.replace(link, "", 1)
    assert _words(text) == _words(" ".join(reader.seen))


def _words(text: str) -> list[str]:
    return [word for part in text.split() if (word := part.strip(":-"))]
