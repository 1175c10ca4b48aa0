"""What is accepted as it is, and what the state of an event refuses."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import httpx
import pytest
from markupsafe import escape
from tests.bad_inputs.answered_forms import Page
from tests.bad_inputs.forms import Office, Sheet, attendees_forms, registering
from tests.bad_inputs.test_forms import Filled, must_keep, tried
from tests.bad_inputs.trials import LANGUAGES, Trial

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import new_form_token
from werkraum_registration import links
from werkraum_registration.models import Registration

PLAIN = [
    "O'Brien",
    "Nguyễn",
    "محمد",
    "李",
    "👩‍👩‍👧‍👦",
    "Null",
    "None",
    "undefined",
    "true",
    "NaN",
    "-0",
    "1E2",
    "%41",
]
MARKUP = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "${7*7}",
    "javascript:alert(1)",
    "</title><svg/onload=alert(1)>",
]


async def registered(
    client: httpx.AsyncClient, office: Office, name: str, email: str
) -> Registration:
    sheet = registering(office.event)
    typed = {**sheet.filled, "name": name, "email": email, "mode": "online"}
    answer = await client.post(sheet.path.format(lang="en"), data=typed)
    assert answer.status_code == 303, name
    return await Registration.get(name=name)


async def test_every_name_is_the_same_wherever_it_is_read(
    client: httpx.AsyncClient, office: Office
) -> None:
    for number, name in enumerate(PLAIN + MARKUP):
        made = await registered(client, office, name, f"b13-{number}@x.example")
        confirm = await client.post(f"/en/confirm/{links.confirm_token(made)}")
        personal = await client.get(confirm.headers["location"])
        assert name.startswith("<") is False or name not in personal.text
    desk = f"/desk/events/{office.event.id}/registrations"
    listed = (await client.get(desk)).text
    written = (await client.get(f"{desk}.csv")).text
    for name in PLAIN + MARKUP:
        assert str(escape(name)) in listed, name
        # A cell that a spreadsheet program would compute gets a mark in front.
        quoted = name.replace('"', '""')
        assert quoted in written, name
    assert "<script>alert" not in listed and "<img src=x" not in listed


async def test_markup_in_a_name_is_text_in_every_letter(
    client: httpx.AsyncClient, office: Office
) -> None:
    folder = settings().data_dir / "letters"
    before = set(folder.glob("*.eml"))
    for number, name in enumerate(MARKUP):
        made = await registered(client, office, name, f"b14-{number}@x.example")
        await client.post(f"/en/confirm/{links.confirm_token(made)}")
    await drain()
    letters = [
        message_from_bytes(path.read_bytes(), policy=default)
        for path in set(folder.glob("*.eml")) - before
    ]
    assert letters
    for letter in letters:
        html = letter.get_body(("html",))
        assert html
        assert not re.search("<script>|<img src=x|<svg/", html.get_content())


SAME = {
    "B05 upper case": ("A@X.ORG", "a@x.org"),
    "B04 spaces": (" a@x.org ", "a@x.org"),
    "B04 no-break space": ("\u00a0a@x.org\u00a0", "a@x.org"),
    "B08 punycode": ("a@аррӏе.com", "a@xn--80ak6aa92e.com"),
    "B08 full width": ("\uff41@x.org", "a@x.org"),
}


@pytest.mark.parametrize(("first", "second"), SAME.values(), ids=SAME)
async def test_two_spellings_of_an_address_are_one_person(
    client: httpx.AsyncClient, office: Office, first: str, second: str
) -> None:
    there = await Registration.all().count()
    sheet = registering(office.event)
    for email in (first, second):
        typed = {**sheet.filled, "email": email}
        answer = await client.post(sheet.path.format(lang="en"), data=typed)
        assert answer.status_code == 303
    assert await Registration.all().count() == there + 1


async def test_a_tag_tells_people_apart_and_the_host_sees_punycode(
    client: httpx.AsyncClient, office: Office
) -> None:
    for number, email in enumerate(("a@x.org", "a+tag@x.org", "a@аррӏе.com")):
        made = await registered(client, office, f"B06 {number}", email)
        assert number == 2 or made.email == email
    desk = await client.get(f"/desk/events/{office.event.id}/registrations")
    assert "a@xn--80ak6aa92e.com" in desk.text
    assert "аррӏе" not in desk.text
    # The badge stands beside that one alone, in the list and on its page.
    assert desk.text.count("International domain") == 1
    page = await client.get(f"/desk/registrations/{made.id}")
    assert "International domain" in page.text


HOUR = timedelta(hours=1)
# Row → what is changed in the event, and how registering is answered.
CLOSED: dict[str, tuple[dict[str, object], int]] = {
    "draft": ({"status": Status.DRAFT}, 404),
    "cancelled": ({"status": Status.CANCELLED}, 410),
    "over": ({"starts_at": -3 * HOUR, "ends_at": -2 * HOUR}, 409),
    "closed a second ago": ({"registration_closes_at": timedelta(seconds=-1)}, 410),
    "not open yet": ({"registration_opens_at": HOUR}, 409),
}
# Who has registered in time may still put the address right.
RUNNING = "closed a second ago", "not open yet"


@pytest.mark.parametrize("row", CLOSED)
async def test_what_is_not_open_says_why_and_takes_nothing(
    trial: Trial, office: Office, row: str
) -> None:
    changes, status = CLOSED[row]
    await change(office, changes)
    await trial.begin()
    register, correct, *_ = attendees_forms(office)
    another = {"email": "another@attendee.example"}
    await must_answer(trial, register, register.filled, status)
    if row not in RUNNING:
        await must_answer(trial, correct, another, status)
    trial.end()


async def change(office: Office, changes: dict[str, object]) -> None:
    """Write columns of the event by hand; a length of time is counted from now."""
    now = clock.now()
    moved = {
        name: now + it if isinstance(it, timedelta) else it
        for name, it in changes.items()
    }
    await Event.filter(id=office.event.id).update(version=2, **moved)


async def must_answer(trial: Trial, sheet: Sheet, typed: Filled, status: int) -> None:
    """Look whether the form is answered so, twice in each language."""
    for lang in LANGUAGES * 2:
        answer = await tried(trial, sheet, "B20", typed, lang)
        case = f"B20 {sheet.name} ({lang})"
        trial.expect(answer.status_code == status, case, f"is {answer.status_code}")
        trial.expect(Page(answer.text).lang == lang, case, "another language")
        await trial.nothing_changed(case)


async def must_come_back(
    trial: Trial, sheet: Sheet, typed: Filled, status: int
) -> None:
    """Look whether the form comes back, twice in each language, with its entries."""
    kept = {name: str(typed[name]) for name in ("name", "email")}
    for lang in LANGUAGES * 2:
        answer = await tried(trial, sheet, "again", typed, lang)
        assert answer.status_code == status
        page = must_keep(trial, "again", answer, kept)
        assert page.lang == lang
    await trial.nothing_changed("again")
    trial.end()


async def test_a_way_that_is_offered_no_more_gives_a_fresh_form(
    trial: Trial, office: Office
) -> None:
    await change(office, {"onsite": False})
    await trial.begin()
    sheet = registering(office.event)
    await must_come_back(trial, sheet, sheet.filled, 409)


@pytest.mark.parametrize("kind", ["3 days old", "another event's", "made up", "none"])
async def test_a_form_that_is_not_fresh_comes_back_for_one_more_click(
    trial: Trial, office: Office, kind: str
) -> None:
    sheet, now = registering(office.event), clock.now()
    name = f"registration:{office.event.id}"
    tokens = {
        "3 days old": new_form_token(name, now - timedelta(days=3)),
        "another event's": new_form_token("registration:other", now),
        "made up": "1.é",
        "none": "",
    }
    typed = {**sheet.filled, "form_token": tokens[kind]}
    await must_come_back(trial, sheet, typed, 403)


async def test_a_robot_is_answered_as_everybody_and_leaves_nothing(
    trial: Trial, office: Office
) -> None:
    sheet = registering(office.event)
    for lang in LANGUAGES * 2:
        typed = {**sheet.filled, "website": "https://spam.example"}
        answer = await tried(trial, sheet, "B23", typed, lang)
        assert answer.headers["location"].startswith(f"/{lang}/registered/")
    await trial.nothing_changed("B23")
    trial.end()


async def test_who_is_faster_than_people_type_keeps_everything(
    trial: Trial, office: Office, limits_on: None
) -> None:
    sheet = registering(office.event)
    ago = clock.now() - timedelta(seconds=0.2)
    token = new_form_token(f"registration:{office.event.id}", ago)
    typed = {**sheet.filled, "form_token": token}
    answer = await tried(trial, sheet, "B23", typed, "de")
    assert answer.status_code == 422
    # Its token is a new one: the next press is not too fast again.
    must_keep(trial, "B23", answer, typed, but="form_token")
    await trial.nothing_changed("B23")
    trial.end()


async def test_the_thirtieth_form_of_a_minute_is_refused_even_with_a_fault(
    trial: Trial, office: Office, limits_on: None
) -> None:
    for sheet in attendees_forms(office)[:3]:
        statuses = []
        for number in range(34):
            typed = {**sheet.filled, "email": f"nobody{number}@"}
            answer = await tried(trial, sheet, "B24", typed, LANGUAGES[number % 2])
            statuses.append(answer.status_code)
        first = statuses.index(429)
        assert first <= 29 and statuses == [422] * first + [429] * (34 - first)
        assert int(answer.headers["retry-after"]) > 0
        assert Page(answer.text).lang == "en" and "<h1>" in answer.text
        await trial.nothing_changed("B24")
    trial.end()


async def test_four_letters_to_one_address_are_one_too_many(
    trial: Trial, office: Office, limits_on: None
) -> None:
    sheet = attendees_forms(office)[2]
    typed = {"email": "stranger@attendee.example"}
    answers = [await tried(trial, sheet, "B24", typed, "de") for _ in range(4)]
    assert [it.status_code for it in answers] == [303, 303, 303, 429]
    assert int(answers[-1].headers["retry-after"]) > 3600
    await trial.nothing_changed("B24")
    trial.end()
