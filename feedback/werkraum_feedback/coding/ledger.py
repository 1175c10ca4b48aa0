"""The ledger: all that was said, in one column, and what to see of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from werkraum_feedback.coding.occasions import said_at
from werkraum_feedback.coding.speaker_groups import (
    NO_GROUP,
    GroupOf,
    group_of,
    named_groups,
    shown,
)
from werkraum_feedback.coding.word_rules import folded
from werkraum_feedback.statement_models import (
    Coding,
    Phase,
    Statement,
    StatementKind,
    StatementSource,
    StatementState,
    Theme,
)

E = TypeVar("E", bound=StrEnum)

PAGE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Sieve:
    """What somebody wants to see of the ledger; what is no wish is ignored."""

    state: StatementState = StatementState.SHOWN
    source: StatementSource | None = None
    phase: Phase | None = None
    kind: StatementKind | None = None
    group: GroupOf | None = None
    theme: UUID | None = None
    uncoded: bool = False
    search: str = ""
    number: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        number = asked.get("page", "")
        is_number = number.isascii() and number.isdigit() and len(number) <= 4
        return cls(
            state=_one_of(StatementState, asked.get("state")) or StatementState.SHOWN,
            source=_one_of(StatementSource, asked.get("source")),
            phase=_one_of(Phase, asked.get("phase")),
            kind=_one_of(StatementKind, asked.get("kind")),
            group=GroupOf.read(asked.get("group", "")),
            theme=_id(asked.get("theme", "")),
            uncoded=asked.get("theme") == "none",
            search=asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            number=max(1, int(number)) if is_number else 1,
        )

    def asked(self) -> dict[str, str]:
        """Write the wish as the fields of its form."""
        theme = "none" if self.uncoded else str(self.theme or "")
        state = "" if self.state is StatementState.SHOWN else self.state.value
        written = {
            "q": self.search,
            "state": state,
            "source": self.source or "",
            "phase": self.phase or "",
            "kind": self.kind or "",
            "group": self.group.code if self.group else "",
            "theme": theme,
        }
        return {name: value for name, value in written.items() if value}

    def query(self, number: int) -> str:
        return urlencode({**self.asked(), "page": str(number)})


def _one_of(kind: type[E], typed: str | None) -> E | None:
    return kind(typed) if typed in set(kind) else None


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


@dataclass(frozen=True)
class Entry:
    """A statement as the ledger shows it: its group only if it may be named."""

    statement: Statement
    group: GroupOf
    themes: tuple[Theme, ...]


@dataclass(frozen=True)
class Ledger:
    """A page of the ledger; `count` is all that the sieve lets through."""

    entries: Sequence[Entry]
    count: int
    everything: int
    groups: Sequence[GroupOf]
    # Themes that mark something here.
    in_use: frozenset[UUID]


async def ledger_of(occasion_id: UUID, sieve: Sieve, themes: Sequence[Theme]) -> Ledger:
    """Read what was said at an occasion, as far as it is wanted; three queries.

    In the order of the ids, which are random: neither time nor person shows.
    """
    found = await Statement.filter(said_at(occasion_id), state=sieve.state).order_by(
        "id"
    )
    named = await named_groups(occasion_id)
    marks = await _themes_by_statement(occasion_id, themes)
    entries = [
        Entry(it, shown(group_of(it), named), tuple(marks.get(it.id, ())))
        for it in found
    ]
    wanted = [entry for entry in entries if _passes(entry, sieve)]
    first = (sieve.number - 1) * PAGE
    return Ledger(
        wanted[first : first + PAGE],
        len(wanted),
        len(found),
        sorted(named, key=lambda group: group.code),
        frozenset(theme.id for entry in entries for theme in entry.themes),
    )


async def _themes_by_statement(
    occasion_id: UUID, themes: Sequence[Theme]
) -> Mapping[UUID, list[Theme]]:
    codings = await Coding.filter(said_at(occasion_id, "statement__"))
    pairs = {(it.statement_id, it.theme_id) for it in codings}
    found: dict[UUID, list[Theme]] = defaultdict(list)
    for theme in themes:
        for statement_id, theme_id in pairs:
            if theme_id == theme.id:
                found[statement_id].append(theme)
    return found


def _passes(entry: Entry, sieve: Sieve) -> bool:
    statement = entry.statement
    return (
        sieve.source in (None, statement.source)
        and sieve.phase in (None, statement.phase)
        and sieve.kind in (None, statement.kind)
        # A group that may not be named is the empty one, which nobody asks for.
        and (sieve.group is None or sieve.group == entry.group != NO_GROUP)
        and (sieve.theme is None or sieve.theme in {it.id for it in entry.themes})
        and not (sieve.uncoded and entry.themes)
        and folded(sieve.search) in folded(statement.text)
    )
