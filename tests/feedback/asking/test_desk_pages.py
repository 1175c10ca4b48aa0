import csv
import re
from datetime import datetime, timedelta
from io import StringIO
from uuid import uuid4

import httpx
import pytest
from tests.feedback.asking.test_rounds import a_session
from tests.feedback.conftest import ACTOR, Answering, Surveys, confirmed
from tests.people import a_member, an_event, olga_signed_in, otto_signed_in, signed_in

from werkraum_events.models import Event
from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.models import Round, RoundState
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Job, Organiser, Role
from werkraum_foundation.outbox.worker import drain


@pytest.fixture
def now() -> datetime:
    """The real moment: pages ask the clock."""
    return clock.now()


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    """Olga is signed in; her organiser."""
    return await olga_signed_in(client)


@pytest.fixture
async def event(olga: Organiser, now: datetime) -> Event:
    """An event that is over, with three people."""
    made = await an_event(olga, now=now - timedelta(days=15))
    await confirmed(made, 3)
    return made


async def drafted(organiser: Organiser, event: Event) -> Round:
    return await rounds.create(organiser.id, event.id, actor=ACTOR, now=clock.now())


async def closed(
    organiser: Organiser, surveys: Surveys, answering: Answering, people: int
) -> Round:
    """Have a round answered by so many of forty people, and closed."""
    asked = await surveys(organiser, people=40)
    await answering(asked, people)
    await rounds.close(
        organiser.id, asked.id, at_once=True, actor=ACTOR, now=clock.now()
    )
    return asked


def table(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.text, newline="")))


async def test_an_event_without_a_survey_offers_to_draft_one(
    client: httpx.AsyncClient, event: Event
) -> None:
    shown = await client.get(f"/desk/events/{event.id}/feedback")
    assert "There is no round for this event yet." in shown.text

    sent = await client.post(f"/desk/events/{event.id}/feedback", follow_redirects=True)

    assert "The survey is drafted." in sent.text
    assert "How helpful was the event for your work?" in sent.text
    assert "Open the survey" in sent.text


