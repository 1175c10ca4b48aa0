"""What somebody sends to mark a statement: a theme, and which words."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from werkraum_feedback.coding import spans
from werkraum_feedback.coding.spans import Span
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line

LONGEST_TEXT = 300_000
Place = Annotated[int, whole_number(0, LONGEST_TEXT)] | None
ThemeName = Annotated[str, line(max_length=80)]


class CodeFields(BaseModel):
    """A theme by its button, or by its name; words by number, or a selection.

    The script sends `start` and `end`, in characters; without it `first` and
    `last` are chosen from lists, or nothing: then all of the text is meant.
    """

    model_config = ConfigDict(extra="forbid")
    theme: UUID | None = None
    name: ThemeName | None = None
    first: Place = None
    last: Place = None
    start: Place = None
    end: Place = None

    def span(self, text: str) -> Span | None:
        """Read which words are meant; raises `OutsideTheText`."""
        if self.start is not None and self.end is not None:
            return spans.fitted(text, self.start, self.end)
        if self.first is None and self.last is None:
            return None
        first = self.first or self.last or 0
        return spans.between(text, first, self.last or first)
