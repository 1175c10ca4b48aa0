"""The funder's table: figures with definitions, no small group, the same hash again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import an_event, an_organiser, olga_signed_in, otto_signed_in
from tests.registration.asking import takes_part

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Organiser
from werkraum_registration.attendance import Coming, note
from werkraum_registration.models import (
    Organisation,
    OrganisationKind,
    Presence,
    Registration,
)
from werkraum_server.funder_rules import Figure, K, digest, told
from werkraum_server.funder_table import Period, figures_of

NOW = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
YEAR = Period(NOW.date().replace(month=1, day=1), NOW.date().replace(month=12, day=31))


@given(st.dictionaries(st.integers(0, 30), st.integers(1, 40), max_size=12))
def test_no_group_below_five_is_told_or_follows_from_the_total(
    groups: dict[int, int],
) -> None:
    shown, rest = told(groups)
    hidden = sum(groups.values()) - sum(shown.values())
    assert all(n >= K for n in shown.values())
    assert rest == (hidden if hidden >= K else 0)
    assert hidden == 0 or hidden >= K or not shown


def test_the_hash_follows_from_the_question_and_the_values_alone() -> None:
    one = [Figure("events", "Events", "All of them", 3)]
    same = [Figure("events", "Veranstaltungen", "Alle", 3)]
    other = [Figure("events", "Events", "All of them", 4)]
    assert digest({"a": "1", "b": "2"}, one) == digest({"b": "2", "a": "1"}, same)
    assert digest({"a": "1"}, one) != digest({"a": "2"}, one)
    assert digest({"a": "1"}, one) != digest({"a": "1"}, other)


@pytest.fixture
async def office(database: str) -> Organiser:
    return await an_organiser()


# Any: columns of the event.
async def held(office: Organiser, **changes: Any) -> Event:
    return await an_event(office, now=NOW - timedelta(days=30), **changes)


async def from_there(
    person: Registration, office: Organiser, kind: OrganisationKind
) -> None:
    named = await Organisation.create(
        organiser=office,
        name=f"{kind} {uuid7()}",
        name_key=str(uuid7()),
        kind=kind,
        created_at=NOW,
    )
    await Registration.filter(id=person.id).update(organisation_id=named.id)


async def values_of(office: Organiser, period: Period = YEAR) -> dict[str, int | None]:
    found = await figures_of(office.id, period, now=NOW)
    return {it.code: it.value for it in found}


async def test_events_and_people_are_counted(office: Organiser) -> None:
    event = await held(office)
    await held(office, online=False)
    await held(office, status=Status.CANCELLED)
    await held(office, status=Status.DRAFT)
    for number in range(7):
        person = await takes_part(event, f"Anna{number}")
        if number < 5:
            coming = Coming(Presence.DESK, f"a-key-of-person-{number}", event.starts_at)
            await note(event.id, person.id, coming, actor="x", now=event.starts_at)
    values = await values_of(office)
    assert (values["events"], values["events.hybrid"], values["events.onsite"]) == (
        2,
        1,
        1,
    )
    assert values["events.off"] == 1
    assert (values["people.registered"], values["people.attended"]) == (7, 5)
    assert (values["people.missing"], values["events.noted"]) == (2, 1)


async def test_a_small_group_stands_with_others(office: Organiser) -> None:
    event = await held(office)
    for number in range(12):
        person = await takes_part(event, f"Anna{number}")
        school = OrganisationKind.SCHOOL
        kind = OrganisationKind.MUNICIPALITY if number < 9 else school
        await from_there(person, office, kind)
    values = await values_of(office)
    assert "people.school" not in values and "people.municipality" not in values
    assert values["people.rest"] == 12


async def test_a_period_takes_the_days_of_the_place(office: Organiser) -> None:
    # Half past midnight in Berlin, the day before by UTC.
    starts = datetime(2027, 5, 2, 22, 30, tzinfo=UTC)
    await held(office, starts_at=starts, ends_at=starts + timedelta(hours=1))
    third = datetime(2027, 5, 3, tzinfo=UTC).date()
    assert (await values_of(office, Period(third, third)))["events"] == 1
    assert (await values_of(office, Period(third, third, "no-topic")))["events"] == 0


async def test_olga_reads_it_takes_it_along_and_gets_the_same_hash(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await olga_signed_in(client), now=clock.now())
    year = event.starts_at.year
    asked = f"?from={year}-01-01&to={year}-12-31"
    page = (await client.get(f"/desk/figures{asked}")).text
    file = (await client.get(f"/desk/figures.csv{asked}")).text
    [line] = [it for it in file.splitlines() if it.startswith("sha256")]
    assert line.split(";")[2] in page
    assert "events;Events;1" in file
    odd = await client.get("/desk/figures?from=x&to=2027-02-30&topic=x")
    assert odd.status_code == 200


async def test_otto_counts_nothing_of_olgas(client: httpx.AsyncClient) -> None:
    await an_event(await an_organiser(), now=clock.now())
    await otto_signed_in(client)
    assert "events;Events;0" in (await client.get("/desk/figures.csv")).text
