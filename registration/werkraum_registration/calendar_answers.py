"""What people's calendars said of coming; it gives no seat and takes none."""

from uuid import UUID

from werkraum_foundation.database import changed, unit_of_work
from werkraum_registration.models import CalendarAnswer


@unit_of_work
async def note_answer(registration_id: UUID, answer: CalendarAnswer) -> None:
    """Put the answer in the place of an earlier one."""
    await changed(
        "UPDATE registration SET calendar_answer = :answer WHERE id = :id",
        answer=answer.value,
        id=registration_id,
    )


@unit_of_work
async def void_answer(registration_id: UUID) -> None:
    """Forget what was said to an invitation that says something else by now."""
    await changed(
        "UPDATE registration SET calendar_answer = NULL"
        " WHERE id = :id AND calendar_answer IS NOT NULL",
        id=registration_id,
    )
