"""The codebook as a REFI-QDA file (.qdc), out and in.

After the REFI-QDA standard 1.0, "Codebook exchange format": other programs for
text analysis read and write it. It knows a name and a description in one language;
ours are in several, so the one of whoever asks goes out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from xml.etree import ElementTree as ET
from xml.parsers import expat

from werkraum_feedback.coding.coding_rules import MOST_THEMES
from werkraum_feedback.statement_models import Theme
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.plain_text import UNPRINTABLE
from werkraum_foundation.refusals import Refused

NAMESPACE = "urn:QDA-XML:codebook:1.0"
MEDIA_TYPE = "application/xml"
LARGEST = 512 * 1024
DEEPEST = 20
LONGEST_NAME = 80
LONGEST_DEFINITION = 2_000

# The fixed colours as they look on white; the standard wants a number.
COLOURS = (
    "#0A5560", "#8A4B00", "#5B3E99", "#17633A", "#A01B16", "#1F4E9E",
    "#7A5A00", "#8C2F6B", "#3B6B0B", "#475A60", "#B04A00", "#2E3A8C",
)  # fmt: skip


class NotACodebook(Refused):
    status = 422
    code = "not_a_codebook"

    def message(self) -> str:
        return gettext(
            "This is not a codebook in the REFI-QDA format, or it holds something "
            "that is not safe to read. Nothing was taken in."
        )


@dataclass(frozen=True)
class Code:
    """A code of a file; `guid` is what its program calls it."""

    guid: str
    name: str
    description: str


def write(themes: Iterable[Theme]) -> bytes:
    """Write themes in use as a codebook."""
    ET.register_namespace("", NAMESPACE)
    book = ET.Element(f"{{{NAMESPACE}}}CodeBook", {"origin": "Werkraum"})
    codes = ET.SubElement(book, f"{{{NAMESPACE}}}Codes")
    for theme in themes:
        code = ET.SubElement(
            codes,
            f"{{{NAMESPACE}}}Code",
            {
                "guid": str(theme.id),
                "name": _printable(pick(theme.name)[0]),
                "isCodable": "true",
                "color": COLOURS[theme.colour % len(COLOURS)],
            },
        )
        if described := _description(theme):
            description = ET.SubElement(code, f"{{{NAMESPACE}}}Description")
            description.text = described
    text = ET.tostring(book, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()


def _description(theme: Theme) -> str:
    parts = [
        pick(theme.definition)[0],
        _named(gettext("Includes: %(text)s"), theme.includes),
        _named(gettext("Excludes: %(text)s"), theme.excludes),
        _named(gettext("Example: %(text)s"), theme.example),
    ]
    return _printable("\n".join(part for part in parts if part))


def _named(sentence: str, texts: Mapping[str, str]) -> str:
    said = pick(texts)[0]
    return sentence.replace("%(text)s", said) if said else ""


def _printable(text: str) -> str:
    """Leave out what no XML file may hold; our forms take none of it anyway."""
    return UNPRINTABLE.sub("", text)


def read(content: bytes) -> Sequence[Code]:
    """Read the codes of a file, those inside of others after them.

    A document type, entities, other namespaces, too deep a nesting, too many codes
    and codes without a name are refused: `NotACodebook`.
    """
    if len(content) > LARGEST:
        raise NotACodebook
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise NotACodebook from None
    if not reader.is_codebook:
        raise NotACodebook
    return reader.codes


class _Reader:
    """Takes a file apart as it is read; nothing is expanded or fetched."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.EntityDeclHandler = _refuse
        self.parser.ProcessingInstructionHandler = _refuse
        self.path: list[str] = []
        self.found: list[tuple[str, str, list[str]]] = []
        self.open: list[int] = []
        self.is_codebook = False

    @property
    def codes(self) -> list[Code]:
        return [
            Code(guid, name, "".join(words).strip()[:LONGEST_DEFINITION])
            for guid, name, words in self.found
        ]

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if namespace != NAMESPACE or len(self.path) >= DEEPEST:
            raise NotACodebook
        if not self.path:
            if name != "CodeBook":
                raise NotACodebook
            self.is_codebook = True
        self.path.append(name)
        if name == "Code" and "Sets" not in self.path:
            self._begin(attributes)

    def _begin(self, attributes: dict[str, str]) -> None:
        name = _printable(" ".join(attributes.get("name", "").split()))
        if not name or len(self.found) >= MOST_THEMES:
            raise NotACodebook
        self.open.append(len(self.found))
        self.found.append((attributes.get("guid", ""), name[:LONGEST_NAME], []))

    def _end(self, tag: str) -> None:
        if self.path.pop() == "Code" and "Sets" not in self.path:
            self.open.pop()

    def _text(self, text: str) -> None:
        if self.open and self.path[-1] == "Description":
            self.found[self.open[-1]][2].append(_printable(text))


def _refuse(*_: object) -> None:
    raise NotACodebook


def same_theme(code: Code, themes: Iterable[Theme]) -> bool:
    """Say whether one of the themes is the very one that the file means."""
    try:
        guid = UUID(code.guid.strip("{}"))
    except ValueError:
        return False
    return any(theme.id == guid for theme in themes)
