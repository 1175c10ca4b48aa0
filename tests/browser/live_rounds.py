"""Live rounds of an event: one at each of the moments that look different."""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from werkraum_events.models import Event
from werkraum_feedback.asking import rounds
from werkraum_feedback.live_rounds import live, live_cards, live_keys, live_voices
from werkraum_feedback.live_rounds.live_voices import Voice
from werkraum_feedback.models import QuestionRow, Round, RoundKind
from werkraum_feedback.questions import Answer, QuestionKind
from werkraum_feedback.statement_models import Statement, StatementState

ACTOR = "olga"
IN_A_WORD = {
    "de": "Was braucht Ihre Partnerschaft, in einem Wort?",
    "en": "What does your partnership need, in a word?",
}
SAID = ("Zeit", "Zeit und Geld", "Jugend", "Mut", "Jugend!", "mehr Zeit", "Geld")
CARDS = (
    "Wir tauschen seit zwanzig Jahren Lehrkräfte aus.",
    "Wer kennt eine Partnerstadt in Frankreich, die eine Schule sucht?",
    "A link to the handbook would help: https://example.org/" + "a" * 90,
)


async def live_rounds(
    organiser_id: UUID, event: Event, now: datetime
) -> dict[str, str]:
    """Make them; `{name}_live` is the round, `{name}_code` and `{name}_key` open it."""
    names: dict[str, str] = {}
    for name, kind, said in (
        ("unstarted", QuestionKind.SCALE, 0),
        ("tap", QuestionKind.SCALE, 3),
        ("shown", QuestionKind.SCALE, 12),
        ("words", QuestionKind.TEXT, len(SAID)),
        ("cards", QuestionKind.STATEMENT, len(CARDS)),
        ("over", QuestionKind.SCALE, 6),
    ):
        made = await rounds.create(
            organiser_id, event.id, kind=RoundKind.PULSE, actor=ACTOR, now=now
        )
        row = await QuestionRow.get(round_id=made.id)
        if kind is not QuestionKind.SCALE:
            row.kind, row.text, row.poles = kind, IN_A_WORD, []
            await row.save(update_fields=["kind", "text", "poles"])
        names[f"{name}_live"] = str(made.id)
        if name == "unstarted":
            continue
        pulse = await live.start(organiser_id, made.id, actor=ACTOR, now=now)
        names[f"{name}_code"] = pulse.live_code or ""
        names[f"{name}_key"] = await _answered(pulse, row, said, now)
        await _goes_on(name, pulse, row, now)
    return names


async def _answered(pulse: Round, row: QuestionRow, said: int, now: datetime) -> str:
    """Let so many answer; the key of the last of them."""
    key = live_keys.personal_key(pulse.id, uuid4())
    for number in range(said):
        key = live_keys.personal_key(pulse.id, uuid4())
        voice = Voice(_answer(row, number), secrets.token_urlsafe(32))
        await live_voices.cast(pulse.id, voice, key=key, now=now)
    return key


def _answer(row: QuestionRow, number: int) -> Answer:
    field = f"q-{row.id.hex}"
    match row.kind:
        case QuestionKind.TEXT:
            return Answer(field, text=SAID[number])
        case QuestionKind.STATEMENT:
            return Answer(field, text=CARDS[number])
    return Answer(field, number=1 + number * 7 % 5)


async def _goes_on(name: str, pulse: Round, row: QuestionRow, now: datetime) -> None:
    by = pulse.organiser_id, pulse.id
    if name in ("shown", "words"):
        await live.reveal(*by, row.id, actor=ACTOR, now=now)
    if name == "cards":
        waiting, *shown = await Statement.filter(round_id=pulse.id)
        for card in shown:
            await live_cards.decide(
                *by, card.id, StatementState.SHOWN, actor=ACTOR, now=now
            )
    if name == "over":
        await live.end(*by, actor=ACTOR, now=now)
