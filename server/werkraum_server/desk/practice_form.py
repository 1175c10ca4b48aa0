"""The form in which a best-practice card is written."""

from functools import cache
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from werkraum_feedback.follow_up import countries
from werkraum_feedback.follow_up.country_field import Countries, codes_in
from werkraum_feedback.follow_up.practice_rules import PracticeWish
from werkraum_feedback.follow_up_models import Practice
from werkraum_foundation.faults import fault
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.settings import settings
from werkraum_foundation.web_addresses import WebAddress
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts

MOST_TOWNS = 20
# Three long texts in each language, and three bytes for a character.
LARGEST_FORM = 256 * 1024
TEXTS = {
    "title": Annotated[str, line(max_length=160)],
    "what": Annotated[str, paragraphs(max_length=10_000)],
    "how": Annotated[str, paragraphs(max_length=4_000)],
    "took": Annotated[str, paragraphs(max_length=4_000)],
}


def _not_too_many(typed: str) -> str:
    if len(countries.split(typed)) > MOST_TOWNS:
        raise PydanticCustomError(
            "too_many_towns", "Please name at most {most} towns.", {"most": MOST_TOWNS}
        )
    return typed


class PracticeFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    place: Annotated[str, line(max_length=200)] = ""
    partner_towns: Annotated[
        str, line(max_length=1_000), AfterValidator(_not_too_many)
    ] = ""
    countries: Countries = ""
    funding: Annotated[str, line(max_length=200)] = ""
    link: WebAddress = ""
    theme: UUID | None = None

    def wish(self) -> PracticeWish:
        return PracticeWish(
            **{name: texts_of(self, name) for name in TEXTS},
            place=self.place,
            partner_towns=tuple(countries.split(self.partner_towns)),
            countries=codes_in(self.countries),
            funding=self.funding,
            link=self.link,
            theme_id=self.theme,
        )


PracticeForm = Form[PracticeFields]


@cache
def _model() -> type[PracticeFields]:
    return with_texts(PracticeFields, TEXTS)


async def read_practice(request: Request) -> PracticeForm:
    """Read the form; title and what was done are there in at least one language."""
    form: PracticeForm = await read_form(request, _model(), limit=LARGEST_FORM)
    faults = [
        fault(name, "missing")
        for name in ("title", "what")
        if not any(form.text(f"{name}_{code}").strip() for code in settings().languages)
    ]
    return Form(form.typed, (*faults, *form.faults)) if faults else form


def typed_of(practice: Practice) -> Typed:
    """Write a card as it would be typed."""
    typed: dict[str, str | tuple[str, ...]] = {
        "place": practice.place,
        "partner_towns": ", ".join(practice.partner_towns),
        "countries": ", ".join(countries.names_of(practice.countries)),
        "funding": practice.funding,
        "link": practice.link,
        "theme": str(practice.theme_id or ""),
    }
    for name in TEXTS:
        typed |= typed_texts(name, getattr(practice, name))
    return typed
