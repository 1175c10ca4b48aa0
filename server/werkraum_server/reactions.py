"""Who reacts to what: the one page that lists it.

A reaction is a plain call into another part with ids. It runs from the outbox,
at least once, and does no harm the second time.
"""

from werkraum_calendar import replies as answers_kept
from werkraum_calendar.announcements import CalendarReplied
from werkraum_events.announcements import (
    EventCancelled,
    EventChanged,
    EventPublished,
    EventWithdrawn,
)
from werkraum_events.models import Mode
from werkraum_feedback.announcements import RoundClosed, RoundOpened
from werkraum_feedback.answering import traces
from werkraum_feedback.asking import planned, rounds
from werkraum_feedback.capture import cards, forgetting
from werkraum_feedback.coding import statements
from werkraum_feedback.follow_up import follow_up_forgetting
from werkraum_foundation import audit, clock
from werkraum_foundation.outbox import on
from werkraum_registration import group_sending, reminders, series_registrations
from werkraum_registration.announcements import (
    AddressKnown,
    ApprovalAwaited,
    ModeSwitched,
    NeedAnswered,
    OfferLapsed,
    OfferWithdrawn,
    RegistrationCancelled,
    RegistrationChanged,
    RegistrationConfirmed,
    RegistrationErased,
    RegistrationMade,
    RegistrationRejected,
    RegistrationRestored,
    RegistrationWaitlisted,
    SeatOffered,
    SeatTakenBack,
    SessionSeatGiven,
)
from werkraum_rooms import room_stays, rooms
from werkraum_rooms.announcements import StayNoted
from werkraum_rooms.tables import table_places
from werkraum_server import room_attendance, table_guests
from werkraum_server.incoming import fetching
from werkraum_server.letters import (
    addresses,
    approvals,
    ballots,
    calendar_replies,
    contacts,
    event_news,
    first_letters,
    group_letters,
    guests,
    needs,
    offers,
    on_behalf,
    personal_feeds,
    practices,
    registrations,
    reminding,
    replies,
    room_trouble,
    series,
    session_changes,
    sign_in_links,
    tables,
    welcome,
)
from werkraum_server.letters import rooms as room_letters

# Their jobs are enqueued by other parts, or by the clock, by name.
JOBS = (
    fetching,
    addresses,
    ballots,
    contacts,
    group_letters,
    guests,
    personal_feeds,
    practices,
    reminding,
    replies,
    room_letters,
    room_trouble,
    series,
    session_changes,
    sign_in_links,
    tables,
    welcome,
)


def registered() -> None:
    """Importing this page registers the reactions; calling this says so."""


@on(RegistrationMade)
async def ask_to_confirm(fact: RegistrationMade) -> None:
    if not await series_registrations.plan_letter(
        fact.registration_id, now=clock.now()
    ):
        await registrations.confirm_address(fact.registration_id)


@on(RegistrationConfirmed)
async def tell_of_the_seat(fact: RegistrationConfirmed) -> None:
    if not await on_behalf.entered(fact.registration_id):
        await registrations.confirmed(fact.registration_id)


@on(RegistrationConfirmed)
async def release_letters_with_the_seat(fact: RegistrationConfirmed) -> None:
    await first_letters.release(fact.registration_id)


@on(RegistrationWaitlisted)
async def release_letters_in_the_queue(fact: RegistrationWaitlisted) -> None:
    await first_letters.release(fact.registration_id)


@on(ApprovalAwaited)
async def release_letters_before_approval(fact: ApprovalAwaited) -> None:
    await first_letters.release(fact.registration_id)


@on(RegistrationWaitlisted)
async def tell_of_the_queue(fact: RegistrationWaitlisted) -> None:
    if not await on_behalf.entered(fact.registration_id):
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


@on(NeedAnswered)
async def tell_of_the_need(fact: NeedAnswered) -> None:
    await needs.need_answered(fact.need_id)


@on(SeatOffered)
async def tell_of_the_offer(fact: SeatOffered) -> None:
    await offers.seat_offered(fact.registration_id, Mode(fact.mode))


@on(OfferLapsed)
async def tell_it_has_lapsed(fact: OfferLapsed) -> None:
    await offers.offer_lapsed(fact.registration_id, gone=fact.gone)


@on(OfferWithdrawn)
async def tell_it_is_withdrawn(fact: OfferWithdrawn) -> None:
    await offers.offer_withdrawn(fact.registration_id)


@on(SeatTakenBack)
async def tell_it_is_taken_back(fact: SeatTakenBack) -> None:
    await offers.seat_taken_back(fact.registration_id)


@on(SessionSeatGiven)
async def tell_of_the_seat_there(fact: SessionSeatGiven) -> None:
    await offers.session_given(fact.registration_id, fact.session_id)


@on(ApprovalAwaited)
async def tell_who_decides(fact: ApprovalAwaited) -> None:
    await approvals.approval_awaited(fact.registration_id)


@on(RegistrationRejected)
async def tell_the_decision(fact: RegistrationRejected) -> None:
    await approvals.rejected(fact.registration_id)


