"""The boxes of the form: one per purpose, unchecked, for the words beside them."""

import re

import httpx
import pytest
from tests.people import an_event, an_organiser

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.tokens import new_form_token
from werkraum_registration import consent_wishes
from werkraum_registration.models import Consent, Registration


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    made = await an_event(await an_organiser())
    await says(made, "photo", {"de": "Fotos <gern>.", "en": "Photos <sure>."})
    await says(made, "quote", {"de": "Zitate auch."})
    return made


async def says(event: Event, purpose: str, text: dict[str, str]) -> None:
    await consent_wishes.ask(
        event.organiser_id, event.id, purpose, text, actor="o", now=clock.now()
    )


def filled(event: Event, *entries: str) -> dict[str, str | list[str]]:
    loaded = new_form_token(f"registration:{event.id}", clock.now())
    return {
        "name": "Anna",
        "email": "anna@attendee.example",
        "mode": "online",
        "form_token": loaded,
        "consents": list(entries),
    }


async def boxes(client: httpx.AsyncClient, event: Event) -> list[str]:
    shown = (await client.get(f"/en/events/{event.slug}")).text
    assert "Photos &lt;sure&gt;." in shown
    assert '<span lang="de">Zitate auch.</span>' in shown
    found = re.findall(r'<input id="consents[-\d]*"[^>]*>', shown)
    assert not any("checked" in box for box in found)
    return [re.findall(r'value="([^"]+)"', box)[0] for box in found]


async def test_one_box_ticked_is_one_consent(
    client: httpx.AsyncClient, event: Event
) -> None:
    photo, _ = await boxes(client, event)
    path = f"/en/events/{event.slug}/registrations"
    sent = await client.post(path, data=filled(event, photo))
    assert sent.status_code == 303
    consent = await Consent.get()
    assert (consent.purpose, consent.text) == ("photo", "Photos <sure>.")
    assert (consent.language, consent.channel) == ("en", "form")


async def test_words_that_changed_meanwhile_are_asked_again(
    client: httpx.AsyncClient, event: Event
) -> None:
    photo, quote = await boxes(client, event)
    await says(event, "photo", {"en": "Photos may be sold."})
    path = f"/en/events/{event.slug}/registrations"
    again = await client.post(path, data=filled(event, photo, quote))
    assert again.status_code == 409
    assert 'id="consents-fault"' in again.text
    # What still holds is kept; the new words are for the person to tick.
    kept = re.findall(r"<input[^>]* checked[^>]*>", again.text)
    assert [quote in it for it in kept if 'name="consents"' in it] == [True]
    assert await Registration.all().count() == 0
