"""What a report may tell only with somebody's yes: quotes and examples from practice.

A yes can be taken back between draft and publishing, so it is looked at again then.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from werkraum_feedback.follow_up_models import Practice, PracticeState
from werkraum_feedback.report_models import Passage, PassageKind
from werkraum_feedback.statement_models import Quoting, Statement, StatementState


async def without_consent(passages: Sequence[Passage]) -> list[Passage]:
    """Find what may not be published, or no longer; two queries.

    A quote needs a statement that is shown and may be quoted, and by name where it
    carries one; an example needs a card that is published.
    """
    examples = {it.id: _named(it, "practice") for it in passages}
    quotes = {
        it.id: _named(it, "statements")
        for it in passages
        if it.kind is PassageKind.QUOTE
    }
    shown = Practice.filter(
        id__in=_all(examples.values()), state=PracticeState.PUBLISHED
    )
    quotable = Statement.filter(
        id__in=_all(quotes.values()), state=StatementState.SHOWN
    ).exclude(quoting=Quoting.NO)
    published = {it.id for it in await shown.only("id")}
    allowed = {it.id: it.quoting for it in await quotable.only("id", "quoting")}
    by_name = {it for it, quoting in allowed.items() if quoting is Quoting.NAMED}
    return [
        it
        for it in passages
        if examples[it.id] - published
        or quotes.get(it.id, set())
        - (by_name if it.data.get("named") else set(allowed))
    ]


def _named(passage: Passage, kind: str) -> set[UUID]:
    """Name the rows of a kind that carry a passage: one by `id`, several by `ids`."""
    found = [it for it in passage.evidence if it["kind"] == kind]
    one = [it["id"] for it in found if "id" in it]
    return {
        UUID(it) for it in [*one, *(each for it in found for each in it.get("ids", ()))]
    }


def _all(groups: Iterable[set[UUID]]) -> list[UUID]:
    return sorted(set().union(*groups))
