"""The words of all parts: German for every message, and what it holds."""

import re
from collections.abc import Iterable

import pytest

from werkraum_foundation.catalogues import catalogue, messages_of, untranslated
from werkraum_foundation.language import PARTS

# "%(name)s" of gettext, "{most}" of a fault.
PLACEHOLDERS = re.compile(r"%\(\w+\)s|\{\w+\}")


def forms(said: object) -> list[str]:
    """List a message's forms: one, or one for each number."""
    return [said] if isinstance(said, str) else [str(it) for it in _many(said)]


def _many(said: object) -> Iterable[object]:
    return said if isinstance(said, tuple | list) else ()


@pytest.mark.parametrize("part", PARTS)
def test_every_message_is_said_in_german(part: str) -> None:
    assert list(untranslated(part, "de")) == []


@pytest.mark.parametrize("part", PARTS)
def test_no_message_stands_there_that_nobody_says(part: str) -> None:
    said = messages_of(part)
    assert [it.id for it in catalogue(part, "de") if it.id and it.id not in said] == []


@pytest.mark.parametrize("part", PARTS)
def test_german_fills_in_what_english_does(part: str) -> None:
    """A number in words, such as "one person", may stay out of one form."""
    for message in catalogue(part, "de"):
        known = {it for form in forms(message.id) for it in PLACEHOLDERS.findall(form)}
        used = [set(PLACEHOLDERS.findall(form)) for form in forms(message.string)]
        if message.id:
            assert set.union(*used) == known, message.id


@pytest.mark.parametrize("part", PARTS)
def test_no_moment_says_uhr_twice(part: str) -> None:
    """The filter `moment` says "18:00 Uhr" already."""
    said = [form for it in catalogue(part, "de") for form in forms(it.string)]
    assert [
        it for it in said if re.search(r"%\((moment|until|when)\)s\s+Uhr", it)
    ] == []
