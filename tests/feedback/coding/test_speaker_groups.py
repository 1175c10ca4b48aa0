from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.feedback.statement_rows import said
from tests.people import an_event, an_organiser

from werkraum_feedback.coding.speaker_groups import (
    NO_GROUP,
    GroupOf,
    may_be_named,
    named_groups,
    people_of_groups,
)
from werkraum_feedback.results.shares import FEWEST
from werkraum_feedback.statement_models import StatementState
from werkraum_foundation.models import Organiser
from werkraum_registration.models import OrganisationKind, OrganisationSize

SMALL = GroupOf(OrganisationKind.MUNICIPALITY, OrganisationSize.SMALL)
MEDIUM = GroupOf(OrganisationKind.MUNICIPALITY, OrganisationSize.MEDIUM)
LARGE = GroupOf(OrganisationKind.MUNICIPALITY, OrganisationSize.LARGE)
CLUBS = GroupOf(OrganisationKind.ASSOCIATION)
ALL = (SMALL, MEDIUM, LARGE, CLUBS, NO_GROUP)


def test_groups_of_five_are_named() -> None:
    assert may_be_named({SMALL: 5, CLUBS: 7}) == {SMALL, CLUBS}


def test_towns_that_do_not_tell_their_size_are_no_kind_beside_those_that_do() -> None:
    towns = GroupOf(OrganisationKind.MUNICIPALITY)
    schools = GroupOf(OrganisationKind.SCHOOL)
    centres = GroupOf(OrganisationKind.YOUTH_CENTRE)
    people = {SMALL: 6, LARGE: 7, towns: 9, CLUBS: 5, schools: 1, centres: 1}
    assert may_be_named(people) == {SMALL, LARGE, CLUBS}
    assert may_be_named({towns: 9, CLUBS: 5}) == {towns, CLUBS}


def test_a_hidden_group_takes_the_next_smallest_along() -> None:
    assert may_be_named({SMALL: 4, CLUBS: 7, LARGE: 9}) == {LARGE}


def test_who_belongs_to_no_group_is_part_of_the_rest() -> None:
    people = {SMALL: 2, MEDIUM: 2, CLUBS: 7, NO_GROUP: 3}
    assert may_be_named(people) == {CLUBS}


def test_two_hidden_groups_of_few_take_a_third_along() -> None:
    assert may_be_named({SMALL: 1, MEDIUM: 2, CLUBS: 5, LARGE: 9}) == {LARGE}


def test_only_towns_are_told_apart_by_size() -> None:
    assert GroupOf.of("association", "large") == CLUBS
    assert GroupOf.of("municipality", "large") == LARGE


@pytest.mark.parametrize("group", ALL[:4])
def test_a_group_is_read_as_it_was_written(group: GroupOf) -> None:
    assert GroupOf.read(group.code) == group


@pytest.mark.parametrize("code", ["", ".", "town", "association.large", "a\0"])
def test_what_is_no_group_is_not_read(code: str) -> None:
    assert GroupOf.read(code) is None


@given(st.dictionaries(st.sampled_from(ALL), st.integers(1, 12)))
def test_no_rest_is_smaller_than_five(people: dict[GroupOf, int]) -> None:
    named = may_be_named(people)

    assert all(people[group] >= FEWEST for group in named)
    hidden = [group for group in people if group not in named and group != NO_GROUP]
    if named and hidden:
        assert len(hidden) >= 2
        assert sum(people.values()) - sum(people[it] for it in named) >= FEWEST


@pytest.fixture
async def olgas_office(database: str) -> Organiser:
    return await an_organiser()


async def test_people_are_counted_and_not_what_they_said(
    olgas_office: Organiser, now: datetime
) -> None:
    event = await an_event(olgas_office, now=now)
    for _ in range(5):
        await said(event, "Wir auch.", group=CLUBS, one_person=True)
    for _ in range(6):
        await said(event, "Wir nicht.", group=SMALL)
    await said(event, "Weg.", group=LARGE, state=StatementState.HIDDEN)

    assert await people_of_groups(event.id) == {CLUBS: 1, SMALL: 6}
    assert await named_groups(event.id) == frozenset()
