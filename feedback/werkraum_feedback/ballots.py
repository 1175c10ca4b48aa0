"""Ballots: the one-time right to answer, given out once and used once.

No row and no job carries a ballot's token: it is rebuilt for each letter from the
round and the registration. Its row holds the hash and whether it is used.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom
from uuid import UUID

from werkraum_feedback import queries, records, rules
from werkraum_feedback.models import AnswerRow, Ballot, ResponseRow
from werkraum_feedback.questions import Answers
from werkraum_feedback.rules import Standing
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.models import Texts
from werkraum_foundation.tokens import derived_token, hashed


def token_for(round_id: UUID, registration_id: UUID) -> str:
    """Rebuild the token of `/feedback/{token}`, for that person's letter only."""
    return derived_token(f"ballot:{round_id}", registration_id, 1)


def hash_for(round_id: UUID, registration_id: UUID) -> str:
    return hashed(token_for(round_id, registration_id))


@dataclass(frozen=True)
class Survey:
    """An open round, as shown to somebody who has not answered it yet."""

    title: Texts
    closes_at: datetime
    token: str


async def survey_for(
    event_id: UUID, registration_id: UUID, *, now: datetime
) -> Survey | None:
    """Find what somebody of an event may still answer; two queries at most."""
    for asked in await queries.open_rounds_of(event_id, now=now):
        ballot = hash_for(asked.id, registration_id)
        if asked.closes_at and await Ballot.exists(token_hash=ballot, used=False):
            token = token_for(asked.id, registration_id)
            return Survey(asked.title, asked.closes_at, token)
    return None


async def give_out(round_id: UUID, registrations: Iterable[UUID]) -> int:
    """Write all ballots of a round in one shuffled batch; says how many."""
    hashes = [hash_for(round_id, each) for each in registrations]
    SystemRandom().shuffle(hashes)
    await Ballot.bulk_create(Ballot(token_hash=it, round_id=round_id) for it in hashes)
    return len(hashes)


@unit_of_work
async def cast(
    token_hash: str, answers: Answers, *, loaded: datetime | None, now: datetime
) -> Standing:
    """Use a ballot and keep its answers, or say why not; both or nothing.

    `loaded` is when the page was loaded that is sent. Of several at once with
    one ballot the first one counts.
    """
    asked = await queries.enter_to_answer(token_hash)
    standing = rules.standing(asked, used=False, loaded=loaded, now=now)
    if standing is not Standing.MAY_ANSWER:
        return standing
    taken = await changed(
        "UPDATE ballot SET used = TRUE WHERE token_hash = :hash AND NOT used",
        hash=token_hash,
    )
    if not taken:
        return Standing.ANSWERED
    response = await ResponseRow.create(round_id=asked.id)
    await AnswerRow.bulk_create(records.answer_rows(answers, response.id))
    return standing
