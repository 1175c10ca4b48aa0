"""The forms in a page that was answered, as a browser would send them back."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

Entries = dict[str, list[str]]

# What is not chosen is not sent; leaving out four hundred time zones saves time.
NOT_CHOSEN = re.compile('<option value="[^"]*">[^<]*</option>')
# A browser sends these with a value of its own, whatever they hold.
PRESSED = frozenset({"submit", "button", "reset", "image"})


class Page(HTMLParser):
    """Reads what stands in every form of a page, and which ids there are."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lang: str | None = None
        self.ids: set[str] = set()
        self.forms: list[Entries] = []
        # Where the summary of faults leads to, in its order.
        self.summary: list[str] = []
        self._summary = False
        self._area: str | None = None
        self._select: str | None = None
        self.feed(NOT_CHOSEN.sub("", text))
        self.close()

    def form_with(self, names: Iterable[str]) -> Entries:
        """Find the form that has most of these fields."""
        wanted = set(names)
        return max(self.forms, key=lambda form: len(wanted & form.keys()), default={})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        match tag:
            case "html":
                self.lang = given.get("lang")
            case "div" if given.get("class") == "fault-summary":
                self._summary = True
            case "a" if self._summary:
                self.summary.append(given["href"].removeprefix("#"))
            case "form":
                self.forms.append({})
            case "input":
                self._input(given)
            case "textarea":
                self._area = given["name"]
                self._put(self._area, "")
            case "select":
                self._select = given["name"]
            case "option" if self._select and "selected" in given:
                self._put(self._select, given["value"])

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "div":
                self._summary = False
            case "textarea":
                self._area = None
            case "select":
                self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            [text] = self.forms[-1][self._area]
            # A browser drops the line break that a text area begins with.
            said = data if text else data.removeprefix("\n")
            self.forms[-1][self._area] = [text + said]

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        chosen = kind not in ("radio", "checkbox") or "checked" in given
        if kind not in PRESSED and chosen:
            self._put(given["name"], given.get("value", ""))

    def _put(self, name: str, value: str) -> None:
        self.forms[-1].setdefault(name, []).append(value)
