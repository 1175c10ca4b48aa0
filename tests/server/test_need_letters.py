"""The letter that answers what somebody needs to take part."""

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import an_event, an_organiser
from tests.registration.asking import OLGA, asks, takes_part
from tests.server.postbox import (
    delivered,
    everything_in,
    html_of,
    links_in,
    text_of,
    throw_away,
)

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_registration import answers, needs
from werkraum_registration.models import FormQuestionKind, Need, Registration, State
from werkraum_registration.needs import Reply

SECRET = "I am deaf"


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_event(await an_organiser())


async def a_need(event: Event) -> Need:
    question, anna = await asks(event, FormQuestionKind.NEED), await takes_part(event)
    await answers.give(anna.id, event.id, {question.id: SECRET}, now=clock.now())
    return await Need.get()


async def says(event: Event, need: Need, reply: Reply, text: str) -> None:
    await needs.answer(
        event.organiser_id,
        event.id,
        need.id,
        reply,
        text,
        actor=OLGA,
        now=clock.now(),
    )


async def test_a_yes_says_that_it_will_be_there_and_not_what(event: Event) -> None:
    await says(event, await a_need(event), Reply.GRANTED, "Ask for Berta at the door.")
    [letter] = await delivered()
    assert letter["to"] == "Anna <anna@attendee.example>"
    assert letter["subject"] == "What you need will be there: Youth forum"
    assert "Ask for Berta at the door." in text_of(letter)
    assert SECRET not in everything_in(letter)
    must_say_the_same(text_of(letter), html_of(letter))


async def test_a_no_says_what_there_is_instead(
    event: Event, client: httpx.AsyncClient
) -> None:
    await says(event, await a_need(event), Reply.NOT_POSSIBLE, "We have <subtitles>.")
    [letter] = await delivered()
    assert letter["subject"] == "About what you need: Youth forum"
    assert "We have <subtitles>." in text_of(letter)
    assert "We have &lt;subtitles&gt;." in html_of(letter)
    for link in links_in(letter):
        assert (await client.get(link)).status_code == 200


@pytest.mark.parametrize("state", [State.CANCELLED, State.UNCONFIRMED])
async def test_who_does_not_take_part_gets_no_letter(
    event: Event, state: State
) -> None:
    need = await a_need(event)
    await Registration.all().update(state=state)
    await says(event, need, Reply.GRANTED, "")
    assert await delivered() == []
