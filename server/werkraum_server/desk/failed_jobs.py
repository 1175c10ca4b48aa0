"""What failed for good, in words, and the button to try again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.models import Job, JobState
from werkraum_foundation.outbox.worker import revive
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_registration.models import AddressChange, Registration
from werkraum_server.desk.own_events import own_footer

# More than anybody reads; the rest follows once these are gone.
SHOWN = 200

# A job by its name; a reaction's name begins with the announcement.
WORDS = {
    "RegistrationMade:ask_to_confirm": noop("Letter: please confirm"),
    "RegistrationConfirmed:tell_of_the_seat": noop("Letter: your seat"),
    "RegistrationWaitlisted:tell_of_the_queue": noop("Letter: on the waiting list"),
    "RegistrationCancelled:tell_it_is_cancelled": noop("Letter: cancelled"),
    "ModeSwitched:tell_of_the_other_mode": noop("Letter: on site or online"),
    "AddressKnown:send_the_link_again": noop("Letter: your link again"),
    "NeedAnswered:tell_of_the_need": noop("Letter: what somebody needs"),
    "SeatOffered:tell_of_the_offer": noop("Letter: a seat is offered"),
    "OfferLapsed:tell_it_has_lapsed": noop("Letter: the offer has lapsed"),
    "OfferWithdrawn:tell_it_is_withdrawn": noop("Letter: the offer was taken back"),
    "SeatTakenBack:tell_it_is_taken_back": noop("Letter: the seat was taken back"),
    "SessionSeatGiven:tell_of_the_seat_there": noop("Letter: a seat in a workshop"),
    "ApprovalAwaited:tell_who_decides": noop("Letter: being looked at"),
    "RegistrationRejected:tell_the_decision": noop("Letter: not admitted"),
    "RegistrationRestored:tell_it_is_back": noop("Letter: registered again"),
    "RegistrationChanged:plan_to_tell_how_it_is": noop("Letter: details changed"),
    "letter:registration_changed": noop("Letter: details changed"),
    "letter:again": noop("Letter: how things stand, once more"),
    "letter:new_address": noop("Letter: please confirm the new address"),
    "letter:address_changed": noop("Letters: the address has changed"),
    "letter:address_left": noop("Letter: to the address that was left"),
    "letter:address_taken": noop("Letter: to the new address"),
    "letter:erased": noop("Letter: data erased"),
    "letter:personal_feed": noop("Letter: calendar of all dates"),
    "EventPublished:plan_the_reminders": noop("Planning the reminders"),
    "EventChanged:plan_the_reminders_anew": noop("Planning the reminders"),
    "EventWithdrawn:put_away_what_was_planned": noop("Putting away what was planned"),
    "EventCancelled:withdraw_the_reminders": noop("Withdrawing the reminders"),
    "EventChanged:move_the_planned_letters": noop("Moving the planned letters"),
    "EventCancelled:stop_the_planned_letters": noop("Stopping the planned letters"),
    "EventChanged:tell_of_the_change": noop("Letters: the event has changed"),
    "EventCancelled:tell_it_is_off": noop("Letters: the event is called off"),
    "EventPublished:give_it_a_room": noop("Preparing the video room"),
    "EventChanged:give_it_a_room_once_online": noop("Preparing the video room"),
    **dict.fromkeys(
        (
            "RegistrationCancelled:free_the_table",
            "RegistrationRejected:free_the_table_of_the_rejected",
            "RegistrationErased:free_the_table_of_the_erased",
            "ModeSwitched:free_the_table_of_who_comes_on_site",
            "SeatTakenBack:free_the_table_with_the_seat",
            "RegistrationChanged:sit_with_the_new_party",
        ),
        noop("Bringing the tables up to date"),
    ),
    "RoundOpened:give_out_the_ballots": noop("Letters: the questions of a round"),
    "RoundClosed:wipe_the_order_of_answers": noop("Making the answers anonymous"),
    "export:write": noop("Writing a file of registrations"),
    "export:discard": noop("Deleting a file of registrations"),
    "import:take": noop("Taking in a list of people"),
    "bulk:do": noop("Changing many registrations"),
    "RegistrationConfirmed:release_letters_with_the_seat": noop(
        "Sending letters that waited"
    ),
    "RegistrationWaitlisted:release_letters_in_the_queue": noop(
        "Sending letters that waited"
    ),
    "ApprovalAwaited:release_letters_before_approval": noop(
        "Sending letters that waited"
    ),
    "letter:held_back": noop("Letter that waited for a button"),
    "reminder:due": noop("Letters: reminder"),
    "letter:reminder": noop("Letter: reminder"),
    "group_letter:due": noop("Letters of the organiser"),
    "letter:group": noop("Letter of the organiser"),
    "letter:changed": noop("Letter: the event has changed"),
    "letter:changed_waiting": noop("Letter: the event has changed"),
    "letter:event_cancelled": noop("Letter: the event is called off"),
    "letter:ballot": noop("Letter: the questions of a round"),
    "letter:guest": noop("Letter: personal invitation"),
    "letter:series": noop("Letter: please confirm"),
    "letter:session_moved": noop("Letter: an item has another time"),
    "session:moved": noop("Letters: an item has another time"),
    "letter:session_gone": noop("Letter: an item is off the programme"),
    "letter:session_for_all": noop("Letter: an item is for everybody now"),
    "letter:table": noop("Letter: the table somebody sits at"),
    "letter:sign_in": noop("Letter: sign-in link"),
    "letter:room_trouble": noop("Letter: nobody gets into the video room"),
    "letter:welcome": noop("Letter: welcome to the team"),
    "letter:asked": noop("Letter: the questions of a round"),
    "letter:contacts": noop("Letter: whom to talk to"),
    "letter:contact_agreed": noop("Letter: both want to talk"),
    "letter:talk": noop("Letter: a talk of two"),
    "letter:talk_called_off": noop("Letter: a talk is called off"),
    "letter:practice_asked": noop("Letter: may the practice be published"),
    "letter:reply": noop("Letter: what became of it"),
    "CalendarReplied:do_what_the_calendar_calls_for": noop(
        "Letter: after an answer of a calendar"
    ),
    "RegistrationErased:forget_what_the_calendar_said": noop(
        "Forgetting the answers of a calendar"
    ),
    "StayNoted:note_who_was_in_the_room": noop("Noting who was in a video room"),
    "RegistrationErased:forget_whom_the_door_let_in": noop(
        "Forgetting whom the door let in"
    ),
    "room:look": noop("Looking whether a video room will open"),
    "room:put_out": noop("Putting somebody out of a video room again"),
    "room:end_rehearsal": noop("Ending a rehearsal in a video room"),
    "room:end": noop("Ending a video room at its time"),
    "letter:room_red": noop("Letter: the video room is not well"),
    "letter:room_green": noop("Letter: the video room is well again"),
    "mail:fetch": noop("Looking for mail"),
    "contacts:suggest": noop("Looking for whom to suggest"),
    "EventPublished:plan_the_openings": noop("Planning the rounds"),
    "EventChanged:move_the_openings": noop("Planning the rounds"),
    "EventCancelled:withdraw_the_openings": noop("Withdrawing the rounds"),
    "RoundClosed:gather_the_statements": noop("Making statements of answers"),
    "RoundClosed:count_the_cards": noop("Making statements of cards"),
    "RegistrationErased:take_the_name_off_what_was_said": noop(
        "Taking a name off what was said"
    ),
    "RegistrationErased:forget_what_they_promised": noop("Forgetting a promise"),
}
OTHER = noop("Another task")

# The end of an error, as the worker notes it: a sentence of ours, or a type.
REASONS = (
    (
        r"the mail server refused the address \((?P<code>\d+)\)",
        noop("The mail server does not accept the address (code %(code)s)."),
    ),
    (
        r"the mail server refused the letter \((?P<code>\d+)\)",
        noop("The mail server does not accept the letter (code %(code)s)."),
    ),
    (
        r"the room server does not end the room \((?P<code>\w+)\)",
        noop("The room server does not end the room (%(code)s)."),
    ),
    ("MailServerUnreachable", noop("The mail server could not be reached.")),
    ("MailServerRefused", noop("The mail server turned us away for hours.")),
)
OTHER_REASON = noop("The program failed at it (%(error)s). The log says more.")


@dataclass(frozen=True)
class Failed:
    """A job that failed for good, as the page shows it.

    `about` is None as well where nobody is to learn whom it was for.
    """

    id: UUID
    what: str
    why: str
    at: datetime
    about: Registration | None
    event: Event | None


def what_it_is(name: str) -> str:
    return gettext(WORDS.get(name, OTHER))


def why_it_failed(error: str) -> str:
    for pattern, sentence in REASONS:
        if found := re.fullmatch(pattern, error):
            return gettext(sentence, **found.groupdict())
    return gettext(OTHER_REASON, error=error)


async def show_failed(request: Request) -> Response:
    organiser_id = granted(request).organiser_id
    jobs = Job.filter(organiser_id=organiser_id)
    dead = jobs.filter(state=JobState.DEAD)
    return page(
        request,
        "desk/jobs.html",
        organiser=await own_footer(request),
        failed=await _shown(organiser_id, await dead.order_by("-due").limit(SHOWN)),
        count=await dead.count(),
        waiting=await jobs.filter(state=JobState.READY).count(),
        timezone=settings().timezone.key,
    )


async def _shown(organiser_id: UUID, jobs: Sequence[Job]) -> list[Failed]:
    """Say what each is, whom it was for and at which event; three queries."""
    people = await _people(organiser_id, jobs)
    events = {it.event_id: it.event for it in people.values()}
    missing = _ids(jobs, "event_id") - events.keys()
    found = await Event.filter(organiser_id=organiser_id, id__in=list(missing))
    events |= {it.id: it for it in found}
    return [_failed(job, people, events) for job in jobs]


def _failed(
    job: Job, people: Mapping[UUID, Registration], events: Mapping[UUID, Event]
) -> Failed:
    # A change is known by its own id, as the job names it.
    about = [people[it] for it in _ids([job], *ABOUT, CHANGE) if it in people]
    at = [it.event for it in about] or [
        events[it] for it in _ids([job], "event_id") if it in events
    ]
    return Failed(
        job.id,
        what_it_is(job.name),
        why_it_failed(job.error or ""),
        datetime.fromtimestamp(job.due / 1000, UTC),
        next(iter(about), None) if names_somebody(job.name) else None,
        next(iter(at), None),
    )


# What is said with a name, by the job or the announcement; all else without. Who is
# reminded of a round has not answered it, and who hears what became of their words
# has said them: nobody is to learn who that is.
NAMED = frozenset(
    {
        "RegistrationMade",
        "RegistrationConfirmed",
        "RegistrationWaitlisted",
        "RegistrationCancelled",
        "RegistrationRejected",
        "RegistrationRestored",
        "RegistrationChanged",
        "ModeSwitched",
        "AddressKnown",
        "NeedAnswered",
        "SeatOffered",
        "OfferLapsed",
        "OfferWithdrawn",
        "SeatTakenBack",
        "SessionSeatGiven",
        "ApprovalAwaited",
        "CalendarReplied",
        "letter:address_changed",
        "letter:address_left",
        "letter:address_taken",
        "letter:again",
        "letter:changed",
        "letter:changed_waiting",
        "letter:event_cancelled",
        "letter:group",
        "letter:held_back",
        "letter:new_address",
        "letter:personal_feed",
        "letter:registration_changed",
        "letter:reminder",
        "letter:series",
        "letter:session_gone",
        "letter:session_for_all",
        "letter:session_moved",
        "letter:table",
    }
)


def names_somebody(job: str) -> bool:
    return job in NAMED or job.partition(":")[0] in NAMED


# What a job calls the registration it is about; "identifier" may be another row.
ABOUT = ("registration_id", "identifier")
# Another address of a registration, which a letter is about.
CHANGE = "change_id"


async def _people(organiser_id: UUID, jobs: Sequence[Job]) -> dict[UUID, Registration]:
    """Find the registrations, by their own ids and by those of other addresses."""
    changes = await AddressChange.filter(
        id__in=list(_ids(jobs, CHANGE, *ABOUT))
    ).values_list("id", "registration_id")
    of = dict(changes)
    wanted = _ids(jobs, *ABOUT) | set(of.values())
    found = Registration.filter(id__in=list(wanted), event__organiser_id=organiser_id)
    people = {it.id: it for it in await found.select_related("event")}
    return people | {it: people[who] for it, who in of.items() if who in people}


def _ids(jobs: Iterable[Job], *names: str) -> set[UUID]:
    return {UUID(job.args[it]) for job in jobs for it in names if job.args.get(it)}


async def try_again(request: Request) -> Response:
    job = path_id(request)
    if not await revive(job, granted(request).organiser_id):
        raise NotFound
    return see_other(request, "desk:jobs")


async def try_all_again(request: Request) -> Response:
    """Try again what the page shows: the newest, at most as many as it shows."""
    organiser_id = granted(request).organiser_id
    dead = Job.filter(organiser_id=organiser_id, state=JobState.DEAD)
    for job in await dead.order_by("-due").limit(SHOWN):
        await revive(job.id, organiser_id)
    return see_other(request, "desk:jobs")


JOBS = "/desk/jobs"

routes = [
    route(JOBS, show_failed, access=READER, name="desk:jobs"),
    route(
        f"{JOBS}/again",
        try_all_again,
        access=MANAGER,
        name="desk:try_all_again",
        methods=["POST"],
    ),
    route(
        f"{JOBS}/{{id}}/again",
        try_again,
        access=MANAGER,
        name="desk:try_again",
        methods=["POST"],
    ),
]
