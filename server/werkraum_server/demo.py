"""`werkraum demo`: a filled programme to try things out, served at once."""

import asyncio
import logging
from datetime import datetime, timedelta
from uuid import UUID

import uvloop

from werkraum_calendar.invitations import note_sent
from werkraum_events import events, sessions, topics
from werkraum_events.models import Event, Mode
from werkraum_events.wishes import EventWish, SessionWish
from werkraum_feedback.answering import ballots
from werkraum_feedback.asking import rounds
from werkraum_feedback.asking.queries import questions_of
from werkraum_feedback.questions import Answers, Question, QuestionKind, read_answers
from werkraum_foundation import clock
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.mail_addresses import mail_address
from werkraum_foundation.models import (
    Job,
    LinkOrigin,
    Membership,
    Organiser,
    Person,
    Role,
)
from werkraum_foundation.people import add_member, add_organiser
from werkraum_foundation.settings import Environment, settings
from werkraum_foundation.sign_in import make_link
from werkraum_registration.confirmations import confirm
from werkraum_registration.links import confirm_token
from werkraum_registration.models import Registration, State
from werkraum_registration.queries import confirmed_of
from werkraum_registration.registrations import Applicant, register
from werkraum_registration.seat_pools import set_seats
from werkraum_server import database, demo_people, demo_rounds, logs
from werkraum_server import demo_programme as programme
from werkraum_server.cannot import Cannot
from werkraum_server.commands.people import NewOrganiser, first_texts, sign_in_url
from werkraum_server.demo_people import Said
from werkraum_server.demo_programme import Planned
from werkraum_server.demo_workshop import WORKSHOP_PAST
from werkraum_server.letters.calendar_messages import (
    known_from_now_on,
    name_of,
    request_due,
)
from werkraum_server.one_process import only_process
from werkraum_server.process import listening, run_server
from werkraum_server.self_check import database_trouble, ready_database

A_DAY = timedelta(days=1)
WAY = "It may be this demo already; otherwise stop it first."


def demonstrate(host: str, port: int) -> None:
    """Fill an empty database, print where to go, and serve; raises `Cannot`."""
    if settings().env is Environment.PRODUCTION:
        raise Cannot("The demo is for trying things out, and WERKRAUM_ENV=production.")
    # Whoever tries it reads the terminal, not the log of each request.
    logging.getLogger("werkraum").setLevel(logging.WARNING)
    logs.requests.close()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_demonstrate(host, port))


async def _demonstrate(host: str, port: int) -> None:
    with only_process("demo", WAY) as lock, listening(host, port) as sock:
        with database_trouble():
            await database.migrate(settings().database_url)
        async with ready_database():
            if not await Organiser.exists():
                await fill(clock.now())
            owner = await _owner()
            link = await _link(owner)
        print(_greeting(link, owner.email), flush=True)
        await run_server(sock, lock)


def _greeting(link: str, email: str) -> str:
    lines = [
        "",
        f"  The programme            {settings().base_url}/",
        f"  Sign in as organiser     {link}",
        "                           (works once, for 24 hours; another start"
        " prints another;",
        f"                           later by the address {email})",
    ]
    if settings().smtp is None:
        lines.append(f"  Letters become files in  {settings().data_dir / 'letters'}")
    return "\n".join([*lines, "", "  Stop with Ctrl+C.", ""])


async def _owner() -> Person:
    owners = Membership.filter(role=Role.OWNER).select_related("person")
    owner = await owners.order_by("id").first()
    if owner is None:
        raise Cannot("The database has people, and none of them owns anything.")
    return owner.person


async def _link(owner: Person) -> str:
    link = await make_link(
        owner.id, LinkOrigin.COMMAND, browser_hash=None, now=clock.now()
    )
    return sign_in_url(link)


@unit_of_work
async def fill(now: datetime) -> None:
    """Write the whole programme or nothing, by the deeds people would have done."""
    organiser_id = await _add_office(now)
    for number, planned in enumerate(programme.TO_COME):
        begun = now - 5 * A_DAY
        event = await _announce(organiser_id, planned, now=now, begun=begun)
        if not planned.draft:
            await _register(event, planned, shift=number * 60, now=begun)
    await _look_back(organiser_id, programme.FORUM_PAST, now)
    held = await _announce(organiser_id, WORKSHOP_PAST, now=now, begun=now - 80 * A_DAY)
    await demo_rounds.play(held)
    await _forget_letters()
    await _take_invitations_for_sent()


async def _add_office(now: datetime) -> UUID:
    wish = NewOrganiser(name=programme.NAME, email=programme.CONTACT)
    office = await add_organiser(
        wish.name, wish.email, first_texts(wish), actor=SYSTEM, now=now
    )
    await add_member(
        office.id, programme.OWNER, wish.email, Role.OWNER, actor=SYSTEM, now=now
    )
    for name in programme.TOPICS:
        await topics.add(office.id, name)
    return office.id


