"""Who works for whom, and what happens when somebody leaves."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from werkraum_foundation.models import (
    AuditEntry,
    LinkOrigin,
    Membership,
    Organiser,
    Person,
    Role,
    SignIn,
    SignInLink,
)
from werkraum_foundation.people import (
    AlreadyMember,
    LastOwner,
    LegalTexts,
    add_member,
    add_organiser,
    change_role,
    keys_of,
    make_api_key,
    members_of,
    person_by_address,
    remove_member,
    revoke_api_key,
)
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.sign_in import grant_of_key, make_link, sign_in

LEGAL = LegalTexts({"de": "Impressum"}, {"de": "Datenschutz"}, {"de": "Zugang"})


async def an_office(now: datetime, name: str = "Netzwerkstelle") -> Organiser:
    return await add_organiser(name, "o@example.org", LEGAL, actor="system", now=now)


async def a_person(
    office: Organiser, now: datetime, name: str = "olga", role: Role = Role.OWNER
) -> Person:
    return await add_member(
        office.id, name.title(), f"{name}@example.org", role, actor="system", now=now
    )


async def test_two_organisers_of_one_name_have_two_addresses(
    database: str, now: datetime
) -> None:
    slugs = [(await an_office(now)).slug for _ in range(3)]
    assert slugs == ["netzwerkstelle", "netzwerkstelle-2", "netzwerkstelle-3"]


async def test_a_name_without_a_latin_letter_has_an_address_too(
    database: str, now: datetime
) -> None:
    assert (await an_office(now, "東京")).slug == "organiser"


async def test_somebody_who_works_for_two_is_one_person(
    database: str, now: datetime
) -> None:
    first, second = await an_office(now), await an_office(now)
    olga = await a_person(first, now)
    same = await add_member(
        second.id, "O.", "OLGA@example.org", Role.READER, actor="system", now=now
    )
    assert (same.id, same.name) == (olga.id, "Olga")
    assert await Membership.filter(person_id=olga.id).count() == 2


async def test_nobody_is_a_member_twice(database: str, now: datetime) -> None:
    office = await an_office(now)
    await a_person(office, now)
    with pytest.raises(AlreadyMember):
        await a_person(office, now, role=Role.READER)


async def test_the_last_owner_stays(database: str, now: datetime) -> None:
    office = await an_office(now)
    olga = await a_person(office, now)
    with pytest.raises(LastOwner):
        await remove_member(office.id, olga.id, actor="system", now=now)
    with pytest.raises(LastOwner):
        await change_role(office.id, olga.id, Role.HOST, actor="system", now=now)


async def test_of_two_owners_who_remove_each_other_one_stays(
    database: str, now: datetime
) -> None:
    office = await an_office(now)
    people = [await a_person(office, now, name) for name in ("olga", "hanna")]
    ended = await asyncio.gather(
        *(remove_member(office.id, p.id, actor="system", now=now) for p in people),
        return_exceptions=True,
    )
    assert sorted(type(it).__name__ for it in ended) == ["LastOwner", "NoneType"]


async def test_who_leaves_the_last_team_is_forgotten_with_all_sign_ins(
    database: str, now: datetime
) -> None:
    office = await an_office(now)
    await a_person(office, now)
    hanna = await a_person(office, now, "hanna", Role.HOST)
    link = await make_link(hanna.id, LinkOrigin.COMMAND, browser_hash=None, now=now)
    await sign_in(link.token, browser=None, code=None, now=now)
    await remove_member(office.id, hanna.id, actor="system", now=now)
    left = [await Person.all().count(), await SignIn.all().count()]
    assert left + [await SignInLink.all().count()] == [1, 0, 0]


async def test_who_works_for_another_organiser_too_stays_known_there(
    database: str, now: datetime
) -> None:
    first, second = await an_office(now), await an_office(now)
    await a_person(first, now)
    hanna = await a_person(first, now, "hanna", Role.HOST)
    await a_person(second, now, "hanna", Role.OWNER)
    await remove_member(first.id, hanna.id, actor="system", now=now)
    assert [it.person.name for it in await members_of(second.id)] == ["Hanna"]


async def test_a_role_changes_and_the_audit_says_from_what_to_what(
    database: str, now: datetime
) -> None:
    office = await an_office(now)
    await a_person(office, now)
    hanna = await a_person(office, now, "hanna", Role.READER)
    await change_role(office.id, hanna.id, Role.MANAGER, actor="person:1", now=now)
    entry = await AuditEntry.get(action="member.change_role")
    assert (entry.actor, entry.changes) == ("person:1", {"role": ["reader", "manager"]})


async def test_otto_cannot_touch_olgas_team(database: str, now: datetime) -> None:
    office, other = await an_office(now), await an_office(now, "Otto")
    olga = await a_person(office, now)
    key = await make_api_key(office.id, actor="system", now=now)
    for deed in (
        remove_member(other.id, olga.id, actor="system", now=now),
        change_role(other.id, olga.id, Role.READER, actor="system", now=now),
        revoke_api_key(other.id, key.id, actor="system", now=now),
    ):
        with pytest.raises(NotFound):
            await deed


async def test_a_key_opens_until_it_is_revoked_or_a_year_old(
    database: str, now: datetime
) -> None:
    office = await an_office(now)
    made = await make_api_key(office.id, actor="system", now=now)
    opened = await grant_of_key(made.key, now=now + timedelta(days=364))
    assert opened and opened.organiser_id == office.id
    assert not await grant_of_key(made.key, now=now + timedelta(days=365))
    await revoke_api_key(office.id, made.id, actor="system", now=now)
    assert not await grant_of_key(made.key, now=now)
    assert await keys_of(office.id, now=now) == []


async def test_a_person_is_found_by_any_spelling_of_the_address(
    database: str, now: datetime
) -> None:
    olga = await a_person(await an_office(now), now)
    assert (await person_by_address("Olga@Example.ORG")).id == olga.id
    with pytest.raises(NotFound):
        await person_by_address("otto@example.org")


async def test_nobody_joins_an_organiser_that_is_not_there(
    database: str, now: datetime
) -> None:
    with pytest.raises(NotFound):
        await add_member(
            UUID(int=1), "A", "a@example.org", Role.READER, actor="system", now=now
        )
