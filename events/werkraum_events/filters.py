"""What a reader of the programme looks for, as it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from werkraum_events.models import Event, Kind, Mode

LONGEST = 200
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Filters:
    """Filters that all have to fit; None and "" let everything through."""

    kind: Kind | None = None
    topic: str | None = None
    mode: Mode | None = None
    series: str | None = None
    q: str = ""

    @property
    def empty(self) -> bool:
        return self == Filters()

    def words_fit(self, event: Event) -> bool:
        """Look for the words as they are typed, in whatever case.

        Not by LIKE: SQLite's folds ASCII alone, and "Übergang" is not found by
        "übergang"; and `%` and `_` are characters here like any other.
        """
        if not self.q:
            return True
        texts = (event.title, event.summary, event.description)
        words = [said for each in texts for said in each.values()]
        searched = "\n".join([*words, event.place_name, event.place_address])
        return self.q.casefold() in searched.casefold()


def read_filters(query: Mapping[str, str]) -> Filters:
    """Read `kind`, `topic`, `mode`, `series` and `q`, cut to 200 characters.

    A kind or mode that we do not know filters nothing.
    """
    return Filters(
        kind=_one_of(Kind, query.get("kind", "")),
        topic=query.get("topic", "")[:60] or None,
        mode=_one_of(Mode, query.get("mode", "")),
        series=query.get("series", "")[:80] or None,
        q=query.get("q", "")[:LONGEST].strip(),
    )


def _one_of(kind: type[E], typed: str) -> E | None:
    return kind(typed) if typed in {each.value for each in kind} else None
