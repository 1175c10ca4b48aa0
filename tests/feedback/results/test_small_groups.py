import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.feedback.group_solver import few_told, sizes_told

from werkraum_feedback.results.small_groups import (
    EVERYBODY,
    GROUPS,
    UNSAID,
    Cells,
    Group,
    People,
    blocks_of,
    cells_of,
    count_of,
    labels_for,
    shown_together,
)
from werkraum_registration.models import OrganisationKind, OrganisationSize

SMALL = Group.of("municipality", "small")
MEDIUM = Group.of("municipality", "medium")
LARGE = Group.of("municipality", "large")
TOWN = Group.of("municipality")
DISTRICT, ASSOCIATION = Group.of("district"), Group.of("association")
SCHOOL = Group.of("school")
CELLS = (SMALL, MEDIUM, LARGE, TOWN, DISTRICT, ASSOCIATION, SCHOOL, UNSAID)

numbers = st.integers(0, 14) | st.integers(0, 5)
peoples = st.fixed_dictionaries(dict.fromkeys(CELLS, numbers))


def published(people: People, shown: frozenset[Group]) -> list[Cells]:
    everybody = [cells_of(EVERYBODY, people)] if count_of(EVERYBODY, people) > 4 else []
    return [*everybody, *(cells_of(group, people) for group in shown)]


@given(peoples, st.sampled_from([5, 10]))
def test_no_group_below_the_fewest_follows_from_what_is_shown(
    people: People, fewest: int
) -> None:
    shown = shown_together(people, fewest=fewest)

    if count_of(EVERYBODY, people) >= fewest:
        assert few_told(published(people, shown), people, fewest) == []
    else:
        assert shown == frozenset()


@given(peoples)
@settings(max_examples=30)
def test_the_number_of_a_small_group_stays_uncertain(people: People) -> None:
    shown = shown_together(people)

    if count_of(EVERYBODY, people) >= 5:
        assert sizes_told(published(people, shown), people, 5) == []


def test_the_solver_sees_through_groups_shown_for_their_size_alone() -> None:
    people = {ASSOCIATION: 10, DISTRICT: 3}
    large_enough = frozenset({ASSOCIATION})

    assert few_told(published(people, large_enough), people, 5) == [
        frozenset({DISTRICT})
    ]
    assert sizes_told(published(people, large_enough), people, 5) == [
        frozenset({DISTRICT})
    ]


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        pytest.param({DISTRICT: 4}, set(), id="four are too few"),
        pytest.param({DISTRICT: 5}, {DISTRICT}, id="five who are everybody"),
        pytest.param(
            {DISTRICT: 5, SCHOOL: 5}, {DISTRICT, SCHOOL}, id="both are enough"
        ),
        pytest.param({DISTRICT: 10, SCHOOL: 3}, set(), id="the rest is too few"),
        pytest.param(
            {DISTRICT: 10, SCHOOL: 3, UNSAID: 2}, {DISTRICT}, id="two rests are enough"
        ),
        pytest.param(
            {DISTRICT: 10, ASSOCIATION: 6, SCHOOL: 2},
            {DISTRICT},
            id="the next smallest is hidden along",
        ),
        pytest.param(
            {SMALL: 7, MEDIUM: 3, SCHOOL: 6},
            {TOWN, SCHOOL},
            id="a size that tells the other one",
        ),
        pytest.param(
            {SMALL: 3, MEDIUM: 3, LARGE: 9},
            {TOWN, LARGE},
            id="two small sizes hide each other",
        ),
        pytest.param({}, set(), id="nobody"),
    ],
)
def test_groups_are_hidden_together(people: People, shown: set[Group]) -> None:
    assert shown_together(people) == shown


def test_what_a_file_shows_counts_too() -> None:
    people = {SMALL: 6, MEDIUM: 6, SCHOOL: 3, UNSAID: 5}
    assert TOWN in shown_together(people)

    beside = [frozenset({SMALL, SCHOOL})]

    assert SMALL in shown_together(people)
    assert SMALL not in shown_together(people, beside=beside)


@given(st.lists(peoples, min_size=1, max_size=3))
def test_a_label_has_nobody_or_enough_people_in_each_table(
    tables: list[People],
) -> None:
    labels = labels_for([(people, 5) for people in tables])

    for people in tables:
        shares = [sum(people.get(it, 0) for it in block) for block in blocks_of(labels)]
        few = [share for share in shares if 0 < share < 5]
        assert few == [] or len(set(labels.values())) == 1
        assert all(labels[cell].holds(cell) for cell in labels)


def test_sizes_of_towns_are_given_up_before_their_kind() -> None:
    people = {SMALL: 3, MEDIUM: 8, SCHOOL: 7}

    assert labels_for([(people, 5)]) == {SMALL: TOWN, MEDIUM: TOWN, SCHOOL: SCHOOL}


def test_a_label_too_small_takes_the_next_one_along() -> None:
    people = {DISTRICT: 9, SCHOOL: 7, ASSOCIATION: 2}

    assert labels_for([(people, 5)]) == {
        DISTRICT: DISTRICT,
        SCHOOL: UNSAID,
        ASSOCIATION: UNSAID,
    }


def test_somebody_who_skipped_a_question_is_no_reason_to_tell_the_others() -> None:
    everybody = {DISTRICT: 8, SCHOOL: 5}
    without_one = {DISTRICT: 8, SCHOOL: 4}

    assert set(labels_for([(everybody, 5)]).values()) == {DISTRICT, SCHOOL}
    assert set(labels_for([(everybody, 5), (without_one, 5)]).values()) == {UNSAID}


def test_only_towns_have_a_size() -> None:
    assert Group.of("school", "small") == SCHOOL
    assert Group.of(None, "small") == SMALL
    assert Group.of() == UNSAID


def test_every_group_has_a_name_of_its_own() -> None:
    assert len({group.words for group in GROUPS}) == len(GROUPS)
    assert len({group.code for group in GROUPS}) == len(GROUPS)
    assert {group.org_kind for group in GROUPS} == {*OrganisationKind}
    assert {group.org_size for group in GROUPS} == {None, *OrganisationSize}


def test_many_groups_are_decided_at_once() -> None:
    """Every group there could be, all of them small or just enough."""
    people = {
        Group(kind, size): 1 + (place % 6)
        for place, (kind, size) in enumerate(
            (kind, size)
            for kind in (None, *OrganisationKind)
            for size in (None, *OrganisationSize)
        )
    }

    shown = shown_together(people, fewest=10)

    assert all(count_of(group, people) >= 10 for group in shown)
