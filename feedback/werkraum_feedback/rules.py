"""When a round takes answers, when its results are shown, and every "no" of it."""

from datetime import datetime, timedelta
from enum import Enum

from werkraum_feedback.models import Round, RoundState
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import NotFound, Refused

A_DAY = timedelta(days=1)
OPEN_FOR = 14 * A_DAY
# For those whose page was loaded before the end.
GRACE = timedelta(minutes=15)


class Standing(Enum):
    """How somebody with a ballot stands; the value is the HTTP status of a "no"."""

    MAY_ANSWER = 200
    ANSWERED = 409
    CLOSED = 410


class UnknownBallot(NotFound):
    code = "unknown_ballot"

    def message(self) -> str:
        return gettext("We do not know this link to a survey.")


class RoundUnderWay(Refused):
    code = "round_under_way"

    def message(self) -> str:
        return gettext("There is a round of this kind already that is not closed yet.")


class RoundFrozen(Refused):
    """Answers belong to the words they were given to."""

    code = "round_frozen"

    def message(self) -> str:
        return gettext("The survey is open already; its questions stay as they are.")


class RoundNotOpen(Refused):
    code = "round_not_open"

    def message(self) -> str:
        return gettext("This survey is not open.")


class NobodyToAsk(Refused):
    code = "nobody_to_ask"

    def message(self) -> str:
        return gettext(
            "Nobody has a confirmed seat at this event, so there is nobody to ask."
        )


class ResultsNotYet(Refused):
    code = "results_not_yet"

    def message(self) -> str:
        return gettext("The answers can be read when the survey is closed.")


class TooFewAnswers(Refused):
    code = "too_few_answers"

    def message(self) -> str:
        return gettext(
            "Fewer than five people answered. So that nobody is recognised, their "
            "answers are not handed out."
        )


def standing(
    asked: Round, *, used: bool, loaded: datetime | None, now: datetime
) -> Standing:
    """Decide what a ballot may do now.

    `loaded` is when the page was loaded that somebody sends, or None. After the
    end a page that was loaded in time is taken for a while; a round that was
    closed by hand at once takes nothing more.
    """
    if used:
        return Standing.ANSWERED
    if asked.state is not RoundState.OPEN or asked.closes_at is None:
        return Standing.CLOSED
    in_time = now < asked.closes_at
    in_grace = (
        loaded is not None
        and loaded < asked.closes_at
        and now < asked.closes_at + GRACE
    )
    return Standing.MAY_ANSWER if in_time or in_grace else Standing.CLOSED


def must_be_draft(asked: Round) -> None:
    if asked.state is not RoundState.DRAFT:
        raise RoundFrozen


def must_be_open(asked: Round) -> None:
    if asked.state is not RoundState.OPEN:
        raise RoundNotOpen


def must_be_closed(asked: Round) -> None:
    """Results while answers come in would tell the latest one by difference."""
    if asked.state is not RoundState.CLOSED:
        raise ResultsNotYet
