"""The page behind a ballot: the questions, the thanks, a "no" that loses no text."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.answering import ballots
from werkraum_feedback.answering.answer_form import Beside, form_token, read_filled
from werkraum_feedback.asking import invitees, queries, rules
from werkraum_feedback.asking.queries import Paper, paper_of
from werkraum_feedback.asking.round_names import name_of
from werkraum_feedback.asking.rules import Standing
from werkraum_foundation import clock
from werkraum_foundation.access import PERSONAL, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.forms import Form
from werkraum_foundation.language import gettext
from werkraum_foundation.pages import page, see_other
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import new_token


async def show_questions(request: Request) -> Response:
    """Show the form, the thanks where it was sent, or that it is too late."""
    paper = await _find(request)
    used = paper.ballot.used
    standing = rules.standing(paper.round, used=used, loaded=None, now=clock.now())
    if standing is Standing.MAY_ANSWER:
        return _form_page(request, paper, Form[Beside].showing())
    if standing is Standing.ANSWERED:
        return await _thanks_page(request, paper)
    return _too_late_page(request, paper, standing, Form[Beside].showing())


async def answer(request: Request) -> Response:
    """Take the answers of a ballot, once."""
    paper, now = await _find(request), clock.now()
    sent = await read_filled(request, paper.round.id, paper.questions, now=now)
    if sent.answers is not None:
        standing = await ballots.cast(
            paper.ballot.token_hash,
            sent.answers,
            about=sent.about,
            sent_hash=sent.sent_hash,
            loaded=sent.loaded,
            now=now,
        )
    else:
        standing = rules.standing(
            paper.round, used=paper.ballot.used, loaded=sent.loaded, now=now
        )
        if standing is Standing.MAY_ANSWER:
            return _form_page(request, paper, sent.form, status=422)
    if standing is not Standing.MAY_ANSWER:
        return _too_late_page(request, paper, standing, sent.form)
    return see_other(request, "feedback:answer", token=request.path_params["token"])


async def leave(request: Request) -> Response:
    """Take an address off the list of a round of the network; the link stays good."""
    paper, now = await _find(request), clock.now()
    rules.must_be_of_the_network(paper.round)
    await invitees.leave(paper.round, paper.ballot.token_hash, now=now)
    back = see_other(request, "feedback:answer", token=request.path_params["token"])
    back.headers["location"] += "?done=left"
    return back


async def _find(request: Request) -> Paper:
    if request.path_params["lang"] not in settings().languages:
        raise NotFound
    return await paper_of(request.path_params["token"])


def _form_page(
    request: Request, paper: Paper, form: Form[Beside], status: int = 200
) -> Response:
    # A form that comes back keeps when it was loaded first.
    token = form.text("form_token") or form_token(paper.round.id, clock.now())
    copy = form.text("copy_token") or new_token()
    labels = {
        question.id: gettext("Question %(number)s", number=number)
        for number, question in enumerate(paper.questions, start=1)
    }
    return _page(
        request,
        paper,
        "feedback/answer.html",
        status=status,
        form=form,
        form_token=token,
        copy_token=copy,
        labels=labels,
    )


async def _thanks_page(request: Request, paper: Paper) -> Response:
    """Thank, and say what becomes of it: the report once it is there, what is next."""
    event = paper.round.event
    return _page(
        request,
        paper,
        "feedback/thanks.html",
        report=await queries.has_report(event.id) if event else False,
        next_event=await queries.next_event(
            paper.round.organiser_id, after=event, now=clock.now()
        ),
    )


def _too_late_page(
    request: Request, paper: Paper, standing: Standing, form: Form[Beside]
) -> Response:
    return _page(
        request,
        paper,
        "feedback/too_late.html",
        status=standing.value,
        answered=standing is Standing.ANSWERED,
        form=form,
        typed=[it for it in paper.questions if "".join(form.texts(it.id)).strip()],
    )


def _page(
    request: Request,
    paper: Paper,
    template: str,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    return page(
        request,
        template,
        status=status,
        round=paper.round,
        named=name_of(paper.round.kind),
        event=paper.round.event,
        signable=rules.may_sign(paper.round),
        timezone=queries.timezone_of(paper.round),
        questions=paper.questions,
        organiser=footer_of(paper.round.organiser),
        left=request.query_params.get("done") == "left",
        **context,
    )


routes = [
    route(
        "/{lang}/feedback/{token}",
        show_questions,
        access=PERSONAL,
        name="feedback:answer",
    ),
    route(
        "/{lang}/feedback/{token}",
        answer,
        access=PERSONAL,
        name="feedback:cast",
        methods=["POST"],
    ),
    route(
        "/{lang}/feedback/{token}/leave",
        leave,
        access=PERSONAL,
        name="feedback:leave",
        methods=["POST"],
    ),
]
