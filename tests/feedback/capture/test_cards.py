"""Cards of the introduction round: names, their order, and what becomes of them."""

from datetime import datetime

import httpx
import pytest
from tests.events.statements import counted
from tests.feedback.meetings import a_card, a_meeting, a_town, an_introduction, key
from tests.feedback.statement_rows import a_theme, marked
from tests.people import an_organiser, olga_signed_in, otto_signed_in

from werkraum_events.models import Event
from werkraum_feedback.asking import rounds
from werkraum_feedback.capture import cards
from werkraum_feedback.capture.capture_rules import ChangedMeanwhile, PartlyMarked
from werkraum_feedback.capture.card_stack import Card, stack_of
from werkraum_feedback.coding import statements
from werkraum_feedback.models import Naming, Round, RoundState
from werkraum_feedback.statement_models import (
    Coding,
    Phase,
    Quoting,
    Statement,
    StatementSource,
    StatementState,
)
from werkraum_foundation.models import Organiser
from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.refusals import NotFound
from werkraum_registration.models import OrganisationSize, Registration, State
from werkraum_server import reactions


@pytest.fixture
async def event(database: str) -> Event:
    return await a_meeting(await an_organiser())


@pytest.fixture
async def asked(event: Event) -> Round:
    return await an_introduction(event)


async def closed(asked: Round) -> None:
    await Round.filter(id=asked.id).update(state=RoundState.CLOSED)


async def laid_out(event: Event) -> list[Card]:
    return list((await stack_of(event.id)).cards)


async def names(event: Event) -> list[str]:
    return [it.name or it.lines[0].text for it in await laid_out(event)]


async def test_whoever_signed_is_named_with_their_organisation(
    event: Event, asked: Round
) -> None:
    town = await a_town(event.organiser, "Stadt Kleinhausen")
    await a_card(
        asked, "Ich bin neu.", "Uns fehlt Nachwuchs.", name="Anna", organisation=town
    )
    [card] = await laid_out(event)
    assert (card.name, card.organisation) == ("Anna", "Stadt Kleinhausen")
    assert card.org_size is OrganisationSize.SMALL
    assert [it.text for it in card.lines] == ["Ich bin neu.", "Uns fehlt Nachwuchs."]


async def test_cards_without_a_name_wait_for_the_end_and_for_five(
    event: Event, asked: Round
) -> None:
    for number in range(4):
        await a_card(asked, f"Ohne Namen {number}")
    await closed(asked)
    assert (await stack_of(event.id)).withheld == 4
    await a_card(asked, "Ohne Namen 4")
    assert len((await stack_of(event.id)).cards) == 5
    await Round.filter(id=asked.id).update(state=RoundState.OPEN)
    assert (await stack_of(event.id)).cards == ()


async def test_a_group_of_four_is_not_said_beside_a_card_without_a_name(
    event: Event, asked: Round
) -> None:
    for number in range(5):
        await a_card(asked, f"Nr. {number}", org_kind="association")
    await a_card(asked, "Allein", org_kind="school")
    await closed(asked)
    shows = {it.lines[0].text: it.shows_group for it in await laid_out(event)}
    assert not shows.pop("Allein")
    assert all(shows.values()) and len(shows) == 5


async def test_a_round_without_names_makes_no_cards(event: Event) -> None:
    asked = await an_introduction(event, naming=Naming.ANONYMOUS)
    await a_card(asked, "Nur für die Auswertung", name="Anna")
    assert await laid_out(event) == []


async def test_who_cancelled_has_no_card(event: Event, asked: Round) -> None:
    person = await a_card(asked, "Schade.", name="Anna")
    assert person
    await Registration.filter(id=person.id).update(state=State.CANCELLED)
    assert await laid_out(event) == []


async def test_a_ticked_card_is_a_statement_of_the_introduction(
    event: Event, asked: Round, now: datetime
) -> None:
    person = await a_card(asked, "Eins.", "Zwei.", name="Anna", quotable=True)
    [card] = await laid_out(event)
    for _ in range(2):
        await cards.tick(event.organiser_id, event.id, card.id, now=now)
    made = await Statement.all().order_by("text")
    assert [it.text for it in made] == ["Eins.", "Zwei."]
    for it in made:
        assert (it.source, it.phase) == (StatementSource.CARD, Phase.INTRODUCTION)
        assert (it.spoken_at, it.state) == (now, StatementState.SHOWN)
        assert it.quoting is Quoting.UNNAMED
        assert person and it.registration_id == person.id
        # Nobody has typed it for them.
        assert (it.created_at, it.created_by) == (None, "")


