from datetime import datetime
from uuid import UUID

import httpx
import pytest
from tests.feedback.conftest import ACTOR, confirmed
from tests.people import an_event, olga_signed_in, otto_signed_in

from werkraum_feedback.answering import ballots, traces
from werkraum_feedback.asking import invitees, queries, rounds, rules
from werkraum_feedback.asking.invitee_lines import Listed, cells_of, read_rows
from werkraum_feedback.models import (
    Audience,
    Ballot,
    Invitee,
    Round,
    RoundKind,
    RoundState,
)
from werkraum_foundation import clock
from werkraum_foundation.models import Job, Organiser
from werkraum_foundation.refusals import NotFound

PEOPLE = "Anna Arendt; anna@attendee.example; en\nbert@attendee.example\n"


@pytest.fixture
def now() -> datetime:
    """The real moment: pages ask the clock."""
    return clock.now()


async def a_draft(organiser: Organiser, now: datetime) -> Round:
    return await rounds.create(organiser.id, None, actor=ACTOR, now=now)


async def asked_all(organiser: Organiser, now: datetime) -> Round:
    draft = await a_draft(organiser, now)
    listed, faults = read_rows(cells_of(PEOPLE))
    assert not faults
    await invitees.add(organiser.id, draft.id, listed, actor=ACTOR, now=now)
    return await rounds.open(organiser.id, draft.id, actor=ACTOR, now=now)


def listed(text: str) -> list[tuple[str, str, str]]:
    found, faults = read_rows(cells_of(text))
    assert not faults
    return [(it.name, it.email, it.language) for it in found]


LINES = {
    "an address alone": ("anna@a.example", [("", "anna@a.example", "de")]),
    "name, address, language": (
        "Anna Arendt;anna@a.example;en",
        [("Anna Arendt", "anna@a.example", "en")],
    ),
    "in another order": (
        "EN\tanna@a.example\tAnna",
        [("Anna", "anna@a.example", "en")],
    ),
    "with commas": ("Anna, anna@a.example", [("Anna", "anna@a.example", "de")]),
    "as mail programs write it": (
        "Anna Arendt <anna@a.example>",
        [("Anna Arendt", "anna@a.example", "de")],
    ),
    "in quotes": ('"Anna";"anna@a.example"', [("Anna", "anna@a.example", "de")]),
    "twice": ("a@a.example\nA@a.example", [("", "a@a.example", "de")]),
    "with a heading": ("Name;E-Mail\n;a@a.example", [("", "a@a.example", "de")]),
    "with empty lines": ("\n;;\n a@a.example \n", [("", "a@a.example", "de")]),
}


@pytest.mark.parametrize(("typed", "expected"), LINES.values(), ids=LINES)
def test_a_list_is_read(typed: str, expected: list[tuple[str, str, str]]) -> None:
    assert listed(typed) == expected


