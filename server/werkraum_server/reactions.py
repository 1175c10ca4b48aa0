"""Who reacts to what: the one page that lists it.

A reaction is a plain call into another part with ids. It runs from the outbox,
at least once, and does no harm the second time.
"""

from werkraum_events.announcements import (
    EventCancelled,
    EventChanged,
    EventPublished,
)
from werkraum_feedback import rounds, traces
from werkraum_feedback.announcements import RoundClosed, RoundOpened
from werkraum_foundation import clock
from werkraum_foundation.outbox import on
from werkraum_registration import reminders
from werkraum_registration.announcements import (
    AddressKnown,
    ModeSwitched,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationMade,
    RegistrationWaitlisted,
)
from werkraum_rooms import rooms
from werkraum_server.letters import (
    ballots,
    event_news,
    registrations,
    reminding,
    sign_in_links,
    welcome,
)

# Their jobs are enqueued by other parts, by name.
LETTERS = (ballots, reminding, sign_in_links, welcome)


def registered() -> None:
    """Importing this page registers the reactions; calling this says so."""


@on(RegistrationMade)
async def ask_to_confirm(fact: RegistrationMade) -> None:
    await registrations.confirm_address(fact.registration_id)


@on(RegistrationConfirmed)
async def tell_of_the_seat(fact: RegistrationConfirmed) -> None:
    await registrations.confirmed(fact.registration_id)


@on(RegistrationWaitlisted)
async def tell_of_the_queue(fact: RegistrationWaitlisted) -> None:
    await registrations.waitlisted(fact.registration_id)


@on(RegistrationCancelled)
async def tell_it_is_cancelled(fact: RegistrationCancelled) -> None:
    await registrations.cancelled(fact.registration_id)


@on(ModeSwitched)
async def tell_of_the_other_mode(fact: ModeSwitched) -> None:
    await registrations.mode_switched(fact.registration_id)


@on(AddressKnown)
async def send_the_link_again(fact: AddressKnown) -> None:
    await registrations.link_again(fact.registration_id)


@on(EventPublished)
async def plan_the_reminders(fact: EventPublished) -> None:
    await reminders.schedule(fact.event_id, clock.now())


@on(EventChanged)
async def plan_the_reminders_anew(fact: EventChanged) -> None:
    await reminders.schedule(fact.event_id, clock.now())


@on(EventChanged)
async def tell_of_the_change(fact: EventChanged) -> None:
    if fact.moved:
        await event_news.tell_of_change(fact.event_id)


@on(EventCancelled)
async def withdraw_the_reminders(fact: EventCancelled) -> None:
    await reminders.schedule(fact.event_id, clock.now())


@on(EventCancelled)
async def tell_it_is_off(fact: EventCancelled) -> None:
    await event_news.tell_it_is_off(fact.event_id)


@on(EventPublished)
async def give_it_a_room(fact: EventPublished) -> None:
    await rooms.provide(fact.event_id, now=clock.now())


@on(EventChanged)
async def give_it_a_room_once_online(fact: EventChanged) -> None:
    await rooms.provide(fact.event_id, now=clock.now())


@on(RoundOpened)
async def give_out_the_ballots(fact: RoundOpened) -> None:
    await rounds.send_ballots(fact.organiser_id, fact.round_id, now=clock.now())


@on(RoundClosed)
async def wipe_the_order_of_answers(fact: RoundClosed) -> None:
    await traces.wipe()