async def test_undo_makes_a_card_wait_again(
    event: Event, asked: Round, now: datetime
) -> None:
    await a_card(asked, "Eins.", name="Anna")
    [card] = await laid_out(event)
    await cards.tick(event.organiser_id, event.id, card.id, now=now)
    await cards.untick(event.organiser_id, event.id, card.id)
    [again] = await laid_out(event)
    assert again.spoken_at is None
    assert (await Statement.get()).state is StatementState.PENDING


async def test_of_a_card_without_a_name_no_time_is_kept(
    event: Event, asked: Round, now: datetime
) -> None:
    for number in range(5):
        await a_card(asked, f"Nr. {number}")
    await closed(asked)
    card = (await laid_out(event))[0]
    await cards.tick(event.organiser_id, event.id, card.id, now=now)
    there = await Statement.get()
    assert there.spoken_at == event.starts_at
    assert (there.registration_id, there.created_at) == (None, None)


async def test_gathering_a_closed_round_makes_nothing_twice(
    event: Event, asked: Round, now: datetime
) -> None:
    await a_card(asked, "Eins.", name="Anna")
    await a_card(asked, "Zwei.", name="Berta")
    first, _ = await laid_out(event)
    await cards.tick(event.organiser_id, event.id, first.id, now=now)
    await closed(asked)
    await statements.gather(event.organiser_id, asked.id, actor="system", now=now)
    second = (await laid_out(event))[1]
    await cards.tick(event.organiser_id, event.id, second.id, now=now)
    assert await Statement.all().count() == 2
    assert (await stack_of(event.id)).spoken == 2


async def test_cards_of_a_closed_round_count_whether_spoken_about_or_not(
    event: Event, asked: Round, now: datetime
) -> None:
    reactions.registered()
    for name in ("Anna", "Berta"):
        await a_card(asked, f"Von {name}.", name=name)
    # Brought into an order, they are rows that wait.
    await cards.sort_by_kind(event.organiser_id, event.id)
    assert await Statement.filter(state=StatementState.SHOWN).count() == 0
    await rounds.close(
        event.organiser_id, asked.id, at_once=True, actor="olga", now=now
    )
    for _ in range(2):
        await drain()
    assert await Statement.filter(state=StatementState.SHOWN).count() == 2
    [first, _] = await laid_out(event)
    await cards.tick(event.organiser_id, event.id, first.id, now=now)
    await cards.untick(event.organiser_id, event.id, first.id)
    assert await Statement.filter(state=StatementState.SHOWN).count() == 2


async def test_the_order_is_that_of_registering_until_somebody_moves_a_card(
    event: Event, asked: Round
) -> None:
    for name in ("Anna", "Berta", "Cem"):
        await a_card(asked, "…", name=name)
    assert await names(event) == ["Anna", "Berta", "Cem"]
    last = (await laid_out(event))[2]
    await cards.move(event.organiser_id, event.id, last.id, -1)
    assert await names(event) == ["Anna", "Cem", "Berta"]
    first = (await laid_out(event))[0]
    await cards.move(event.organiser_id, event.id, first.id, -1)
    assert await names(event) == ["Anna", "Cem", "Berta"]
    await cards.sort_by_registering(event.organiser_id, event.id)
    assert await names(event) == ["Anna", "Berta", "Cem"]
    # Whoever fills in later stands at the end.
    await a_card(asked, "…", name="Dana")
    assert await names(event) == ["Anna", "Berta", "Cem", "Dana"]


async def test_kinds_come_together_towns_by_size(event: Event, asked: Round) -> None:
    for name, size in (("Groß", "large"), ("Klein", "small"), ("Mittel", "medium")):
        await a_card(asked, "…", name=name, org_kind="municipality", org_size=size)
    await a_card(asked, "…", name="Ohne")
    await a_card(asked, "…", name="Kreis", org_kind="district")
    await cards.sort_by_kind(event.organiser_id, event.id)
    assert await names(event) == ["Klein", "Mittel", "Groß", "Kreis", "Ohne"]


