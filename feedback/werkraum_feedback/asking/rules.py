"""When a round takes answers, when its results are shown, and every "no" of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from werkraum_feedback.models import Naming, Round, RoundState
from werkraum_feedback.questions import WITH_OPTIONS, Question
from werkraum_feedback.statement_models import Quoting, Statement, StatementSource
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import NotFound, Refused

A_DAY = timedelta(days=1)
OPEN_FOR = 14 * A_DAY
FEWEST_OPTIONS = 2
MOST_QUESTIONS = 30
# What a form may send at most, less what stands beside the questions.
MOST_ENTRIES = 180
# When whoever has not answered is reminded, counted from the opening.
REMINDERS = (3 * A_DAY, 7 * A_DAY)
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
        return gettext(
            "We do not know this link. Perhaps it was not copied completely."
        )


class RoundUnderWay(Refused):
    code = "round_under_way"

    def message(self) -> str:
        return gettext("There is a round of this kind already that is not closed yet.")


class RoundFrozen(Refused):
    """Answers belong to the words they were given to."""

    code = "round_frozen"

    def message(self) -> str:
        return gettext("The round is open already; its questions stay as they are.")


class RoundNotOpen(Refused):
    code = "round_not_open"

    def message(self) -> str:
        return gettext("This round is not open.")


class NobodyToAsk(Refused):
    code = "nobody_to_ask"

    def message(self) -> str:
        return gettext("There is nobody to ask yet.")


class ListTooLong(Refused):
    code = "list_too_long"

    def message(self) -> str:
        return gettext("With these people the list would be too long.")


class NothingToAsk(Refused):
    code = "nothing_to_ask"

    def message(self) -> str:
        return gettext("The round has no questions yet.")


class NothingToChoose(Refused):
    """Nobody can answer a question that offers nothing, or but one thing."""

    code = "nothing_to_choose"

    def message(self) -> str:
        return gettext(
            "A question to choose from needs at least two options. Please write them,"
            " or remove the question."
        )


class TooManyQuestions(Refused):
    code = "too_many_questions"

    def message(self) -> str:
        return gettext(
            "A round has at most %(most)s questions. More than ten are rarely"
            " answered to the end.",
            most=MOST_QUESTIONS,
        )


class TooManyOptions(Refused):
    code = "too_many_options"

    def message(self) -> str:
        return gettext("All options of the round together are too many to answer.")


class ResultsNotYet(Refused):
    code = "results_not_yet"

    def message(self) -> str:
        return gettext("The answers can be read when the round is closed.")


class QuotingNotGiven(Refused):
    """What somebody has allowed in the form is theirs to widen, not the office's."""

    code = "quoting_not_given"

    def message(self) -> str:
        return gettext(
            "The person has not allowed this. You can narrow their consent here, but "
            "not widen it."
        )


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


def may_sign(asked: Round) -> bool:
    """Whether people may put their name to what they say."""
    return asked.naming is Naming.CHOSEN and asked.event_id is not None


def reminders_due(asked: Round, *, now: datetime) -> int:
    """Say how many reminders whoever has not answered should have had by now."""
    if asked.opened_at is None or asked.closes_at is None or asked.closes_at <= now:
        return 0
    opened_at = asked.opened_at
    return sum(opened_at + after <= now for after in REMINDERS)


def lacks_options(question: Question) -> bool:
    """Whether a question to choose from offers no choice."""
    return question.kind in WITH_OPTIONS and len(question.options) < FEWEST_OPTIONS


def must_be_answerable(questions: Sequence[Question]) -> None:
    """Whether a round can be asked: it has questions, and each can be answered."""
    if not questions:
        raise NothingToAsk
    if any(map(lacks_options, questions)):
        raise NothingToChoose


def must_have_room(questions: int) -> None:
    if questions >= MOST_QUESTIONS:
        raise TooManyQuestions


def must_fit(entries: int) -> None:
    """A form that is larger than forms may be could never be sent."""
    if entries > MOST_ENTRIES:
        raise TooManyOptions


def must_not_be_draft(asked: Round) -> None:
    """A draft needs no version of its own: it can be changed."""
    if asked.state is RoundState.DRAFT:
        raise RoundNotOpen


def must_be_draft(asked: Round) -> None:
    if asked.state is not RoundState.DRAFT:
        raise RoundFrozen


def must_not_be_closed(asked: Round) -> None:
    """What belongs to asking is gone when a round is over."""
    if asked.state is RoundState.CLOSED:
        raise RoundNotOpen


def must_be_of_the_network(asked: Round) -> None:
    """Whom a round of an event asks is decided by its registrations."""
    if asked.event_id is not None:
        raise NotFound


def must_be_open(asked: Round) -> None:
    if asked.state is not RoundState.OPEN:
        raise RoundNotOpen


def must_be_closed(asked: Round) -> None:
    """Results while answers come in would tell the latest one by difference."""
    if asked.state is not RoundState.CLOSED:
        raise ResultsNotYet


def allowed_for(statement: Statement) -> list[Quoting]:
    """List what an office may set: of an answer, no more than its form said."""
    known = list(Quoting)
    if statement.answer_id or statement.source is StatementSource.ANSWER:
        known = known[: known.index(statement.quoting) + 1]
    if statement.registration_id is None:
        known = [it for it in known if it is not Quoting.NAMED]
    return known


def must_allow(statement: Statement, wanted: Quoting) -> None:
    if wanted not in allowed_for(statement):
        raise QuotingNotGiven
