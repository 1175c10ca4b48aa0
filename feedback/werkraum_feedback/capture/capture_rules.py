"""What holds while somebody writes down what is said: whose clock, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from werkraum_feedback.statement_models import Phase, Quoting, StatementKind
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_registration.models import OrganisationKind, OrganisationSize

# Who speaks in a meeting speaks in one of these.
SPOKEN = (Phase.INTRODUCTION, Phase.DISCUSSION, Phase.CLOSING)

# A device without a network sends later what it keeps; nothing is older than this.
LONGEST_OFFLINE = timedelta(days=14)
# After the event's end, what was caught belongs to those who work with it.
CHANGEABLE_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Said:
    """What is known of something that was said; everything but the words may lack."""

    phase: Phase
    text: str
    kind: StatementKind | None = None
    session_id: UUID | None = None
    organisation_id: UUID | None = None
    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None
    themes: frozenset[UUID] = frozenset()
    quoting: Quoting = Quoting.NO
    removed: bool = False

    @property
    def mark(self) -> str:
        """Tell this content from any other, for a form that comes back later."""
        told = [
            self.phase,
            self.text,
            self.kind or "",
            str(self.session_id or ""),
            str(self.organisation_id or ""),
            self.org_kind or "",
            self.org_size or "",
            " ".join(sorted(map(str, self.themes))),
            self.quoting,
            str(self.removed),
        ]
        return sha256("\0".join(told).encode()).hexdigest()[:32]


class TooLateToChange(Refused):
    code = "too_late_to_change"

    def message(self) -> str:
        return gettext(
            "The event is over for two days. What was said can be changed where it "
            "is worked with."
        )


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"

    def message(self) -> str:
        return gettext("Somebody else has changed this in the meantime.")


class PartlyMarked(Refused):
    """Somebody has marked words of it: a new text would move the marks."""

    code = "partly_marked"

    def message(self) -> str:
        return gettext(
            "Somebody has marked words of this text already, so it stays as it is."
        )


def within_reach(at: datetime, *, now: datetime) -> datetime:
    """Keep a time that a device says, within what its clock can be right about."""
    return min(max(at, now - LONGEST_OFFLINE), now)


def must_be_changeable(ends_at: datetime, *, now: datetime) -> None:
    if now > ends_at + CHANGEABLE_FOR:
        raise TooLateToChange


def must_follow(mark: str, known: Iterable[str]) -> None:
    """Whoever changes something has seen it as it is now, or wrote it so."""
    if mark not in known:
        raise ChangedMeanwhile


def must_not_be_marked(spans: Iterable[tuple[int, int]], length: int) -> None:
    if any(span != (0, length) for span in spans):
        raise PartlyMarked
