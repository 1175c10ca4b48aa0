"""A mail server of the house that hands over mail, and somebody who is invited."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest
from tests.calendar.reply_samples import Sample
from tests.people import an_event, olga_signed_in
from tests.server.postbox import delivered, throw_away

from werkraum_calendar.models import Invitation
from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.settings import settings
from werkraum_registration import confirmations, registrations
from werkraum_registration.links import confirm_token
from werkraum_registration.models import Registration
from werkraum_registration.registrations import Applicant

TOKEN = "Gx7pQ2mLw9sVt4kRz8nYc3bHd6fJa1eU"

ANNA = Applicant("Anna Arendt", "anna@example.org", "en")
BERT = Applicant("Bert Brandt", "bert@example.net", "en")


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation whose mail server hands over what comes."""
    monkeypatch.setenv("WERKRAUM_MAIL_GATEWAY_TOKEN", TOKEN)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


Post = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def hands_over(gateway: None, client: httpx.AsyncClient) -> Post:
    """Hand one mail over; the answer."""

    async def post(raw: bytes, **query: str) -> httpx.Response:
        return await client.post(
            "/calendar/replies",
            params=query,
            content=raw,
            headers={
                "authorization": f"Bearer {TOKEN}",
                "content-type": "message/rfc822",
            },
        )

    return post


@pytest.fixture
async def event(gateway: None, client: httpx.AsyncClient) -> Event:
    """An event of olga, who is signed in."""
    throw_away()
    return await an_event(await olga_signed_in(client))


async def invited(event: Event, who: Applicant = ANNA) -> Registration:
    """Register, confirm, and let the invitation leave."""
    made = await registrations.register(
        event.id, who, Mode.ONLINE, vouched=False, now=clock.now()
    )
    await delivered()
    registration = await Registration.get(id=made.id)
    await confirmations.confirm(confirm_token(registration), now=clock.now())
    await delivered()
    return await Registration.get(id=made.id)


@pytest.fixture
async def anna(event: Event) -> Registration:
    return await invited(event)


async def sample(who: Registration, event: Event, **changes: object) -> Sample:
    """Say what somebody's calendar knows; a minute ago, as calendars stamp it."""
    invitation = await Invitation.get(registration_id=who.id)
    known = {
        "rsvp": invitation.organizer,
        "uid": event.uid,
        "attendee": who.email,
        "stamp": stamp(clock.now()),
    }
    # Any field of a sample.
    return Sample(**{**known, **changes})  # type: ignore[arg-type]


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
