"""An office in the middle of its work: events and people in every state there is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.browser.asking_event import asking_event
from tests.browser.invitations import invitations_of
from tests.browser.lists import lists_of
from tests.browser.live_rounds import live_rounds
from tests.browser.mixed_round import a_mixed_round
from tests.browser.questions import asked_in_every_way
from tests.browser.reports import reports_of
from tests.browser.rooms_of_today import many_rooms, no_way_in, open_now
from tests.browser.spoken import much_is_said
from tests.browser.spoken_round import spoken_round
from tests.browser.tables import much_goes_on_in, tables_of
from tests.browser.what_follows import follows_from
from tests.browser.written_letters import letters_about
from tests.people import a_member, an_event, an_organiser

from werkraum_events import events
from werkraum_events.models import (
    Event,
    EventTopic,
    Kind,
    Mode,
    Session,
    Status,
    Topic,
)
from werkraum_feedback.answering import ballots
from werkraum_feedback.asking import rounds
from werkraum_feedback.asking.queries import questions_of
from werkraum_feedback.questions import Answers, Question, read_answers
from werkraum_foundation import audit, clock
from werkraum_foundation.models import (
    Job,
    JobState,
    LinkOrigin,
    Organiser,
    Person,
    Role,
    SignIn,
)
from werkraum_foundation.sign_in import make_link
from werkraum_foundation.tokens import hashed, new_token
from werkraum_registration import (
    confirmations,
    consent_wishes,
    consents,
    links,
    organisation_merging,
    organisations,
    registrations,
)
from werkraum_registration.attendance import Coming, note
from werkraum_registration.check_in_codes import code_of
from werkraum_registration.consent_wishes import FIRST_WORDS, Purpose
from werkraum_registration.holds import expire_due
from werkraum_registration.models import (
    OrganisationKind,
    OrganisationSize,
    Presence,
    Registration,
)
from werkraum_registration.organisations import OrganisationWish
from werkraum_registration.registrations import Applicant

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DIAL_IN = "+49 231 5550100, PIN 1234"
FIRST = ("Anna", "Berta", "Cem", "Dana", "Emil", "Fatma", "Gustav")
LAST = ("Beispiel", "Muster", "Vorlage", "Probe", "Entwurf")
DESCRIPTION = {
    "de": "Wir sammeln, was in Städten, Kreisen und Vereinen gut gelingt, und was noch "
    "fehlt. Sie hören **drei Beispiele** und sprechen in kleinen Runden darüber.\n\n"
    "## Für wen?\n\n"
    "- Beauftragte für Partnerschaften in Verwaltungen\n"
    "- Engagierte in Partnerschaftsvereinen\n"
    "- alle, die junge Menschen beteiligen wollen\n\n"
    "Vor Ort gibt es einen Imbiss; online sind Sie in denselben Runden dabei.",
    "en": "We collect what works well in towns, districts and associations, and what "
    "is still missing. You hear **three examples** and discuss them in groups.\n\n"
    "## For whom?\n\n"
    "- people who look after partnerships in administrations\n"
    "- volunteers of partnership associations\n"
    "- everybody who wants to involve young people\n\n"
    "On site there is a snack; online you take part in the same groups.",
}
SAID = (
    "Die Gespräche in kleinen Runden.",
    "Dass auch Ehrenamtliche zu Wort kamen. Gern öfter und mit etwas mehr Zeit für "
    "Rückfragen, denn manches Beispiel hätte ich gern genauer verstanden.",
    "Das Beispiel zur Jugendbegegnung.",
)
PROGRAMME = (
    ("Ankommen und Vorstellungsrunde", "Welcome and introductions", 30, ()),
    (
        "Drei Beispiele, drei verbindende Themen",
        "Three examples, three connecting topics",
        60,
        ("Ada Muster, Stadt Beispielhausen", "Ben Vorlage, Kreis Musterland"),
    ),
    ("Gespräche in kleinen Runden", "Talks in small groups", 60, ()),
    ("Feedbackrunde und Ausblick", "Feedback and outlook", 30, ()),
)


WHERE_FROM = (
    OrganisationWish(
        "Stadt Beispielhausen",
        OrganisationKind.MUNICIPALITY,
        OrganisationSize.MEDIUM,
        "Rheinland",
        ("Exempleville", "Przykładowo"),
    ),
    OrganisationWish("Kreis Musterland", OrganisationKind.DISTRICT),
    OrganisationWish(
        "Verein zur Förderung der Städtepartnerschaften Beispielhausen e. V.",
        OrganisationKind.ASSOCIATION,
    ),
)


@dataclass
class Office:
    """What the pages are about; `names` fills in the addresses of pages.

    `secret` is the cookie of olga's sign-in, `url` where all of it is served.
    """

    organiser: Organiser
    olga: UUID
    url: str = ""
    secret: str = field(default_factory=new_token)
    names: dict[str, str] = field(default_factory=dict)

    async def has(self, name: str, event: Event) -> Event:
        """Remember an event under a name: its slug, and its id for the desk."""
        self.names[name] = event.slug
        self.names[f"{name}_id"] = str(event.id)
        return event

    def knows(self, name: str, registration: Registration) -> None:
        self.names[name] = links.personal_token(registration)
        self.names[f"{name}_confirm"] = links.confirm_token(registration)


async def furnished() -> Office:
    """Fill the open database with an office, its events and its people."""
    organiser = await an_organiser("Netzwerkstelle Städtepartnerschaften")
    olga = await a_member(organiser, "Olga Beispiel", "olga@network.example")
    # Then the desk speaks the language of the browser.
    await Person.filter(id=olga.id).update(language=None)
    await a_member(organiser, "Oskar Muster", "oskar@network.example", Role.READER)
    office = Office(organiser, olga=olga.id)
    now = clock.now()
    await SignIn.create(
        person_id=olga.id,
        token_hash=hashed(office.secret),
        created_at=now,
        seen_at=now,
    )
    office.names["organiser"] = organiser.slug
    # Bound to another browser: this one has to type the digits.
    link = await make_link(
        olga.id, LinkOrigin.LETTER, browser_hash=hashed("another"), now=now
    )
    office.names["sign_in"] = link.token
    await a_failed_letter(organiser)
    await coming(office, now)
    await on_the_day(office, now)
    await gone(office, now)
    await from_everywhere(office, now)
    office.names |= await invitations_of(organiser, now)
    office.names |= await reports_of(organiser, now)
    office.names |= await tables_of(organiser, now)
    return office


async def coming(office: Office, now: datetime) -> None:
    workshop = await office.has("hybrid", await a_workshop(office))
    office.knows("unconfirmed", await asks(workshop, now=now))
    office.knows("online", await takes_part(workshop, now=now))
    seated = await takes_part(workshop, Mode.ONSITE, now=now)
    office.knows("onsite", seated)
    office.names |= await lists_of(workshop, seated, now)
    cancelled = await takes_part(workshop, now=now)
    await registrations.cancel(cancelled.id, actor=audit.ATTENDEE, now=now)
    office.knows("cancelled", cancelled)
    office.knows("expired", await asks(workshop, now=now - 30 * HOUR))
    await expire_due(now)
    office.names |= await letters_about(workshop, now)
    office.names |= await asking_event(office.organiser, now)

    full = await a_forum(office, "full", "Volles Forum", seats={Mode.ONLINE: 1})
    for name in ("seated", "first_waiting", "waitlisted"):
        office.knows(name, await takes_part(full, now=now))
    off = await a_forum(office, "off", "Abgesagtes Forum")
    office.knows("lost", await takes_part(off, now=now))
    reason = {"de": "Der Referent ist erkrankt.", "en": "The speaker is ill."}
    await events.cancel(office.organiser.id, off.id, reason, actor="olga", now=now)

    await a_forum(office, "onsite_only", "Forum im Rathaus", seats={Mode.ONSITE: 50})
    moved = {"previous_starts_at": now + 13 * DAY}
    await a_forum(office, "moved", "Verlegtes Forum", **moved)
    later = {"registration_opens_at": now + DAY}
    await a_forum(office, "not_open_yet", "Forum mit späterer Anmeldung", **later)
    unseen = {"status": Status.DRAFT, "published_at": None}
    await a_forum(office, "draft", "Entwurf eines Forums", **unseen)


async def from_everywhere(office: Office, now: datetime) -> None:
    """Tell where the people of the workshop come from, and what they agree to."""
    workshop = await Event.get(slug=office.names["hybrid"])
    ids = []
    for wish in WHERE_FROM:
        made = await organisations.add(office.organiser.id, wish, actor="o", now=now)
        ids.append(made)
    typed = [
        await organisations.typed(office.organiser.id, name, now=now)
        for name in ("Beispielhausen", "Beispilhausen", "Grundschule am Wald")
    ]
    for number, row in enumerate(await Registration.filter(event_id=workshop.id)):
        where = [*ids, *typed][number % 4]
        await Registration.filter(id=row.id).update(organisation_id=where)
    await organisation_merging.merge(
        office.organiser.id, ids[2], [typed[2]], actor="o", now=now
    )
    office.names |= {"organisation": str(ids[2]), "double": str(typed[2])}
    office.names |= {"one": str(ids[0]), "other": str(typed[1])}
    for purpose in (Purpose.LIST_VISIBILITY, Purpose.PHOTO):
        await consent_wishes.ask(
            office.organiser.id,
            workshop.id,
            purpose,
            FIRST_WORDS[purpose],
            actor="o",
            now=now,
        )
    for row in await Registration.filter(event_id=workshop.id, state="confirmed"):
        await consents.give(
            row.id,
            workshop.id,
            [Purpose.LIST_VISIBILITY],
            language="de",
            channel=consents.FORM,
            now=now,
        )


async def on_the_day(office: Office, now: datetime) -> None:
    """Make an event whose door is open, with a telephone number."""
    times = {"starts_at": now - HOUR / 12, "ends_at": now + HOUR, "dial_in": DIAL_IN}
    today = await a_forum(office, "today", "Forum an diesem Tag", **times)
    office.knows("guest", await takes_part(today, now=now - DAY))
    office.names["room_open"] = str(await much_goes_on_in(today, now))
    many = await a_forum(office, "rooms", "Forum in vielen Räumen", **open_now(now))
    guest = await takes_part(many, now=now - DAY)
    office.knows("guest_of_many", guest)
    await many_rooms(many, guest, now)
    away = {**open_now(now), "online_link": "https://talks.example/x"}
    shut = await a_forum(office, "away", "Forum ohne Videoserver", **away)
    office.knows("guest_outside", await takes_part(shut, now=now - DAY))
    await no_way_in(shut, now)
    await at_the_entrance(office, now)


async def at_the_entrance(office: Office, now: datetime) -> None:
    """Make an event people come to right now: some are here, some without a seat."""
    times = {"starts_at": now + HOUR / 4, "ends_at": now + 3 * HOUR}
    hall = await a_forum(
        office, "hall", "Forum im Saal", self_check_in=True, largest_party=30, **times
    )
    town = await organisations.typed(
        hall.organiser_id, "Partnerschaftsverein Beispielstadt e. V.", now=now
    )
    people = [await takes_part(hall, Mode.ONSITE, now=now - DAY) for _ in range(8)]
    class_trip = {"seats": 24, "companions": ["Ada Muster"], "name": "Klasse 8b"}
    await Registration.filter(id=people[3].id).update(**class_trip)
    await Registration.filter(id__in=[it.id for it in people[:4]]).update(
        organisation_id=town
    )
    await takes_part(hall, now=now - DAY)
    for number, source in enumerate((Presence.DESK, Presence.SELF, Presence.QR)):
        coming = Coming(source, f"in-the-office-{number}", now - HOUR / 60)
        await note(hall.id, people[number].id, coming, actor="person:olga", now=now)
    gone = people.pop()
    await registrations.cancel(gone.id, actor=audit.ATTENDEE, now=now)
    coming = Coming(Presence.DESK, "in-the-office-gone", now)
    await note(hall.id, gone.id, coming, actor="person:olga", now=now)
    office.knows("here", people[1])
    office.knows("not_here", people[-1])
    office.names["code_here"] = code_of(people[0])
    office.names["code_gone"] = code_of(gone)
    office.names |= await spoken_round(hall, now)


async def gone(office: Office, now: datetime) -> None:
    """Make an event that ended, with people who were there."""
    times = {"starts_at": now - 3 * DAY, "ends_at": now - 3 * DAY + 2 * HOUR}
    past = await a_forum(office, "past", "Vergangenes Forum", **times)
    people = [await takes_part(past, now=now - 5 * DAY) for _ in range(14)]
    office.knows("was_there", people[0])
    await a_survey(office, "closed", past, people, answering=12, now=now - 2 * DAY)
    office.names["mixed_round"] = await a_mixed_round(office.organiser, past.id)
    few = await a_forum(office, "few", "Forum im kleinen Kreis", **times)
    people = [await takes_part(few, now=now - 5 * DAY) for _ in range(7)]
    await a_survey(office, "words", few, people, answering=6, now=now - 2 * DAY)
    followed = await a_forum(office, "followed", "Forum mit Folgen", **times)
    people = [await takes_part(followed, now=now - 5 * DAY) for _ in range(4)]
    office.knows("promises", people[0])
    office.knows("promises_none", people[3])
    office.names |= await follows_from(followed, people, now)
    asked = await a_forum(office, "asked", "Forum mit Umfrage", **times)
    people = [await takes_part(asked, now=now - 5 * DAY) for _ in range(3)]
    await a_survey(office, "open", asked, people, answering=1, now=now)
    office.names |= await live_rounds(office.organiser.id, asked, now)
    every = await asked_in_every_way(office.organiser.id, asked, now)
    for name, person in zip(("way", "key", "script"), people, strict=True):
        office.names[f"every_{name}"] = ballots.token_for(every.id, person.id)
    office.names |= await much_is_said(asked, office.olga, now)


async def a_survey(
    office: Office,
    name: str,
    event: Event,
    people: Sequence[Registration],
    *,
    answering: int,
    now: datetime,
) -> None:
    """Ask everybody; the first ones answer. All but the survey "open" are closed.

    `{name}_ballot` is used where anybody has answered, `{name}_unused` never.
    """
    by = office.organiser.id, "olga"
    made = await rounds.create(by[0], event.id, actor=by[1], now=now)
    await rounds.open(by[0], made.id, actor=by[1], now=now)
    questions = await questions_of(made.id)
    for number, person in enumerate(people[:answering]):
        answers = read_answers(questions, answered(questions, number))
        assert isinstance(answers, Answers)
        ballot = ballots.hash_for(made.id, person.id)
        await ballots.cast(ballot, answers, loaded=now, now=now)
    if name != "open":
        await rounds.close(by[0], made.id, at_once=True, actor=by[1], now=now)
    office.names[f"{name}_round"] = str(made.id)
    office.names[f"{name}_ballot"] = ballots.token_for(made.id, people[0].id)
    office.names[f"{name}_unused"] = ballots.token_for(made.id, people[-1].id)


def answered(questions: Sequence[Question], number: int) -> dict[str, str]:
    """Fill in a survey, a little different for each number."""
    return {
        it.id: it.offered[-(number % len(it.offered))].code
        if it.offered
        else SAID[number % len(SAID)]
        for it in questions
    }


async def a_failed_letter(organiser: Organiser) -> None:
    await Job.create(
        name="letter:changed",
        args={"registration_id": str(organiser.id)},
        organiser_id=organiser.id,
        state=JobState.DEAD,
        due=clock.milliseconds(clock.now() - DAY),
        attempts=12,
        error="550 5.1.1 mailbox unavailable",
        created_at=clock.now() - DAY,
    )


async def a_workshop(office: Office) -> Event:
    """Announce the event of the picture: hybrid, with a programme and topics."""
    at = (clock.now() + 14 * DAY).replace(hour=12, minute=0, second=0, microsecond=0)
    event = await an_event(
        office.organiser,
        slug="werkstattgespraech",
        kind=Kind.WORKSHOP,
        title={
            "de": "Werkstattgespräch: Was Partnerschaften lebendig hält",
            "en": "Workshop talk: what keeps partnerships alive",
        },
        summary={
            "de": "Einen Nachmittag lang tauschen Städte, Vereine und junge Menschen "
            "aus, was gelingt und was fehlt.",
            "en": "For an afternoon, towns, associations and young people share what "
            "works well and what is missing.",
        },
        description=DESCRIPTION,
        starts_at=at,
        ends_at=at + 3 * HOUR,
        place_name="Bürgerhaus Beispielstadt, Großer Saal",
        place_address="Am Markt 1, 12345 Beispielstadt",
        seats={Mode.ONSITE: 40, Mode.ONLINE: 200},
    )
    for german, english, minutes, speakers in PROGRAMME:
        item = await Session.create(
            event=event,
            title={"de": german, "en": english},
            description={},
            speakers=list(speakers),
            starts_at=at,
            ends_at=at + timedelta(minutes=minutes),
        )
        at += timedelta(minutes=minutes)
    office.names["item"] = str(item.id)
    for slug, name in (("jugend", "Jugendbeteiligung"), ("ehrenamt", "Ehrenamt")):
        topic = await Topic.create(
            organiser=office.organiser, slug=slug, name={"de": name}
        )
        await EventTopic.create(event=event, topic=topic)
        office.names["topic"] = str(topic.id)
    return event


async def a_forum(office: Office, name: str, title: str, **changes: Any) -> Event:
    """Make an event as in `an_event`; its English title is its name."""
    titles = {"de": title, "en": f"Forum: {name.replace('_', ' ')}"}
    slug = f"forum-{name.replace('_', '-')}"
    return await office.has(
        name, await an_event(office.organiser, title=titles, slug=slug, **changes)
    )


async def asks(
    event: Event, mode: Mode = Mode.ONLINE, *, now: datetime
) -> Registration:
    """Send the form of an event in somebody's name; nobody has confirmed yet."""
    number = await Registration.all().count()
    name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
    applicant = Applicant(name, f"person{number}@example.org", "de")
    made = await registrations.register(event.id, applicant, mode, vouched=False,
                                        now=now)  # fmt: skip
    return await Registration.get(id=made.id)


async def takes_part(
    event: Event, mode: Mode = Mode.ONLINE, *, now: datetime
) -> Registration:
    """Register somebody who confirms: with a seat, or waiting for one."""
    asked = await asks(event, mode, now=now)
    await confirmations.confirm(links.confirm_token(asked), now=now)
    return await Registration.get(id=asked.id)