async def test_a_text_is_put_right_and_its_themes_go_with_it(
    event: Event, asked: Round, now: datetime
) -> None:
    await a_card(asked, "Feler.", "Bleibt.", name="Anna")
    [card] = await laid_out(event)
    await cards.tick(event.organiser_id, event.id, card.id, now=now)
    theme = await a_theme(event.organiser, "Nachwuchs")
    await marked(await Statement.get(text="Feler."), theme)
    await cards.put_right(
        event.organiser_id,
        event.id,
        card.id,
        ["Kein Fehler.", "Bleibt."],
        mark=card.mark,
    )
    [card] = await laid_out(event)
    assert [it.text for it in card.lines] == ["Kein Fehler.", "Bleibt."]
    assert (await Coding.get()).end == 12
    with pytest.raises(ChangedMeanwhile):
        await cards.put_right(
            event.organiser_id, event.id, card.id, ["Alt.", "Alt."], mark="0" * 32
        )
    await Coding.all().update(end=4)
    with pytest.raises(PartlyMarked):
        await cards.put_right(
            event.organiser_id, event.id, card.id, ["X.", "Bleibt."], mark=card.mark
        )


async def test_the_others_are_taken_over_at_the_end(
    event: Event, asked: Round, now: datetime
) -> None:
    await a_card(asked, "Eins.", name="Anna")
    await a_card(asked, "Zwei.", name="Berta")
    first, _ = await laid_out(event)
    await cards.tick(event.organiser_id, event.id, first.id, now=now)
    assert await cards.take_over_all(event.organiser_id, event.id) == 1
    assert await Statement.filter(state=StatementState.SHOWN).count() == 2
    assert (await stack_of(event.id)).spoken == 1


async def test_somebody_without_a_card_is_added_once_at_the_end(
    event: Event, asked: Round, now: datetime
) -> None:
    await a_card(asked, "Eins.", name="Anna")
    await cards.sort_by_registering(event.organiser_id, event.id)
    same = key()
    new = cards.NewCard("Ich komme aus Musterstadt.", "Stadt Musterstadt")
    for _ in range(2):
        await cards.add(
            event.organiser_id, event.id, same, new, spoken=True, actor="olga", now=now
        )
    assert await names(event) == ["Anna", "Ich komme aus Musterstadt."]
    assert (await laid_out(event))[1].spoken_at == now


async def test_laying_out_takes_the_same_queries_for_one_and_three(
    event: Event, asked: Round
) -> None:
    town = await a_town(event.organiser, "Stadt Kleinhausen")
    await a_card(asked, "…", name="Anna", organisation=town)
    with counted() as one:
        await laid_out(event)
    for name in ("Berta", "Cem"):
        await a_card(asked, "…", name=name, organisation=town)
    with counted() as three:
        await laid_out(event)
    assert len(one) == len(three)


async def test_a_card_of_another_event_is_not_there(
    event: Event, asked: Round, now: datetime
) -> None:
    await a_card(asked, "Eins.", name="Anna")
    [card] = await laid_out(event)
    other = await a_meeting(event.organiser)
    with pytest.raises(NotFound):
        await cards.tick(event.organiser_id, other.id, card.id, now=now)


def path(event: Event, step: str = "") -> str:
    return f"/desk/events/{event.id}/feedback/cards{step}"


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    return await olga_signed_in(client)


