"""The forms about who may register, and how, filled in well."""

from datetime import timedelta

from tests.bad_inputs.forms import LARGE, Office, Sheet, with_version
from tests.bad_inputs.inputs import Kind

from werkraum_events import series
from werkraum_events.models import Event, Series
from werkraum_foundation import clock
from werkraum_foundation.tokens import new_form_token
from werkraum_registration import guests
from werkraum_registration.answer_reading import field_name
from werkraum_registration.event_forms import forms_of
from werkraum_registration.guest_lines import Invitee
from werkraum_registration.models import Guest
from werkraum_registration.series_questions import SeriesQuestions

GUEST = "guest@attendee.example"


async def series_and_guest(office: Office) -> Office:
    """Add what these forms are about to the office."""
    made = await series.make(
        office.organiser.id, {"de": "Foren"}, actor="person:olga", now=clock.now()
    )
    await Event.filter(id=office.event.id).update(series_id=made.id)
    await guests.invite(
        office.event,
        [Invitee(GUEST)],
        language="en",
        actor="person:olga",
        now=clock.now(),
    )
    return office


async def entry_forms(office: Office) -> list[Sheet]:
    event = f"/desk/events/{office.event.id}"
    return [
        terms_form(office),
        Sheet(
            "guests",
            f"{event}/guests",
            {"people": "Ada Muster <ada@example.org>\r\nbo@example.org", "lang": "de"},
            {"people": Kind.PARAGRAPHS, "lang": Kind.CHOICE},
            required=frozenset({"people", "lang"}),
            largest=LARGE,
        ),
        Sheet(
            "on behalf",
            f"{event}/registrations/new",
            {
                "name": "Anna <Muster>",
                "email": "by-hand@attendee.example",
                "mode": "onsite",
                "seats": "2",
                "lang": "de",
                "note": 'Hat "angerufen".',
            },
            {
                "name": Kind.LINE,
                "email": Kind.ADDRESS,
                "mode": Kind.CHOICE,
                "seats": Kind.NUMBER,
                "lang": Kind.CHOICE,
                "note": Kind.LINE,
            },
            required=frozenset({"name", "email", "mode", "lang"}),
        ),
        Sheet(
            "remove item",
            f"{event}/programme/{office.item.id}/remove",
            {"sure": "on"},
            {"sure": Kind.FLAG},
            bare=True,
        ),
        *await series_forms(),
        await invitation_form(office),
    ]


def terms_form(office: Office) -> Sheet:
    sheet = Sheet(
        "terms",
        f"/desk/events/{office.draft.id}/registration",
        {
            "entry": "code",
            "entry_code": "Rathaus <2027>",
            "approval": "on",
            "approval_again": "on",
            "promotion": "confirm",
            "offer_hours": "8",
            "queue_order": "fill",
            "largest_party": "30",
            "self_check_in": "on",
        },
        {
            **dict.fromkeys(("entry", "promotion", "queue_order"), Kind.CHOICE),
            **dict.fromkeys(("offer_hours", "largest_party"), Kind.NUMBER),
            **dict.fromkeys(("approval", "approval_again", "self_check_in"), Kind.FLAG),
            "entry_code": Kind.LINE,
        },
        required=frozenset(
            {"entry", "promotion", "offer_hours", "queue_order", "largest_party"}
        ),
    )
    return with_version(sheet)


async def series_forms() -> list[Sheet]:
    forums = await Series.get()
    event = await Event.get(series_id=forums.id)
    asked = SeriesQuestions.of([event], [event], await forms_of([event]))
    [question] = asked.shown
    titles = {"title_de": "Foren <2027>", "title_en": "Forums & more"}
    kinds = dict.fromkeys(titles, Kind.LINE)
    loaded = clock.now() - timedelta(minutes=1)
    return [
        Sheet(
            "new series", "/desk/series", titles, kinds, required=frozenset({"title"})
        ),
        Sheet(
            "series",
            f"/desk/series/{forums.id}",
            titles,
            kinds,
            required=frozenset({"title"}),
        ),
        Sheet(
            "register for a series",
            f"/{{lang}}/series/{forums.slug}/registrations",
            {
                "name": "Anna <Muster>",
                "email": "series@attendee.example",
                "events": [event.slug],
                "mode": "onsite_else_online",
                field_name(question.id): "Eine <Rampe>",
                "asked": asked.mark,
                "form_token": new_form_token(f"series:{forums.id}", loaded),
                "website": "",
            },
            {
                "name": Kind.LINE,
                "email": Kind.ADDRESS,
                "events": Kind.CHOICE,
                "mode": Kind.CHOICE,
                field_name(question.id): Kind.PARAGRAPHS,
            },
            required=frozenset({"name", "email", "events"}),
        ),
    ]


async def invitation_form(office: Office) -> Sheet:
    guest = await Guest.get(email=GUEST)
    loaded = clock.now() - timedelta(minutes=1)
    return Sheet(
        "invitation",
        f"/{{lang}}/invited/{guests.guest_token(guest)}",
        {
            "name": "Gast <Muster>",
            "mode": "online",
            "form_token": new_form_token(f"registration:{office.event.id}", loaded),
            "website": "",
        },
        {"name": Kind.LINE, "mode": Kind.CHOICE},
        required=frozenset({"name", "mode"}),
    )
