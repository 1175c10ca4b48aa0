"""A talk of two: their room opens for them alone, and closes when it is called off."""

import time
from datetime import timedelta

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import an_event, an_organiser, olga_signed_in, otto_signed_in
from tests.ports import free_port
from tests.registration.asking import takes_part
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.links import room_in, token_in
from tests.rooms.room_server import room_server
from tests.server.postbox import (
    calendar_of,
    delivered,
    html_of,
    text_of,
    throw_away,
    unwrapped,
)

from werkraum_events.models import Event
from werkraum_feedback.follow_up import contact_rules, contacts, talks
from werkraum_feedback.follow_up.contacts import Sought
from werkraum_feedback.follow_up_models import Contact
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Person
from werkraum_foundation.settings import settings
from werkraum_registration import erasing, links
from werkraum_registration.models import Registration
from werkraum_rooms.room_names import new_slug

DAY = timedelta(days=1)
SOUGHT = Sought("A town with a river", "Our river", (), ("PL",))


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_event(await an_organiser(), now=clock.now() - 15 * DAY)


async def two(event: Event) -> tuple[Registration, Registration]:
    """Have Anna and Berta agree to talk to each other."""
    anna, berta = await takes_part(event), await takes_part(event, "Berta")
    for each in (anna, berta):
        await contacts.seek(each.id, SOUGHT, now=clock.now())
    await delivered()
    contact = await Contact.get()
    for each in (anna, berta):
        await contacts.answer(each.id, contact.id, yes=True, now=clock.now())
    return anna, berta


async def two_talk(
    event: Event, after: timedelta = DAY
) -> tuple[Registration, Registration]:
    anna, berta = await two(event)
    await talks.agree_on_talk(
        anna.id,
        (await Contact.get()).id,
        clock.now() + after,
        minutes=30,
        room=new_slug(),
        now=clock.now(),
    )
    await delivered()
    return anna, berta


async def talk_of(person: Registration, rest: str = "") -> str:
    contact = await Contact.get()
    token = links.personal_token(person)
    return f"/en/my/{token}/contacts/{contact.id}/talk{rest}"


def link_to_the_room(page: str) -> str:
    start = page.index(f"{room_server()}/")
    return page[start : page.index('"', start)].replace("&amp;", "&")


async def test_both_enter_the_same_room_under_their_names(
    client: httpx.AsyncClient, event: Event, jitsi: Verifier
) -> None:
    people = await two_talk(event, timedelta(minutes=5))
    room = (await Contact.get()).talk_room
    for person in people:
        assert "Enter the room" in (await client.get(await talk_of(person))).text
        entered = await client.post(await talk_of(person, "/room"))
        assert entered.status_code == 200
        link = link_to_the_room(entered.text)
        claims = jitsi.enter(token_in(link), room_in(link), now=time.time())
        assert claims["room"] == room == room_in(link)
        assert str(claims["context"]).count(f"'{person.name}'") == 1


async def test_nobody_enters_a_day_before(
    client: httpx.AsyncClient, event: Event, jitsi: Verifier
) -> None:
    anna, _ = await two_talk(event)
    entered = await client.post(await talk_of(anna, "/room"))
    assert entered.status_code == 409
    assert room_server() not in entered.text


