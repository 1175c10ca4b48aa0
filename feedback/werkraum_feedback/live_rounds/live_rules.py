"""When a live round takes voices, when its results are shown, and every "no"."""

from datetime import datetime, timedelta
from uuid import UUID

from werkraum_feedback.models import QuestionRow, Round, RoundKind, RoundState
from werkraum_feedback.results.shares import FEWEST
from werkraum_foundation.language import gettext
from werkraum_foundation.limits import MINUTE, Limit
from werkraum_foundation.refusals import NotFound, Refused

# A pulse that nobody ends does it by itself.
OPEN_FOR = timedelta(hours=12)
# A card is read from the wall.
MOST_CHARACTERS = 500
# So many voices of one kind may be typed in from paper at once.
MOST_AT_ONCE = 100
CODE_DIGITS = 6

# Per client network. A whole hall sits behind one address.
WRONG_CODES = Limit("live-wrong-codes", 60, 10 * MINUTE)
VOICES = Limit("live-voices", 3000, MINUTE)
CARDS = Limit("live-cards", 300, MINUTE)


class UnknownCode(NotFound):
    code = "unknown_code"

    def message(self) -> str:
        return gettext("No live round has this code.")


class LiveOver(Refused):
    status = 410
    code = "live_over"

    def message(self) -> str:
        return gettext("This live round is over. Thank you for having been there.")


class QuestionOver(Refused):
    """The moderator has gone on, or shows the result already."""

    code = "question_over"

    def message(self) -> str:
        return gettext(
            "This question takes no more voices: the next one is on, or its result"
            " is shown already."
        )


class TooFewVoices(Refused):
    code = "too_few_voices"

    def message(self) -> str:
        return gettext(
            "Results can be shown from five voices on. Beside voices that were typed in"
            " for others there must be five more, or none."
        )


def must_be_live(asked: Round, *, now: datetime) -> None:
    """Raise `LiveOver` unless the round is under way in the room."""
    if not is_live(asked, now=now):
        raise LiveOver


def is_live(asked: Round, *, now: datetime) -> bool:
    return (
        asked.state is RoundState.OPEN
        and asked.live_code is not None
        and asked.closes_at is not None
        and now < asked.closes_at
    )


def must_take_voices(
    asked: Round, question: QuestionRow | None, *, now: datetime
) -> None:
    """Raise unless the question is the one everybody sees, without its result.

    Whoever sees a result before and after one voice sees that voice by difference:
    showing the result ends the voting.
    """
    must_be_live(asked, now=now)
    if question is None or question.id != asked.live_question_id or question.revealed:
        raise QuestionOver


def must_be_enough(voices: int) -> None:
    if not is_enough(voices):
        raise TooFewVoices


def is_enough(voices: int) -> bool:
    return voices >= FEWEST


def must_be_a_pulse(asked: Round) -> None:
    """Other rounds are answered by ballot."""
    if asked.kind is not RoundKind.PULSE:
        raise NotFound


def must_be_asked_of(asked: Round, question: QuestionRow | None) -> UUID:
    """Raise `NotFound` for a question of another round."""
    if question is None or question.round_id != asked.id:
        raise NotFound
    return question.id
