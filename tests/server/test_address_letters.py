"""The letters about another address, while mail stands still or an address is dead."""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import httpx
import pytest
from aiosmtpd.smtp import Envelope
from tests.foundation.test_delivery import Say, say
from tests.incoming.test_return_paths import Server, mail
from tests.people import an_event, an_organiser
from tests.ports import free_port
from tests.server.postbox import (
    calendar_bytes,
    calendar_of,
    delivered,
    throw_away,
    unwrapped,
)
from tests.server.test_letters import HOUR, joins, saves

from werkraum_calendar.models import Invitation, Method
from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import addresses
from werkraum_registration.models import AddressChange, Registration

__all__ = ["mail", "say"]


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_event(await an_organiser())


async def moves(registration: Registration, email: str) -> None:
    """Enter another address and press the button there; no letter leaves yet."""
    await addresses.ask(registration.id, email, now=clock.now())
    change = await AddressChange.get(
        registration_id=registration.id, email=email, confirmed_at=None
    )
    await addresses.confirm(addresses.token_of(change), now=clock.now())


def sent(server: Server) -> list[tuple[str, str]]:
    """To whom a calendar message went, and its method."""
    return [
        (it.rcpt_tos[0], calendar_of(_read(it.original_content))[0])
        for it in server.taken
    ]


def _sequence(envelope: Envelope) -> int:
    return int(str(calendar_of(_read(envelope.original_content))[1]["SEQUENCE"]))


def _read(raw: bytes | None) -> EmailMessage:
    read = BytesParser(EmailMessage, policy=default).parsebytes(raw or b"")
    assert isinstance(read, EmailMessage)
    return read


async def test_a_dead_address_keeps_no_invitation_from_the_new_one(
    mail: Server, event: Event
) -> None:
    anna, _ = await joins(event)
    mail.taken.clear()
    mail.refuses = anna.email
    await moves(anna, "new@example.org")

    await drain()

    assert sent(mail) == [("new@example.org", "REQUEST")]
    assert await Job.all().count() == 0


async def test_an_address_that_takes_nothing_yet_keeps_no_invitation_from_the_new_one(
    mail: Server, event: Event
) -> None:
    anna, _ = await joins(event)
    mail.taken.clear()
    mail.puts_off = anna.email
    await moves(anna, "new@example.org")
    await drain()
    assert sent(mail) == [("new@example.org", "REQUEST")]

    mail.puts_off = ""
    await Job.all().update(due=0)
    await drain()

    invited, left = mail.taken
    assert sent(mail)[1:] == [("anna@example.org", "CANCEL")]
    assert _sequence(left) < _sequence(invited)
    assert (await Invitation.get()).sent_method is Method.REQUEST
    assert await Job.all().count() == 0


async def test_a_new_address_that_takes_nothing_yet_has_the_one_left_told_once(
    mail: Server, event: Event
) -> None:
    anna, _ = await joins(event)
    mail.taken.clear()
    mail.puts_off = "new@example.org"
    await moves(anna, "new@example.org")

    for _ in range(3):
        await Job.all().update(due=0)
        await drain()

    assert sent(mail) == [("anna@example.org", "CANCEL")]
    mail.puts_off = ""
    await Job.all().update(due=0)
    await drain()
    assert sent(mail)[1:] == [("new@example.org", "REQUEST")]


async def test_while_no_mail_leaves_at_all_both_letters_keep_their_order(
    event: Event, say: Say
) -> None:
    anna, _ = await joins(event)
    await moves(anna, "new@example.org")
    say("WERKRAUM_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    await drain()
    assert [it.name for it in await Job.all()] == ["letter:address_changed"]
    say("WERKRAUM_SMTP_URL", "")
    await Job.all().update(due=0)

    letters = await delivered()

    told = [(it["To"].addresses[0].addr_spec, calendar_of(it)[0]) for it in letters]
    assert told == [("anna@example.org", "CANCEL"), ("new@example.org", "REQUEST")]


async def test_who_never_had_an_entry_reads_the_words_alone_however_late(
    mail: Server, event: Event
) -> None:
    anna, _ = await joins(event)
    await Invitation.all().delete()
    mail.taken.clear()
    mail.puts_off = anna.email
    await moves(anna, "new@example.org")
    await drain()

    mail.puts_off = ""
    await Job.all().update(due=0)
    await drain()

    _, left = mail.taken
    assert left.rcpt_tos == ["anna@example.org"]
    assert calendar_bytes(_read(left.original_content)) is None


@pytest.mark.parametrize("is_away", [False, True], ids=["mail leaves", "mail is down"])
async def test_another_letter_with_the_entry_does_not_forget_the_address_left(
    is_away: bool, mail: Server, event: Event
) -> None:
    """The change of the event is told before the change of the address."""
    anna, _ = await joins(event)
    mail.taken.clear()
    await moves(anna, "new@example.org")
    later = clock.milliseconds(clock.now() + HOUR)
    await Job.filter(name="letter:address_changed").update(due=later)
    mail.is_away = is_away
    await saves(event, starts_at=event.starts_at + HOUR, ends_at=event.ends_at + HOUR)
    await drain()

    mail.is_away = False
    await Job.all().update(due=0)
    await drain()

    assert sorted(sent(mail)) == [
        ("anna@example.org", "CANCEL"),
        ("new@example.org", "REQUEST"),
    ]
    to = {it.rcpt_tos[0]: it for it in mail.taken}
    assert "If it was not you" in unwrapped(
        _read(to["anna@example.org"].original_content)
    )
    assert _sequence(to["anna@example.org"]) < _sequence(to["new@example.org"])
    assert await Job.all().count() == 0


async def test_who_comes_back_to_an_address_keeps_the_entry_there(
    event: Event,
) -> None:
    anna, _ = await joins(event)
    await moves(anna, "new@example.org")
    await moves(anna, "anna@example.org")

    letters = await delivered()

    told = [(it["To"].addresses[0].addr_spec, calendar_of(it)[0]) for it in letters]
    assert told == [("anna@example.org", "REQUEST")]


async def test_asking_for_a_further_address_loses_no_letter(event: Event) -> None:
    anna, _ = await joins(event)
    await moves(anna, "new@example.org")
    await addresses.ask(anna.id, "newer@example.org", now=clock.now())

    letters = await delivered()

    to = {it["To"].addresses[0].addr_spec: it for it in letters}
    assert to.keys() == {"anna@example.org", "new@example.org", "newer@example.org"}
    assert calendar_of(to["anna@example.org"])[0] == "CANCEL"
    assert calendar_of(to["new@example.org"])[0] == "REQUEST"


@pytest.mark.parametrize("first", [0, 1], ids=["in order", "the other way round"])
async def test_of_two_addresses_left_the_one_with_the_entry_loses_it(
    event: Event, first: int
) -> None:
    anna, _ = await joins(event)
    for email in ("new@example.org", "newer@example.org"):
        await moves(anna, email)
    jobs = await Job.filter(name="letter:address_changed").order_by("id")
    await Job.filter(id=jobs[first].id).update(due=0)

    letters = await delivered()

    told = [(it["To"].addresses[0].addr_spec, calendar_of(it)[0]) for it in letters]
    assert told == [("anna@example.org", "CANCEL"), ("newer@example.org", "REQUEST")]
