"""Consents and organisations are kept as long as somebody needs them."""

from datetime import datetime, timedelta

import pytest
from tests.people import an_event, an_organiser
from tests.registration.asking import asks
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event
from werkraum_registration import (
    answers,
    consent_wishes,
    consents,
    organisation_merging,
    organisations,
)
from werkraum_registration.headcount import headcount_of
from werkraum_registration.models import (
    Consent,
    FormQuestionKind,
    Organisation,
    OrganisationKind,
    Registration,
    State,
)
from werkraum_registration.organisations import OrganisationWish
from werkraum_server.retention import count_due, purge

DAY = timedelta(days=1)
YEAR = 365 * DAY
OLGA = "person:olga"


async def over_for(days: int, now: datetime) -> Event:
    ended = now - days * DAY
    return await an_event(
        await an_organiser(), starts_at=ended - DAY / 12, ends_at=ended, now=now
    )


async def agrees(
    who: Registration, *purposes: str, now: datetime, taken_back: datetime | None = None
) -> None:
    event = await Event.get(id=who.event_id)
    for purpose in purposes:
        await consent_wishes.ask(
            event.organiser_id, event.id, purpose, {"en": "Yes."}, actor=OLGA, now=now
        )
        await consents.give(
            who.id, event.id, [purpose], language="en", channel="form", now=now
        )
        if taken_back:
            await consents.withdraw(who.id, purpose, taken_back)


async def is_named(who: Registration) -> bool:
    return bool((await Registration.get(id=who.id)).email)


async def all_names() -> list[str]:
    return [it.name for it in await Organisation.all().order_by("name")]


async def purged(now: datetime) -> dict[str, int]:
    """Purge, and see that a dry run foretold it; other tests leave letters behind."""
    foretold = await count_due(now)
    assert await purge(now) == foretold
    kept = {"letters kept as files"}
    return {what: n for what, n in foretold.items() if n and what not in kept}


async def test_whoever_agrees_to_something_lasting_stays_known(
    database: str, now: datetime
) -> None:
    event = await over_for(200, now)
    anna = await takes_part(event, now=now)
    bert = await takes_part(event, "Bert", now=now)
    cem = await takes_part(event, "Cem", now=now, vouched=False)
    await agrees(anna, "photo", now=now - 210 * DAY)
    await agrees(bert, "list_visibility", now=now - 210 * DAY)
    await agrees(cem, "photo", now=now - 210 * DAY)
    assert await purged(now) == {"names and addresses of registrations": 2}
    assert [await is_named(it) for it in (anna, bert, cem)] == [True, False, False]


@pytest.mark.parametrize(("years", "kept"), [(2, True), (4, False)])
async def test_three_years_after_it_was_taken_back_a_consent_is_gone(
    database: str, now: datetime, years: int, kept: bool
) -> None:
    anna = await takes_part(await over_for(5 * 365, now), now=now)
    taken_back = now - years * YEAR
    await agrees(anna, "photo", now=now - 5 * YEAR, taken_back=taken_back)
    await purged(now)
    assert await Consent.all().count() == int(kept)
    assert await is_named(anna) is kept


async def test_a_consent_to_be_listed_ends_with_the_list(
    database: str, now: datetime
) -> None:
    for days in (100, 3 * 365 + 100):
        anna = await takes_part(await over_for(days, now), now=now)
        await agrees(anna, "list_visibility", now=now - days * DAY)
    await purged(now)
    assert await Consent.all().count() == 1


async def test_an_organisation_nobody_names_is_gone_unless_it_is_suggested(
    database: str, now: datetime
) -> None:
    event = await an_event(await an_organiser(), now=now)
    long_ago, office = now - 3 * DAY, event.organiser_id
    for name in ("Nobody's", "Named"):
        made = await organisations.typed(office, name, now=long_ago)
    await takes_part(event, now=now, organisation_id=made)
    wish = OrganisationWish("Suggested")
    await organisations.add(office, wish, actor=OLGA, now=long_ago)
    await organisations.typed(office, "Just typed", now=now)
    expired = await organisations.typed(office, "Of nobody who confirmed", now=long_ago)
    await takes_part(
        event,
        "Bert",
        state=State.EXPIRED,
        vouched=False,
        now=long_ago,
        organisation_id=expired,
    )
    for _ in range(2):
        await purged(now)
    assert await all_names() == ["Just typed", "Named", "Suggested"]


async def test_a_double_leads_on_as_long_as_the_one_that_stayed_is_there(
    database: str, now: datetime
) -> None:
    office, long_ago = (await an_organiser()).id, now - 3 * DAY
    wish = OrganisationWish("Kleve")
    kept = await organisations.add(office, wish, actor=OLGA, now=long_ago)
    typed = [
        await organisations.typed(office, name, now=long_ago)
        for name in ("Cleve", "Goch", "Gogh")
    ]
    for stays, double in ((kept, typed[0]), (typed[1], typed[2])):
        await organisation_merging.merge(office, stays, [double], actor=OLGA, now=now)
    assert await purged(now) == {"organisations nobody names": 2}
    assert await organisations.typed(office, "cleve", now=now) == kept


async def test_what_was_typed_is_forgotten_with_those_who_typed_it(
    database: str, now: datetime
) -> None:
    event = await over_for(91, now)
    office, long_ago = event.organiser_id, now - 100 * DAY
    town = OrganisationKind.MUNICIPALITY
    typed = await organisations.typed(office, "Annas Dorf", kind=town, now=long_ago)
    wish = OrganisationWish("Kleve", kind=town)
    known = await organisations.add(office, wish, actor=OLGA, now=long_ago)
    for name, organisation in (("Anna", typed), ("Bert", known)):
        await takes_part(event, name, now=long_ago, organisation_id=organisation)
    before = await headcount_of(event.id)
    gone = await purged(now)
    assert gone["names of organisations that attendees typed"] == 1
    assert await all_names() == ["", "Kleve"]
    # Numbers of the past stay true.
    assert await headcount_of(event.id) == before
    # Whoever types it now writes it down anew.
    assert await organisations.typed(office, "Annas Dorf", now=now) != typed


@pytest.mark.parametrize(("days", "counted"), [(90, 1), (30, 0)])
async def test_an_answer_kept_as_long_as_the_name_leaves_the_count_behind(
    database: str, now: datetime, days: int, counted: int
) -> None:
    event = await over_for(91, now)
    question = await asks(event, FormQuestionKind.ORGANISATION, retention_days=days)
    wish = OrganisationWish("Kleve", kind=OrganisationKind.MUNICIPALITY)
    kleve = await organisations.add(event.organiser_id, wish, actor=OLGA, now=now)
    anna = await takes_part(event, now=now, organisation_id=kleve)
    await answers.give(anna.id, event.id, {question.id: "Kleve"}, now=now)
    # A day at a time, as the purge runs.
    for day in (now - 30 * DAY, now):
        await purge(day)
    assert not await is_named(anna)
    assert (await headcount_of(event.id)).organisations == counted
