"""Who was heard, and what many share, while the meeting goes on."""

import pytest
from tests.feedback.meetings import a_meeting, a_town, key, words
from tests.feedback.statement_rows import a_theme
from tests.people import an_organiser
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode
from werkraum_feedback.capture import captured
from werkraum_feedback.capture.captured import Words
from werkraum_feedback.capture.readings import Heard, heard, shared
from werkraum_foundation import clock
from werkraum_registration.attendance import Coming, note
from werkraum_registration.models import OrganisationKind, OrganisationSize, Presence

TOWN = OrganisationKind.MUNICIPALITY


@pytest.fixture
async def event(database: str) -> Event:
    return await a_meeting(await an_organiser())


async def catch(event: Event, said: Words) -> None:
    now = clock.now()
    await captured.keep(
        event.organiser_id, event.id, key(), said, at=now, actor="person:olga", now=now
    )


async def comes_from(event: Event, name: str, town: object, *, here: bool) -> None:
    person = await somebody(event, name, Mode.ONSITE, organisation_id=town)
    if here:
        coming = Coming(Presence.DESK, f"the-key-of-{person.id}", event.starts_at)
        await note(event.id, person.id, coming, actor="olga", now=clock.now())


async def test_organisations_are_counted_by_kind_once_each(event: Event) -> None:
    small = await a_town(event.organiser, "Stadt Klein")
    large = await a_town(event.organiser, "Stadt Groß", OrganisationSize.LARGE)
    for name, town in (("Anna", small), ("Berta", small), ("Cem", large)):
        await comes_from(event, name, town, here=False)
    for text in ("Eins.", "Zwei."):
        await catch(event, words(text, organisation="Stadt Klein"))
    assert await heard(event.id) == [
        Heard(TOWN, OrganisationSize.SMALL, 1, 1),
        Heard(TOWN, OrganisationSize.LARGE, 0, 1),
    ]


async def test_once_people_are_ticked_off_those_who_came_count(event: Event) -> None:
    came = await a_town(event.organiser, "Stadt Da")
    missing = await a_town(event.organiser, "Stadt Fort", OrganisationSize.LARGE)
    await comes_from(event, "Anna", came, here=True)
    await comes_from(event, "Berta", missing, here=False)
    assert await heard(event.id) == [Heard(TOWN, OrganisationSize.SMALL, 0, 1)]
    # Whoever speaks is there, whatever the list says.
    await catch(event, words("Doch da.", organisation="Stadt Fort"))
    assert [(it.spoken, it.there) for it in await heard(event.id)] == [(0, 1), (1, 1)]


async def test_what_most_kinds_share_stands_on_top(event: Event) -> None:
    youth = await a_theme(event.organiser, "Nachwuchs")
    money = await a_theme(event.organiser, "Fördermittel")
    kinds = (
        (TOWN, OrganisationSize.SMALL),
        (TOWN, OrganisationSize.LARGE),
        (OrganisationKind.ASSOCIATION, None),
    )
    for kind, size in kinds:
        await catch(event, words("…", org_kind=kind, org_size=size, themes=(youth.id,)))
    for _ in range(4):
        await catch(event, words("…", org_kind=TOWN, themes=(money.id,)))
    shares = await shared(event.id)
    told = [(it.theme.name["de"], it.statements, it.kinds) for it in shares]
    assert told == [("Nachwuchs", 3, 3), ("Fördermittel", 4, 1)]
