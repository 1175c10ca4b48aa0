"""People who take part, and the addresses of their pages."""

from werkraum_events.models import Event, Session
from werkraum_foundation import clock
from werkraum_registration import links, registrations
from werkraum_registration.models import Registration, SeatPool, Wanted
from werkraum_registration.registrations import Applicant, Application


async def joins(
    event: Event, name: str, wanted: Wanted = Wanted.ONSITE, seats: int = 1
) -> Registration:
    """Register somebody whose address is known to be theirs."""
    applicant = Applicant(name, f"{name.lower()}@attendee.example", "en")
    made = await registrations.register(
        event.id,
        applicant,
        Application(wanted, seats),
        vouched=True,
        now=clock.now(),
        by_hand=True,
    )
    return await Registration.get(id=made.id)


async def now_of(registration: Registration) -> Registration:
    return await Registration.get(id=registration.id)


def my(registration: Registration, deed: str = "") -> str:
    return f"/en/my/{links.personal_token(registration)}{deed}"


async def a_workshop(event: Event, name: str = "A", seats: int = 1) -> Session:
    """Make a part of the programme that people choose."""
    session = await Session.create(
        event=event,
        title={"de": f"Werkstatt {name}", "en": f"Workshop {name}"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        bookable=True,
    )
    await SeatPool.create(event=event, session=session, seats=seats)
    return session
