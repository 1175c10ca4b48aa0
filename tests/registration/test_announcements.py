"""Which facts are told, and to whose desk: one job for each reaction."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from tests.registration.conftest import Registers, applicant
from tests.registration.test_registrations import token_of

from werkraum_events.models import Event, Mode
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.models import AuditEntry, Job
from werkraum_registration.confirmations import confirm
from werkraum_registration.registrations import cancel
from werkraum_registration.submissions import key_of, send_links, submit
from werkraum_registration.wishes import switch_mode
from werkraum_server import reactions


@pytest.fixture(autouse=True)
async def listening(database: str) -> AsyncIterator[None]:
    reactions.registered()
    yield


async def told() -> list[str]:
    """Name the facts since the last look, in their order."""
    jobs = await Job.all().order_by("id")
    await Job.all().delete()
    # Several may react to one fact: count it with the first of them.
    first: dict[str, str] = {}
    facts = [(job.name.partition(":")[0], job.name) for job in jobs]
    return [fact for fact, name in facts if first.setdefault(fact, name) == name]


async def test_an_address_is_asked_to_confirm_and_then_told(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    await registers(four_seats, "Anna")
    assert await told() == ["RegistrationMade"]
    for _ in range(2):
        await confirm(await token_of("Anna"), now=now)
    assert await told() == ["RegistrationConfirmed"]


async def test_moving_up_is_told_with_the_cancellation(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    await registers(one_seat, "Berta")
    assert await told() == ["RegistrationConfirmed", "RegistrationWaitlisted"]
    await cancel(anna.id, actor=ATTENDEE, now=now)
    assert sorted(await told()) == ["RegistrationCancelled", "RegistrationConfirmed"]


async def test_an_unconfirmed_address_is_not_told_of_its_end(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(four_seats, "Anna")
    await told()
    await cancel(anna.id, actor=ATTENDEE, now=now)
    assert await told() == []


async def test_a_switch_is_told_and_a_seat_got_by_it_as_a_seat(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    berta = await registers(one_seat, "Berta")
    await told()
    await switch_mode(berta.id, Mode.ONLINE, actor=ATTENDEE, now=now)
    assert await told() == ["RegistrationConfirmed"]
    await switch_mode(anna.id, Mode.ONLINE, actor=ATTENDEE, now=now)
    assert await told() == ["ModeSwitched"]


async def test_a_known_address_is_told_once_for_each_form(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    await registers(one_seat, "Anna")
    await told()
    anna = applicant("Anna")
    for form in ("first", "first", "second"):
        key = key_of(form, anna, Mode.ONSITE)
        await submit(one_seat, anna, Mode.ONSITE, key=key, now=now)
    assert await told() == ["AddressKnown", "AddressKnown"]


async def test_an_unconfirmed_address_that_comes_again_gets_the_button_again(
    four_seats: Event, registers: Registers, now: datetime
) -> None:
    await registers(four_seats, "Anna")
    await send_links("anna@attendee.example", now=now)
    await send_links("otto@elsewhere.example", now=now)
    assert await told() == ["RegistrationMade", "RegistrationMade"]


async def test_the_audit_names_who_did_it_and_no_person(
    one_seat: Event, registers: Registers, now: datetime
) -> None:
    anna = await registers(one_seat, "Anna")
    await cancel(anna.id, actor="person:olga", now=now)
    entries = await AuditEntry.filter(subject_id=anna.id).order_by("id")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("registration.register", ATTENDEE),
        ("registration.cancel", "person:olga"),
    ]
    assert "attendee.example" not in str([entry.changes for entry in entries])
