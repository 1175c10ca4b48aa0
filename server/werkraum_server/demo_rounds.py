"""Playing the workshop of the demo: people come, and answer its three rounds."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import TypeVar
from uuid import UUID

from werkraum_events.models import Event
from werkraum_feedback.answering import ballots
from werkraum_feedback.answering.ballots import About
from werkraum_feedback.asking import invitees, rounds
from werkraum_feedback.asking.invitee_lines import Listed
from werkraum_feedback.asking.queries import questions_of
from werkraum_feedback.models import Invitee, Round, RoundKind
from werkraum_feedback.questions import Answers, Question, QuestionKind, read_answers
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.mail_addresses import mail_address
from werkraum_registration import attendance, organisations
from werkraum_registration.attendance import Coming
from werkraum_registration.confirmations import confirm
from werkraum_registration.links import confirm_token
from werkraum_registration.models import Presence, Registration, Wanted
from werkraum_registration.organisations import OrganisationWish
from werkraum_registration.registrations import Applicant, Application, register
from werkraum_server import demo_people
from werkraum_server import demo_workshop as workshop
from werkraum_server.demo_people import Attendee
from werkraum_server.demo_programme import DIGITAL, FUNDING, GREEN, YOUTH
from werkraum_server.demo_workshop import GUESTS

A_DAY = timedelta(days=1)
T = TypeVar("T")
Typed = dict[str, str | list[str]]
TOPICS = ((YOUTH,), (FUNDING, YOUTH), (DIGITAL,), (FUNDING,), (YOUTH, GREEN))


async def play(event: Event) -> None:
    """Let the survey, the registrations, the day and its rounds happen in turn."""
    begun = event.starts_at - 40 * A_DAY
    await _survey_of_the_network(event, begun)
    people = await _people(event, begun + 20 * A_DAY)
    await _introduction(event, people)
    for number, registration_id in enumerate(people):
        came_at = event.starts_at + timedelta(seconds=20 * number)
        coming = Coming(Presence.ROOM, f"demo-{event.id.hex}-{number}", came_at)
        await attendance.note(
            event.id, registration_id, coming, actor=SYSTEM, now=came_at
        )
    await _closing(event, people)


async def _people(event: Event, begun: datetime) -> list[UUID]:
    """Register everybody with the organisation they come from."""
    made = []
    people = demo_people.attendees(len(GUESTS), shift=480)
    for number, (person, guest) in enumerate(zip(people, GUESTS, strict=True)):
        moment = begun + timedelta(hours=number)
        wish = OrganisationWish(guest.organisation, guest.kind, guest.size)
        organisation = await organisations.add(
            event.organiser_id, wish, actor=SYSTEM, now=moment
        )
        made.append(await _registered(event, person, organisation, moment))
    return made


async def _registered(
    event: Event, person: Attendee, organisation: UUID, moment: datetime
) -> UUID:
    applicant = Applicant(person.name, mail_address(person.email), person.language)
    wish = Application(Wanted.ONLINE, organisation_id=organisation)
    made = await register(event.id, applicant, wish, vouched=False, now=moment)
    registration = await Registration.get(id=made.id)
    await confirm(confirm_token(registration), now=moment + timedelta(minutes=3))
    return made.id


async def _introduction(event: Event, people: Sequence[UUID]) -> None:
    """Everybody fills in a card before, and puts their name to it."""
    asked = await _open(event, RoundKind.INTRODUCTION, event.starts_at - 6 * A_DAY)
    questions = await questions_of(asked.id)
    for person, guest in zip(people, GUESTS, strict=True):
        about = About(guest.kind, guest.size, quotable=guest.may_quote, signed=True)
        said = in_turn(questions, (guest.brings, guest.seeks))
        await _cast(asked, person, said, about, event.starts_at - 2 * A_DAY)
    await _close(asked, event.starts_at)


async def _closing(event: Event, people: Sequence[UUID]) -> None:
    """Some of those who were there answer before they leave, without a name."""
    asked = await _open(event, RoundKind.CLOSING, event.ends_at - A_DAY / 48)
    questions = await questions_of(asked.id)
    for number, parting in enumerate(workshop.CLOSING):
        # Not in the order in which they registered.
        place = number * 5 % len(people)
        about = About(GUESTS[place].kind, GUESTS[place].size, quotable=True)
        said = in_turn(questions, parting)
        await _cast(asked, people[place], said, about, event.ends_at)
    await _close(asked, event.ends_at + A_DAY)


async def _survey_of_the_network(event: Event, begun: datetime) -> None:
    """Ask everybody on the mailing list; half of them answer."""
    asked = await rounds.create(
        event.organiser_id, None, kind=RoundKind.SURVEY, actor=SYSTEM, now=begun
    )
    people = demo_people.attendees(workshop.ASKED, shift=100)
    listed = [Listed(it.email, it.name, it.language) for it in people]
    await invitees.add(event.organiser_id, asked.id, listed, actor=SYSTEM, now=begun)
    await Round.filter(id=asked.id).update(title=TITLE, asks_group=True)
    await rounds.open(event.organiser_id, asked.id, actor=SYSTEM, now=begun)
    questions = await questions_of(asked.id)
    invited = await Invitee.filter(round_id=asked.id).order_by("id")
    for invitee, (said, about) in zip(invited, survey(questions), strict=False):
        await _cast(asked, invitee.id, said, about, begun + A_DAY)
    await _close(asked, begun + 14 * A_DAY)


TITLE = {
    "de": "Wie soll sich die Netzwerkstelle weiterentwickeln?",
    "en": "How should the network office develop?",
}


def survey(questions: Sequence[Question]) -> Iterator[tuple[Answers, About]]:
    """Answer as many times as people did, so that the figures come out."""
    helpful = _as_often(workshop.HELPFUL, step=7)
    choices = {
        frozenset(workshop.JOIN_IN): _as_often(workshop.JOIN_IN, step=23),
        frozenset(workshop.NEXT_TIME): _as_often(workshop.NEXT_TIME, step=13),
    }
    topics, groups = cycle(TOPICS), _groups(step=17)
    texts = (list(workshop.VALUABLE), list(workshop.DIFFERENT))
    for number in range(workshop.ANSWERED):
        said: Typed = {}
        waiting = list(texts)
        for question in questions:
            if question.kind is QuestionKind.SCALE:
                said[question.id] = helpful[number]
            elif question.kind is QuestionKind.CHOICES:
                said[question.id] = list(next(topics))
            elif question.kind is QuestionKind.CHOICE:
                codes = frozenset(it.code for it in question.options)
                said[question.id] = choices[codes][number]
            # Every third or so writes something, too.
            elif (left := waiting.pop(0)) and number % 3 != 2:
                said[question.id] = left.pop()
        yield answers(questions, said), groups[number]


def _as_often(counts: Mapping[str, int], *, step: int) -> list[str]:
    """Write each code as often as it was chosen, well mixed."""
    return _mixed([code for code, n in counts.items() for _ in range(n)], step)


def _groups(*, step: int) -> list[About]:
    everybody = [
        About(kind, size, quotable=number % 5 != 4)
        for kind, size, people in workshop.GROUPS
        for number in range(people)
    ]
    return _mixed(everybody, step)


def _mixed(things: list[T], step: int) -> list[T]:
    # 121 is a power of 11: a step it does not divide comes by everything once.
    return [things[number * step % len(things)] for number in range(len(things))]


def in_turn(questions: Sequence[Question], texts: Sequence[str]) -> Answers:
    """Answer the questions of a round by texts, in its order; "" is left out."""
    pairs = zip(questions, texts, strict=True)
    return answers(questions, {question.id: text for question, text in pairs})


def answers(questions: Sequence[Question], typed: Typed | dict[str, str]) -> Answers:
    """Fill in a form as people would."""
    read = read_answers(tuple(questions), typed)
    assert isinstance(read, Answers), read
    return read


async def _open(event: Event, kind: RoundKind, now: datetime) -> Round:
    made = await rounds.create(
        event.organiser_id, event.id, kind=kind, actor=SYSTEM, now=now
    )
    return await rounds.open(event.organiser_id, made.id, actor=SYSTEM, now=now)


async def _cast(
    asked: Round, person: UUID, said: Answers, about: About, now: datetime
) -> None:
    await ballots.cast(
        ballots.hash_for(asked.id, person), said, about=about, loaded=now, now=now
    )


async def _close(asked: Round, now: datetime) -> None:
    await rounds.close(
        asked.organiser_id, asked.id, at_once=True, actor=SYSTEM, now=now
    )
