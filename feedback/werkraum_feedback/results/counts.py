"""What was answered, added up: by question, by group, by what was picked."""

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from werkraum_feedback.questions import Answer, Answers, Question
from werkraum_feedback.results.shares import FEWEST, FEWEST_FOR_NUMBERS, deciding
from werkraum_feedback.results.small_groups import (
    EVERYBODY,
    UNSAID,
    Cells,
    Group,
    People,
    blocks_of,
    labels_for,
    shown_together,
)

Picked = int | tuple[str, ...]
"""A number, or the codes that somebody picked."""


@dataclass(frozen=True)
class Voice:
    """What one person answered, and where they say they come from."""

    answers: Answers
    group: Group = UNSAID


@dataclass(frozen=True)
class Said:
    """What some people answered to one question: how many picked what, and texts."""

    picked: Mapping[Picked, int] = field(default_factory=dict)
    texts: Sequence[str] = ()

    @property
    def people(self) -> int:
        return sum(self.picked.values()) + len(self.texts)


@dataclass(frozen=True)
class Shown:
    """The groups that may be shown, and those of them with numbers."""

    groups: frozenset[Group] = frozenset()
    numbered: frozenset[Group] = frozenset()


@dataclass(frozen=True)
class Counts:
    """A round, added up, before anybody has asked what of it may be shown.

    `voices` are people with any answer at all. `picked` and `texts` are by the id
    of a question; the texts stand in an order that says nothing about time.
    `typed_in` says of a live question how many voices somebody typed in for others.
    """

    questions: Sequence[Question]
    voices: People
    picked: Mapping[str, Mapping[Group, Mapping[Picked, int]]]
    texts: Mapping[str, Sequence[tuple[Group, str]]]
    typed_in: Mapping[str, int] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        """Count all answers to all questions."""
        return sum(sum(self.people(question).values()) for question in self.questions)

    def people(self, question: Question) -> People:
        """Count who answered a question, by group."""
        people = Counter(cell for cell, _ in self.texts.get(question.id, ()))
        for cell, picked in self.picked.get(question.id, {}).items():
            people[cell] += sum(picked.values())
        return people

    def deciding(self, question: Question) -> int:
        """Say how many decide what may be shown of all answers to a question."""
        people = sum(self.people(question).values())
        return deciding(people, self.typed_in.get(question.id, 0))

    def of(self, question: Question, group: Group = EVERYBODY) -> Said:
        """Add up what a group answered, whether or not that may be shown."""
        added: Counter[Picked] = Counter()
        for cell, picked in self.picked.get(question.id, {}).items():
            if group.holds(cell):
                added.update(picked)
        texts = self.texts.get(question.id, ())
        return Said(added, [text for cell, text in texts if group.holds(cell)])

    @cached_property
    def labels(self) -> Mapping[Group, Group]:
        """Say as what group each person stands in files of single answers."""
        tables = [(self.people(it), fewest_for(it)) for it in self.questions]
        told = [it for it in tables if _is_told(*it)]
        return labels_for([(self.voices, FEWEST_FOR_NUMBERS), *told])

    @cached_property
    def shown(self) -> Mapping[str, Shown]:
        """Choose for each question the groups that may be shown of it."""
        return {
            it.id: self._shown(self.people(it), fewest_for(it)) for it in self.questions
        }

    @cached_property
    def voices_shown(self) -> Shown:
        return self._shown(self.voices, FEWEST)

    def _shown(self, people: People, in_files: int) -> Shown:
        beside = self._in_files(people) if _is_told(people, in_files) else []
        groups = shown_together(people, beside=beside)
        numbered = shown_together(
            people, tuple(groups), fewest=FEWEST_FOR_NUMBERS, beside=beside
        )
        return Shown(groups, numbered)

    def _in_files(self, people: People) -> list[Cells]:
        blocks = blocks_of(self.labels)
        answered = frozenset(cell for cell in people if people[cell])
        return [block & answered for block in blocks if block & answered]


def _is_told(people: People, fewest: int) -> bool:
    return sum(people.values()) >= fewest


def fewest_for(question: Question) -> int:
    """Say how many must have answered before a file tells single answers.

    A column of ratings or choices can be counted, and numbers need ten people.
    """
    return FEWEST if question.is_text else FEWEST_FOR_NUMBERS


def add_up(
    questions: Sequence[Question], voices: Iterable[Voice], salt: bytes
) -> Counts:
    """Count one by one; whoever answered nothing is nobody's voice."""
    people: Counter[Group] = Counter(it.group for it in voices if it.answers.given)
    picked: dict[str, dict[Group, Counter[Picked]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    texts: dict[str, list[tuple[Group, str]]] = defaultdict(list)
    for voice in voices:
        for answer in voice.answers.given:
            if answer.text:
                texts[answer.question_id].append((voice.group, answer.text))
            else:
                picked[answer.question_id][voice.group][_picked(answer)] += 1
    ordered = {it: in_no_order(found, salt) for it, found in texts.items()}
    return Counts(questions, people, picked, ordered)


def _picked(answer: Answer) -> Picked:
    return answer.codes if answer.number is None else answer.number


def in_no_order(
    texts: Iterable[tuple[Group, str]], salt: bytes
) -> list[tuple[Group, str]]:
    """Shuffle texts the same way each time, whatever order they came in.

    A keyed hash of the text alone decides, so the order holds no trace of the
    time of writing or of the group, and the salt makes each round shuffle
    differently.
    """

    def rank(said: tuple[Group, str]) -> tuple[bytes, str, str]:
        group, text = said
        return hmac.digest(salt, text.encode(), hashlib.sha256), text, group.code

    return sorted(texts, key=rank)
