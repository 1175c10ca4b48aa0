from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from tests.feedback.conftest import ACTOR, confirmed
from tests.people import an_event, olga_signed_in

from werkraum_events.models import Event
from werkraum_feedback.asking import rounds
from werkraum_feedback.models import Round
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    """Olga is signed in; her organiser."""
    return await olga_signed_in(client)


@pytest.fixture
async def event(olga: Organiser) -> Event:
    made = await an_event(olga)
    await confirmed(made, 3)
    return made


@pytest.fixture
async def draft(olga: Organiser, event: Event) -> Round:
    return await rounds.create(olga.id, event.id, actor=ACTOR, now=clock.now())


async def test_an_hour_after_the_end_is_suggested_and_kept_as_a_distance(
    client: httpx.AsyncClient, event: Event, draft: Round
) -> None:
    path = f"/desk/rounds/{draft.id}/plan"
    shown = await client.get(path)
    assert 'value="after" checked' in shown.text

    sent = await client.post(
        path,
        data={"when": "after", "at": "", "days": "7", "reminds": "on"},
        follow_redirects=True,
    )

    assert "The survey opens by itself at that time." in sent.text
    assert "It opens by itself:" in sent.text
    saved = await Round.get(id=draft.id)
    assert saved.opens_at == event.ends_at + timedelta(hours=1)
    assert (saved.opens_after, saved.open_days, saved.reminds) == (60, 7, True)


async def test_a_moment_is_read_on_the_clock_of_the_place(
    client: httpx.AsyncClient, event: Event, draft: Round
) -> None:
    day = (event.ends_at + timedelta(days=2)).astimezone(BERLIN)
    typed = day.strftime("%Y-%m-%dT18:30")

    await client.post(
        f"/desk/rounds/{draft.id}/plan",
        data={"when": "moment", "at": typed, "days": "14"},
    )

    saved = await Round.get(id=draft.id)
    local = datetime.fromisoformat(typed).replace(tzinfo=BERLIN)
    assert saved.opens_at == local.astimezone(UTC)
    shown = await client.get(f"/desk/rounds/{draft.id}/plan")
    assert f'value="{typed}"' in shown.text


async def test_a_plan_can_be_given_up(client: httpx.AsyncClient, draft: Round) -> None:
    path = f"/desk/rounds/{draft.id}/plan"
    await client.post(path, data={"when": "after", "days": "7"})

    sent = await client.post(
        path, data={"when": "by_hand", "days": "7"}, follow_redirects=True
    )

    assert "The survey waits until you open it." in sent.text
    saved = await Round.get(id=draft.id)
    assert (saved.opens_at, saved.opens_after) == (None, None)


WRONG = {
    "nothing chosen": {"days": "7"},
    "no time": {"when": "moment", "at": "", "days": "7"},
    "a time that is over": {"when": "moment", "at": "2020-01-01T10:00", "days": "7"},
    "a time there is not": {"when": "moment", "at": "2027-03-28T02:30", "days": "7"},
    "no date": {"when": "moment", "at": "tomorrow", "days": "7"},
    "no days": {"when": "after", "days": "0"},
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_no_plan_comes_back(
    client: httpx.AsyncClient, draft: Round, wrong: str
) -> None:
    sent = await client.post(f"/desk/rounds/{draft.id}/plan", data=WRONG[wrong])

    assert sent.status_code == 422
    assert 'class="fault-summary"' in sent.text
    assert (await Round.get(id=draft.id)).opens_at is None


async def test_after_an_event_that_is_over_there_is_no_hour_to_come(
    client: httpx.AsyncClient, event: Event, draft: Round
) -> None:
    await Event.filter(id=event.id).update(
        ends_at=clock.now() - timedelta(hours=2),
        starts_at=clock.now() - timedelta(hours=4),
    )

    sent = await client.post(
        f"/desk/rounds/{draft.id}/plan", data={"when": "after", "days": "7"}
    )

    assert sent.status_code == 422
    assert "This time is over already." in sent.text
