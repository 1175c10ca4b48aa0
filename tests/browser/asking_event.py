"""An event that asks everything there is to ask, and somebody who has answered."""

from datetime import datetime, timedelta
from uuid import UUID

from tests.people import an_event
from tests.registration.asking import asks, takes_part

from werkraum_events.models import Event, Mode, Session
from werkraum_foundation.models import Organiser
from werkraum_foundation.sheets import SheetRow
from werkraum_registration import answers, imports, needs
from werkraum_registration.answer_reading import Value
from werkraum_registration.models import FormQuestionKind, Need, Registration, SeatPool
from werkraum_registration.needs import Reply
from werkraum_registration.question_rules import Condition

Kind = FormQuestionKind
HOUR = timedelta(hours=1)
SENT_LINES = (
    (
        *("Name", "E-Mail", "Teilnahme", "Was essen Sie mittags?"),
        *("Wovon vertragen Sie nichts?", "Woher kommen Sie?"),
    ),
    (*("Ada Muster", "ada@example.org", "online", "vegan"), "Nüsse", "Stadt Aachen"),
    (*("Ben Vorlage", "ben@example.org", "vor Ort", "Fisch"), "", ""),
    (*("Cleo Probe", "cleo@example.org", "online", "Fleisch"), "Milch", ""),
)
WORKSHOPS = (("Jugend beteiligen", 0), ("Fördermittel finden", 0), ("Ausblick", 1))


async def asking_event(organiser: Organiser, now: datetime) -> dict[str, str]:
    """Make it; its ids by the name that page kinds use."""
    event = await an_event(
        organiser,
        now=now,
        slug="fragt-alles",
        title={"de": "Werkstatt mit Fragen", "en": "Workshop with questions"},
        largest_party=5,
        seats={Mode.ONSITE: 40, Mode.ONLINE: None},
    )
    for title, hour in WORKSHOPS:
        await _a_workshop(event, title, hour)
    meal = await asks(event, Kind.CHOICE, "Was essen Sie mittags?", required=True)
    await asks(
        event,
        label="Wovon vertragen Sie nichts?",
        condition=Condition(meal.id, "vegan"),
    )
    await asks(event, Kind.SEVERAL, "Was bringen Sie mit?")
    await asks(event, Kind.NUMBER, "Wie viele Partnerstädte haben Sie?")
    town = await asks(event, Kind.ORGANISATION, "Woher kommen Sie?")
    ramp = await asks(event, Kind.NEED, "Was brauchen Sie, um teilzunehmen?")
    people = ("Anna Beispiel", "Bert Muster")
    texts = ("Einen Platz für den Rollstuhl", "Gebärdensprache, wenn möglich")
    for name, text in zip(people, texts, strict=True):
        person = await takes_part(event, name.replace(" ", "."))
        await Registration.filter(id=person.id).update(name=name)
        given: dict[UUID, Value] = {meal.id: "vegan", ramp.id: text}
        await answers.give(person.id, event.id, given, now=now)
    first, second = await Need.filter(registration__event_id=event.id).order_by("id")
    await needs.answer(
        organiser.id,
        event.id,
        second.id,
        Reply.NOT_POSSIBLE,
        "Es gibt Untertitel auf der Leinwand.",
        actor="person:olga",
        now=now,
    )
    return {
        "asking": event.slug,
        "asking_id": str(event.id),
        "question": str(town.id),
        "answered": str(meal.id),
        "need": str(first.id),
        "answered_list": str(await _a_list(event, now)),
    }


async def _a_list(event: Event, now: datetime) -> UUID:
    """Send a list that brings answers along, some of which fit nothing."""
    head, *lines = (
        SheetRow(number, cells) for number, cells in enumerate(SENT_LINES, start=1)
    )
    batch = await imports.begin(event, "Antworten.csv", head, actor="olga", now=now)
    await imports.add_rows(batch, event, lines, set())
    await imports.complete(batch)
    return batch.id


async def _a_workshop(event: Event, title: str, hour: int) -> None:
    session = await Session.create(
        event=event,
        title={"de": title},
        description={},
        speakers=[],
        starts_at=event.starts_at + hour * HOUR,
        ends_at=event.starts_at + (hour + 1) * HOUR,
        bookable=True,
    )
    await SeatPool.create(event=event, session=session, seats=12)
