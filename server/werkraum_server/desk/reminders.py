"""The reminders of an event at the desk: when, for whom, what they say, what came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, language
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_registration import reminder_plans
from werkraum_registration.models import Registration, State
from werkraum_registration.reminder_times import (
    USUAL,
    Reminder,
    due,
    reminder_for,
)
from werkraum_registration.reminders import Outcome, outcomes_of, reminders_of
from werkraum_server.desk.before_start import before_words, units
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.reminder_form import (
    ReminderFields,
    empty_reminder,
    reminder_model,
    typed_reminder,
)
from werkraum_server.letters.previews import Preview, preview
from werkraum_server.letters.reminding import words_of_reminder


@dataclass(frozen=True)
class Shown:
    """A reminder as the page shows it; `missed` if its time was over from the start."""

    key: str
    mode: Mode | None
    words: str
    at: datetime
    missed: bool
    outcomes: tuple[Outcome, ...]


async def show_reminders(request: Request) -> Response:
    return await _page(request, await own_event(request), empty_reminder())


async def _page(
    request: Request, event: Event, form: Form[ReminderFields], status: int = 200
) -> Response:
    reminders = await reminders_of(event.id)
    return page(
        request,
        "desk/reminders.html",
        status=status,
        event=event,
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
        reminders=_shown(event, reminders, await outcomes_of(event)),
        usual=reminders == list(USUAL),
        may_add=len(reminders) < reminder_plans.MOST,
        running=event.status is not Status.CANCELLED,
        form=form,
        units=units(),
    )


def _shown(
    event: Event, reminders: Sequence[Reminder], outcomes: Sequence[Outcome]
) -> list[Shown]:
    now, shown = clock.now(), []
    for it in reminders:
        at = due(event.starts_at, event.timezone, it.minutes_before)
        came = tuple(
            each for each in outcomes if each.minutes_before == it.minutes_before
        )
        words = before_words(it.minutes_before)
        shown.append(Shown(it.key, it.mode, words, at, at <= now and not came, came))
    return shown


async def add(request: Request) -> Response:
    event = await own_event(request)
    form = await _saved(request, event)
    if form.faults:
        return await _page(request, event, form, status=422)
    return see_other(request, "desk:reminders", id=event.id)


async def _saved(
    request: Request, event: Event, instead_of: str = ""
) -> Form[ReminderFields]:
    """Save what was typed; the form that comes back says what is wrong, if anything."""
    grant = granted(request)
    form: Form[ReminderFields] = await read_form(request, reminder_model())
    if form.value is None:
        return form
    try:
        await reminder_plans.put(
            grant.organiser_id,
            event.id,
            form.value.reminder(),
            instead_of=instead_of,
            actor=grant.actor,
            now=clock.now(),
        )
    except InvalidInput as refusal:
        return Form(form.typed, refusal.faults)
    return form


async def use_usual(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    await reminder_plans.use_usual(
        grant.organiser_id, event.id, actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:reminders", id=event.id)


async def show_reminder(request: Request) -> Response:
    event = await own_event(request)
    reminder = await _reminder(request, event)
    form: Form[ReminderFields] = Form(typed_reminder(reminder))
    return _reminder_page(request, event, reminder, form)


async def _reminder(request: Request, event: Event) -> Reminder:
    """Find the reminder named in the path, or raise `NotFound`."""
    key = request.path_params["reminder"]
    there = await reminders_of(event.id)
    found = next((it for it in there if it.key == key), None)
    if found is None:
        raise NotFound
    return found


async def save(request: Request) -> Response:
    event = await own_event(request)
    reminder = await _reminder(request, event)
    form = await _saved(request, event, instead_of=reminder.key)
    if form.value is None:
        return _reminder_page(request, event, reminder, form, status=422)
    key = form.value.reminder().key
    return see_other(request, "desk:reminder", id=event.id, reminder=key)


async def remove(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    await reminder_plans.remove(
        grant.organiser_id,
        event.id,
        request.path_params["reminder"],
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:reminders", id=event.id)


def _reminder_page(
    request: Request,
    event: Event,
    reminder: Reminder,
    form: Form[ReminderFields],
    status: int = 200,
) -> Response:
    return page(
        request,
        "desk/reminder.html",
        status=status,
        event=event,
        organiser=footer_of(event.organiser),
        reminder=reminder,
        words=before_words(reminder.minutes_before),
        at=due(event.starts_at, event.timezone, reminder.minutes_before),
        running=event.status is not Status.CANCELLED,
        previews=_previews(event, reminder),
        form=form,
        units=units(),
    )


def _previews(event: Event, reminder: Reminder) -> list[tuple[Mode, Preview]]:
    """Write the letter for each kind of recipient: mode by mode, language by language.

    The language of whoever looks comes first.
    """
    spoken = sorted(settings().languages, key=lambda code: code != language())
    return [
        (mode, preview(somebody, "reminder", **words_of_reminder(somebody, reminder)))
        for mode in event.modes
        if reminder_for([reminder], reminder.minutes_before, mode)
        for code in spoken
        for somebody in [_somebody(event, mode, code)]
    ]


def _somebody(event: Event, mode: Mode, code: str) -> Registration:
    """Make up a recipient who is in no list."""
    return Registration(
        event=event,
        name=gettext("Ada Example"),
        email="ada@example.org",
        language=code,
        mode=mode,
        state=State.CONFIRMED,
        vouched_at=clock.now(),
    )


REMINDERS = "/desk/events/{id}/reminders"
routes = [
    route(REMINDERS, show_reminders, access=READER, name="desk:reminders"),
    route(REMINDERS, add, access=MANAGER, name="desk:add_reminder", methods=["POST"]),
    route(
        f"{REMINDERS}/usual",
        use_usual,
        access=MANAGER,
        name="desk:usual_reminders",
        methods=["POST"],
    ),
    route(
        f"{REMINDERS}/{{reminder}}",
        show_reminder,
        access=READER,
        name="desk:reminder",
    ),
    route(
        f"{REMINDERS}/{{reminder}}",
        save,
        access=MANAGER,
        name="desk:save_reminder",
        methods=["POST"],
    ),
    route(
        f"{REMINDERS}/{{reminder}}/remove",
        remove,
        access=MANAGER,
        name="desk:remove_reminder",
        methods=["POST"],
    ),
]
