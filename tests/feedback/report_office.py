"""An event with all that a report is drafted from, as rows."""

from datetime import timedelta
from uuid import UUID, uuid4

from tests.feedback.report_samples import ASSOCIATION, LARGE, MEDIUM, SMALL
from tests.feedback.statement_rows import a_theme, marked, said
from tests.people import an_event

from werkraum_events.models import Event, Kind, Material, Mode, Session
from werkraum_feedback.follow_up_models import (
    Contact,
    ContactState,
    ContactWish,
    Pledge,
    PledgeForm,
    Practice,
    PracticeState,
)
from werkraum_feedback.models import (
    AnswerRow,
    QuestionRow,
    ResponseRow,
    Round,
    RoundKind,
    RoundState,
)
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    StatementKind,
    StatementSource,
    Theme,
)
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_registration import links
from werkraum_registration.models import (
    Attendance,
    Organisation,
    Presence,
    Registration,
    SeatPool,
    State,
    Wanted,
)

DAY = timedelta(days=1)
GROUPS = (SMALL, MEDIUM, LARGE, ASSOCIATION)
THEMES = ("Generationenwechsel", "Fördermittel", "Digitalisierung")
ITEMS = ("Begrüßung", "Vorstellungsrunde", "Ergebnisse der Umfrage", "Feedbackrunde")


async def a_bare_event(organiser: Organiser) -> Event:
    """An event that is over, and of which nothing else is known."""
    return await an_event(
        organiser,
        now=clock.now() - 20 * DAY,
        seats={Mode.ONLINE: None},
        kind=Kind.WORKSHOP,
        title={"de": "Weiterentwicklung", "en": "Further development"},
        summary={"de": "Wir besprechen, was zu tun ist.", "en": "What is to be done."},
    )


async def an_event_to_report(organiser: Organiser) -> Event:
    event = await a_bare_event(organiser)
    for number, title in enumerate(ITEMS):
        begin = event.starts_at + number * timedelta(minutes=20)
        await Session.create(
            event=event,
            title={"de": title},
            description={},
            speakers=["Ada Muster, Netzwerkstelle"] if number == 0 else [],
            starts_at=begin,
            ends_at=begin + timedelta(minutes=20),
        )
    people = await came(organiser, event)
    themes = await spoke(organiser, event)
    await answered(organiser, event, yes=41, people=121)
    await followed(organiser, event, themes, people)
    return event


async def came(organiser: Organiser, event: Event, each: int = 8) -> list[UUID]:
    """Let so many of each group come, everybody of an organisation of their own."""
    pool = await SeatPool.get(event_id=event.id, mode=Mode.ONLINE)
    now, made = event.starts_at, []
    for number in range(each * len(GROUPS)):
        group, identifier = GROUPS[number % len(GROUPS)], uuid4()
        organisation = await Organisation.create(
            organiser=organiser,
            name=f"Ort {identifier}",
            name_key=f"ort {identifier}",
            kind=group.org_kind,
            size=group.org_size,
            created_at=now,
        )
        confirm_hash, manage_hash = links.hashes(identifier, 1)
        await Registration.create(
            id=identifier,
            event=event,
            pool=pool,
            mode=Mode.ONLINE,
            wanted=Wanted.ONLINE,
            name=f"Anna {number}",
            email=f"anna{number}@attendee.example",
            email_key=f"anna{number}@attendee.example",
            language="de",
            organisation=organisation,
            state=State.CONFIRMED,
            holds_seat=True,
            confirm_hash=confirm_hash,
            manage_hash=manage_hash,
            created_at=now,
        )
        await Attendance.create(
            event=event,
            registration_id=identifier,
            source=Presence.DESK,
            client_key=uuid4().hex,
            came_at=now,
            recorded_at=now,
            recorded_by="person:olga",
        )
        made.append(identifier)
    return made


