"""Deeds on whom a round of the network asks: add to its list, empty it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

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
