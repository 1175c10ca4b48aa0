"""The main job, once through, over plain HTTP and real mail.

No step reads the database: what is known comes from answers and letters. With
WERKRAUM_TEST_DATABASE=postgres the same story runs on PostgreSQL, Redis and an
arq worker of its own.
"""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import httpx
import icalendar
from tests.journeys.program import (
    SECRET,
    Program,
    calendar_of,
    hidden_fields,
    link_in,
    text_of,
)
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.room_server import room_server

PEOPLE = 11
BERLIN = ZoneInfo("Europe/Berlin")


def local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M")


class Organiser:
    """Olga at her desk and with her program."""

    def __init__(self, program: Program, key: str) -> None:
        self.desk = httpx.AsyncClient(base_url=program.url, timeout=30)
        self.api = httpx.AsyncClient(
            base_url=f"{program.url}/api/v1",
            headers={"authorization": f"Bearer {key}"},
            timeout=30,
        )

    async def sign_in(self, link: str) -> None:
        assert (await self.desk.get(link)).status_code == 200
        pressed = await self.desk.post(link)
        assert pressed.status_code == 303
        assert (await self.desk.get("/desk/")).status_code == 200

    async def announce(self, starts_at: datetime) -> dict[str, Any]:
        made = await self.api.post(
            "/events",
            headers={"idempotency-key": "forum"},
            json={
                "slug": "forum-jugend",
                "kind": "forum",
                "title": {"de": "Forum Jugend", "en": "Youth forum"},
                "summary": {"de": "Wie Jugendliche mitmachen."},
                "starts_at": local(starts_at),
                "ends_at": local(starts_at + timedelta(hours=2)),
                "timezone": "Europe/Berlin",
                "modes": {"online": {"capacity": 200, "dial_in": "+49 231 123456"}},
                "topics": ["jugend"],
            },
        )
        assert made.status_code == 201, made.text
        event: dict[str, Any] = made.json()
        published = await self.api.post(f"/events/{event['id']}/publish")
        assert published.status_code == 200, published.text
        return event

    async def move(self, event: dict[str, Any], starts_at: datetime) -> None:
        moved = await self.api.patch(
            f"/events/{event['id']}",
            headers={"if-match": "*"},
            json={
                "starts_at": local(starts_at),
                "ends_at": local(starts_at + timedelta(hours=2)),
            },
        )
        assert moved.status_code == 200, moved.text


class Attendee:
    """One person, her browser without any cookie, and her mailbox."""

    def __init__(self, program: Program, number: int) -> None:
        self.address = f"anna{number}@example.org"
        self.name = f"Anna {number}"
        self.mail = program.mail
        self.browser = httpx.AsyncClient(
            base_url=program.url, timeout=30, headers={"accept-language": "de"}
        )
        self.page = ""

    async def register(self, slug: str) -> None:
        shown = await self.browser.get(f"/de/events/{slug}")
        assert shown.status_code == 200
        action = f"/de/events/{slug}/registrations"
        body = hidden_fields(shown.text, action) | {
            "name": self.name,
            "email": self.address,
            "mode": "online",
        }
        sent = await self.browser.post(action, data=body)
        assert sent.status_code == 303, sent.text
        following = await self.browser.get(sent.headers["location"])
        assert self.address in following.text

    async def confirm(self) -> EmailMessage:
        """Press the button behind the letter's link; the confirmation that follows."""
        letter = await self.mail.next(self.address)
        assert self.name not in str(letter["To"]) + text_of(letter)
        link = link_in(letter, "/confirm/")
        for _ in range(3):
            assert (await self.browser.get(link)).status_code == 200
        pressed = await self.browser.post(link)
        assert pressed.status_code == 303
        self.page = pressed.headers["location"]
        assert (await self.browser.get(self.page)).status_code == 200
        return await self.mail.next(self.address, 1)

    async def knock(self) -> httpx.Response:
        """Press the button at the door."""
        shown = await self.browser.get(f"{self.page}/door")
        assert shown.status_code == 200
        assert room_server() not in shown.text
        return await self.browser.post(f"{self.page}/door", data={"name": self.name})

    async def answer(self, link: str, number: int) -> httpx.Response:
        shown = await self.browser.get(link)
        assert shown.status_code == 200
        path = urlsplit(link).path
        body = hidden_fields(shown.text, path) | some_answers(shown.text, number)
        return await self.browser.post(path, data=body)


def some_answers(page: str, number: int) -> dict[str, str]:
    """Fill in a survey: an option of each choice, a sentence in each text."""
    answers: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*type=\"(?:radio|checkbox)\"[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]+)"', tag)
        # "No answer" has an empty value.
        if name and value:
            answers.setdefault(name[1], unescape(value[1]))
    for name_ in re.findall(r'<textarea[^>]*name="([^"]+)"', page):
        answers[name_] = f"Der Austausch war gut. ({number})"
    return answers


