"""The ways into a live round: each leads to the question that is on, and to a voice."""

import re
from html import unescape

import httpx
import pytest
from tests.conftest import BASE_URL
from tests.feedback.pulses import fields_of, on
from tests.people import a_member, signed_in
from tests.rooms.visitors import a_registration, an_online_event, door_of

from werkraum_events.models import Event
from werkraum_feedback.asking import rounds
from werkraum_feedback.live_rounds import live
from werkraum_feedback.models import AnswerRow, QuestionRow, Round, RoundKind
from werkraum_feedback.questions import QuestionKind
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_foundation.qr_codes import qr_code
from werkraum_registration.links import personal_token
from werkraum_registration.models import Registration, State

FIRST, SECOND = "How is it going for you?", "Shall we go on?"


@pytest.fixture
async def event(database: str) -> Event:
    return await an_online_event()


@pytest.fixture
async def anna(event: Event) -> Registration:
    return await a_registration(event)


@pytest.fixture
async def pulse(event: Event) -> Round:
    """A live round of two questions, the first of which is on."""
    office, now = event.organiser_id, clock.now()
    made = await rounds.create(
        office, event.id, kind=RoundKind.PULSE, actor="olga", now=now
    )
    await QuestionRow.create(
        round=made,
        position=2,
        code="F02",
        kind=QuestionKind.YES_NO,
        text={"de": "Sollen wir weitermachen?", "en": SECOND},
        hint={},
        options=[],
        poles=[],
    )
    return await live.start(office, made.id, actor="olga", now=now)


async def test_the_address_without_a_language_leads_to_the_code_page(
    pulse: Round, client: httpx.AsyncClient
) -> None:
    """On the wall stands /de/live; what people tell one another is "/live"."""
    german = await client.get("/live", headers={"Accept-Language": "de-DE"})
    english = await client.get("/live", headers={"Accept-Language": "en"})

    assert german.headers["location"] == "/de/live"
    assert english.headers["location"] == "/en/live"
    assert english.headers["vary"] == "Accept-Language"


async def link_on(client: httpx.AsyncClient, path: str) -> str | None:
    """Find the way into the live round on a page, as somebody reads it."""
    page = (await client.get(path)).text
    found = re.search(r'href="([^"]+)">Join in live</a>', page)
    return unescape(found[1]) if found else None


async def in_at(client: httpx.AsyncClient, way: str, of: Registration) -> str:
    """Go in by a way, to the page where it ends; its text."""
    code = (await Round.get(event_id=of.event_id)).live_code
    path: str | None
    match way:
        case "code":
            path = f"/en/live?code={code}"
        case "wall":
            path = f"/en/live/{code}"
        case "personal page":
            path = await link_on(client, my(of))
        case "entrance":
            path = await link_on(client, door_of(of))
    assert path
    shown = await client.get(path, follow_redirects=True)
    assert shown.status_code == 200
    return shown.text


def my(registration: Registration) -> str:
    return f"/en/my/{personal_token(registration)}"


async def tap(client: httpx.AsyncClient, page: str, said: str) -> str:
    """Tap an answer and read what comes then."""
    action = re.search(r'<form method="post" action="(/en/live/[^"]+)"', page)
    assert action
    fields = fields_of(page)
    sent = await client.post(
        action[1], data=fields | {fields["question"]: said}, follow_redirects=True
    )
    assert sent.status_code == 200
    return sent.text


WAYS = ["code", "wall", "personal page", "entrance"]


@pytest.mark.parametrize("way", WAYS)
async def test_each_way_leads_to_the_question_that_is_on_and_to_one_voice(
    client: httpx.AsyncClient, anna: Registration, pulse: Round, way: str
) -> None:
    page = await in_at(client, way, anna)
    assert FIRST in page

    assert "Thank you, that has arrived." in await tap(client, page, "4")
    assert "That had arrived already, and counts once." in await tap(client, page, "1")

    await on(pulse, 1, clock.now())
    assert SECOND in await in_at(client, way, anna)
    assert [it.number for it in await AnswerRow.all()] == [4]


async def test_who_spoke_by_the_personal_page_has_spoken_at_the_entrance_too(
    client: httpx.AsyncClient, anna: Registration, pulse: Round
) -> None:
    await tap(client, await in_at(client, "personal page", anna), "4")

    for way in ("personal page", "entrance"):
        page = await in_at(client, way, anna)
        assert "Your voice is counted." in page
        assert 'name="once"' not in page


async def test_two_people_have_two_voices(
    client: httpx.AsyncClient, event: Event, anna: Registration, pulse: Round
) -> None:
    bert = await a_registration(event, name="Bert")

    for person in (anna, bert):
        page = await in_at(client, "personal page", person)
        assert "Thank you, that has arrived." in await tap(client, page, "4")

    assert await AnswerRow.all().count() == 2


async def test_the_code_on_the_wall_is_that_of_the_address_it_stands_for(
    client: httpx.AsyncClient, event: Event, pulse: Round
) -> None:
    await signed_in(client, await a_member(await Organiser.get(id=event.organiser_id)))

    drawn = await client.get(f"/desk/rounds/{pulse.id}/live/qr.svg")

    address = f"{BASE_URL}/en/live/{pulse.live_code}"
    assert drawn.content == qr_code(address).body


async def test_after_the_end_there_is_no_way_in(
    client: httpx.AsyncClient, anna: Registration, pulse: Round
) -> None:
    before = await link_on(client, my(anna))
    assert before
    await live.end(pulse.organiser_id, pulse.id, actor="olga", now=clock.now())

    assert await link_on(client, my(anna)) is None
    assert await link_on(client, door_of(anna)) is None
    late = await client.get(before)
    assert late.status_code == 410
    assert "Thank you for having been there." in late.text


async def test_who_has_no_seat_is_not_asked_in(
    client: httpx.AsyncClient, event: Event, pulse: Round
) -> None:
    waiting = await a_registration(event, state=State.WAITLISTED)

    assert await link_on(client, my(waiting)) is None
