"""What a report is made of: plain values, every one of them allowed to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Kind, Mode
from werkraum_feedback.coding.speaker_groups import NO_GROUP, GroupOf
from werkraum_feedback.follow_up_models import PledgeForm
from werkraum_feedback.models import RoundKind
from werkraum_feedback.questions import Question
from werkraum_feedback.results.shares import FEWEST
from werkraum_feedback.results.tallies import Results
from werkraum_feedback.statement_models import StatementKind

MOST_CONNECTING = 5


@dataclass(frozen=True)
class Occasion:
    """The event itself, its texts in the language of the report."""

    event_id: UUID
    title: str
    summary: str
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    timezone: str
    place: str
    modes: tuple[Mode, ...]
    topics: tuple[str, ...]
    address: str


@dataclass(frozen=True)
class Office:
    """Who publishes the report."""

    name: str
    contact: str
    imprint: str
    privacy: str


@dataclass(frozen=True)
class Crowd:
    """How many people were there or, where nobody noted it, had a seat."""

    people: int
    organisations: int
    noted: bool
    groups: tuple[tuple[GroupOf, int], ...] = ()


@dataclass(frozen=True)
class Item:
    """A programme item with its speakers as the organiser writes them."""

    id: UUID
    title: str
    speakers: tuple[str, ...]


@dataclass(frozen=True)
class Voice:
    """Words that may be quoted, with the group that may be named."""

    statement_id: UUID
    text: str
    language: str
    group: GroupOf = NO_GROUP
    # Whose words they are, where they agreed to stand there by name.
    name: str = ""


@dataclass(frozen=True)
class GroupShare:
    """Of a group that may be named: its statements about a theme, and all of them."""

    group: GroupOf
    part: int
    whole: int


@dataclass(frozen=True)
class Talked:
    """A theme as it was spoken of at the event."""

    theme_id: UUID
    name: str
    definition: str
    statements: int
    groups: tuple[GroupShare, ...] = ()
    kinds: tuple[tuple[StatementKind, int], ...] = ()
    voices: tuple[Voice, ...] = ()

    @property
    def connects(self) -> bool:
        """Whether more than one kind of organisation speaks of it."""
        return sum(it.part > 0 for it in self.groups) > 1

    def count_of(self, *kinds: StatementKind) -> int:
        return sum(count for kind, count in self.kinds if kind in kinds)


@dataclass(frozen=True)
class Spoken:
    """All that was said: how many statements, in which part of the event."""

    statements: int
    introduction: int
    closing: int
    named: tuple[GroupOf, ...] = ()

    @property
    def may_be_told(self) -> bool:
        return self.statements >= FEWEST


@dataclass(frozen=True)
class Asked:
    """A closed round with its results, and which themes its texts are about."""

    round_id: UUID
    kind: RoundKind
    title: str
    of_network: bool
    opened_at: datetime | None
    ended_at: datetime | None
    questions: tuple[Question, ...]
    results: Results
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PracticeCard:
    """A practice that is published, as its people agreed."""

    id: UUID
    theme_id: UUID | None
    title: str
    place: str
    what: str
    took: str
    link: str


@dataclass(frozen=True)
class Ties:
    """Contacts between people: both agreed, and of those who meet for a talk."""

    agreed: int
    talks: int


@dataclass(frozen=True)
class Pledged:
    """How many people offered to join in, and in which form."""

    people: int
    forms: tuple[tuple[PledgeForm, int], ...] = ()


@dataclass(frozen=True)
class Answered:
    """A theme that people have been told about: "you said, we did"."""

    reply_id: UUID
    theme: str
    did: str


@dataclass(frozen=True)
class Paper:
    """Something to read on: slides, a handbook."""

    id: UUID
    title: str
    link: str
    version: int


@dataclass(frozen=True)
class Next:
    """An event to come."""

    id: UUID
    title: str
    starts_at: datetime
    timezone: str
    address: str


@dataclass(frozen=True)
class Facts:
    """All there is to report of an event, in one language, at one moment."""

    language: str
    at: datetime
    occasion: Occasion
    office: Office
    crowd: Crowd
    items: Sequence[Item] = ()
    spoken: Spoken = Spoken(0, 0, 0)
    themes: Sequence[Talked] = ()
    rounds: Sequence[Asked] = ()
    practices: Sequence[PracticeCard] = ()
    ties: Ties = Ties(0, 0)
    pledged: Pledged = Pledged(0)
    # Themes of the closing round, with the statements about each.
    closing_themes: Sequence[tuple[str, int]] = ()
    answered: Sequence[Answered] = ()
    papers: Sequence[Paper] = ()
    next: Sequence[Next] = ()

    @property
    def connecting(self) -> list[Talked]:
        """The themes that connect: shared by most kinds first, a handful of them."""
        if not self.spoken.may_be_told:
            return []
        return [it for it in self.themes if it.connects][:MOST_CONNECTING]

    @property
    def told(self) -> list[Talked]:
        """The themes with a section of their own."""
        if not self.spoken.may_be_told:
            return []
        return self.connecting or list(self.themes)[:3]

    def asked(self, *kinds: RoundKind) -> list[Asked]:
        return [it for it in self.rounds if it.kind in kinds]
