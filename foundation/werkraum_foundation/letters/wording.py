"""Who wrote the words of a letter: every text in it says so by its type."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Self, TypeVar

from werkraum_foundation.links import address_of
from werkraum_foundation.local_times import zones
from werkraum_foundation.plain_text import TURNING, UNPRINTABLE, one_line
from werkraum_foundation.settings import settings

# Mail programs make a link of whatever looks like an address, in text and in HTML.
# A dot is one in any script (RFC 3490 3.1); what follows it begins with a letter,
# as every top-level domain does. "Dr.Arendt" becomes "Dr. Arendt": no harm done.
LOOKS_LIKE_DOMAIN = re.compile(r"(?<=\w)([.\u3002\uff0e\uff61])(?=[^\W\d_])")
LOOKS_LIKE_SCHEME = re.compile(r":(?=//)")

T = TypeVar("T")


class OrganiserText(str):
    """Written by an organiser: may have lines, is escaped in HTML like all text."""


class TypedText(str):
    """Typed by an attendee or a stranger: one line that no program makes a link of."""


class GivenAddress(str):
    """A confirmed e-mail address that its owner lets this one reader know.

    As it is, or nobody could write to it; refuses with ValueError what is none.
    """

    def __new__(cls, address: str) -> Self:
        if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", address):
            raise ValueError("this is no e-mail address")
        return super().__new__(cls, address)


class Link(str):
    """The whole address of a page of ours; refuses any other with ValueError."""

    def __new__(cls, address: str) -> Self:
        ours = address == settings().base_url or address.startswith(
            f"{settings().base_url}/"
        )
        if (
            not ours
            or not address.isascii()
            or re.search(r"[\s\x00-\x1f\x7f]", address)
        ):
            raise ValueError("a link in a letter leads to a page of ours")
        return super().__new__(cls, address)

    @classmethod
    def to(cls, name: str, /, **params: object) -> Self:
        """Build the link to a page by the name of its route."""
        return cls(address_of(name, **params))


class ZoneName(str):
    """The name of a time zone, for the filters that show a time in its place."""

    def __new__(cls, name: str) -> Self:
        if name not in zones():
            raise ValueError("this is the name of no time zone")
        return super().__new__(cls, name)


def unlinked(text: str) -> str:
    """Write "evil.example" as "evil. example": still readable, never a link."""
    return LOOKS_LIKE_DOMAIN.sub(r"\1 ", LOOKS_LIKE_SCHEME.sub(": ", text))


def worded(context: Mapping[str, object], *, first_contact: bool) -> dict[str, object]:
    """Return the context as a letter's templates may show it.

    Refused with TypeError, naming the place: a plain `str`, whose writer nobody
    knows; a datetime without a zone; anything else that is none of the types above,
    an int, an enum, None, or a list, tuple or dataclass of these; and with
    `first_contact` whatever somebody typed. The text itself is in no error.
    """
    return {
        name: _worded(value, name, first_contact=first_contact)
        for name, value in context.items()
    }


def _worded(value: object, where: str, *, first_contact: bool) -> object:
    match value:
        case TypedText() | GivenAddress() if first_contact:
            raise TypeError(f"{where}: a first letter carries nothing anybody typed")
        case TypedText():
            return TypedText(unlinked(one_line(value)))
        case OrganiserText():
            return OrganiserText(_readable(value))
        case datetime() if value.tzinfo is None:
            raise TypeError(f"{where}: a time without a zone")
        case GivenAddress() | Link() | ZoneName() | Enum() | datetime() | int() | None:
            return value
        case list() | tuple():
            return [
                _worded(item, f"{where}[{n}]", first_contact=first_contact)
                for n, item in enumerate(value)
            ]
    if is_dataclass(value) and not isinstance(value, type):
        parts = {
            part.name: _worded(
                getattr(value, part.name),
                f"{where}.{part.name}",
                first_contact=first_contact,
            )
            for part in fields(value)
        }
        return replace(value, **parts)
    raise TypeError(f"{where}: a {type(value).__name__}; say who wrote it")


def _readable(text: str) -> str:
    return TURNING.sub("", UNPRINTABLE.sub("", text.replace("\r\n", "\n")))