WRONG = {
    "no address": "Anna Arendt",
    "two addresses": "a@a.example b@a.example",
    "a broken address": "anna@",
    "a name in other direction": "An\u202ena;anna@a.example",
    "a name too long": "x" * 201 + ";anna@a.example",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_line_that_is_none_is_named(wrong: str) -> None:
    found, faults = read_rows(cells_of("bert@a.example\n" + WRONG[wrong]))

    assert [it.email for it in found] == ["bert@a.example"]
    assert [(it.field, it.message.split(":")[0]) for it in faults] == [
        ("people", "Line 2")
    ]


def test_a_list_is_at_most_two_thousand_long_and_says_twenty_faults() -> None:
    many = "\n".join(f"a{number}@a.example" for number in range(2_001))

    assert [it.code for it in read_rows(cells_of(many))[1]] == ["too_many"]
    assert len(read_rows(cells_of("x@\n" * 100))[1]) == 20


async def test_each_person_of_the_list_has_a_ballot_and_a_letter(
    olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_all(olgas_office, now)
    people = [each.id for each in await Invitee.filter(round_id=asked.id)]

    assert await rounds.send_ballots(olgas_office.id, asked.id, now=now) == 2

    assert (asked.audience, asked.invited) == (Audience.LISTED, 2)
    given = {it.token_hash for it in await Ballot.filter(round_id=asked.id)}
    assert given == {ballots.hash_for(asked.id, it) for it in people}
    sent = await Job.filter(name="letter:asked")
    assert {UUID(job.args["invitee_id"]) for job in sent} == set(people)
    assert not any("@" in str(job.args) for job in sent)


async def test_the_list_is_forgotten_when_the_round_closes(
    olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_all(olgas_office, now)

    await rounds.close(olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=now)
    await traces.wipe()

    assert not await Invitee.exists()
    assert await Ballot.filter(round_id=asked.id).count() == 2


async def test_a_list_is_the_drafts_alone(
    olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_all(olgas_office, now)
    event = await an_event(olgas_office, now=now)
    of_event = await rounds.create(olgas_office.id, event.id, actor=ACTOR, now=now)
    carla = [Listed("carla@a.example", "", "de")]

    with pytest.raises(rules.RoundFrozen):
        await invitees.add(olgas_office.id, asked.id, carla, actor=ACTOR, now=now)
    with pytest.raises(NotFound):
        await invitees.add(olgas_office.id, of_event.id, carla, actor=ACTOR, now=now)


async def test_without_a_list_there_is_nobody_to_ask(
    olgas_office: Organiser, now: datetime
) -> None:
    draft = await a_draft(olgas_office, now)

    with pytest.raises(rules.NobodyToAsk):
        await rounds.open(olgas_office.id, draft.id, actor=ACTOR, now=now)


async def test_olga_asks_the_network_from_draft_to_answer(
    client: httpx.AsyncClient,
) -> None:
    await olga_signed_in(client)
    home = await client.get("/desk/")
    assert 'href="/desk/rounds"' in home.text
    offered = await client.get("/desk/rounds")
    assert "A handful of questions, about two minutes." in offered.text
    made = await client.post(
        "/desk/rounds", data={"kind": "survey"}, follow_redirects=True
    )
    assert "The survey is drafted." in made.text
    draft = await Round.get()

    people = f"/desk/rounds/{draft.id}/people"
    added = await client.post(people, data={"people": PEOPLE}, follow_redirects=True)
    assert "2 people on the list" in added.text
    opened = await client.post(
        f"/desk/rounds/{draft.id}/open", data={"days": "7"}, follow_redirects=True
    )
    assert opened.url.path == "/desk/rounds"
    assert "Open until" in opened.text

    anna = await Invitee.get(name="Anna Arendt")
    path = f"/en/feedback/{ballots.token_for(draft.id, anna.id)}"
    shown = await client.get(path)
    assert "You are asked because you stand in a list of Netzwerkstelle" in shown.text
    scale = (await queries.questions_of(draft.id))[0]
    thanks = await client.post(path, data={scale.id: "5"}, follow_redirects=True)
    assert "Thank you!" in thanks.text


async def test_a_list_with_faults_comes_back_with_all_typed(
    client: httpx.AsyncClient, now: datetime
) -> None:
    draft = await a_draft(await olga_signed_in(client), now)

    sent = await client.post(
        f"/desk/rounds/{draft.id}/people", data={"people": "a@a.example\nnobody"}
    )

    assert sent.status_code == 422
    assert "Line 2:" in sent.text
    assert "a@a.example\nnobody</textarea>" in sent.text
    assert not await Invitee.exists()


async def test_a_file_is_taken_in_or_comes_back_to_be_put_right(
    client: httpx.AsyncClient, now: datetime
) -> None:
    draft = await a_draft(await olga_signed_in(client), now)
    path = f"/desk/rounds/{draft.id}/people/file"

    good = b"Name,E-Mail,Sprache\nAnna,anna@a.example,en\n"
    taken = await client.post(path, files={"file": ("people.csv", good)})
    bad = await client.post(path, files={"file": ("people.csv", b"Anna,anna@\n")})
    none = await client.post(path, files={"file": ("people.csv", b"")})

    assert (taken.status_code, bad.status_code, none.status_code) == (303, 422, 422)
    assert (await Invitee.get()).language == "en"
    assert "Anna;anna@</textarea>" in bad.text


async def test_the_list_is_emptied_with_one_button(
    client: httpx.AsyncClient, now: datetime
) -> None:
    draft = await a_draft(await olga_signed_in(client), now)
    path = f"/desk/rounds/{draft.id}/people"
    await client.post(path, data={"people": PEOPLE})

    sent = await client.post(f"{path}/clear", follow_redirects=True)

    assert "The list is empty." in sent.text
    assert not await Invitee.exists()


async def test_olga_asks_the_network_what_it_needs(client: httpx.AsyncClient) -> None:
    await olga_signed_in(client)

    made = await client.post(
        "/desk/rounds", data={"kind": "needs"}, follow_redirects=True
    )

    assert "The needs round is drafted." in made.text
    assert "What you need of the network" in made.text
    draft = await Round.get()
    asked = await queries.questions_of(draft.id)
    assert "What do you need support with" in asked[0].text["en"]
    words = str([(it.text, it.hint) for it in asked]) + str(draft.title)
    assert "event" not in words and "eranstaltung" not in words


async def test_questions_of_another_kind_become_a_survey_of_the_network(
    client: httpx.AsyncClient, now: datetime
) -> None:
    office = await olga_signed_in(client)
    event = await an_event(office, now=now)
    model = await rounds.create(
        office.id, event.id, kind=RoundKind.INTRODUCTION, actor=ACTOR, now=now
    )

    sent = await client.post(
        "/desk/rounds", data={"kind": "needs", "model_id": str(model.id)}
    )

    assert sent.status_code == 303
    assert (await Round.get(event_id=None)).kind is RoundKind.SURVEY


async def test_the_network_is_not_asked_to_introduce_itself(
    client: httpx.AsyncClient,
) -> None:
    await olga_signed_in(client)

    sent = await client.post("/desk/rounds", data={"kind": "introduction"})

    assert sent.status_code == 404
    assert not await Round.exists()


async def test_anna_takes_herself_off_the_list_and_may_still_answer(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_all(olgas_office, now)
    anna = await Invitee.get(name="Anna Arendt")
    path = f"/en/feedback/{ballots.token_for(asked.id, anna.id)}"
    assert "Take me off the list" in (await client.get(path)).text

    for _ in range(2):
        left = await client.post(f"{path}/leave", follow_redirects=True)

    assert "Your address is off the list." in left.text
    assert [it.email for it in await Invitee.all()] == ["bert@attendee.example"]
    scale = (await queries.questions_of(asked.id))[0]
    thanks = await client.post(path, data={scale.id: "5"}, follow_redirects=True)
    assert "Thank you!" in thanks.text


async def test_nobody_leaves_a_list_that_is_none(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    event = await an_event(olgas_office, now=now)
    [anna] = await confirmed(event, 1)
    draft = await rounds.create(olgas_office.id, event.id, actor=ACTOR, now=now)
    await rounds.open(olgas_office.id, draft.id, actor=ACTOR, now=now)
    path = f"/en/feedback/{ballots.token_for(draft.id, anna)}"
    assert "Take me off the list" not in (await client.get(path)).text
    assert (await client.post(f"{path}/leave")).status_code == 404


async def test_olga_takes_somebody_off_the_list_of_an_open_round(
    client: httpx.AsyncClient, now: datetime
) -> None:
    asked = await asked_all(await olga_signed_in(client), now)
    anna = await Invitee.get(name="Anna Arendt")
    people = f"/desk/rounds/{asked.id}/people"
    listed = (await client.get("/desk/rounds")).text
    page = (await client.get(people)).text

    sent = await client.post(f"{people}/{anna.id}/remove", follow_redirects=True)

    assert people in listed and "anna@attendee.example" in page
    assert "Paste a list" not in page and "Empty the list" not in page
    assert "The person is off the list" in sent.text
    assert "1 person on the list" in sent.text
    assert not await Invitee.exists(id=anna.id)
    await rounds.close(asked.organiser_id, asked.id, at_once=True, actor=ACTOR, now=now)
    assert (await client.get(people)).status_code == 409


async def test_otto_takes_nobody_off_a_list_of_olgas(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_all(olgas_office, now)
    anna = await Invitee.get(name="Anna Arendt")
    await otto_signed_in(client)
    path = f"/desk/rounds/{asked.id}/people/{anna.id}/remove"
    assert (await client.post(path)).status_code == 404
    assert await Invitee.exists(id=anna.id)


async def test_otto_sees_no_round_of_olgas_network(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_all(olgas_office, now)
    await otto_signed_in(client)

    listed = await client.get("/desk/rounds")
    page = await client.get(f"/desk/rounds/{asked.id}/people")

    assert str(asked.id) not in listed.text
    assert page.status_code == 404
    assert (await Round.get(id=asked.id)).state is RoundState.OPEN
