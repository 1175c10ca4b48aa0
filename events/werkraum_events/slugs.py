"""The word in an event's address: small letters, digits and single hyphens."""

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from werkraum_foundation.language import noop

SHORTEST, LONGEST = 3, 80
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
WRONG = noop(
    "Please use 3 to 80 characters: small letters from a to z, digits, "
    "and hyphens between them."
)


def is_slug(typed: str) -> bool:
    return SHORTEST <= len(typed) <= LONGEST and bool(SLUG.fullmatch(typed))


def _slug(typed: str) -> str:
    if not is_slug(typed):
        raise PydanticCustomError("slug", WRONG)
    return typed


Slug = Annotated[str, AfterValidator(_slug)]
