"""Statements: gathered from a closed round, typed in from paper, changed, hidden."""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom
from uuid import UUID

from werkraum_events.queries import event_of
from werkraum_feedback.asking import rules
from werkraum_feedback.asking.queries import enter_round
from werkraum_feedback.coding.text_language import language_of
from werkraum_feedback.models import (
    AnswerRow,
    Channel,
    ResponseRow,
    Round,
    RoundKind,
    Signature,
)
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.results.shares import FEWEST, deciding
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    Statement,
    StatementKind,
    StatementSource,
    StatementState,
)
from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_registration.models import OrganisationKind, OrganisationSize

WORDED = (QuestionKind.TEXT, QuestionKind.STATEMENT)
PHASES = {
    RoundKind.NEEDS: Phase.BEFORE,
    RoundKind.INTRODUCTION: Phase.INTRODUCTION,
    RoundKind.PULSE: Phase.DISCUSSION,
    RoundKind.CLOSING: Phase.CLOSING,
    RoundKind.SURVEY: Phase.SURVEY,
}


def hash_of(text: str) -> str:
    """Tell a text from any other, whatever form its letters were typed in."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


@unit_of_work
async def gather(
    organiser_id: UUID, round_id: UUID, *, actor: str, now: datetime
) -> int:
    """Make statements of the texts of a closed round; says how many are new.

    Of an anonymous answer nothing is kept that tells who or when: no time, no
    author, no order. A question that fewer than five people answered without a
    name gives none of those answers. Harmless the second time.
    """
    asked = await enter_round(organiser_id, round_id)
    rules.must_be_closed(asked)
    made = [
        _from_answer(asked, answer, signature)
        for answer, signature in await _texts_of(round_id)
    ]
    SystemRandom().shuffle(made)
    await Statement.bulk_create(made)
    if made:
        await audit.record(
            organiser_id,
            "statement.gather",
            round_id,
            actor=actor,
            now=now,
            changes={"statements": [0, len(made)]},
        )
    return len(made)


async def _texts_of(round_id: UUID) -> list[tuple[AnswerRow, Signature | None]]:
    """List the answers in words that may be read, and who signed each."""
    found = AnswerRow.filter(
        response__round_id=round_id, question__kind__in=WORDED, text__isnull=False
    )
    answers = await found.select_related("response", "question")
    signed = await _signatures(answer.response_id for answer in answers)
    known = await _gathered_before(round_id)
    by_question = defaultdict(list)
    for answer in answers:
        by_question[answer.question_id].append(answer)
    return [
        (answer, signed.get(answer.response_id))
        for of_one in by_question.values()
        for answer in _readable(of_one, signed)
        if answer.id not in known
    ]


def _readable(
    answers: list[AnswerRow], signed: dict[UUID, Signature]
) -> Iterable[AnswerRow]:
    unsigned = [it for it in answers if it.response_id not in signed]
    yield from (it for it in answers if it.response_id in signed)
    typed_in = answers[0].question.typed_in
    if deciding(len(unsigned), typed_in) >= FEWEST:
        yield from unsigned


async def _signatures(responses: Iterable[UUID]) -> dict[UUID, Signature]:
    found = await Signature.filter(response_id__in=list(set(responses)))
    return {it.response_id: it for it in found}


async def _gathered_before(round_id: UUID) -> set[UUID]:
    found = Statement.filter(round_id=round_id, answer_id__isnull=False)
    return {it.answer_id for it in await found.only("id", "answer_id") if it.answer_id}


def _from_answer(
    asked: Round, answer: AnswerRow, signature: Signature | None
) -> Statement:
    response: ResponseRow = answer.response
    text = unicodedata.normalize("NFC", answer.text or "")
    on_paper = response.channel is Channel.PAPER
    return Statement(
        organiser_id=asked.organiser_id,
        event_id=asked.event_id,
        round_id=asked.id,
        session_id=asked.session_id,
        question_id=answer.question_id,
        answer_id=answer.id,
        source=StatementSource.PAPER if on_paper else StatementSource.ANSWER,
        phase=PHASES[asked.kind],
        text=text,
        text_hash=hash_of(text),
        language=_language(text),
        org_kind=response.org_kind,
        org_size=response.org_size,
        registration_id=signature.registration_id if signature else None,
        quoting=allowed_by(response, signature),
    )


def allowed_by(response: ResponseRow, signature: Signature | None) -> Quoting:
    """Read what somebody ticked: a name stands with a quote by a box of its own."""
    if signature and signature.quotable:
        return Quoting.NAMED
    return Quoting.UNNAMED if response.quotable else Quoting.NO


def _language(text: str) -> str:
    return language_of(text, default=settings().languages[0])


@dataclass(frozen=True)
class Typed:
    """A statement that reached the office on paper or by mail."""

    text: str
    phase: Phase
    kind: StatementKind | None = None
    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None
    quoting: Quoting = Quoting.NO
    # Found out by its words where nobody says it.
    language: str | None = None


@unit_of_work
async def enter(
    organiser_id: UUID,
    event_id: UUID | None,
    typed: Typed,
    *,
    round_id: UUID | None = None,
    actor: str,
    now: datetime,
) -> Statement:
    """Take a statement down that came on paper or by mail; raises `NotFound`.

    It belongs to an event or, without one, to a round that asks the network.
    """
    if event_id:
        await event_of(organiser_id, event_id)
    elif round_id:
        rules.must_be_of_the_network(await enter_round(organiser_id, round_id))
    else:
        raise NotFound
    made = await Statement.create(
        organiser_id=organiser_id,
        event_id=event_id,
        round_id=None if event_id else round_id,
        source=StatementSource.PAPER,
        phase=typed.phase,
        kind=typed.kind,
        text=typed.text,
        text_hash=hash_of(typed.text),
        language=typed.language or _language(typed.text),
        org_kind=typed.org_kind,
        org_size=typed.org_size,
        quoting=typed.quoting,
        created_by=actor,
        created_at=now,
    )
    await audit.record(organiser_id, "statement.enter", made.id, actor=actor, now=now)
    return made


@dataclass(frozen=True)
class Classed:
    """What an organiser may put right about a statement; never its words."""

    kind: StatementKind | None
    quoting: Quoting


@unit_of_work
async def change(
    organiser_id: UUID,
    statement_id: UUID,
    classed: Classed,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Put kind and consent right; raises `NotFound`, `QuotingNotGiven`."""
    statement = await enter_statement(organiser_id, statement_id)
    rules.must_allow(statement, classed.quoting)
    changes = {
        field: [before, after]
        for field, before, after in (
            ("kind", statement.kind, classed.kind),
            ("quoting", statement.quoting, classed.quoting),
        )
        if before != after
    }
    if not changes:
        return
    statement.kind, statement.quoting = classed.kind, classed.quoting
    await statement.save(update_fields=["kind", "quoting"])
    await audit.record(
        organiser_id,
        "statement.change",
        statement_id,
        actor=actor,
        now=now,
        changes=changes,
    )


