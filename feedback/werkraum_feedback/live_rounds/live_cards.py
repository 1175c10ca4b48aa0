"""Cards of a live round: looked at before they are shown, and voted for."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_feedback.asking import queries
from werkraum_feedback.live_rounds import live_keys, live_rules
from werkraum_feedback.live_rounds.live_hub import wake
from werkraum_feedback.live_rounds.live_voices import enter_to_be_heard
from werkraum_feedback.models import QuestionRow, Round
from werkraum_feedback.results.shares import share_in_words
from werkraum_feedback.results.tallies import Detail, detail_for
from werkraum_feedback.statement_models import (
    Statement,
    StatementState,
    StatementVote,
)
from werkraum_foundation import audit
from werkraum_foundation.database import after_commit, changed, unit_of_work
from werkraum_foundation.refusals import NotFound


@dataclass(frozen=True)
class Card:
    """A card on the wall; how many voted for it in words, in numbers from ten on."""

    id: UUID
    text: str
    language: str
    state: StatementState
    share: str = ""
    votes: int | None = None
    voted: bool = False


@unit_of_work
async def decide(
    organiser_id: UUID,
    round_id: UUID,
    card_id: UUID,
    state: StatementState,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Show a card to everybody, or hide it; raises `NotFound`, `LiveOver`."""
    pulse = await queries.enter_round(organiser_id, round_id)
    live_rules.must_be_a_pulse(pulse)
    live_rules.must_be_live(pulse, now=now)
    if not await changed(
        "UPDATE statement SET state = :state WHERE id = :card AND round_id = :round",
        state=state.value,
        card=card_id,
        round=round_id,
    ):
        raise NotFound
    # Not which card: what is noted here has a time, and a card has none.
    await audit.record(
        organiser_id, "round.decide_card", round_id, actor=actor, now=now
    )
    after_commit(lambda: wake(round_id))


@unit_of_work
async def vote(round_id: UUID, card_id: UUID, *, key: str, now: datetime) -> bool:
    """Vote for a card that is shown, once; False where it was done before.

    Raises `NotFound`, `LiveOver` and `QuestionOver`.
    """
    asked = await enter_to_be_heard(round_id)
    card = await Statement.get_or_none(
        id=card_id, round_id=round_id, state=StatementState.SHOWN
    )
    if card is None or card.question_id is None:
        raise NotFound
    question = await QuestionRow.get_or_none(id=card.question_id)
    live_rules.must_take_voices(asked, question, now=now)
    done = await changed(
        "INSERT INTO statement_vote (id, statement_id, voter_hash)"
        " VALUES (:id, :card, :voter)"
        " ON CONFLICT (statement_id, voter_hash) DO NOTHING",
        id=StatementVote().id,
        card=card_id,
        voter=live_keys.voter_hash(key, card.question_id),
    )
    after_commit(lambda: wake(round_id))
    return bool(done)


async def cards_of(
    asked: Round, question: QuestionRow, *, voters: int, key: str = ""
) -> list[Card]:
    """List the cards of a question in an order of their own; two queries.

    Votes are told with the result and from five voters on, in words below ten, the
    most wanted first then; a voter is told for which of them they voted.
    """
    cards = await Statement.filter(round_id=asked.id, question_id=question.id)
    given = await StatementVote.filter(statement_id__in=[card.id for card in cards])
    votes = Counter(vote.statement_id for vote in given)
    mine = live_keys.voter_hash(key, question.id) if key else ""
    voted = {vote.statement_id for vote in given if vote.voter_hash == mine}
    detail = detail_for(voters if question.revealed else 0)
    told = detail > Detail.NOTHING
    counted = detail >= Detail.NUMBERS_WITH_NOTICE
    # The id is drawn by chance: it tells nothing of who came first.
    cards.sort(key=lambda it: (-votes[it.id] if told else 0, it.id))
    return [
        Card(
            it.id,
            it.text,
            it.language,
            it.state,
            _share(votes[it.id], voters) if told else "",
            votes[it.id] if counted else None,
            it.id in voted,
        )
        for it in cards
    ]


def _share(votes: int, voters: int) -> str:
    """Say how many voted for a card; of nobody nothing is said."""
    return share_in_words(votes, voters) or "" if votes else ""
