"""The moderator's page of a pulse, and the one for the wall."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.answering.records import question_of
from werkraum_feedback.asking import queries
from werkraum_feedback.asking.round_pages import done, own_round, round_page
from werkraum_feedback.live_rounds import live, live_cards, live_rules, live_voices
from werkraum_feedback.live_rounds.live_form import EnteredFields, Sent, read_voice
from werkraum_feedback.live_rounds.live_view import live_now
from werkraum_feedback.models import Channel, QuestionRow, Round, RoundState
from werkraum_feedback.statement_models import StatementState
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop
from werkraum_foundation.links import address_of
from werkraum_foundation.path_ids import path_id
from werkraum_foundation.qr_codes import qr_code
from werkraum_foundation.refusals import Refused
from werkraum_foundation.tokens import new_token

NOTICES = {
    "started": noop("The live round is on. People join with the code."),
    "asked": noop("Everybody sees this question now."),
    "paused": noop("Nobody sees a question now."),
    "revealed": noop("Voting has ended, and everybody sees the result."),
    "entered": noop("The voices are counted."),
    "known": noop("That had been sent already, and counts once."),
    "decided": noop("The card is where you put it."),
    "ended": noop("The live round is over. Its results can be read now."),
}


class AskedFields(BaseModel):
    """Which question everybody sees; empty for none."""

    model_config = ConfigDict(extra="forbid")
    question: UUID | None = None


class RevealedFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    question: UUID


class Put(StrEnum):
    SHOWN = "shown"
    HIDDEN = "hidden"


class CardFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    put: Put


async def own_pulse(request: Request) -> Round:
    """Find the pulse in the path, among the rounds of the organiser only."""
    asked = await own_round(request)
    live_rules.must_be_a_pulse(asked)
    return asked


async def show_live(request: Request) -> Response:
    return await _live_page(request, await own_pulse(request))


async def start(request: Request) -> Response:
    asked, grant = await own_pulse(request), granted(request)
    await live.start(grant.organiser_id, asked.id, actor=grant.actor, now=clock.now())
    return _back(asked, "started")


async def ask(request: Request) -> Response:
    asked, grant = await own_pulse(request), granted(request)
    wish = _read(await read_form(request, AskedFields))
    await live.ask(
        grant.organiser_id,
        asked.id,
        wish.question,
        actor=grant.actor,
        now=clock.now(),
    )
    return _back(asked, "asked" if wish.question else "paused")


async def reveal(request: Request) -> Response:
    """Show the result; a no is said on the page itself, as the hall is waiting."""
    asked, grant = await own_pulse(request), granted(request)
    wish = _read(await read_form(request, RevealedFields))
    try:
        await live.reveal(
            grant.organiser_id,
            asked.id,
            wish.question,
            actor=grant.actor,
            now=clock.now(),
        )
    except (live_rules.TooFewVoices, live_rules.QuestionOver) as no:
        return await _live_page(request, asked, refused=no)
    return _back(asked, "revealed")


async def end(request: Request) -> Response:
    asked, grant = await own_pulse(request), granted(request)
    await live.end(grant.organiser_id, asked.id, actor=grant.actor, now=clock.now())
    return _back(asked, "ended")


async def decide_card(request: Request) -> Response:
    asked, grant = await own_pulse(request), granted(request)
    wish = _read(await read_form(request, CardFields))
    await live_cards.decide(
        grant.organiser_id,
        asked.id,
        path_id(request, "card"),
        StatementState(wish.put),
        actor=grant.actor,
        now=clock.now(),
    )
    return _back(asked, "decided")


async def enter_voices(request: Request) -> Response:
    """Take what people said on the phone, or wrote on paper."""
    asked, grant, now = await own_pulse(request), granted(request), clock.now()
    live_rules.must_be_live(asked, now=now)
    sent = await read_voice(
        request, await queries.questions_of(asked.id), EnteredFields
    )
    fields = sent.form.value
    if sent.voice is None or not isinstance(fields, EnteredFields):
        return await _live_page(request, asked, sent=sent, status=422)
    new = await live_voices.enter(
        grant.organiser_id,
        asked.id,
        sent.voice,
        fields.channel,
        # A text is one voice: nobody says the same twice.
        count=1 if sent.voice.answer.text else fields.count,
        actor=grant.actor,
        now=now,
    )
    return _back(asked, "entered" if new else "known")


async def show_screen(request: Request) -> Response:
    """Show the wall: code, question, result, cards; nothing to press."""
    asked = await own_pulse(request)
    live_rules.must_be_live(asked, now=clock.now())
    return _page(request, asked, "feedback/live_screen.html", now=await live_now(asked))


async def show_qr(request: Request) -> Response:
    asked = await own_pulse(request)
    live_rules.must_be_live(asked, now=clock.now())
    return qr_code(address_of("live:round", code=asked.live_code))


def _read(form: Form[Any]) -> Any:  # Any: each form has a model of its own
    """What only a button of ours sends needs no page of its own when it is wrong."""
    if form.value is None:
        raise InvalidInput(form.faults)
    return form.value


def _back(asked: Round, what: str) -> Response:
    return done("desk:live", what, id=asked.id)


async def _live_page(
    request: Request,
    asked: Round,
    *,
    sent: Sent | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    said = NOTICES.get(request.query_params.get("done", ""))
    running = live_rules.is_live(asked, now=clock.now())
    form = sent.form if sent else Form(dict(USUAL))
    return _page(
        request,
        asked,
        "feedback/live_desk.html",
        status=refused.status if refused else status,
        refused=refused.message() if refused else None,
        running=running,
        now=await live_now(asked) if running else None,
        questions=await _questions(asked),
        form=form,
        once=form.text("once") or new_token(),
        channels=(Channel.MODERATOR, Channel.PAPER),
        most=live_rules.MOST_AT_ONCE,
        notice=gettext(said) if said else None,
    )


USUAL = {"channel": Channel.MODERATOR.value, "count": "1"}


async def _questions(asked: Round) -> list[tuple[QuestionRow, Any]]:
    """List the questions with their rows; of a draft those that will be asked."""
    rows = await queries.question_rows_of(asked.id)
    return [(row, question_of(row)) for row in rows if row.asked]


def _page(
    request: Request,
    asked: Round,
    template: str,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    is_on = asked.live_code is not None and asked.state is RoundState.OPEN
    return round_page(
        request,
        asked,
        template,
        status=status,
        address=address_of("live:code") if is_on else None,
        **context,
    )


LIVE = "/desk/rounds/{id:uuid}/live"


def _post(path: str, deed: Any, name: str) -> Any:  # Any: as `route` takes them
    return route(f"{LIVE}/{path}", deed, access=HOST, name=name, methods=["POST"])


routes = [
    route(LIVE, show_live, access=HOST, name="desk:live"),
    route(f"{LIVE}/screen", show_screen, access=HOST, name="desk:live_screen"),
    route(f"{LIVE}/qr.svg", show_qr, access=HOST, name="desk:live_qr"),
    _post("start", start, "desk:start_live"),
    _post("question", ask, "desk:ask_live"),
    _post("reveal", reveal, "desk:reveal_live"),
    _post("voices", enter_voices, "desk:enter_voices"),
    _post("cards/{card}", decide_card, "desk:decide_card"),
    _post("end", end, "desk:end_live"),
]
