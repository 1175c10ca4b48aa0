"""The desk reads which letters somebody was sent, and when."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from tests.foundation.test_delivery import Say, say
from tests.people import (
    a_member,
    an_event,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.ports import free_port
from tests.registration.conftest import applicant
from tests.server.postbox import calendar_bytes, delivered, throw_away, unwrapped

import werkraum_server
from werkraum_events.models import Confirmation, Event, Mode
from werkraum_events.rules import wish_of
from werkraum_foundation import clock
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.models import AuditEntry, Job, Role
from werkraum_registration import addresses, registrations
from werkraum_registration.links import personal_token
from werkraum_registration.models import (
    AddressChange,
    Registration,
    SeatPool,
    Wanted,
)
from werkraum_registration.series_registrations import (
    Chosen,
    batch_of,
    register_for,
)
from werkraum_server.event_seats import edit_event
from werkraum_server.letters.sent_letters import NAMES, SENT

__all__ = ["say"]

LETTERS = Path(werkraum_server.__file__).parent / "templates" / "letters"
SEATS = {Mode.ONSITE: 10}
HOUR = timedelta(hours=1)


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_event(
        await olga_signed_in(client), seats=SEATS, confirmation=Confirmation.IMMEDIATE
    )


@pytest.fixture
async def anna(event: Event) -> Registration:
    made = await registrations.register(
        event.id, applicant("Anna"), Mode.ONSITE, vouched=True, now=clock.now()
    )
    return await Registration.get(id=made.id)


async def page_of(client: httpx.AsyncClient, who: Registration) -> str:
    page = (await client.get(f"/desk/registrations/{who.id}")).text
    return " ".join(page.split())


async def moves(event: Event) -> None:
    wish = wish_of(event)
    later = replace(wish, starts_at=wish.starts_at + HOUR, ends_at=wish.ends_at + HOUR)
    who, now = (event.organiser_id, event.id), clock.now()
    await edit_event(*who, later, SEATS, version=None, actor=SYSTEM, now=now)


async def test_what_has_left_stands_on_the_page_and_in_the_history(
    client: httpx.AsyncClient, event: Event, anna: Registration
) -> None:
    before = await page_of(client, anna)
    await delivered()
    seated = await page_of(client, anna)
    await moves(event)
    await delivered()
    moved = await page_of(client, anna)

    assert "Last letter" not in before
    assert "Letter: your seat, " in seated
    assert "Letter: the event has changed, " in moved
    assert moved.count("Letter: your seat") == 1


async def test_the_page_says_what_the_calendar_knows(
    client: httpx.AsyncClient, event: Event, anna: Registration
) -> None:
    await delivered()
    assert "sent by letter, as it is now" in await page_of(client, anna)
    await moves(event)
    assert "with an earlier time or place" in await page_of(client, anna)
    await delivered()
    assert "sent by letter, as it is now" in await page_of(client, anna)
    await registrations.cancel(anna.id, actor=SYSTEM, now=clock.now())
    await delivered()
    assert "taken out again by letter" in await page_of(client, anna)


async def presses(client: httpx.AsyncClient, who: Registration) -> httpx.Response:
    return await client.post(f"/desk/registrations/{who.id}/send-again")


async def test_the_letter_comes_again_with_the_same_entry(
    client: httpx.AsyncClient, anna: Registration
) -> None:
    [first] = await delivered()

    answer = await presses(client, anna)

    assert "on its way" in (await client.get(answer.headers["location"])).text
    [again] = await delivered()
    assert "once more" in again["Subject"]
    assert calendar_bytes(again) == calendar_bytes(first)
    assert again["Message-ID"] != first["Message-ID"]
    assert f"/my/{personal_token(anna)}" in unwrapped(again)
    page = await page_of(client, anna)
    assert "The letter was to be sent again" in page and "by Olga" in page


async def test_who_waits_reads_how_things_stand_and_gets_no_entry(
    client: httpx.AsyncClient, event: Event
) -> None:
    await SeatPool.filter(event=event).update(seats=0)
    made = await registrations.register(
        event.id, applicant("Bert"), Mode.ONSITE, vouched=True, now=clock.now()
    )
    bert = await Registration.get(id=made.id)
    await delivered()

    await presses(client, bert)

    [again] = await delivered()
    assert "no firm seat yet" in unwrapped(again)
    assert calendar_bytes(again) is None


async def test_who_has_not_confirmed_is_asked_once_more(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(confirmation=Confirmation.DOUBLE_OPT_IN)
    made = await registrations.register(
        event.id, applicant("Bert"), Mode.ONSITE, vouched=False, now=clock.now()
    )
    [first] = await delivered()

    await presses(client, await Registration.get(id=made.id))

    [again] = await delivered()
    assert again["Subject"] == first["Subject"]


async def test_who_has_left_is_not_written_to(
    client: httpx.AsyncClient, anna: Registration
) -> None:
    await registrations.cancel(anna.id, actor=SYSTEM, now=clock.now())
    await delivered()

    assert (await presses(client, anna)).status_code == 410
    assert "Send the letter again" not in await page_of(client, anna)
    assert await delivered() == []


async def test_the_button_is_no_cannon(
    client: httpx.AsyncClient, anna: Registration, say: Say
) -> None:
    await delivered()
    say("WERKRAUM_LIMITS", "on")
    codes = [(await presses(client, anna)).status_code for _ in range(4)]

    assert codes == [303, 303, 303, 429]
    # What is pressed twice at once is one letter.
    assert len(await delivered()) == 1


async def test_otto_and_who_may_only_read_send_nothing(
    client: httpx.AsyncClient, event: Event, anna: Registration
) -> None:
    await delivered()
    reader = await a_member(
        await event.organiser, "Rita", "rita@network.example", Role.READER
    )
    await signed_in(client, reader)
    assert (await presses(client, anna)).status_code == 403
    assert "Send the letter again" not in await page_of(client, anna)
    await otto_signed_in(client)
    assert (await presses(client, anna)).status_code == 404
    assert await delivered() == []


async def test_nothing_is_noted_that_no_mail_server_took(
    event: Event, anna: Registration, say: Say
) -> None:
    say("WERKRAUM_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    await delivered()
    assert not await AuditEntry.exists(action=SENT)


async def test_another_address_is_in_the_history_with_its_three_letters(
    client: httpx.AsyncClient, anna: Registration
) -> None:
    await delivered()
    await addresses.ask(anna.id, "new@example.org", now=clock.now())
    await delivered()
    asked = await page_of(client, anna)
    change = await AddressChange.get()
    await addresses.confirm(addresses.token_of(change), now=clock.now())
    await delivered()
    page = await page_of(client, anna)

    assert "Letter: please confirm the new address" in asked
    assert "Letter: to the address that was left" in page
    assert "Letter: to the new address" in page


async def test_one_letter_for_several_events_is_noted_at_each(
    client: httpx.AsyncClient, event: Event
) -> None:
    office = await event.organiser
    chosen = [Chosen(await an_event(office), Wanted.ONSITE) for _ in range(2)]
    bert, now = applicant("Bert"), clock.now()
    batch_id = batch_of("token", bert, chosen)
    await register_for(chosen, bert, batch_id=batch_id, now=now)
    assert await delivered() == []
    await Job.filter(name="letter:series").update(due=0)
    [_] = await delivered()

    both = await Registration.filter(email=bert.email)
    assert len(both) == 2
    for who in both:
        assert "Letter: please confirm, " in await page_of(client, who)


# Letters that are noted at no registration, and why.
ANONYMOUS = "who is reminded has not answered, and nobody is to learn who that is"
OF_TWO = "it is between two attendees"
OF_WORDS = "it would tell who has said what"
NO_REGISTRATION = "who gets it is not registered, or not for that"
NOT_NOTED = {
    "ballot": ANONYMOUS,
    "asked": ANONYMOUS,
    "contacts": OF_TWO,
    "contact_agreed": OF_TWO,
    "talk": OF_TWO,
    "talk_called_off": OF_TWO,
    "reply": OF_WORDS,
    "practice_asked": OF_WORDS,
    "erased": "nothing is kept any more of who has been erased",
    **dict.fromkeys(
        (
            "calendar_note",
            "guest_invited",
            "guest_reminded",
            "room_green",
            "room_red",
            "room_trouble",
            "sign_in",
            "welcome",
        ),
        NO_REGISTRATION,
    ),
}


def test_each_letter_is_noted_or_there_is_a_reason_why_not() -> None:
    there = {it.stem for it in LETTERS.glob("*.subject")}
    assert there == NAMES.keys() | NOT_NOTED.keys()
    assert NAMES.keys() & NOT_NOTED.keys() == set()


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_that_of_a_letter(name: str) -> None:
    assert (LETTERS / f"{name}.subject").exists()
