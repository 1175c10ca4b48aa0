"""What lies on the desk of somebody who codes: a statement, its marks, all themes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from werkraum_feedback.coding import codebook, codebook_deeds
from werkraum_feedback.coding.occasions import said_at
from werkraum_feedback.coding.spans import Piece, Word, pieces_of, words_of
from werkraum_feedback.coding.speaker_groups import (
    GroupOf,
    group_of,
    named_groups,
    shown,
)
from werkraum_feedback.coding.suggestions import Suggestion, suggestions_for
from werkraum_feedback.coding.theme_counts import statements_by_id
from werkraum_feedback.statement_models import (
    CodebookDeed,
    Coding,
    DismissedSuggestion,
    Reading,
    Statement,
    Theme,
)
from werkraum_foundation.refusals import NotFound

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
# A list to choose words from is no use beyond.
MOST_WORDS = 2_000


@dataclass(frozen=True)
class Chip:
    """A theme with its key and how many statements the coder has marked with it."""

    theme: Theme
    key: str
    statements: int


@dataclass(frozen=True)
class Mark:
    """A coding with its theme and the words it lies on."""

    coding: Coding
    theme: Theme
    text: str
    is_own: bool


@dataclass(frozen=True)
class Progress:
    """How far a coder is: statements read to the end or marked, of all."""

    done: int
    all: int


@dataclass(frozen=True)
class Desk:
    """Everything the page shows; `statement` is None when nothing is left to read."""

    progress: Progress
    chips: Sequence[Chip]
    last: CodebookDeed | None
    statement: Statement | None = None
    group: GroupOf | None = None
    number: int = 0
    before: UUID | None = None
    after: UUID | None = None
    pieces: Sequence[Piece] = ()
    marks: Sequence[Mark] = ()
    suggestions: Sequence[Suggestion] = ()
    words: Sequence[Word] = ()
    others: int = 0

    def mark(self, coding_id: UUID) -> Mark:
        return next(it for it in self.marks if it.coding.id == coding_id)


async def desk_of(
    organiser_id: UUID,
    occasion_id: UUID,
    coder: str,
    *,
    at: UUID | None,
    with_others: bool,
) -> Desk:
    """Lay out a statement of an occasion: the one asked for, else the next unread.

    A coder sees the marks of others only if they want to: what two find by
    themselves tells more. Eight queries. Raises `NotFound`.
    """
    statements = await statements_by_id(occasion_id)
    order = sorted(statements)
    found = await _codings_of(order)
    own = [it for it in found if it.coder == coder]
    done = await _done(occasion_id, coder) | {it.statement_id for it in own}
    themes = await codebook.themes_of(organiser_id)
    base = {
        "progress": Progress(len(done & set(order)), len(order)),
        "chips": _chips(themes, own),
        "last": await codebook_deeds.last_own(organiser_id, coder, occasion_id),
    }
    current = at or next((it for it in order if it not in done), None)
    if current is None:
        return Desk(**base)  # type: ignore[arg-type]
    if current not in statements:
        raise NotFound
    statement = statements[current]
    here = [it for it in found if it.statement_id == current]
    seen = here if with_others else [it for it in here if it.coder == coder]
    place = order.index(current)
    dismissed = await DismissedSuggestion.filter(statement_id=current)
    decided = {it.theme_id for it in dismissed} | {it.theme_id for it in seen}
    return Desk(
        **base,  # type: ignore[arg-type]
        statement=statement,
        group=shown(group_of(statement), await named_groups(occasion_id)),
        number=place + 1,
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
        pieces=pieces_of(statement.text, seen),
        marks=await _marks(statement, seen, coder),
        suggestions=suggestions_for(statement, themes, without=decided),
        words=words_of(statement.text)[:MOST_WORDS],
        others=len({it.coder for it in here} - {coder}),
    )


async def _codings_of(statements: Iterable[UUID]) -> list[Coding]:
    found = Coding.filter(statement_id__in=list(statements))
    return await found.order_by("start", "end", "id")


async def _done(occasion_id: UUID, coder: str) -> set[UUID]:
    found = await Reading.filter(said_at(occasion_id, "statement__"), coder=coder)
    return {it.statement_id for it in found}


def _chips(themes: Sequence[Theme], own: Iterable[Coding]) -> list[Chip]:
    marked: dict[UUID, set[UUID]] = defaultdict(set)
    for coding in own:
        marked[coding.theme_id].add(coding.statement_id)
    counts = Counter({theme: len(found) for theme, found in marked.items()})
    keys = [*KEYS, *[""] * len(themes)]
    return [
        Chip(theme, key, counts[theme.id])
        for theme, key in zip(themes, keys, strict=False)
    ]


async def _marks(
    statement: Statement, codings: Sequence[Coding], coder: str
) -> list[Mark]:
    themes = await Theme.filter(id__in=[it.theme_id for it in codings])
    named = {it.id: it for it in themes}
    return [
        Mark(
            it,
            named[it.theme_id],
            statement.text[it.start : it.end],
            it.coder == coder,
        )
        for it in codings
    ]
