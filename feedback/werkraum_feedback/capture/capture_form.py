"""What a moderator sends: one statement as a form, or many from a device's queue."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from werkraum_feedback.capture.capture_queries import Caught
from werkraum_feedback.capture.captured import Words
from werkraum_feedback.statement_models import Phase, Quoting, StatementKind
from werkraum_foundation.faults import Fault, faults_of
from werkraum_foundation.plain_text import Paragraphs, line
from werkraum_registration.models import OrganisationKind, OrganisationSize

# As many as one request carries, and earlier contents of each.
MOST_CHANGES = 50
MOST_KNOWN = 10
MOST_THEMES = 50
# Fifty statements of ordinary length; the device sends long ones one by one.
LARGEST = 512 * 1024

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,31}$")]
OrganisationName = Annotated[str, line(max_length=200)]
Spoken = Literal[Phase.INTRODUCTION, Phase.DISCUSSION, Phase.CLOSING]
Allowed = Literal[Quoting.NO, Quoting.UNNAMED]


class CaptureFields(BaseModel):
    """The form of one statement; `mark` is there when one is changed."""

    model_config = ConfigDict(extra="forbid")
    key: Key
    mark: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")] | None = None
    phase: Spoken = Phase.DISCUSSION
    session: UUID | None = None
    organisation: OrganisationName | None = None
    org_kind: OrganisationKind | None = None
    org_size: OrganisationSize | None = None
    kind: StatementKind | None = None
    text: Paragraphs
    themes: Annotated[list[UUID], Field(max_length=MOST_THEMES)] = []
    quoting: Allowed = Quoting.NO

    @property
    def words(self) -> Words:
        return Words(
            self.phase,
            self.text,
            self.kind,
            self.session,
            self.organisation or "",
            self.org_kind,
            self.org_size,
            tuple(self.themes),
            self.quoting,
        )


class RemoveFields(BaseModel):
    model_config = ConfigDict(extra="forbid")
    key: Key
    deed: Literal["remove", "restore"]


class SentWords(BaseModel):
    """A statement as a device has it; empty where nothing is known."""

    model_config = ConfigDict(extra="forbid")
    phase: Spoken
    session: UUID | None
    organisation: OrganisationName | Literal[""]
    org_kind: OrganisationKind | None
    org_size: OrganisationSize | None
    kind: StatementKind | None
    text: Paragraphs
    themes: Annotated[list[UUID], Field(max_length=MOST_THEMES)]
    quoting: Allowed
    removed: bool

    @property
    def words(self) -> Words:
        return Words(
            self.phase,
            self.text,
            self.kind,
            self.session,
            self.organisation,
            self.org_kind,
            self.org_size,
            tuple(self.themes),
            self.quoting,
            self.removed,
        )


class Change(BaseModel):
    """What a device wants to be there, and what it has known of it before.

    Looked at one by one: what is wrong with one statement holds up no other.
    """

    model_config = ConfigDict(extra="forbid")
    key: Key
    at: AwareDatetime
    # Any: whatever a device sends, for `read_words` to judge.
    said: dict[str, Any]
    known: Annotated[list[dict[str, Any]], Field(max_length=MOST_KNOWN)] = []


class Changes(BaseModel):
    model_config = ConfigDict(extra="forbid")
    changes: Annotated[list[Change], Field(max_length=MOST_CHANGES)]


def read_words(sent: dict[str, Any]) -> Words | Fault:  # Any: as above
    """Read what a device says of one statement, or say what is wrong with it."""
    try:
        # As JSON: there, an enum may be a text, and nothing else is coerced.
        return SentWords.model_validate_json(json.dumps(sent), strict=True).words
    except ValidationError as error:
        return faults_of(error)[0]


def typed_of(caught: Caught, *, whole: bool) -> dict[str, str | tuple[str, ...]]:
    """Fill the form with a statement, or only with who said it and when."""
    said = caught.said
    typed: dict[str, str | tuple[str, ...]] = {
        "phase": said.phase.value,
        "session": str(said.session_id or ""),
        "organisation": caught.organisation,
        "org_kind": said.org_kind or "",
        "org_size": said.org_size or "",
        "kind": said.kind or "",
    }
    if not whole:
        return typed
    return typed | {
        "key": caught.key,
        "mark": said.mark,
        "text": said.text,
        "themes": tuple(map(str, said.themes)),
        "quoting": said.quoting.value,
    }
