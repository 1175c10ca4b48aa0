from datetime import datetime, timedelta

import pytest
from tests.feedback.asking.test_rounds import a_session
from tests.feedback.conftest import ACTOR, Surveys
from tests.people import an_event, an_organiser

from werkraum_feedback.asking import copies, drafts, planned, queries, rounds, rules
from werkraum_feedback.asking.drafts import QuestionWish
from werkraum_feedback.asking.planned import Plan
from werkraum_feedback.models import (
    Audience,
    Invitee,
    Naming,
    Round,
    RoundKind,
    RoundState,
)
from werkraum_feedback.questions import QuestionKind
from werkraum_foundation.models import Organiser
from werkraum_foundation.refusals import NotFound

DAY = timedelta(days=1)


async def words(asked: Round) -> list[tuple[str, object, object, object]]:
    return [
        (row.code, row.text, row.options, row.poles)
        for row in await queries.question_rows_of(asked.id)
    ]


async def test_a_closed_round_becomes_a_draft_of_the_next_version(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await surveys(olgas_office)
    with pytest.raises(rules.RoundUnderWay):
        await copies.new_version(olgas_office.id, asked.id, actor=ACTOR, now=now)
    await rounds.close(olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=now)

    made = await copies.new_version(olgas_office.id, asked.id, actor=ACTOR, now=now)

    assert (made.version, made.follows_id) == (2, asked.id)
    assert (made.state, made.event_id) == (RoundState.DRAFT, asked.event_id)
    assert await words(made) == await words(asked)
    assert made.salt != asked.salt


async def test_a_draft_needs_no_version_of_its_own(
    olgas_office: Organiser, now: datetime
) -> None:
    event = await an_event(olgas_office, now=now)
    draft = await rounds.create(olgas_office.id, event.id, actor=ACTOR, now=now)

    with pytest.raises(rules.RoundNotOpen):
        await copies.new_version(olgas_office.id, draft.id, actor=ACTOR, now=now)


async def test_the_questions_of_one_event_serve_another(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    model, event = await surveys(olgas_office), await an_event(olgas_office, now=now)

    made = await copies.after(olgas_office.id, model.id, event.id, actor=ACTOR, now=now)

    assert (made.event_id, made.version, made.follows_id) == (event.id, 1, None)
    assert await words(made) == await words(model)
    with pytest.raises(rules.RoundUnderWay):
        await copies.after(olgas_office.id, model.id, event.id, actor=ACTOR, now=now)


async def test_what_the_network_is_asked_has_no_names_and_no_seats(
    olgas_office: Organiser, now: datetime
) -> None:
    event = await an_event(olgas_office, now=now)
    model = await rounds.create(
        olgas_office.id,
        event.id,
        kind=RoundKind.INTRODUCTION,
        actor=ACTOR,
        now=now,
    )
    assert model.naming is Naming.CHOSEN

    made = await copies.after(olgas_office.id, model.id, None, actor=ACTOR, now=now)
    back = await copies.after(
        olgas_office.id,
        made.id,
        (await an_event(olgas_office, now=now)).id,
        actor=ACTOR,
        now=now,
    )

    assert (made.naming, made.audience) == (Naming.ANONYMOUS, Audience.LISTED)
    assert back.audience is Audience.CONFIRMED


async def test_an_event_is_copied_with_its_rounds_as_drafts_that_move_along(
    olgas_office: Organiser, now: datetime
) -> None:
    model = await an_event(olgas_office, now=now)
    session = await a_session(model.id, model.starts_at)
    copy = await an_event(olgas_office, now=now + 30 * DAY)
    twin = await a_session(copy.id, copy.starts_at)
    survey = await rounds.create(olgas_office.id, model.id, actor=ACTOR, now=now)
    await drafts.add_question(
        olgas_office.id,
        survey.id,
        QuestionKind.NUMBER,
        QuestionWish({"en": "Years?"}, low=0, high=50),
        actor=ACTOR,
        now=now,
    )
    opens_at = model.ends_at + timedelta(hours=1)
    wish = Plan(opens_at, days=9, reminds=True)
    await planned.plan(olgas_office.id, survey.id, wish, actor=ACTOR, now=now)
    await rounds.create(
        olgas_office.id, model.id, session_id=session.id, actor=ACTOR, now=now
    )

    await copies.copy_event(model.id, copy.id, actor=ACTOR, now=now)

    whole, part = await Round.filter(event_id=copy.id).order_by("id")
    assert (whole.opens_at, whole.open_days) == (opens_at + 30 * DAY, 9)
    assert (whole.reminds, whole.state) == (True, RoundState.DRAFT)
    assert await words(whole) == await words(survey)
    assert part.session_id == twin.id


async def test_of_several_versions_the_latest_is_copied_with_the_event(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    first = await surveys(olgas_office)
    assert first.event_id
    await rounds.close(olgas_office.id, first.id, at_once=True, actor=ACTOR, now=now)
    second = await copies.new_version(olgas_office.id, first.id, actor=ACTOR, now=now)
    [question, *_] = await queries.question_rows_of(second.id)
    await drafts.remove_question(
        olgas_office.id, second.id, question.id, actor=ACTOR, now=now
    )
    copy = await an_event(olgas_office, now=now)

    await copies.copy_event(first.event_id, copy.id, actor=ACTOR, now=now)

    [made] = await Round.filter(event_id=copy.id)
    assert await words(made) == await words(second)
    assert not await Invitee.exists()


async def test_otto_takes_over_nothing_of_olgas(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    model, otto = await surveys(olgas_office), await an_organiser("Another office")

    for deed in (
        copies.after(otto.id, model.id, None, actor=ACTOR, now=now),
        copies.new_version(otto.id, model.id, actor=ACTOR, now=now),
    ):
        with pytest.raises(NotFound):
            await deed
