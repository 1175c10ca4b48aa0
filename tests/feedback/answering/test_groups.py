from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkraum_feedback.answering.groups import Origin, coarse
from werkraum_registration.models import OrganisationKind as Kind
from werkraum_registration.models import OrganisationSize as Size

TOWN = Kind.MUNICIPALITY
SMALL, MEDIUM, WHOLE = (TOWN, Size.SMALL), (TOWN, Size.MEDIUM), (TOWN, None)
CLUB, NOBODY = (Kind.ASSOCIATION, None), (None, None)

CASES: dict[str, tuple[dict[Origin, int], dict[Origin, int]]] = {
    "five stay": ({SMALL: 5, CLUB: 5}, {SMALL: 5, CLUB: 5}),
    "four lose everything": ({CLUB: 4, SMALL: 6}, {NOBODY: 10}),
    "few of a size go with the next": ({SMALL: 6, MEDIUM: 2}, {WHOLE: 8}),
    "five of one size keep it beside enough others": (
        {SMALL: 7, MEDIUM: 5, (TOWN, Size.LARGE): 5},
        {SMALL: 7, MEDIUM: 5, (TOWN, Size.LARGE): 5},
    ),
    "what few leave behind hides among those who said nothing": (
        {CLUB: 2, SMALL: 6, NOBODY: 5},
        {NOBODY: 7, SMALL: 6},
    ),
    "nothing said": ({NOBODY: 3}, {NOBODY: 3}),
    "nobody": ({}, {}),
}


@pytest.mark.parametrize(("said", "kept"), CASES.values(), ids=CASES)
def test_what_is_kept_of_where_people_come_from(
    said: dict[Origin, int], kept: dict[Origin, int]
) -> None:
    origins = [origin for origin, number in said.items() for _ in range(number)]

    assert Counter(coarse(origins)) == Counter(kept)


ORIGINS = st.tuples(st.sampled_from([None, *Kind]), st.sampled_from([None, *Size])).map(
    lambda it: it if it[0] is TOWN else (it[0], None)
)


@given(st.lists(ORIGINS, max_size=60))
def test_no_group_that_is_kept_is_a_handful(said: list[Origin]) -> None:
    kept = coarse(said)

    assert len(kept) == len(said)
    for origin, number in Counter(kept).items():
        assert number >= 5 or set(kept) == {origin}
    for before, after in zip(said, kept, strict=True):
        assert after[0] in (before[0], None)
        assert after[1] in (before[1], None)


@given(st.lists(ORIGINS, max_size=60))
def test_no_kind_that_is_kept_is_a_handful(said: list[Origin]) -> None:
    kinds = Counter(kind for kind, _ in coarse(said))

    assert all(number >= 5 for number in kinds.values()) or len(kinds) == 1
