"""The form of a programme item, in the zone of its event."""

from datetime import datetime
from functools import cache
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from werkraum_events.models import Event, Session
from werkraum_events.wishes import SessionWish, Title
from werkraum_foundation.faults import fault
from werkraum_foundation.forms import Form, Typed, read_form
from werkraum_foundation.local_times import Fold, local, parse_local
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import line, paragraphs
from werkraum_foundation.settings import settings
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts

MOST_SPEAKERS = 20
Text = Annotated[str, paragraphs(max_length=2_000)]
Speakers = Annotated[str, paragraphs(max_length=3_000)]
SPEAKER = line(max_length=200)
Seats = Annotated[int, whole_number(1, 100_000)]


class SessionFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    zone: ClassVar[str]
    starts_at_fold: Fold | None = None
    ends_at_fold: Fold | None = None
    starts_at: datetime
    ends_at: datetime
    speakers: Speakers | None = None
    bookable: bool = False
    seats: Seats | None = None
    # What the page has asked about is meant.
    sure: bool = False
    # The mark of the change whose letter the page has shown.
    tell: Annotated[str, line(max_length=16)] | None = None

    @field_validator("starts_at", "ends_at", mode="before")
    @classmethod
    def _on_the_clock_of_the_place(cls, typed: str, info: ValidationInfo) -> datetime:
        return parse_local(typed, cls.zone, info.data.get(f"{info.field_name}_fold"))

    @field_validator("speakers")
    @classmethod
    def _one_name_a_line(cls, typed: str) -> str:
        names = _names(typed)
        if len(names) > MOST_SPEAKERS:
            raise PydanticCustomError(
                "too_many_speakers",
                "Please name at most {most} people.",
                {"most": MOST_SPEAKERS},
            )
        return "\n".join(SPEAKER.read(name) for name in names)

    def wish(self) -> SessionWish:
        return SessionWish(
            title=texts_of(self, "title"),
            description=texts_of(self, "description"),
            speakers=tuple(_names(self.speakers or "")),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            bookable=self.bookable,
        )


def _names(typed: str) -> list[str]:
    return [name.strip() for name in typed.splitlines() if name.strip()]


@cache
def session_model(zone: str) -> type[SessionFields]:
    """Make the form's model for events on this clock; a few zones, kept."""
    model = with_texts(SessionFields, {"title": Title, "description": Text})
    model.zone = zone
    return model


async def read_session_form(request: Request, event: Event) -> Form[SessionFields]:
    """Read the form; a missing title is said together with the rest."""
    form: Form[SessionFields] = await read_form(request, session_model(event.timezone))
    titles = [form.text(f"title_{code}") for code in settings().languages]
    # Once the rest can be read, the rules of an item say it with all of theirs.
    if form.value is not None or any(title.strip() for title in titles):
        return form
    return Form(form.typed, (fault("title", "missing"), *form.faults))


def typed_session(session: Session, event: Event, seats: int | None) -> Typed:
    """Write a programme item and its seats as they would be typed into the form."""
    return {
        **typed_texts("title", session.title),
        **typed_texts("description", session.description),
        **typed_start(session.starts_at, event),
        "ends_at": _typed(session.ends_at, event),
        "speakers": "\n".join(session.speakers),
        "bookable": "on" if session.bookable else "",
        "seats": "" if seats is None else str(seats),
    }


def typed_start(moment: datetime, event: Event) -> dict[str, str]:
    return {"starts_at": _typed(moment, event)}


def _typed(moment: datetime, event: Event) -> str:
    return local(moment, event.timezone).strftime("%Y-%m-%dT%H:%M")
