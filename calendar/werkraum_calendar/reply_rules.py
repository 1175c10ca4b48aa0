"""What an answer of somebody's calendar means, given what is known; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from werkraum_calendar.models import ReplyKind
from werkraum_calendar.reply_text import Answering, Said
from werkraum_foundation.language import gettext
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.refusals import Refused

# One person's calendar has no more to say; what follows is a loop, or mischief.
MOST_REPLIES = 50

ANSWERS = {
    "ACCEPTED": ReplyKind.COMING,
    "TENTATIVE": ReplyKind.MAYBE,
    "DECLINED": ReplyKind.DECLINED,
    "DELEGATED": ReplyKind.DELEGATED,
}


class ForeignAttendee(Refused):
    """The answer is for somebody else than the person with this address."""

    status = 403
    code = "foreign_attendee"

    def message(self) -> str:
        return gettext("This answer is not from the person who was invited.")


class ForeignItem(Refused):
    """The answer is to no message of ours, or not to this person's."""

    status = 422
    code = "foreign_item"

    def message(self) -> str:
        return gettext("This answer belongs to another invitation.")


class NoAnswer(Refused):
    """Neither yes nor no nor maybe."""

    status = 422
    code = "no_answer"

    def message(self) -> str:
        return gettext("There is no answer in this message.")


@dataclass(frozen=True)
class Earlier:
    """A reply that was noted before."""

    kind: ReplyKind
    sequence: int
    stamp: datetime
    received_at: datetime


@dataclass(frozen=True)
class Known:
    """What is known of one person's item.

    `sequence` is that of the last message that has left for this person; the event may
    be further on by changes that were no news for them.
    """

    uid: str
    attendee_key: str
    sequence: int
    earlier: Sequence[Earlier]


@dataclass(frozen=True)
class Meaning:
    kind: ReplyKind
    outdated: bool


def meaning_of(said: Said, known: Known, *, now: datetime) -> Meaning | None:
    """Tell what to note of it; None for what was said before or is overtaken.

    The address it came to has proved which person it is about. Raises
    `ForeignAttendee`, `ForeignItem`, `NoAnswer`.
    """
    if _key(said.attendee) != known.attendee_key:
        raise ForeignAttendee
    # Our items have one date each.
    if said.uid != known.uid or said.of_one_date:
        raise ForeignItem
    kind = kind_of(said)
    if _was_said(kind, said, known, now=now):
        return None
    # Who asks how it is now says nothing of what it was, and sends no SEQUENCE
    # (RFC 5546 3.2.6).
    asks = kind is ReplyKind.ASKED_AGAIN
    return Meaning(kind, outdated=not asks and said.sequence < known.sequence)


def kind_of(said: Said) -> ReplyKind:
    if said.method is Answering.COUNTER:
        return ReplyKind.PROPOSED
    if said.method is Answering.REFRESH:
        return ReplyKind.ASKED_AGAIN
    kind = ReplyKind.DELEGATED if said.delegated else ANSWERS.get(said.partstat)
    if kind is None:
        raise NoAnswer
    return kind


def _was_said(kind: ReplyKind, said: Said, known: Known, *, now: datetime) -> bool:
    """The same words again, or an answer older than the one that counts.

    Two answers of one second count as they come: calendars know no smaller unit.
    """
    if len(known.earlier) >= MOST_REPLIES:
        return True
    mine = (kind, said.sequence, said.stamp)
    if mine in [(it.kind, it.sequence, it.stamp) for it in known.earlier]:
        return True
    if kind not in ANSWERS.values():
        return False
    answers = [it for it in known.earlier if it.kind in ANSWERS.values()]
    latest = max(
        (
            _order(it.sequence, it.stamp, known.sequence, it.received_at)
            for it in answers
        ),
        default=None,
    )
    this = _order(said.sequence, said.stamp, known.sequence, now)
    return latest is not None and this < latest


def _order(
    sequence: int, stamp: datetime, highest: int, received: datetime
) -> tuple[int, datetime]:
    """Order answers (RFC 5546 2.1.5); a number or a clock that runs ahead is held
    back, or no later answer would ever count."""
    return min(sequence, highest), min(stamp, received)


def _key(address: str) -> str:
    try:
        return normalised(address)
    except ValueError:
        return ""


def is_standing(kind: ReplyKind) -> bool:
    """Whether it says how somebody stands, so that the desk shows it in the list."""
    return kind in (ReplyKind.COMING, ReplyKind.MAYBE, ReplyKind.DECLINED)
