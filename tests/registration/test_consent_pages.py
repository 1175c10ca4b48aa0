"""Consents on the personal page and at the desk, and who sees whom."""

import re

import httpx
import pytest
from tests.people import (
    a_member,
    an_event,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Role
from werkraum_registration import consent_wishes, consents, links
from werkraum_registration.models import Consent, ConsentWish, Registration, State

PHOTO = {"de": "Fotos sind in Ordnung.", "en": "Photos of me are fine."}


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    return await an_event(await olga_signed_in(client))


async def asks(event: Event, *purposes: str) -> None:
    for purpose in purposes:
        await consent_wishes.ask(
            event.organiser_id, event.id, purpose, PHOTO, actor="o", now=clock.now()
        )


async def agrees(who: Registration, purpose: str) -> None:
    await consents.give(
        who.id,
        who.event_id,
        [purpose],
        language="en",
        channel=consents.FORM,
        now=clock.now(),
    )


def page_of(who: Registration) -> str:
    return f"/en/my/{links.personal_token(who)}"


async def test_anna_agrees_and_takes_it_back_with_one_click_each(
    client: httpx.AsyncClient, event: Event
) -> None:
    await asks(event, "photo")
    client.cookies.clear()
    path = page_of(await takes_part(event))
    shown = await client.get(path)
    assert "Photos of me are fine." in shown.text
    [entry] = re.findall(r'name="entry" value="([^"]+)"', shown.text)
    given = await client.post(f"{path}/consents/photo/give", data={"entry": entry})
    assert (given.status_code, given.headers["location"]) == (303, path)
    consent = await Consent.get()
    assert (consent.text, consent.channel) == (PHOTO["en"], "personal page")
    assert "You agreed on" in (await client.get(path)).text
    for _ in range(2):
        back = await client.post(f"{path}/consents/photo/withdraw")
        assert back.headers["location"] == path
    assert (await Consent.get()).withdrawn_at
    assert "You agreed on" not in (await client.get(path)).text


async def test_nobody_agrees_by_opening_a_link(
    client: httpx.AsyncClient, event: Event
) -> None:
    await asks(event, "photo")
    path = page_of(await takes_part(event))
    for deed in ("give", "withdraw"):
        assert (await client.get(f"{path}/consents/photo/{deed}")).status_code == 405
    assert await Consent.all().count() == 0


@pytest.mark.parametrize(
    "entry", ["", "photo:0000000000000000", "newsletter", "x" * 10_000, "a\0b"]
)
async def test_anna_agrees_to_nothing_that_was_not_shown(
    client: httpx.AsyncClient, event: Event, entry: str
) -> None:
    await asks(event, "photo")
    path = page_of(await takes_part(event))
    sent = await client.post(f"{path}/consents/photo/give", data={"entry": entry})
    assert sent.status_code in (404, 422)
    assert await Consent.all().count() == 0


async def test_who_has_cancelled_takes_back_but_gives_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    await asks(event, "photo", "quote")
    anna = await takes_part(event)
    await agrees(anna, "photo")
    off = {"state": State.CANCELLED, "holds_seat": False}
    await Registration.filter(id=anna.id).update(**off)
    path = page_of(anna)
    [box] = [it for it in await consents.asked(event.id) if it.purpose == "quote"]
    await client.post(f"{path}/consents/quote/give", data={"entry": box.entry})
    await client.post(f"{path}/consents/photo/withdraw")
    consent = await Consent.get()
    assert consent.purpose == "photo" and consent.withdrawn_at


async def test_those_with_a_seat_see_who_agreed_to_be_seen(
    client: httpx.AsyncClient, event: Event
) -> None:
    await asks(event, "list_visibility")
    anna, bert = await takes_part(event), await takes_part(event, "Bert")
    await takes_part(event, "Silent")
    await agrees(bert, "list_visibility")
    client.cookies.clear()
    assert "Who else takes part" in (await client.get(page_of(anna))).text
    seen = await client.get(f"{page_of(anna)}/people")
    assert "Bert" in seen.text
    assert "Silent" not in seen.text and "@attendee.example" not in seen.text
    assert "noindex" in seen.text
    await client.post(f"{page_of(bert)}/consents/list_visibility/withdraw")
    assert "Bert" not in (await client.get(f"{page_of(anna)}/people")).text


@pytest.mark.parametrize(
    "state", [State.UNCONFIRMED, State.WAITLISTED, State.CANCELLED, State.REJECTED]
)
async def test_who_has_no_seat_sees_nobody(
    client: httpx.AsyncClient, event: Event, state: State
) -> None:
    await asks(event, "list_visibility")
    otto = await takes_part(event, "Otto", state=state)
    assert (await client.get(f"{page_of(otto)}/people")).status_code == 404
    assert (await client.get("/en/my/" + "x" * 43 + "/people")).status_code == 404


async def test_there_is_no_list_where_nobody_was_asked(
    client: httpx.AsyncClient, event: Event
) -> None:
    await asks(event, "photo")
    anna = await takes_part(event)
    assert (await client.get(f"{page_of(anna)}/people")).status_code == 404


async def test_olga_asks_in_words_of_ours_or_her_own(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = f"/desk/events/{event.id}/consents"
    assert "The form asks for no consent." in (await client.get(path)).text
    begun = await client.get(f"{path}/photo")
    assert "Photos and recordings of the event" in begun.text
    sent = await client.post(f"{path}/photo", data={"text_en": "Photos are fine."})
    assert (sent.status_code, sent.headers["location"]) == (303, path)
    own = {"name": "Fahrgemeinschaft", "text_de": "Ich fahre mit."}
    assert (await client.post(path, data=own)).status_code == 303
    wishes = await ConsentWish.all().order_by("position")
    assert [(it.purpose, it.text) for it in wishes] == [
        ("photo", {"en": "Photos are fine."}),
        ("fahrgemeinschaft", {"de": "Ich fahre mit."}),
    ]
    shown = (await client.get(path)).text
    assert "Fahrgemeinschaft" in shown and "Photos are fine." in shown
    assert (await client.post(f"{path}/photo/remove")).status_code == 303
    assert await ConsentWish.all().count() == 1


async def test_a_consent_without_words_is_asked_for_again(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = f"/desk/events/{event.id}/consents"
    for form in ({"name": "Bus"}, {"name": "李", "text_en": "I agree."}):
        answer = await client.post(path, data=form)
        assert answer.status_code == 422
        assert f'value="{form["name"]}"' in answer.text
    assert (await client.post(f"{path}/quote", data={})).status_code == 422
    assert await ConsentWish.all().count() == 0


async def test_olga_takes_away_who_agrees_as_a_table(
    client: httpx.AsyncClient, event: Event
) -> None:
    await asks(event, "newsletter")
    await agrees(await takes_part(event), "newsletter")
    bert = await takes_part(event, "Bert")
    await agrees(bert, "newsletter")
    await consents.withdraw(bert.id, "newsletter", clock.now())
    path = f"/desk/events/{event.id}/consents"
    assert "One person agrees, one has taken it back." in (await client.get(path)).text
    table = (await client.get(f"{path}/newsletter/people.csv")).text
    assert "anna@attendee.example" in table and "Bert" not in table
    assert await AuditEntry.filter(action="registration.export").count() == 1
    assert (await client.get(f"{path}/photo/people.csv")).status_code == 404


async def test_an_event_that_is_off_asks_nothing_new(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(status=Status.CANCELLED)
    path = f"/desk/events/{event.id}/consents"
    assert "<form" not in (await client.get(path)).text.partition("<h1")[2]
    sent = await client.post(f"{path}/photo", data={"text_en": "Photos."})
    assert sent.status_code == 409


async def test_otto_and_readers_change_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    await asks(event, "photo")
    await agrees(await takes_part(event), "photo")
    path = f"/desk/events/{event.id}/consents"
    client.cookies.clear()
    await otto_signed_in(client)
    for each in (path, f"{path}/photo", f"{path}/photo/people.csv"):
        assert (await client.get(each)).status_code == 404
    for each in (path, f"{path}/photo", f"{path}/photo/remove"):
        assert (await client.post(each, data={"text_en": "x"})).status_code == 404
    client.cookies.clear()
    office = await an_organiser("Third")
    own = await an_event(office)
    reader = await a_member(office, "Rita", "rita@network.example", Role.READER)
    await signed_in(client, reader)
    path = f"/desk/events/{own.id}/consents"
    assert (await client.get(path)).status_code == 200
    sent = await client.post(f"{path}/photo", data={"text_en": "Photos."})
    assert sent.status_code == 403
    assert (await ConsentWish.get()).text == PHOTO
