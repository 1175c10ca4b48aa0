"""A pulse in the room: start it, ask one question after the other, show, end.

One question is everybody's at a time. It takes voices until its result is shown:
that ends its voting, for good, since each voice after it could be told by comparing.
"""

import secrets
from datetime import datetime
from uuid import UUID

from werkraum_feedback.asking import queries, rounds, rules
from werkraum_feedback.live_rounds import live_rules
from werkraum_feedback.live_rounds.live_glance import glance_at
from werkraum_feedback.live_rounds.live_hub import wake
from werkraum_feedback.models import QuestionRow, Round, RoundState
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.results.shares import deciding
from werkraum_foundation import audit
from werkraum_foundation.database import after_commit, is_sqlite, rows, unit_of_work

# Names the lock under which PostgreSQL hands out codes, one after the other.
CODES = 20_260_501


@unit_of_work
async def start(
    organiser_id: UUID, round_id: UUID, *, actor: str, now: datetime
) -> Round:
    """Open a pulse to whoever has its code; no ballot, no letter.

    Raises `NotFound`, `RoundFrozen` for one that is open already, `NothingToAsk`
    and `NothingToChoose`.
    """
    pulse = await queries.enter_round(organiser_id, round_id)
    live_rules.must_be_a_pulse(pulse)
    rules.must_be_draft(pulse)
    await rounds.freeze_questions(round_id)
    asked = await queries.question_rows_of(round_id)
    rules.must_be_answerable(await queries.questions_of(round_id))
    pulse.live_code = await _new_code()
    pulse.live_question_id = asked[0].id
    pulse.state = RoundState.OPEN
    pulse.opened_at = now
    pulse.closes_at = now + live_rules.OPEN_FOR
    pulse.opens_at = pulse.opens_after = None
    await pulse.save(
        update_fields=[
            "live_code",
            "live_question_id",
            "state",
            "opened_at",
            "closes_at",
            "opens_at",
            "opens_after",
        ]
    )
    await audit.record(organiser_id, "round.start_live", round_id, actor=actor, now=now)
    return pulse


async def _new_code() -> str:
    """Draw six digits that no other open round has."""
    if not is_sqlite():
        # Two rounds that start at once take turns; SQLite has one writer anyway.
        await rows("SELECT pg_advisory_xact_lock(:codes)", codes=CODES)
    while True:
        digits = live_rules.CODE_DIGITS
        code = f"{secrets.randbelow(10**digits):0{digits}}"
        if not await Round.exists(live_code=code, state=RoundState.OPEN):
            return code


@unit_of_work
async def ask(
    organiser_id: UUID,
    round_id: UUID,
    question_id: UUID | None,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Put a question before everybody, or (None) none for a while."""
    pulse = await _enter(organiser_id, round_id, now=now)
    if question_id:
        question = await QuestionRow.get_or_none(id=question_id)
        live_rules.must_be_asked_of(pulse, question)
    pulse.live_question_id = question_id
    await pulse.save(update_fields=["live_question_id"])
    await audit.record(organiser_id, "round.ask_live", round_id, actor=actor, now=now)
    after_commit(lambda: wake(round_id))


@unit_of_work
async def reveal(
    organiser_id: UUID,
    round_id: UUID,
    question_id: UUID,
    *,
    actor: str,
    now: datetime,
) -> None:
    """End the voting on the question that is on, and show its result to everybody.

    Raises `QuestionOver` where another is on by now, `TooFewVoices`. Shown already,
    it stays so.
    """
    # Voices that are just being cast hold the round: they are in, or come too late.
    pulse = await _enter(organiser_id, round_id, now=now)
    question = await QuestionRow.get_or_none(id=question_id)
    live_rules.must_be_asked_of(pulse, question)
    if question is None or pulse.live_question_id != question_id:
        raise live_rules.QuestionOver
    glance = await glance_at(round_id)
    by_votes = question.kind is QuestionKind.STATEMENT
    voices = deciding(glance.answers, question.typed_in)
    live_rules.must_be_enough(glance.voters if by_votes else voices)
    question.revealed = True
    await question.save(update_fields=["revealed"])
    await audit.record(
        organiser_id, "round.reveal_live", round_id, actor=actor, now=now
    )
    after_commit(lambda: wake(round_id))


@unit_of_work
async def end(organiser_id: UUID, round_id: UUID, *, actor: str, now: datetime) -> None:
    """End a pulse: its results are the desk's, its cards stand in the ledger."""
    await _enter(organiser_id, round_id, now=None)
    await rounds.close(organiser_id, round_id, at_once=True, actor=actor, now=now)
    after_commit(lambda: wake(round_id))


async def _enter(organiser_id: UUID, round_id: UUID, *, now: datetime | None) -> Round:
    """Lock a pulse that is under way; raises `NotFound`, `LiveOver`."""
    pulse = await queries.enter_round(organiser_id, round_id)
    live_rules.must_be_a_pulse(pulse)
    if now is not None:
        live_rules.must_be_live(pulse, now=now)
    return pulse
