"""What a live page shows: the question that is on, its result, its cards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_feedback.answering.records import question_of
from werkraum_feedback.live_rounds import live_keys, live_rules
from werkraum_feedback.live_rounds.live_cards import Card, cards_of
from werkraum_feedback.live_rounds.live_glance import Glance, glance_at
from werkraum_feedback.live_rounds.live_results import LiveResult, result_of
from werkraum_feedback.models import QuestionRow, Round, RoundKind, RoundState
from werkraum_feedback.questions import Question, QuestionKind
from werkraum_feedback.statement_models import StatementState
from werkraum_foundation.models import Texts

# Of one tap: a button for each option.
BY_TAP = frozenset(
    {
        QuestionKind.SCALE,
        QuestionKind.SCORE,
        QuestionKind.YES_NO,
        QuestionKind.CHOICE,
    }
)


@dataclass(frozen=True)
class LiveNow:
    """A live round at this moment; `question` is None while none is on."""

    glance: Glance
    question: Question | None = None
    revealed: bool = False
    result: LiveResult | None = None
    cards: tuple[Card, ...] = ()

    @property
    def by_tap(self) -> bool:
        return self.question is not None and self.question.kind in BY_TAP

    @property
    def asks_for_cards(self) -> bool:
        return (
            self.question is not None and self.question.kind is QuestionKind.STATEMENT
        )

    @property
    def wall(self) -> tuple[Card, ...]:
        """The cards that everybody sees."""
        return tuple(it for it in self.cards if it.state is StatementState.SHOWN)

    @property
    def pending(self) -> tuple[Card, ...]:
        return tuple(it for it in self.cards if it.state is StatementState.PENDING)

    @property
    def hidden(self) -> tuple[Card, ...]:
        return tuple(it for it in self.cards if it.state is StatementState.HIDDEN)


async def live_now(asked: Round, *, key: str = "") -> LiveNow:
    """Look at a round as somebody with this key sees it; four queries at most."""
    glance = await glance_at(asked.id)
    row = await QuestionRow.get_or_none(id=glance.question_id)
    if row is None:
        return LiveNow(glance)
    question = question_of(row)
    if question.kind is QuestionKind.STATEMENT:
        cards = await cards_of(asked, row, voters=glance.voters, key=key)
        return LiveNow(glance, question, row.revealed, cards=tuple(cards))
    result = await result_of(asked.id, question, row.typed_in) if row.revealed else None
    return LiveNow(glance, question, row.revealed, result)


async def round_with_code(code: str) -> Round:
    """Find the round a code opens, or else the last one it opened.

    Raises `UnknownCode`.
    """
    found = await (
        Round.filter(live_code=code, kind=RoundKind.PULSE)
        .select_related("event", "organiser")
        .order_by("-opened_at")
    )
    if not found:
        raise live_rules.UnknownCode
    is_open = (it for it in found if it.state is RoundState.OPEN)
    return next(is_open, found[0])


@dataclass(frozen=True)
class Invited:
    """A live round that somebody of the event can join with their own key."""

    title: Texts
    code: str
    key: str


async def pulses_for(
    event_id: UUID, registration_id: UUID, *, now: datetime
) -> list[Invited]:
    """List the live rounds of an event that are on now; one query."""
    found = await Round.filter(
        event_id=event_id, kind=RoundKind.PULSE, state=RoundState.OPEN
    ).order_by("id")
    return [
        Invited(it.title, it.live_code, live_keys.personal_key(it.id, registration_id))
        for it in found
        if it.live_code and live_rules.is_live(it, now=now)
    ]
