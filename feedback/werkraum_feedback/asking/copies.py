"""Rounds made after others: a new version, another event's as template, a copy."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_events.queries import sessions_of
from werkraum_feedback.asking import queries, rounds, rules
from werkraum_feedback.asking.drafts import copied
from werkraum_feedback.asking.planned import opening_after
from werkraum_feedback.asking.usual_rounds import OF_THE_NETWORK
from werkraum_feedback.models import Audience, Naming, QuestionRow, Round, RoundKind
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work


@unit_of_work
async def new_version(
    organiser_id: UUID, round_id: UUID, *, actor: str, now: datetime
) -> Round:
    """Draft the same questions anew, to be changed, as the next version of a round.

    Raises `NotFound`, `RoundNotOpen` for a draft, which can be changed itself, and
    `RoundUnderWay` while the round is open.
    """
    model = await queries.enter_round(organiser_id, round_id)
    rules.must_not_be_draft(model)
    await rounds.enter(organiser_id, model.event_id, model.kind, model.session_id)
    return await _write(
        model,
        event_id=model.event_id,
        session_id=model.session_id,
        version=model.version + 1,
        follows_id=model.id,
        actor=actor,
        now=now,
    )


@unit_of_work
async def after(
    organiser_id: UUID,
    model_id: UUID,
    event_id: UUID | None,
    *,
    session_id: UUID | None = None,
    actor: str,
    now: datetime,
) -> Round:
    """Draft a round with the questions of another one; raises as `rounds.create`."""
    model = await queries.round_of(organiser_id, model_id)
    await rounds.enter(organiser_id, event_id, model.kind, session_id)
    return await _write(
        model, event_id=event_id, session_id=session_id, actor=actor, now=now
    )


@unit_of_work
async def copy_event(
    model_id: UUID, event_id: UUID, *, actor: str, now: datetime
) -> None:
    """Draft the rounds of an event for its copy, each at the same distance from it."""
    event = await Event.get(id=event_id)
    sessions = dict(
        zip(
            [it.id for it in await sessions_of(model_id)],
            [it.id for it in await sessions_of(event_id)],
            strict=True,
        )
    )
    for model in latest(await queries.rounds_of(model_id)):
        made = await _write(
            model,
            event_id=event_id,
            session_id=_session(model, sessions),
            actor=actor,
            now=now,
        )
        made.opens_after, made.reminds = model.opens_after, model.reminds
        made.opens_at = await opening_after(event, made)
        await made.save(update_fields=["opens_after", "reminds", "opens_at"])


def _session(model: Round, sessions: Mapping[UUID, UUID]) -> UUID | None:
    return sessions.get(model.session_id) if model.session_id else None


def latest(newest_first: Iterable[Round]) -> list[Round]:
    """Keep the newest of each kind and session, and every pulse; the oldest first."""
    kept: dict[object, Round] = {}
    for each in newest_first:
        key = each.id if each.kind is RoundKind.PULSE else (each.kind, each.session_id)
        kept.setdefault(key, each)
    return list(kept.values())[::-1]


async def _write(
    model: Round,
    *,
    event_id: UUID | None,
    session_id: UUID | None,
    version: int = 1,
    follows_id: UUID | None = None,
    actor: str,
    now: datetime,
) -> Round:
    of_event = event_id is not None
    audience = model.audience if model.event_id else Audience.CONFIRMED
    made = await Round.create(
        organiser_id=model.organiser_id,
        event_id=event_id,
        session_id=session_id,
        kind=_kind_after(model, of_event=of_event),
        version=version,
        follows_id=follows_id,
        title=model.title,
        audience=audience if of_event else Audience.LISTED,
        naming=model.naming if of_event else Naming.ANONYMOUS,
        asks_group=model.asks_group,
        asks_quote=model.asks_quote,
        open_days=model.open_days,
        salt=rounds.new_salt(),
        created_at=now,
    )
    await QuestionRow.bulk_create(
        copied(row, made.id) for row in await queries.question_rows_of(model.id)
    )
    await audit.record(
        model.organiser_id, "round.create", made.id, actor=actor, now=now
    )
    return made


def _kind_after(model: Round, *, of_event: bool) -> RoundKind:
    """Keep the kind where it makes sense; other questions to a network are a survey."""
    fits = of_event or model.kind in OF_THE_NETWORK
    return model.kind if fits else RoundKind.SURVEY
