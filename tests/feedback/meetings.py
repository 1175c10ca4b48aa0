"""A meeting that is just going on, with a codebook and people who speak."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.people import an_event
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode, Session
from werkraum_feedback.capture.captured import Words
from werkraum_feedback.models import (
    AnswerRow,
    Naming,
    QuestionRow,
    ResponseRow,
    Round,
    RoundKind,
    RoundState,
    Signature,
)
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.statement_models import Phase
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_registration import organisations
from werkraum_registration.models import (
    OrganisationKind,
    OrganisationSize,
    Registration,
)
from werkraum_registration.organisations import OrganisationWish

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


async def a_meeting(organiser: Organiser, **changes: object) -> Event:
    """Make a workshop that began ten minutes ago and goes on for two hours."""
    now = clock.now().replace(microsecond=0)
    columns: dict[str, Any] = {  # Any: columns of an event
        "starts_at": now - 10 * MINUTE,
        "ends_at": now + 120 * MINUTE,
    }
    return await an_event(organiser, **{**columns, **changes})


async def an_item(event: Event, title: str, start: int, end: int) -> Session:
    """Add an item to the running order, in minutes from the event's beginning."""
    return await Session.create(
        event=event,
        title={"de": title, "en": title},
        description={},
        speakers=[],
        starts_at=event.starts_at + start * MINUTE,
        ends_at=event.starts_at + end * MINUTE,
    )


async def a_town(
    organiser: Organiser, name: str, size: OrganisationSize = OrganisationSize.SMALL
) -> UUID:
    wish = OrganisationWish(name, OrganisationKind.MUNICIPALITY, size)
    return await organisations.add(
        organiser.id, wish, actor="person:olga", now=clock.now()
    )


async def an_introduction(event: Event, **changes: object) -> Round:
    """Open an introduction round of two questions in which names may be put."""
    columns: dict[str, Any] = {  # Any: columns of a round
        "organiser_id": event.organiser_id,
        "event": event,
        "kind": RoundKind.INTRODUCTION,
        "naming": Naming.CHOSEN,
        "state": RoundState.OPEN,
        "title": {"de": "Vorstellung"},
        "salt": uuid4().hex,
        "invited": 20,
        "created_at": clock.now(),
        "opened_at": clock.now(),
        "closes_at": clock.now() + 14 * DAY,
    }
    made = await Round.create(**{**columns, **changes})
    for position, code in enumerate(("F01", "F02")):
        await QuestionRow.create(
            round=made,
            position=position,
            code=code,
            kind=QuestionKind.TEXT,
            text={"de": "Was bringen Sie mit?"},
            hint={},
            options=[],
            poles=[],
        )
    return made


async def a_card(
    asked: Round,
    *texts: str,
    name: str = "",
    organisation: UUID | None = None,
    **columns: Any,  # Any: columns of a response
) -> Registration | None:
    """Have somebody fill in the round; with a name they sign it."""
    response = await ResponseRow.create(round=asked, **columns)
    questions = await QuestionRow.filter(round=asked).order_by("position")
    for question, text in zip(questions, texts, strict=False):
        await AnswerRow.create(response=response, question=question, text=text)
    if not name:
        return None
    event = await Event.get(id=asked.event_id)
    person = await somebody(event, name, Mode.ONSITE, organisation_id=organisation)
    await Signature.create(response_id=response.id, registration=person)
    return person


def words(text: str, **columns: Any) -> Words:  # Any: fields of Words
    return Words(Phase.INTRODUCTION, text, **columns)


def key() -> str:
    return uuid4().hex[:24]
