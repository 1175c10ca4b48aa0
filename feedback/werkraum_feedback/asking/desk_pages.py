"""Rounds at the desk: those of an event or of the network; draft, open, close."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event, Session
from werkraum_events.queries import event_of, sessions_of
from werkraum_feedback.asking import copies, queries, rounds, rules
from werkraum_feedback.asking.audiences import people_of
from werkraum_feedback.asking.round_names import RoundName, name_of
from werkraum_feedback.asking.round_pages import (
    done,
    home_of,
    notice_of,
    own_round,
    round_page,
)
from werkraum_feedback.asking.usual_rounds import OF_THE_NETWORK
from werkraum_feedback.models import Round, RoundKind, RoundState
from werkraum_feedback.questions import Question
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import Fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import noop
from werkraum_foundation.models import Organiser
from werkraum_foundation.pages import page
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.refusals import NotFound

NOTICES = {
    "created": noop("%(The_round)s is drafted. Nobody is asked before you open it."),
    "saved": noop("Your changes are saved."),
    "opened": noop("%(The_round)s is open, and the letters are on their way."),
    "planned": noop("%(The_round)s opens by itself at that time."),
    "unplanned": noop("%(The_round)s waits until you open it."),
    "ended": noop("%(The_round)s is closed."),
    "ending": noop("%(The_round)s ends. Nobody new can begin."),
    "deleted": noop("The draft is deleted."),
}
DAYS = rules.OPEN_FOR.days


class NewFields(BaseModel):
    """What kind of round, of what; with the questions of which one, if of any."""

    model_config = ConfigDict(extra="forbid")
    kind: RoundKind = RoundKind.SURVEY
    session_id: UUID | None = None
    model_id: UUID | None = None


class End(StrEnum):
    SOON = "soon"
    NOW = "now"


class OpenFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    days: Annotated[int, whole_number(1, 90)] = DAYS
    reminds: bool = False


class CloseFields(BaseModel):
    """Without a word, those who are just writing are waited for."""

    model_config = ConfigDict(extra="forbid")
    end: End = End.SOON


@dataclass(frozen=True)
class RoundCard:
    """A round as the page of its event shows it; `state` may be "ending" too."""

    round: Round
    state: str
    answered: int
    questions: tuple[Question, ...]
    session: Session | None

    @property
    def named(self) -> RoundName:
        return name_of(self.round.kind)


async def show_feedback(request: Request) -> Response:
    """Show the rounds of an event and what can be done with each."""
    event = await _own_event(request)
    return await _event_page(request, event, Form[NewFields].showing(_usual()))


async def create(request: Request) -> Response:
    event = await _own_event(request)
    form = await read_form(request, NewFields)
    try:
        made = await _create(request, form, event.id)
    except rules.RoundUnderWay as refusal:
        fault = Fault("kind", refusal.code, refusal.message())
        again = Form[NewFields](form.typed, (fault,))
        return await _event_page(request, event, again, status=refusal.status)
    if made is None:
        return await _event_page(request, event, form, status=422)
    return home_of(made, "created")


async def _own_event(request: Request) -> Event:
    return await event_of(granted(request).organiser_id, request.path_params["id"])


async def _create(
    request: Request, form: Form[NewFields], event_id: UUID | None
) -> Round | None:
    """Draft what the form asks for, None if it cannot be read."""
    grant, wish = granted(request), form.value
    if wish is None:
        return None
    if wish.model_id:
        return await copies.after(
            grant.organiser_id,
            wish.model_id,
            event_id,
            session_id=wish.session_id,
            actor=grant.actor,
            now=clock.now(),
        )
    return await rounds.create(
        grant.organiser_id,
        event_id,
        kind=wish.kind,
        session_id=wish.session_id,
        actor=grant.actor,
        now=clock.now(),
    )


def _usual() -> dict[str, str]:
    return {"kind": RoundKind.SURVEY.value}


async def _event_page(
    request: Request, event: Event, form: Form[NewFields], status: int = 200
) -> Response:
    there = await queries.rounds_of(event.id)
    sessions = await sessions_of(event.id)
    return page(
        request,
        "feedback/desk.html",
        status=status,
        event=event,
        form=form,
        cards=await _cards(there, sessions),
        kinds=list(RoundKind),
        sessions=sessions,
        models=await _models(event.organiser_id, there),
        grace=rules.GRACE,
        past=event.is_past(clock.now()),
        timezone=event.timezone,
        organiser=footer_of(event.organiser),
        notice=notice_of(request, NOTICES),
    )


async def _models(organiser_id: UUID, there: Sequence[Round]) -> list[Round]:
    """List the rounds whose questions can be taken over: not those that are here."""
    here = {each.id for each in there}
    return [it for it in await queries.models_of(organiser_id) if it.id not in here]


async def _cards(
    there: Sequence[Round], sessions: Sequence[Session]
) -> list[RoundCard]:
    named = {session.id: session for session in sessions}
    return [
        await _card(each, named.get(each.session_id) if each.session_id else None)
        for each in there
    ]


async def _card(asked: Round, session: Session | None) -> RoundCard:
    is_open = asked.state is RoundState.OPEN
    ending = is_open and asked.closes_at is not None and asked.closes_at <= clock.now()
    return RoundCard(
        asked,
        "ending" if ending else asked.state.value,
        await queries.count_responses(asked.id),
        await queries.questions_of(asked.id),
        session,
    )


async def show_network(request: Request) -> Response:
    """Show the rounds that belong to no event."""
    return await _network_page(request, Form[NewFields].showing(_usual()))


async def create_for_network(request: Request) -> Response:
    form = await read_form(request, NewFields)
    if form.value and form.value.session_id:
        raise NotFound
    made = await _create(request, form, None)
    if made is None:
        return await _network_page(request, form, status=422)
    return home_of(made, "created")


async def _network_page(
    request: Request, form: Form[NewFields], status: int = 200
) -> Response:
    organiser_id = granted(request).organiser_id
    there = await queries.network_rounds(organiser_id)
    return page(
        request,
        "feedback/network.html",
        status=status,
        form=form,
        cards=await _cards(there, ()),
        kinds=list(OF_THE_NETWORK),
        models=await _models(organiser_id, ()),
        grace=rules.GRACE,
        timezone=queries.own_timezone(),
        organiser=footer_of(await Organiser.get(id=organiser_id)),
        notice=notice_of(request, NOTICES),
    )


async def make_new_version(request: Request) -> Response:
    asked, grant = await own_round(request), granted(request)
    made = await copies.new_version(
        grant.organiser_id, asked.id, actor=grant.actor, now=clock.now()
    )
    return done("desk:round", "created", id=made.id)


async def delete_draft(request: Request) -> Response:
    asked, grant = await own_round(request), granted(request)
    await rounds.delete(
        grant.organiser_id, asked.id, actor=grant.actor, now=clock.now()
    )
    return home_of(asked, "deleted")


async def show_open(request: Request) -> Response:
    """Say how many letters will be sent before they are."""
    draft = await own_round(request)
    rules.must_be_draft(draft)
    reminds = "on" if draft.reminds else ""
    typed = {"days": str(draft.open_days), "reminds": reminds}
    return await open_page(request, draft, Form(typed))


async def open_round(request: Request) -> Response:
    draft, grant, now = await own_round(request), granted(request), clock.now()
    form = await read_form(request, OpenFields)
    if form.value is None:
        return await open_page(request, draft, form, status=422)
    await rounds.open(
        grant.organiser_id,
        draft.id,
        closes_at=now + form.value.days * rules.A_DAY,
        reminds=form.value.reminds,
        actor=grant.actor,
        now=now,
    )
    return home_of(draft, "opened")


async def open_page(
    request: Request, draft: Round, form: Form[OpenFields], status: int = 200
) -> Response:
    return round_page(
        request,
        draft,
        "feedback/open.html",
        status=status,
        form=form,
        people=len(await people_of(draft)),
        early=draft.event is not None
        and draft.kind in (RoundKind.CLOSING, RoundKind.SURVEY)
        and not draft.event.is_past(clock.now()),
        questions=await queries.questions_of(draft.id),
        lacking=await queries.without_options(draft.id),
    )


async def show_close(request: Request) -> Response:
    asked = await own_round(request)
    rules.must_be_open(asked)
    form = Form[CloseFields]({"end": End.SOON.value})
    return await _close_page(request, asked, form)


async def close_round(request: Request) -> Response:
    asked, grant = await own_round(request), granted(request)
    form = await read_form(request, CloseFields)
    if form.value is None:
        return await _close_page(request, asked, form, status=422)
    at_once = form.value.end is End.NOW
    await rounds.close(
        grant.organiser_id,
        asked.id,
        at_once=at_once,
        actor=grant.actor,
        now=clock.now(),
    )
    return home_of(asked, "ended" if at_once else "ending")


async def _close_page(
    request: Request, asked: Round, form: Form[CloseFields], status: int = 200
) -> Response:
    return round_page(
        request,
        asked,
        "feedback/close.html",
        status=status,
        form=form,
        answered=await queries.count_responses(asked.id),
    )


EVENT = "/desk/events/{id:uuid}/feedback"
ROUND = "/desk/rounds/{id:uuid}"

routes = [
    route(EVENT, show_feedback, access=READER, name="desk:feedback"),
    route(EVENT, create, access=MANAGER, name="desk:create_round", methods=["POST"]),
    route("/desk/rounds", show_network, access=READER, name="desk:rounds"),
    route(
        "/desk/rounds",
        create_for_network,
        access=MANAGER,
        name="desk:create_network_round",
        methods=["POST"],
    ),
    route(
        f"{ROUND}/version",
        make_new_version,
        access=MANAGER,
        name="desk:new_round_version",
        methods=["POST"],
    ),
    route(
        f"{ROUND}/delete",
        delete_draft,
        access=MANAGER,
        name="desk:delete_round",
        methods=["POST"],
    ),
    route(f"{ROUND}/open", show_open, access=MANAGER, name="desk:ask_open_round"),
    route(
        f"{ROUND}/open",
        open_round,
        access=MANAGER,
        name="desk:open_round",
        methods=["POST"],
    ),
    route(f"{ROUND}/close", show_close, access=MANAGER, name="desk:ask_close_round"),
    route(
        f"{ROUND}/close",
        close_round,
        access=MANAGER,
        name="desk:close_round",
        methods=["POST"],
    ),
]
