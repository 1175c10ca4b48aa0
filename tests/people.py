"""The people of the tests, and what they have: an organiser, a sign-in, an event."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from werkraum_events.models import Event, Kind, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.entrances import cookie_name
from werkraum_foundation.mail_addresses import normalised
from werkraum_foundation.models import Membership, Organiser, Person, Role, SignIn
from werkraum_foundation.tokens import hashed, new_token
from werkraum_registration.models import SeatPool


async def an_organiser(name: str = "Netzwerkstelle") -> Organiser:
    """Make an office with its legal texts."""
    return await Organiser.create(
        slug=f"office-{uuid4().hex[:8]}",
        name=name,
        contact="office@network.example",
        imprint={"de": "Netzwerkstelle, Musterstraße 1", "en": "Network office"},
        privacy={"de": "Wir speichern wenig.", "en": "We keep little."},
        accessibility={"de": "Alle sollen mitmachen.", "en": "Everybody is welcome."},
        created_at=clock.now(),
    )


async def a_member(
    organiser: Organiser,
    name: str = "Olga",
    email: str = "olga@network.example",
    role: Role = Role.OWNER,
) -> Person:
    """Make a person who works for the organiser."""
    person = await Person.create(
        name=name,
        email=email,
        email_key=normalised(email),
        language="en",
        created_at=clock.now(),
    )
    await Membership.create(person=person, organiser=organiser, role=role)
    return person


async def signed_in(client: httpx.AsyncClient, person: Person) -> None:
    """Put a fresh sign-in of the person into the browser."""
    secret, now = new_token(), clock.now()
    await SignIn.create(
        person_id=person.id, token_hash=hashed(secret), created_at=now, seen_at=now
    )
    client.cookies.set(cookie_name(), secret)


async def olga_signed_in(client: httpx.AsyncClient) -> Organiser:
    """Sign in olga, who owns the organiser that is returned."""
    organiser = await an_organiser()
    await signed_in(client, await a_member(organiser))
    return organiser


async def otto_signed_in(client: httpx.AsyncClient) -> Organiser:
    """Sign in otto, who owns another organiser and must see nothing of olga's."""
    organiser = await an_organiser("Another office")
    otto = await a_member(organiser, "Otto", "otto@elsewhere.example")
    await signed_in(client, otto)
    return organiser


async def an_event(
    organiser: Organiser,
    *,
    seats: Mapping[Mode, int | None] | None = None,
    now: datetime | None = None,
    **changes: object,
) -> Event:
    """Make a published event two weeks after `now`, with a pool for each mode.

    On site and online without a limit unless `seats` says otherwise; the modes
    of `seats` are those of the event. `changes` are columns of the event.
    """
    now = now or clock.now()
    seats = {Mode.ONSITE: None, Mode.ONLINE: None} if seats is None else seats
    starts_at = (now + timedelta(days=14)).astimezone(UTC).replace(microsecond=0)
    # Any: a value for each column, as Tortoise takes them.
    columns: dict[str, Any] = {
        "organiser": organiser,
        "slug": f"forum-{uuid4().hex[:8]}",
        "kind": Kind.FORUM,
        "status": Status.PUBLISHED,
        "title": {"de": "Forum Jugend", "en": "Youth forum"},
        "summary": {"de": "Jugend beteiligen.", "en": "Young people take part."},
        "description": {"de": "Ein **Nachmittag**.", "en": "An **afternoon**."},
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "timezone": "Europe/Berlin",
        "onsite": Mode.ONSITE in seats,
        "place_name": "Rathaus" if Mode.ONSITE in seats else "",
        "place_address": "Markt 1, Beispielstadt" if Mode.ONSITE in seats else "",
        "online": Mode.ONLINE in seats,
        "revised_at": now,
        "created_at": now,
        "published_at": now,
        "cancel_reason": {},
    }
    event = await Event.create(**{**columns, **changes})
    for mode, limit in seats.items():
        await SeatPool.create(event=event, mode=mode, seats=limit)
    return event
