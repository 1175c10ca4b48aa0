from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.feedback.statement_rows import a_theme, marked, said
from tests.people import a_member, an_event

from werkraum_feedback.coding.agreement import Agreement, agreement, coders_of, compare
from werkraum_feedback.statement_models import Reading
from werkraum_foundation.models import Organiser


@pytest.mark.parametrize(
    ("counts", "share", "kappa"),
    [
        ((20, 5, 10, 15), 0.7, 0.4),
        ((10, 0, 0, 10), 1.0, 1.0),
        ((0, 10, 10, 0), 0.0, -1.0),
        ((5, 5, 5, 5), 0.5, 0.0),
        ((0, 0, 0, 9), 1.0, None),
        ((9, 0, 0, 0), 1.0, None),
        ((0, 0, 0, 0), None, None),
    ],
)
def test_kappa_is_what_the_textbook_says(
    counts: tuple[int, int, int, int], share: float | None, kappa: float | None
) -> None:
    found = Agreement(*counts)
    assert found.share == share
    assert found.kappa == (None if kappa is None else pytest.approx(kappa))


small = st.integers(0, 50)


@given(small, small, small, small)
def test_kappa_lies_between_minus_one_and_one(a: int, b: int, c: int, d: int) -> None:
    kappa = Agreement(a, b, c, d).kappa
    assert kappa is None or -1.0001 <= kappa <= 1.0001
    assert Agreement(a, b, c, d).kappa == pytest.approx(Agreement(a, c, b, d).kappa)


def test_only_what_both_have_read_is_compared() -> None:
    seen, unread = {uuid4(), uuid4()}, uuid4()
    both: UUID = next(iter(seen))
    assert agreement(seen, {both, unread}, {both}) == Agreement(1, 0, 0, 1)


async def test_two_coders_are_compared_theme_by_theme(olgas_office: Organiser) -> None:
    event = await an_event(olgas_office)
    olga, anna = [
        f"person:{(await a_member(olgas_office, name, f'{name}@n.example')).id}"
        for name in ("Olga", "Anna")
    ]
    made = [await said(event, f"Satz {n}") for n in range(4)]
    youth, money = await a_theme(olgas_office, "A"), await a_theme(olgas_office, "B")
    await marked(made[0], youth, coder=olga)
    await marked(made[0], youth, 0, 4, coder=anna)
    await marked(made[1], money, coder=olga)
    # Both have read the third and found nothing; only one of them the fourth.
    for coder, statement in ((olga, 2), (anna, 2), (anna, 1), (anna, 3)):
        await Reading.create(statement=made[statement], coder=coder)

    assert [(it.name, it.read) for it in await coders_of(event.id)] == [
        ("Anna", 4),
        ("Olga", 3),
    ]
    found = await compare(event.id, olga, anna)

    assert (found.seen, found.is_rough) == (3, True)
    assert dict((it.id, each) for it, each in found.themes) == {
        youth.id: Agreement(1, 0, 0, 2),
        money.id: Agreement(0, 1, 0, 2),
    }
    assert found.together == Agreement(1, 1, 0, 4)