@on(RegistrationRestored)
async def tell_it_is_back(fact: RegistrationRestored) -> None:
    await registrations.restored(fact.registration_id)


@on(RegistrationChanged)
async def plan_to_tell_how_it_is(fact: RegistrationChanged) -> None:
    await registrations.plan_changed(fact.organiser_id, fact.registration_id)


@on(EventPublished)
async def plan_the_reminders(fact: EventPublished) -> None:
    await reminders.schedule(fact.event_id, clock.now())


@on(EventChanged)
async def plan_the_reminders_anew(fact: EventChanged) -> None:
    await reminders.schedule(fact.event_id, clock.now())


@on(EventChanged)
async def move_the_planned_letters(fact: EventChanged) -> None:
    await group_sending.move_with_event(fact.event_id, clock.now())


@on(EventChanged)
async def tell_of_the_change(fact: EventChanged) -> None:
    if fact.moved:
        await event_news.tell_of_change(fact.event_id)


@on(EventCancelled)
async def withdraw_the_reminders(fact: EventCancelled) -> None:
    await reminders.schedule(fact.event_id, clock.now())


@on(EventCancelled)
async def stop_the_planned_letters(fact: EventCancelled) -> None:
    await group_sending.move_with_event(fact.event_id, clock.now())


@on(EventWithdrawn)
async def put_away_what_was_planned(fact: EventWithdrawn) -> None:
    await reminders.schedule(fact.event_id, clock.now())
    await group_sending.move_with_event(fact.event_id, clock.now())
    await planned.move_with_event(fact.event_id)


@on(EventCancelled)
async def tell_it_is_off(fact: EventCancelled) -> None:
    await event_news.tell_it_is_off(fact.event_id)


@on(EventPublished)
async def give_it_a_room(fact: EventPublished) -> None:
    await rooms.provide(fact.event_id, now=clock.now())


@on(EventChanged)
async def give_it_a_room_once_online(fact: EventChanged) -> None:
    await rooms.provide(fact.event_id, now=clock.now())


@on(EventPublished)
async def plan_the_openings(fact: EventPublished) -> None:
    await planned.move_with_event(fact.event_id)


@on(EventChanged)
async def move_the_openings(fact: EventChanged) -> None:
    await planned.move_with_event(fact.event_id)


@on(EventCancelled)
async def withdraw_the_openings(fact: EventCancelled) -> None:
    await planned.move_with_event(fact.event_id)


@on(RoundOpened)
async def give_out_the_ballots(fact: RoundOpened) -> None:
    await rounds.send_ballots(fact.organiser_id, fact.round_id, now=clock.now())


@on(RoundClosed)
async def wipe_the_order_of_answers(fact: RoundClosed) -> None:
    await traces.wipe()


@on(RoundClosed)
async def gather_the_statements(fact: RoundClosed) -> None:
    await statements.gather(
        fact.organiser_id, fact.round_id, actor=audit.SYSTEM, now=clock.now()
    )


@on(RegistrationErased)
async def take_the_name_off_what_was_said(fact: RegistrationErased) -> None:
    await forgetting.forget(fact.registration_id)


@on(RoundClosed)
async def count_the_cards(fact: RoundClosed) -> None:
    await cards.settle(fact.organiser_id, fact.round_id)


@on(RegistrationErased)
async def forget_what_they_promised(fact: RegistrationErased) -> None:
    await follow_up_forgetting.forget(fact.registration_id, now=clock.now())


@on(CalendarReplied)
async def do_what_the_calendar_calls_for(fact: CalendarReplied) -> None:
    await calendar_replies.calendar_replied(fact.registration_id, fact.reply_id)


@on(StayNoted)
async def note_who_was_in_the_room(fact: StayNoted) -> None:
    await room_attendance.note(fact.event_id, fact.stay_id)


@on(RegistrationErased)
async def forget_whom_the_door_let_in(fact: RegistrationErased) -> None:
    await room_stays.forget(fact.registration_id)


@on(RegistrationErased)
async def forget_what_the_calendar_said(fact: RegistrationErased) -> None:
    await answers_kept.forget(fact.registration_id)


@on(RegistrationCancelled)
async def free_the_table(fact: RegistrationCancelled) -> None:
    await table_guests.look_after(fact.registration_id, now=clock.now())


@on(RegistrationRejected)
async def free_the_table_of_the_rejected(fact: RegistrationRejected) -> None:
    await table_guests.look_after(fact.registration_id, now=clock.now())


@on(RegistrationErased)
async def free_the_table_of_the_erased(fact: RegistrationErased) -> None:
    await table_places.leave(fact.registration_id, actor=audit.SYSTEM, now=clock.now())


@on(ModeSwitched)
async def free_the_table_of_who_comes_on_site(fact: ModeSwitched) -> None:
    await table_guests.look_after(fact.registration_id, now=clock.now())


@on(SeatTakenBack)
async def free_the_table_with_the_seat(fact: SeatTakenBack) -> None:
    await table_guests.look_after(fact.registration_id, now=clock.now())


@on(RegistrationChanged)
async def sit_with_the_new_party(fact: RegistrationChanged) -> None:
    await table_guests.look_after(fact.registration_id, now=clock.now())
