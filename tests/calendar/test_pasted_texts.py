"""What was typed comes back in every reader, and stays text in every file."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.calendar.pasted_texts import ATTENDEE, ORGANIZER, PIECES, an_item, files_with
from tests.calendar.reading import READERS, Entry

from werkraum_calendar.content_lines import readable
from werkraum_calendar.items import Item
from werkraum_foundation.mailboxes import Mailbox

ROOT = Path(__file__).parent.parent.parent
PIECE = st.one_of(st.sampled_from(PIECES), st.text(st.characters(), max_size=20))
TEXT = st.lists(PIECE, max_size=12).map("".join)
# Many at a time: two of the readers are processes of their own.
TEXTS = st.lists(TEXT, min_size=1, max_size=12)
SEVERAL = settings(max_examples=5, suppress_health_check=list(HealthCheck))

# These do not know RFC 6868: a quote or circumflex in a name stays as written.
WITHOUT_6868 = {"vobject", "ics.py"}


@pytest.mark.parametrize("reader", READERS)
@SEVERAL
@example(texts=list(PIECES))
@given(texts=TEXTS)
def test_what_was_typed_comes_back(reader: str, texts: list[str]) -> None:
    # ics.py reads a backslash before n as a line break, whoever wrote the file.
    unread = "\\" if reader == "ics.py" else ""
    typed = [text.replace(unread, "/") if unread else text for text in texts]
    files = files_with(typed)

    read = READERS[reader](files)

    for name in files:
        number, kind = name.split()
        (entry,) = read[name].entries.values()
        must_have(reader, entry, typed[int(number)])
        if kind in ("request", "cancel"):
            must_name(reader, entry, typed[int(number)])


def must_have(reader: str, entry: Entry, text: str) -> None:
    seen = readable(text)
    for found in (entry.title, entry.description, entry.place):
        assert as_read(reader, found) == as_read(reader, seen)
    if reader == "libical" and re.search('[;,"\n]', seen):
        # It does not always part categories behind these, whoever wrote the file.
        return
    told = {as_read(reader, category) for category in entry.categories}
    assert told - {""} == {as_read(reader, as_a_name(text)), "Jugend"} - {""}


def must_name(reader: str, entry: Entry, text: str) -> None:
    name = as_a_name(Mailbox(ATTENDEE, text).name)
    if reader in WITHOUT_6868 and re.search('[\\^"]', name):
        return
    (attendee,) = entry.attendees
    assert entry.organizer
    for person, address in ((entry.organizer, ORGANIZER), (attendee, ATTENDEE)):
        assert person.address == address
        # ics.py calls whoever has no name by the address.
        assert person.name in {name, name or address}


def as_a_name(text: str) -> str:
    """A backslash in names is an escape to some readers, so we write none."""
    return readable(text).replace("\\", "/")


def as_read(reader: str, text: str) -> str:
    """libical takes blanks from both ends."""
    return text.strip() if reader == "libical" else text


@given(text=TEXT)
def test_no_text_adds_a_line_or_breaks_one(text: str) -> None:
    must_be_sound([text])


@SEVERAL
@example(texts=list(PIECES))
@given(texts=TEXTS)
def test_the_same_without_assertions_and_in_another_process(texts: list[str]) -> None:
    ours = digest(must_be_sound(texts))

    for flags in ([], ["-O"]):
        assert digest(in_another_process(texts, *flags)) == ours


def in_another_process(texts: Sequence[str], *flags: str) -> dict[str, bytes]:
    ended = subprocess.run(
        [sys.executable, *flags, "-m", "tests.calendar.pasted_texts"],
        input=json.dumps(texts).encode(),
        capture_output=True,
        cwd=ROOT,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return {name: text.encode() for name, text in json.loads(ended.stdout).items()}


def digest(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(ics).hexdigest() for name, ics in files.items()}


def must_be_sound(texts: Sequence[str]) -> dict[str, bytes]:
    """Hold the files against those of harmless words: the same lines, all short."""
    files, harmless = files_with(texts), files_with(["x"])
    for name, ics in files.items():
        number, kind = name.split()
        assert ics.endswith(b"\r\nEND:VCALENDAR\r\n")
        assert max(map(len, ics.split(b"\r\n"))) <= 75
        seen = readable(texts[int(number)])
        expected = properties(harmless[f"0 {kind}"], without_text=not seen)
        assert properties(ics, without_text=not seen) == expected
    return files


def properties(ics: bytes, *, without_text: bool) -> list[str]:
    """List the names of the content lines, however leniently lines are told apart."""
    text = ics.decode("utf-8", "strict").replace("\r\n ", "")
    names = [re.split("[:;]", line)[0] for line in text.splitlines()]
    # Empty text is left out.
    left_out = {"DESCRIPTION", "LOCATION", "X-WR-CALDESC"} if without_text else set()
    return [name for name in names if name not in left_out]


@given(text=TEXT)
def test_an_address_is_taken_as_it_is_or_refused(text: str) -> None:
    for address in (text, f"https://events.example/{text}"):
        try:
            item: Item | None = replace(an_item("x"), url=address)
        except ValueError as refusal:
            assert "no file may hold this URL" in str(refusal)
            continue
        assert item and item.url == address
        assert address.isascii() and address.isprintable() and " " not in address
