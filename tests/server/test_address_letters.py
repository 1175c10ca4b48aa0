"""The letters about another address, while mail stands still or an address is dead."""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import httpx
import pytest
from tests.incoming.test_return_paths import Server, mail
from tests.people import an_event, an_organiser
from tests.server.postbox import calendar_of, delivered, throw_away
from tests.server.test_letters import joins

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import addresses
from werkraum_registration.models import AddressChange, Registration

__all__ = ["mail"]


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_event(await an_organiser())


async def moves(registration: Registration, email: str) -> None:
    """Enter another address and press the button there; no letter leaves yet."""
    await addresses.ask(registration.id, email, now=clock.now())
    change = await AddressChange.get(registration_id=registration.id, email=email)
    await addresses.confirm(addresses.token_of(change), now=clock.now())


def sent(server: Server) -> list[tuple[str, str]]:
    """To whom a calendar message went, and its method."""
    return [
        (it.rcpt_tos[0], calendar_of(_read(it.original_content))[0])
        for it in server.taken
    ]


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
