"""Wiping what would tell who answered when, once a round is closed.

While a round is open its rows lie in the order of answering, and a ballot and its
answers share the transaction that wrote them. So all three tables of the round
are written anew in random order, by one transaction, and the old rows are wiped
from the files. What only few have said of where they come from goes as well, and so
does the list of whom a round of the network asked. Of a live round the cards, which
others may point at already, change their place and keep their id; what made a key
one voice is deleted, and votes no longer tell which of them are one person's.
"""

from collections import defaultdict
from collections.abc import Sequence
from secrets import SystemRandom, randbelow, token_hex
from typing import TypeVar
from uuid import UUID, uuid4

from tortoise.models import Model

from werkraum_feedback.answering.groups import coarse, coarse_channels
from werkraum_feedback.models import (
    AnswerRow,
    Ballot,
    Invitee,
    RedeemedToken,
    ResponseRow,
)
from werkraum_feedback.statement_models import (
    Statement,
    StatementSource,
    StatementVote,
)
from werkraum_foundation.database import changed, is_sqlite, rows

M = TypeVar("M", bound=Model)

# Above every rowid that SQLite gives by itself.
FIRST_PLACE = 2**61
WRITTEN_ANEW = (
    "answer",
    "response",
    "ballot",
    "invitee",
    "redeemed_token",
    "statement_vote",
    "statement",
)


async def shuffle(round_id: UUID) -> None:
    """Write ballots, responses and answers of a round anew, in no order."""
    ballots = await Ballot.filter(round_id=round_id)
    responses = await ResponseRow.filter(round_id=round_id)
    answers = await AnswerRow.filter(response__round_id=round_id)
    for ballot in ballots:
        ballot.sent_hash = None
    kept = coarse([(it.org_kind, it.org_size) for it in responses])
    for response, (kind, size) in zip(responses, kept, strict=True):
        response.org_kind, response.org_size = kind, size
    _forget_few_channels(responses, answers)
    await _delete(round_id)
    await Invitee.filter(round_id=round_id).delete()
    await Ballot.bulk_create(_shuffled(ballots))
    await ResponseRow.bulk_create(_shuffled(responses))
    await AnswerRow.bulk_create(_shuffled(answers))
    await _shuffle_cards(round_id)
    await _forget_voters(round_id)


def _forget_few_channels(
    responses: Sequence[ResponseRow], answers: Sequence[AnswerRow]
) -> None:
    """Keep by whom answers were typed in where five and more were, of each question."""
    of_response = {it.id: it for it in responses}
    to_question: dict[UUID, list[ResponseRow]] = defaultdict(list)
    for answer in answers:
        to_question[answer.question_id].append(of_response[answer.response_id])
    for found in to_question.values():
        kept = coarse_channels([it.channel for it in found])
        for response, channel in zip(found, kept, strict=True):
            response.channel = channel


async def _shuffle_cards(round_id: UUID) -> None:
    """Move the cards of a live round to other places in their table."""
    live = (StatementSource.LIVE, StatementSource.PAPER)
    found = await Statement.filter(round_id=round_id, source__in=live)
    for card in _shuffled(found):
        if is_sqlite():
            # An UPDATE leaves a row where it is, unless it gets another rowid.
            await changed(
                "UPDATE statement SET rowid = :place WHERE id = :id",
                place=FIRST_PLACE + randbelow(2**61),
                id=card.id,
            )
        else:
            await changed("UPDATE statement SET text = text WHERE id = :id", id=card.id)


async def _forget_voters(round_id: UUID) -> None:
    """Keep how many voted for what, and nothing of who did."""
    await RedeemedToken.filter(round_id=round_id).delete()
    votes = await StatementVote.filter(statement__round_id=round_id)
    await StatementVote.filter(id__in=[vote.id for vote in votes]).delete()
    await StatementVote.bulk_create(
        StatementVote(
            id=uuid4(), statement_id=vote.statement_id, voter_hash=token_hex(32)
        )
        for vote in _shuffled(votes)
    )


async def _delete(round_id: UUID) -> None:
    await changed(
        "DELETE FROM answer WHERE response_id IN"
        " (SELECT id FROM response WHERE round_id = :round)",
        round=round_id,
    )
    await changed("DELETE FROM response WHERE round_id = :round", round=round_id)
    await changed("DELETE FROM ballot WHERE round_id = :round", round=round_id)


def _shuffled(found: Sequence[M]) -> list[M]:
    return SystemRandom().sample(found, len(found))


async def wipe() -> None:
    """Wipe the rows that were deleted from the files; outside of a unit of work.

    SQLite overwrites what it deletes (secure_delete), but keeps it in the log
    beside the file, and leaves copies behind where rows move from page to page;
    PostgreSQL keeps it until the tables are written anew.
    """
    if is_sqlite():
        await rows("VACUUM")
        await rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    for table in WRITTEN_ANEW:
        await rows(f"VACUUM (FULL) {table}")
