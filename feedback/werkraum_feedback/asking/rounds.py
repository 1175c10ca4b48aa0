"""A round from its draft to its end: make it, open it, close it.

draft: the questions are the organiser's to choose and to word. open: everybody
who is asked has a ballot, the words are frozen. closed: the results can be read.
"""

import secrets
from datetime import datetime
from secrets import SystemRandom
from uuid import UUID

from werkraum_events.models import Session
from werkraum_events.queries import enter_event, topics_of_organiser
from werkraum_feedback.announcements import RoundClosed, RoundOpened
from werkraum_feedback.answering import ballots, records, traces
from werkraum_feedback.asking import queries, rules
from werkraum_feedback.asking.asked import numbered
from werkraum_feedback.asking.audiences import holders_of, people_of
from werkraum_feedback.asking.usual_rounds import usual_round
from werkraum_feedback.models import (
    Invitee,
    QuestionRow,
    Round,
    RoundKind,
    RoundState,
)
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.outbox import announce, enqueue
from werkraum_foundation.refusals import NotFound


@unit_of_work
async def create(
    organiser_id: UUID,
    event_id: UUID | None,
    *,
    kind: RoundKind = RoundKind.SURVEY,
    session_id: UUID | None = None,
    actor: str,
    now: datetime,
) -> Round:
    """Draft a round of a kind with its usual questions.

    It belongs to an event, to a `session_id` of it, or (None) to the network.
    Raises `NotFound`, and `RoundUnderWay` while one of the same kind is not closed.
    """
    await enter(organiser_id, event_id, kind, session_id)
    usual = usual_round(kind, of_event=event_id is not None)
    made = await Round.create(
        organiser_id=organiser_id,
        event_id=event_id,
        session_id=session_id,
        kind=kind,
        title=usual.title,
        audience=usual.audience,
        naming=usual.naming,
        asks_group=usual.asks_group,
        asks_quote=usual.asks_quote,
        salt=new_salt(),
        created_at=now,
    )
    topics = records.topic_options(await topics_of_organiser(organiser_id))
    asked = numbered(
        usual.questions(topics), new_id=lambda: records.field_name(uuid7())
    )
    await QuestionRow.bulk_create(
        records.question_row(question, made.id, position)
        for position, question in enumerate(asked, start=1)
    )
    await audit.record(organiser_id, "round.create", made.id, actor=actor, now=now)
    return made


async def enter(
    organiser_id: UUID,
    event_id: UUID | None,
    kind: RoundKind,
    session_id: UUID | None = None,
) -> None:
    """Lock the event a new round is for; raises `NotFound`, `RoundUnderWay`."""
    if event_id is None:
        return
    await enter_event(organiser_id, event_id)
    if session_id and not await Session.exists(id=session_id, event_id=event_id):
        raise NotFound
    # Of a pulse there may be as many as a moderator likes.
    if kind is not RoundKind.PULSE and await queries.has_round_under_way(
        event_id, kind, session_id
    ):
        raise rules.RoundUnderWay


def new_salt() -> str:
    return secrets.token_hex(16)


@unit_of_work
async def delete(
    organiser_id: UUID, round_id: UUID, *, actor: str, now: datetime
) -> None:
    """Delete a draft and its list; raises `NotFound`, `RoundFrozen`."""
    draft = await queries.enter_round(organiser_id, round_id)
    rules.must_be_draft(draft)
    await Invitee.filter(round_id=round_id).delete()
    await QuestionRow.filter(round_id=round_id).delete()
    await draft.delete()
    await audit.record(organiser_id, "round.delete", round_id, actor=actor, now=now)


@unit_of_work
async def open(  # noqa: A001 (rounds.open reads as it is said)
    organiser_id: UUID,
    round_id: UUID,
    *,
    closes_at: datetime | None = None,
    reminds: bool | None = None,
    actor: str,
    now: datetime,
) -> Round:
    """Give a ballot to everybody who is asked; the letters follow.

    Open for its days (14), and reminding as planned, unless told otherwise. Raises
    `NotFound`, `RoundFrozen` for a round that is open already, `NothingToAsk`,
    `NothingToChoose` and `NobodyToAsk`.
    """
    opened = await queries.enter_round(organiser_id, round_id)
    rules.must_be_draft(opened)
    rules.must_be_answerable(await queries.questions_of(round_id))
    people = await people_of(opened)
    if not people:
        raise rules.NobodyToAsk
    await freeze_questions(round_id)
    opened.invited = await ballots.give_out(round_id, people)
    opened.state = RoundState.OPEN
    opened.opened_at = now
    opened.closes_at = closes_at or now + opened.open_days * rules.A_DAY
    opened.reminds = opened.reminds if reminds is None else reminds
    await opened.save(
        update_fields=["invited", "state", "opened_at", "closes_at", "reminds"]
    )
    await audit.record(organiser_id, "round.open", round_id, actor=actor, now=now)
    await announce(RoundOpened(organiser_id, round_id))
    return opened


