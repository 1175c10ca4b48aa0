"""Who said a statement, where they put their name to it; else nobody knows."""

from collections.abc import Iterable
from uuid import UUID

from werkraum_feedback.models import AnswerRow, Signature
from werkraum_feedback.statement_models import Statement
from werkraum_registration.models import Registration


async def speakers_of(statements: Iterable[Statement]) -> dict[UUID, UUID]:
    """Find the registration of each statement that has one; two queries at most."""
    there = list(statements)
    known = {it.id: it.registration_id for it in there if it.registration_id}
    unnamed = {
        it.answer_id: it.id for it in there if it.answer_id and it.id not in known
    }
    if unnamed:
        answers = AnswerRow.filter(id__in=list(unnamed))
        pairs = await answers.values_list("id", "response_id")
        signed = Signature.filter(response_id__in=[response for _, response in pairs])
        names = dict(await signed.values_list("response_id", "registration_id"))
        known |= {
            unnamed[answer]: names[response]
            for answer, response in pairs
            if response in names
        }
    return known


async def speaker_of(statement: Statement) -> UUID | None:
    """Name the registration of whoever said it, if they can still be written to."""
    named = (await speakers_of([statement])).get(statement.id)
    if named and await Registration.exists(id=named, email__not=""):
        return named
    return None
