"""The field in which people type countries, with commas between."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from werkraum_feedback.follow_up import countries
from werkraum_foundation.plain_text import line


def _known(typed: str) -> str:
    pieces = countries.split(typed)
    if len(pieces) > countries.MOST:
        raise PydanticCustomError(
            "too_many_countries",
            "Please name at most {most} countries.",
            {"most": countries.MOST},
        )
    if any(countries.code_of(it) is None for it in pieces):
        raise PydanticCustomError(
            "unknown_country",
            "There is a country in it that we do not know by this name. Please write "
            "each as it stands on a map, with commas between.",
        )
    return typed


Countries = Annotated[str, line(max_length=600), AfterValidator(_known)]


def codes_in(typed: str) -> tuple[str, ...]:
    """Read the countries of a field that had no fault, each once."""
    found = (countries.code_of(it) for it in countries.split(typed))
    return tuple(dict.fromkeys(code for code in found if code))
