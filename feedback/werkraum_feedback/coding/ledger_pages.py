"""The ledger at the desk: read, take down from paper, put right, hide."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticKnownError
from starlette.requests import Request
from starlette.responses import Response

from werkraum_feedback.asking import rules
from werkraum_feedback.coding import codebook, statements
from werkraum_feedback.coding import statement_words as words
from werkraum_feedback.coding.ledger import PAGE, Sieve, ledger_of
from werkraum_feedback.coding.occasion_frame import (
    back_to,
    occasion_page,
    own_occasion,
)
from werkraum_feedback.coding.occasions import Occasion, occasion_of
from werkraum_feedback.coding.speaker_groups import (
    NO_GROUP,
    GroupOf,
    group_of,
    named_groups,
    shown,
)
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    Statement,
    StatementKind,
    StatementSource,
    StatementState,
)
from werkraum_foundation import clock
from werkraum_foundation.access import granted, route
from werkraum_foundation.entrances import HOST, READER
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext, noop, own_name, pick
from werkraum_foundation.models import Role
from werkraum_foundation.plain_text import Line, Paragraphs
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings

NOTICES = {
    "entered": noop("The statement is in the ledger."),
    "changed": noop("Your changes are saved."),
    "hidden": noop("The statement is hidden. It counts nowhere."),
    "shown": noop("The statement is in the ledger again."),
}
# A form in which three bytes may stand for each character, and the rest of it.
LARGEST_FORM = 128 * 1024


def _known_group(code: str) -> str:
    if GroupOf.read(code) not in words.GROUPS:
        raise PydanticKnownError("enum", {"expected": "a group"})
    return code


class EnterFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: Paragraphs
    phase: Phase
    kind: StatementKind | None = None
    group: Annotated[str, AfterValidator(_known_group)] | None = None
    quoting: Literal[Quoting.NO, Quoting.UNNAMED] = Quoting.NO
    language: Line | None = None


class ChangeFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: StatementKind | None = None
    quoting: Quoting = Quoting.NO


class HideFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: Line


async def show_ledger(request: Request) -> Response:
    """Show what was said; what is hidden or waits, only to who works with it."""
    grant = granted(request)
    at = await own_occasion(request)
    sieve = Sieve.read(request.query_params)
    if sieve.state is not StatementState.SHOWN:
        grant.must_reach(Role.HOST)
    themes = await codebook.themes_of(grant.organiser_id, all_states=True)
    ledger = await ledger_of(at.id, sieve, themes)
    return _page(
        request,
        at,
        "feedback/ledger.html",
        sieve=sieve,
        asked=sieve.asked(),
        ledger=ledger,
        page_size=PAGE,
        groups=[(it.code, it.words) for it in ledger.groups],
        theme_options=[
            ("none", gettext("Without a theme")),
            *((it.id, pick(it.name)[0]) for it in themes if it.id in ledger.in_use),
        ],
    )


async def show_enter(request: Request) -> Response:
    at = await own_occasion(request)
    return _enter_page(request, at, Form.showing({"quoting": Quoting.NO.value}))


async def enter(request: Request) -> Response:
    at, grant = await own_occasion(request), granted(request)
    form = await read_form(request, EnterFields, limit=LARGEST_FORM)
    if form.value is None:
        return _enter_page(request, at, form, status=422)
    await statements.enter(
        grant.organiser_id,
        at.event.id if at.event else None,
        _typed(form.value),
        round_id=at.round.id if at.round else None,
        actor=grant.actor,
        now=clock.now(),
    )
    return back_to(at.path("statements"), done="entered")


def _typed(value: EnterFields) -> statements.Typed:
    group = (GroupOf.read(value.group) if value.group else None) or NO_GROUP
    spoken = value.language if value.language in settings().languages else None
    return statements.Typed(
        value.text,
        value.phase,
        value.kind,
        group.org_kind,
        group.org_size,
        value.quoting,
        spoken,
    )


def _enter_page(
    request: Request, at: Occasion, form: Form[EnterFields], status: int = 200
) -> Response:
    return _page(
        request,
        at,
        "feedback/statement_new.html",
        status=status,
        form=form,
        quotings=_quotings(Quoting.NO, Quoting.UNNAMED),
        # A round of the network is no part of an event's day.
        phase=statements.PHASES[at.round.kind] if at.round else None,
        group_options=[(it.code, it.words or it.code) for it in words.GROUPS],
        language_options=[(code, own_name(code)) for code in settings().languages],
    )


async def show_statement(request: Request) -> Response:
    statement = await _own_statement(request)
    form = Form[ChangeFields].showing(
        {"kind": statement.kind or "", "quoting": statement.quoting}
    )
    return await _statement_page(request, statement, form)


async def change(request: Request) -> Response:
    statement, grant = await _own_statement(request), granted(request)
    form = await read_form(request, ChangeFields)
    if form.value is None:
        return await _statement_page(request, statement, form, status=422)
    await statements.change(
        grant.organiser_id,
        statement.id,
        statements.Classed(form.value.kind, form.value.quoting),
        actor=grant.actor,
        now=clock.now(),
    )
    return await _back_to_ledger(statement, "changed")


async def hide(request: Request) -> Response:
    statement, grant = await _own_statement(request), granted(request)
    form = await read_form(request, HideFields)
    if form.value is None:
        return await _statement_page(request, statement, form, status=422)
    await statements.hide(
        grant.organiser_id,
        statement.id,
        form.value.reason,
        actor=grant.actor,
        now=clock.now(),
    )
    return await _back_to_ledger(statement, "hidden")


async def show(request: Request) -> Response:
    statement, grant = await _own_statement(request), granted(request)
    await statements.show(
        grant.organiser_id, statement.id, actor=grant.actor, now=clock.now()
    )
    return await _back_to_ledger(statement, "shown")


async def _statement_page(
    request: Request,
    statement: Statement,
    form: Form[ChangeFields] | Form[HideFields],
    status: int = 200,
) -> Response:
    at = await occasion_of(statement.organiser_id, statement)
    kept = {"kind": statement.kind or "", "quoting": statement.quoting}
    return _page(
        request,
        at,
        "feedback/statement.html",
        status=status,
        statement=statement,
        quotings=_quotings(*rules.allowed_for(statement)),
        group=shown(group_of(statement), await named_groups(at.id)),
        form=Form({**kept, **form.typed}, form.faults),
    )


def _quotings(*offered: Quoting) -> list[tuple[str, str]]:
    return [(it.value, words.quoting_words(it)) for it in offered]


async def _own_statement(request: Request) -> Statement:
    """Find a statement of the organiser in any state."""
    found = Statement.filter(
        id=request.path_params["id"], organiser_id=granted(request).organiser_id
    )
    statement = await found.first()
    if statement is None:
        raise NotFound
    return statement


def _page(
    request: Request,
    at: Occasion,
    template: str,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    return occasion_page(
        request,
        at,
        template,
        notices=NOTICES,
        status=status,
        phases=[(it.value, words.phase_words(it)) for it in Phase],
        sources=[(it.value, words.source_words(it)) for it in StatementSource],
        kinds=[(it.value, words.kind_words(it)) for it in StatementKind],
        **context,
    )


async def _back_to_ledger(statement: Statement, done: str) -> Response:
    at = await occasion_of(statement.organiser_id, statement)
    return back_to(at.path("statements"), done=done)


EVENT = "/desk/events/{id:uuid}/feedback/statements"
ROUND = "/desk/rounds/{id:uuid}/statements"
STATEMENT = "/desk/statements/{id:uuid}"

routes = [
    route(EVENT, show_ledger, access=READER, name="desk:statements"),
    route(f"{EVENT}/new", show_enter, access=HOST, name="desk:new_statement"),
    route(
        f"{EVENT}/new",
        enter,
        access=HOST,
        name="desk:enter_statement",
        methods=["POST"],
    ),
    route(ROUND, show_ledger, access=READER, name="desk:round_statements"),
    route(f"{ROUND}/new", show_enter, access=HOST, name="desk:round_new_statement"),
    route(
        f"{ROUND}/new",
        enter,
        access=HOST,
        name="desk:round_enter_statement",
        methods=["POST"],
    ),
    route(STATEMENT, show_statement, access=HOST, name="desk:statement"),
    route(
        STATEMENT, change, access=HOST, name="desk:change_statement", methods=["POST"]
    ),
    route(
        f"{STATEMENT}/hide",
        hide,
        access=HOST,
        name="desk:hide_statement",
        methods=["POST"],
    ),
    route(
        f"{STATEMENT}/show",
        show,
        access=HOST,
        name="desk:show_statement",
        methods=["POST"],
    ),
]
