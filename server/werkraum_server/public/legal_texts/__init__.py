"""The texts a new organiser begins with: true for the program, gaps in brackets."""

from functools import cache
from importlib.resources import files

from werkraum_foundation.models import Texts

PAGES = ("imprint", "privacy", "accessibility")
LANGUAGES = ("de", "en")


def default_texts(page: str, *, name: str, contact: str) -> Texts:
    """Write the first text of a page of `PAGES` for an organiser, in Markdown.

    What only the organiser knows stays a gap in [brackets].
    """
    return {
        code: _template(page, code)
        .replace("[Name]", name)
        .replace("[Kontakt]", contact)
        .replace("[Contact]", contact)
        for code in LANGUAGES
    }


@cache
def _template(page: str, code: str) -> str:
    return files(__name__).joinpath(f"{page}.{code}.md").read_text("utf-8").strip()
