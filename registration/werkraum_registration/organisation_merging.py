"""Making one organisation of several, and splitting one off again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import after_commit, changed, unit_of_work
from werkraum_foundation.refusals import NotFound
from werkraum_registration import organisation_queries as queries
from werkraum_registration.models import Organisation

# As many as one looks through before pressing the button.
MOST_MERGED = 20


@unit_of_work
async def merge(
    organiser_id: UUID,
    kept_id: UUID,
    double_ids: Sequence[UUID],
    *,
    actor: str,
    now: datetime,
) -> int:
    """Lead the doubles to the one that stays; says how many registrations moved.

    Raises `NotFound` if one of them is gone or merged already. What leads to a
    double leads to the one that stays from now on. Its kind and size stay; what it
    has not, it takes from its doubles.
    """
    doubles = [it for it in dict.fromkeys(double_ids) if it != kept_id]
    await queries.enter_several(organiser_id, [kept_id, *doubles])
    moved = 0
    for double in doubles:
        count = await _move(double, kept_id)
        await _inherit(kept_id, double)
        changes = {"merged_into": [None, str(kept_id)], "registrations": [count, 0]}
        await audit.record(
            organiser_id,
            "organisation.merge",
            double,
            actor=actor,
            now=now,
            changes=changes,
        )
        moved += count
    after_commit(lambda: queries.forget_suggestions(organiser_id))
    return moved


async def _move(double: UUID, kept: UUID) -> int:
    await changed(
        "UPDATE organisation SET merged_into_id = :kept"
        " WHERE id = :double OR merged_into_id = :double",
        kept=kept,
        double=double,
    )
    return await changed(
        "UPDATE registration SET organisation_id = :kept,"
        " named_organisation_id = coalesce(named_organisation_id, :double)"
        " WHERE organisation_id = :double",
        kept=kept,
        double=double,
    )


async def _inherit(kept: UUID, double: UUID) -> None:
    await changed(
        "UPDATE organisation SET size = (SELECT d.size FROM organisation d"
        " WHERE d.id = :double) WHERE id = :kept AND size IS NULL"
        " AND coalesce(kind, 'municipality') = 'municipality'",
        kept=kept,
        double=double,
    )
    await changed(
        "UPDATE organisation SET kind = (SELECT d.kind FROM organisation d"
        " WHERE d.id = :double) WHERE id = :kept AND kind IS NULL",
        kept=kept,
        double=double,
    )


@unit_of_work
async def split(
    organiser_id: UUID, organisation_id: UUID, *, actor: str, now: datetime
) -> int:
    """Make a double its own organisation again; says how many registrations return.

    Those come back that named it. Raises `NotFound` if it is merged into nothing.
    """
    double = await queries.organisation_of(organiser_id, organisation_id)
    kept = double.merged_into_id
    if kept is None:
        raise NotFound
    # Locked like a merge: two clicks, or a merge of the one that stayed meanwhile.
    await queries.enter(organiser_id, kept)
    freed = await Organisation.filter(id=double.id, merged_into_id=kept).update(
        merged_into_id=None
    )
    if not freed:
        raise NotFound
    count = await changed(
        "UPDATE registration SET organisation_id = :double,"
        " named_organisation_id = NULL"
        " WHERE organisation_id = :kept AND named_organisation_id = :double",
        double=double.id,
        kept=kept,
    )
    await audit.record(
        organiser_id,
        "organisation.split",
        double.id,
        actor=actor,
        now=now,
        changes={"merged_into": [str(kept), None], "registrations": [0, count]},
    )
    after_commit(lambda: queries.forget_suggestions(organiser_id))
    return count
