"""The form in which a theme of the codebook is worded."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, create_model
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from werkraum_feedback.coding import word_rules
from werkraum_feedback.coding.codebook import Wording
from werkraum_feedback.coding.coding_rules import COLOURS, MOST_WORDS
from werkraum_feedback.statement_models import Theme
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.models import Texts
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.settings import settings

NAME = Annotated[str, line(max_length=80)]
TEXT = Annotated[str, paragraphs(max_length=2_000)]
RULES = {
    "name": NAME,
    "definition": TEXT,
    "includes": TEXT,
    "excludes": TEXT,
    "example": TEXT,
}
LARGEST_FORM = 256 * 1024


def _words(typed: str) -> str:
    """Take single words, apart by commas or lines; a star before or after each."""
    rules = split_words(typed)
    if len(rules) > MOST_WORDS:
        raise PydanticCustomError(
            "too_many_words", "Please use at most {most} words.", {"most": MOST_WORDS}
        )
    for rule in rules:
        bare = rule.strip(word_rules.INSIDE)
        if len(bare) > 40 or not word_rules.WORD.fullmatch(bare):
            raise PydanticCustomError(
                "not_a_word",
                "Please type single words or beginnings of words, apart by commas.",
            )
        if len(bare) < 3 and word_rules.INSIDE in rule:
            raise PydanticCustomError(
                "short_part",
                "A part that may stand inside of words needs three letters at least.",
            )
    return typed


def split_words(typed: str) -> list[str]:
    pieces = typed.replace(",", "\n").replace(";", "\n").splitlines()
    return list(dict.fromkeys(it.strip() for it in pieces if it.strip()))


async def read_theme(request: Request) -> Form[BaseModel]:
    """Read the form; a theme without a name in any language is at fault."""
    form = await read_form(request, _model(), limit=LARGEST_FORM)
    if not form.fault("name") and not any(
        form.text(f"name_{code}").strip() for code in settings().languages
    ):
        said = gettext("Please name the theme in at least one language.")
        return Form(form.typed, (*form.faults, Fault("name", "missing", said)))
    return form


def _model() -> type[BaseModel]:
    # Any: as create_model takes its fields.
    fields: dict[str, Any] = {
        f"{name}_{code}": (rule | None, None)
        for name, rule in RULES.items()
        for code in settings().languages
    }
    return create_model(
        "ThemeFields",
        __config__=ConfigDict(extra="forbid"),
        words=(
            Annotated[str, paragraphs(max_length=2_000), AfterValidator(_words)] | None,
            None,
        ),
        colour=(Annotated[int, whole_number(1, COLOURS)] | None, None),
        **fields,
    )


def wording_of(value: BaseModel) -> Wording:
    said = value.model_dump()
    texts = {name: _texts(said, name) for name in RULES}
    colour = said["colour"]
    return Wording(
        **texts,
        words=tuple(split_words(said["words"] or "")),
        colour=colour - 1 if colour else None,
    )


# Any: the fields of a form have the types of its model.
def _texts(said: dict[str, Any], name: str) -> Texts:
    typed = {code: said[f"{name}_{code}"] for code in settings().languages}
    return {code: text for code, text in typed.items() if text}


def typed_of(theme: Theme) -> Typed:
    """Write a theme as it would be typed."""
    typed: dict[str, str | tuple[str, ...]] = {
        "words": ", ".join(theme.words),
        "colour": str(theme.colour + 1),
    }
    for name in RULES:
        typed |= {f"{name}_{code}": it for code, it in getattr(theme, name).items()}
    return typed
