from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from tests.feedback.conftest import ACTOR, Answering, Surveys, confirmed
from tests.people import an_event, an_organiser

from werkraum_events.models import Session, Topic
from werkraum_feedback.answering import traces
from werkraum_feedback.asking import drafts, queries, rounds, rules
from werkraum_feedback.asking.drafts import RoundWish
from werkraum_feedback.asking.rules import Standing, standing
from werkraum_feedback.models import QuestionRow, Round, RoundKind, RoundState
from werkraum_foundation.models import Job, Organiser
from werkraum_foundation.refusals import NotFound
from werkraum_registration.models import Registration, State

MINUTE = timedelta(minutes=1)


async def a_draft(organiser: Organiser, now: datetime, people: int = 3) -> Round:
    event = await an_event(organiser, now=now - timedelta(days=15))
    await confirmed(event, people)
    return await rounds.create(organiser.id, event.id, actor=ACTOR, now=now)


async def a_session(event_id: UUID, now: datetime) -> Session:
    return await Session.create(
        event_id=event_id,
        title={"en": "Workshop"},
        description={},
        speakers=[],
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )


async def letters() -> list[Job]:
    return await Job.filter(name="letter:ballot")


async def test_a_draft_offers_the_topics_of_the_organiser(
    olgas_office: Organiser, now: datetime
) -> None:
    for slug in ("youth", "culture"):
        await Topic.create(organiser=olgas_office, slug=slug, name={"en": slug})

    draft = await a_draft(olgas_office, now)

    questions = await queries.questions_of(draft.id)
    assert [it.code for it in questions] == ["F01", "F02", "F03", "F04", "F05", "F06"]
    assert {it.code for it in questions[2].options} == {"youth", "culture"}


async def test_an_event_has_one_round_of_a_kind_under_way(
    olgas_office: Organiser, now: datetime
) -> None:
    draft = await a_draft(olgas_office, now)
    assert draft.event_id

    with pytest.raises(rules.RoundUnderWay):
        await rounds.create(olgas_office.id, draft.event_id, actor=ACTOR, now=now)


async def test_rounds_of_other_kinds_and_any_number_of_pulses_go_beside_it(
    olgas_office: Organiser, now: datetime
) -> None:
    draft = await a_draft(olgas_office, now)

    for kind in (RoundKind.CLOSING, RoundKind.PULSE, RoundKind.PULSE):
        await rounds.create(
            olgas_office.id, draft.event_id, kind=kind, actor=ACTOR, now=now
        )

    kinds = [each.kind for each in await Round.filter(event_id=draft.event_id)]
    assert sorted(kinds) == ["closing", "pulse", "pulse", "survey"]


async def test_a_session_has_a_round_beside_that_of_its_event(
    olgas_office: Organiser, now: datetime
) -> None:
    draft = await a_draft(olgas_office, now)
    assert draft.event_id
    own = await a_session(draft.event_id, now)
    other = await a_session((await an_event(olgas_office, now=now)).id, now)
    create = partial(
        rounds.create, olgas_office.id, draft.event_id, actor=ACTOR, now=now
    )

    await create(session_id=own.id)

    with pytest.raises(rules.RoundUnderWay):
        await create(session_id=own.id)
    with pytest.raises(NotFound):
        await create(session_id=other.id)


