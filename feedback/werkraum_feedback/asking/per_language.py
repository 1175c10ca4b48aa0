"""Fields that are there once per language of the installation."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, create_model

from werkraum_foundation.forms import Form
from werkraum_foundation.models import Texts
from werkraum_foundation.settings import settings

M = TypeVar("M", bound=BaseModel)


def in_languages(base: type[M], rules: Mapping[str, object]) -> type[M]:
    """Add `<name>_<language>` to a form for each text; all of them may be empty."""
    # Any: as create_model takes its fields.
    fields: dict[str, Any] = {
        f"{name}_{code}": (rule | None, None)  # type: ignore[operator]
        for name, rule in rules.items()
        for code in settings().languages
    }
    return create_model(base.__name__, __base__=base, **fields)


def texts_of(value: BaseModel, name: str) -> Texts:
    """Gather a text in all languages it was typed in."""
    said = {code: getattr(value, f"{name}_{code}") for code in settings().languages}
    return {code: text for code, text in said.items() if text}


def typed_texts(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Write a text as it would be typed into its fields."""
    return {f"{name}_{code}": text for code, text in texts.items()}


def is_worded(form: Form[M], name: str) -> bool:
    """Whether a text was typed in at least one language."""
    return any(form.text(f"{name}_{code}").strip() for code in settings().languages)
