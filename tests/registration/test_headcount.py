"""People are counted in seats, by where they come from."""

from datetime import datetime
from uuid import uuid4

import pytest
from tests.events.statements import counted
from tests.people import an_event, an_organiser
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event
from werkraum_registration import organisations
from werkraum_registration.headcount import Count, headcount_of
from werkraum_registration.models import (
    Attendance,
    OrganisationKind,
    OrganisationSize,
    Presence,
    Registration,
    State,
)

TOWN, SCHOOL = OrganisationKind.MUNICIPALITY, OrganisationKind.SCHOOL
SMALL, LARGE = OrganisationSize.SMALL, OrganisationSize.LARGE


@pytest.fixture
async def event(database: str, now: datetime) -> Event:
    return await an_event(await an_organiser(), now=now)


async def came(who: Registration, *, now: datetime, undone: bool = False) -> None:
    await Attendance.create(
        event_id=who.event_id,
        registration=who,
        source=Presence.DESK,
        client_key=uuid4().hex,
        came_at=now,
        recorded_at=now,
        recorded_by="person:olga",
        undone_at=now if undone else None,
    )


async def test_a_party_counts_with_all_its_seats(event: Event, now: datetime) -> None:
    async def named(name: str, kind: OrganisationKind, **size: OrganisationSize) -> str:
        made = await organisations.typed(
            event.organiser_id, name, kind=kind, now=now, **size
        )
        return str(made)

    school = await named("Gymnasium", SCHOOL)
    kleve = await named("Kleve", TOWN, size=SMALL)
    klasse = await takes_part(event, "Anna", now=now, seats=20, organisation_id=school)
    bert = await takes_part(event, "Bert", now=now, organisation_id=kleve)
    goch = await named("Goch", TOWN, size=SMALL)
    cem = await takes_part(event, "Cem", now=now, organisation_id=goch)
    await takes_part(event, "Dora", now=now)
    await takes_part(
        event, "Emil", state=State.CANCELLED, now=now, organisation_id=kleve
    )
    for _ in range(2):
        await came(klasse, now=now)
    await came(bert, now=now)
    await came(cem, now=now, undone=True)
    with counted() as statements:
        found = await headcount_of(event.id)
    assert list(found.counts) == [
        Count(TOWN, SMALL, organisations=2, registered=2, attended=1),
        Count(SCHOOL, None, organisations=1, registered=20, attended=20),
        Count(None, None, organisations=0, registered=1, attended=0),
    ]
    assert (found.registered, found.attended, found.organisations) == (23, 21, 3)
    assert len(statements) == 1


async def test_an_event_without_people_counts_nothing(event: Event) -> None:
    found = await headcount_of(event.id)
    assert (list(found.counts), found.registered) == ([], 0)
