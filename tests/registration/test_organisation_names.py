"""Which names are one for certain, and which probably."""

from uuid import uuid4

import pytest

from werkraum_registration.models import OrganisationKind
from werkraum_registration.organisation_doubles import Named, likely_doubles
from werkraum_registration.organisation_names import (
    LONGEST_KEY,
    loose_key,
    name_key,
    sort_key,
    town_keys,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Europa-Union", "EUROPA  union"),
        ("Partnerschaftsverein e.V.", "Partnerschaftsverein e. V."),
        ("Partnerschaftsverein e.V.", "Partnerschaftsverein eV"),
        ("Gießen", "GIESSEN"),
        ("Köln", "Ko\u0308ln"),
        ("Ｋöln", "Köln"),
    ],
)
def test_what_differs_in_writing_is_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Köln", "Koeln"),
        ("Stadt Düren", "Kreis Düren"),
        ("Stadt Hagen", "Gemeinde Hagen"),
        ("Grundschule 1", "Grundschule 2"),
        ("हिन्दी", "हन्द"),
        ("👩‍👩‍👧", "👨‍👩‍👧"),
        ("!", "?"),
    ],
)
def test_what_may_be_two_is_two(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["ﷺ" * 200, "ß" * 200, "字" * 200, "!" * 200])
def test_a_key_fits_its_column(name: str) -> None:
    assert 0 < len(name_key(name)) <= LONGEST_KEY
    assert name_key(name) != name_key(name[:-1])


def test_a_town_is_looked_for_with_its_word_and_without() -> None:
    assert town_keys(name_key("Stadt Köln")) == ("köln",)
    assert "stadt köln" in town_keys(name_key("Köln"))
    assert "gemeinde hagen" not in town_keys(name_key("Stadt Hagen"))


def test_people_leave_out_accents_and_what_stands_before_a_town() -> None:
    assert loose_key(name_key("Stadt Köln")) == loose_key(name_key("Koeln"))
    assert loose_key(name_key("Łódź")) == loose_key(name_key("Lodz"))


def test_an_umlaut_stands_beside_its_letter() -> None:
    assert sorted(["Zoo", "Ähre", "apfel"], key=sort_key) == ["Ähre", "apfel", "Zoo"]


def named(
    name: str, kind: OrganisationKind | None = None, suggested: bool = False
) -> Named:
    return Named(uuid4(), name, name_key(name), kind, suggested)


def doubles(*there: Named) -> list[list[str]]:
    return [[it.name for it in group] for group in likely_doubles(there)]


def test_doubles_are_named_the_surest_first() -> None:
    there = map(named, ["Leverkusen", "Leverkussen", "Köln", "Bonn", "Stadt Koeln"])
    assert doubles(*there) == [["Köln", "Stadt Koeln"], ["Leverkusen", "Leverkussen"]]


def test_two_towns_that_organisers_know_are_two() -> None:
    assert doubles(named("Kempen"), named("Kerpen", suggested=True))
    assert not doubles(named("Kempen", suggested=True), named("Kerpen", suggested=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (named("Werl"), named("Verl")),
        (named("Grundschule 1"), named("Grundschule 2")),
        (
            named("Jugendforum", OrganisationKind.SCHOOL),
            named("Jugendforun", OrganisationKind.ASSOCIATION),
        ),
    ],
    ids=["short", "numbered", "of two kinds"],
)
def test_these_are_two(one: Named, other: Named) -> None:
    assert not doubles(one, other)


def test_names_made_up_to_be_alike_cost_little() -> None:
    there = [named(f"{'x' * 150}{chr(0x4E00 + n)}") for n in range(1_000)]
    assert likely_doubles(there)
