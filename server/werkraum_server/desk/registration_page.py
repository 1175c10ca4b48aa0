"""One registration at the desk: everything of it, its history, and putting it right."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_calendar import replies
from werkraum_calendar.queries import invitation_of_any
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import MANAGER, READER
from werkraum_foundation.faults import Fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.links import path_to
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.pages import page
from werkraum_foundation.plain_text import PersonName, line, paragraphs
from werkraum_registration import addresses, bounces, desk_edits, words
from werkraum_registration.answers import answers_by
from werkraum_registration.attended import records_of
from werkraum_registration.chosen_sessions import chosen_by
from werkraum_registration.consent_wishes import name_of
from werkraum_registration.consents import all_of
from werkraum_registration.desk_edits import Edit
from werkraum_registration.import_lines import MOST_TAGS
from werkraum_registration.listing import listed, tags_in_use
from werkraum_registration.models import ENDED, FormQuestionKind, Need, Registration
from werkraum_registration.queries import wishes_of
from werkraum_registration.questions import questions_of
from werkraum_server.desk.calendar_words import bounce_words, entry_words, reply_words
from werkraum_server.desk.history import history_of
from werkraum_server.desk.registrations import own_registration

LONGEST_TAGS = 500


class EditFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: PersonName
    email: MailAddress
    tags: Annotated[str, line(max_length=LONGEST_TAGS)] | None = None
    note: Annotated[str, paragraphs(max_length=500)] | None = None


async def show_registration(request: Request) -> Response:
    registration = await own_registration(request)
    return await _page(request, registration, await _typed(registration))


async def _typed(registration: Registration) -> Form[EditFields]:
    [it] = await listed(registration.event_id, only=[registration.id])
    return Form(
        {
            "name": it.name,
            "email": it.email,
            "tags": ", ".join(it.tags),
            "note": it.note,
        }
    )


async def _page(
    request: Request,
    registration: Registration,
    form: Form[EditFields],
    status: int = 200,
) -> Response:
    event, grant = registration.event, granted(request)
    [it] = await listed(event.id, only=[registration.id])
    questions = await questions_of(event.id)
    history = await history_of(grant.organiser_id, registration.id, questions)
    invitation = await invitation_of_any([registration.id])
    return page(
        request,
        "desk/registration.html",
        status=status,
        event=event,
        it=it,
        form=form,
        words=words,
        name_of=name_of,
        ended=it.state in ENDED,
        past=event.is_past(clock.now()),
        # What somebody needs to take part is no business of everybody in the office.
        answers=[
            each
            for each in await answers_by(registration.id)
            if each.question.kind is not FormQuestionKind.NEED
        ],
        chosen=await chosen_by(registration.id, await wishes_of(registration.id)),
        needs=await Need.filter(registration_id=registration.id).order_by("id"),
        consents=await all_of(registration.id),
        attendance=await records_of(registration.id),
        asked_address=await addresses.pending(registration.id, now=clock.now()),
        tags=await tags_in_use(event.id),
        calendar=await replies.replies_of(registration.id),
        reply_words=reply_words,
        bounces=await bounces.bounces_of(registration) if it.email else [],
        bounce_words=bounce_words,
        history=history,
        last_letter=next((it for it in history if it.is_letter), None),
        entry=entry_words(invitation, registration) if invitation else None,
        notice=_notice(request),
        organiser=footer_of(event.organiser),
    )


def _notice(request: Request) -> str | None:
    if "saved" in request.query_params:
        return gettext("Saved.")
    if "sent" in request.query_params:
        return gettext("The letter is on its way.")
    return None


async def edit(request: Request) -> Response:
    """Save the name, the tags and the note; the owner of a new address is asked."""
    registration = await own_registration(request)
    form = await read_form(request, EditFields)
    if form.value is None:
        return await _page(request, registration, form, status=422)
    tags = list(dict.fromkeys(_tags(form.value.tags or "")))
    if fault := _fault_of(tags):
        return await _page(
            request, registration, Form(form.typed, (fault,)), status=422
        )
    actor, now = granted(request).actor, clock.now()
    if form.value.email != registration.email:
        await addresses.ask(registration.id, form.value.email, now=now)
    await desk_edits.edit(
        registration.id,
        Edit(form.value.name, form.value.note or "", tags),
        actor=actor,
        now=now,
    )
    back = path_to("desk:registration", id=registration.id)
    return RedirectResponse(f"{back}?saved=1", status_code=303)


def _tags(typed: str) -> list[str]:
    return [tag.strip() for tag in typed.replace(";", ",").split(",") if tag.strip()]


def _fault_of(tags: list[str]) -> Fault | None:
    if len(tags) > MOST_TAGS:
        said = gettext("Please use at most %(most)s tags.", most=MOST_TAGS)
        return Fault("tags", "too_many", said)
    if any(len(tag) > 40 for tag in tags):
        said = gettext("A tag has at most 40 characters.")
        return Fault("tags", "too_long", said)
    return None


ONE = "/desk/registrations/{id}"
routes = [
    route(ONE, show_registration, access=READER, name="desk:registration"),
    route(ONE, edit, access=MANAGER, name="desk:edit_registration", methods=["POST"]),
]
