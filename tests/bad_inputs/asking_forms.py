"""The form of an event that asks everything an event can ask."""

from datetime import timedelta

from tests.bad_inputs.forms import Office, Sheet
from tests.bad_inputs.inputs import Kind
from tests.people import an_event
from tests.registration.asking import asks

from werkraum_events.models import Entry, Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.tokens import new_form_token
from werkraum_registration.answer_reading import field_name
from werkraum_registration.models import FormQuestionKind, SeatPool
from werkraum_registration.questions import questions_of

SLUG, CODE = "asks-everything", "Brücke 7"
MINUTE = timedelta(minutes=1)
# What belongs into the answer to each kind of question, and what stands there.
ANSWERS: dict[FormQuestionKind, tuple[Kind | None, str | list[str]]] = {
    FormQuestionKind.TEXT: (Kind.PARAGRAPHS, "Kuchen\r\n& <Salat>"),
    FormQuestionKind.CHOICE: (Kind.CHOICE, "vegan"),
    FormQuestionKind.SEVERAL: (Kind.CHOICE, ["vegan", "fleisch"]),
    # Zero is a fine answer: what is none is tried at the seats.
    FormQuestionKind.NUMBER: (None, "3"),
    FormQuestionKind.YES_NO: (Kind.CHOICE, "yes"),
    FormQuestionKind.ORGANISATION: (Kind.LINE, 'Stadt "Aachen"'),
    FormQuestionKind.NEED: (Kind.PARAGRAPHS, "Eine <Rampe>"),
}


async def asking_event(office: Office) -> Office:
    """Add an event that asks for a code, a party, and one question of each kind."""
    event = await an_event(
        office.organiser,
        slug=SLUG,
        largest_party=5,
        entry=Entry.CODE,
        entry_code=CODE,
        starts_at=office.event.starts_at,
        ends_at=office.event.ends_at,
    )
    for kind in FormQuestionKind:
        await asks(event, kind, kind.value, required=kind is FormQuestionKind.TEXT)
    await SeatPool.filter(event=event, mode=Mode.ONSITE).update(seats=9)
    return office


async def asking_forms() -> list[Sheet]:
    event = await Event.get(slug=SLUG)
    asked = {it.kind: field_name(it.id) for it in await questions_of(event.id)}
    token = new_form_token(f"registration:{event.id}", clock.now() - MINUTE)
    town = asked[FormQuestionKind.ORGANISATION]
    typed = {asked[kind]: typed for kind, (_, typed) in ANSWERS.items()}
    typed |= {f"{town}_kind": "municipality", f"{town}_size": "small"}
    kinds_of_answers = {asked[it]: kind for it, (kind, _) in ANSWERS.items() if kind}
    kinds_of_answers |= dict.fromkeys((f"{town}_kind", f"{town}_size"), Kind.CHOICE)
    kinds = {
        "name": Kind.LINE,
        "email": Kind.ADDRESS,
        "mode": Kind.CHOICE,
        "seats": Kind.NUMBER,
        "companions": Kind.PARAGRAPHS,
        "code": Kind.LINE,
    }
    return [
        Sheet(
            "register with answers",
            f"/{{lang}}/events/{SLUG}/registrations",
            {
                "name": "Anna Muster",
                "email": "anna@attendee.example",
                "mode": "onsite_else_online",
                "seats": "3",
                "companions": "Bert\r\nCarla",
                "code": CODE,
                "form_token": token,
                "website": "",
                **typed,
            },
            kinds | kinds_of_answers,
            required=frozenset(
                {"name", "email", "mode", "code", asked[FormQuestionKind.TEXT]}
            ),
        ),
        Sheet(
            "on behalf with answers",
            f"/desk/events/{event.id}/registrations/new",
            {
                "name": "Anna Muster",
                "email": "on-behalf@attendee.example",
                "mode": "onsite",
                "seats": "2",
                "lang": "de",
                **typed,
            },
            kinds_of_answers,
            required=frozenset({"name", "email", "mode", "lang"}),
        ),
    ]