async def spoke(organiser: Organiser, event: Event) -> list[Theme]:
    """Have each group say eight things, on three themes."""
    themes = [
        await a_theme(organiser, name, definition={"de": f"Alles zu {name}"})
        for name in THEMES
    ]
    kinds = (StatementKind.CONCERN, StatementKind.WISH, StatementKind.EXPERIENCE)
    for number in range(32):
        statement = await said(
            event,
            f"Beitrag {number}: Das beschäftigt uns.",
            group=GROUPS[number % 4],
            quoting=Quoting.UNNAMED if number % 3 else Quoting.NO,
            phase=Phase.CLOSING if number > 27 else Phase.INTRODUCTION,
            source=StatementSource.CAPTURE,
        )
        statement.kind = kinds[number % 3]
        await statement.save(update_fields=["kind"])
        theme = themes[0 if number < 18 else 1 if number < 27 else 2]
        await marked(statement, theme, good=number % 4 == 1)
    return themes


async def answered(
    organiser: Organiser, event: Event, *, yes: int, people: int
) -> Round:
    """Close a survey in which so many of these people would join in."""
    asked = await Round.create(
        organiser=organiser,
        event=event,
        kind=RoundKind.SURVEY,
        title={"de": "Weiterentwicklung der Netzwerkstelle", "en": "Development"},
        state=RoundState.CLOSED,
        invited=364,
        salt="5a17",
        opened_at=event.ends_at,
        closes_at=event.ends_at + 5 * DAY,
        closed_at=event.ends_at + 5 * DAY,
        created_at=event.ends_at,
    )
    question = await QuestionRow.create(
        round=asked,
        position=1,
        code="F01",
        kind=QuestionKind.CHOICE,
        text={
            "de": "Würden Sie an der Weiterentwicklung mitwirken?",
            "en": "Would you join in the further development?",
        },
        hint={},
        options=[
            {"code": "yes", "label": {"de": "ja", "en": "yes"}},
            {"code": "no", "label": {"de": "nein", "en": "no"}},
        ],
        poles=[],
    )
    await add_answers(asked, question, yes=yes, people=people)
    return asked


async def add_answers(
    asked: Round, question: QuestionRow, *, yes: int, people: int
) -> None:
    responses = [ResponseRow(id=uuid4(), round_id=asked.id) for _ in range(people)]
    await ResponseRow.bulk_create(responses)
    await AnswerRow.bulk_create(
        AnswerRow(
            response_id=it.id,
            question_id=question.id,
            codes=["yes" if number < yes else "no"],
        )
        for number, it in enumerate(responses)
    )


async def followed(
    organiser: Organiser, event: Event, themes: list[Theme], people: list[UUID]
) -> None:
    now = event.ends_at
    await Practice.create(
        organiser=organiser,
        event=event,
        theme=themes[0],
        slug=f"cafe-{uuid4().hex[:8]}",
        title={"de": "Café der Partnerstädte"},
        what={"de": "Ein Jugendzentrum lädt ein."},
        how={},
        took={"de": "Zwei Stunden im Monat"},
        place="Beispielhausen",
        partner_towns=[],
        countries=[],
        state=PracticeState.PUBLISHED,
        published_at=now,
        created_at=now,
    )
    for registration_id in people[:6]:
        await Pledge.create(
            organiser=organiser,
            event=event,
            registration_id=registration_id,
            form=PledgeForm.GROUP,
            created_at=now,
        )
    one, other = [
        await ContactWish.create(
            event=event,
            registration_id=it,
            themes=[],
            countries=[],
            created_at=now,
        )
        for it in people[:2]
    ]
    await Contact.create(
        event=event,
        one=one,
        other=other,
        reasons=[],
        state=ContactState.AGREED,
        suggested_at=now,
        expires_at=now + 60 * DAY,
    )
    await Material.create(
        event=event,
        position=1,
        title={"de": "Handbuch für digitale Formate"},
        link="https://network.example/handbuch.pdf",
        news={},
        updated_at=now,
    )
    await an_event(organiser, title={"de": "Forum Jugend", "en": "Youth forum"})
