"""The names of those who code, by the actor that a coding carries."""

from collections.abc import Iterable
from uuid import UUID

from werkraum_foundation.models import Person


async def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Find the names of people among actors; one query."""
    ids = {it.removeprefix("person:"): it for it in actors if it.startswith("person:")}
    found = await Person.filter(id__in=[it for it in ids if _is_id(it)])
    return {ids[str(it.id)]: it.name for it in found}


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
