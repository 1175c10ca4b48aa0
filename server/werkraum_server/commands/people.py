"""`werkraum organiser`: the first people of an installation, and a way back in."""

import json
from typing import Annotated, TypeVar

from pydantic import BaseModel, ValidationError

from werkraum_foundation import clock
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.faults import faults_of
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.models import LinkOrigin, Organiser, Role
from werkraum_foundation.people import (
    LegalTexts,
    NewKey,
    add_member,
    add_organiser,
    make_api_key,
    person_by_address,
)
from werkraum_foundation.plain_text import line
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_foundation.sign_in import NewLink, make_link
from werkraum_server.cannot import Cannot
from werkraum_server.commands.on_database import on_database
from werkraum_server.public.legal_texts import default_texts

AT_THE_DESK = (
    "While it runs, people are added at the desk, and everybody gets a new link"
    " from the page /desk/sign-in. For this command, stop it first."
)


M = TypeVar("M", bound=BaseModel)


class KnownPerson(BaseModel):
    """Who is meant; the rules are those of the desk."""

    email: MailAddress


class NewOrganiser(KnownPerson):
    name: Annotated[str, line(max_length=200, min_length=2)]


def add(name: str, email: str, *, api_key: bool) -> None:
    """Add an organiser with its owner, and print one line of JSON."""
    wish = _read(NewOrganiser, name=name, email=email)
    organiser, link, key = on_database(
        lambda: add_with_owner(wish, api_key=api_key),
        command="organiser add",
        way=AT_THE_DESK,
    )
    _print(
        organiser=str(organiser.id),
        sign_in_url=sign_in_url(link),
        api_key=key.key if key else None,
    )


@unit_of_work
async def add_with_owner(
    wish: NewOrganiser, *, api_key: bool
) -> tuple[Organiser, NewLink, NewKey | None]:
    now = clock.now()
    organiser = await add_organiser(
        wish.name, wish.email, first_texts(wish), actor=SYSTEM, now=now
    )
    # Nobody has told us the person's name; the desk changes it.
    called = wish.email.partition("@")[0]
    person = await add_member(
        organiser.id, called, wish.email, Role.OWNER, actor=SYSTEM, now=now
    )
    link = await make_link(person.id, LinkOrigin.COMMAND, browser_hash=None, now=now)
    if not api_key:
        return organiser, link, None
    return organiser, link, await make_api_key(organiser.id, actor=SYSTEM, now=now)


def first_texts(wish: NewOrganiser) -> LegalTexts:
    """The legal texts to begin with; what only the organiser knows is a gap."""
    imprint, privacy, accessibility = (
        default_texts(page, name=wish.name, contact=wish.email)
        for page in ("imprint", "privacy", "accessibility")
    )
    return LegalTexts(imprint, privacy, accessibility)


def link(email: str) -> None:
    """Print a new sign-in link of a person as one line of JSON."""
    address = _read(KnownPerson, email=email).email
    made = on_database(
        lambda: link_for(address), command="organiser link", way=AT_THE_DESK
    )
    _print(sign_in_url=sign_in_url(made))


async def link_for(email: str) -> NewLink:
    try:
        person = await person_by_address(email)
    except NotFound as refusal:
        raise Cannot(f"Nobody here has the address {email}.") from refusal
    return await make_link(
        person.id, LinkOrigin.COMMAND, browser_hash=None, now=clock.now()
    )


def sign_in_url(link: NewLink) -> str:
    # By hand: the routes alone would cost a command most of a second.
    return f"{settings().base_url}/sign-in/{link.token}"


def _read(model: type[M], **given: str) -> M:
    try:
        return model(**given)
    except ValidationError as error:
        faults = faults_of(error)
    raise Cannot(*(f"--{fault.field}: {fault.message}" for fault in faults))


def _print(**fields: str | None) -> None:
    print(json.dumps(fields, ensure_ascii=False))
