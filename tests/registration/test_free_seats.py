"""How many seats are free, in words and figures: never more than the total leaves."""

from datetime import datetime

from tests.people import an_event, an_organiser
from tests.registration.joining import a_workshop, joins

from werkraum_events.models import Event, Mode
from werkraum_registration.models import Wanted
from werkraum_registration.queries import face_of_event, seats_of
from werkraum_registration.seat_pools import set_seats
from werkraum_server.desk.event_figures import EventFigures, figures_of

BOTH = {Mode.ONSITE: 1, Mode.ONLINE: 2}


async def hybrid(now: datetime) -> Event:
    return await an_event(await an_organiser(), seats=BOTH, now=now)


async def test_seats_are_free_only_as_far_as_the_total_goes(
    database: str, now: datetime
) -> None:
    event = await hybrid(now)
    await set_seats(event.id, BOTH, total=2, now=now)
    await joins(event, "Anna", Wanted.ONLINE)
    assert [it.left for it in await seats_of(event.id)] == [1, 1]
    await joins(event, "Berta", Wanted.ONLINE)
    assert [it.left for it in await seats_of(event.id)] == [0, 0]
    face = await face_of_event(event.slug)
    assert list(face.seats) == await seats_of(event.id)


async def test_the_desk_counts_a_total_once(database: str, now: datetime) -> None:
    event = await hybrid(now)
    await set_seats(event.id, BOTH, total=2, now=now)
    await joins(event, "Anna")
    figures = (await figures_of([event.id]))[event.id]
    assert figures == EventFigures(taken=1, waiting=0, seats=2)


async def test_seats_in_a_workshop_are_not_seats_at_the_event(
    database: str, now: datetime
) -> None:
    event = await hybrid(now)
    await a_workshop(event, seats=9)
    figures = (await figures_of([event.id]))[event.id]
    assert figures == EventFigures(taken=0, waiting=0, seats=3)
