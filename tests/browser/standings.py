"""People in every state a registration can be in, with all that they told us."""

from datetime import datetime, timedelta

from tests.browser.office import DAY, Office, a_forum

from werkraum_events.models import Event, Mode, Session
from werkraum_foundation.audit import ATTENDEE
from werkraum_registration import (
    addresses,
    approvals,
    changes,
    consents,
    offers,
    organisations,
    personal_feeds,
    registrations,
)
from werkraum_registration.changes import Details
from werkraum_registration.models import (
    AddressChange,
    ConsentWish,
    FormQuestion,
    FormQuestionKind,
    Need,
    NeedState,
    PersonalFeed,
    Registration,
    SeatPool,
    Wanted,
    Wish,
)
from werkraum_registration.registrations import Applicant, Application

OLGA = "olga"


async def every_standing(office: Office, now: datetime) -> None:
    """Make somebody for each state, and name them after it."""
    await a_party(office, now)
    await offered(office, now)
    await approving(office, now)


async def joins(
    event: Event,
    name: str,
    wanted: Wanted = Wanted.ONSITE,
    *,
    seats: int = 1,
    now: datetime,
) -> Registration:
    number = await Registration.all().count()
    applicant = Applicant(name, f"someone{number}@example.org", "de")
    made = await registrations.register(
        event.id,
        applicant,
        Application(wanted, seats),
        vouched=True,
        now=now,
        by_hand=True,
    )
    return await Registration.get(id=made.id)


async def a_party(office: Office, now: datetime) -> None:
    """Make a party with workshops, answers, a need and a consent; others wait."""
    seats: dict[Mode, int | None] = {Mode.ONSITE: 3, Mode.ONLINE: 5}
    event = await a_forum(
        office, "popular", "Gefragtes Forum", seats=seats, largest_party=3
    )
    workshops = [await a_workshop(event, name) for name in ("Theater", "Kochen")]
    need = await a_question(event, FormQuestionKind.NEED, "Was brauchen Sie?")
    text = await a_question(event, FormQuestionKind.TEXT, "Was bringen Sie mit?")
    photo = {"de": "Fotos von mir dürfen veröffentlicht werden.", "en": "Photos of me."}
    await ConsentWish.create(event=event, purpose="photo", text=photo)
    other = await joins(event, "Otto Beispiel", Wanted.ONLINE, now=now)
    chosen = frozenset({workshops[0].id})
    await changes.change(
        other.id, Details(other.name, sessions=chosen), actor=ATTENDEE, now=now
    )
    party = await joins(event, "Berta Muster", seats=3, now=now)
    where = await organisations.typed(
        office.organiser.id, "Gesamtschule Musterstadt", now=now
    )
    details = Details(
        party.name,
        seats=3,
        companions=("Cem Vorlage", "Dana Probe"),
        sessions=frozenset(it.id for it in workshops),
        answers={need.id: "Eine Rampe zum Saal.", text.id: "Einen Kuchen."},
        organisation_id=where,
    )
    await changes.change(party.id, details, actor=ATTENDEE, now=now)
    await Need.filter(registration_id=party.id).update(
        state=NeedState.GRANTED, answer="Die Rampe ist da.", answered_by=OLGA
    )
    await consents.give(
        party.id, event.id, ["photo"], language="de", channel="form", now=now
    )
    office.knows("party", party)
    both = await joins(event, "Emil Muster", Wanted.ONSITE_ELSE_ONLINE, now=now)
    office.knows("waits_too", both)
    moving = await joins(event, "Fatma Probe", Wanted.ONLINE, now=now)
    await addresses.ask(moving.id, "fatma@example.net", now=now)
    office.knows("moving", moving)
    change = await AddressChange.get(registration_id=moving.id)
    await the_calendars_of(office, both, moving, now=now)
    office.names["new_address"] = addresses.token_of(change)


async def the_calendars_of(
    office: Office, one: Registration, other: Registration, *, now: datetime
) -> None:
    """Order the calendars of all their dates; the second has ended."""
    for name, whose in (("dates", one), ("dates_gone", other)):
        found = Registration.filter(id=whose.id).select_related("event")
        await personal_feeds.order(await found.get(), now=now)
        feed = await PersonalFeed.get(email_key=whose.email_key)
        office.names[name] = personal_feeds.token_of(feed)
    await personal_feeds.revoke(office.names["dates_gone"], now=now)


async def a_workshop(event: Event, name: str) -> Session:
    session = await Session.create(
        event=event,
        title={"de": f"Werkstatt {name}", "en": f"Workshop {name}"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        bookable=True,
    )
    await SeatPool.create(
        event=event, session=session, seats=1 if name == "Theater" else None
    )
    return session


async def a_question(event: Event, kind: FormQuestionKind, label: str) -> FormQuestion:
    return await FormQuestion.create(
        event=event,
        position=await FormQuestion.filter(event_id=event.id).count() + 1,
        kind=kind,
        label={"de": label},
        purpose={"de": "Zum Planen."},
        retention_days=7,
    )


async def offered(office: Office, now: datetime) -> None:
    """Let somebody cancel just now, so that the next ones are offered seats."""
    seats: dict[Mode, int | None] = {Mode.ONSITE: 2, Mode.ONLINE: 5}
    event = await a_forum(office, "freed", "Forum mit freiem Platz", seats=seats)
    leaving = [await joins(event, "Gustav Probe", now=now) for _ in range(2)]
    office.knows("offered", await joins(event, "Anna Vorlage", now=now))
    wanted = Wanted.ONSITE_ELSE_ONLINE
    office.knows("better", await joins(event, "Cem Entwurf", wanted, now=now))
    for each in leaving:
        await registrations.cancel(each.id, actor=ATTENDEE, now=now)
    office.knows("just_left", leaving[0])
    gone = await a_forum(office, "lapsed", "Forum ohne Antwort", seats={Mode.ONSITE: 1})
    seated = await joins(gone, "Dana Probe", now=now)
    lapsed = await joins(gone, "Emil Entwurf", now=now)
    await registrations.cancel(seated.id, actor=OLGA, now=now)
    office.knows("taken_off", seated)
    for _ in range(2):
        past = now - timedelta(seconds=1)
        await Wish.filter(registration_id=lapsed.id).update(offered_until=past)
        await offers.lapse_due(now)
    office.knows("lapsed", lapsed)


async def approving(office: Office, now: datetime) -> None:
    event = await a_forum(
        office, "admitting", "Forum mit Zulassung", approval=True, approval_again=True
    )
    for name in ("pending", "rejected"):
        applicant = Applicant("Fatma Entwurf", f"{name}@example.org", "de")
        made = await registrations.register(
            event.id, applicant, Mode.ONLINE, vouched=True, now=now - DAY, by_hand=True
        )
        office.knows(name, await Registration.get(id=made.id))
    await approvals.reject_now(event.id, [made.id], actor=OLGA, now=now)
