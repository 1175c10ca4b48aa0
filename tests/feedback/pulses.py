"""A pulse that is on, and people who answer it with their own devices."""

import re
import secrets
from datetime import datetime

from tests.feedback.conftest import ACTOR
from tests.people import an_event

from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.live_rounds import live, live_keys, live_voices
from werkraum_feedback.live_rounds.live_voices import Voice
from werkraum_feedback.models import QuestionRow, Round, RoundKind
from werkraum_feedback.questions import Answer, QuestionKind
from werkraum_foundation.models import Organiser

OPTIONS = [{"code": it, "label": {"en": it}} for it in ("one", "two")]
TEXTS = {"de": "Was meinen Sie?", "en": "What do you think?"}


async def a_pulse(
    organiser: Organiser, now: datetime, *kinds: QuestionKind, start: bool = True
) -> Round:
    """Make a pulse with the usual scale and then a question of each kind."""
    event = await an_event(organiser, now=now)
    made = await rounds.create(
        organiser.id, event.id, kind=RoundKind.PULSE, actor=ACTOR, now=now
    )
    for number, kind in enumerate(kinds, start=2):
        await QuestionRow.create(
            round=made,
            position=number,
            code=f"F{number:02}",
            kind=kind,
            text=TEXTS,
            hint={},
            options=[] if kind is QuestionKind.NUMBER else OPTIONS,
            poles=[],
        )
    if start:
        return await live.start(organiser.id, made.id, actor=ACTOR, now=now)
    return made


async def on(pulse: Round, number: int, now: datetime) -> QuestionRow:
    """Put the question with this number before everybody."""
    row = (await queries.question_rows_of(pulse.id))[number]
    await live.ask(pulse.organiser_id, pulse.id, row.id, actor=ACTOR, now=now)
    return row


def a_voice(row: QuestionRow, said: int | str) -> Voice:
    field = f"q-{row.id.hex}"
    once = secrets.token_urlsafe(32)
    if isinstance(said, int):
        return Voice(Answer(field, number=said), once)
    if row.kind in (QuestionKind.TEXT, QuestionKind.STATEMENT):
        return Voice(Answer(field, text=said), once)
    return Voice(Answer(field, codes=(said,)), once)


async def says(
    pulse: Round, row: QuestionRow, said: int | str, now: datetime, key: str = ""
) -> bool:
    """Let somebody with a new device, or with this key, answer."""
    key = key or live_keys.device_key(pulse.id)
    return await live_voices.cast(pulse.id, a_voice(row, said), key=key, now=now)


async def reveals(pulse: Round, row: QuestionRow, now: datetime) -> None:
    await live.reveal(pulse.organiser_id, pulse.id, row.id, actor=ACTOR, now=now)


async def ends(pulse: Round, now: datetime) -> None:
    await live.end(pulse.organiser_id, pulse.id, actor=ACTOR, now=now)


def fields_of(page: str) -> dict[str, str]:
    """Read the hidden fields of the form that sends a voice."""
    once = re.search(r'name="once" value="([^"]+)"', page)
    question = re.search(r'name="question" value="(q-[^"]+)"', page)
    assert once and question
    return {"once": once[1], "question": question[1]}
