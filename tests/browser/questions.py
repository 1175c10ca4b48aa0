"""A round that asks in every way there is, and names nobody who does not want it."""

from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event
from werkraum_feedback.asking import drafts, queries, rounds
from werkraum_feedback.asking.drafts import QuestionWish
from werkraum_feedback.models import Round, RoundKind
from werkraum_feedback.questions import WITH_OPTIONS, WITH_POLES, QuestionKind

ACTOR = "olga"


def worded(kind: QuestionKind) -> QuestionWish:
    """Word a question of this kind in both languages."""
    options = [
        {"de": "Jugendbeteiligung auf Dauer", "en": "Young people taking part"},
        {"de": "Partnerschaften in der Krise", "en": "Partnerships in a crisis"},
        {"de": "Geld", "en": "Money"},
    ]
    return QuestionWish(
        text={"de": f"Frage der Art {kind}?", "en": f"A question of kind {kind}?"},
        hint={"de": "Ein Hinweis dazu.", "en": "A hint on it."},
        options=options if kind in WITH_OPTIONS else (),
        poles=(
            {"de": "gar nicht", "en": "not at all"},
            {"de": "ganz bestimmt", "en": "certainly"},
        )
        if kind in WITH_POLES
        else None,
        low=0,
        high=40,
    )


async def asked_in_every_way(organiser_id: UUID, event: Event, now: datetime) -> Round:
    made = await rounds.create(
        organiser_id, event.id, kind=RoundKind.INTRODUCTION, actor=ACTOR, now=now
    )
    for row in await queries.question_rows_of(made.id):
        await row.delete()
    for kind in QuestionKind:
        await drafts.add_question(
            organiser_id, made.id, kind, worded(kind), actor=ACTOR, now=now
        )
    return await rounds.open(organiser_id, made.id, actor=ACTOR, now=now)