async def test_the_page_ticks_off_and_the_screen_shows_who_is_next(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await a_meeting(olga)
    asked = await an_introduction(event)
    await a_card(asked, "Uns fehlt <Nachwuchs>.", name="Anna")
    await a_card(asked, "Wir tauschen uns aus.", name="Berta")
    page = (await client.get(path(event))).text
    assert "0 of 2 have spoken." in page and "Uns fehlt &lt;Nachwuchs&gt;." in page
    screen = (await client.get(path(event, "/screen"))).text
    assert screen.index("Uns fehlt") < screen.index("Berta")
    assert "Wir tauschen" not in screen and "<form" not in screen
    [anna, _] = await laid_out(event)
    ticked = await client.post(path(event), data={"deed": "tick", "card": anna.id})
    assert ticked.status_code == 303
    screen = (await client.get(path(event, "/screen?follow=1"))).headers["refresh"]
    assert screen == f"10; url={path(event, '/screen')}?follow=1"
    screen = (await client.get(path(event, "/screen"))).text
    assert "1 of 2 have spoken." in screen and "Wir tauschen" in screen


async def test_the_text_of_a_card_is_put_right_on_its_page(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await a_meeting(olga)
    await a_card(await an_introduction(event), "Feler.", "Gut.", name="Anna")
    [card] = await laid_out(event)
    assert "Feler." in (await client.get(path(event, f"/{card.id}"))).text
    typed = {"card": card.id, "mark": card.mark, "text": ["Fehler.", "Gut."]}
    sent = await client.post(path(event, "/text"), data=typed)
    assert sent.status_code == 303
    late = await client.post(path(event, "/text"), data={**typed, "text": ["X.", "Y."]})
    assert late.status_code == 409 and "X.</textarea>" in late.text
    empty = await client.post(path(event, "/text"), data={**typed, "text": ["X.", " "]})
    assert empty.status_code == 422


async def test_marks_of_a_device_come_twice_and_count_once(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await a_meeting(olga)
    asked = await an_introduction(event)
    await a_card(asked, "Eins.", name="Anna")
    await a_card(asked, "Zwei.", name="Berta")
    anna, berta = await laid_out(event)
    long_ago = "2020-01-01T00:00:00Z"
    marks = [
        {"card": anna.id, "spoken": True, "at": long_ago},
        {"card": berta.id, "spoken": False, "at": long_ago},
        {"card": f"r-{event.id}", "spoken": True, "at": long_ago},
    ]
    for _ in range(2):
        answer = await client.post(path(event, "/marks"), json={"marks": marks})
        states = [it["state"] for it in answer.json()["answers"]]
        assert states == ["kept", "kept", "unknown"]
    assert [bool(it.spoken_at) for it in await laid_out(event)] == [True, False]
    # A clock that is years behind is put right.
    spoken_at = (await laid_out(event))[0].spoken_at
    assert spoken_at is not None and spoken_at.year > 2020


MARK = {"card": "r-00000000-0000-0000-0000-000000000007", "spoken": True}
BAD_MARKS = {
    "no list": {"marks": {}},
    "no moment": {"marks": [MARK]},
    "no truth": {"marks": [{**MARK, "spoken": "yes", "at": "2027-03-01T09:00:00Z"}]},
    "another field": {"marks": [], "event": "x"},
    "too many": {"marks": [{**MARK, "at": "2027-03-01T09:00:00Z"}] * 101},
}


@pytest.mark.parametrize("body", BAD_MARKS.values(), ids=BAD_MARKS.keys())
async def test_a_mark_that_is_none_is_refused(
    client: httpx.AsyncClient, olga: Organiser, body: dict[str, object]
) -> None:
    event = await a_meeting(olga)
    assert (await client.post(path(event, "/marks"), json=body)).status_code == 422


BAD = {
    "no deed": {"card": "r-x"},
    "another deed": {"deed": "delete"},
    "no card": {"deed": "tick", "card": "1 OR 1=1"},
    "a field of its own": {"deed": "tick", "spoken_at": "now"},
}


@pytest.mark.parametrize("typed", BAD.values(), ids=BAD.keys())
async def test_a_button_that_is_none_does_nothing(
    client: httpx.AsyncClient, olga: Organiser, typed: dict[str, str]
) -> None:
    event = await a_meeting(olga)
    assert (await client.post(path(event), data=typed)).status_code == 422


async def test_a_card_that_is_none_is_not_found(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await a_meeting(olga)
    card = "r-00000000-0000-0000-0000-000000000007"
    for deed in ("tick", "untick", "up"):
        typed = {"deed": deed, "card": card}
        assert (await client.post(path(event), data=typed)).status_code == 404
    assert (await client.get(path(event, f"/{card}"))).status_code == 404
    assert (await client.post(path(event), data={"deed": "tick"})).status_code == 404


async def test_somebody_is_added_on_the_page(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await a_meeting(olga)
    typed = {"key": key(), "said": "Wir sind neu dabei.", "spoken": "true"}
    assert (await client.post(path(event, "/new"), data=typed)).status_code == 303
    assert "Wir sind neu dabei." in (await client.get(path(event))).text
    empty = await client.post(path(event, "/new"), data={"key": key(), "said": ""})
    assert empty.status_code == 422


async def test_otto_sees_and_ticks_no_card(
    client: httpx.AsyncClient, olga: Organiser
) -> None:
    event = await a_meeting(olga)
    await a_card(await an_introduction(event), "Geheim.", name="Anna")
    [card] = await laid_out(event)
    await otto_signed_in(client)
    for step in ("", "/screen", f"/{card.id}"):
        answer = await client.get(path(event, step))
        assert answer.status_code == 404 and "Geheim" not in answer.text
    tick = {"deed": "tick", "card": card.id}
    new = {"key": key(), "said": "Fremd."}
    text = {"card": card.id, "mark": card.mark, "text": ["Fremd."]}
    for step, typed in (("", tick), ("/new", new), ("/text", text)):
        assert (await client.post(path(event, step), data=typed)).status_code == 404
    mark = {"card": card.id, "spoken": True, "at": "2027-03-01T09:00:00Z"}
    answer = await client.post(path(event, "/marks"), json={"marks": [mark]})
    assert answer.status_code == 404
    assert await Statement.all().count() == 0
