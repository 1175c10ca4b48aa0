"""Signing in to the desk: ask for a link, open it, press its button."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_foundation import clock, sign_in
from werkraum_foundation.access import PUBLIC, granted, route
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.entrances import READER, cookie_name
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import language
from werkraum_foundation.limits import (
    SIGN_IN_ADDRESS,
    SIGN_IN_CLIENT,
    client_network,
    must_be_within,
)
from werkraum_foundation.mail_addresses import MailAddress, normalised
from werkraum_foundation.models import LinkOrigin, Person
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.refusals import Refused, TooMany
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import hashed, new_token


class Ask(BaseModel):
    model_config = ConfigDict(extra="forbid")
    email: MailAddress


class Press(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, StringConstraints(pattern="^[0-9]{6}$")] | None = None


def browser_cookie() -> str:
    """Name the cookie that tells the asking browser from another one."""
    return cookie_name() + "-asked"


async def show_ask(request: Request) -> Response:
    return page(request, "desk/sign_in.html", form=Form[Ask].showing())


async def ask(request: Request) -> Response:
    """Send a link if the address belongs to somebody; the answer is the same."""
    await must_be_within(SIGN_IN_CLIENT, client_network(request))
    form = await read_form(request, Ask)
    if form.value is None:
        return page(request, "desk/sign_in.html", form=form, status=422)
    key = normalised(form.value.email)
    await must_be_within(SIGN_IN_ADDRESS, key)
    browser = new_token()
    await _ask_for_link(key, browser, language())
    response = see_other(request, "desk:asked")
    _set(response, browser_cookie(), browser, seconds=600)
    return response


@unit_of_work
async def _ask_for_link(email_key: str, browser: str, lang: str) -> None:
    """Make the link when the letter is made: no job carries a token."""
    person = await Person.get_or_none(email_key=email_key)
    if person is not None:
        await enqueue(
            "letter:sign_in",
            {
                "person_id": str(person.id),
                "browser_hash": hashed(browser),
                "language": person.language or lang,
            },
        )


async def show_asked(request: Request) -> Response:
    return page(request, "desk/sign_in_asked.html")


async def show_link(request: Request) -> Response:
    """Show the button; opening the link does nothing (mail gateways open links)."""
    token = request.path_params["token"]
    link = await sign_in.must_be_open(token, now=clock.now())
    return _link_page(request, link.origin, Form[Press].showing())


def _link_page(
    request: Request, origin: LinkOrigin, form: Form[Press], status: int = 200
) -> Response:
    asked = bool(request.cookies.get(browser_cookie()))
    needs_code = origin is LinkOrigin.LETTER and not asked
    return page(
        request,
        "desk/sign_in_link.html",
        form=form,
        needs_code=needs_code or bool(form.faults),
        status=status,
    )


async def press(request: Request) -> Response:
    """Use the link and sign this browser in."""
    token = request.path_params["token"]
    link = await sign_in.must_be_open(token, now=clock.now())
    form = await read_form(request, Press)
    if form.value is None:
        return _link_page(request, link.origin, form, status=422)
    try:
        secret = await sign_in.sign_in(
            token,
            browser=request.cookies.get(browser_cookie()),
            code=form.value.code,
            now=clock.now(),
        )
    except sign_in.OtherBrowser as refusal:
        refused = await _refused_code(token, form.value.code, refusal)
        again = Form[Press](form.typed, (_at_code(refused),))
        return _link_page(request, link.origin, again, status=refused.status)
    response = RedirectResponse("/desk/", status_code=303)
    _set(response, cookie_name(), secret, seconds=None)
    response.delete_cookie(browser_cookie(), path="/")
    return response


async def _refused_code(
    token: str, code: str | None, refusal: sign_in.OtherBrowser
) -> Refused:
    """Count a wrong code; raises `TooMany` where it was the last try."""
    if code is None:
        return refusal
    if await sign_in.count_wrong_code(token) >= sign_in.CODE_TRIES:
        raise TooMany(600)
    return sign_in.WrongCode()


def _at_code(refused: Refused) -> Fault:
    if isinstance(refused, sign_in.OtherBrowser):
        # Which digits are meant stands above the field.
        return fault("code", "missing")
    return Fault("code", refused.code, refused.message())


async def leave(request: Request) -> Response:
    """End the sign-in here, on the server."""
    grant = granted(request)
    assert grant.sign_in_id is not None
    await sign_in.sign_out(grant.sign_in_id)
    response = RedirectResponse("/desk/sign-in", status_code=303)
    response.delete_cookie(cookie_name(), path="/")
    response.headers["clear-site-data"] = '"cache"'
    return response


def _set(response: Response, name: str, value: str, *, seconds: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=settings().secure,
        httponly=True,
        samesite="lax",
    )


routes = [
    route("/desk/sign-in", show_ask, access=PUBLIC, name="desk:sign_in"),
    route("/desk/sign-in", ask, access=PUBLIC, name="desk:ask", methods=["POST"]),
    route("/desk/sign-in/asked", show_asked, access=PUBLIC, name="desk:asked"),
    route("/sign-in/{token}", show_link, access=PUBLIC, name="desk:link"),
    route(
        "/sign-in/{token}", press, access=PUBLIC, name="desk:press", methods=["POST"]
    ),
    route("/desk/sign-out", leave, access=READER, name="desk:leave", methods=["POST"]),
]