async def test_a_second_draft_of_the_same_kind_is_refused(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    await drafted(olga, event)

    sent = await client.post(f"/desk/events/{event.id}/feedback")

    assert sent.status_code == 409
    assert "There is a round of this kind already" in sent.text
    assert await Round.all().count() == 1


async def test_a_round_is_drafted_by_its_kind_and_its_session(
    client: httpx.AsyncClient, event: Event
) -> None:
    session = await a_session(event.id, event.starts_at)

    sent = await client.post(
        f"/desk/events/{event.id}/feedback",
        data={"kind": "closing", "session_id": str(session.id), "model_id": ""},
        follow_redirects=True,
    )

    assert "Closing round" in sent.text
    assert "What do you take along from today?" in sent.text
    made = await Round.get()
    assert (made.kind, made.session_id) == ("closing", session.id)


async def test_the_questions_of_another_event_are_taken_over(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys, event: Event
) -> None:
    model = await surveys(olga)

    shown = await client.get(f"/desk/events/{event.id}/feedback")
    assert f'<option value="{model.id}"' in shown.text
    sent = await client.post(
        f"/desk/events/{event.id}/feedback",
        data={"kind": "needs", "model_id": str(model.id)},
    )

    assert sent.status_code == 303
    made = await Round.get(event_id=event.id)
    assert made.kind == "survey"
    texts = [it.text for it in await queries.questions_of(made.id)]
    assert texts == [it.text for it in await queries.questions_of(model.id)]


WRONG_WISHES = {
    "no kind": {"kind": "quiz"},
    "no session": {"session_id": "1"},
    "a foreign field": {"state": "open"},
}


@pytest.mark.parametrize("wrong", WRONG_WISHES)
async def test_what_is_no_round_is_not_drafted(
    client: httpx.AsyncClient, event: Event, wrong: str
) -> None:
    sent = await client.post(
        f"/desk/events/{event.id}/feedback", data=WRONG_WISHES[wrong]
    )

    assert sent.status_code == 422
    assert not await Round.exists()


async def test_a_closed_round_leads_on_to_a_new_version(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys
) -> None:
    asked = await surveys(olga)
    early = await client.post(f"/desk/rounds/{asked.id}/version")
    await client.post(f"/desk/rounds/{asked.id}/close", data={"end": "now"})

    sent = await client.post(f"/desk/rounds/{asked.id}/version", follow_redirects=True)

    assert early.status_code == 409
    assert sent.url.path.endswith("/questions")
    made = await Round.get(follows_id=asked.id)
    assert (made.version, made.state) == (2, RoundState.DRAFT)


async def test_a_draft_is_deleted_with_one_button(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    draft = await drafted(olga, event)

    sent = await client.post(f"/desk/rounds/{draft.id}/delete", follow_redirects=True)

    assert "The draft is deleted." in sent.text
    assert not await Round.exists()


async def test_opening_says_how_many_letters_and_then_sends_them(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    draft = await drafted(olga, event)
    path = f"/desk/rounds/{draft.id}/open"

    shown = await client.get(path)
    assert "3 people get a letter with a link of their own" in shown.text
    assert "fewer than five people" in shown.text
    sent = await client.post(path, data={"days": "7"}, follow_redirects=True)

    assert "the letters are on their way" in sent.text
    opened = await Round.get(id=draft.id)
    assert opened.state is RoundState.OPEN
    assert opened.closes_at and opened.opened_at
    assert opened.closes_at - opened.opened_at == timedelta(days=7)
    assert await Job.filter(name="RoundOpened:give_out_the_ballots").count() == 1


async def test_a_round_that_is_opened_by_hand_reminds_if_it_is_told_to(
    client: httpx.AsyncClient, olga: Organiser, event: Event
) -> None:
    draft = await drafted(olga, event)

    await client.post(
        f"/desk/rounds/{draft.id}/open", data={"days": "7", "reminds": "on"}
    )

    assert (await Round.get(id=draft.id)).reminds


@pytest.mark.parametrize("days", ["0", "91", "-1", "2.5", "x", "9" * 30])
async def test_days_that_are_none_open_nothing(
    client: httpx.AsyncClient, olga: Organiser, event: Event, days: str
) -> None:
    draft = await drafted(olga, event)

    sent = await client.post(f"/desk/rounds/{draft.id}/open", data={"days": days})

    assert sent.status_code == 422
    assert f'value="{days}"' in sent.text
    assert (await Round.get(id=draft.id)).state is RoundState.DRAFT


async def test_while_open_only_the_number_of_answers_is_told(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys, answering: Answering
) -> None:
    asked = await surveys(olga, people=40)
    await answering(asked, 12)

    desk = await client.get(f"/desk/events/{asked.event_id}/feedback")
    page = await client.get(f"/desk/rounds/{asked.id}/results")
    file = await client.get(f"/desk/rounds/{asked.id}/answers.csv")

    assert "12 answers so far, of 40 people asked." in desk.text
    assert "12 answers so far, of 40 people asked." in page.text
    assert "Voice" not in page.text
    assert file.status_code == 409


async def test_a_survey_ends_at_once_or_after_those_who_write(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys
) -> None:
    soon, now = await surveys(olga), await surveys(olga)

    waiting = await client.post(f"/desk/rounds/{soon.id}/close", follow_redirects=True)
    ended = await client.post(
        f"/desk/rounds/{now.id}/close", data={"end": "now"}, follow_redirects=True
    )

    assert "Whoever was writing can still send until" in waiting.text
    assert (await Round.get(id=soon.id)).state is RoundState.OPEN
    assert "The survey is closed." in ended.text
    assert (await Round.get(id=now.id)).state is RoundState.CLOSED


async def test_the_order_of_answers_is_wiped_by_the_outbox(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys, answering: Answering
) -> None:
    asked = await closed(olga, surveys, answering, people=5)

    await drain()

    assert not await Job.filter(name__contains="wipe").exists()
    assert len(await queries.responses_of(asked.id)) == 5


async def test_four_answers_are_not_shown(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys, answering: Answering
) -> None:
    asked = await closed(olga, surveys, answering, people=4)

    page = await client.get(f"/desk/rounds/{asked.id}/results")
    file = await client.get(f"/desk/rounds/{asked.id}/answers.csv")

    assert "Fewer than five people answered." in page.text
    assert "Voice" not in page.text
    assert "<table" not in page.text
    assert file.status_code == 409
    assert "Fewer than five people answered." in file.text


@pytest.mark.parametrize("people", [5, 9])
async def test_five_to_nine_answers_are_shown_in_words(
    client: httpx.AsyncClient,
    olga: Organiser,
    surveys: Surveys,
    answering: Answering,
    people: int,
) -> None:
    asked = await closed(olga, surveys, answering, people)

    page = await client.get(f"/desk/rounds/{asked.id}/results")

    assert "unanimously" in page.text
    assert "Voice 00" in page.text
    assert '<svg class="chart"' not in page.text
    cells = re.findall("<td[^>]*>([^<]*)</td>", page.text)
    assert cells and not re.search("[0-9]", "".join(cells))
    assert "Response rate" not in page.text


async def test_ten_answers_are_shown_in_numbers_and_pictures(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys, answering: Answering
) -> None:
    asked = await closed(olga, surveys, answering, people=10)

    page = await client.get(f"/desk/rounds/{asked.id}/results")

    assert '<svg class="chart"' in page.text
    assert '<td class="number">100%</td>' in page.text
    assert "25%" in page.text
    assert "Fewer than five people answered this question" in page.text


async def test_the_file_says_what_the_page_says_and_is_noted(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys, answering: Answering
) -> None:
    asked = await closed(olga, surveys, answering, people=12)

    file = await client.get(f"/desk/rounds/{asked.id}/answers.csv")

    head, *lines = table(file)
    assert head[0] == "F01 How helpful was the event for your work?"
    assert sorted(line[0] for line in lines) == ["4"] * 6 + ["5"] * 6
    assert "attachment" in file.headers["content-disposition"]
    noted = await AuditEntry.get(action="round.export")
    assert noted.subject_id == asked.id


async def test_excel_and_the_codebook(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys, answering: Answering
) -> None:
    asked = await closed(olga, surveys, answering, people=5)

    excel = await client.get(f"/desk/rounds/{asked.id}/answers.csv?for=excel")
    book = await client.get(f"/desk/rounds/{asked.id}/codebook.csv")

    assert excel.text.startswith("\ufeff")
    assert ";" in excel.text.splitlines()[0]
    assert ["F02", "one answer", "How would you like to take part next time?"] == (
        table(book)[7][:3]
    )


PAGES = [
    ("GET", "/desk/events/{event}/feedback"),
    ("POST", "/desk/events/{event}/feedback"),
    ("GET", "/desk/rounds/{round}/questions"),
    ("POST", "/desk/rounds/{round}/questions"),
    ("GET", "/desk/rounds/{round}/questions/new?kind=text"),
    ("POST", "/desk/rounds/{round}/questions/new?kind=text"),
    ("GET", "/desk/rounds/{round}/questions/{question}"),
    ("POST", "/desk/rounds/{round}/questions/{question}"),
    ("POST", "/desk/rounds/{round}/questions/{question}/up"),
    ("POST", "/desk/rounds/{round}/questions/{question}/remove"),
    ("GET", "/desk/rounds/{round}/preview"),
    ("GET", "/desk/rounds/{round}/plan"),
    ("POST", "/desk/rounds/{round}/plan"),
    ("GET", "/desk/rounds/{round}/people"),
    ("POST", "/desk/rounds/{round}/people"),
    ("POST", "/desk/rounds/{round}/people/file"),
    ("POST", "/desk/rounds/{round}/people/clear"),
    ("POST", "/desk/rounds/{round}/version"),
    ("POST", "/desk/rounds/{round}/delete"),
    ("GET", "/desk/rounds/{round}/open"),
    ("POST", "/desk/rounds/{round}/open"),
    ("GET", "/desk/rounds/{round}/close"),
    ("POST", "/desk/rounds/{round}/close"),
    ("GET", "/desk/rounds/{round}/results"),
    ("GET", "/desk/rounds/{round}/answers.csv"),
    ("GET", "/desk/rounds/{round}/codebook.csv"),
]


@pytest.mark.parametrize(("method", "path"), PAGES)
async def test_otto_sees_nothing_of_olgas(
    client: httpx.AsyncClient,
    olgas_office: Organiser,
    surveys: Surveys,
    method: str,
    path: str,
) -> None:
    asked = await surveys(olgas_office)
    [question, *_] = await queries.question_rows_of(asked.id)
    await otto_signed_in(client)

    seen = await client.request(
        method,
        path.format(event=asked.event_id, round=asked.id, question=question.id),
    )

    assert seen.status_code == 404
    assert (await Round.get(id=asked.id)).state is RoundState.OPEN


@pytest.mark.parametrize(("method", "path"), PAGES)
async def test_what_does_not_exist_is_not_found(
    client: httpx.AsyncClient, olga: Organiser, method: str, path: str
) -> None:
    for name in (str(uuid4()), "nonsense"):
        seen = await client.request(
            method, path.format(event=name, round=name, question=name)
        )
        assert seen.status_code == 404


async def test_a_reader_reads_and_changes_nothing(
    client: httpx.AsyncClient, olgas_office: Organiser, surveys: Surveys
) -> None:
    asked = await surveys(olgas_office)
    rita = await a_member(olgas_office, "Rita", "rita@network.example", Role.READER)
    await signed_in(client, rita)

    shown = await client.get(f"/desk/events/{asked.event_id}/feedback")
    refused = await client.post(f"/desk/rounds/{asked.id}/close")

    assert shown.status_code == 200
    assert "Close the survey" not in shown.text
    assert refused.status_code == 403
    assert (await Round.get(id=asked.id)).closed_at is None