async def test_the_two_read_when_the_room_server_is_away(
    client: httpx.AsyncClient,
    event: Event,
    jitsi: Verifier,
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("WERKRAUM_JITSI_URL", f"http://127.0.0.1:{free_port()}")
    settings.cache_clear()
    anna, _ = await two_talk(event, timedelta(minutes=5))

    entered = await client.post(await talk_of(anna, "/room"))

    assert "The video server does not answer us right now." in entered.text
    assert "<iframe" in entered.text


async def test_a_talk_called_off_leaves_both_calendars_and_has_no_room(
    client: httpx.AsyncClient, event: Event, jitsi: Verifier
) -> None:
    anna, berta = await two_talk(event, timedelta(minutes=5))
    assert "Call the talk off" in (await client.get(await talk_of(berta))).text
    asked = await client.get(await talk_of(berta, "/call-off"))
    assert "both calendars follow" in asked.text
    assert (await Contact.get()).talk_at is not None
    for _ in range(2):
        sent = await client.post(await talk_of(berta, "/call-off"))
        assert sent.status_code == 303

    letters = await delivered()
    assert len(letters) == 2
    for letter in letters:
        must_say_the_same(text_of(letter), html_of(letter))
        method, entry = calendar_of(letter)
        assert (method, str(entry["STATUS"])) == ("CANCEL", "CANCELLED")
        assert "Called off" in str(letter["Subject"])
    assert (await client.post(await talk_of(anna, "/room"))).status_code == 404
    assert "Suggest a time" in (await client.get(await talk_of(anna))).text
    assert (await client.get(await talk_of(anna, "/call-off"))).status_code == 404
    assert await AuditEntry.filter(action="talk.call_off").count() == 1


async def test_the_entry_called_off_is_the_one_that_was_sent(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, _ = await two(event)
    await delivered()
    now, contact = clock.now(), await Contact.get()
    await talks.agree_on_talk(
        anna.id, contact.id, now + DAY, minutes=30, room=new_slug(), now=now
    )
    sent = {str(it["To"]): calendar_of(it)[1] for it in await delivered()}
    await talks.call_off(anna.id, contact.id, now=now + timedelta(seconds=1))
    for letter in await delivered():
        _, entry = calendar_of(letter)
        known = sent[str(letter["To"])]
        assert entry["UID"] == known["UID"]
        assert int(str(entry["SEQUENCE"])) > int(str(known["SEQUENCE"]))
        assert entry.start == known.start


async def test_a_new_talk_has_a_room_of_its_own(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, _ = await two_talk(event)
    contact = await Contact.get()
    await talks.call_off(anna.id, contact.id, now=clock.now())
    again = clock.now() + 2 * DAY
    await talks.agree_on_talk(
        anna.id, contact.id, again, minutes=30, room=new_slug(), now=clock.now()
    )
    assert (await Contact.get()).talk_room not in ("", contact.talk_room)


async def test_what_is_over_is_called_off_no_more(event: Event) -> None:
    anna, _ = await two_talk(event)
    with pytest.raises(contact_rules.TalkOver):
        await talks.call_off(
            anna.id, (await Contact.get()).id, now=clock.now() + 2 * DAY
        )


@pytest.mark.parametrize("leaving", ["erased", "stopped"])
async def test_nobody_waits_for_somebody_who_has_gone(
    event: Event, leaving: str
) -> None:
    anna, berta = await two_talk(event)
    if leaving == "erased":
        await erasing.erase(anna.id, now=clock.now(), farewell=False)
    else:
        await contacts.stop_seeking(anna.id, now=clock.now())
    told = {str(it["To"]): it for it in await delivered()}
    letter = told["Berta <berta@attendee.example>"]
    assert calendar_of(letter)[0] == "CANCEL"
    assert "your talk is called off" in unwrapped(letter)
    assert (leaving == "stopped") == ("Anna" in unwrapped(letter))
    assert (await Contact.get()).talk_at is None


async def test_olga_calls_a_talk_off_without_learning_who_talks(
    client: httpx.AsyncClient,
) -> None:
    throw_away()
    event = await an_event(await olga_signed_in(client), now=clock.now() - 15 * DAY)
    await two_talk(event)
    desk = f"/desk/events/{event.id}/feedback/contacts"
    off = f"{desk}/{(await Contact.get()).id}/call-off"
    listed, asked = (await client.get(desk)).text, (await client.get(off)).text
    assert off in listed and "30 minutes" in listed
    assert (await Contact.get()).talk_at is not None

    sent = await client.post(off, follow_redirects=True)

    assert "The talk is called off; both are told." in sent.text
    for page in (listed, asked, sent.text):
        assert "Anna" not in page and "Berta" not in page
    letters = await delivered()
    assert len(letters) == 2
    for letter in letters:
        assert "Netzwerkstelle has called your talk off" in unwrapped(letter)
    olga = await Person.get()
    entry = await AuditEntry.get(action="talk.call_off")
    assert entry.actor == f"person:{olga.id}"
    assert (await client.get(off)).status_code == 404


async def test_otto_calls_nobodys_talk_off(
    client: httpx.AsyncClient, event: Event
) -> None:
    await two_talk(event)
    otto = await takes_part(event, "Otto")
    for method in ("GET", "POST"):
        path = await talk_of(otto, "/call-off")
        assert (await client.request(method, path)).status_code == 404
    await otto_signed_in(client)
    contact = (await Contact.get()).id
    off = f"/desk/events/{event.id}/feedback/contacts/{contact}/call-off"
    for method in ("GET", "POST"):
        assert (await client.request(method, off)).status_code == 404
    assert (await Contact.get()).talk_at is not None
