"""Organisations are there once, whatever attendees type, and may be told apart."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.events.statements import counted
from tests.people import an_event, an_organiser
from tests.registration.people_by_hand import takes_part

from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.models import AuditEntry, Organiser
from werkraum_foundation.refusals import NotFound
from werkraum_registration import organisation_merging, organisations
from werkraum_registration import organisation_queries as queries
from werkraum_registration.models import (
    Organisation,
    OrganisationKind,
    OrganisationSize,
    Registration,
)
from werkraum_registration.organisation_queries import Filters, Standing
from werkraum_registration.organisations import OrganisationWish, StillNamed

OLGA = "person:olga"
TOWN, SCHOOL = OrganisationKind.MUNICIPALITY, OrganisationKind.SCHOOL


@pytest.fixture
async def office(database: str) -> Organiser:
    return await an_organiser()


async def known(office: Organiser, name: str, *, now: datetime, **facts: Any) -> UUID:
    wish = OrganisationWish(name, **facts)
    return await organisations.add(office.id, wish, actor=OLGA, now=now)


async def test_what_is_typed_is_written_down_and_suggested_to_nobody(
    office: Organiser, now: datetime
) -> None:
    made = await organisations.typed(
        office.id, "Heimatverein", kind=OrganisationKind.ASSOCIATION, now=now
    )
    there = await Organisation.get()
    assert (there.id, there.name, there.suggested) == (made, "Heimatverein", False)
    assert await queries.suggested(office.id) == ()


async def test_the_same_name_in_other_letters_is_the_same(
    office: Organiser, now: datetime
) -> None:
    first = await organisations.typed(office.id, "Europa-Union", now=now)
    assert await organisations.typed(office.id, "EUROPA  UNION", now=now) == first


async def test_two_who_type_a_new_name_at_once_name_the_same(
    office: Organiser, now: datetime
) -> None:
    named = await asyncio.gather(
        *(organisations.typed(office.id, "Heimatverein", now=now) for _ in range(8))
    )
    assert len(set(named)) == 1


async def test_a_town_is_known_with_its_word_and_without(
    office: Organiser, now: datetime
) -> None:
    cologne = await known(office, "Stadt Köln", now=now, kind=TOWN)
    bonn = await known(office, "Bonn", now=now)
    assert await organisations.typed(office.id, "köln", now=now) == cologne
    assert await organisations.typed(office.id, "Stadt Bonn", now=now) == bonn


async def test_a_town_is_not_guessed_where_another_could_be_meant(
    office: Organiser, now: datetime
) -> None:
    towns = {
        await known(office, f"{word} Hagen", now=now) for word in ("Stadt", "Gemeinde")
    }
    assert await organisations.typed(office.id, "Hagen", now=now) not in towns
    town = await known(office, "Stadt Bonn", now=now, kind=TOWN)
    assert await organisations.typed(office.id, "Bonn", kind=SCHOOL, now=now) != town
    typed = await organisations.typed(office.id, "Stadt Kleve", now=now)
    assert await organisations.typed(office.id, "Kleve", now=now) != typed


async def test_kind_and_size_are_taken_from_the_first_who_says_them(
    office: Organiser, now: datetime
) -> None:
    small, large = OrganisationSize.SMALL, OrganisationSize.LARGE
    await organisations.typed(office.id, "Kleve", now=now)
    await organisations.typed(office.id, "Kleve", kind=TOWN, size=small, now=now)
    await organisations.typed(office.id, "Kleve", kind=SCHOOL, size=large, now=now)
    kleve = await Organisation.get()
    assert (kleve.kind, kleve.size) == (TOWN, small)


async def test_what_an_organiser_wrote_down_nobody_else_changes(
    office: Organiser, now: datetime
) -> None:
    small, large = OrganisationSize.SMALL, OrganisationSize.LARGE
    await known(office, "Kleve", kind=TOWN, size=small, now=now)
    await organisations.typed(office.id, "Kleve", kind=SCHOOL, now=now)
    await organisations.typed(office.id, "Kleve", kind=TOWN, size=large, now=now)
    kleve = await Organisation.get(name="Kleve")
    assert (kleve.kind, kleve.size) == (TOWN, small)


async def test_what_an_organiser_left_open_others_may_say(
    office: Organiser, now: datetime
) -> None:
    small = OrganisationSize.SMALL
    await known(office, "Kleve", now=now)
    await organisations.typed(office.id, "Kleve", kind=TOWN, size=small, now=now)
    kleve = await Organisation.get()
    assert (kleve.kind, kleve.size, kleve.suggested) == (TOWN, small, True)


async def test_only_a_town_has_a_size(office: Organiser, now: datetime) -> None:
    small = OrganisationSize.SMALL
    await known(office, "Kleve", kind=SCHOOL, now=now)
    await organisations.typed(office.id, "Kleve", kind=SCHOOL, size=small, now=now)
    assert (await Organisation.get()).size is None


async def test_each_organiser_has_its_own(office: Organiser, now: datetime) -> None:
    await known(office, "Kleve", now=now)
    other = await an_organiser("Another office")
    await organisations.typed(other.id, "Kleve", now=now)
    assert await Organisation.all().count() == 2
    assert await queries.suggested(other.id) == ()


async def test_suggestions_stand_in_order_and_follow_each_change(
    office: Organiser, now: datetime
) -> None:
    await known(office, "Zülpich", now=now)
    aachen = await known(office, "Ahlen", now=now)
    await known(office, "Ächtern", now=now, suggested=False)
    assert await queries.suggested(office.id) == ("Ahlen", "Zülpich")
    wish = OrganisationWish("Aachen", suggested=False)
    await organisations.edit(office.id, aachen, wish, actor=OLGA, now=now)
    assert await queries.suggested(office.id) == ("Zülpich",)


async def test_a_name_is_taken_once(office: Organiser, now: datetime) -> None:
    await known(office, "Kleve", now=now)
    bonn = await known(office, "Bonn", now=now)
    with pytest.raises(InvalidInput) as refusal:
        await known(office, "KLEVE", now=now)
    assert refusal.value.faults[0].field == "name"
    with pytest.raises(InvalidInput):
        wish = OrganisationWish("kleve")
        await organisations.edit(office.id, bonn, wish, actor=OLGA, now=now)
    assert (await Organisation.get(id=bonn)).name == "Bonn"


async def test_the_audit_says_what_was_before(office: Organiser, now: datetime) -> None:
    kleve = await known(office, "Kleve", now=now, partner_towns=("Ronse",))
    wish = OrganisationWish("Kleve", kind=TOWN, partner_towns=("Ronse", "Fitchburg"))
    for _ in range(2):
        await organisations.edit(office.id, kleve, wish, actor=OLGA, now=now)
    edited = await AuditEntry.get(action="organisation.edit")
    assert edited.changes == {
        "kind": [None, "municipality"],
        "partner_towns": [["Ronse"], ["Ronse", "Fitchburg"]],
    }


async def test_lines_become_suggestions_once_each(
    office: Organiser, now: datetime
) -> None:
    typed = await organisations.typed(office.id, "Kleve", now=now)
    made = await organisations.add_several(
        office.id,
        ["Bonn", "bonn", "kleve", "Aachen"],
        kind=TOWN,
        size=None,
        actor=OLGA,
        now=now,
    )
    assert made == 2
    assert await queries.suggested(office.id) == ("Aachen", "Bonn", "Kleve")
    assert (await Organisation.get(id=typed)).name == "Kleve"


async def test_merging_moves_the_people_and_leads_whoever_types_the_double(
    office: Organiser, now: datetime
) -> None:
    event = await an_event(office, now=now)
    kept = await known(office, "Köln", now=now)
    double = await organisations.typed(office.id, "Coellen", now=now)
    for name, organisation in (("Anna", double), ("Bert", double), ("Cem", kept)):
        await takes_part(event, name, now=now, organisation_id=organisation)
    merged = await organisation_merging.merge(
        office.id, kept, [double], actor=OLGA, now=now
    )
    assert merged == 2
    assert await Registration.filter(organisation_id=kept).count() == 3
    assert await organisations.typed(office.id, "coellen", now=now) == kept
    assert [it.name for it in await queries.listed(office.id)] == ["Köln"]
    entry = await AuditEntry.get(action="organisation.merge")
    assert entry.changes == {
        "merged_into": [None, str(kept)],
        "registrations": [2, 0],
    }


async def test_what_stays_keeps_its_kind_and_takes_what_it_has_not(
    office: Organiser, now: datetime
) -> None:
    small = OrganisationSize.SMALL
    town = await organisations.typed(office.id, "Klewe", kind=TOWN, size=small, now=now)
    kept = await known(office, "Kleve", now=now)
    school = await known(office, "Gymnasium", kind=SCHOOL, now=now)
    for stays, double in ((kept, town), (kept, school)):
        await organisation_merging.merge(
            office.id, stays, [double], actor=OLGA, now=now
        )
    await organisations.typed(office.id, "Klewe", kind=SCHOOL, now=now)
    kleve = await Organisation.get(id=kept)
    assert (kleve.kind, kleve.size) == (TOWN, small)


async def test_a_merge_of_a_merge_leads_to_the_last_that_stayed(
    office: Organiser, now: datetime
) -> None:
    names = ["Koeln", "Coellen", "Köln"]
    ids = [await organisations.typed(office.id, name, now=now) for name in names]
    for kept, double in ((ids[1], ids[0]), (ids[2], ids[1])):
        await organisation_merging.merge(office.id, kept, [double], actor=OLGA, now=now)
    for name in names:
        assert await organisations.typed(office.id, name, now=now) == ids[2]


async def test_a_split_gives_back_those_who_named_it(
    office: Organiser, now: datetime
) -> None:
    event = await an_event(office, now=now)
    kempen, kerpen, kamen = [
        await organisations.typed(office.id, name, now=now)
        for name in ("Kempen", "Kerpen", "Kamen")
    ]
    for name, named in (("Anna", kempen), ("Bert", kerpen), ("Cem", kamen)):
        await takes_part(event, name, now=now, organisation_id=named)
    merges = (kerpen, [kempen]), (kamen, [kerpen])
    for kept, doubles in merges:
        await organisation_merging.merge(office.id, kept, doubles, actor=OLGA, now=now)
    back = await organisation_merging.split(office.id, kempen, actor=OLGA, now=now)
    assert back == 1
    from_where = await Registration.all().values_list("name", "organisation_id")
    assert dict(from_where) == {"Anna": kempen, "Bert": kamen, "Cem": kamen}
    assert (await Organisation.get(id=kempen)).merged_into_id is None
    with pytest.raises(NotFound):
        await organisation_merging.split(office.id, kempen, actor=OLGA, now=now)


async def test_two_merges_crosswise_leave_one_standing(
    office: Organiser, now: datetime
) -> None:
    one = await organisations.typed(office.id, "Kempen", now=now)
    other = await organisations.typed(office.id, "Kerpen", now=now)
    ended = await asyncio.gather(
        *(
            organisation_merging.merge(office.id, *pair, actor=OLGA, now=now)
            for pair in ((one, [other]), (other, [one]))
        ),
        return_exceptions=True,
    )
    assert len([it for it in ended if isinstance(it, NotFound)]) == 1
    assert await Organisation.filter(merged_into_id=None).count() == 1


async def test_only_what_nobody_names_is_removed(
    office: Organiser, now: datetime
) -> None:
    event = await an_event(office, now=now)
    typo = await known(office, "Klewe", now=now)
    kleve = await known(office, "Kleve", now=now)
    await takes_part(event, "Anna", now=now, organisation_id=kleve)
    await organisations.remove(office.id, typo, actor=OLGA, now=now)
    with pytest.raises(StillNamed):
        await organisations.remove(office.id, kleve, actor=OLGA, now=now)
    assert [it.id for it in await Organisation.all()] == [kleve]


async def test_otto_changes_nothing_of_olgas(office: Organiser, now: datetime) -> None:
    otto = await an_organiser("Another office")
    kleve = await known(office, "Kleve", now=now)
    mine = await known(otto, "Mine", now=now)
    for deed in (
        organisations.edit(otto.id, kleve, OrganisationWish("X"), actor="o", now=now),
        organisations.remove(otto.id, kleve, actor="o", now=now),
        organisations.suggest(otto.id, [kleve], actor="o", now=now),
        organisation_merging.merge(otto.id, mine, [kleve], actor="o", now=now),
        organisation_merging.split(otto.id, kleve, actor="o", now=now),
    ):
        with pytest.raises(NotFound):
            await deed
    assert await queries.listed(otto.id, Filters(search="kleve")) == []
    assert (await Organisation.get(id=kleve)).name == "Kleve"


async def test_the_list_is_searched_and_filtered(
    office: Organiser, now: datetime
) -> None:
    await known(office, "Kreis Düren", now=now, kind=OrganisationKind.DISTRICT)
    await known(office, "Düren", now=now, kind=TOWN)
    await organisations.typed(office.id, "100%_Jugend", now=now)

    async def found(**filters: Any) -> list[str]:
        asked = Filters(**filters)
        there = await queries.listed(office.id, asked)
        assert await queries.count_listed(office.id, asked) == len(there)
        return [it.name for it in there]

    assert await found() == ["100%_Jugend", "Düren", "Kreis Düren"]
    assert await found(search="DÜREN") == ["Düren", "Kreis Düren"]
    assert await found(search="0% jug") == ["100%_Jugend"]
    assert await found(search="%") == []
    assert await found(kind=TOWN) == ["Düren"]
    assert await found(standing=Standing.TYPED) == ["100%_Jugend"]


async def test_a_list_and_the_suggestions_take_one_query_each_however_long(
    office: Organiser, now: datetime
) -> None:
    names = [f"Ort {number}" for number in range(1_050)]
    await organisations.add_several(
        office.id, names, kind=TOWN, size=None, actor=OLGA, now=now
    )
    with counted() as statements:
        assert len(await queries.listed(office.id)) == queries.LARGEST_PAGE
    assert len(statements) == 1
    with counted() as statements:
        for _ in range(3):
            assert len(await queries.suggested(office.id)) == queries.MOST_SUGGESTED
    assert len(statements) == 1
    with counted() as statements:
        await organisations.typed(office.id, "ort 7", now=now)
    assert len(statements) <= 3


async def test_a_look_at_several_counts_their_people(
    office: Organiser, now: datetime
) -> None:
    event = await an_event(office, now=now)
    kleve = await known(office, "Kleve", now=now)
    bonn = await known(office, "Bonn", now=now)
    await takes_part(event, "Anna", now=now, organisation_id=bonn)
    with counted() as statements:
        there = await queries.chosen(office.id, [kleve, bonn, uuid4()])
    assert [(it.name, it.registrations) for it in there] == [("Bonn", 1), ("Kleve", 0)]
    assert len(statements) == 2