# Any: what icalendar hands back has the type of what was written.
def event_in(letter: EmailMessage) -> tuple[str, Any]:
    content = calendar_of(letter)
    assert content is not None
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def when(event: Any, name: str) -> datetime:  # Any: as above
    moment = event[name].dt
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


async def test_from_the_announcement_to_the_results(running: Program) -> None:
    made = await running.organiser()
    await running.start()
    olga = Organiser(running, made["api_key"])
    await olga.sign_in(made["sign_in_url"])

    starts_at = (datetime.now(UTC) + timedelta(days=3)).replace(second=0, microsecond=0)
    event = await olga.announce(starts_at)
    page = await httpx.AsyncClient().get(f"{running.url}/de/")
    assert "Forum Jugend" in page.text and "set-cookie" not in page.headers

    people = [Attendee(running, number) for number in range(PEOPLE)]
    anna = people[0]
    for person in people:
        await person.register("forum-jugend")
    confirmed = await asyncio.gather(*(person.confirm() for person in people))

    method, invited = event_in(confirmed[0])
    assert method == "REQUEST"
    assert when(invited, "DTSTART") == starts_at
    assert when(invited, "DTEND") == starts_at + timedelta(hours=2)
    attendee = invited["ATTENDEE"]
    assert anna.address in str(attendee)

    seen = len(anna.mail.of(anna.address))
    later = starts_at + timedelta(hours=1)
    await olga.move(event, later)
    letter = await anna.mail.next(anna.address, seen)
    method, moved = event_in(letter)
    assert method == "REQUEST"
    assert moved["UID"] == invited["UID"]
    assert moved["ORGANIZER"] == invited["ORGANIZER"]
    assert int(moved["SEQUENCE"]) > int(invited.get("SEQUENCE", 0))
    assert when(moved, "DTSTART") == later

    early = await anna.knock()
    assert early.status_code in (409, 403)
    soon = (datetime.now(UTC) + timedelta(minutes=5)).replace(second=0, microsecond=0)
    await olga.move(event, soon)
    opened = await anna.knock()
    assert opened.status_code == 200, opened.text
    enter_room(opened, soon)
    stranger = await anna.browser.post(f"/de/my/{'x' * 43}/door", data={"name": "Otto"})
    assert stranger.status_code == 404

    await collect_feedback(olga, event, people)


def enter_room(answer: httpx.Response, starts_at: datetime) -> None:
    """Take the token out of the page and have the room server's rules judge it."""
    found = re.search(rf'{room_server()}/([a-z0-9-]+)[^"]*?jwt=([^"&]+)',
                      unescape(answer.text))  # fmt: skip
    assert found, answer.text[:3000]
    room, token = found[1], unquote(found[2]).strip('"')
    verifier = Verifier("werkraum", secret=SECRET.encode(), domain="meet.example.org")
    verifier.enter(token, room, now=int(datetime.now(UTC).timestamp()))


async def collect_feedback(
    olga: Organiser, event: dict[str, Any], people: list[Attendee]
) -> None:
    anna = people[0]
    desk = f"/desk/events/{event['id']}/feedback"
    created = await olga.desk.post(desk)
    assert created.status_code == 303, created.text[:2000]
    shown = await olga.desk.get(created.headers["location"])
    found = re.search(r'href="(/desk/rounds/[^"/]+)/open"', shown.text)
    assert found, shown.text
    round_ = found[1]
    seen = {person.address: len(person.mail.of(person.address)) for person in people}
    opened = await olga.desk.post(f"{round_}/open")
    assert opened.status_code == 303, opened.text[:2000]
    letters = await asyncio.gather(
        *(
            it.mail.next(it.address, seen[it.address], about="/feedback/")
            for it in people
        )
    )
    links = [link_in(letter, "/feedback/") for letter in letters]
    answers = [
        await person.answer(link, number)
        for number, (person, link) in enumerate(zip(people, links, strict=True))
    ]
    assert {it.status_code for it in answers} <= {200, 303}
    again = await anna.browser.post(urlsplit(links[0]).path, data={})
    assert again.status_code in (409, 410)

    closed = await olga.desk.post(f"{round_}/close", data={"end": "now"})
    assert closed.status_code == 303
    results = await olga.desk.get(f"{round_}/results")
    assert results.status_code == 200
    assert "<svg" in results.text
    assert f"{PEOPLE}" in results.text
    assert "Der Austausch war gut." in results.text
