"""What a moderator does with a card, as forms."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from werkraum_feedback.capture.capture_form import Allowed, Key, OrganisationName
from werkraum_feedback.capture.cards import NewCard
from werkraum_feedback.statement_models import Quoting
from werkraum_foundation.plain_text import Paragraphs, line
from werkraum_registration.models import OrganisationKind, OrganisationSize

CardId = Annotated[str, StringConstraints(pattern=r"^[rs]-[0-9a-f-]{36}$")]
MOST_LINES = 20


class Deed(StrEnum):
    TICK = "tick"
    UNTICK = "untick"
    UP = "up"
    DOWN = "down"
    BY_KIND = "by_kind"
    BY_TIME = "by_time"
    TAKE_ALL = "take_all"


class CardDeed(BaseModel):
    """A button; those for the whole line name no card."""

    model_config = ConfigDict(extra="forbid")
    deed: Deed
    card: CardId = ""


class CardTexts(BaseModel):
    """The texts of a card put right, with a sign of how they were before."""

    model_config = ConfigDict(extra="forbid")
    card: CardId
    mark: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
    text: Annotated[list[Paragraphs], Field(min_length=1, max_length=MOST_LINES)]


class NewCardFields(BaseModel):
    """Somebody without a card, in one line; `spoken` if they do so now."""

    model_config = ConfigDict(extra="forbid")
    key: Key
    said: Annotated[str, line(max_length=500)]
    organisation: OrganisationName | None = None
    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None
    quoting: Allowed = Quoting.NO
    spoken: bool = False

    @property
    def card(self) -> NewCard:
        return NewCard(
            self.said,
            self.organisation or "",
            self.org_kind,
            self.org_size,
            self.quoting,
        )
