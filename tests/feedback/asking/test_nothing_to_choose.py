"""A question to choose from offers a choice: else nobody can answer it."""

from datetime import datetime

import httpx
import pytest
from tests.feedback.conftest import ACTOR, confirmed
from tests.people import an_event, olga_signed_in

from werkraum_feedback.asking import drafts, planned, queries, rounds, rules
from werkraum_feedback.asking.drafts import QuestionWish
from werkraum_feedback.asking.planned import Plan
from werkraum_feedback.live_rounds import live
from werkraum_feedback.models import QuestionRow, Round, RoundKind, RoundState
from werkraum_feedback.questions import WITH_OPTIONS, QuestionKind
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser

KINDS = sorted(WITH_OPTIONS)


@pytest.fixture
def now() -> datetime:
    """The real moment: pages ask the clock."""
    return clock.now()


async def a_draft(office: Organiser, now: datetime, kind: RoundKind) -> Round:
    event = await an_event(office, now=now)
    await confirmed(event, 2)
    return await rounds.create(office.id, event.id, kind=kind, actor=ACTOR, now=now)


async def empty(draft: Round, kind: QuestionKind) -> QuestionRow:
    """Have a question without options in a draft, as an earlier version wrote them."""
    row = (await queries.question_rows_of(draft.id))[0]
    row.kind, row.options, row.poles = kind, [], []
    await row.save()
    return row


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("typed", ["", "only one"], ids=["none", "one"])
async def test_the_editor_asks_for_two_options(
    client: httpx.AsyncClient, now: datetime, kind: QuestionKind, typed: str
) -> None:
    draft = await a_draft(await olga_signed_in(client), now, RoundKind.SURVEY)
    sent = await client.post(
        f"/desk/rounds/{draft.id}/questions/new?kind={kind}",
        data={"text_en": "Which?", "options_en": typed},
    )
    assert sent.status_code == 422
    assert "Please write from 2 to 20 options" in sent.text
    assert "Which?" in sent.text


@pytest.mark.parametrize("kind", KINDS)
async def test_no_deed_adds_or_leaves_a_question_without_a_choice(
    olgas_office: Organiser, now: datetime, kind: QuestionKind
) -> None:
    draft = await a_draft(olgas_office, now, RoundKind.SURVEY)
    wish = QuestionWish(text={"en": "Which?"}, hint={})
    with pytest.raises(rules.NothingToChoose):
        await drafts.add_question(
            olgas_office.id, draft.id, kind, wish, actor=ACTOR, now=now
        )
    row = await empty(draft, kind)
    with pytest.raises(rules.NothingToChoose):
        await drafts.edit_question(
            olgas_office.id, draft.id, row.id, wish, actor=ACTOR, now=now
        )


@pytest.mark.parametrize("kind", KINDS)
async def test_a_round_with_such_a_question_does_not_open(
    client: httpx.AsyncClient, now: datetime, kind: QuestionKind
) -> None:
    office = await olga_signed_in(client)
    draft = await a_draft(office, now, RoundKind.SURVEY)
    row = await empty(draft, kind)

    listed = await client.get(f"/desk/rounds/{draft.id}/questions")
    asked = await client.get(f"/desk/rounds/{draft.id}/open")
    sent = await client.post(f"/desk/rounds/{draft.id}/open", data={"days": "7"})

    assert "nothing to choose from yet" in listed.text
    assert "needs at least two options" in asked.text
    assert f"/desk/rounds/{draft.id}/questions/{row.id}" in asked.text
    assert "Open it and send" not in asked.text
    assert sent.status_code == 409
    assert (await Round.get(id=draft.id)).state is RoundState.DRAFT
    with pytest.raises(rules.NothingToChoose):
        plan = Plan(opens_at=now, days=7)
        await planned.plan(office.id, draft.id, plan, actor=ACTOR, now=now)


async def test_nor_does_it_begin_live(olgas_office: Organiser, now: datetime) -> None:
    draft = await a_draft(olgas_office, now, RoundKind.PULSE)
    await empty(draft, QuestionKind.CHOICE)
    with pytest.raises(rules.NothingToChoose):
        await live.start(olgas_office.id, draft.id, actor=ACTOR, now=now)
