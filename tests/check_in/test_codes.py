"""The QR of an attendee: for the entrance alone, and for nothing else."""

import re

import httpx
import pytest
from tests.people import otto_signed_in
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode
from werkraum_registration import links
from werkraum_registration.attended import attended
from werkraum_registration.check_in_codes import code_of, registration_by
from werkraum_registration.models import Attendance, Presence, Registration, State


def page_of(guest: Registration) -> str:
    return f"/desk/check-in/{code_of(guest)}"


async def presses(client: httpx.AsyncClient, guest: Registration) -> httpx.Response:
    page = await client.get(page_of(guest))
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    assert key
    for _ in range(2):
        answer = await client.post(
            page_of(guest), data={"key": key[1]}, follow_redirects=True
        )
    return answer


async def test_the_entrance_sees_who_it_is_and_checks_in(
    client: httpx.AsyncClient, guest: Registration
) -> None:
    page = await presses(client, guest)
    assert "Anna Beispiel" in page.text and "by QR code" in page.text
    [seen] = await attended(guest.event_id)
    assert seen.sources == (Presence.QR,)
    assert await Attendance.all().count() == 1


async def test_a_record_can_be_taken_back_by_itself(
    client: httpx.AsyncClient, guest: Registration
) -> None:
    await presses(client, guest)
    answer = await client.post(page_of(guest) + "/undo", data={"source": "qr"})
    assert answer.status_code == 303
    assert await attended(guest.event_id) == []
    page = await client.get(page_of(guest))
    assert "taken back at" in page.text


async def test_a_stranger_learns_nothing(
    client: httpx.AsyncClient, guest: Registration
) -> None:
    client.cookies.clear()
    page = await client.get(page_of(guest))
    assert "Please show this at the entrance" in page.text
    assert "Anna" not in page.text and "Youth" not in page.text
    answer = await client.post(page_of(guest), data={"key": "k" * 22})
    assert answer.headers["location"] == "/desk/sign-in"


async def test_otto_is_a_stranger_to_olgas_codes(
    client: httpx.AsyncClient, guest: Registration
) -> None:
    await otto_signed_in(client)
    page = await client.get(page_of(guest))
    assert "Please show this at the entrance" in page.text
    assert "Anna" not in page.text
    for step, form in (("", {"key": "k" * 22}), ("/undo", {"source": "qr"})):
        answer = await client.post(page_of(guest) + step, data=form)
        assert answer.status_code == 404
    assert await Attendance.all().count() == 0


@pytest.mark.parametrize(
    "form", [{}, {"key": "k"}, {"key": "k" * 22, "source": "room"}]
)
async def test_a_press_that_no_page_makes_is_refused(
    client: httpx.AsyncClient, guest: Registration, form: dict[str, str]
) -> None:
    assert (await client.post(page_of(guest), data=form)).status_code == 422


async def test_an_event_of_another_day_and_a_missing_seat_are_said(
    client: httpx.AsyncClient, today: Event
) -> None:
    waits = await somebody(today, "Wilma Wartet", Mode.ONSITE, State.WAITLISTED)
    later = today.ends_at.replace(year=today.ends_at.year + 1)
    await Event.filter(id=today.id).update(starts_at=later, ends_at=later)
    page = await client.get(page_of(waits))
    assert "This event is not today" in page.text
    assert "This person has no seat." in page.text


async def test_a_code_is_neither_guessed_nor_kept_after_a_renewal(
    guest: Registration,
) -> None:
    code = code_of(guest)
    found = await registration_by(code)
    assert found is not None and found.id == guest.id
    wrong = [
        code[:-1] + ("A" if code[-1] != "A" else "B"),
        code[:22],
        code + "A",
        "é" * 44,
        "=" * 44,
        links.personal_token(guest),
    ]
    assert [await registration_by(it) for it in wrong] == [None] * len(wrong)
    await Registration.filter(id=guest.id).update(generation=2)
    assert await registration_by(code) is None


async def test_a_code_opens_no_personal_page(
    client: httpx.AsyncClient, guest: Registration
) -> None:
    assert (await client.get(f"/en/my/{code_of(guest)}")).status_code == 404


async def test_the_code_is_drawn_for_its_owner(
    client: httpx.AsyncClient, guest: Registration
) -> None:
    client.cookies.clear()
    path = f"/en/my/{links.personal_token(guest)}/code.svg"
    drawn = await client.get(path)
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.headers["cache-control"] == "no-store"
    assert b"<svg" in drawn.content and b"style" not in drawn.content
    await Registration.filter(id=guest.id).update(state=State.CANCELLED)
    assert (await client.get(path)).status_code == 404
    assert (await client.get("/en/my/nobody/code.svg")).status_code == 404
