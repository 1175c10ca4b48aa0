"""Forms of the report at the desk."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from werkraum_feedback.report.report_sections import Section
from werkraum_feedback.report.reports import LONGEST_TITLE
from werkraum_feedback.report_models import PassageKind
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import Paragraphs, line

Version = Annotated[int, whole_number(1, 10**9)]


class Typed(StrEnum):
    """What somebody can write; tables and pictures keep their kind."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"

    @property
    def kind(self) -> PassageKind:
        return PassageKind(self.value)


class Deed(StrEnum):
    UP = "up"
    DOWN = "down"
    REMOVE = "remove"
    UNDO = "undo"
    RENEW = "renew"
    KEEP = "keep"


class Fields(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DraftFields(Fields):
    language: Annotated[str, line(max_length=8)]


class TitleFields(Fields):
    title: Annotated[str, line(max_length=LONGEST_TITLE)]
    version: Version


class PassageFields(Fields):
    """`seen` tells what stood there when the page was loaded."""

    text: Paragraphs
    kind: Typed = Typed.PARAGRAPH
    seen: Annotated[str, line(max_length=16)]


class AddedFields(Fields):
    text: Paragraphs
    kind: Typed = Typed.PARAGRAPH


class SectionFields(AddedFields):
    """A passage for a section of its own choice, also one that is empty so far."""

    section: Section


class DeedFields(Fields):
    do: Deed


class PutBackFields(Fields):
    passage: UUID


class TakeInFields(Fields):
    """`key` names what the sentence says."""

    key: Annotated[str, line(max_length=200)]


class PublishFields(Fields):
    change_note: Annotated[str, line(max_length=1000)] = ""
    looked_again: bool = False
    version: Version
