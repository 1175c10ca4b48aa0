"""The names that may stand beside a quote: by a box of their own, and by no other."""

from collections.abc import Iterable
from uuid import UUID

from werkraum_feedback.statement_models import Quoting, Statement
from werkraum_registration.models import Registration


async def quotable_names(statements: Iterable[Statement]) -> dict[UUID, str]:
    """Name who may be quoted by name, by statement; one query at most."""
    wanted = {
        it.id: it.registration_id
        for it in statements
        if it.quoting is Quoting.NAMED and it.registration_id
    }
    if not wanted:
        return {}
    people = await Registration.filter(id__in=list(set(wanted.values())))
    names = {it.id: it.name for it in people}
    return {
        statement: names[person]
        for statement, person in wanted.items()
        if names.get(person)
    }
