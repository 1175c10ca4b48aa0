"""What the network writes is read, coded and counted as what is said at events."""

import zipfile
from dataclasses import dataclass
from io import BytesIO

import httpx
import pytest
from tests.feedback.conftest import ACTOR
from tests.people import an_event, olga_signed_in, otto_signed_in

from werkraum_feedback.answering import ballots
from werkraum_feedback.answering.ballots import About
from werkraum_feedback.asking import invitees, queries, rounds
from werkraum_feedback.asking.invitee_lines import cells_of, read_rows
from werkraum_feedback.models import Invitee, Round, RoundKind
from werkraum_feedback.questions import Answer, Answers
from werkraum_feedback.statement_models import Coding, Statement, StatementSource
from werkraum_foundation import clock
from werkraum_foundation.outbox.worker import drain
from werkraum_registration.models import OrganisationKind

PEOPLE = "\n".join(f"p{number}@a.example" for number in range(6))


@dataclass
class Asked:
    """A needs round of the network that six people have answered."""

    round: Round

    def at(self, page: str) -> str:
        return f"/desk/rounds/{self.round.id}/{page}"


@pytest.fixture
async def asked(client: httpx.AsyncClient) -> Asked:
    office, now = await olga_signed_in(client), clock.now()
    draft = await rounds.create(
        office.id, None, kind=RoundKind.NEEDS, actor=ACTOR, now=now
    )
    listed, _ = read_rows(cells_of(PEOPLE))
    await invitees.add(office.id, draft.id, listed, actor=ACTOR, now=now)
    await rounds.open(office.id, draft.id, actor=ACTOR, now=now)
    need = (await queries.questions_of(draft.id))[0]
    about = About(org_kind=OrganisationKind.ASSOCIATION, quotable=True)
    for number, each in enumerate(await Invitee.all().order_by("email_key")):
        ballot = ballots.hash_for(draft.id, each.id)
        words = f"We need helpers, number {number}."
        said = Answers((Answer(need.id, text=words),))
        await ballots.cast(ballot, said, about=about, loaded=None, now=now)
    await rounds.close(office.id, draft.id, at_once=True, actor=ACTOR, now=now)
    await drain()
    return Asked(await Round.get(id=draft.id))


async def test_olga_goes_from_the_results_to_the_themes(
    client: httpx.AsyncClient, asked: Asked
) -> None:
    results = await client.get(asked.at("results"))
    assert f'href="{asked.at("statements")}"' in results.text
    ledger = (await client.get(asked.at("statements"))).text
    assert "6 statements" in ledger and "number 3" in ledger
    assert "Before the event" not in ledger
    assert f'href="{asked.at("coding")}"' in ledger

    first = await Statement.all().order_by("id").first()
    assert first
    code = asked.at(f"coding/{first.id}")
    marked = await client.post(code, data={"name": "Helpers"}, follow_redirects=True)
    assert "Marked." in marked.text and marked.url.path == asked.at("coding")
    done = await client.post(f"{code}/done", follow_redirects=True)
    assert "1 of 6 statements read" in done.text

    themes = (await client.get(asked.at("themes"))).text
    assert "1 of 6 statements have a theme." in themes
    coding = await Coding.get()
    words = (await client.get(asked.at(f"themes/{coding.theme_id}"))).text
    assert first.text in words
    assert (await client.get(asked.at("agreement"))).status_code == 200


async def test_the_workbook_of_the_round_has_its_themes(
    client: httpx.AsyncClient, asked: Asked
) -> None:
    for each in await Statement.all():
        await client.post(asked.at(f"coding/{each.id}"), data={"name": "Helpers"})

    file = await client.get(asked.at("answers.xlsx"))

    with zipfile.ZipFile(BytesIO(file.content)) as book:
        told = "".join(book.read(it).decode() for it in book.namelist())
    assert "Helpers" in told


async def test_a_step_on_the_networks_words_is_taken_back_there(
    client: httpx.AsyncClient, asked: Asked
) -> None:
    first = await Statement.all().order_by("id").first()
    assert first
    await client.post(asked.at(f"coding/{first.id}"), data={"name": "Helpers"})

    undone = await client.post(asked.at("coding/undo"), follow_redirects=True)

    assert "Taken back." in undone.text
    assert not await Coding.exists()


async def test_a_statement_is_put_right_and_hidden(
    client: httpx.AsyncClient, asked: Asked
) -> None:
    first = await Statement.all().order_by("id").first()
    assert first
    page = f"/desk/statements/{first.id}"
    assert first.text in (await client.get(page)).text

    changed = await client.post(page, data={"kind": "wish"}, follow_redirects=True)
    assert changed.url.path == asked.at("statements")
    hidden = await client.post(
        f"{page}/hide", data={"reason": "twice"}, follow_redirects=True
    )

    assert "5 statements" in hidden.text


async def test_what_came_by_mail_is_added(
    client: httpx.AsyncClient, asked: Asked
) -> None:
    form = asked.at("statements/new")
    page = (await client.get(form)).text
    assert 'name="phase" value="before"' in page

    sent = await client.post(
        form, data={"text": "By mail.", "phase": "before"}, follow_redirects=True
    )

    assert "7 statements" in sent.text
    kept = await Statement.get(text="By mail.")
    assert (kept.source, kept.round_id) == (StatementSource.PAPER, asked.round.id)


PAGES = ["statements", "statements/new", "coding", "themes", "agreement"]


@pytest.mark.parametrize("page", PAGES)
async def test_otto_reads_nothing_of_olgas_network(
    client: httpx.AsyncClient, asked: Asked, page: str
) -> None:
    await otto_signed_in(client)
    assert (await client.get(asked.at(page))).status_code == 404


async def test_a_round_of_an_event_is_read_at_the_event(
    client: httpx.AsyncClient, asked: Asked
) -> None:
    office, now = asked.round.organiser_id, clock.now()
    event = await an_event(await asked.round.organiser, now=now)
    draft = await rounds.create(office, event.id, actor=ACTOR, now=now)
    found = await client.get(f"/desk/rounds/{draft.id}/statements")
    assert found.status_code == 404
