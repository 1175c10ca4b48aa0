"""A passage as the program drafts it, before it is a row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from werkraum_feedback.report.report_evidence import Evidence
from werkraum_feedback.report_models import PassageKind

# Any: rows of a table, or what a picture is drawn of (report_models).
Data = dict[str, Any]


@dataclass(frozen=True)
class Drafted:
    """`key` names what the passage says, so that a later draft finds it again."""

    section: str
    key: str
    text: str
    evidence: Sequence[Evidence]
    kind: PassageKind = PassageKind.PARAGRAPH
    data: Data = field(default_factory=dict)

    @property
    def stored(self) -> Data:
        return {**self.data, "key": self.key}


@dataclass(frozen=True)
class Missing:
    """A section that stays out, and the pages of the event where its facts are added.

    Each page is the name of its route, which takes the event's id, and its words.
    """

    section: str
    where: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Draft:
    title: str
    passages: tuple[Drafted, ...]
    missing: tuple[Missing, ...]
