"""The words about one theme at an event, coding by coding, for those who sort them."""

from dataclasses import dataclass
from uuid import UUID

from werkraum_feedback.coding.coder_names import names_of
from werkraum_feedback.coding.speaker_groups import (
    GroupOf,
    group_of,
    named_groups,
    shown,
)
from werkraum_feedback.coding.theme_counts import codings_of, statements_by_id
from werkraum_feedback.statement_models import Coding, Statement


@dataclass(frozen=True)
class MarkedWords:
    """A coding with its words and what stands around them."""

    coding: Coding
    statement: Statement
    group: GroupOf
    coder: str

    @property
    def before(self) -> str:
        return self.statement.text[: self.coding.start]

    @property
    def text(self) -> str:
        return self.statement.text[self.coding.start : self.coding.end]

    @property
    def after(self) -> str:
        return self.statement.text[self.coding.end :]


async def passages_of(theme_id: UUID, occasion_id: UUID) -> list[MarkedWords]:
    """List the codings of a theme at an event, by statement; four queries."""
    spoken, named = await statements_by_id(occasion_id), await named_groups(occasion_id)
    found = [it for it in await codings_of(occasion_id) if it.theme_id == theme_id]
    names = await names_of({it.coder for it in found})
    return [
        MarkedWords(
            it,
            spoken[it.statement_id],
            shown(group_of(spoken[it.statement_id]), named),
            names.get(it.coder, ""),
        )
        for it in sorted(found, key=lambda it: (it.statement_id, it.start, it.id))
    ]
