"""Forgetting who said something, for somebody who asks for it; the words stay."""

from uuid import UUID

from werkraum_feedback.coding.statement_retention import FORGET_NAME
from werkraum_feedback.models import Signature
from werkraum_feedback.report.named_quotes import unname
from werkraum_feedback.statement_models import Quoting, Statement
from werkraum_foundation.database import changed, unit_of_work


@unit_of_work
async def forget(registration_id: UUID) -> None:
    """Take somebody's name off what they said and off quotes; harmless twice."""
    named = await Statement.filter(
        registration_id=registration_id, quoting=Quoting.NAMED
    )
    if named:
        events = {it.event_id for it in named if it.event_id}
        await unname(events, {it.id for it in named})
    await changed(
        f"{FORGET_NAME}, organisation_id = NULL WHERE registration_id = :id",
        id=registration_id,
    )
    await Signature.filter(registration_id=registration_id).delete()
