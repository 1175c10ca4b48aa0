"""The consents of an event at the desk: what its form asks for, and who agrees."""

from collections.abc import AsyncIterator
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.local_times import local
from werkraum_foundation.models import Texts
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_foundation.spreadsheets import Cell, write_csv
from werkraum_registration import consent_lists, consent_wishes
from werkraum_registration.consent_wishes import (
    FIRST_WORDS,
    LONGEST_TEXT,
    Purpose,
    name_of,
    purpose_of,
    wishes_of,
)
from werkraum_registration.exports import note_export
from werkraum_server.desk.own_events import own_event
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts


class ConsentText(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OwnConsent(ConsentText):
    """A consent for a purpose of the organiser's own."""

    name: Annotated[str, line(max_length=40)]


ConsentForm = Form[ConsentText]


@cache
def model_of(base: type[ConsentText]) -> type[ConsentText]:
    return with_texts(
        base, {"text": Annotated[str, paragraphs(max_length=LONGEST_TEXT)]}
    )


async def show_consents(request: Request) -> Response:
    return await _list_page(request, await own_event(request), ConsentForm.showing())


async def add_own(request: Request) -> Response:
    """Ask for a consent of the organiser's own."""
    event = await own_event(request)
    form = await _read(request, OwnConsent)
    if form.value is not None and not purpose_of(form.text("name")):
        said = gettext("Please use Latin letters or digits here.")
        form = Form(form.typed, (Fault("name", "not_latin", said),))
    if form.value is None:
        return await _list_page(request, event, form, status=422)
    await _ask(request, event, purpose_of(form.text("name")), form.value)
    return see_other(request, "desk:consents", id=event.id)


async def _list_page(
    request: Request, event: Event, form: ConsentForm, status: int = 200
) -> Response:
    """Show what is asked, what else could be, and how many agree; two queries."""
    wishes = await wishes_of(event.id)
    asked = {wish.purpose for wish in wishes}
    agreed = await consent_lists.agreed_of(event.id)
    return page(
        request,
        "desk/consents.html",
        status=status,
        event=event,
        form=form,
        wishes=wishes,
        more=[it.value for it in Purpose if it not in asked],
        # Asked for no longer, but it still holds.
        past=[it for it in sorted(agreed) if it not in asked],
        agreed=agreed,
        name_of=name_of,
        may_ask=len(wishes) < consent_wishes.MOST_ASKED,
        organiser=footer_of(event.organiser),
    )


async def show_one(request: Request) -> Response:
    """Show the text of a consent, the one in use or one to begin with."""
    event = await own_event(request)
    texts = await _texts(request, event)
    return await _one_page(request, event, Form(typed_texts("text", texts)))


async def save(request: Request) -> Response:
    event = await own_event(request)
    await _texts(request, event)
    form = await _read(request, ConsentText)
    if form.value is None:
        return await _one_page(request, event, form, status=422)
    await _ask(request, event, request.path_params["purpose"], form.value)
    return see_other(request, "desk:consents", id=event.id)


async def _ask(
    request: Request, event: Event, purpose: str, value: ConsentText
) -> None:
    grant = granted(request)
    await consent_wishes.ask(
        grant.organiser_id,
        event.id,
        purpose,
        texts_of(value, "text"),
        actor=grant.actor,
        now=clock.now(),
    )


async def _read(request: Request, base: type[ConsentText]) -> ConsentForm:
    """Read the form; without words in one language there is nothing to agree to."""
    form: ConsentForm = await read_form(request, model_of(base))
    texts = [form.text(f"text_{code}") for code in settings().languages]
    if any(text.strip() for text in texts):
        return form
    return Form(form.typed, (*form.faults, fault("text", "missing")))


async def _texts(request: Request, event: Event) -> Texts:
    """Find the words of a purpose that is asked or could be, or raise `NotFound`."""
    purpose = request.path_params["purpose"]
    for wish in await wishes_of(event.id):
        if wish.purpose == purpose:
            return wish.text
    if purpose not in list(Purpose):
        raise NotFound
    first = FIRST_WORDS[Purpose(purpose)]
    return {code: text for code, text in first.items() if code in settings().languages}


async def _one_page(
    request: Request, event: Event, form: ConsentForm, status: int = 200
) -> Response:
    purpose = request.path_params["purpose"]
    wishes = await wishes_of(event.id)
    return page(
        request,
        "desk/consent.html",
        status=status,
        event=event,
        form=form,
        purpose=purpose,
        name=name_of(purpose),
        is_asked=purpose in {wish.purpose for wish in wishes},
        organiser=footer_of(event.organiser),
    )


async def remove(request: Request) -> Response:
    event, grant = await own_event(request), granted(request)
    await consent_wishes.ask_no_more(
        grant.organiser_id,
        event.id,
        request.path_params["purpose"],
        actor=grant.actor,
        now=clock.now(),
    )
    return see_other(request, "desk:consents", id=event.id)


async def show_csv(request: Request) -> Response:
    """Stream who agrees to a purpose right now, for a spreadsheet program."""
    event, purpose = await own_event(request), request.path_params["purpose"]
    agreed = (await consent_lists.agreed_of(event.id)).get(purpose)
    if agreed is None:
        raise NotFound
    actor, now = granted(request).actor, clock.now()
    await note_export(event, rows=agreed.standing, actor=actor, now=now)
    name = f"{event.slug}-{purpose}-{local(now, event.timezone):%Y-%m-%d}.csv"
    return StreamingResponse(
        _csv(event, purpose),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def _csv(event: Event, purpose: str) -> AsyncIterator[bytes]:
    headings: list[Cell] = [
        gettext("Name"),
        gettext("E-mail address"),
        gettext("Language"),
        gettext("Agreed at"),
    ]
    for line_ in write_csv([headings], delimiter=";", bom=True):
        yield line_
    skip = 0
    while batch := await consent_lists.consenting(event.id, purpose, skip=skip):
        for it in batch:
            at = f"{local(it.given_at, event.timezone):%Y-%m-%d %H:%M}"
            row: list[Cell] = [it.name, it.email, it.language, at]
            for line_ in write_csv([row], delimiter=";"):
                yield line_
        skip += len(batch)


ALL = "/desk/events/{id}/consents"
ONE = ALL + "/{purpose}"

routes = [
    route(ALL, show_consents, access=READER, name="desk:consents"),
    route(ALL, add_own, access=MANAGER, name="desk:add_consent", methods=["POST"]),
    route(ONE + "/people.csv", show_csv, access=MANAGER, name="desk:consents_csv"),
    route(ONE, show_one, access=MANAGER, name="desk:consent"),
    route(ONE, save, access=MANAGER, name="desk:save_consent", methods=["POST"]),
    route(
        ONE + "/remove",
        remove,
        access=MANAGER,
        name="desk:remove_consent",
        methods=["POST"],
    ),
]
