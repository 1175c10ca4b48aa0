"""Every form of the program, filled in well."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
from tests.bad_inputs.inputs import Kind
from tests.feedback.conftest import confirmed
from tests.people import a_member, an_event, olga_signed_in
from tests.registration.asking import asks

from werkraum_events.models import Event, Mode, Session, Status, Topic
from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.models import Round
from werkraum_foundation import clock, sign_in
from werkraum_foundation.models import LinkOrigin, Organiser, Person, Role
from werkraum_foundation.tokens import hashed, new_form_token, new_token
from werkraum_registration import answers, links
from werkraum_registration.models import (
    FormQuestion,
    FormQuestionKind,
    Need,
    Registration,
    SeatPool,
)

OLGA = "person:olga"
MINUTE = timedelta(minutes=1)
SMALL, LARGE = 64 * 1024, 512 * 1024


@dataclass(frozen=True)
class Sheet:
    """A form: where it is sent, a good filling, and what each field takes.

    `required` names the fields that an empty form is told about, None where an
    empty form is a fine one. `hidden` fields are not typed, so there is no place
    for a fault beside them. `bare` is a choice without a form of its own.
    """

    name: str
    path: str
    filled: Mapping[str, str | list[str]]
    kinds: Mapping[str, Kind]
    required: frozenset[str] | None = None
    largest: int = SMALL
    bare: bool = False
    most_fields: int = 1_000
    hidden: frozenset[str] = frozenset()

    def fields_of(self, kind: Kind) -> list[str]:
        return [name for name, each in self.kinds.items() if each is kind]


@dataclass(frozen=True)
class Office:
    """What the forms are about."""

    organiser: Organiser
    draft: Event
    event: Event
    over: Event
    item: Session
    survey: Round
    open_survey: Round
    colleague: Person
    registration: Registration
    question: FormQuestion
    open_question: FormQuestion
    need: Need
    # The path of the page that comes after registering.
    after: str
    sign_in_token: str


async def an_office(client: httpx.AsyncClient) -> Office:
    """Open olga's office, with a row of everything that a form can be sent to."""
    organiser = await olga_signed_in(client)
    # No language of her own: the desk then speaks the browser's.
    await Person.all().update(language=None)
    await Topic.create(organiser=organiser, slug="jugend", name={"de": "Jugend"})
    start = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
    end = start + timedelta(hours=2)
    draft = await an_event(organiser, status=Status.DRAFT, starts_at=start, ends_at=end)
    event = await an_event(organiser, starts_at=start, ends_at=end)
    over = await an_event(organiser, now=clock.now() - timedelta(days=15))
    for each in (over, event):
        await confirmed(each, 3)
        await SeatPool.filter(event=each, mode=Mode.ONLINE).update(
            taken=3, demand=3, issued=3
        )
    anna = await Registration.get(event=event, name="Anna 0")
    question = await asks(event, FormQuestionKind.NEED, "Was brauchen Sie?")
    await answers.give(anna.id, event.id, {question.id: "Rampe"}, now=clock.now())
    open_question = await asks(draft)
    # As if they had always been there: forms are sent with the first version.
    await Event.filter(id__in=[draft.id, event.id]).update(version=1)
    after = await _registered(client, event)
    survey = await _drafted(organiser, over)
    return Office(
        organiser=organiser,
        draft=draft,
        event=event,
        over=over,
        item=await _an_item(event),
        survey=survey,
        open_survey=await _opened(organiser, event),
        colleague=await a_member(
            organiser, "Berta", "berta@network.example", Role.HOST
        ),
        registration=anna,
        question=question,
        open_question=open_question,
        need=await Need.get(),
        after=after,
        sign_in_token=await _a_link(),
    )


async def _registered(client: httpx.AsyncClient, event: Event) -> str:
    form = registering(event)
    sent = await client.post(form.path.format(lang="en"), data=dict(form.filled))
    return sent.headers["location"].partition("/en/")[2]


async def _drafted(organiser: Organiser, event: Event) -> Round:
    return await rounds.create(organiser.id, event.id, actor=OLGA, now=clock.now())


async def _opened(organiser: Organiser, event: Event) -> Round:
    made = await _drafted(organiser, event)
    return await rounds.open(organiser.id, made.id, actor=OLGA, now=clock.now())


