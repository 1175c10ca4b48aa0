"""The codebook of an office: themes made, worded, ordered, merged, retired."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from werkraum_feedback.coding import coding_rules as rules
from werkraum_feedback.coding import refi_qda
from werkraum_feedback.coding.codebook_deeds import By, enter_codebook, image_of, note
from werkraum_feedback.coding.recoding import move_codings
from werkraum_feedback.coding.word_rules import folded
from werkraum_feedback.statement_models import Coding, Theme, ThemeState
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import language
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import NotFound


@dataclass(frozen=True)
class Wording:
    """A theme in words: its name, what it takes in and leaves out, an example."""

    name: Texts
    definition: Texts = field(default_factory=dict)
    includes: Texts = field(default_factory=dict)
    excludes: Texts = field(default_factory=dict)
    example: Texts = field(default_factory=dict)
    words: tuple[str, ...] = ()
    colour: int | None = None


async def themes_of(organiser_id: UUID, *, all_states: bool = False) -> list[Theme]:
    """List the themes of an office in their order; one query."""
    found = Theme.filter(organiser_id=organiser_id)
    if not all_states:
        found = found.filter(state=ThemeState.ACTIVE)
    return await found.order_by("position", "id")


async def theme_of(organiser_id: UUID, theme_id: UUID) -> Theme:
    """Find a theme of an office in any state, or raise `NotFound`."""
    theme = await Theme.filter(id=theme_id, organiser_id=organiser_id).first()
    if theme is None:
        raise NotFound
    return theme


async def theme_in_use(organiser_id: UUID, theme_id: UUID) -> Theme:
    theme = await theme_of(organiser_id, theme_id)
    rules.must_be_in_use(theme)
    return theme


@unit_of_work
async def make(by: By, wording: Wording) -> Theme:
    """Add a theme at the end; raises `ThemeExists`, `TooManyThemes`."""
    await enter_codebook(by.organiser_id)
    theme = await add(by, wording)
    await note(by, "theme.make", theme.id, made=[theme])
    return theme


async def add(by: By, wording: Wording) -> Theme:
    """Add a theme inside of a deed that notes it; the codebook is locked."""
    themes = await themes_of(by.organiser_id, all_states=True)
    _must_be_new(wording.name, themes)
    if sum(it.state is ThemeState.ACTIVE for it in themes) >= rules.MOST_THEMES:
        raise rules.TooManyThemes
    chosen = wording.colour
    return await Theme.create(
        organiser_id=by.organiser_id,
        **_columns(wording),
        position=max((it.position for it in themes), default=0) + 1,
        colour=_rarest_colour(themes) if chosen is None else chosen,
        created_at=by.now,
    )


# Any: a value for each column, as Tortoise takes them.
def _columns(wording: Wording) -> dict[str, Any]:
    columns = asdict(wording)
    del columns["colour"]
    return columns | {"words": list(wording.words)}


def _must_be_new(name: Texts, themes: list[Theme], *, but: UUID | None = None) -> None:
    taken = rules.names_of(theme for theme in themes if theme.id != but)
    if {folded(it) for it in name.values()} & set(taken):
        raise rules.ThemeExists


def _rarest_colour(themes: list[Theme]) -> int:
    used = Counter(it.colour for it in themes if it.state is ThemeState.ACTIVE)
    return min(range(rules.COLOURS), key=lambda colour: (used[colour], colour))


async def find_or_add(by: By, name: str) -> tuple[Theme, bool]:
    """Find the theme of a name somebody typed, or add it: the theme, if it is new."""
    for theme in await themes_of(by.organiser_id):
        if folded(name) in rules.folded_names(theme):
            return theme, False
    return await add(by, Wording({language(): name})), True


@unit_of_work
async def edit(by: By, theme_id: UUID, wording: Wording) -> None:
    """Word a theme anew; raises `NotFound`, `ThemeExists`."""
    await enter_codebook(by.organiser_id)
    theme = await theme_of(by.organiser_id, theme_id)
    before = image_of([theme])
    themes = await themes_of(by.organiser_id, all_states=True)
    if theme.state is ThemeState.ACTIVE:
        _must_be_new(wording.name, themes, but=theme.id)
    theme.update_from_dict(_columns(wording))
    if wording.colour is not None:
        theme.colour = wording.colour
    if image_of([theme]) == before:
        return
    await theme.save()
    await note(by, "theme.edit", theme.id, before=before)


@unit_of_work
async def step(by: By, theme_id: UUID, *, up: bool) -> None:
    """Let a theme change places with its neighbour; nothing at either end."""
    await enter_codebook(by.organiser_id)
    themes = await themes_of(by.organiser_id)
    place = next((n for n, it in enumerate(themes) if it.id == theme_id), None)
    if place is None:
        raise NotFound
    other = place - 1 if up else place + 1
    if not 0 <= other < len(themes):
        return
    before = image_of(themes)
    themes[place], themes[other] = themes[other], themes[place]
    # All anew: two may have had the same number.
    for position, theme in enumerate(themes, start=1):
        theme.position = position
        await theme.save(update_fields=["position"])
    await note(by, "theme.move", theme_id, before=before)


@unit_of_work
async def retire(by: By, theme_id: UUID) -> None:
    """Offer a theme no more; what is marked with it stays and counts."""
    await _put(by, theme_id, ThemeState.ACTIVE, ThemeState.RETIRED, "theme.retire")


@unit_of_work
async def bring_back(by: By, theme_id: UUID) -> None:
    """Offer a retired theme again; raises `ThemeExists`, `ThemeNotInUse`."""
    await _put(by, theme_id, ThemeState.RETIRED, ThemeState.ACTIVE, "theme.bring_back")


async def _put(
    by: By, theme_id: UUID, state: ThemeState, wanted: ThemeState, action: str
) -> None:
    await enter_codebook(by.organiser_id)
    theme = await theme_of(by.organiser_id, theme_id)
    if theme.state is wanted:
        return
    if theme.state is not state:
        raise rules.ThemeNotInUse
    before = image_of([theme])
    if wanted is ThemeState.ACTIVE:
        _must_be_new(theme.name, await themes_of(by.organiser_id))
    theme.state = wanted
    await theme.save(update_fields=["state"])
    await note(by, action, theme.id, before=before)


@unit_of_work
async def merge(by: By, theme_id: UUID, into_id: UUID) -> int:
    """Let a theme go into another one: all its codings and words; says how many.

    At every event, by whomever they are. Raises `NotFound`, `SameTheme`,
    `ThemeNotInUse`.
    """
    await enter_codebook(by.organiser_id)
    if theme_id == into_id:
        raise rules.SameTheme
    theme = await theme_of(by.organiser_id, theme_id)
    if theme.state is ThemeState.MERGED:
        raise rules.ThemeNotInUse
    into = await theme_in_use(by.organiser_id, into_id)
    codings = await Coding.filter(theme_id=theme_id)
    before = image_of([theme, into])
    before |= await move_codings(codings, into.id)
    theme.state, theme.merged_into_id = ThemeState.MERGED, into.id
    await theme.save(update_fields=["state", "merged_into_id"])
    into.words = list(dict.fromkeys([*into.words, *theme.words]))[: rules.MOST_WORDS]
    await into.save(update_fields=["words"])
    await note(
        by,
        "theme.merge",
        theme.id,
        before=before,
        changes={"merged_into": [None, str(into.id)], "codings": [0, len(codings)]},
    )
    return len(codings)


@unit_of_work
async def take_in(by: By, codes: Sequence[refi_qda.Code]) -> int:
    """Add the themes of a file that are not there yet; says how many.

    One that is there, by its id or its name, stays as it is: the file may be old.
    """
    await enter_codebook(by.organiser_id)
    made: list[Theme] = []
    for code in codes:
        themes = await themes_of(by.organiser_id)
        taken = rules.names_of(themes)
        if folded(code.name) in taken or refi_qda.same_theme(code, themes):
            continue
        definition = {language(): code.description} if code.description else {}
        made.append(await add(by, Wording({language(): code.name}, definition)))
    if made:
        changes = {"themes": [0, len(made)]}
        await note(by, "codebook.import", made[0].id, made=made, changes=changes)
    return len(made)
