"""Contacts: two yeses open them, a no stays silent, a talk has a time and a room."""

from datetime import timedelta

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import an_event, an_organiser, olga_signed_in, otto_signed_in
from tests.registration.asking import takes_part
from tests.server.postbox import (
    calendar_of,
    delivered,
    everything_in,
    html_of,
    link_in,
    text_of,
    throw_away,
    unwrapped,
)

from werkraum_events.models import Event
from werkraum_feedback.follow_up import contact_rules as rules
from werkraum_feedback.follow_up import contacts
from werkraum_feedback.follow_up.contacts import Sought
from werkraum_feedback.follow_up_models import Contact, ContactState, ContactWish
from werkraum_foundation import clock
from werkraum_foundation.local_times import local
from werkraum_registration import erasing, links
from werkraum_registration.models import Registration
from werkraum_server.retention import purge

DAY = timedelta(days=1)
SEEKS = Sought("A partner town with a river", "", (), ("PL",))
OFFERS = Sought("", "Our <river>", (), ("PL",))


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_event(await an_organiser(), now=clock.now() - 15 * DAY)


async def two(event: Event) -> tuple[Registration, Registration]:
    anna, berta = await takes_part(event), await takes_part(event, "Berta")
    await contacts.seek(anna.id, SEEKS, now=clock.now())
    await contacts.seek(berta.id, OFFERS, now=clock.now())
    return anna, berta


def mine(person: Registration, rest: str = "") -> str:
    return f"/en/my/{links.personal_token(person)}/contacts{rest}"


async def says(person: Registration, *, yes: bool) -> None:
    contact = await Contact.get()
    await contacts.answer(person.id, contact.id, yes=yes, now=clock.now())


async def agreed(event: Event) -> tuple[Registration, Registration]:
    people = await two(event)
    await delivered()
    for person in people:
        await says(person, yes=True)
    return people


