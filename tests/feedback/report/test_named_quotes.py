"""A quote carries a name where its person said so in a box of its own."""

import json
from datetime import timedelta

import httpx
import pytest
from tests.feedback.conftest import ACTOR, confirmed, tokens
from tests.feedback.statement_rows import a_theme
from tests.people import a_member, an_event, an_organiser

from werkraum_events.models import Event
from werkraum_feedback.asking import queries, rounds, rules
from werkraum_feedback.coding import codings, statements
from werkraum_feedback.coding.codebook_deeds import By
from werkraum_feedback.models import Round, RoundKind, Signature
from werkraum_feedback.report import reports
from werkraum_feedback.report.report_consents import without_consent
from werkraum_feedback.report_models import Passage, PassageKind, Report
from werkraum_feedback.statement_models import Quoting, Statement
from werkraum_foundation import clock
from werkraum_foundation.outbox.worker import drain
from werkraum_registration.models import Registration
from werkraum_server import erased_ledger, whole_erasure

BOXES = {
    "nothing": ({}, Quoting.NO),
    "without the name": ({"quotable": "on"}, Quoting.UNNAMED),
    "signed, quoted without": ({"signed": "on", "quotable": "on"}, Quoting.UNNAMED),
    "signed only": ({"signed": "on"}, Quoting.NO),
    "by name": ({"signed": "on", "quotable_by_name": "on"}, Quoting.NAMED),
}
MINE = "We sing with our partner town."


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    office = await an_organiser()
    await a_member(office)
    return await an_event(office, now=clock.now())


async def asked_of(event: Event) -> Round:
    """Ask six people to introduce themselves."""
    await confirmed(event, 6)
    made = await rounds.create(
        event.organiser_id,
        event.id,
        kind=RoundKind.INTRODUCTION,
        actor=ACTOR,
        now=clock.now(),
    )
    return await rounds.open(event.organiser_id, made.id, actor=ACTOR, now=clock.now())


async def answer(
    client: httpx.AsyncClient, asked: Round, who: int, text: str, **boxes: str
) -> httpx.Response:
    [first, *_] = await queries.questions_of(asked.id)
    path = f"/en/feedback/{(await tokens(asked))[who]}"
    return await client.post(path, data={first.id: text, **boxes})


async def everybody_said(
    client: httpx.AsyncClient, event: Event, **boxes: str
) -> Statement:
    """Have Anna answer with these boxes, and five others without any."""
    asked = await asked_of(event)
    assert (await answer(client, asked, 0, MINE, **boxes)).status_code == 303
    for other in range(1, 6):
        await answer(client, asked, other, f"We walk, number {other}.")
    await rounds.close(
        event.organiser_id, asked.id, at_once=True, actor=ACTOR, now=clock.now()
    )
    await drain()
    return await Statement.get(text=MINE)


@pytest.mark.parametrize(("boxes", "quoting"), BOXES.values(), ids=BOXES)
async def test_a_statement_may_be_quoted_as_its_person_ticked(
    client: httpx.AsyncClient, event: Event, boxes: dict[str, str], quoting: Quoting
) -> None:
    said = await everybody_said(client, event, **boxes)
    assert said.quoting is quoting
    assert (said.registration_id is not None) == ("signed" in boxes)


async def test_the_form_says_what_happens_with_the_name(
    client: httpx.AsyncClient, event: Event
) -> None:
    asked = await asked_of(event)
    page = (await client.get(f"/en/feedback/{(await tokens(asked))[0]}")).text
    assert "You may quote my words with my name" in page
    assert "stand there without your name, also if you have put it" in page


async def test_nobody_is_quoted_by_a_name_they_have_not_put_to_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    asked = await asked_of(event)
    sent = await answer(client, asked, 0, MINE, quotable_by_name="on")
    assert sent.status_code == 422
    assert "please put it to your answers, too" in sent.text
    assert MINE in sent.text
    assert not await Signature.exists()


async def quoted(said: Statement, event: Event) -> Report:
    """Mark the words as a good quote and draft a report."""
    theme = await a_theme(await event.organiser, "Music")
    by = By(event.organiser_id, "person:olga", clock.now(), event.id)
    mark = await codings.code(by, said.id, theme.id)
    await codings.mark_quote(by, mark.id, good=True)
    return await reports.write_draft(
        event.organiser_id, event.id, "en", actor=ACTOR, now=clock.now()
    )


async def quote_in(report: Report) -> Passage:
    return await Passage.get(report=report, kind=PassageKind.QUOTE)


async def test_the_quote_of_a_report_carries_the_name(
    client: httpx.AsyncClient, event: Event
) -> None:
    said = await everybody_said(
        client, event, signed="on", quotable="on", quotable_by_name="on"
    )
    quote = await quote_in(await quoted(said, event))
    person = await Registration.get(id=str(said.registration_id))
    assert (quote.text, quote.data["from"]) == (MINE, person.name)


async def test_without_the_box_the_quote_of_who_signed_has_no_name(
    client: httpx.AsyncClient, event: Event
) -> None:
    said = await everybody_said(client, event, signed="on", quotable="on")
    quote = await quote_in(await quoted(said, event))
    person = await Registration.get(id=str(said.registration_id))
    assert quote.text == MINE
    assert person.name not in json.dumps(quote.data)


async def test_a_name_that_is_allowed_no_more_keeps_a_report_from_being_published(
    client: httpx.AsyncClient, event: Event
) -> None:
    said = await everybody_said(client, event, signed="on", quotable_by_name="on")
    report = await quoted(said, event)
    there = await Passage.filter(report=report)
    assert await without_consent(there) == []
    unnamed = statements.Classed(None, Quoting.UNNAMED)
    await statements.change(
        event.organiser_id, said.id, unnamed, actor=ACTOR, now=clock.now()
    )
    assert await without_consent(there) == [await quote_in(report)]


async def test_an_office_widens_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    said = await everybody_said(client, event, signed="on", quotable="on")
    with pytest.raises(rules.QuotingNotGiven):
        await statements.change(
            event.organiser_id,
            said.id,
            statements.Classed(None, Quoting.NAMED),
            actor=ACTOR,
            now=clock.now(),
        )


async def test_who_is_erased_stands_in_no_report_that_is_published(
    client: httpx.AsyncClient, event: Event
) -> None:
    said = await everybody_said(client, event, signed="on", quotable_by_name="on")
    report = await quoted(said, event)
    person = await Registration.get(id=str(said.registration_id))
    await Report.filter(id=report.id).update(content_hash="as it was")
    over = clock.now() - timedelta(hours=1)
    await Event.filter(id=event.id).update(starts_at=over, ends_at=over)
    await whole_erasure.erase(person.id, now=clock.now())
    await drain()
    quote = await quote_in(report)
    assert quote.text == MINE
    assert person.name not in json.dumps(quote.data)
    assert (await Report.get(id=report.id)).content_hash not in ("", "as it was")
    assert (await Statement.get(id=said.id)).quoting is Quoting.UNNAMED
    erased_ledger.ledger().unlink(missing_ok=True)