async def test_an_open_round_keeps_its_words(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await surveys(olgas_office)

    with pytest.raises(rules.RoundFrozen):
        await drafts.edit(
            olgas_office.id, asked.id, RoundWish({"en": "x"}), actor=ACTOR, now=now
        )
    with pytest.raises(rules.RoundFrozen):
        await rounds.open(olgas_office.id, asked.id, actor=ACTOR, now=now)
    with pytest.raises(rules.RoundFrozen):
        await rounds.delete(olgas_office.id, asked.id, actor=ACTOR, now=now)


async def test_a_round_without_questions_asks_nothing(
    olgas_office: Organiser, now: datetime
) -> None:
    draft = await a_draft(olgas_office, now)
    await QuestionRow.filter(round_id=draft.id).delete()

    with pytest.raises(rules.NothingToAsk):
        await rounds.open(olgas_office.id, draft.id, actor=ACTOR, now=now)


async def test_a_draft_can_be_deleted(olgas_office: Organiser, now: datetime) -> None:
    draft = await a_draft(olgas_office, now)

    await rounds.delete(olgas_office.id, draft.id, actor=ACTOR, now=now)

    assert not await Round.exists()
    assert not await QuestionRow.exists()


async def test_without_people_there_is_nobody_to_ask(
    olgas_office: Organiser, now: datetime
) -> None:
    draft = await a_draft(olgas_office, now, people=0)

    with pytest.raises(rules.NobodyToAsk):
        await rounds.open(olgas_office.id, draft.id, actor=ACTOR, now=now)

    assert (await Round.get(id=draft.id)).state is RoundState.DRAFT


async def test_each_person_gets_one_letter_however_often_it_is_asked_for(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=3)
    sent = await rounds.send_ballots(olgas_office.id, asked.id, now=now)
    await Job.filter(name="letter:ballot").delete()

    again = await rounds.send_ballots(olgas_office.id, asked.id, now=now)

    assert (sent, again) == (3, 0)
    assert await letters() == []


async def test_letters_go_to_those_with_a_ballot_and_a_seat(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await surveys(olgas_office, people=3)
    gone = await Registration.filter(event_id=asked.event_id).order_by("id").first()
    assert gone
    await Registration.filter(id=gone.id).update(state=State.CANCELLED)

    assert await rounds.send_ballots(olgas_office.id, asked.id, now=now) == 2

    told = {job.args["registration_id"] for job in await letters()}
    assert str(gone.id) not in told
    assert {job.args["round_id"] for job in await letters()} == {str(asked.id)}


async def test_a_round_closes_by_itself_after_its_time_and_the_grace(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office)
    assert asked.closes_at == now + timedelta(days=14)
    end = asked.closes_at + timedelta(minutes=15)

    assert await rounds.close_due(end - MINUTE) == 0
    assert await rounds.close_due(end) == 1
    assert await rounds.close_due(end) == 0

    assert (await Round.get(id=asked.id)).state is RoundState.CLOSED


async def test_ending_a_round_lets_those_who_write_finish(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await surveys(olgas_office)

    await rounds.close(olgas_office.id, asked.id, at_once=False, actor=ACTOR, now=now)

    ending = await Round.get(id=asked.id)
    assert (ending.state, ending.closes_at) == (RoundState.OPEN, now)


async def test_the_files_can_be_wiped_twice(
    olgas_office: Organiser, surveys: Surveys, answering: Answering, now: datetime
) -> None:
    asked = await surveys(olgas_office)
    await answering(asked, 2)
    await rounds.close(olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=now)

    await traces.wipe()
    await traces.wipe()

    assert len(await queries.responses_of(asked.id)) == 2


async def test_otto_finds_no_round_of_olgas(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked, otto = await surveys(olgas_office), await an_organiser("Another office")
    assert asked.event_id

    for deed in (
        rounds.create(otto.id, asked.event_id, actor=ACTOR, now=now),
        drafts.edit(otto.id, asked.id, RoundWish({}), actor=ACTOR, now=now),
        rounds.open(otto.id, asked.id, actor=ACTOR, now=now),
        rounds.close(otto.id, asked.id, at_once=True, actor=ACTOR, now=now),
    ):
        with pytest.raises(NotFound):
            await deed


END = datetime.fromisoformat("2027-03-15T09:00+00:00")
IN_TIME, LATE = END - MINUTE, END + MINUTE
STANDINGS = {
    "in time": (RoundState.OPEN, False, None, IN_TIME, Standing.MAY_ANSWER),
    "used": (RoundState.OPEN, True, None, IN_TIME, Standing.ANSWERED),
    "used and closed": (RoundState.CLOSED, True, None, LATE, Standing.ANSWERED),
    "at the end": (RoundState.OPEN, False, None, END, Standing.CLOSED),
    "loaded in time": (RoundState.OPEN, False, IN_TIME, LATE, Standing.MAY_ANSWER),
    "loaded late": (RoundState.OPEN, False, END, LATE, Standing.CLOSED),
    "after the grace": (
        RoundState.OPEN,
        False,
        IN_TIME,
        END + 15 * MINUTE,
        Standing.CLOSED,
    ),
    "closed at once": (RoundState.CLOSED, False, IN_TIME, IN_TIME, Standing.CLOSED),
}


@pytest.mark.parametrize(
    ("state", "used", "loaded", "at", "expected"), STANDINGS.values(), ids=STANDINGS
)
def test_a_ballot_stands(
    state: RoundState,
    used: bool,
    loaded: datetime | None,
    at: datetime,
    expected: Standing,
) -> None:
    asked = Round(state=state, closes_at=END)

    assert standing(asked, used=used, loaded=loaded, now=at) is expected
