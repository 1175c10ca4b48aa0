"""Questions for the tests, and registrations that answer them."""

from typing import Any

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.identifiers import uuid7
from werkraum_registration import links, questions
from werkraum_registration.models import (
    FormQuestion,
    FormQuestionKind,
    Registration,
    SeatPool,
    State,
    Wanted,
)
from werkraum_registration.question_rules import QuestionWish

OLGA = "person:olga"


def a_wish(
    kind: FormQuestionKind = FormQuestionKind.TEXT,
    label: str = "Was bringen Sie mit?",
    **changes: Any,  # Any: the fields of a wish
) -> QuestionWish:
    """Word a question; what is chosen from is vegan or meat."""
    return QuestionWish(
        **{
            "kind": kind,
            "label": {"de": label, "en": f"{label} (en)"},
            "purpose": {"de": "Für die Vorbereitung", "en": "To prepare"},
            "retention_days": 30,
            "choices": (
                {"de": "vegan", "en": "vegan"},
                {"de": "Fleisch", "en": "meat"},
            ),
            **changes,
        }
    )


async def asks(
    event: Event,
    kind: FormQuestionKind = FormQuestionKind.TEXT,
    label: str = "Was bringen Sie mit?",
    **changes: Any,  # Any: the fields of a wish
) -> FormQuestion:
    """Put a question on the form of an event."""
    return await questions.define(
        event.organiser_id,
        event.id,
        a_wish(kind, label, **changes),
        actor=OLGA,
        now=clock.now(),
    )


async def takes_part(
    event: Event, name: str = "Anna", state: State = State.CONFIRMED
) -> Registration:
    """Write a registration by hand, past all rules about seats."""
    email, identifier = f"{name.lower()}@attendee.example", uuid7()
    confirm_hash, manage_hash = links.hashes(identifier, 1)
    return await Registration.create(
        id=identifier,
        event=event,
        pool=await SeatPool.filter(event=event, session_id=None).first(),
        mode=Mode.ONLINE,
        wanted=Wanted.ONLINE,
        name=name,
        email=email,
        email_key=email,
        language="en",
        state=state,
        holds_seat=False,
        confirm_hash=confirm_hash,
        manage_hash=manage_hash,
        created_at=clock.now(),
        vouched_at=clock.now(),
    )