async def test_two_yeses_give_each_the_name_and_address_of_the_other(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, berta = await two(event)
    letters = await delivered()
    assert len(letters) == 2
    for letter in letters:
        must_say_the_same(text_of(letter), html_of(letter))
        assert "river" not in everything_in(letter)
    page = (await client.get(mine(anna))).text
    assert "Our &lt;river&gt;" in page and "Poland" in page
    assert "Berta" not in page and "berta@" not in page
    contact = await Contact.get()
    for person in (anna, berta):
        sent = await client.post(mine(person, f"/{contact.id}"), data={"answer": "yes"})
        assert sent.status_code == 303
    told = {str(it["to"]): unwrapped(it) for it in await delivered()}
    assert "berta@attendee.example" in told["Anna <anna@attendee.example>"]
    assert "anna@attendee.example" in told["Berta <berta@attendee.example>"]
    assert "berta@attendee.example" in (await client.get(mine(anna))).text


async def test_a_no_is_silent(client: httpx.AsyncClient, event: Event) -> None:
    anna, berta = await two(event)
    await delivered()
    before = (await client.get(mine(anna))).text
    await says(berta, yes=False)
    assert (await client.get(mine(anna))).text == before
    assert "Whom you might talk to" not in (await client.get(mine(berta))).text
    await says(anna, yes=True)
    assert "You have said yes" in (await client.get(mine(anna))).text
    assert await delivered() == []
    assert (await Contact.get()).state is ContactState.DECLINED


async def test_without_an_answer_it_ends_after_sixty_days(event: Event) -> None:
    anna, _ = await two(event)
    await delivered()
    later = clock.now() + 61 * DAY
    assert await contacts.expire_due(later) == 1
    with pytest.raises(rules.NoContact):
        await contacts.answer(anna.id, (await Contact.get()).id, yes=True, now=later)


async def test_suggestions_are_made_once_and_told_once(event: Event) -> None:
    await two(event)
    assert len(await delivered()) == 2
    for _ in range(2):
        assert await contacts.suggest(event.id, now=clock.now()) == 0
    assert await delivered() == []


async def test_nobody_seeks_before_the_event_begins(
    client: httpx.AsyncClient, event: Event
) -> None:
    to_come = await an_event(await an_organiser("Another office"))
    anna = await takes_part(to_come)
    assert (await client.get(mine(anna))).status_code == 404
    with pytest.raises(rules.NotYet):
        await contacts.seek(anna.id, SEEKS, now=clock.now())


async def test_anna_says_what_she_seeks_and_stops(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await takes_part(event)
    wrong = await client.post(mine(anna), data={"seeks": "A choir"})
    assert wrong.status_code == 422 and "A choir" in wrong.text
    typed = {"seeks": "A choir", "countries": "Polen, France"}
    assert (await client.post(mine(anna), data=typed)).status_code == 303
    assert (await ContactWish.get()).countries == ["PL", "FR"]
    assert "Poland, France" in (await client.get(mine(anna))).text
    assert (await client.post(mine(anna, "/stop"))).status_code == 303
    assert (await ContactWish.get()).seeks == ""


async def test_who_stops_is_suggested_to_nobody(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, berta = await two(event)
    await delivered()
    await contacts.stop_seeking(berta.id, now=clock.now())
    assert "Somebody with this" not in (await client.get(mine(anna))).text


async def test_they_agree_on_a_talk_and_both_calendars_follow(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, berta = await agreed(event)
    await delivered()
    talk = mine(anna, f"/{(await Contact.get()).id}/talk")
    at = local(clock.now() + DAY, event.timezone)
    typed = {"at": f"{at:%Y-%m-%dT%H:%M}", "minutes": "45"}
    past = {"at": "2020-01-01T10:00", "minutes": "45"}
    assert (await client.post(talk, data=past)).status_code == 422
    for _ in range(2):
        assert (await client.post(talk, data=typed)).status_code == 303
    letters = await delivered()
    assert len(letters) == 2
    for letter in letters:
        must_say_the_same(text_of(letter), html_of(letter))
        method, entry = calendar_of(letter)
        assert method == "REQUEST"
        assert (entry.end - entry.start) == timedelta(minutes=45)
        assert (await client.get(link_in(letter, "/talk"))).status_code == 200
    contact = await Contact.get()
    assert len(contact.talk_room) >= 16
    assert contact.talk_room not in "".join(map(everything_in, letters))
    assert (await client.post(f"{talk}/room")).status_code == 404
    assert "Berta" in (await client.get(talk)).text
    assert berta.name == "Berta"


async def test_otto_sees_neither_suggestion_nor_talk(
    client: httpx.AsyncClient, event: Event
) -> None:
    await agreed(event)
    otto = await takes_part(event, "Otto")
    contact = await Contact.get()
    for path in (f"/{contact.id}/talk", f"/{contact.id}/talk/room"):
        data = {"at": "2030-01-01T10:00", "minutes": "30"}
        assert (await client.post(mine(otto, path), data=data)).status_code == 404
    assert (await client.get(mine(otto, f"/{contact.id}/talk"))).status_code == 404
    sent = await client.post(mine(otto, f"/{contact.id}"), data={"answer": "no"})
    assert sent.status_code == 404
    await otto_signed_in(client)
    counts = f"/desk/events/{event.id}/feedback/contacts"
    assert (await client.get(counts)).status_code == 404


async def test_olga_sees_numbers_and_no_name(client: httpx.AsyncClient) -> None:
    throw_away()
    event = await an_event(await olga_signed_in(client), now=clock.now() - 15 * DAY)
    await agreed(event)
    page = (await client.get(f"/desk/events/{event.id}/feedback/contacts")).text
    assert "Pairs where both said yes" in page
    assert "Anna" not in page and "river" not in page


async def test_erased_or_due_only_the_numbers_stay(event: Event) -> None:
    anna, berta = await agreed(event)
    await erasing.erase(anna.id, now=clock.now())
    await delivered()
    left = await Contact.get()
    assert (left.state, left.one_says, left.other_says) == (
        ContactState.AGREED,
        None,
        None,
    )
    await purge(clock.now() + 100 * DAY)
    wishes = await ContactWish.all()
    assert {(it.seeks, it.offers) for it in wishes} == {("", "")}
    assert (await Registration.get(id=berta.id)).name == ""
