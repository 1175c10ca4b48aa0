"""What other parts put on the personal page: the way in, the survey, calendars."""

from datetime import timedelta

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.rooms.visitors import a_registration, an_online_event, door_of

from werkraum_events.models import Event, Mode
from werkraum_feedback.answering import ballots
from werkraum_feedback.asking import rounds
from werkraum_feedback.models import Ballot, Round
from werkraum_foundation import clock
from werkraum_registration.links import personal_token
from werkraum_registration.models import Registration, State

TAKE_PART = "Answer the questions"


async def page_of(client: httpx.AsyncClient, registration: Registration) -> str:
    shown = await client.get(f"/en/my/{personal_token(registration)}")
    assert shown.status_code == 200
    return shown.text.replace("\u202f", " ")


async def asked_about(event: Event) -> Round:
    """Open a survey for everybody with a seat by now."""
    office, now = event.organiser_id, clock.now()
    made = await rounds.create(office, event.id, actor="person:olga", now=now)
    return await rounds.open(office, made.id, actor="person:olga", now=now)


async def test_the_page_says_when_the_room_opens(client: httpx.AsyncClient) -> None:
    event = await an_online_event(starts_in=timedelta(days=3))
    anna = await a_registration(event)
    page = await page_of(client, anna)
    assert "The room opens on" in page and "(time in Berlin)" in page
    assert f'href="{door_of(anna)}"' in page


@pytest.mark.parametrize("starts_in", [0, -125], ids=["now", "just over, still open"])
async def test_the_page_says_that_the_room_is_open(
    client: httpx.AsyncClient, starts_in: int
) -> None:
    event = await an_online_event(starts_in=timedelta(minutes=starts_in))
    anna = await a_registration(event)
    assert "The room is open." in await page_of(client, anna)


@pytest.mark.parametrize(
    "of",
    [
        {"mode": Mode.ONSITE},
        {"state": State.WAITLISTED},
        {"state": State.CANCELLED},
        {"state": State.UNCONFIRMED},
    ],
    ids=lambda of: str(*of.values()),
)
async def test_whoever_may_not_enter_is_shown_no_entrance(
    client: httpx.AsyncClient, of: dict[str, Mode | State]
) -> None:
    anna = await a_registration(await an_online_event(), **of)  # type: ignore[arg-type]
    assert "/door" not in await page_of(client, anna)


async def test_whoever_comes_in_person_reads_where(client: httpx.AsyncClient) -> None:
    event = await an_event(await an_organiser())
    anna = await a_registration(event, mode=Mode.ONSITE)
    page = await page_of(client, anna)
    assert "Rathaus" in page and "Markt 1, Beispielstadt" in page


async def test_the_calendar_can_be_downloaded_and_subscribed(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await an_organiser())
    anna = await a_registration(event)
    page = await page_of(client, anna)
    assert f'href="/events/{event.slug}.ics"' in page
    assert f'/my/{personal_token(anna)}/calendar.ics">' in page


async def test_an_open_survey_is_one_click_away(client: httpx.AsyncClient) -> None:
    event = await an_online_event(starts_in=timedelta(days=-1))
    anna = await a_registration(event)
    asked = await asked_about(event)
    link = f"/en/feedback/{ballots.token_for(asked.id, anna.id)}"
    assert f'href="{link}"' in await page_of(client, anna)
    assert (await client.get(link)).status_code == 200


async def test_an_answered_survey_is_not_asked_again(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(starts_in=timedelta(days=-1))
    anna, berta = await a_registration(event), await a_registration(event)
    asked = await asked_about(event)
    await Ballot.filter(token_hash=ballots.hash_for(asked.id, anna.id)).update(
        used=True
    )
    assert TAKE_PART not in await page_of(client, anna)
    assert TAKE_PART in await page_of(client, berta)


async def test_a_survey_asks_nobody_without_a_ballot_or_after_its_end(
    client: httpx.AsyncClient,
) -> None:
    event = await an_online_event(starts_in=timedelta(days=-1))
    anna = await a_registration(event)
    asked = await asked_about(event)
    late = await a_registration(event)
    assert TAKE_PART not in await page_of(client, late)
    await Round.filter(id=asked.id).update(closes_at=clock.now())
    assert TAKE_PART not in await page_of(client, anna)
