"""Which language a person reads, and the words in it.

Messages are English sentences in the code and the templates; each part brings
its own `locale/<language>.po` beside them. A message without a translation is
shown in English. Placeholders are named: `%(count)s`.
"""

import gettext as stdlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.resources import files
from io import BytesIO, StringIO

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"
DEFAULT = "de"

# The seven packages that may bring words; one that is missing brings none.
PARTS = tuple(
    f"werkraum_{part}"
    for part in (
        "foundation events registration rooms calendar feedback server"
    ).split()
)

WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")

_language: ContextVar[str] = ContextVar("language", default=SOURCE)
_words: dict[str, stdlib.NullTranslations] = {}


def language() -> str:
    """Name the language of whoever is being answered or written to."""
    return _language.get()


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Speak this language inside the block; letters and requests open one each."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


def locale_of_dates() -> str:
    """Name the locale that writes dates and times: English here is that of Europe."""
    code = language()
    return "en_GB" if code == "en" else code


def gettext(message: str, /, **values: object) -> str:
    """Say the message in the current language."""
    said = _translations().gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Say the message that fits the number; `%(number)s` holds it."""
    said = _translations().ngettext(one, many, number)
    return said % {"number": number, **values}


def plain_ngettext(one: str, many: str, number: int) -> str:
    """Choose the message without filling it in; templates do that themselves."""
    return _translations().ngettext(one, many, number)


def speak(code: str) -> None:
    """Go on in this language until the request is answered."""
    _language.set(code)


def noop(message: str) -> str:
    """Mark a message for the catalogues that is translated later."""
    return message


def own_name(code: str) -> str:
    """Name a language in itself: Deutsch, English, magyar."""
    return Locale.parse(code).get_display_name(code) or code


def pick(texts: Mapping[str, str], code: str | None = None) -> tuple[str, str]:
    """Choose an organiser's text: the wanted language, the default, then any.

    Returns the text and the language it is written in, for the `lang` attribute.
    """
    for wanted in (code or language(), DEFAULT, SOURCE, *texts):
        if texts.get(wanted):
            return texts[wanted], wanted
    return "", code or language()


def best_language(accept: str, offered: Iterable[str]) -> str:
    """Choose from an Accept-Language header by its weights; German if in doubt.

    Of languages that are wished for alike, the first (RFC 9110 12.5.4).
    """
    known = set(offered)
    weights = _weights(accept)
    rest = weights.get("*", 0.0)
    wished = (code for code in [*weights, DEFAULT, *sorted(known)] if code in known)
    best = max(wished, key=lambda code: weights.get(code, rest), default=DEFAULT)
    return best if weights.get(best, rest) > 0 else DEFAULT


def _weights(accept: str) -> dict[str, float]:
    """Read how much each language is wished for; of its regions, the most."""
    weights: dict[str, float] = {}
    # A header is somebody's text: a bounded look at it.
    for wish in accept[:500].split(","):
        tag, *parameters = wish.split(";")
        code = tag.strip().lower().split("-")[0]
        weights[code] = max(weights.get(code, 0.0), _weight(parameters))
    return weights


def _weight(parameters: Sequence[str]) -> float:
    """Read a weight (RFC 9110 12.4.2); one that cannot be read is the smallest."""
    if not parameters:
        return 1.0
    name, _, value = parameters[0].partition("=")
    readable = name.strip().lower() == "q" and WEIGHT.fullmatch(value.strip())
    return float(value) if readable else 0.001


def learn(codes: Iterable[str]) -> None:
    """Read the words of these languages now, and not while the first one waits."""
    for code in codes:
        with in_language(code):
            _translations()


def _translations() -> stdlib.NullTranslations:
    code = _language.get()
    if code not in _words:
        _words[code] = _read(code)
    return _words[code]


def _read(code: str) -> stdlib.NullTranslations:
    """Join the catalogues of all parts, compiled on the way so none is stale."""
    joined = stdlib.NullTranslations()
    for part in PARTS:
        try:
            source = files(part) / "locale" / f"{code}.po"
        except ModuleNotFoundError:
            continue
        if not source.is_file():
            continue
        compiled = BytesIO()
        write_mo(compiled, read_po(StringIO(source.read_text("utf-8")), locale=code))
        compiled.seek(0)
        words = stdlib.GNUTranslations(compiled)
        words.add_fallback(joined)
        joined = words
    return joined
