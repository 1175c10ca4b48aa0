"""Which part of a list of registrations somebody means, wherever that is asked.

The list, its files, what is done to many at once and letters to a group read the
same names from an address: `q state mode tag kind answer attended need waiting session
calendar bounced batch`.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from werkraum_events.models import Mode
from werkraum_registration.models import CalendarAnswer, OrganisationKind, State

LONGEST_SEARCH = 100
LONGEST_TAG = 40
LONGEST_CODE = 80

E = TypeVar("E", bound=StrEnum)


class Sort(StrEnum):
    """In which order a list stands; else as people registered."""

    NAME = "name"
    NEWEST = "newest"
    QUEUE = "queue"


@dataclass(frozen=True)
class AnswerFilter:
    """Who answered a question, or gave it this answer: a code, "true" or "false"."""

    question: UUID
    code: str = ""

    @classmethod
    def read(cls, asked: str) -> Self | None:
        identifier, _, code = asked.partition(":")
        question = _id(identifier)
        if question is None or len(code) > LONGEST_CODE or not _is_plain(code):
            return None
        return cls(question, code)

    def __str__(self) -> str:
        return f"{self.question}:{self.code}"


@dataclass(frozen=True)
class Filters:
    """What to list; what is not asked for is everything."""

    state: State | None = None
    mode: Mode | None = None
    search: str = ""
    tag: str = ""
    kind: OrganisationKind | None = None
    answer: AnswerFilter | None = None
    attended: bool | None = None
    # Only who needs something that nobody has answered yet.
    need: bool = False
    # Only who waits for a seat, with or without another one.
    waiting: bool = False
    # Only who has chosen this session, with a seat there or without.
    session: UUID | None = None
    # Only whose calendar has given this answer.
    calendar: CalendarAnswer | None = None
    # Only whose address does not take our letters.
    bounced: bool = False
    # Only who came by this import.
    batch: UUID | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """Read a query; what is no wish is ignored."""
        attended = {"yes": True, "no": False}.get(asked.get("attended", ""))
        return cls(
            state=_one_of(State, asked.get("state", "")),
            mode=_one_of(Mode, asked.get("mode", "")),
            search=_words(asked.get("q", ""), LONGEST_SEARCH),
            tag=_words(asked.get("tag", ""), LONGEST_TAG),
            kind=_one_of(OrganisationKind, asked.get("kind", "")),
            answer=AnswerFilter.read(asked.get("answer", "")),
            attended=attended,
            need=asked.get("need") == "open",
            waiting=asked.get("waiting") == "yes",
            session=_id(asked.get("session", "")),
            calendar=_one_of(CalendarAnswer, asked.get("calendar", "")),
            bounced=asked.get("bounced") == "yes",
            batch=_id(asked.get("batch", "")),
        )

    def asked(self) -> dict[str, str]:
        """Write it as `read` reads it, without what is not asked for."""
        attended = "" if self.attended is None else "yes" if self.attended else "no"
        all_of_it = {
            "q": self.search,
            "state": self.state.value if self.state else "",
            "mode": self.mode.value if self.mode else "",
            "tag": self.tag,
            "kind": self.kind.value if self.kind else "",
            "answer": str(self.answer) if self.answer else "",
            "attended": attended,
            "need": "open" if self.need else "",
            "waiting": "yes" if self.waiting else "",
            "session": str(self.session) if self.session else "",
            "calendar": self.calendar.value if self.calendar else "",
            "bounced": "yes" if self.bounced else "",
            "batch": str(self.batch) if self.batch else "",
        }
        return {name: value for name, value in all_of_it.items() if value}

    def query(self, **more: object) -> str:
        """Write it as the query of an address, with further names."""
        added = {name: str(value) for name, value in more.items() if value}
        return urlencode(self.asked() | added)


def _one_of(kind: type[E], typed: str) -> E | None:
    return next((member for member in kind if member.value == typed), None)


def read_sort(asked: Mapping[str, str]) -> Sort | None:
    return _one_of(Sort, asked.get("sort", ""))


def _words(typed: str, longest: int) -> str:
    """Take a bounded look at what was typed, in the form names are stored in."""
    said = unicodedata.normalize("NFC", typed[: 4 * longest])[:longest].strip()
    return said if _is_plain(said) else ""


def _is_plain(text: str) -> bool:
    # PostgreSQL takes neither NUL nor half a pair.
    return "\0" not in text and text.isprintable()


def _id(typed: str) -> UUID | None:
    try:
        read = UUID(typed)
    except ValueError:
        return None
    return read if str(read) == typed else None
