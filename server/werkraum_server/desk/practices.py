"""Best-practice cards at the desk: write, ask, note a consent, publish, take down."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_events.models import Event
from werkraum_events.queries import event_of
from werkraum_feedback.coding import codebook
from werkraum_feedback.follow_up import countries, follow_up_words, practices
from werkraum_feedback.follow_up.pledge_list import identifier
from werkraum_feedback.follow_up.practice_rules import is_gone
from werkraum_feedback.follow_up_models import Practice
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.plain_text import line
from werkraum_server.desk.own_events import own_event, own_footer
from werkraum_server.desk.practice_form import PracticeForm, read_practice, typed_of


class ConsentFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    note: Annotated[str, line(max_length=500)]


ConsentForm = Form[ConsentFields]


async def show_event_practices(request: Request) -> Response:
    return await _list_page(request, await own_event(request))


async def show_practices(request: Request) -> Response:
    return await _list_page(request, None)


async def show_new(request: Request) -> Response:
    return await _form_page(request, PracticeForm.showing(), None)


async def make(request: Request) -> Response:
    grant, form = granted(request), await read_practice(request)
    if form.value is None:
        return await _form_page(request, form, None, status=422)
    event = await _asked_event(request)
    made = await practices.make(
        grant.organiser_id,
        form.value.wish(),
        event_id=event.id if event else None,
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:practice", practice=made.id)


async def make_of_statement(request: Request) -> Response:
    """Begin a card with a statement of the ledger, or lead to the one there is."""
    event, grant = await own_event(request), granted(request)
    made = await practices.make_from(
        grant.organiser_id,
        event.id,
        path_id(request, "statement"),
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:edit_practice", practice=made.id)


async def show_practice(request: Request) -> Response:
    practice = await _own(request)
    form = ConsentForm.showing({"note": practice.consent_note})
    return await _card_page(request, practice, form)


async def show_edit(request: Request) -> Response:
    practice = await _own(request)
    return await _form_page(request, PracticeForm.showing(typed_of(practice)), practice)


async def edit(request: Request) -> Response:
    practice, grant = await _own(request), granted(request)
    form = await read_practice(request)
    if form.value is None:
        return await _form_page(request, form, practice, status=422)
    await practices.edit(
        grant.organiser_id,
        practice.id,
        form.value.wish(),
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:practice", practice=practice.id)


async def note_consent(request: Request) -> Response:
    practice, grant = await _own(request), granted(request)
    form = await read_form(request, ConsentFields)
    if form.value is None:
        return await _card_page(request, practice, form, status=422)
    await practices.note_consent(
        grant.organiser_id,
        practice.id,
        form.value.note,
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:practice", practice=practice.id)


async def ask(request: Request) -> Response:
    practice, grant = await _own(request), granted(request)
    await practices.ask(
        grant.organiser_id, practice.id, actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:practice", practice=practice.id)


async def publish(request: Request) -> Response:
    practice, grant = await _own(request), granted(request)
    await practices.publish(
        grant.organiser_id, practice.id, actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:practice", practice=practice.id)


async def take_down(request: Request) -> Response:
    practice, grant = await _own(request), granted(request)
    await practices.take_down(
        grant.organiser_id, practice.id, actor=grant.actor, now=clock.now()
    )
    return see_other(request, "desk:practice", practice=practice.id)


async def _own(request: Request) -> Practice:
    organiser_id = granted(request).organiser_id
    return await practices.practice_of(organiser_id, path_id(request, "practice"))


async def _asked_event(request: Request) -> Event | None:
    event_id = identifier(request.query_params.get("event", ""))
    return await event_of(granted(request).organiser_id, event_id) if event_id else None


async def _list_page(request: Request, event: Event | None) -> Response:
    organiser_id = granted(request).organiser_id
    return await _page(
        request,
        "desk/practices.html",
        event,
        practices=await practices.practices_of(
            organiser_id, event.id if event else None
        ),
    )


async def _card_page(
    request: Request, practice: Practice, form: ConsentForm, status: int = 200
) -> Response:
    return await _page(
        request,
        "desk/practice.html",
        practice.event,
        status=status,
        practice=practice,
        gone=is_gone(practice),
        form=form,
        countries=countries.names_of(practice.countries),
    )


async def _form_page(
    request: Request, form: PracticeForm, practice: Practice | None, status: int = 200
) -> Response:
    event = practice.event if practice else await _asked_event(request)
    return await _page(
        request,
        "desk/practice_form.html",
        event,
        status=status,
        practice=practice,
        form=form,
        themes=await codebook.themes_of(granted(request).organiser_id),
    )


async def _page(
    request: Request,
    template: str,
    event: Event | None,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    return page(
        request,
        template,
        status=status,
        event=event,
        past=event is not None and event.is_past(clock.now()),
        words=follow_up_words,
        organiser=await own_footer(request),
        **context,
    )


ALL = "/desk/practices"
ONE = ALL + "/{practice}"
DEEDS = {"ask": ask, "consent": note_consent, "publish": publish, "down": take_down}

routes = [
    route(
        "/desk/events/{id}/feedback/practices",
        show_event_practices,
        access=READER,
        name="desk:event_practices",
    ),
    route(
        "/desk/events/{id}/feedback/statements/{statement}/practice",
        make_of_statement,
        access=MANAGER,
        name="desk:practice_of_statement",
        methods=["POST"],
    ),
    route(ALL, show_practices, access=READER, name="desk:practices"),
    route(ALL + "/new", show_new, access=MANAGER, name="desk:new_practice"),
    route(
        ALL + "/new", make, access=MANAGER, name="desk:make_practice", methods=["POST"]
    ),
    route(ONE, show_practice, access=READER, name="desk:practice"),
    route(ONE + "/edit", show_edit, access=MANAGER, name="desk:edit_practice"),
    route(
        ONE + "/edit",
        edit,
        access=MANAGER,
        name="desk:save_practice",
        methods=["POST"],
    ),
    *(
        route(
            f"{ONE}/{name}",
            deed,
            access=MANAGER,
            name=f"desk:practice_{name}",
            methods=["POST"],
        )
        for name, deed in DEEDS.items()
    ),
]
