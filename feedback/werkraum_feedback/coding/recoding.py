"""Codings that go to another theme, as merging, moving and splitting need it."""

from collections.abc import Sequence
from uuid import UUID

from werkraum_feedback.coding.codebook_deeds import Image, image_of
from werkraum_feedback.statement_models import Coding


async def move_codings(codings: Sequence[Coding], theme_id: UUID) -> Image:
    """Give codings another theme; returns how all rows it touched were before.

    Where the same coder has the same span under that theme already, one of the
    two is enough; it stays a good quote if either was. For use inside of a deed.
    """
    there = await Coding.filter(
        theme_id=theme_id, statement_id__in=list({it.statement_id for it in codings})
    )
    same = {_place(it): it for it in there}
    doubles = [same[it] for it in map(_place, codings) if it in same]
    before = image_of([*codings, *doubles])
    for coding in codings:
        double = same.get(_place(coding))
        if double is None:
            coding.theme_id = theme_id
            await coding.save(update_fields=["theme_id"])
            same[_place(coding)] = coding
        elif double.id != coding.id:
            await _fold_into(double, coding)
    return before


def _place(coding: Coding) -> tuple[UUID, str, int, int]:
    return coding.statement_id, coding.coder, coding.start, coding.end


async def _fold_into(double: Coding, coding: Coding) -> None:
    if coding.good_quote and not double.good_quote:
        double.good_quote = True
        await double.save(update_fields=["good_quote"])
    await coding.delete()
