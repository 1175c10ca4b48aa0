"""Words for shares, so that a report says no more than the answers carry."""

from werkraum_foundation.language import gettext

FEWEST = 5
"""A group of fewer people is never spoken of, whatever it is about."""

FEWEST_FOR_NUMBERS = 10
"""Of a group of fewer people words are said and no numbers."""


def deciding(people: int, typed_in: int) -> int:
    """Say how many decide what may be shown of so many people.

    Whoever typed in the voices of others knows these and can take them off: the
    rest must be enough by itself, unless there is none.
    """
    return people - typed_in if people > typed_in else people


def share_in_words(part: int, whole: int) -> str | None:
    """Say in words how many of `whole` people `part` are; None below five people.

    Up to four people are counted, whatever share they make. Where two ranges
    meet, the third (30–37 %) and the half (45–55 %) keep their ends, and two
    fifths fill what lies between. From ten people on the reader may be told the
    counts beside the word, below that the word only. All comparisons are between
    whole numbers: 1 of 3 is exactly a third.
    """
    if whole < FEWEST:
        return None
    if part < 5:
        return _few(part, whole)
    return _share(part, whole)


def _few(part: int, whole: int) -> str:
    if part == 0:
        return gettext("nobody")
    return gettext("a few individuals") if part <= 2 else gettext("several people")


def _share(part: int, whole: int) -> str:
    hundredfold = 100 * part
    if hundredfold < 30 * whole:
        return gettext("some of them")
    if hundredfold <= 37 * whole:
        return _third(part, whole)
    if hundredfold < 45 * whole:
        return _two_fifths(part, whole)
    if hundredfold <= 55 * whole:
        return gettext("about half")
    if hundredfold <= 80 * whole:
        return gettext("the majority")
    return gettext("almost all") if part < whole else gettext("unanimously")


def _third(part: int, whole: int) -> str:
    more = 3 * part > whole
    return gettext("just over a third") if more else gettext("about a third")


def _two_fifths(part: int, whole: int) -> str:
    if 5 * part == 2 * whole:
        return gettext("two fifths")
    less = 5 * part < 2 * whole
    return gettext("just under two fifths") if less else gettext("just over two fifths")


def percent(part: int, whole: int) -> int:
    """Round to whole percent, halves up (round() would take 12.5 down to 12)."""
    return (200 * part + whole) // (2 * whole)