async def _announce(
    organiser_id: UUID, planned: Planned, *, now: datetime, begun: datetime
) -> Event:
    """Make the event as it looks from `now`, as somebody did when it was `begun`."""
    wish = wish_of(planned, now)
    event = await events.create(organiser_id, wish, actor=SYSTEM, now=begun)
    for item in planned.items:
        await sessions.add(
            organiser_id,
            event.id,
            SessionWish(
                title=item.title,
                description=item.description,
                speakers=item.speakers,
                starts_at=wish.starts_at + timedelta(minutes=item.begin),
                ends_at=wish.starts_at + timedelta(minutes=item.end),
            ),
            actor=SYSTEM,
            now=begun,
        )
    seats = {Mode.ONSITE: planned.onsite_seats, Mode.ONLINE: planned.online_seats}
    await set_seats(event.id, {mode: seats[mode] for mode in wish.modes}, now=begun)
    if planned.draft:
        return event
    return await events.publish(organiser_id, event.id, actor=SYSTEM, now=begun)


def wish_of(planned: Planned, now: datetime) -> EventWish:
    starts_at = planned.when.starts_at(now)
    return EventWish(
        slug=planned.slug,
        kind=planned.kind,
        title=planned.title,
        summary=planned.summary,
        description=planned.description,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=planned.minutes),
        timezone=programme.TIMEZONE,
        onsite=planned.onsite,
        online=planned.online,
        topics=planned.topics,
    )


async def _register(
    event: Event, planned: Planned, *, shift: int, now: datetime
) -> None:
    """Have people register and confirm; who finds no seat waits."""
    wanted = [Mode.ONSITE] * planned.onsite_people
    wanted += [Mode.ONLINE] * planned.online_people
    people = demo_people.attendees(len(wanted), shift=shift)
    for number, (person, mode) in enumerate(zip(people, wanted, strict=True)):
        moment = now + timedelta(minutes=37 * number)
        applicant = Applicant(person.name, mail_address(person.email), person.language)
        made = await register(event.id, applicant, mode, vouched=False, now=moment)
        registration = await Registration.get(id=made.id)
        await confirm(confirm_token(registration), now=moment + timedelta(minutes=4))


async def _look_back(organiser_id: UUID, planned: Planned, now: datetime) -> None:
    """Play an event that is over, with its survey and what was answered."""
    begun = now - 80 * A_DAY
    event = await _announce(organiser_id, planned, now=now, begun=begun)
    await _register(event, planned, shift=400, now=begun + A_DAY)
    asked_at, ended_at = event.ends_at + A_DAY / 12, event.ends_at + 15 * A_DAY
    made = await rounds.create(organiser_id, event.id, actor=SYSTEM, now=asked_at)
    await rounds.open(organiser_id, made.id, actor=SYSTEM, now=asked_at)
    questions = await questions_of(made.id)
    for registration, said in zip(
        await confirmed_of(event.id), demo_people.SURVEY, strict=False
    ):
        await ballots.cast(
            ballots.hash_for(made.id, registration.id),
            answers_to(questions, said),
            loaded=asked_at,
            now=asked_at + A_DAY,
        )
    await rounds.close(organiser_id, made.id, at_once=True, actor=SYSTEM, now=ended_at)


def answers_to(questions: tuple[Question, ...], said: Said) -> Answers:
    """Fill in the survey as its form would be."""
    choices, texts = [said.next_time, said.join_in], [said.valuable, said.different]
    typed: dict[str, str | list[str]] = {}
    for question in questions:
        if question.kind is QuestionKind.SCALE:
            typed[question.id] = said.helpful
        elif question.kind is QuestionKind.CHOICES:
            typed[question.id] = list(said.topics)
        elif question.kind is QuestionKind.CHOICE:
            typed[question.id] = choices.pop(0)
        else:
            typed[question.id] = texts.pop(0)
    read = read_answers(questions, typed)
    assert isinstance(read, Answers), read
    return read


async def _forget_letters() -> None:
    """Nobody in the demo has a mailbox; rooms and reminders are still prepared."""
    for beginning in ("Registration", "RoundOpened", "letter:"):
        await Job.filter(name__startswith=beginning).delete()


async def _take_invitations_for_sent() -> None:
    """Who knows no date hears of no change: a moved event would write to nobody."""
    seated = Registration.filter(state=State.CONFIRMED).select_related("event")
    for registration in await seated:
        due = await request_due(registration)
        if due is not None:
            known = known_from_now_on(registration.event, registration.mode)
            await note_sent(due, known, message_id=name_of(due))
