"""How far two coders agree: per cent and Cohen's kappa, theme by theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from babel.numbers import format_decimal

from werkraum_feedback.coding.coder_names import names_of
from werkraum_feedback.coding.occasions import said_at
from werkraum_feedback.coding.theme_counts import codings_of, statements_by_id
from werkraum_feedback.statement_models import Reading, Theme
from werkraum_foundation.language import gettext, language

# Fewer statements say more about chance than about the codebook.
FEW = 20
# Of kappa; what is usual in text analysis.
CLEAR, USABLE = 0.8, 0.6


@dataclass(frozen=True)
class Agreement:
    """Statements that both, one, the other or neither have marked with a theme."""

    both: int
    one: int
    other: int
    neither: int

    @property
    def all(self) -> int:
        return self.both + self.one + self.other + self.neither

    @property
    def share(self) -> float | None:
        """Tell which part they decided alike; None without any statement."""
        return (self.both + self.neither) / self.all if self.all else None

    @property
    def kappa(self) -> float | None:
        """Tell how much more they agree than by chance: 1 always, 0 not at all.

        After Cohen (1960). None where chance alone explains everything: both have
        marked all, or none.
        """
        if not self.all:
            return None
        n = self.all
        marked = (self.both + self.one) * (self.both + self.other)
        unmarked = (self.other + self.neither) * (self.one + self.neither)
        # In whole numbers as far as possible: 1 - chance is exactly 0 or it is not.
        if marked + unmarked == n * n:
            return None
        chance = (marked + unmarked) / (n * n)
        return ((self.both + self.neither) / n - chance) / (1 - chance)

    @property
    def percent(self) -> str:
        """Write the share as whole per cent; nothing without any statement."""
        if self.share is None:
            return ""
        # NOTE: a percentage; German puts a no-break space before the sign.
        return gettext("%(percent)s%%", percent=round(100 * self.share))

    @property
    def figure(self) -> str:
        """Write kappa with two digits; nothing where there is none."""
        if self.kappa is None:
            return ""
        return format_decimal(self.kappa, format="0.00", locale=language())

    @property
    def words(self) -> str:
        """Say plainly what kappa means for the work."""
        if self.kappa is None:
            return gettext("cannot be said")
        if self.kappa >= CLEAR:
            return gettext("clear")
        if self.kappa >= USABLE:
            return gettext("will do")
        return gettext("talk about it")

    def __add__(self, more: "Agreement") -> "Agreement":
        return Agreement(
            self.both + more.both,
            self.one + more.one,
            self.other + more.other,
            self.neither + more.neither,
        )


NOTHING = Agreement(0, 0, 0, 0)


def agreement(seen: set[UUID], one: set[UUID], other: set[UUID]) -> Agreement:
    """Compare what two have marked, of the statements that both have read."""
    return Agreement(
        len(seen & one & other),
        len(seen & (one - other)),
        len(seen & (other - one)),
        len(seen - one - other),
    )


@dataclass(frozen=True)
class Coder:
    """Somebody who has read or marked statements of an event."""

    actor: str
    name: str
    read: int


@dataclass(frozen=True)
class Comparison:
    """Two coders: statements that both have read, each theme, all themes together."""

    seen: int
    themes: Sequence[tuple[Theme, Agreement]]
    together: Agreement

    @property
    def is_rough(self) -> bool:
        return self.seen < FEW


async def coders_of(occasion_id: UUID) -> list[Coder]:
    """List who has coded at an occasion, those who have read most first."""
    seen = await _seen(occasion_id)
    names = await names_of(seen)
    found = [
        Coder(actor, names.get(actor, actor), len(read)) for actor, read in seen.items()
    ]
    return sorted(found, key=lambda it: (-it.read, it.actor))


async def compare(occasion_id: UUID, one: str, other: str) -> Comparison:
    """Compare two coders over the statements that both have read; five queries."""
    seen = await _seen(occasion_id)
    shared = seen.get(one, set()) & seen.get(other, set())
    marks: dict[tuple[str, UUID], set[UUID]] = {}
    for it in await codings_of(occasion_id):
        marks.setdefault((it.coder, it.theme_id), set()).add(it.statement_id)
    used = {theme for coder, theme in marks if coder in (one, other)}
    themes = await Theme.filter(id__in=list(used)).order_by("position", "id")
    found = [
        (
            theme,
            agreement(
                shared,
                marks.get((one, theme.id), set()),
                marks.get((other, theme.id), set()),
            ),
        )
        for theme in themes
    ]
    return Comparison(len(shared), found, sum((it for _, it in found), NOTHING))


async def _seen(occasion_id: UUID) -> dict[str, set[UUID]]:
    """Find what each coder has read to its end, or marked."""
    shown = await statements_by_id(occasion_id)
    seen: dict[str, set[UUID]] = {}
    readings = await Reading.filter(said_at(occasion_id, "statement__"))
    pairs = [(it.coder, it.statement_id) for it in readings]
    pairs += [(it.coder, it.statement_id) for it in await codings_of(occasion_id)]
    for coder, statement_id in pairs:
        if statement_id in shown:
            seen.setdefault(coder, set()).add(statement_id)
    return seen
