"""Whom a letter goes to, in the words of the desk, and what can be chosen."""

from collections.abc import Iterable, Sequence

from werkraum_events.models import Event
from werkraum_foundation.language import gettext, pick
from werkraum_registration.audiences import WRITABLE, Audience
from werkraum_registration.list_filters import AnswerFilter, Filters
from werkraum_registration.models import (
    FormQuestion,
    FormQuestionKind,
    OrganisationKind,
    Registration,
)
from werkraum_registration.words import (
    calendar_words,
    kind_words,
    mode_words,
    state_words,
)

Options = list[tuple[str, str]]


async def questions_to_choose(event: Event) -> list[FormQuestion]:
    """List the questions whose answers are one of a few."""
    kinds = (
        FormQuestionKind.CHOICE,
        FormQuestionKind.SEVERAL,
        FormQuestionKind.YES_NO,
    )
    found = FormQuestion.filter(event_id=event.id, kind__in=kinds)
    return await found.order_by("position")


def states_to_choose() -> Options:
    return [(state.value, state_words(state)) for state in WRITABLE]


def kinds_to_choose() -> Options:
    return [(kind.value, kind_words(kind)) for kind in OrganisationKind]


def answers_to_choose(questions: Iterable[FormQuestion]) -> Options:
    """Offer each answer of each question, and that it was answered at all."""
    return [
        (f"{question.id}:{code}" if code else str(question.id), words)
        for question in questions
        for code, words in _answers(question)
    ]


def _answers(question: FormQuestion) -> Options:
    asked = pick(question.label)[0]
    if question.kind is FormQuestionKind.YES_NO:
        found = [("true", gettext("yes")), ("false", gettext("no"))]
    else:
        found = [(it["code"], pick(it["label"])[0]) for it in question.choices]
    return [(code, f"{asked} {words}") for code, words in found]


def audience_words(
    audience: Audience, questions: Sequence[FormQuestion], one: Registration | None
) -> list[str]:
    """Say whom a letter goes to, a few words for each thing that was chosen."""
    if audience.registration_id:
        return [one.name or gettext("(deleted)")] if one else [gettext("(deleted)")]
    states = ", ".join(state_words(state) for state in audience.reached)
    return [states, *_narrowed(audience.filters, questions)]


def _narrowed(filters: Filters, questions: Sequence[FormQuestion]) -> list[str]:
    said = []
    if filters.mode:
        said.append(mode_words(filters.mode))
    if filters.tag:
        said.append(gettext("Tag: %(tag)s", tag=filters.tag))
    if filters.kind:
        said.append(kind_words(filters.kind))
    if filters.answer:
        said.append(answer_words(filters.answer, questions))
    if filters.attended is not None:
        came = gettext("Was there"), gettext("Was not there")
        said.append(came[0] if filters.attended else came[1])
    return [*said, *carried_words(filters)]


def answer_words(answer: AnswerFilter, questions: Sequence[FormQuestion]) -> str:
    known = dict(answers_to_choose(questions))
    return known.get(str(answer)) or gettext("An answer to the form")


def carried_words(filters: Filters) -> list[str]:
    """Say what the list was narrowed down by that the form has no field for."""
    said = []
    if filters.search:
        said.append(gettext("Found by “%(search)s”", search=filters.search))
    if filters.need:
        said.append(gettext("Needs something that is not answered yet"))
    if filters.waiting:
        said.append(gettext("Waits for a seat"))
    if filters.session:
        said.append(gettext("Chose a certain workshop"))
    if filters.calendar:
        said.append(calendar_words(filters.calendar))
    if filters.bounced:
        said.append(gettext("Letters come back"))
    if filters.batch:
        said.append(gettext("Came with one imported list"))
    return said
