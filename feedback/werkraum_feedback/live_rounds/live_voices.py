"""Voices of a live round: one per key and question, whatever is sent twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_feedback.answering import ballots, records
from werkraum_feedback.answering.ballots import About
from werkraum_feedback.asking import queries
from werkraum_feedback.coding.statements import hash_of
from werkraum_feedback.coding.text_language import language_of
from werkraum_feedback.live_rounds import live_keys, live_rules
from werkraum_feedback.live_rounds.live_hub import wake
from werkraum_feedback.models import Channel, QuestionRow, RedeemedToken, Round
from werkraum_feedback.questions import Answer, Answers, QuestionKind
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    Statement,
    StatementSource,
    StatementState,
)
from werkraum_foundation import audit
from werkraum_foundation.database import (
    after_commit,
    changed,
    is_sqlite,
    rows,
    unit_of_work,
)
from werkraum_foundation.language import language
from werkraum_foundation.refusals import NotFound


@dataclass(frozen=True)
class Voice:
    """What somebody sends: the answer to one question, or a card to it.

    `once` is the chance in the very form, so that of several cards each counts once.
    """

    answer: Answer
    once: str = ""
    quotable: bool = False

    @property
    def question_id(self) -> UUID:
        return records.row_id(self.answer.question_id)


@unit_of_work
async def cast(round_id: UUID, voice: Voice, *, key: str, now: datetime) -> bool:
    """Take a voice; False where it was taken before, which changes nothing.

    Raises `LiveOver`, and `QuestionOver` where another question is on by now.
    """
    asked = await enter_to_be_heard(round_id)
    question = await _question(asked, voice)
    once = voice.once if question.kind is QuestionKind.STATEMENT else ""
    if not await _redeem(asked, live_keys.voice_hash(key, question.id, once)):
        return False
    live_rules.must_take_voices(asked, question, now=now)
    await _keep(asked, question, voice, Channel.SELF)
    after_commit(lambda: wake(round_id))
    return True


@unit_of_work
async def enter(
    organiser_id: UUID,
    round_id: UUID,
    voice: Voice,
    channel: Channel,
    *,
    count: int = 1,
    actor: str,
    now: datetime,
) -> bool:
    """Take voices that somebody else typed in: from the phone, or from paper.

    `count` of them are the same. False where this form has done its work before.
    """
    asked = await queries.enter_round(organiser_id, round_id)
    live_rules.must_be_a_pulse(asked)
    question = await _question(asked, voice)
    if not await _redeem(asked, live_keys.voice_hash(actor, question.id, voice.once)):
        return False
    live_rules.must_take_voices(asked, question, now=now)
    for _ in range(count):
        await _keep(asked, question, voice, channel)
    # No two at once: the round is locked.
    question.typed_in += count
    await question.save(update_fields=["typed_in"])
    await audit.record(
        organiser_id, "round.enter_voices", round_id, actor=actor, now=now
    )
    after_commit(lambda: wake(round_id))
    return True


async def has_voice(round_id: UUID, question_id: UUID, key: str) -> bool:
    """Whether a key has answered a question already."""
    found = live_keys.voice_hash(key, question_id)
    return await RedeemedToken.exists(token_hash=found, round_id=round_id)


async def enter_to_be_heard(round_id: UUID) -> Round:
    """Read a round so that no result of it is shown before the voice is in.

    Voices do not wait for each other, only for what the moderator does.
    """
    if not is_sqlite():
        # SQLite has one writer at a time, and this one is it.
        await rows("SELECT id FROM round WHERE id = :id FOR SHARE", id=round_id)
    found = await Round.get_or_none(id=round_id)
    if found is None:
        raise NotFound
    return found


async def _question(asked: Round, voice: Voice) -> QuestionRow:
    question = await QuestionRow.get_or_none(id=voice.question_id, round_id=asked.id)
    if question is None:
        raise NotFound
    return question


async def _redeem(asked: Round, token_hash: str) -> bool:
    """Use up what makes a voice one; of several at once, one finds it new."""
    return bool(
        await changed(
            "INSERT INTO redeemed_token (token_hash, round_id) VALUES (:hash, :round)"
            " ON CONFLICT (token_hash) DO NOTHING",
            hash=token_hash,
            round=asked.id,
        )
    )


async def _keep(
    asked: Round, question: QuestionRow, voice: Voice, channel: Channel
) -> None:
    if question.kind is QuestionKind.STATEMENT:
        await _keep_card(asked, question, voice, channel)
        return
    # A response of its own for each question: nothing ties two answers together.
    about = About(quotable=voice.quotable)
    await ballots.keep(asked, Answers((voice.answer,)), about, channel)


async def _keep_card(
    asked: Round, question: QuestionRow, voice: Voice, channel: Channel
) -> None:
    """Make a statement of a card; one that somebody else typed in was read by them."""
    by_self = channel is Channel.SELF
    quotable = voice.quotable and asked.asks_quote
    text = voice.answer.text
    await Statement.create(
        organiser_id=asked.organiser_id,
        event_id=asked.event_id,
        round_id=asked.id,
        session_id=asked.session_id,
        question_id=question.id,
        source=StatementSource.PAPER
        if channel is Channel.PAPER
        else StatementSource.LIVE,
        phase=Phase.DISCUSSION,
        text=text,
        text_hash=hash_of(text),
        language=language_of(text, default=language()),
        quoting=Quoting.UNNAMED if quotable else Quoting.NO,
        state=StatementState.PENDING if by_self else StatementState.SHOWN,
    )
