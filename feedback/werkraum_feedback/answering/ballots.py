"""Ballots: the one-time right to answer, given out once and used once.

No row and no job carries a ballot's token: it is rebuilt for each letter from the
round and whoever is asked, a registration or an invitee. Its row holds the hash and
whether it is used.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom
from uuid import UUID

from werkraum_feedback.answering import records
from werkraum_feedback.asking import queries, rules
from werkraum_feedback.asking.rules import Standing
from werkraum_feedback.models import (
    AnswerRow,
    Ballot,
    Channel,
    Naming,
    ResponseRow,
    Round,
    RoundKind,
    Signature,
)
from werkraum_feedback.questions import Answers
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.models import Texts
from werkraum_foundation.tokens import derived_token, hashed
from werkraum_registration.models import (
    OrganisationKind,
    OrganisationSize,
    Registration,
)


def token_for(round_id: UUID, person_id: UUID) -> str:
    """Rebuild the token of `/feedback/{token}`, for that person's letter only."""
    return derived_token(f"ballot:{round_id}", person_id, 1)


def hash_for(round_id: UUID, person_id: UUID) -> str:
    return hashed(token_for(round_id, person_id))


async def has_answered(round_id: UUID, person_id: UUID) -> bool:
    """Whether somebody's ballot is used: for letters that then need not be sent."""
    ballot = hash_for(round_id, person_id)
    return await Ballot.exists(token_hash=ballot, used=True)


@dataclass(frozen=True)
class Survey:
    """An open round, as shown to somebody who has not answered it yet."""

    title: Texts
    kind: RoundKind
    naming: Naming
    closes_at: datetime
    token: str


async def surveys_for(
    event_id: UUID, registration_id: UUID, *, now: datetime
) -> list[Survey]:
    """List what somebody of an event may still answer; two queries at most."""
    tokens = {
        asked: token_for(asked.id, registration_id)
        for asked in await queries.open_rounds_of(event_id, now=now)
    }
    if not tokens:
        return []
    hashes = [hashed(token) for token in tokens.values()]
    found = await Ballot.filter(token_hash__in=hashes, used=False)
    unused = {ballot.token_hash for ballot in found}
    return [
        Survey(asked.title, asked.kind, asked.naming, asked.closes_at, token)
        for asked, token in tokens.items()
        if asked.closes_at and hashed(token) in unused
    ]


async def give_out(round_id: UUID, people: Iterable[UUID]) -> int:
    """Write all ballots of a round in one shuffled batch; says how many."""
    hashes = [hash_for(round_id, each) for each in people]
    SystemRandom().shuffle(hashes)
    await Ballot.bulk_create(Ballot(token_hash=it, round_id=round_id) for it in hashes)
    return len(hashes)


@dataclass(frozen=True)
class About:
    """What somebody says of themselves beside the answers, all of it unforced."""

    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None
    quotable: bool = False
    # Whether their name is to stand with it, and with words that are quoted.
    signed: bool = False
    quotable_by_name: bool = False


NOTHING_SAID = About()


@unit_of_work
async def cast(
    token_hash: str,
    answers: Answers,
    *,
    about: About = NOTHING_SAID,
    sent_hash: str | None = None,
    loaded: datetime | None,
    now: datetime,
) -> Standing:
    """Use a ballot and keep its answers, or say why not; both or nothing.

    `loaded` is when the page was loaded that is sent. Of several at once with
    one ballot the first one counts. `sent_hash` tells a form from all others: the
    same sent again changes nothing and is answered like the first.
    """
    asked = await queries.enter_to_answer(token_hash)
    standing = rules.standing(asked, used=False, loaded=loaded, now=now)
    if standing is Standing.MAY_ANSWER and await _take(token_hash, sent_hash):
        response_id = await keep(asked, answers, about)
        if about.signed and rules.may_sign(asked):
            by_name = about.quotable_by_name and asked.asks_quote
            await _sign(response_id, asked, token_hash, quotable=by_name)
        return standing
    ballot = await Ballot.get(token_hash=token_hash)
    if sent_hash is not None and ballot.sent_hash == sent_hash:
        return Standing.MAY_ANSWER
    return Standing.ANSWERED if ballot.used else standing


async def _take(token_hash: str, sent_hash: str | None) -> bool:
    """Use a ballot; of several at once, one finds it unused."""
    return bool(
        await changed(
            "UPDATE ballot SET used = TRUE, sent_hash = :sent"
            " WHERE token_hash = :hash AND NOT used",
            hash=token_hash,
            sent=sent_hash,
        )
    )


async def keep(
    asked: Round, answers: Answers, about: About, channel: Channel = Channel.SELF
) -> UUID:
    """Store what somebody answered, as far as the round asks for it."""
    response = await ResponseRow.create(
        round_id=asked.id,
        org_kind=about.org_kind if asked.asks_group else None,
        org_size=about.org_size if asked.asks_group else None,
        quotable=about.quotable and asked.asks_quote,
        channel=channel,
    )
    await AnswerRow.bulk_create(records.answer_rows(answers, response.id))
    return response.id


async def _sign(
    response_id: UUID, asked: Round, token_hash: str, *, quotable: bool
) -> None:
    """Note whose answer it is: only they can have this token, so it is looked for."""
    for registration in await Registration.filter(event_id=asked.event_id):
        if hash_for(asked.id, registration.id) == token_hash:
            await Signature.create(
                response_id=response_id,
                registration_id=registration.id,
                quotable=quotable,
            )
