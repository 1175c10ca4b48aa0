"""The questions of several events in one form: what several of them ask, once."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from uuid import UUID

from werkraum_events.models import Event
from werkraum_foundation.faults import Fault
from werkraum_foundation.forms import Typed
from werkraum_foundation.tokens import keyed_hash
from werkraum_registration.answer_reading import (
    Answers,
    field_name,
    kind_field,
    question_gone,
    read_form_answers,
    size_field,
)
from werkraum_registration.event_forms import EventForm
from werkraum_registration.models import FormQuestion
from werkraum_registration.question_rules import choices_of

# What a question may have: an organisation has a kind and a size besides its name.
FIELDS = field_name, kind_field, size_field

# A question, and below it those that are asked only after a certain answer to it.
Tree = tuple[FormQuestion, ...]


@dataclass(frozen=True)
class Asking:
    """An event that asks something."""

    event: Event
    questions: Tree


@dataclass(frozen=True)
class Group:
    """What one event asks, or several in the same words; the first one's are shown."""

    askings: tuple[Asking, ...]

    @property
    def questions(self) -> Tree:
        return self.askings[0].questions

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(it.event for it in self.askings)

    @property
    def required_ids(self) -> set[UUID]:
        """The shown questions that at least one of the events wants answered."""
        same = zip(*(it.questions for it in self.askings), strict=True)
        return {it[0].id for it in same if any(each.required for each in it)}

    @property
    def reasons(self) -> dict[UUID, list[Asking]]:
        """Shown question → who gives which reason to ask it, if they differ."""
        found = {}
        for number, question in enumerate(self.questions):
            told: dict[object, Asking] = {}
            for it in self.askings:
                own = it.questions[number]
                told.setdefault(_reason(own), Asking(it.event, (own,)))
            if len(told) > 1:
                found[question.id] = list(told.values())
        return found

    def of(self, event: Event) -> Tree | None:
        """The questions of this event in the place of those that are shown."""
        found = (it.questions for it in self.askings if it.event.id == event.id)
        return next(found, None)


def _reason(question: FormQuestion) -> tuple[object, ...]:
    hint, purpose = _words(question.hint), _words(question.purpose)
    return hint, purpose, question.retention_days


@dataclass(frozen=True)
class SeriesQuestions:
    """What the coming events ask; `groups` holds what those in the form do."""

    forms: Mapping[UUID, EventForm]
    every: tuple[Group, ...]
    groups: tuple[Group, ...]

    @classmethod
    def of(
        cls,
        coming: Sequence[Event],
        open_now: Sequence[Event],
        forms: Mapping[UUID, EventForm],
    ) -> "SeriesQuestions":
        return cls(forms, _grouped(coming, forms), _grouped(open_now, forms))

    @property
    def shared(self) -> dict[tuple[Event, ...], list[Group]]:
        """What several events ask, by those events."""
        found: dict[tuple[Event, ...], list[Group]] = {}
        for it in self.groups:
            if len(it.askings) > 1:
                found.setdefault(it.events, []).append(it)
        return found

    @property
    def shown(self) -> list[FormQuestion]:
        return [question for it in self.groups for question in it.questions]

    def only_of(self, event: Event) -> list[Group]:
        """What this event asks and no other one."""
        return [it for it in self.groups if it.events == (event,)]

    @property
    def mark(self) -> str:
        """Name what is asked: a form that brings another mark is an old one."""
        asked = (
            str(q.id) for it in self.groups for a in it.askings for q in a.questions
        )
        sizes = (str(len(it.askings)) for it in self.groups)
        return keyed_hash("series questions", " ".join((*sizes, *asked)))[:32]

    def kept(self, typed: Typed) -> Typed:
        """Move what was typed to the fields that ask for it now."""
        moved = dict(typed)
        for group in self.every:
            now_shown = self._shown_for(group)
            for (number, question), name_of in product(enumerate(now_shown), FIELDS):
                names = [name_of(it.questions[number].id) for it in group.askings]
                found = next((typed[it] for it in names if _filled(typed.get(it))), ())
                if found:
                    moved.setdefault(name_of(question.id), found)
        return moved

    def _shown_for(self, group: Group) -> Tree:
        ids = {it.questions[0].id for it in group.askings}
        shown = (it.questions for it in self.groups if it.questions[0].id in ids)
        return next(shown, ())

    def answers(
        self, chosen: Collection[Event], typed: Typed, mark: str
    ) -> tuple[dict[UUID, Answers], tuple[Fault, ...]]:
        """Read the answers of each chosen event, and what is wrong at the fields.

        What stands below other events is not read. Nothing is read of a form whose
        questions are no longer these: an answer would get lost.
        """
        names = {field_name(q.id) for it in self.forms.values() for q in it.questions}
        if mark != self.mark and any(_filled(typed.get(name)) for name in names):
            return {}, (question_gone(),)
        answers, faults = {}, dict[str, Fault]()
        for event in chosen:
            read = self._read(event, typed)
            answers[event.id] = read
            for it in read.faults:
                faults.setdefault(it.field, it)
        return answers, tuple(faults.values())

    def _read(self, event: Event, typed: Typed) -> Answers:
        shown = {
            name_of(question.id): name_of(asked.id)
            for group in self.groups
            for asked, question in zip(
                group.questions, group.of(event) or (), strict=False
            )
            for name_of in FIELDS
        }
        own = {name: typed.get(place, ()) for name, place in shown.items()}
        read = read_form_answers(self.forms[event.id].asked, own)
        faults = (replace(it, field=shown.get(it.field, "")) for it in read.faults)
        return replace(read, faults=tuple(faults))


def _filled(entry: str | tuple[str, ...] | None) -> bool:
    entries = (entry,) if isinstance(entry, str) else entry or ()
    return any(it.strip() for it in entries)


def _grouped(
    events: Sequence[Event], forms: Mapping[UUID, EventForm]
) -> tuple[Group, ...]:
    found: dict[object, list[Asking]] = {}
    for event in events:
        # An event may ask the same twice: of a companion, say.
        times: Counter[object] = Counter()
        for tree in _trees(forms[event.id].asked):
            words = _words_of(tree)
            times[words] += 1
            found.setdefault((words, times[words]), []).append(Asking(event, tree))
    return tuple(Group(tuple(it)) for it in found.values())


def _trees(asked: Sequence[FormQuestion]) -> Iterator[Tree]:
    """Put each question together with those that hang on it."""
    trees: dict[UUID, list[FormQuestion]] = {}
    roots: dict[UUID, UUID] = {}
    for question in asked:
        above = question.condition_id
        root = roots.get(above, question.id) if above else question.id
        roots[question.id] = root
        trees.setdefault(root, []).append(question)
    return (tuple(it) for it in trees.values())


def _words_of(tree: Tree) -> tuple[object, ...]:
    """What makes two questions the same: text, kind, choices, all that hangs on it."""
    places = {it.id: number for number, it in enumerate(tree)}
    return tuple(
        (
            it.kind,
            _words(it.label),
            tuple((each.code, _words(each.label)) for each in choices_of(it)),
            places.get(it.condition_id) if it.condition_id else None,
            it.condition_value,
        )
        for it in tree
    )


def _words(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(texts.items()))
