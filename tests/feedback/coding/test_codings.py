"""Deeds on codebook and codings, and how each of them is taken back."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.feedback.statement_rows import a_theme, marked, said
from tests.people import an_event, an_organiser

from werkraum_events.models import Event
from werkraum_feedback.coding import codebook, codebook_deeds, codings
from werkraum_feedback.coding import coding_rules as rules
from werkraum_feedback.coding.codebook import Wording
from werkraum_feedback.coding.codebook_deeds import By, Image, image_of
from werkraum_feedback.coding.spans import Span
from werkraum_feedback.statement_models import (
    CodebookDeed,
    Coding,
    DismissedSuggestion,
    Reading,
    Statement,
    StatementState,
    Theme,
    ThemeState,
)
from werkraum_foundation.models import AuditEntry, Organiser
from werkraum_foundation.refusals import NotFound, Refused

TEXT = "Uns fehlt Nachwuchs, und das Geld auch."


@pytest.fixture
async def event(olgas_office: Organiser, now: datetime) -> Event:
    return await an_event(olgas_office, now=now)


@pytest.fixture
def olga(olgas_office: Organiser, event: Event, now: datetime) -> By:
    return By(olgas_office.id, "person:olga", now, event.id)


@pytest.fixture
def anna(olga: By) -> By:
    """A second coder of the same office."""
    return replace(olga, actor="person:anna")


async def theme_named(by: By, name: str) -> Theme:
    return await codebook.make(by, Wording({"de": name}))


async def spans_of(theme: Theme) -> list[tuple[str, int, int]]:
    found = await Coding.filter(theme_id=theme.id).order_by("coder", "start")
    return [(it.coder, it.start, it.end) for it in found]


async def test_a_theme_is_tied_to_words_once(olga: By, event: Event) -> None:
    one, theme = await said(event, TEXT), await theme_named(olga, "Nachwuchs")

    for _ in range(2):
        await codings.code(olga, one.id, theme.id, Span(10, 19))

    assert await spans_of(theme) == [("person:olga", 10, 19)]
    assert await AuditEntry.filter(action="coding.make").count() == 1


async def test_without_a_span_all_of_it_is_meant(olga: By, event: Event) -> None:
    one, theme = await said(event, f" {TEXT}\n"), await theme_named(olga, "Geld")

    await codings.code(olga, one.id, theme.id)

    assert await spans_of(theme) == [("person:olga", 1, 1 + len(TEXT))]


async def test_a_theme_is_made_while_reading_and_found_again(
    olga: By, event: Event
) -> None:
    one = await said(event, TEXT)

    await codings.code_by_name(olga, one.id, "Förderung")
    await codings.code_by_name(olga, one.id, "FORDERUNG", Span(0, 3))

    [theme] = await Theme.all()
    assert theme.name == {"en": "Förderung"}
    assert len(await spans_of(theme)) == 2


async def test_making_and_coding_by_name_is_one_step_back(
    olga: By, event: Event
) -> None:
    one = await said(event, TEXT)
    await codings.code_by_name(olga, one.id, "Geld")

    await codebook_deeds.undo(olga)

    assert await Theme.all().count() == 0


async def test_a_merge_keeps_codings_words_and_good_quotes(
    olga: By, anna: By, event: Event
) -> None:
    one = await said(event, TEXT)
    youth = await codebook.make(olga, Wording({"de": "Jugend"}, words=("jung",)))
    young = await codebook.make(
        olga, Wording({"de": "Junge"}, words=("jugend", "jung"))
    )
    await codings.code(olga, one.id, youth.id)
    double = await codings.code(olga, one.id, young.id)
    await codings.mark_quote(olga, double.id, good=True)
    await codings.code(anna, one.id, young.id, Span(0, 3))

    moved = await codebook.merge(olga, young.id, youth.id)

    assert moved == 2
    assert await spans_of(youth) == [("person:anna", 0, 3), ("person:olga", 0, 39)]
    assert (await Coding.get(coder="person:olga")).good_quote
    merged, into = await Theme.get(id=young.id), await Theme.get(id=youth.id)
    assert (merged.state, merged.merged_into_id) == (ThemeState.MERGED, youth.id)
    assert into.words == ["jung", "jugend"]


async def test_a_merge_is_taken_back_whole(olga: By, anna: By, event: Event) -> None:
    one = await said(event, TEXT)
    youth, young = await theme_named(olga, "Jugend"), await theme_named(olga, "Junge")
    await codings.code(olga, one.id, youth.id)
    await codings.code(olga, one.id, young.id)
    await codings.code(anna, one.id, young.id)
    before = await everything()

    await codebook.merge(olga, young.id, youth.id)
    await codebook_deeds.undo(olga)

    assert await everything() == before


async def test_chosen_codings_are_split_off_into_a_new_theme(
    olga: By, event: Event
) -> None:
    one, theme = await said(event, TEXT), await theme_named(olga, "Sorgen")
    money = await codings.code(olga, one.id, theme.id, Span(29, 33))
    await codings.code(olga, one.id, theme.id, Span(10, 19))

    made = await codings.split(olga, [money.id], Wording({"de": "Geld"}))

    assert await spans_of(made) == [("person:olga", 29, 33)]
    assert await spans_of(theme) == [("person:olga", 10, 19)]


async def test_many_are_moved_and_taken_away_at_once(olga: By, event: Event) -> None:
    theme, other = await theme_named(olga, "Sorgen"), await theme_named(olga, "Geld")
    made = [
        await codings.code(olga, (await said(event, TEXT)).id, theme.id)
        for _ in range(3)
    ]
    ids = [it.id for it in made]

    assert await codings.move(olga, ids[:2], other.id) == 2
    assert len(await spans_of(other)) == 2
    assert await codings.remove(olga, ids) == 3
    assert await Coding.all().count() == 0


async def test_undoing_goes_back_again_and_again(olga: By, event: Event) -> None:
    one, theme = await said(event, TEXT), await theme_named(olga, "Geld")
    coding = await codings.code(olga, one.id, theme.id)
    await codings.mark_quote(olga, coding.id, good=True)
    await codings.remove(olga, [coding.id])

    actions = [(await codebook_deeds.undo(olga)).action for _ in range(4)]

    assert actions == ["coding.remove", "coding.quote", "coding.make", "theme.make"]
    assert await everything() == {}
    with pytest.raises(rules.NothingToUndo):
        await codebook_deeds.undo(olga)


async def test_what_somebody_else_changed_is_not_taken_back(
    olga: By, anna: By, event: Event
) -> None:
    one, theme = await said(event, TEXT), await theme_named(olga, "Geld")
    coding = await codings.code(olga, one.id, theme.id)
    await codings.mark_quote(anna, coding.id, good=True)
    before = await everything()

    with pytest.raises(rules.ChangedSince):
        await codebook_deeds.undo(olga)

    assert await everything() == before
    await codebook_deeds.undo(anna)
    await codebook_deeds.undo(olga)
    assert await Coding.all().count() == 0


async def test_a_theme_that_others_use_does_not_vanish(
    olga: By, anna: By, event: Event
) -> None:
    one, theme = await said(event, TEXT), await theme_named(olga, "Geld")
    await codings.code(anna, one.id, theme.id)

    with pytest.raises(rules.ChangedSince):
        await codebook_deeds.undo(olga)

    assert await spans_of(theme) == [("person:anna", 0, 39)]


async def test_a_name_given_anew_stays_with_its_new_theme(olga: By, anna: By) -> None:
    old = await theme_named(olga, "Geld")
    await codebook.retire(olga, old.id)
    await theme_named(anna, "Geld")

    with pytest.raises(rules.ChangedSince):
        await codebook_deeds.undo(olga)

    assert (await Theme.get(id=old.id)).state is ThemeState.RETIRED


async def test_a_place_taken_since_is_not_fought_for(
    olga: By, anna: By, event: Event
) -> None:
    one = await said(event, TEXT)
    first, second, third = [await theme_named(olga, it) for it in "ABC"]
    moved = await codings.code(olga, one.id, first.id)
    other = await codings.code(olga, one.id, third.id)
    await codings.move(olga, [moved.id], second.id)
    await codings.move(anna, [other.id], first.id)

    with pytest.raises(rules.ChangedSince):
        await codebook_deeds.undo(olga)

    assert (await Coding.get(id=moved.id)).theme_id == second.id


async def test_a_statement_that_is_gone_takes_its_undoing_along(
    olga: By, event: Event
) -> None:
    one, theme = await said(event, TEXT), await theme_named(olga, "Geld")
    coding = await codings.code(olga, one.id, theme.id)
    await codings.remove(olga, [coding.id])
    await Statement.all().delete()

    with pytest.raises(rules.ChangedSince):
        await codebook_deeds.undo(olga)


async def test_undoing_at_one_event_leaves_the_other_alone(
    olga: By, olgas_office: Organiser, event: Event
) -> None:
    elsewhere = await an_event(olgas_office)
    theme = await a_theme(olgas_office, "Geld")
    here, there = await said(event, TEXT), await said(elsewhere, TEXT)
    await codings.code(olga, here.id, theme.id)
    await codings.code(replace(olga, occasion_id=elsewhere.id), there.id, theme.id)

    await codebook_deeds.undo(olga)

    [left] = await Coding.all()
    assert left.statement_id == there.id


async def test_two_themes_of_one_name_are_refused(olga: By) -> None:
    await theme_named(olga, "Förderung")
    with pytest.raises(rules.ThemeExists):
        await theme_named(olga, "forderung")
    other = await theme_named(olga, "Geld")
    with pytest.raises(rules.ThemeExists):
        await codebook.edit(olga, other.id, Wording({"en": "FÖRDERUNG"}))


async def test_a_retired_theme_marks_nothing_new_and_keeps_what_it_has(
    olga: By, event: Event
) -> None:
    one, theme = await said(event, TEXT), await theme_named(olga, "Geld")
    await codings.code(olga, one.id, theme.id)
    await codebook.retire(olga, theme.id)

    with pytest.raises(rules.ThemeNotInUse):
        await codings.code(olga, one.id, theme.id, Span(0, 3))
    assert len(await spans_of(theme)) == 1
    await codebook.bring_back(olga, theme.id)
    await codings.code(olga, one.id, theme.id, Span(0, 3))


async def test_themes_change_places(olga: By) -> None:
    made = [await theme_named(olga, name) for name in ("A", "B", "C")]

    await codebook.step(olga, made[2].id, up=True)
    await codebook.step(olga, made[0].id, up=True)

    names = [it.name["de"] for it in await codebook.themes_of(olga.organiser_id)]
    assert names == ["A", "C", "B"]


async def test_the_first_themes_have_colours_of_their_own(olga: By) -> None:
    made = [await theme_named(olga, f"Thema {n}") for n in range(rules.COLOURS)]
    assert len({it.colour for it in made}) == rules.COLOURS


async def test_a_theme_does_not_merge_into_itself_or_a_gone_one(olga: By) -> None:
    one, other = await theme_named(olga, "A"), await theme_named(olga, "B")
    with pytest.raises(rules.SameTheme):
        await codebook.merge(olga, one.id, one.id)
    await codebook.merge(olga, one.id, other.id)
    with pytest.raises(rules.ThemeNotInUse):
        await codebook.merge(olga, other.id, one.id)


async def test_a_hidden_statement_is_not_marked(olga: By, event: Event) -> None:
    one = await said(event, TEXT, state=StatementState.HIDDEN)
    theme = await theme_named(olga, "Geld")
    with pytest.raises(NotFound):
        await codings.code(olga, one.id, theme.id)


async def test_otto_touches_nothing_of_olgas(olga: By, event: Event) -> None:
    one, theme = await said(event, TEXT), await theme_named(olga, "Geld")
    coding = await codings.code(olga, one.id, theme.id)
    otto = replace(olga, organiser_id=(await an_organiser("Another office")).id)
    own = await codebook.make(otto, Wording({"de": "Eigenes"}))

    for deed in (
        codings.code(otto, one.id, own.id),
        codings.code(olga, one.id, own.id),
        codings.remove(otto, [coding.id]),
        codings.move(otto, [coding.id], own.id),
        codings.mark_quote(otto, coding.id, good=True),
        codings.dismiss(otto, one.id, theme.id),
        codings.done(otto, one.id),
        codebook.edit(otto, theme.id, Wording({"de": "Meins"})),
        codebook.merge(otto, theme.id, own.id),
        codebook.merge(otto, own.id, theme.id),
        codebook.retire(otto, theme.id),
        codebook.step(otto, theme.id, up=True),
    ):
        with pytest.raises(NotFound):
            await deed


async def test_nothing_chosen_and_far_too_much_are_refused(olga: By) -> None:
    with pytest.raises(rules.NothingChosen):
        await codings.remove(olga, [])
    with pytest.raises(rules.TooManyAtOnce):
        await codings.remove(olga, [uuid4() for _ in range(rules.MOST_AT_ONCE + 1)])


async def test_reading_to_the_end_is_noted_once(olga: By, event: Event) -> None:
    one = await said(event, TEXT)
    for _ in range(2):
        await codings.done(olga, one.id)
    assert await Reading.all().count() == 1


async def everything() -> Image:
    """All rows that deeds may change, as they are."""
    image: Image = {}
    for model in (Theme, Coding, DismissedSuggestion):
        image |= image_of(await model.all())
    return image


# Each deed is chosen by three numbers; what they point at is found among what is there.
steps = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 7), st.integers(0, 7)), max_size=14
)


class Played:
    """Deeds of one person, with how everything was before each."""

    def __init__(self, by: By, statements: list[Statement]) -> None:
        self.by, self.statements = by, statements
        self.before: list[Image] = []

    async def play(self, chosen: list[tuple[int, int, int]]) -> None:
        for number, (deed, one, other) in enumerate(chosen):
            if deed == 0 and self.before:
                await codebook_deeds.undo(self.by)
                assert await everything() == self.before.pop()
                continue
            before, count = await everything(), await CodebookDeed.all().count()
            try:
                await self.do(deed, one, other, number)
            except Refused:
                assert await everything() == before
            if await CodebookDeed.all().count() > count:
                self.before.append(before)
            else:
                assert await everything() == before
        while self.before:
            await codebook_deeds.undo(self.by)
            assert await everything() == self.before.pop()

    async def do(self, deed: int, one: int, other: int, number: int) -> None:
        by, ties = self.by, await Coding.all().order_by("id")
        themes = await Theme.all().order_by("id")
        statement = self.statements[one % len(self.statements)].id
        tie = [it.id for it in ties[one : one + other + 1]]
        theme = _pick(themes, one)
        into = _pick(themes, other)
        calls: dict[int, Callable[[], Awaitable[object]]] = {
            1: lambda: codebook.make(by, Wording({"de": f"Thema {number % 5}"})),
            2: lambda: codings.code(by, statement, into, Span(other, other + 4)),
            3: lambda: codings.code_by_name(by, statement, f"Thema {other}"),
            4: lambda: codings.remove(by, tie),
            5: lambda: codings.move(by, tie, into),
            6: lambda: codings.split(by, tie, Wording({"de": f"Neu {number}"})),
            7: lambda: codebook.merge(by, theme, into),
            8: lambda: codebook.retire(by, theme),
            9: lambda: codebook.step(by, theme, up=bool(other % 2)),
            10: lambda: codings.mark_quote(by, _pick(ties, other), good=True),
            11: lambda: codings.dismiss(by, statement, theme),
        }
        if deed in calls:
            await calls[deed]()


def _pick(found: list[Any], number: int) -> UUID:
    return found[number % len(found)].id if found else uuid4()


async def test_any_deeds_and_undos_give_back_the_rows(
    olga: By, anna: By, olgas_office: Organiser, event: Event
) -> None:
    """Another coder's work lies there from before, and is moved along."""
    texts = [TEXT, "Jugend 👩‍👩‍👧 und Geld", "Wir brauchen Austausch"]
    statements = [await said(event, text) for text in texts]
    theme = await a_theme(olgas_office, "Annas Thema")
    await marked(statements[0], theme, 0, 9, coder=anna.actor)
    await marked(statements[1], theme, coder=anna.actor, good=True)
    loop = asyncio.get_running_loop()

    def wait(deed: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(deed, loop).result(60)

    @settings(
        max_examples=25,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(steps)
    def play(chosen: list[tuple[int, int, int]]) -> None:
        wait(Played(olga, statements).play(chosen))

    await asyncio.to_thread(play)
