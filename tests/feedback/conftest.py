"""An office with an event, people with seats, and a survey that is open."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.people import an_event, an_organiser

from werkraum_events.models import Event, Mode
from werkraum_feedback.answering import ballots
from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.asking.rules import Standing
from werkraum_feedback.models import Round
from werkraum_feedback.questions import Answer, Answers, Question
from werkraum_foundation.models import Organiser
from werkraum_registration import links
from werkraum_registration.models import Registration, SeatPool, State, Wanted

ACTOR = "person:olga"

Surveys = Callable[..., Awaitable[Round]]
Answering = Callable[..., Awaitable[list[Standing]]]


async def confirmed(event: Event, people: int) -> list[UUID]:
    """Give so many people a confirmed seat online."""
    pool = await SeatPool.get(event_id=event.id, mode=Mode.ONLINE)
    made = []
    for number in range(people):
        identifier = uuid4()
        confirm_hash, manage_hash = links.hashes(identifier, 1)
        await Registration.create(
            id=identifier,
            event=event,
            pool=pool,
            mode=Mode.ONLINE,
            wanted=Wanted.ONLINE,
            name=f"Anna {number}",
            email=f"anna{number}@attendee.example",
            email_key=f"anna{number}@attendee.example",
            language="en",
            state=State.CONFIRMED,
            holds_seat=True,
            confirm_hash=confirm_hash,
            manage_hash=manage_hash,
            created_at=event.created_at,
        )
        made.append(identifier)
    return made


@pytest.fixture
async def olgas_office(database: str) -> Organiser:
    return await an_organiser()


@pytest.fixture
def surveys(now: datetime) -> Surveys:
    """Open a survey to so many people: `await surveys(organiser, people=12)`."""

    async def one(organiser: Organiser, people: int = 3, at: datetime = now) -> Round:
        event = await an_event(organiser, now=at - timedelta(days=15))
        await confirmed(event, people)
        made = await rounds.create(organiser.id, event.id, actor=ACTOR, now=at)
        return await rounds.open(organiser.id, made.id, actor=ACTOR, now=at)

    return one


@pytest.fixture
def answering(now: datetime) -> Answering:
    """Let so many people answer, each with a text of their own, one by one."""

    async def several(asked: Round, people: int, at: datetime = now) -> list[Standing]:
        questions = await queries.questions_of(asked.id)
        hashes = [ballots.hash_for(asked.id, it) for it in await holders(asked)]
        return [
            await ballots.cast(
                hashes[number], saying(questions, number), loaded=None, now=at
            )
            for number in range(people)
        ]

    return several


async def holders(asked: Round) -> list[UUID]:
    """Name who has a ballot, in the order of registering."""
    found = await Registration.filter(event_id=asked.event_id).order_by("id")
    return [each.id for each in found]


async def tokens(asked: Round) -> list[str]:
    return [ballots.token_for(asked.id, it) for it in await holders(asked)]


def saying(questions: tuple[Question, ...], number: int) -> Answers:
    """Answer a scale, a choice and a text; the text tells the person."""
    helpful, next_time, valuable = questions[0], questions[1], questions[2]
    return Answers(
        (
            Answer(helpful.id, number=4 + number % 2),
            Answer(next_time.id, codes=("online",)),
            Answer(valuable.id, text=f"Voice {number:02}"),
        )
    )
