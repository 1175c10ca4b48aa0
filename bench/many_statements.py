"""An event at which much was said and coded, beside a round of answers."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from werkraum_events import events
from werkraum_events.models import Kind
from werkraum_events.wishes import EventWish, Place
from werkraum_feedback.coding.statements import hash_of
from werkraum_feedback.models import Round
from werkraum_feedback.statement_models import (
    Coding,
    Phase,
    Quoting,
    Statement,
    StatementKind,
    StatementSource,
    Theme,
)
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.database import unit_of_work
from werkraum_registration.models import OrganisationKind

THEMES, CODERS, AT_ONCE = 12, 2, 500
WORDS = "This is what keeps us busy, and we would like to hear how others do it. "


async def an_event(asked: Round, statements: int, chance: random.Random) -> UUID:
    """Tie the round to an event, and have this many things said there."""
    now = datetime.now(UTC)
    wish = EventWish(
        slug="bench-report",
        kind=Kind.WORKSHOP,
        title={"en": "A large workshop"},
        starts_at=now - timedelta(days=2),
        ends_at=now - timedelta(days=2, hours=-3),
        timezone="Europe/Berlin",
        onsite=Place("Hall", "Market 1"),
    )
    begun = now - timedelta(days=4)
    event = await events.create(asked.organiser_id, wish, actor=SYSTEM, now=begun)
    await Round.filter(id=asked.id).update(event_id=event.id)
    await say(asked.organiser_id, event.id, statements, chance, now)
    return event.id


@unit_of_work
async def say(
    organiser_id: UUID, event_id: UUID, count: int, chance: random.Random, now: datetime
) -> None:
    themes = [a_theme(organiser_id, number, now) for number in range(THEMES)]
    await Theme.bulk_create(themes)
    said = [a_statement(organiser_id, event_id, n, chance, now) for n in range(count)]
    await Statement.bulk_create(said, batch_size=AT_ONCE)
    codings = [
        Coding(
            statement_id=it.id,
            theme_id=chance.choice(themes).id,
            start=0,
            end=len(it.text),
            coder=f"person:{coder}",
            good_quote=chance.random() < 0.1,
            created_at=now,
        )
        for it in said
        for coder in range(CODERS)
    ]
    await Coding.bulk_create(codings, batch_size=AT_ONCE)


def a_theme(organiser_id: UUID, number: int, now: datetime) -> Theme:
    name = {"en": f"Theme {number}"}
    return Theme(
        id=uuid4(),
        organiser_id=organiser_id,
        name=name,
        definition=name,
        includes={},
        excludes={},
        example={},
        words=[],
        position=number,
        created_at=now,
    )


def a_statement(
    organiser_id: UUID,
    event_id: UUID,
    number: int,
    chance: random.Random,
    now: datetime,
) -> Statement:
    text = f"{number}: {WORDS * chance.randint(1, 4)}"
    return Statement(
        organiser_id=organiser_id,
        event_id=event_id,
        source=StatementSource.CAPTURE,
        phase=chance.choice(list(Phase)),
        kind=chance.choice(list(StatementKind)),
        text=text,
        text_hash=hash_of(text),
        language="en",
        org_kind=chance.choice(list(OrganisationKind)),
        quoting=Quoting.UNNAMED,
        created_at=now,
    )
