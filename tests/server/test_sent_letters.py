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
from werkraum_foundation.models import AuditEntry, Role
from werkraum_registration import registrations
from werkraum_registration.links import personal_token
from werkraum_registration.models import Registration, SeatPool
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


@pytest.mark.parametrize("name", ["ballot", "asked", "contacts", "erased"])
def test_who_is_asked_in_a_round_is_noted_nowhere(name: str) -> None:
    assert name not in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_that_of_a_letter(name: str) -> None:
    assert (LETTERS / f"{name}.subject").exists()
