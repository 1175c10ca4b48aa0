"""The form of a live page: one question, one voice."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, create_model
from starlette.requests import Request

from werkraum_feedback.live_rounds import live_rules
from werkraum_feedback.live_rounds.live_voices import Voice
from werkraum_feedback.models import Channel
from werkraum_feedback.questions import Answers, Question, read_answers
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.language import gettext
from werkraum_foundation.plain_numbers import whole_number

# Less is no chance worth the name.
SHORTEST = 40


class VoiceFields(BaseModel):
    """What stands beside the question."""

    model_config = ConfigDict(extra="forbid")
    key: str = ""
    question: str = ""
    # Chance that makes this copy of the form different from all others.
    once: str = ""
    quotable: bool = False


class EnteredFields(VoiceFields):
    """The same at the desk: how the voice came, and how many there are of it."""

    channel: Channel = Channel.MODERATOR
    count: Annotated[int, whole_number(1, live_rules.MOST_AT_ONCE)] = 1


@dataclass(frozen=True)
class Sent:
    """A form that was sent; `voice` is there exactly when nothing is wrong with it."""

    form: Form[VoiceFields]
    voice: Voice | None


async def read_voice(
    request: Request,
    questions: tuple[Question, ...],
    fields: type[VoiceFields] = VoiceFields,
) -> Sent:
    """Read a voice for one of the questions; raises what `read_form` raises."""
    names = tuple(question.id for question in questions)
    form = await read_form(request, _model(names, fields))
    asked = next((it for it in questions if it.id == form.text("question")), None)
    read = _read(form, asked)
    if isinstance(read, tuple) or form.faults or form.value is None:
        faults = (*form.faults, *(read if isinstance(read, tuple) else ()))
        return Sent(Form(form.typed, faults), None)
    return Sent(
        form, Voice(read.given[0], form.value.once, quotable=form.value.quotable)
    )


@lru_cache(maxsize=64)
def _model(names: tuple[str, ...], fields: type[VoiceFields]) -> type[VoiceFields]:
    # Any: as create_model takes its fields.
    lists: dict[str, Any] = {name: (list[str], []) for name in names}
    return create_model("VoiceForm", __base__=fields, **lists)


def _read(
    form: Form[VoiceFields], asked: Question | None
) -> Answers | tuple[Fault, ...]:
    if asked is None:
        return (fault("question", "enum"),)
    if len(form.text("once")) < SHORTEST:
        return (fault("once", "missing"),)
    read = read_answers((asked,), {asked.id: form.texts(asked.id)})
    if not isinstance(read, Answers):
        return read
    if not read.given:
        said = gettext("There is no answer in it yet.")
        return (Fault(asked.id, "nothing_answered", said),)
    if len(read.given[0].text) > live_rules.MOST_CHARACTERS:
        said = gettext(
            "Please use at most %(most)s characters, so that it can be read from afar.",
            most=live_rules.MOST_CHARACTERS,
        )
        return (Fault(asked.id, "string_too_long", said),)
    return read
