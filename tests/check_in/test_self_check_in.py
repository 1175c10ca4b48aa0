"""Checking in oneself: with the code of the hall, in time, and without being told."""

from datetime import timedelta

import httpx
import pytest
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation import clock
from werkraum_registration import links
from werkraum_registration.attended import attended
from werkraum_registration.check_in_rules import may_check_in_oneself
from werkraum_registration.models import Attendance, Presence, Registration, State
from werkraum_registration.self_check_in import generation_of, hall_code, renew_code


async def code_of_hall(event: Event) -> str:
    return hall_code(event.id, await generation_of(event.id))


async def comes(
    client: httpx.AsyncClient, event: Event, email: str, code: str = ""
) -> httpx.Response:
    form = {"email": email, "code": code or await code_of_hall(event)}
    return await client.post(f"/en/events/{event.slug}/here", data=form)


async def test_whoever_has_a_seat_is_noted_and_the_answer_is_the_same_for_all(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    waits = await somebody(today, "Wilma", Mode.ONSITE, State.WAITLISTED)
    answers = [
        await comes(client, today, email)
        for email in (guest.email.upper(), guest.email, waits.email, "otto@a.example")
    ]
    assert {(it.status_code, it.headers["location"]) for it in answers} == {
        (303, f"/en/events/{today.slug}/here?done=1")
    }
    page = await client.get(answers[0].headers["location"])
    assert "If there is a seat under this address, you are checked in now." in page.text
    [seen] = await attended(today.id)
    assert (seen.registration_id, seen.sources) == (guest.id, (Presence.SELF,))
    assert await Attendance.all().count() == 1


async def test_with_the_wrong_code_nobody_is_noted(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    page = await comes(client, today, guest.email, "12345")
    assert page.status_code == 422
    assert "This is not the code that the hall shows now." in page.text
    assert f'value="{guest.email}"' in page.text
    assert await Attendance.all().count() == 0


async def test_a_new_code_revokes_the_one_before_once(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    before = await code_of_hall(today)
    hall = f"/desk/events/{today.id}/check-in/hall"
    assert before in (await client.get(hall)).text
    for _ in range(2):
        await client.post(hall, data={"generation": "1"})
    assert await generation_of(today.id) == 2
    after = await code_of_hall(today)
    assert before != after
    assert (await comes(client, today, guest.email, before)).status_code == 422
    assert (await comes(client, today, guest.email, after)).status_code == 303
    for _ in range(2):
        await renew_code(today, 7, actor="olga", now=clock.now())
    assert await generation_of(today.id) == 4


async def test_a_code_comes_filled_in_by_the_qr(
    client: httpx.AsyncClient, today: Event
) -> None:
    path = f"/en/events/{today.slug}/here"
    page = await client.get(f"{path}?code=123456")
    assert 'value="123456"' in page.text
    page = await client.get(f'{path}?code="><b>')
    assert 'name="code" type="text" value=""' in page.text


HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "status", "may"),
    [
        (-HOUR - SECOND, Status.PUBLISHED, False),
        (-HOUR, Status.PUBLISHED, True),
        (2 * HOUR - SECOND, Status.PUBLISHED, True),
        (2 * HOUR, Status.PUBLISHED, False),
        (timedelta(0), Status.CANCELLED, False),
    ],
    ids=["too early", "an hour before", "the last second", "over", "called off"],
)
def test_the_door_is_open_from_an_hour_before_until_the_end(
    moment: timedelta, status: Status, may: bool
) -> None:
    start = clock.now()
    event = Event(starts_at=start, ends_at=start + 2 * HOUR, status=status)
    assert may_check_in_oneself(event, now=start + moment) is may


async def test_at_another_time_nobody_is_noted(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    later = clock.now() + 3 * HOUR
    await Event.filter(id=today.id).update(starts_at=later, ends_at=later + HOUR)
    page = await client.get(f"/en/events/{today.slug}/here")
    assert "from an hour before the start" in page.text and "<form" not in page.text
    assert (await comes(client, today, guest.email)).status_code == 409
    assert await Attendance.all().count() == 0


@pytest.mark.parametrize(
    "change", [{"self_check_in": False}, {"status": Status.DRAFT}], ids=str
)
async def test_where_it_is_switched_off_there_is_no_page(
    client: httpx.AsyncClient,
    today: Event,
    guest: Registration,
    change: dict[str, object],
) -> None:
    await Event.filter(id=today.id).update(**change)
    assert (await client.get(f"/en/events/{today.slug}/here")).status_code == 404
    assert (await comes(client, today, guest.email)).status_code == 404


async def test_with_the_personal_link_the_code_is_enough(
    client: httpx.AsyncClient, today: Event, guest: Registration
) -> None:
    path = f"/en/my/{links.personal_token(guest)}/here"
    wrong = await client.post(path, data={"code": "1"})
    assert wrong.status_code == 422
    for _ in range(2):
        page = await client.post(
            path, data={"code": await code_of_hall(today)}, follow_redirects=True
        )
        assert "You are checked in" in page.text
    assert await Attendance.filter(source=Presence.SELF).count() == 1


async def test_without_a_seat_the_link_leads_to_the_entrance(
    client: httpx.AsyncClient, today: Event
) -> None:
    waits = await somebody(today, "Wilma", Mode.ONSITE, State.WAITLISTED)
    path = f"/en/my/{links.personal_token(waits)}/here"
    page = await client.post(
        path, data={"code": await code_of_hall(today)}, follow_redirects=True
    )
    assert "Please go to the entrance" in page.text
    assert await Attendance.all().count() == 0


async def test_an_unknown_link_is_no_page(client: httpx.AsyncClient) -> None:
    assert (await client.get("/en/my/nobody/here")).status_code == 404
