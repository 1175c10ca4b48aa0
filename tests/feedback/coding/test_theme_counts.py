from datetime import datetime

import pytest
from tests.feedback.statement_rows import a_theme, marked, said
from tests.people import an_event

from werkraum_events.models import Event
from werkraum_feedback.coding.speaker_groups import NO_GROUP, GroupOf
from werkraum_feedback.coding.theme_counts import quotes_by_theme, theme_counts
from werkraum_feedback.statement_models import Quoting, Statement, StatementState
from werkraum_foundation.models import Organiser
from werkraum_registration.models import OrganisationKind, OrganisationSize

SMALL = GroupOf(OrganisationKind.MUNICIPALITY, OrganisationSize.SMALL)
LARGE = GroupOf(OrganisationKind.MUNICIPALITY, OrganisationSize.LARGE)
CLUBS = GroupOf(OrganisationKind.ASSOCIATION)


@pytest.fixture
async def event(olgas_office: Organiser, now: datetime) -> Event:
    return await an_event(olgas_office, now=now)


async def several(event: Event, group: GroupOf, number: int = 5) -> list[Statement]:
    return [await said(event, f"Satz {it}.", group=group) for it in range(number)]


async def test_the_theme_that_most_kinds_share_comes_first(
    olgas_office: Organiser, event: Event
) -> None:
    small, large, clubs = [await several(event, it) for it in (SMALL, LARGE, CLUBS)]
    shared = await a_theme(olgas_office, "Jugend", position=2)
    often = await a_theme(olgas_office, "Geld", position=1)
    await a_theme(olgas_office, "Niemand")
    for one in (small[0], large[0], clubs[0]):
        await marked(one, shared)
    for one in small:
        await marked(one, often)

    first, second = await theme_counts(event.id)

    assert (first.theme, first.statements, first.kinds) == (shared, 3, 3)
    assert first.by_group == {SMALL: 1, LARGE: 1, CLUBS: 1}
    assert (second.theme, second.statements, second.kinds) == (often, 5, 1)


async def test_a_statement_counts_once_however_it_is_marked(
    olgas_office: Organiser, event: Event
) -> None:
    one = await said(event, "Jugend und noch einmal Jugend")
    theme = await a_theme(olgas_office, "Jugend")
    await marked(one, theme, 0, 6)
    await marked(one, theme, 23, 29)
    await marked(one, theme, coder="person:anna")

    [count] = await theme_counts(event.id)

    assert count.statement_ids == (one.id,)


async def test_small_groups_are_not_told(olgas_office: Organiser, event: Event) -> None:
    small, clubs = await several(event, SMALL, 2), await several(event, CLUBS, 5)
    theme = await a_theme(olgas_office, "Jugend")
    for one in (*small, *clubs):
        await marked(one, theme)

    [count] = await theme_counts(event.id)

    assert (count.by_group, count.kinds) == ({NO_GROUP: 7}, 0)


async def test_hidden_statements_do_not_count(
    olgas_office: Organiser, event: Event
) -> None:
    hidden = await said(event, "Weg damit.", state=StatementState.HIDDEN)
    theme = await a_theme(olgas_office, "Jugend")
    await marked(hidden, theme)

    assert await theme_counts(event.id) == []
    assert await quotes_by_theme(event.id) == {}


async def test_good_quotes_come_first_and_say_whether_they_may_be_used(
    olgas_office: Organiser, event: Event
) -> None:
    plain = await said(event, "Nur so.")
    fine = await said(event, "Ach, die Jugend fehlt uns.", quoting=Quoting.UNNAMED)
    theme = await a_theme(olgas_office, "Jugend")
    await marked(plain, theme)
    await marked(fine, theme, 5, 26, good=True)
    await marked(fine, theme, 5, 26, coder="person:anna")

    best, other = (await quotes_by_theme(event.id))[theme.id]

    assert (best.text, best.good, best.may_be_quoted) == (
        "die Jugend fehlt uns.",
        True,
        True,
    )
    assert (other.text, other.may_be_quoted) == ("Nur so.", False)
    assert best.group == NO_GROUP and best.registration_id is None