async def freeze_questions(round_id: UUID) -> None:
    """Delete what is not asked, and number the rest from F01 without gaps."""
    await QuestionRow.filter(round_id=round_id, asked=False).delete()
    found = await queries.question_rows_of(round_id)
    # First out of the way: a code stands once in a round, at any moment.
    for step in ("x{:02}", "F{:02}"):
        for number, row in enumerate(found, start=1):
            row.code = step.format(number)
            await row.save(update_fields=["code"])


@unit_of_work
async def send_ballots(organiser_id: UUID, round_id: UUID, *, now: datetime) -> int:
    """Hand over one letter per ballot, in no order; says how many, 0 when done before.

    Each is the job "letter:ballot" with `round_id` and `registration_id`, or
    "letter:asked" with `round_id` and `invitee_id`.
    """
    first = await rows(
        "UPDATE round SET letters_at = :now WHERE id = :round AND letters_at IS NULL"
        " RETURNING id",
        now=now,
        round=round_id,
    )
    return await hand_over(await Round.get(id=round_id)) if first else 0


async def hand_over(asked: Round, *, reminder: int = 0) -> int:
    """Enqueue a letter to everybody with a ballot, or a reminder (1, 2) of it.

    Who has answered is asked when a letter is written: no list of it is stored.
    """
    name, who = (
        ("letter:ballot", "registration_id")
        if asked.event_id
        else ("letter:asked", "invitee_id")
    )
    people = await holders_of(asked)
    SystemRandom().shuffle(people)
    for each in people:
        args = {"round_id": str(asked.id), who: str(each)}
        await enqueue(
            name,
            {**args, "reminder": reminder} if reminder else args,
            dedupe=f"{name}:{asked.id}:{each}:{reminder}",
            organiser_id=asked.organiser_id,
        )
    return len(people)


@unit_of_work
async def close(
    organiser_id: UUID, round_id: UUID, *, at_once: bool, actor: str, now: datetime
) -> None:
    """End a round by hand; raises `NotFound`, `RoundNotOpen`.

    Not `at_once`, nobody new can begin, and whoever is writing can still send for
    15 minutes; the results are shown after that.
    """
    asked = await queries.enter_round(organiser_id, round_id)
    rules.must_be_open(asked)
    if at_once:
        await _end(organiser_id, round_id, now=now)
    else:
        await changed(
            "UPDATE round SET closes_at = :now WHERE id = :round AND closes_at > :now",
            round=round_id,
            now=now,
        )
    await audit.record(organiser_id, "round.close", round_id, actor=actor, now=now)


async def close_due(now: datetime) -> int:
    """Close the rounds whose time and grace are over; says how many. A sweep."""
    due = await Round.filter(state=RoundState.OPEN, closes_at__lte=now - rules.GRACE)
    for asked in due:
        await _close_one(asked.organiser_id, asked.id, now=now)
    return len(due)


@unit_of_work
async def _close_one(organiser_id: UUID, round_id: UUID, *, now: datetime) -> None:
    asked = await queries.enter_round(organiser_id, round_id)
    # Somebody may have closed it since it was found.
    if asked.state is RoundState.OPEN:
        await _end(organiser_id, round_id, now=now)
        await audit.record(
            organiser_id, "round.close", round_id, actor=audit.SYSTEM, now=now
        )


async def _end(organiser_id: UUID, round_id: UUID, *, now: datetime) -> None:
    await changed(
        "UPDATE round SET state = 'closed', closed_at = :now WHERE id = :round",
        now=now,
        round=round_id,
    )
    await traces.shuffle(round_id)
    await announce(RoundClosed(organiser_id, round_id))
