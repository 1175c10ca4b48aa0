"""A round over with every kind of question, answered by people of several kinds."""

from uuid import UUID

from tests.feedback.group_answers import a_closed_round
from tests.feedback.results.test_round_results import all_kinds, some_voices

from werkraum_feedback.models import RoundKind
from werkraum_foundation.models import Organiser


async def a_mixed_round(organiser: Organiser, event_id: UUID) -> str:
    """Ask before and after; the id of the later round."""
    for kind in (RoundKind.NEEDS, RoundKind.CLOSING):
        questions = all_kinds()
        asked = await a_closed_round(
            organiser, questions, some_voices(questions), event_id=event_id, kind=kind
        )
    return str(asked.id)
