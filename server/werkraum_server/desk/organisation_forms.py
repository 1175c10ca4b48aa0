"""The forms about organisations at the desk."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from werkraum_foundation.forms import Typed
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_registration.models import (
    Organisation,
    OrganisationKind,
    OrganisationSize,
)
from werkraum_registration.organisation_merging import MOST_MERGED
from werkraum_registration.organisation_queries import LARGEST_PAGE
from werkraum_registration.organisations import OrganisationName, OrganisationWish

MOST_TOWNS = 30
MOST_LINES = 1_000
TOWN = line(max_length=100)
NAME = line(max_length=200)


class OrganisationFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: OrganisationName
    kind: OrganisationKind | None = None
    size: OrganisationSize | None = None
    region: Annotated[str, line(max_length=100)] | None = None
    partner_towns: Annotated[str, paragraphs(max_length=3_000)] | None = None
    suggested: bool = False

    @field_validator("partner_towns")
    @classmethod
    def _one_town_a_line(cls, typed: str) -> str:
        towns = lines_of(typed)
        if len(towns) > MOST_TOWNS:
            raise PydanticCustomError(
                "too_many_towns",
                "Please name at most {most} partner towns.",
                {"most": MOST_TOWNS},
            )
        return "\n".join(TOWN.read(town) for town in towns)

    def wish(self) -> OrganisationWish:
        return OrganisationWish(
            name=self.name,
            kind=self.kind,
            size=self.size,
            region=self.region or "",
            partner_towns=tuple(lines_of(self.partner_towns or "")),
            suggested=self.suggested,
        )


class NameLines(BaseModel):
    """Names, one a line, of one kind and size."""

    model_config = ConfigDict(extra="forbid")
    names: Annotated[str, paragraphs(max_length=200_000)]
    kind: OrganisationKind | None = None
    size: OrganisationSize | None = None

    @field_validator("names")
    @classmethod
    def _one_name_a_line(cls, typed: str) -> str:
        names = lines_of(typed)
        if len(names) > MOST_LINES:
            raise PydanticCustomError(
                "too_many_lines",
                "Please send at most {most} lines at once.",
                {"most": MOST_LINES},
            )
        return "\n".join(NAME.read(name) for name in names)


class Chosen(BaseModel):
    """Organisations ticked in the list, and what shall be said of them."""

    model_config = ConfigDict(extra="forbid")
    id: list[UUID] = Field(default=[], max_length=LARGEST_PAGE)
    set_kind: OrganisationKind | None = None
    set_size: OrganisationSize | None = None


class MergeFields(BaseModel):
    """Those that are one, and which of them stays."""

    model_config = ConfigDict(extra="forbid")
    id: list[UUID] = Field(min_length=2, max_length=MOST_MERGED)
    kept: UUID


def lines_of(typed: str) -> list[str]:
    return [each.strip() for each in typed.splitlines() if each.strip()]


def typed_organisation(there: Organisation) -> Typed:
    """Write an organisation as it would be typed into the form."""
    return {
        "name": there.name,
        "kind": there.kind.value if there.kind else "",
        "size": there.size.value if there.size else "",
        "region": there.region,
        "partner_towns": "\n".join(there.partner_towns),
        "suggested": "on" if there.suggested else "",
    }
