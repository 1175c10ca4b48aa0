"""Cards as they are used in a meeting: in a line, put right, ticked off, added.

Something done with a card makes it a statement. What somebody wrote without a name
gets no time: that it was spoken about is kept, not when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_events.queries import enter_event
from werkraum_feedback.asking import queries
from werkraum_feedback.capture import capture_queries, captured
from werkraum_feedback.capture.capture_rules import must_follow
from werkraum_feedback.capture.card_stack import (
    Card,
    Line,
    by_kind,
    by_registering,
    introductions_of,
    moved,
    stack_of,
)
from werkraum_feedback.coding.statements import hash_of
from werkraum_feedback.coding.text_language import language_of
from werkraum_feedback.models import RoundState
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    Statement,
    StatementSource,
    StatementState,
)
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.settings import settings
from werkraum_registration import organisations
from werkraum_registration.models import OrganisationKind, OrganisationSize


@dataclass(frozen=True)
class NewCard:
    """Somebody without a card, in one line."""

    text: str
    organisation: str = ""
    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None
    quoting: Quoting = Quoting.NO


@unit_of_work
async def tick(
    organiser_id: UUID, event_id: UUID, card_id: str, *, now: datetime
) -> None:
    """Note that somebody has spoken; harmless the second time."""
    event, cards = await _enter(organiser_id, event_id)
    card = _one_of(cards, card_id)
    if card.spoken_at:
        return
    await Statement.filter(id__in=await _ids(event, card)).update(
        spoken_at=event.starts_at if card.unnamed else now,
        state=StatementState.SHOWN,
    )


@unit_of_work
async def untick(organiser_id: UUID, event_id: UUID, card_id: str) -> None:
    """Take back that somebody has spoken."""
    _, cards = await _enter(organiser_id, event_id)
    card = _one_of(cards, card_id)
    await Statement.filter(id__in=[it.id for it in card.statements]).update(
        spoken_at=None
    )
    if not card.closed:
        mine = {"id__in": [it.id for it in card.statements]}
        cards_only = Statement.filter(**mine, source=StatementSource.CARD)
        await cards_only.update(state=StatementState.PENDING)


@unit_of_work
async def put_right(
    organiser_id: UUID,
    event_id: UUID,
    card_id: str,
    texts: Sequence[str],
    *,
    mark: str,
) -> None:
    """Change the texts of a card, one for each of its lines.

    Raises `ChangedMeanwhile` where they are not as the moderator saw them, and
    `PartlyMarked`.
    """
    event, cards = await _enter(organiser_id, event_id)
    card = _one_of(cards, card_id)
    if list(texts) == [it.text for it in card.lines]:
        return
    must_follow(card.mark, [mark])
    statements = await _as_statements(event, card)
    for statement, text in zip(statements, texts, strict=True):
        if statement.text != text:
            await captured.put_right(statement, text)


@unit_of_work
async def move(organiser_id: UUID, event_id: UUID, card_id: str, by: int) -> None:
    event, cards = await _enter(organiser_id, event_id)
    _one_of(cards, card_id)
    await _line_up(event, moved(cards, card_id, by))


@unit_of_work
async def sort_by_kind(organiser_id: UUID, event_id: UUID) -> None:
    event, cards = await _enter(organiser_id, event_id)
    await _line_up(event, by_kind(by_registering(cards)))


@unit_of_work
async def sort_by_registering(organiser_id: UUID, event_id: UUID) -> None:
    event, cards = await _enter(organiser_id, event_id)
    await _line_up(event, by_registering(cards))


@unit_of_work
async def take_over_all(organiser_id: UUID, event_id: UUID) -> int:
    """Make statements of the cards nobody has spoken about; says how many cards."""
    event, cards = await _enter(organiser_id, event_id)
    left = [it for it in cards if not it.spoken_at]
    for card in left:
        await Statement.filter(id__in=await _ids(event, card)).update(
            state=StatementState.SHOWN
        )
    return len(left)


@unit_of_work
async def settle(organiser_id: UUID, round_id: UUID) -> None:
    """Count what stands on the cards of a round that is closed, spoken or not."""
    await Statement.filter(
        organiser_id=organiser_id,
        round_id=round_id,
        source=StatementSource.CARD,
        state=StatementState.PENDING,
    ).update(state=StatementState.SHOWN)


@unit_of_work
async def add(
    organiser_id: UUID,
    event_id: UUID,
    key: str,
    new: NewCard,
    *,
    spoken: bool,
    actor: str,
    now: datetime,
) -> None:
    """Add somebody without a card at the end of the line, once for each key."""
    event, cards = await _enter(organiser_id, event_id)
    if await capture_queries.by_key_or_none(event_id, key):
        return
    organisation = None
    if new.organisation:
        organisation = await organisations.typed(
            organiser_id,
            new.organisation,
            kind=new.org_kind,
            size=new.org_size,
            now=now,
        )
    places = [it.position for it in cards if it.position is not None]
    await Statement.create(
        organiser_id=organiser_id,
        event_id=event.id,
        source=StatementSource.CARD,
        phase=Phase.INTRODUCTION,
        text=new.text,
        text_hash=hash_of(new.text),
        language=_language(new.text),
        organisation_id=organisation,
        org_kind=new.org_kind,
        org_size=new.org_size,
        quoting=new.quoting,
        state=StatementState.SHOWN if spoken else StatementState.PENDING,
        spoken_at=now if spoken else None,
        position=max(places) + 1 if places else None,
        client_key=capture_queries.scoped(event_id, key),
        created_by=actor,
        created_at=now,
    )


async def _enter(organiser_id: UUID, event_id: UUID) -> tuple[Event, list[Card]]:
    """Lock the event and what its cards are made of, then read them."""
    event = await enter_event(organiser_id, event_id)
    for each in await introductions_of(event_id):
        # Nothing else may make statements of a closed round at the same time.
        if each.state is RoundState.CLOSED:
            await queries.enter_round(organiser_id, each.id)
    return event, list((await stack_of(event_id)).cards)


def _one_of(cards: Sequence[Card], card_id: str) -> Card:
    found = next((it for it in cards if it.id == card_id), None)
    if found is None:
        raise NotFound
    return found


async def _line_up(event: Event, cards: Sequence[Card]) -> None:
    for position, card in enumerate(cards, start=1):
        statements = await _as_statements(event, card)
        await Statement.filter(id__in=[it.id for it in statements]).update(
            position=position
        )


async def _ids(event: Event, card: Card) -> list[UUID]:
    return [it.id for it in await _as_statements(event, card)]


async def _as_statements(event: Event, card: Card) -> list[Statement]:
    """Have a statement for each line of a card: those there, and new ones."""
    return [it.statement or await _made_of(event, card, it) for it in card.lines]


def _language(text: str) -> str:
    return language_of(text, default=settings().languages[0])


async def _made_of(event: Event, card: Card, line: Line) -> Statement:
    assert line.answer is not None, "only what somebody answered is no statement yet"
    there = await Statement.get_or_none(answer_id=line.answer.id)
    return there or await Statement.create(
        organiser_id=event.organiser_id,
        event_id=event.id,
        round_id=card.round_id,
        question_id=line.answer.question_id,
        answer_id=line.answer.id,
        source=StatementSource.CARD,
        phase=Phase.INTRODUCTION,
        text=line.text,
        text_hash=hash_of(line.text),
        language=_language(line.text),
        organisation_id=card.organisation_id,
        org_kind=card.org_kind,
        org_size=card.org_size,
        registration_id=card.registration_id,
        quoting=card.quoting,
        state=StatementState.SHOWN if card.closed else StatementState.PENDING,
    )
