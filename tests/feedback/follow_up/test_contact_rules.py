"""Who is suggested to whom: explained, fair, the same again, never one's own office."""

from dataclasses import replace
from random import Random
from uuid import UUID

import pytest

from werkraum_feedback.follow_up.contact_rules import MOST, Seeker, reasons_for, suggest
from werkraum_registration.models import OrganisationKind, OrganisationSize

TOWN, OFFICE = UUID(int=901), UUID(int=902)


def somebody(number: int, **changes: object) -> Seeker:
    seeker = Seeker(
        wish=UUID(int=number),
        seeks=True,
        offers=True,
        themes=frozenset(("theme:youth",)),
        countries=frozenset(("PL",)),
        organisation=UUID(int=100 + number),
        kind=OrganisationKind.MUNICIPALITY,
        size=OrganisationSize.SMALL,
    )
    return replace(seeker, **changes)  # type: ignore[arg-type]


ANNA = somebody(1)


def test_what_two_have_in_common_is_said() -> None:
    assert reasons_for(ANNA, somebody(2)) == (
        "theme:youth",
        "country:PL",
        "kind:municipality",
        "size:small",
        "mutual",
    )


@pytest.mark.parametrize(
    "other",
    [
        somebody(2, organisation=ANNA.organisation),
        somebody(2, themes=frozenset(), countries=frozenset(("FR",))),
        somebody(2, seeks=False, offers=False),
    ],
    ids=["own office", "nothing shared", "neither seeks nor offers"],
)
def test_who_does_not_fit_is_not_suggested(other: Seeker) -> None:
    assert reasons_for(ANNA, other) == ()
    assert suggest([ANNA, other]) == []


def test_two_who_only_seek_cannot_help_each_other() -> None:
    both = [somebody(n, offers=False) for n in (1, 2)]
    assert suggest(both) == []
    assert suggest([both[0], somebody(2, seeks=False)])


def test_nobody_gets_more_than_three_and_nobody_a_second_before_all_have_one() -> None:
    people = [somebody(number) for number in range(1, 9)]
    made = suggest(people)
    given = [sum(it.wish in (m.one, m.other) for m in made) for it in people]
    assert max(given) <= MOST
    assert min(given) >= 1
    first_round = {person for m in made[:4] for person in (m.one, m.other)}
    assert len(first_round) == 8


def test_the_order_in_which_people_came_changes_nothing() -> None:
    people = [somebody(number) for number in range(1, 30)]
    shuffled = people[:]
    Random(7).shuffle(shuffled)
    assert suggest(shuffled) == suggest(people)


def test_those_suggested_before_count_and_are_not_suggested_again() -> None:
    people = [somebody(number) for number in range(1, 6)]
    known = [frozenset((UUID(int=1), UUID(int=n))) for n in (2, 3, 4)]
    made = suggest(people, known)
    assert all(UUID(int=1) not in (it.one, it.other) for it in made)
    assert not {frozenset((it.one, it.other)) for it in made} & set(known)


def test_more_in_common_comes_first() -> None:
    stranger = somebody(2, countries=frozenset(), kind=None, size=None)
    people = [ANNA, stranger, somebody(3)]
    assert suggest(people)[0].other == UUID(int=3)
