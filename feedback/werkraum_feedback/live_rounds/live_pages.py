"""The live page of whoever is in the room: the code, one question, one tap."""

import re
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_feedback.asking import queries
from werkraum_feedback.live_rounds import live_cards, live_keys, live_rules, live_voices
from werkraum_feedback.live_rounds.live_form import Sent, VoiceFields, read_voice
from werkraum_feedback.live_rounds.live_view import LiveNow, live_now, round_with_code
from werkraum_feedback.models import Round
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, PUBLIC, route
from werkraum_foundation.faults import Fault
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.limits import client_network, must_be_within, must_not_be_spent
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import new_token

CODE = re.compile(r"[0-9]{6}", re.ASCII)
GAPS = re.compile(r"[\s\-–]+")
LONGEST_TYPED = 40


NOTICES = {
    "taken": noop("Thank you, that has arrived."),
    "known": noop("That had arrived already, and counts once."),
    "voted": noop("Your vote has arrived."),
}


async def choose_language(request: Request) -> Response:
    """Lead the address as people say it, without a language, to the browser's."""
    return RedirectResponse(
        path_to("live:code"), status_code=307, headers={"Vary": "Accept-Language"}
    )


async def show_code(request: Request) -> Response:
    """Ask for the code; with `?code=` lead to its round."""
    _must_be_spoken(request)
    typed = request.query_params.get("code", "")[:LONGEST_TYPED]
    if not typed:
        return _code_page(request, Form[BaseModel].showing())
    code = GAPS.sub("", typed)
    try:
        await find_round(request, code)
    except live_rules.UnknownCode as unknown:
        fault = Fault("code", unknown.code, unknown.message())
        return _code_page(request, Form({"code": typed}, (fault,)), status=404)
    return RedirectResponse(path_to("live:round", code=code), status_code=303)


def _code_page(request: Request, form: Form[BaseModel], status: int = 200) -> Response:
    return page(request, "feedback/live_code.html", status=status, form=form)


def _must_be_spoken(request: Request) -> None:
    if request.path_params["lang"] not in settings().languages:
        raise NotFound


async def find_round(request: Request, code: str, key: str = "") -> Round:
    """Find the round of a code; raises `UnknownCode`, `TooMany` after many guesses.

    Whoever has a key of the round has found it before and is not held up by others
    of the same network who guess.
    """
    network = client_network(request)
    if not CODE.fullmatch(code):
        raise live_rules.UnknownCode
    if len(key) != live_keys.LENGTH:
        await must_not_be_spent(live_rules.WRONG_CODES, network)
    try:
        found = await round_with_code(code)
        if key and not live_keys.is_key_of(found.id, key):
            raise live_rules.UnknownCode
    except live_rules.UnknownCode:
        await must_be_within(live_rules.WRONG_CODES, network)
        raise
    return found


async def show_live(request: Request) -> Response:
    """Show the question that is on, to a device that has no key yet."""
    _must_be_spoken(request)
    asked = await find_round(request, request.path_params["code"])
    return await _live_page(request, asked, live_keys.device_key(asked.id))


async def show_live_again(request: Request) -> Response:
    """Show it to whoever has a key: what they have said already counts."""
    asked, key = await _keyed(request)
    return await _live_page(request, asked, key)


async def _keyed(request: Request) -> tuple[Round, str]:
    _must_be_spoken(request)
    key = request.path_params["key"]
    return await find_round(request, request.path_params["code"], key), key


async def speak_up(request: Request) -> Response:
    """Take a voice, once; a text that comes too late is handed back."""
    asked, key = await _keyed(request)
    live_rules.must_be_live(asked, now=clock.now())
    await must_be_within(live_rules.VOICES, client_network(request))
    sent = await read_voice(request, await queries.questions_of(asked.id))
    if sent.voice is None:
        return await _live_page(request, asked, key, sent=sent, status=422)
    if sent.voice.answer.text:
        await must_be_within(live_rules.CARDS, client_network(request))
    try:
        new = await live_voices.cast(asked.id, sent.voice, key=key, now=clock.now())
    except live_rules.QuestionOver as over:
        return await _live_page(request, asked, key, late=sent, status=over.status)
    return _back(asked, key, "taken" if new else "known")


async def vote(request: Request) -> Response:
    """Vote for a card, once."""
    asked, key = await _keyed(request)
    await must_be_within(live_rules.VOICES, client_network(request))
    new = await live_cards.vote(
        asked.id, path_id(request, "card"), key=key, now=clock.now()
    )
    return _back(asked, key, "voted" if new else "known")


def _back(asked: Round, key: str, what: str) -> Response:
    again = path_to("live:again", code=asked.live_code, key=key)
    return RedirectResponse(f"{again}?done={what}", status_code=303)


async def _live_page(
    request: Request,
    asked: Round,
    key: str,
    *,
    sent: Sent | None = None,
    late: Sent | None = None,
    status: int = 200,
) -> Response:
    """Show how things are; a round that is over says so, with the status of it."""
    if not live_rules.is_live(asked, now=clock.now()):
        return _page(request, asked, "feedback/live_over.html", status=410)
    now = await live_now(asked, key=key)
    said = NOTICES.get(request.query_params.get("done", ""))
    form = sent.form if sent else Form[VoiceFields].showing()
    return _page(
        request,
        asked,
        "feedback/live.html",
        status=status,
        now=now,
        key=key,
        kept_under=live_keys.mark_of(asked.id),
        keyed="key" in request.path_params,
        personal=live_keys.is_personal(key),
        heard=await _is_heard(asked, now, key),
        form=form,
        once=form.text("once") or new_token(),
        late_text=late.voice.answer.text if late and late.voice else None,
        late=late is not None,
        most=live_rules.MOST_CHARACTERS,
        notice=gettext(said) if said else None,
    )


async def _is_heard(asked: Round, now: LiveNow, key: str) -> bool:
    """Whether this key has answered what is on; of cards there may be several."""
    on = now.glance.question_id
    if on is None or now.asks_for_cards:
        return False
    return await live_voices.has_voice(asked.id, on, key)


def _page(
    request: Request,
    asked: Round,
    template: str,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    return page(
        request,
        template,
        status=status,
        round=asked,
        event=asked.event,
        organiser=footer_of(asked.organiser),
        **context,
    )


LIVE = "/{lang}/live"

routes = [
    route("/live", choose_language, access=PUBLIC, name="live:door"),
    route(LIVE, show_code, access=PUBLIC, name="live:code"),
    route(f"{LIVE}/{{code}}", show_live, access=PUBLIC, name="live:round"),
    route(
        f"{LIVE}/{{code}}/{{key}}", show_live_again, access=PERSONAL, name="live:again"
    ),
    route(
        f"{LIVE}/{{code}}/{{key}}",
        speak_up,
        access=PERSONAL,
        name="live:speak_up",
        methods=["POST"],
    ),
    route(
        f"{LIVE}/{{code}}/{{key}}/cards/{{card}}",
        vote,
        access=PERSONAL,
        name="live:vote",
        methods=["POST"],
    ),
]
