"""Words that an organiser wrote for a letter, filled in for one person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from werkraum_events.models import Mode
from werkraum_foundation.language import gettext, in_language, pick
from werkraum_foundation.letters import Link, OrganiserText, TypedText
from werkraum_foundation.models import Texts
from werkraum_foundation.pages import moment
from werkraum_registration.letter_marks import Mark, parted, spelled
from werkraum_registration.models import Registration
from werkraum_server.letters.recipients import Links

BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
# Where nobody has said that the name is theirs, "Hello {name}," becomes "Hello,".
NAME_LEFT_OUT = re.compile(r"[ \t]*" + re.escape(spelled(Mark.NAME)))


@dataclass(frozen=True)
class Piece:
    """A few words of a line, and where they lead."""

    words: OrganiserText | TypedText
    link: Link | None = None


# Paragraphs of lines of pieces, as `letters/organisers_words.html` writes them.
Paragraphs = list[list[list[Piece]]]


def plain(texts: Texts, language: str) -> Paragraphs:
    """Lay out a text without marks, in the person's language or another it has."""
    return [
        [[Piece(OrganiserText(line))] for line in paragraph]
        for paragraph in _paragraphs(pick(texts, language)[0])
    ]


def filled(text: str, to: Registration, links: Links) -> Paragraphs:
    """Lay out a text with its marks filled in for somebody."""
    if to.vouched_at is None:
        text = NAME_LEFT_OUT.sub("", text)
    values = _values(to, links)
    return [
        [[_piece(part, values) for part in parted(line)] for line in paragraph]
        for paragraph in _paragraphs(text)
    ]


def greets_by_name(text: str) -> bool:
    """Whether the first line names the person, and so needs no greeting above it."""
    return spelled(Mark.NAME) in text.strip().partition("\n")[0]


def filled_subject(text: str, to: Registration) -> OrganiserText:
    """Fill in a subject, whose marks stand for words of ours and the organiser's."""
    values = _values(to, None)
    return OrganiserText("".join(_piece(it, values).words for it in parted(text)))


def _piece(part: str | Mark, values: Mapping[Mark, Piece]) -> Piece:
    return values[part] if isinstance(part, Mark) else Piece(OrganiserText(part))


def _paragraphs(text: str) -> list[list[str]]:
    found = (part.strip("\n") for part in BETWEEN_PARAGRAPHS.split(text))
    return [part.splitlines() for part in found if part.strip()]


def _values(to: Registration, links: Links | None) -> dict[Mark, Piece]:
    event = to.event
    with in_language(to.language):
        values = {
            Mark.EVENT: Piece(OrganiserText(pick(event.title)[0])),
            Mark.WHEN: Piece(OrganiserText(moment(event.starts_at, event.timezone))),
            Mark.MODE: Piece(OrganiserText(_way(to.mode))),
        }
        if to.vouched_at is not None:
            values[Mark.NAME] = Piece(TypedText(to.name))
        if links:
            own = OrganiserText(gettext("your registration"))
            values[Mark.LINK] = Piece(own, links.page)
    return values


def _way(mode: Mode) -> str:
    return gettext("on site") if mode is Mode.ONSITE else gettext("online")
