"""A round from its questions to its end: make it, word it, open it, close it.

draft: the questions are the organiser's to choose and to word. open: everybody
with a confirmed seat has a ballot. closed: the results can be read.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from secrets import SystemRandom
from uuid import UUID

from werkraum_events.models import Session
from werkraum_events.queries import enter_event, topics_of_organiser
from werkraum_feedback import ballots, queries, records, rules, traces
from werkraum_feedback.announcements import RoundClosed, RoundOpened
from werkraum_feedback.default_survey import default_survey
from werkraum_feedback.models import (
    Ballot,
    QuestionRow,
    Round,
    RoundKind,
    RoundState,
)
from werkraum_feedback.titles import TITLES
from werkraum_foundation import audit
from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.models import Texts
from werkraum_foundation.outbox import announce, enqueue
from werkraum_foundation.refusals import NotFound
from werkraum_registration.queries import confirmed_of


@dataclass(frozen=True)
class Wording:
    """A draft as the organiser wants it; `texts` holds the questions to ask."""

    title: Texts
    texts: Mapping[UUID, Texts] = field(default_factory=dict)


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
    """Draft a round of a kind, with the organiser's topics to choose.

    It belongs to an event, to a `session_id` of it, or (None) to the network.
    Raises `NotFound`, and `RoundUnderWay` while one of the same kind is not closed.
    """
    if event_id:
        await enter_event(organiser_id, event_id)
        await _must_be_free(event_id, kind, session_id)
    made = await Round.create(
        organiser_id=organiser_id,
        event_id=event_id,
        session_id=session_id,
        kind=kind,
        title=TITLES[kind],
        salt=secrets.token_hex(16),
        created_at=now,
    )
    topics = records.topic_options(await topics_of_organiser(organiser_id))
    survey = default_survey(topics, new_id=lambda: records.field_name(uuid7()))
    await QuestionRow.bulk_create(
        records.question_row(question, made.id, position)
        for position, question in enumerate(survey, start=1)
    )
    await audit.record(organiser_id, "round.create", made.id, actor=actor, now=now)
    return made


async def _must_be_free(
    event_id: UUID, kind: RoundKind, session_id: UUID | None
) -> None:
    if session_id and not await Session.exists(id=session_id, event_id=event_id):
        raise NotFound
    # Of a pulse there may be as many as a moderator likes.
    if kind is not RoundKind.PULSE and await queries.has_round_under_way(
        event_id, kind, session_id
    ):
        raise rules.RoundUnderWay


@unit_of_work
async def edit(
    organiser_id: UUID, round_id: UUID, wording: Wording, *, actor: str, now: datetime
) -> None:
    """Word a draft and choose its questions; raises `NotFound`, `RoundFrozen`."""
    draft = await queries.enter_round(organiser_id, round_id)
    rules.must_be_draft(draft)
    draft.title = wording.title
    await draft.save(update_fields=["title"])
    for row in await queries.question_rows_of(round_id):
        row.asked = row.id in wording.texts
        row.text = wording.texts.get(row.id, row.text)
        await row.save(update_fields=["asked", "text"])
    await audit.record(organiser_id, "round.edit", round_id, actor=actor, now=now)


@unit_of_work
async def open(  # noqa: A001 (rounds.open reads as it is said)
    organiser_id: UUID,
    round_id: UUID,
    *,
    closes_at: datetime | None = None,
    actor: str,
    now: datetime,
) -> Round:
    """Give a ballot to everybody with a confirmed seat; the letters follow.

    Open for 14 days unless told otherwise. Raises `NotFound`, `RoundFrozen` for
    a round that is open already, and `NobodyToAsk`.
    """
    opened = await queries.enter_round(organiser_id, round_id)
    rules.must_be_draft(opened)
    people = await people_of(opened)
    if not people:
        raise rules.NobodyToAsk
    await _freeze_questions(round_id)
    opened.invited = await ballots.give_out(round_id, people)
    opened.state = RoundState.OPEN
    opened.opened_at, opened.closes_at = now, closes_at or now + rules.OPEN_FOR
    await opened.save(update_fields=["invited", "state", "opened_at", "closes_at"])
    await audit.record(organiser_id, "round.open", round_id, actor=actor, now=now)
    await announce(RoundOpened(organiser_id, round_id))
    return opened


async def people_of(asked: Round) -> list[UUID]:
    """List the registrations that a round asks."""
    if asked.event_id is None:
        return []
    return [each.id for each in await confirmed_of(asked.event_id)]


async def _freeze_questions(round_id: UUID) -> None:
    """Delete what is not asked, and number the rest from F01 without gaps."""
    await QuestionRow.filter(round_id=round_id, asked=False).delete()
    for number, row in enumerate(await queries.question_rows_of(round_id), start=1):
        row.code = f"F{number:02}"
        await row.save(update_fields=["code"])


@unit_of_work
async def send_ballots(organiser_id: UUID, round_id: UUID, *, now: datetime) -> int:
    """Hand over one letter per ballot, in no order; says how many, 0 when done before.

    Each is the job "letter:ballot" with `round_id` and `registration_id`.
    """
    first = await rows(
        "UPDATE round SET letters_at = :now WHERE id = :round AND letters_at IS NULL"
        " RETURNING event_id",
        now=now,
        round=round_id,
    )
    if not first:
        return 0
    people = await _holders(round_id, UUID(str(first[0]["event_id"])))
    SystemRandom().shuffle(people)
    for registration_id in people:
        await enqueue(
            "letter:ballot",
            {"round_id": str(round_id), "registration_id": str(registration_id)},
            dedupe=f"letter:ballot:{round_id}:{registration_id}",
            organiser_id=organiser_id,
        )
    return len(people)


async def _holders(round_id: UUID, event_id: UUID) -> list[UUID]:
    """Find who has a ballot and a seat still: not those who came later."""
    given = {it.token_hash for it in await Ballot.filter(round_id=round_id)}
    people = [each.id for each in await confirmed_of(event_id)]
    return [each for each in people if ballots.hash_for(round_id, each) in given]


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


@unit_of_work
async def note_export(
    organiser_id: UUID, round_id: UUID, *, actor: str, now: datetime
) -> None:
    """Note who took the answers away as a file."""
    await audit.record(organiser_id, "round.export", round_id, actor=actor, now=now)
