"""A round is called what it is, in sentences that are right in either language."""

from datetime import timedelta

import httpx
import pytest
from tests.feedback.conftest import ACTOR
from tests.people import an_event, olga_signed_in
from tests.registration.asking import takes_part
from tests.server.postbox import delivered, throw_away, unwrapped

from werkraum_feedback.answering.ballots import token_for
from werkraum_feedback.asking import planned, rounds
from werkraum_feedback.models import Round, RoundKind
from werkraum_foundation import clock
from werkraum_foundation.models import Person
from werkraum_registration.models import Registration

DE = {
    RoundKind.NEEDS: ("Bedarfsabfrage", "die", "Diese"),
    RoundKind.INTRODUCTION: ("Vorstellungsrunde", "die", "Diese"),
    RoundKind.PULSE: ("Stimmungsbild", "das", "Dieses"),
    RoundKind.CLOSING: ("Abschlussrunde", "die", "Diese"),
    RoundKind.SURVEY: ("Umfrage", "die", "Diese"),
}
EN = {
    RoundKind.NEEDS: "needs round",
    RoundKind.INTRODUCTION: "introduction round",
    RoundKind.PULSE: "pulse",
    RoundKind.CLOSING: "closing round",
    RoundKind.SURVEY: "survey",
}


async def a_draft(
    client: httpx.AsyncClient, kind: RoundKind
) -> tuple[Round, Registration]:
    throw_away()
    office, now = await olga_signed_in(client), clock.now()
    await Person.all().update(language="de")
    event = await an_event(office, now=now)
    anna = await takes_part(event)
    draft = await rounds.create(office.id, event.id, kind=kind, actor=ACTOR, now=now)
    return draft, anna


async def words_on(client: httpx.AsyncClient, path: str) -> str:
    return " ".join((await client.get(path)).text.split())


@pytest.mark.parametrize("kind", list(RoundKind))
async def test_the_desk_says_what_is_opened_and_closed(
    client: httpx.AsyncClient, kind: RoundKind
) -> None:
    draft, _ = await a_draft(client, kind)
    path, (name, article, _) = f"/desk/rounds/{draft.id}", DE[kind]

    to_open = await words_on(client, f"{path}/open")
    opened = await client.post(
        f"{path}/open", data={"days": "7"}, follow_redirects=True
    )
    to_close = await words_on(client, f"{path}/close")
    closed = await client.post(
        f"{path}/close", data={"end": "now"}, follow_redirects=True
    )

    start = article.title()
    assert f"<h1>{name} öffnen</h1>" in to_open
    assert f"wenn {article} {name} geschlossen ist" in to_open
    assert f"{start} {name} ist offen" in opened.text
    assert f"<h1>{name} schließen</h1>" in to_close
    assert f"lässt sich {article} {name} nicht wieder öffnen" in to_close
    assert f"{start} {name} ist geschlossen." in closed.text
    if kind is not RoundKind.SURVEY:
        for said in (to_open, to_close):
            assert "Umfrage" not in said.replace("Umfragen im Netzwerk", "")


@pytest.mark.parametrize("kind", list(RoundKind))
async def test_who_answers_reads_what_it_is(
    client: httpx.AsyncClient, kind: RoundKind
) -> None:
    draft, anna = await a_draft(client, kind)
    now = clock.now()
    await rounds.open(draft.organiser_id, draft.id, actor=ACTOR, now=now)
    path = f"/feedback/{token_for(draft.id, anna.id)}"
    name, article, this = DE[kind]

    asked = await words_on(client, f"/de{path}")
    in_english = await words_on(client, f"/en{path}")
    await rounds.close(draft.organiser_id, draft.id, at_once=True, actor=ACTOR, now=now)
    late = await words_on(client, f"/de{path}")

    assert f"wenn {article} {name} geschlossen ist" in asked
    assert f"Solange {article} {name} offen ist" in asked
    assert f"after the {EN[kind]} is closed" in in_english
    assert f"<h1>{this} {name} ist geschlossen</h1>" in late


@pytest.mark.parametrize("kind", list(RoundKind))
async def test_a_reminder_says_what_is_still_open(
    client: httpx.AsyncClient, kind: RoundKind
) -> None:
    draft, anna = await a_draft(client, kind)
    await Registration.filter(id=anna.id).update(language="de")
    await rounds.open(
        draft.organiser_id, draft.id, actor=ACTOR, reminds=True, now=clock.now()
    )
    await delivered()
    now = clock.now() + timedelta(days=3, hours=1)
    await planned.remind_due(now)

    (letter,) = await delivered()

    name, article, _ = DE[kind]
    assert f"geschrieben: {article} {name} ist noch offen." in unwrapped(letter)