async def _an_item(event: Event) -> Session:
    return await Session.create(
        event=event,
        title={"de": "Ankommen"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.starts_at + timedelta(hours=1),
    )


async def _a_link() -> str:
    """Make a sign-in link of a letter that another browser has asked for."""
    olga = await Person.get(name="Olga")
    link = await sign_in.make_link(
        olga.id,
        LinkOrigin.LETTER,
        browser_hash=hashed(new_token()),
        now=clock.now(),
    )
    return link.token


def registering(event: Event) -> Sheet:
    loaded = new_form_token(f"registration:{event.id}", clock.now() - MINUTE)
    return Sheet(
        "register",
        f"/{{lang}}/events/{event.slug}/registrations",
        {
            "name": "Anna Muster",
            "email": "anna@attendee.example",
            "mode": "onsite",
            "form_token": loaded,
            "website": "",
        },
        {"name": Kind.LINE, "email": Kind.ADDRESS, "mode": Kind.CHOICE},
        required=frozenset({"name", "email", "mode"}),
    )


EVENT_KINDS = {
    **dict.fromkeys(("title_de", "title_en"), Kind.LINE),
    **dict.fromkeys(("place_name", "place_address", "dial_in"), Kind.LINE),
    "new_topics": Kind.LINE,
    **dict.fromkeys(("summary_de", "description_en"), Kind.PARAGRAPHS),
    **dict.fromkeys(("kind", "confirmation", "modes"), Kind.CHOICE),
    "starts_at_fold": Kind.CHOICE,
    "waiting_list": Kind.FLAG,
    **dict.fromkeys(("seats_onsite", "seats_online", "seats_total"), Kind.NUMBER),
    "series": Kind.CHOICE,
    **dict.fromkeys(("starts_at", "ends_at"), Kind.MOMENT),
    **dict.fromkeys(("registration_opens_at", "registration_closes_at"), Kind.MOMENT),
    "timezone": Kind.ZONE,
    "slug": Kind.SLUG,
    "online_link": Kind.LINK,
}
EVENT: dict[str, str | list[str]] = {
    "title_de": "Forum Übergang",
    "title_en": "Forum on going over",
    "kind": "workshop",
    "slug": "forum-uebergang",
    "timezone": "Europe/Berlin",
    "starts_at": "2027-03-04T14:00",
    "ends_at": "2027-03-04T16:00",
    "modes": ["onsite", "online"],
    "place_name": "Rathaus <Saal>",
    "place_address": "Markt 1 & 2",
    "seats_onsite": "50",
    "online_link": "https://video.example.org/x",
    "dial_in": "+49 30 123",
    "seats_online": "200",
    "seats_total": "220",
    "series": "foren",
    "registration_opens_at": "2027-01-04T14:00",
    "registration_closes_at": "2027-03-03T14:00",
    "confirmation": "immediate",
    "waiting_list": "on",
    "topics": ["jugend"],
    "new_topics": "Übergang, Europa",
    "summary_de": 'Bleibt "stehen".\r\n\r\nUnd das.',
    "summary_en": "Stays.",
    "description_de": "\r\n# Anfang\r\n\r\n- eins",
    "description_en": "<b>Stays</b>, too.",
}


def event_form(name: str, path: str) -> Sheet:
    return Sheet(
        name,
        path,
        EVENT,
        EVENT_KINDS,
        required=frozenset({"title", "modes", "kind", "timezone", "starts_at"}),
        largest=LARGE,
    )


def with_version(sheet: Sheet) -> Sheet:
    return replace(
        sheet,
        filled={**sheet.filled, "version": "1"},
        kinds={**sheet.kinds, "version": Kind.NUMBER},
        hidden=frozenset({"version"}),
    )


def item_form(name: str, path: str) -> Sheet:
    return Sheet(
        name,
        path,
        {
            "title_de": "Vorstellung",
            "title_en": "Introduction",
            "starts_at": "2027-03-04T14:00",
            "ends_at": "2027-03-04T14:30",
            "speakers": "Ada Muster\r\nBo Beispiel",
            "bookable": "on",
            "seats": "12",
            "description_de": 'Bleibt "stehen".',
            "description_en": "Stays.",
        },
        {
            "title_de": Kind.LINE,
            "title_en": Kind.LINE,
            "starts_at": Kind.MOMENT,
            "ends_at": Kind.MOMENT,
            "speakers": Kind.PARAGRAPHS,
            "bookable": Kind.FLAG,
            "seats": Kind.NUMBER,
            "description_de": Kind.PARAGRAPHS,
        },
        required=frozenset({"title", "starts_at", "ends_at"}),
    )


def attendees_forms(office: Office) -> list[Sheet]:
    address = {"email": "anna@attendee.example"}
    kinds = {"email": Kind.ADDRESS}
    token = links.personal_token(office.registration)
    return [
        registering(office.event),
        Sheet(
            "correct",
            f"/{{lang}}/{office.after}/address",
            address,
            kinds,
            required=frozenset(kinds),
        ),
        Sheet(
            "links",
            "/{lang}/my",
            address | {"event": office.event.slug},
            kinds,
            required=frozenset(kinds),
        ),
        Sheet(
            "change",
            f"/{{lang}}/my/{token}/change",
            {"name": "Anna Muster"},
            {"name": Kind.LINE},
            required=frozenset({"name"}),
        ),
        Sheet(
            "new address",
            f"/{{lang}}/my/{token}/address",
            address,
            kinds,
            required=frozenset(kinds),
        ),
        Sheet(
            "offer",
            f"/{{lang}}/my/{token}/offer",
            {"mode": "onsite", "answer": "accept"},
            {"mode": Kind.CHOICE, "answer": Kind.CHOICE},
            required=frozenset({"mode", "answer"}),
            bare=True,
        ),
        *(
            Sheet(
                name,
                f"/{{lang}}/my/{token}/{name}",
                {"mode": "onsite"},
                {"mode": Kind.CHOICE},
                required=frozenset({"mode"}),
                bare=True,
            )
            for name in ("wait", "stop-waiting")
        ),
        Sheet(
            "switch",
            f"/{{lang}}/my/{token}/mode",
            {"mode": "onsite"},
            {"mode": Kind.CHOICE},
            required=frozenset({"mode"}),
            bare=True,
        ),
    ]


def event_forms(office: Office) -> list[Sheet]:
    draft, event = f"/desk/events/{office.draft.id}", f"/desk/events/{office.event.id}"
    reasons = {"reason_de": "Wegen Sturm", "reason_en": "A storm"}
    return [
        event_form("new event", "/desk/events/new"),
        with_version(event_form("edit event", f"{draft}/edit")),
        event_form("copy event", f"{draft}/copy"),
        item_form("new item", f"{event}/programme"),
        item_form("edit item", f"{event}/programme/{office.item.id}"),
        Sheet(
            "call off",
            f"{event}/cancel",
            reasons,
            dict.fromkeys(reasons, Kind.PARAGRAPHS),
        ),
    ]


QUESTION: dict[str, str | list[str]] = {
    "kind": "several",
    "label_de": "Was bringen Sie mit?",
    "label_en": "What do you bring?",
    "purpose_de": "Für das <Buffet>",
    "purpose_en": "For the table",
    "choices_de": "Kuchen\r\nSalat",
    "choices_en": "Cake\r\nSalad",
    "hint_de": "Bitte ohne Nüsse & Fisch",
    "hint_en": "No nuts, please",
    "retention_days": "30",
    "required": "on",
}
QUESTION_KINDS = {
    **dict.fromkeys(("label_de", "purpose_en", "hint_de"), Kind.LINE),
    "choices_de": Kind.PARAGRAPHS,
    "kind": Kind.CHOICE,
    "required": Kind.FLAG,
    "retention_days": Kind.NUMBER,
}


def question_forms(office: Office) -> list[Sheet]:
    base = f"/desk/events/{office.event.id}"
    return [
        Sheet(
            "new question",
            f"{base}/questions",
            QUESTION,
            QUESTION_KINDS,
            required=frozenset({"kind", "label", "purpose"}),
        ),
        Sheet(
            "edit question",
            f"/desk/events/{office.draft.id}/questions/{office.open_question.id}",
            QUESTION,
            QUESTION_KINDS,
            required=frozenset({"label", "purpose"}),
        ),
        Sheet(
            "move question",
            f"{base}/questions/{office.question.id}/move",
            {"to": "down"},
            {"to": Kind.CHOICE},
            required=frozenset({"to"}),
            bare=True,
        ),
        Sheet(
            "answer a need",
            f"{base}/needs/{office.need.id}",
            {"reply": "not_possible", "text": "Wir tragen <Sie>."},
            {"reply": Kind.CHOICE, "text": Kind.PARAGRAPHS},
            required=frozenset({"reply"}),
        ),
    ]


def office_forms(office: Office) -> list[Sheet]:
    legal = {
        f"{name}_{code}": f"{name} in {code}\r\n\r\n<b>& more</b>"
        for name in ("imprint", "privacy", "accessibility")
        for code in ("de", "en")
    }
    return [
        Sheet(
            "organiser",
            "/desk/organiser",
            {"name": "Büro <für> Begegnung", "contact": "hello@network.example"}
            | legal,
            {"name": Kind.LINE, "contact": Kind.ADDRESS}
            | dict.fromkeys(legal, Kind.PARAGRAPHS),
            required=frozenset({"name", "contact"}),
            largest=LARGE,
        ),
        Sheet(
            "team",
            "/desk/organiser/team",
            {"name": "Carla", "email": "carla@network.example", "role": "host"},
            {"name": Kind.LINE, "email": Kind.ADDRESS, "role": Kind.CHOICE},
            required=frozenset({"name", "email", "role"}),
        ),
        Sheet(
            "role",
            f"/desk/organiser/team/{office.colleague.id}/role",
            {"role": "reader"},
            {"role": Kind.CHOICE},
            required=frozenset({"role"}),
            bare=True,
        ),
    ]


async def survey_forms(office: Office) -> list[Sheet]:
    [*_, last] = await queries.question_rows_of(office.survey.id)
    survey = f"/desk/rounds/{office.survey.id}"
    return [
        Sheet(
            "new round",
            f"/desk/events/{office.event.id}/feedback",
            {"kind": "pulse", "session_id": "", "model_id": ""},
            {"kind": Kind.CHOICE},
        ),
        Sheet(
            "survey",
            f"{survey}/questions",
            {"title_de": "Wie war es?", "title_en": "", "audience": "attended"},
            {"title_de": Kind.LINE, "title_en": Kind.LINE, "audience": Kind.CHOICE},
            required=frozenset({"title"}),
        ),
        Sheet(
            "question of a survey",
            f"{survey}/questions/{last.id}",
            {
                "text_de": "Machen Sie mit?",
                "text_en": "Will you join in?",
                "hint_de": "Ganz, wie Sie möchten.",
                "options_de": "ja\nnein",
                "options_en": "yes\nno",
            },
            {"text_de": Kind.LINE, "text_en": Kind.LINE, "hint_de": Kind.LINE},
            required=frozenset({"text", "options"}),
        ),
        Sheet(
            "plan of a survey",
            f"{survey}/plan",
            {"when": "by_hand", "days": "14"},
            {"when": Kind.CHOICE, "days": Kind.NUMBER},
            required=frozenset({"when"}),
        ),
        Sheet(
            "open survey",
            f"/desk/rounds/{office.survey.id}/open",
            {"days": "14"},
            {"days": Kind.NUMBER},
        ),
        Sheet(
            "close survey",
            f"/desk/rounds/{office.open_survey.id}/close",
            {"end": "soon"},
            {"end": Kind.CHOICE},
        ),
    ]


def sign_in_forms(office: Office) -> list[Sheet]:
    return [
        Sheet(
            "sign in",
            "/desk/sign-in",
            {"email": "olga@network.example"},
            {"email": Kind.ADDRESS},
            required=frozenset({"email"}),
        ),
        Sheet(
            "code",
            f"/sign-in/{office.sign_in_token}",
            {"code": "000000"},
            {"code": Kind.CODE},
        ),
    ]


async def forms_of(office: Office) -> list[Sheet]:
    """List every form that something can be typed into or chosen in."""
    return [
        *attendees_forms(office),
        *event_forms(office),
        *question_forms(office),
        *office_forms(office),
        *await survey_forms(office),
        *sign_in_forms(office),
    ]
