"""Who is registered for an event: the list, and taking somebody out."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_events.models import Event
from werkraum_events.queries import sessions_of
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext, pick
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import NotFound
from werkraum_registration import registrations, words
from werkraum_registration.list_filters import Filters, Sort, read_sort
from werkraum_registration.listing import (
    LARGEST_PAGE,
    count_listed,
    listed,
    tags_in_use,
)
from werkraum_registration.models import (
    ENDED,
    FormQuestion,
    FormQuestionKind,
    Registration,
    State,
)
from werkraum_registration.queries import registration_of, seats_of
from werkraum_registration.question_rules import all_choices_of
from werkraum_registration.questions import questions_of
from werkraum_server.desk.own_events import own_event

Options = list[tuple[str, str]]


@dataclass(frozen=True)
class ListWish:
    """Which part of the list somebody wants to see; what is no wish is ignored."""

    filters: Filters
    sort: Sort | None
    number: int

    @classmethod
    def read(cls, request: Request) -> Self:
        asked = request.query_params
        number = asked.get("page", "1")
        is_number = number.isascii() and number.isdigit() and len(number) <= 4
        return cls(
            Filters.read(asked),
            read_sort(asked),
            number=max(1, int(number)) if is_number else 1,
        )

    def query(self, number: int | None = None) -> str:
        """Write the wish as the query of an address, for another page of the list."""
        return self.filters.query(
            sort=self.sort.value if self.sort else "", page=number or ""
        )


async def show_registrations(request: Request) -> Response:
    """List at most a hundred; ten queries, however many there are."""
    event, wish = await own_event(request), ListWish.read(request)
    count = await count_listed(event.id, wish.filters)
    skip = (wish.number - 1) * LARGEST_PAGE
    questions, tags = await questions_of(event.id), await tags_in_use(event.id)
    workshops = await _workshops(event)
    return page(
        request,
        "desk/registrations.html",
        words=words,
        event=event,
        workshops=workshops,
        wish=wish,
        asked=wish.filters.asked(),
        count=count,
        seats=await seats_of(event.id),
        registrations=await listed(event.id, wish.filters, sort=wish.sort, skip=skip),
        more=count > skip + LARGEST_PAGE,
        states=[(state.value, words.state_words(state)) for state in State],
        kinds=[(kind.value, words.kind_words(kind)) for kind in words.KINDS],
        tags=tags,
        tag_options=[(tag, tag) for tag in tags],
        answers=[(pick(it.label)[0], _answers_to(it)) for it in questions],
        ended=[state.value for state in ENDED],
        notice=_notice(request),
        past=event.is_past(clock.now()),
        organiser=footer_of(event.organiser),
    )


async def _workshops(event: Event) -> dict[UUID, str]:
    """Name the sessions that are chosen when registering, in their order."""
    sessions = await sessions_of(event.id)
    return {it.id: pick(it.title)[0] for it in sessions if it.bookable}


def _answers_to(question: FormQuestion) -> Options:
    """What a list can be filtered by: an answer that was chosen, or any at all."""
    options = [(f"{question.id}:", gettext("any answer"))]
    if question.kind is FormQuestionKind.YES_NO:
        options += [
            (f"{question.id}:true", gettext("yes")),
            (f"{question.id}:false", gettext("no")),
        ]
    return options + [
        (f"{question.id}:{choice.code}", pick(choice.label)[0])
        for choice in all_choices_of(question)
    ]


def _notice(request: Request) -> str | None:
    done = request.query_params.get("done", "")
    if "cancelled" in request.query_params:
        return gettext("The registration is cancelled.")
    return gettext("Saved.") if done == "saved" else None


async def show_cancel(request: Request) -> Response:
    """Ask once more before somebody is taken out."""
    registration = await own_registration(request)
    return page(
        request,
        "desk/registrations_cancel.html",
        registration=registration,
        event=registration.event,
        ended=registration.state in ENDED,
        organiser=footer_of(registration.event.organiser),
    )


async def cancel(request: Request) -> Response:
    registration = await own_registration(request)
    await registrations.cancel(
        registration.id, actor=granted(request).actor, now=clock.now()
    )
    back = list_path(registration.event)
    return RedirectResponse(f"{back}?cancelled=1", status_code=303)


def list_path(event: Event) -> str:
    return path_to("desk:registrations", id=event.id)


async def own_registration(request: Request) -> Registration:
    """Find the registration in the path at the organiser's events, event with it."""
    found = await registration_of(granted(request).organiser_id, path_id(request))
    if found is None:
        raise NotFound
    return found


routes = [
    route(
        "/desk/events/{id}/registrations",
        show_registrations,
        access=READER,
        name="desk:registrations",
    ),
    route(
        "/desk/registrations/{id}/cancel",
        show_cancel,
        access=MANAGER,
        name="desk:ask_cancel_registration",
    ),
    route(
        "/desk/registrations/{id}/cancel",
        cancel,
        access=MANAGER,
        name="desk:cancel_registration",
        methods=["POST"],
    ),
]
