"""A programme item that people have chosen has another time: they read it."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import httpx
import pytest
from tests.foundation.test_delivery import Say, say
from tests.people import an_event, an_organiser
from tests.ports import free_port
from tests.registration.conftest import applicant
from tests.server.postbox import delivered, throw_away, unwrapped

from werkraum_events import queries
from werkraum_events.models import Confirmation, Event, Mode, Session, Status
from werkraum_events.rules import wish_of
from werkraum_events.wishes import SessionWish
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE, SYSTEM
from werkraum_foundation.local_times import parse_local
from werkraum_foundation.models import Job, JobState
from werkraum_foundation.outbox.worker import claim, run
from werkraum_registration import registrations
from werkraum_registration.models import Registration, Wanted
from werkraum_registration.registrations import Application
from werkraum_server.event_seats import edit_event
from werkraum_server.session_seats import add_session, edit_session

__all__ = ["say"]

SEATS = {Mode.ONSITE: 10}
NINE = parse_local("2027-09-03T09:00", "Europe/Berlin")
HOUR = timedelta(hours=1)


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    """A Friday in September, in Berlin, from nine to six."""
    throw_away()
    return await an_event(
        await an_organiser(),
        starts_at=NINE,
        ends_at=NINE + 9 * HOUR,
        seats=SEATS,
        confirmation=Confirmation.IMMEDIATE,
    )


def wish(title: str, starts_at: datetime) -> SessionWish:
    return SessionWish({"en": title}, starts_at, starts_at + HOUR, bookable=True)


async def workshop(event: Event, title: str, seats: int | None = None) -> Session:
    """An item at ten."""
    ten = wish(title, NINE + HOUR)
    return await add_session(
        event.organiser_id, event.id, ten, seats, actor=SYSTEM, now=clock.now()
    )


async def moved(session: Session, hours: int, seats: int | None = None) -> None:
    """Put an item so many hours after nine."""
    event = await Event.get(id=session.event_id)
    await edit_session(
        event.organiser_id,
        event.id,
        session.id,
        wish(session.title["en"], NINE + hours * HOUR),
        seats,
        actor=SYSTEM,
        now=clock.now(),
    )


async def chooses(event: Event, name: str, *sessions: Session) -> Registration:
    wanted = Application(Wanted.ONSITE, sessions=tuple(it.id for it in sessions))
    made = await registrations.register(
        event.id, applicant(name), wanted, vouched=True, now=clock.now()
    )
    await delivered()
    return await Registration.get(id=made.id)


async def told() -> list[EmailMessage]:
    """The letters once those few minutes are over."""
    assert await delivered() == []
    await Job.filter(name="letter:session_moved").update(due=0)
    return await delivered()


async def test_who_has_chosen_it_reads_both_times(event: Event) -> None:
    workshop_at_ten = await workshop(event, "Budgets")
    await chooses(event, "Anna", workshop_at_ten)
    await chooses(event, "Berta")

    await moved(workshop_at_ten, 6)

    [letter] = await told()
    assert "anna@" in letter["To"]
    text = unwrapped(letter)
    assert "Budgets" in text
    before, after = text.index("10:00 to 11:00"), text.index("15:00 to 16:00")
    assert before < after


async def test_what_moves_in_a_few_minutes_is_one_letter(event: Event) -> None:
    first, second = await workshop(event, "Budgets"), await workshop(event, "Songs")
    third = await workshop(event, "Walks")
    await chooses(event, "Anna", first, second, third)

    for hours in (2, 3):
        await moved(first, hours)
        await moved(second, hours + 1)
    await moved(third, 7)
    await moved(third, 1)

    [letter] = await told()
    text = unwrapped(letter)
    assert "12:00 to 13:00" in text and "13:00 to 14:00" in text
    # Back where it was, or there only in between.
    assert "Walks" not in text and "11:00 to 12:00" not in text


async def test_where_a_letter_failed_the_next_one_says_what_people_knew(
    event: Event,
) -> None:
    workshop_at_ten = await workshop(event, "Budgets")
    await chooses(event, "Anna", workshop_at_ten)
    await moved(workshop_at_ten, 3)
    await delivered()
    await Job.filter(name="letter:session_moved").update(state=JobState.DEAD)

    await moved(workshop_at_ten, 6)

    [letter] = await told()
    text = unwrapped(letter)
    assert "10:00 to 11:00" in text and "15:00 to 16:00" in text
    assert "12:00" not in text


async def test_what_moves_while_a_letter_fails_is_told_with_what_people_knew(
    event: Event, say: Say
) -> None:
    workshop_at_ten = await workshop(event, "Budgets")
    await chooses(event, "Anna", workshop_at_ten)
    await moved(workshop_at_ten, 3)
    await delivered()
    await Job.filter(name="letter:session_moved").update(due=0)
    (running,) = await claim(1)
    await moved(workshop_at_ten, 6)
    await delivered()
    say("WERKRAUM_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    await run(running)
    say("WERKRAUM_SMTP_URL", "")

    [letter] = await told()

    text = unwrapped(letter)
    assert "10:00 to 11:00" in text and "15:00 to 16:00" in text


async def test_however_many_have_chosen_it_the_deed_writes_one_row(
    event: Event,
) -> None:
    workshop_at_ten = await workshop(event, "Budgets")
    for name in ("Anna", "Berta", "Clara"):
        await chooses(event, name, workshop_at_ten)

    await moved(workshop_at_ten, 6)

    written = [it.name for it in await Job.all() if "session" in it.name]
    assert written == ["session:moved"]
    assert len(await told()) == 3


async def test_who_chooses_it_at_its_new_time_is_not_told(event: Event) -> None:
    workshop_at_ten = await workshop(event, "Budgets")
    await chooses(event, "Anna", workshop_at_ten)
    await moved(workshop_at_ten, 6)
    await Job.all().update(due=clock.milliseconds(clock.now() + HOUR))
    await chooses(event, "Berta", workshop_at_ten)
    await Job.all().update(due=0)

    [letter] = await told()

    assert "anna@" in letter["To"]


async def test_who_waits_for_it_is_told_as_well(event: Event) -> None:
    small = await workshop(event, "Budgets", seats=1)
    for name in ("Anna", "Berta"):
        await chooses(event, name, small)

    await moved(small, 6, seats=1)

    assert len(await told()) == 2


async def test_who_has_left_meanwhile_is_not_told(event: Event) -> None:
    workshop_at_ten = await workshop(event, "Budgets")
    anna = await chooses(event, "Anna", workshop_at_ten)
    await moved(workshop_at_ten, 6)

    await registrations.cancel(anna.id, actor=ATTENDEE, now=clock.now())
    await delivered()

    assert await told() == []


async def test_another_title_is_no_other_time(event: Event) -> None:
    session = await workshop(event, "Budgets")
    await chooses(event, "Anna", session)
    session.title = {"en": "Money"}

    await moved(session, 1)

    assert await told() == []


async def test_what_moves_with_its_event_is_told_by_the_letter_about_that(
    event: Event,
) -> None:
    await chooses(event, "Anna", await workshop(event, "Budgets"))
    later = replace(wish_of(event), starts_at=NINE + HOUR, ends_at=NINE + 10 * HOUR)

    await edit_event(
        event.organiser_id,
        event.id,
        later,
        SEATS,
        version=None,
        actor=SYSTEM,
        now=clock.now(),
    )

    [letter] = await delivered()
    assert "Please note the change" in letter["Subject"]
    assert "Budgets: Friday, 3 September 2027, 11:00 to 12:00" in unwrapped(letter)
    [item] = await queries.sessions_of(event.id)
    assert item.starts_at == NINE + 2 * HOUR
    assert await told() == []


async def test_nobody_hears_of_a_draft(event: Event) -> None:
    session = await workshop(event, "Budgets")
    await chooses(event, "Anna", session)
    await Event.filter(id=event.id).update(status=Status.DRAFT)

    await moved(session, 6)

    assert await told() == []


async def test_who_has_chosen_what_is_for_everybody_now_reads_that(
    event: Event,
) -> None:
    session = await workshop(event, "Budgets")
    await chooses(event, "Anna", session)
    await chooses(event, "Berta")

    for_all = replace(wish("Budgets", NINE + HOUR), bookable=False)
    await edit_session(
        event.organiser_id,
        event.id,
        session.id,
        for_all,
        None,
        actor=SYSTEM,
        now=clock.now(),
    )

    [letter] = await delivered()
    assert "anna@" in letter["To"]
    assert "“Budgets” that you had chosen can no longer be chosen" in unwrapped(letter)
