from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.feedback.asking.test_rounds import a_session
from tests.feedback.conftest import ACTOR, Surveys, confirmed, holders, saying
from tests.people import an_event, an_organiser

from werkraum_events.models import Event, Status
from werkraum_feedback.answering import ballots
from werkraum_feedback.asking import planned, queries, rounds, rules
from werkraum_feedback.asking.audiences import people_of
from werkraum_feedback.asking.planned import Plan
from werkraum_feedback.models import Ballot, QuestionRow, Round, RoundKind, RoundState
from werkraum_foundation.models import AuditEntry, Job, Organiser
from werkraum_foundation.refusals import NotFound
from werkraum_registration.models import (
    Attendance,
    Booking,
    Presence,
    Registration,
    SeatPool,
    State,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def a_draft(
    organiser: Organiser, now: datetime, *, kind: RoundKind = RoundKind.SURVEY
) -> tuple[Event, Round]:
    """Draft a round of an event that begins in two weeks, for three people."""
    event = await an_event(organiser, now=now)
    await confirmed(event, 3)
    made = await rounds.create(organiser.id, event.id, kind=kind, actor=ACTOR, now=now)
    return event, made


async def an_hour_after(
    organiser: Organiser, event: Event, draft: Round, now: datetime
) -> datetime:
    opens_at = event.ends_at + HOUR
    wish = Plan(opens_at, days=7, reminds=True)
    await planned.plan(organiser.id, draft.id, wish, actor=ACTOR, now=now)
    return opens_at


async def was_there(event: Event, people: list[UUID], session: UUID | None) -> None:
    for person in people:
        await Attendance.create(
            event=event,
            registration_id=person,
            session_id=session,
            source=Presence.DESK,
            client_key=uuid4().hex,
            came_at=event.starts_at,
            recorded_at=event.starts_at,
            recorded_by=ACTOR,
        )


async def letters(name: str = "letter:ballot") -> list[Job]:
    return await Job.filter(name=name)


async def test_a_draft_opens_by_itself_when_its_time_has_come(
    olgas_office: Organiser, now: datetime
) -> None:
    event, draft = await a_draft(olgas_office, now)
    opens_at = await an_hour_after(olgas_office, event, draft, now)

    assert await planned.open_due(opens_at - HOUR) == 0
    assert await planned.open_due(opens_at) == 1
    assert await planned.open_due(opens_at) == 0

    opened = await Round.get(id=draft.id)
    assert (opened.state, opened.invited) == (RoundState.OPEN, 3)
    assert opened.closes_at == opens_at + 7 * DAY
    noted = await AuditEntry.get(action="round.open")
    assert noted.actor == "system"


async def test_moving_the_event_moves_the_planned_opening(
    olgas_office: Organiser, now: datetime
) -> None:
    event, draft = await a_draft(olgas_office, now)
    opens_at = await an_hour_after(olgas_office, event, draft, now)
    await Event.filter(id=event.id).update(ends_at=event.ends_at + 3 * DAY)

    for _ in range(2):
        await planned.move_with_event(event.id)

    assert (await Round.get(id=draft.id)).opens_at == opens_at + 3 * DAY


async def test_a_planned_opening_keeps_its_time_over_a_change_of_the_clocks(
    olgas_office: Organiser, now: datetime
) -> None:
    event, draft = await a_draft(olgas_office, now)
    friday = datetime(2027, 3, 19, 16, tzinfo=UTC)
    await Event.filter(id=event.id).update(ends_at=friday)
    monday_at_nine = datetime(2027, 3, 22, 8, tzinfo=UTC)
    wish = Plan(monday_at_nine, days=7)
    await planned.plan(olgas_office.id, draft.id, wish, actor=ACTOR, now=now)

    await Event.filter(id=event.id).update(ends_at=friday + 7 * DAY)
    await planned.move_with_event(event.id)

    # An hour earlier by the sun, and nine on the clock.
    moved = (await Round.get(id=draft.id)).opens_at
    assert moved == datetime(2027, 3, 29, 7, tzinfo=UTC)


async def test_a_round_of_a_session_goes_by_its_end(
    olgas_office: Organiser, now: datetime
) -> None:
    event = await an_event(olgas_office, now=now)
    session = await a_session(event.id, event.starts_at)
    made = await rounds.create(
        olgas_office.id, event.id, session_id=session.id, actor=ACTOR, now=now
    )

    assert await planned.end_of(made) == session.ends_at


async def test_a_cancelled_event_asks_nobody_and_a_draft_not_yet(
    olgas_office: Organiser, now: datetime
) -> None:
    event, draft = await a_draft(olgas_office, now)
    opens_at = await an_hour_after(olgas_office, event, draft, now)

    await Event.filter(id=event.id).update(status=Status.DRAFT)
    assert await planned.open_due(opens_at) == 0
    await Event.filter(id=event.id).update(status=Status.CANCELLED)
    await planned.move_with_event(event.id)

    assert (await Round.get(id=draft.id)).opens_at is None


async def test_where_there_is_nobody_to_ask_a_plan_is_given_up_and_noted(
    olgas_office: Organiser, now: datetime
) -> None:
    event, draft = await a_draft(olgas_office, now)
    opens_at = await an_hour_after(olgas_office, event, draft, now)
    await Registration.all().update(state=State.CANCELLED)

    assert await planned.open_due(opens_at) == 0

    waiting = await Round.get(id=draft.id)
    assert (waiting.state, waiting.opens_at) == (RoundState.DRAFT, None)
    assert await AuditEntry.exists(action="round.unplan")


async def test_only_a_draft_with_questions_is_planned(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked, wish = await surveys(olgas_office), Plan(now + DAY, days=7)
    with pytest.raises(rules.RoundFrozen):
        await planned.plan(olgas_office.id, asked.id, wish, actor=ACTOR, now=now)

    _, draft = await a_draft(olgas_office, now)
    await QuestionRow.filter(round_id=draft.id).delete()
    with pytest.raises(rules.NothingToAsk):
        await planned.plan(olgas_office.id, draft.id, wish, actor=ACTOR, now=now)

    otto = await an_organiser("Another office")
    with pytest.raises(NotFound):
        await planned.plan(otto.id, draft.id, wish, actor=ACTOR, now=now)


async def test_whoever_was_there_is_asked_and_everybody_where_nobody_noted_it(
    olgas_office: Organiser, now: datetime
) -> None:
    event, draft = await a_draft(olgas_office, now)
    everybody = await people_of(draft)

    await was_there(event, everybody[:2], None)

    assert len(everybody) == 3
    assert set(await people_of(draft)) == set(everybody[:2])


async def test_needs_are_asked_of_everybody_with_a_seat(
    olgas_office: Organiser, now: datetime
) -> None:
    event, draft = await a_draft(olgas_office, now, kind=RoundKind.NEEDS)
    everybody = await people_of(draft)

    await was_there(event, everybody[:1], None)

    assert await people_of(draft) == everybody


async def test_a_round_of_a_session_asks_only_who_chose_it(
    olgas_office: Organiser, now: datetime
) -> None:
    event = await an_event(olgas_office, now=now)
    people = await confirmed(event, 4)
    session = await a_session(event.id, event.starts_at)
    session.bookable = True
    await session.save(update_fields=["bookable"])
    pool = await SeatPool.create(event=event, session=session, mode=None, seats=None)
    for number, person in enumerate(people[:3]):
        await Booking.create(registration_id=person, pool=pool, holds_seat=number < 2)
    draft = await rounds.create(
        olgas_office.id, event.id, session_id=session.id, actor=ACTOR, now=now
    )

    assert set(await people_of(draft)) == set(people[:2])
    await was_there(event, people[1:], None)
    assert await people_of(draft) == [people[1]]
    await was_there(event, people[:1], session.id)
    assert await people_of(draft) == [people[0]]


async def test_who_cannot_be_written_to_is_not_asked(
    olgas_office: Organiser, now: datetime
) -> None:
    event, draft = await a_draft(olgas_office, now)
    gone = await Registration.filter(event_id=event.id).first()
    assert gone
    await Registration.filter(id=gone.id).update(email="")

    assert gone.id not in await people_of(draft)


async def reminding(organiser: Organiser, surveys: Surveys) -> Round:
    asked = await surveys(organiser, people=3)
    await Round.filter(id=asked.id).update(reminds=True)
    return asked


async def test_reminders_are_handed_over_on_the_third_and_the_seventh_day(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await reminding(olgas_office, surveys)

    told = []
    for days in (2, 3, 3, 6, 7, 8, 12):
        told.append(await planned.remind_due(now + days * DAY))

    assert told == [0, 1, 0, 0, 1, 0, 0]
    assert [job.args["reminder"] for job in await letters()].count(1) == 3
    assert [job.args["reminder"] for job in await letters()].count(2) == 3
    assert {job.args["round_id"] for job in await letters()} == {str(asked.id)}


async def test_what_was_missed_is_made_up_for_by_one_reminder(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    await reminding(olgas_office, surveys)

    assert await planned.remind_due(now + 9 * DAY) == 1
    assert await planned.remind_due(now + 10 * DAY) == 0

    assert {job.args["reminder"] for job in await letters()} == {2}


async def test_nobody_is_reminded_of_what_is_over_or_does_not_remind(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    closed, quiet = await reminding(olgas_office, surveys), await surveys(olgas_office)
    await rounds.close(olgas_office.id, closed.id, at_once=True, actor=ACTOR, now=now)
    ended = await reminding(olgas_office, surveys)
    await Round.filter(id=ended.id).update(closes_at=now + DAY)

    assert await planned.remind_due(now + 4 * DAY) == 0
    assert await letters() == []
    assert not (await Round.get(id=quiet.id)).reminded


async def test_a_used_ballot_is_known_to_the_letters_alone(
    olgas_office: Organiser, surveys: Surveys, now: datetime
) -> None:
    asked = await reminding(olgas_office, surveys)
    anna, berta, _ = await holders(asked)
    said = saying(await queries.questions_of(asked.id), 1)
    await ballots.cast(ballots.hash_for(asked.id, anna), said, loaded=None, now=now)

    await planned.remind_due(now + 3 * DAY)

    # The queue holds everybody: who has answered is asked when a letter is written.
    assert len(await letters()) == 3
    assert await ballots.has_answered(asked.id, anna)
    assert not await ballots.has_answered(asked.id, berta)
    assert await Ballot.filter(used=True).count() == 1
