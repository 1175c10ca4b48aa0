"""What holds for every letter, whatever it says; tests hold each they read to it."""

import re
from email.message import EmailMessage
from html.parser import HTMLParser

from tests.letter_reader import must_say_the_same

from werkraum_foundation.settings import settings

# Gmail cuts a letter off here.
CUT_OFF = 102_000
ADDRESS = re.compile(r"https?://\S+")
# What a mail program would fetch, or Outlook leaves out.
FETCHED = re.compile(r"<(img|link|script|iframe|video|object|form)\b|url\(|@import")
PICTURES = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{7,}\b")


class Shape(HTMLParser):
    """The language of a letter, its tables without a role, the words of its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language, self.tables_with_cells = "", 0
        self.uncoloured: list[str] = []
        self.links: dict[str, str] = {}
        self._link = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "table" and given.get("role") != "presentation":
            self.tables_with_cells += 1
        if tag == "a":
            self._link = given["href"]
            if "color:" not in given.get("style", ""):
                self.uncoloured.append(self._link)

    def handle_endtag(self, tag: str) -> None:
        self._link = "" if tag == "a" else self._link

    def handle_data(self, data: str) -> None:
        if self._link:
            self.links[self._link] = self.links.get(self._link, "") + data


def must_read_well(letter: EmailMessage) -> None:
    """Hold a letter that has left to the rules, for eyes, ears and mail programs."""
    html, text = _body(letter, "html"), _body(letter, "plain")
    must_say_the_same(text, html)
    _must_travel_well(letter, html)
    _must_be_one_thing_to_look_at(html)
    _must_be_good_to_listen_to(text)


def _must_travel_well(letter: EmailMessage, html: str) -> None:
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_all("To") and len(letter["To"].addresses) == 1
    assert letter["Cc"] is None and letter["Bcc"] is None
    named = str(letter["Message-ID"])
    assert re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", named), named
    subject = str(letter["Subject"])
    assert 0 < len(subject) <= 150 and subject[-1] not in ":,"
    head = letter.as_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    assert max(map(len, head.splitlines())) <= 200 and head.isascii()
    assert len(html.encode()) < CUT_OFF


def _must_be_one_thing_to_look_at(html: str) -> None:
    shape = Shape(html)
    assert shape.language in settings().languages
    assert not shape.tables_with_cells, "a layout table would be read out as one"
    assert not shape.uncoloured, "Outlook would choose a colour"
    assert not FETCHED.search(html), "nothing is fetched"
    for address, words in shape.links.items():
        assert address.startswith(settings().base_url), address
        assert len(words.strip()) > 3 and not ADDRESS.match(words.strip()), address


def _must_be_good_to_listen_to(text: str) -> None:
    lines = text.splitlines()
    for above, line in zip(["", *lines], lines, strict=False):
        if ADDRESS.search(line):
            alone = bool(ADDRESS.fullmatch(line)) and above.endswith(":")
            assert alone or re.fullmatch(r"\S.*: https?://\S+", line), line
    words = ADDRESS.sub("", text)
    assert not PICTURES.search(words) and not SHOUTED.search(words)
    assert "&#" not in words and "&amp;" not in words
    for sentence in re.split(r"[.!?]\s", " ".join(words.split())):
        if re.search(r"\b(Knopf|button)", sentence):
            assert re.search(r"\b(Seite|page|dort|there)\b", sentence), sentence


def _body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())
