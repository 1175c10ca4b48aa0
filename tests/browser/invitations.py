"""Who may register, and how: guests in every state, a series, rules of an event."""

from datetime import datetime, timedelta

from tests.people import an_event
from tests.registration.asking import asks

from werkraum_events import series
from werkraum_events.models import Confirmation, Entry, Event, Mode, Session
from werkraum_foundation.models import Organiser
from werkraum_registration import guests, links, registrations, series_registrations
from werkraum_registration.guest_lines import Invitee
from werkraum_registration.models import (
    FormQuestionKind,
    Guest,
    Registration,
    Wanted,
)
from werkraum_registration.question_rules import Condition
from werkraum_registration.registrations import Applicant, Application
from werkraum_registration.seat_pools import set_session_seats
from werkraum_registration.series_registrations import Chosen

Kind = FormQuestionKind
WEEK = timedelta(days=7)
ANNA = Applicant("Anna Beispiel", "anna-series@example.org", "de")


async def invitations_of(organiser: Organiser, now: datetime) -> dict[str, str]:
    """Make all of it; slugs, ids and tokens by the name that page kinds use."""
    return {
        **await _guests_of(organiser, now),
        **await _series_of(organiser, now),
    }


async def _guests_of(organiser: Organiser, now: datetime) -> dict[str, str]:
    event = await an_event(
        organiser,
        now=now + WEEK,
        seats={Mode.ONSITE: 12, Mode.ONLINE: None},
        title={"de": "Werkstattgespräch für Geladene", "en": "Talk for guests"},
        entry=Entry.INVITED,
        largest_party=4,
    )
    names = ("open", "declined", "withdrawn", "accepted")
    people = [Invitee(f"{name}@example.org", f"Gast {name}") for name in names]
    await guests.invite(event, people, language="de", actor="olga", now=now)
    invited = {it.email.partition("@")[0]: it for it in await Guest.all()}
    tokens = {name: guests.guest_token(it) for name, it in invited.items()}
    await guests.decline(tokens["declined"], now=now)
    await guests.withdraw(event, invited["withdrawn"].id, actor="olga", now=now)
    wish = Application(Wanted.ONSITE)
    await guests.accept(tokens["accepted"], "Gast accepted", "de", wish, now=now)
    return {"guests": event.slug, "guests_id": str(event.id)} | {
        f"invited_{name}": token for name, token in tokens.items()
    }


async def _series_of(organiser: Organiser, now: datetime) -> dict[str, str]:
    made = await series.make(
        organiser.id,
        {"de": "Foren im Frühling", "en": "Forums of spring"},
        actor="olga",
        now=now,
    )
    coming = [
        await an_event(
            organiser,
            now=now + week * WEEK,
            seats={Mode.ONSITE: 3, Mode.ONLINE: None},
            confirmation=Confirmation.IMMEDIATE if week == 1 else "double_opt_in",
            series_id=made.id,
            entry=Entry.CODE if week == 3 else Entry.OPEN,
            entry_code="Rathaus 2027" if week == 3 else "",
            title={"de": f"Forum der Woche {week}", "en": f"Forum of week {week}"},
        )
        for week in (1, 2, 3)
    ]
    item = await _chosen_item(coming[0], now)
    await _questions_of(coming)
    chosen = [Chosen(event, Wanted.ONLINE) for event in coming[1:]]
    batch_id = series_registrations.batch_of("token", ANNA, chosen)
    await series_registrations.register_for(chosen, ANNA, batch_id=batch_id, now=now)
    first = await Registration.filter(batch_id=batch_id).first()
    assert first
    return {
        "series": made.slug,
        "series_id": str(made.id),
        "coded_id": str(coming[2].id),
        "chosen_id": str(coming[0].id),
        "chosen_item": str(item.id),
        "batch": links.confirm_token(first),
        "asked": f"event={coming[1].slug}&refused={coming[0].slug}",
    }


async def _questions_of(coming: list[Event]) -> None:
    """Let one event ask something of its own, and two the same."""
    meal = await asks(coming[0], Kind.CHOICE, "Was essen Sie mittags?", required=True)
    await asks(
        coming[0],
        label="Wovon vertragen Sie nichts?",
        condition=Condition(meal.id, "vegan"),
    )
    for event, days in zip(coming, (30, 90), strict=False):
        await asks(event, Kind.ORGANISATION, "Woher kommen Sie?", retention_days=days)
        await asks(event, Kind.YES_NO, "Waren Sie schon einmal bei uns?")


async def _chosen_item(event: Event, now: datetime) -> Session:
    """Make an item that two people have chosen."""
    item = await Session.create(
        event=event,
        title={"de": "Werkstatt A", "en": "Workshop A"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.starts_at + timedelta(hours=1),
        bookable=True,
    )
    await set_session_seats(event.id, {item.id: 8}, now=now)
    for name in ("Ada", "Bo"):
        await registrations.register(
            event.id,
            Applicant(f"{name} Muster", f"{name.lower()}-chose@example.org", "de"),
            Application(Wanted.ONSITE, sessions=(item.id,)),
            vouched=True,
            now=now,
        )
    return item
