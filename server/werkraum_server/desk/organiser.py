"""The organiser's own settings: its name, its address, its legal texts."""

from datetime import datetime
from functools import cache
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import audit, clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.entrances import OWNER, READER
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.models import Organiser, Role
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts
from werkraum_server.public.legal_texts import PAGES, default_texts

LARGEST = 512 * 1024
LegalText = Annotated[str, paragraphs(max_length=10_000)]


class OrganiserFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, line(max_length=200, min_length=2)]
    contact: MailAddress


@cache
def organiser_model() -> type[OrganiserFields]:
    return with_texts(OrganiserFields, dict.fromkeys(PAGES, LegalText))


async def show_organiser(request: Request) -> Response:
    """Show the settings; where a text is missing, its first draft is offered.

    Whoever is not an owner is led to the team, the other half of the menu's word.
    """
    if granted(request).role is not Role.OWNER:
        return see_other(request, "desk:team")
    organiser = await Organiser.get(id=granted(request).organiser_id)
    saved = "done" in request.query_params
    notice = gettext("Your changes are saved.") if saved else None
    return _organiser_page(request, organiser, Form(_typed(organiser)), notice=notice)


async def save_organiser(request: Request) -> Response:
    grant = granted(request)
    form = await read_form(request, organiser_model(), limit=LARGEST)
    if form.value is None:
        organiser = await Organiser.get(id=grant.organiser_id)
        return _organiser_page(request, organiser, form, status=422)
    await change(grant.organiser_id, form.value, actor=grant.actor, now=clock.now())
    response = see_other(request, "desk:organiser")
    response.headers["location"] += "?done=saved"
    return response


@unit_of_work
async def change(
    organiser_id: UUID, wish: OrganiserFields, *, actor: str, now: datetime
) -> None:
    """Change what stands in every footer of the organiser."""
    texts = {name: texts_of(wish, name) for name in PAGES}
    await Organiser.filter(id=organiser_id).update(
        name=wish.name, contact=wish.contact, **texts
    )
    await audit.record(
        organiser_id, "organiser.change", organiser_id, actor=actor, now=now
    )


def _typed(organiser: Organiser) -> dict[str, str]:
    typed = {"name": organiser.name, "contact": organiser.contact}
    for name in PAGES:
        texts = getattr(organiser, name) or default_texts(
            name, name=organiser.name, contact=organiser.contact
        )
        typed |= typed_texts(name, texts)
    return typed


def _organiser_page(
    request: Request,
    organiser: Organiser,
    form: Form[OrganiserFields],
    *,
    status: int = 200,
    notice: str | None = None,
) -> Response:
    return page(
        request,
        "desk/organiser.html",
        status=status,
        form=form,
        organiser=footer_of(organiser),
        notice=notice,
    )


routes = [
    route("/desk/organiser", show_organiser, access=READER, name="desk:organiser"),
    route(
        "/desk/organiser",
        save_organiser,
        access=OWNER,
        name="desk:save_organiser",
        methods=["POST"],
    ),
]
