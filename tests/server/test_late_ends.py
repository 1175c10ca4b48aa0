"""An end whose letter had not left when the event was called off, or a draft again."""

from email.message import EmailMessage

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.server.postbox import (
    calendar_bytes,
    calendar_of,
    delivered,
    everything_in,
    html_of,
    text_of,
    throw_away,
    unwrapped,
)
from tests.server.test_address_letters import moves
from tests.server.test_letters import BERT, HOUR, cancels, joins, saves

from werkraum_events import events
from werkraum_events.models import Event, Mode, Status
from werkraum_events.wishes import Place
from werkraum_foundation import clock
from werkraum_registration import approvals, erasing
from werkraum_registration.models import Registration, State
from werkraum_registration.withdrawing import withdraw

OLGA = "person:olga"


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_event(await an_organiser())


@pytest.fixture
async def anna(event: Event) -> Registration:
    """Somebody with an entry in the calendar."""
    anna, _ = await joins(event)
    return anna


async def is_off(event: Event) -> None:
    """Call the event off; no letter leaves yet."""
    await events.cancel(event.organiser_id, event.id, {}, actor=OLGA, now=clock.now())


async def to_anna() -> EmailMessage:
    """The one letter that leaves now."""
    (letter,) = await delivered()
    assert letter["To"].addresses[0].addr_spec == "anna@example.org"
    return letter


async def test_who_cancelled_before_it_was_called_off_is_taken_out(
    event: Event, anna: Registration
) -> None:
    await cancels(anna)
    await is_off(event)

    letter = await to_anna()

    method, entry = calendar_of(letter)
    assert (method, entry["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "You have cancelled your registration." in unwrapped(letter)
    for words in (text_of(letter), html_of(letter)):
        assert "Was this a mistake?" not in words


async def test_who_was_taken_out_hears_nothing_of_the_end(
    event: Event, anna: Registration
) -> None:
    await cancels(anna)
    await delivered()
    await is_off(event)
    assert await delivered() == []


async def test_who_only_waited_and_left_hears_nothing_of_the_end(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONLINE: 1})
    await joins(event)
    bert, _ = await joins(event, BERT)
    await cancels(bert)
    await is_off(event)
    assert all("anna@" in str(it["To"]) for it in await delivered())


async def test_who_was_rejected_before_it_was_called_off_is_taken_out(
    event: Event, anna: Registration
) -> None:
    await Registration.filter(id=anna.id).update(state=State.PENDING_APPROVAL)
    await approvals.reject_now(event.id, [anna.id], actor=OLGA, now=clock.now())
    await is_off(event)
    assert calendar_of(await to_anna())[0] == "CANCEL"


async def test_who_was_erased_before_it_was_called_off_is_taken_out(
    event: Event, anna: Registration
) -> None:
    await erasing.erase(anna.id, now=clock.now())
    await is_off(event)
    letter = await to_anna()
    assert letter["Subject"] == "Your data have been erased: Youth forum"
    assert calendar_of(letter)[0] == "CANCEL"


@pytest.mark.parametrize("ends", [is_off, None], ids=["called off", "cancelled"])
async def test_an_address_that_was_left_loses_the_entry_all_the_same(
    event: Event, anna: Registration, ends: object
) -> None:
    await moves(anna, "new@example.org")
    if ends is is_off:
        await is_off(event)
    else:
        await cancels(anna)

    to = {it["To"].addresses[0].addr_spec: it for it in await delivered()}

    assert to.keys() == {"anna@example.org", "new@example.org"}
    assert calendar_of(to["anna@example.org"])[0] == "CANCEL"
    assert "A new one has been sent" not in unwrapped(to["anna@example.org"])
    assert calendar_bytes(to["new@example.org"]) is None


async def test_a_draft_again_is_taken_out_and_tells_nothing_of_itself(
    event: Event,
) -> None:
    anna, _ = await joins(event, mode=Mode.ONSITE)
    await cancels(anna)
    await withdraw(event.organiser_id, event.id, actor=OLGA, now=clock.now())
    await saves(
        event,
        title={"en": "Secret plans"},
        summary={"en": "Hush"},
        starts_at=event.starts_at + 24 * HOUR,
        ends_at=event.ends_at + 24 * HOUR,
        onsite=Place("Bunker", "Weg 9"),
    )
    assert (await Event.get(id=event.id)).status is Status.DRAFT

    letter = await to_anna()

    method, entry = calendar_of(letter)
    assert (method, entry["UID"], entry.start) == ("CANCEL", event.uid, event.starts_at)
    for word in ("Secret", "Hush", "Bunker"):
        assert word not in everything_in(letter)
    assert entry["LOCATION"] == "Rathaus, Markt 1, Beispielstadt"