@unit_of_work
async def hide(
    organiser_id: UUID, statement_id: UUID, reason: str, *, actor: str, now: datetime
) -> None:
    """Take a statement out of ledger, coding and counts; the reason is noted."""
    await _put(organiser_id, statement_id, StatementState.HIDDEN, reason, actor, now)


@unit_of_work
async def show(
    organiser_id: UUID, statement_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take a hidden or waiting statement in again."""
    await _put(organiser_id, statement_id, StatementState.SHOWN, "", actor, now)


async def _put(
    organiser_id: UUID,
    statement_id: UUID,
    state: StatementState,
    reason: str,
    actor: str,
    now: datetime,
) -> None:
    statement = await enter_statement(organiser_id, statement_id)
    if statement.state is state:
        return
    changes: dict[str, object] = {"state": [statement.state, state]}
    if reason:
        changes["reason"] = [None, reason]
    statement.state = state
    await statement.save(update_fields=["state"])
    verb = "hide" if state is StatementState.HIDDEN else "show"
    await audit.record(
        organiser_id,
        f"statement.{verb}",
        statement_id,
        actor=actor,
        now=now,
        changes=changes,
    )


async def enter_statement(organiser_id: UUID, statement_id: UUID) -> Statement:
    """Lock an organiser's statement, then read it; raises `NotFound`."""
    locked = await changed(
        "UPDATE statement SET state = state WHERE id = :id AND organiser_id = :owner",
        id=statement_id,
        owner=organiser_id,
    )
    if not locked:
        raise NotFound
    return await Statement.get(id=statement_id)
