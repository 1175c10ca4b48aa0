"""The form of a reminder: how long before, for whom, and what the letter adds."""

from functools import cache
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, model_validator

from werkraum_events.models import Mode
from werkraum_foundation.forms import Form, Typed
from werkraum_foundation.plain_text import paragraphs
from werkraum_registration.reminder_times import DAY, Reminder
from werkraum_server.desk.before_start import Amount, Unit, minutes_of, typed_before
from werkraum_server.desk.text_fields import texts_of, typed_texts, with_texts

Text = Annotated[str, paragraphs(max_length=2_000)]


class ReminderFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: Amount
    unit: Unit
    mode: Mode | None = None

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        minutes_of(self.amount, self.unit)
        return self

    def reminder(self) -> Reminder:
        return Reminder(
            minutes_of(self.amount, self.unit), self.mode, texts_of(self, "text")
        )


@cache
def reminder_model() -> type[ReminderFields]:
    return with_texts(ReminderFields, {"text": Text})


def empty_reminder() -> Form[ReminderFields]:
    return Form(typed_before(7 * DAY))


def typed_reminder(it: Reminder) -> Typed:
    """Write a reminder as it would be typed into the form."""
    return {
        **typed_before(it.minutes_before),
        "mode": it.mode.value if it.mode else "",
        **typed_texts("text", it.text),
    }
