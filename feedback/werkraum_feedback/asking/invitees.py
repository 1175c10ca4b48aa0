"""Deeds on whom a round of the network asks: add to its list, empty it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from werkraum_feedback.answering.ballots import hash_for
from werkraum_feedback.asking import queries, rules
from werkraum_feedback.asking.invitee_lines import MOST, Listed
from werkraum_feedback.models import Invitee, Round
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work


@unit_of_work
async def add(
    organiser_id: UUID,
    round_id: UUID,
    listed: Sequence[Listed],
    *,
    actor: str,
    now: datetime,
) -> int:
    """Add people to the list of a draft; says how many were not on it before.

    Raises `NotFound`, `RoundFrozen`, and `ListTooLong`.
    """
    draft = await _enter(organiser_id, round_id)
    known = {each.email_key for each in await Invitee.filter(round_id=round_id)}
    new = [each for each in listed if each.key not in known]
    if len(known) + len(new) > MOST:
        raise rules.ListTooLong
    await Invitee.bulk_create(
        Invitee(
            round_id=round_id,
            name=each.name,
            email=each.email,
            email_key=each.key,
            language=each.language,
        )
        for each in new
    )
    await _note(draft, len(known), len(known) + len(new), actor, now)
    return len(new)


@unit_of_work
async def clear(
    organiser_id: UUID, round_id: UUID, *, actor: str, now: datetime
) -> None:
    """Empty the list of a draft; raises `NotFound`, `RoundFrozen`."""
    draft = await _enter(organiser_id, round_id)
    gone = await Invitee.filter(round_id=round_id).delete()
    await _note(draft, gone, 0, actor, now)


@unit_of_work
async def remove(
    organiser_id: UUID, round_id: UUID, invitee_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take one person off a list, also while the round is open; harmless twice.

    A ballot that is out stays good: nobody is asked again, and the answer counts.
    """
    asked = await queries.enter_round(organiser_id, round_id)
    rules.must_be_of_the_network(asked)
    gone = await Invitee.filter(id=invitee_id, round_id=round_id).delete()
    if gone:
        there = await Invitee.filter(round_id=round_id).count()
        await _note(asked, there + 1, there, actor, now)


async def leave(asked: Round, token_hash: str, *, now: datetime) -> None:
    """Take whoever holds a ballot off the list of their round, as they wish."""
    for each in await Invitee.filter(round_id=asked.id):
        if hash_for(asked.id, each.id) == token_hash:
            await remove(
                asked.organiser_id, asked.id, each.id, actor=audit.ATTENDEE, now=now
            )


@unit_of_work
async def forget(organiser_id: UUID, keys: Collection[str]) -> None:
    """Take addresses off all lists of an organiser; a ballot that is out stays good."""
    theirs = Invitee.filter(round__organiser_id=organiser_id, email_key__in=list(keys))
    await theirs.delete()


async def _enter(organiser_id: UUID, round_id: UUID) -> Round:
    draft = await queries.enter_round(organiser_id, round_id)
    rules.must_be_draft(draft)
    rules.must_be_of_the_network(draft)
    return draft


async def _note(
    draft: Round, before: int, after: int, actor: str, now: datetime
) -> None:
    await audit.record(
        draft.organiser_id,
        "round.list",
        draft.id,
        actor=actor,
        now=now,
        changes={"people": [before, after]},
    )
