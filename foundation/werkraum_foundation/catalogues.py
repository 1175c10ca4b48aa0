"""Keep the catalogues beside the messages: `python -m werkraum_foundation.catalogues`.

Each part's `locale/<language>.po` gets the messages of its code and templates
that it lacks, and loses those that are gone.
"""

import sys
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from werkraum_foundation.language import PARTS, SOURCE

METHODS = [("**.py", "python"), ("**/templates/**", "jinja2")]
KEYWORDS = {
    "gettext": None,
    "_": None,
    "noop": None,
    "ngettext": (1, 2),
    # The error types of pydantic carry their sentence as second argument.
    "PydanticCustomError": (2,),
}
OPTIONS = {"**/templates/**": {"trimmed": "true", "newstyle_gettext": "true"}}


def messages_of(part: str) -> Catalog:
    """Collect the messages in the code and templates of one part."""
    found = Catalog(charset="utf-8")
    root = str(files(part))
    for path, _, message, comments, context in extract_from_dir(
        root, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("NOTE:",)
    ):
        found.add(message, None, [(path, 1)], auto_comments=comments, context=context)
    return found


def catalogue(part: str, language: str) -> Catalog:
    """Read what a part says in a language; empty where it has no file yet."""
    path = catalogue_path(part, language)
    if not path.exists():
        return Catalog(
            locale=language, project="Werkraum", charset="utf-8", fuzzy=False
        )
    return read_po(BytesIO(path.read_bytes()), locale=language)


def catalogue_path(part: str, language: str) -> Path:
    return Path(str(files(part))) / "locale" / f"{language}.po"


def untranslated(part: str, language: str) -> Iterator[str]:
    """Name the messages of a part that have no words in this language."""
    said = catalogue(part, language)
    for message in messages_of(part):
        known = said.get(message.id) if message.id else None
        if message.id and (known is None or known.fuzzy or not _complete(known.string)):
            yield str(message.id)


def _complete(said: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(said) if isinstance(said, str) else bool(said) and all(said or ())


def bring_up_to_date(part: str, language: str) -> None:
    """Add the new messages of a part to its catalogue and drop those gone."""
    said = catalogue(part, language)
    found = messages_of(part)
    if not len(found):
        return
    # No new date: two people who add a word each would change the same line.
    said.update(found, no_fuzzy_matching=True, update_creation_date=False)
    said.obsolete.clear()
    # Our own header: Babel's names people and places that do not exist.
    said.header_comment = f"# The words of {part}. EUPL-1.2."
    said.project, said.version = "Werkraum", "1"
    said.last_translator = said.language_team = "Werkraum"
    said.msgid_bugs_address = ""
    said.fuzzy = False
    path = catalogue_path(part, language)
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as out:
        write_po(out, said, no_location=True, omit_header=False, sort_output=True)


def main() -> None:
    for part in PARTS:
        for language in sys.argv[1:] or ["de"]:
            if language != SOURCE:
                bring_up_to_date(part, language)


if __name__ == "__main__":
    main()
