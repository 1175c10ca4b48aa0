"""The demo: whenever it is started, there is something to see on every page."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.server.installations import Installation

from werkraum_events import rules
from werkraum_events.models import Event, Mode, Status
from werkraum_feedback.asking.queries import count_responses
from werkraum_feedback.models import AnswerRow, Round, RoundKind, RoundState
from werkraum_feedback.report_models import Report
from werkraum_feedback.statement_models import Coding, Theme
from werkraum_foundation.models import Job, Organiser
from werkraum_registration.models import Registration, SeatPool, State
from werkraum_server.demo import fill, wish_of
from werkraum_server.demo_people import SURVEY, attendees
from werkraum_server.demo_programme import FORUM_PAST, TO_COME
from werkraum_server.demo_workshop import ANSWERED, CLOSING, GUESTS, WORKSHOP_PAST
from werkraum_server.letters.calendar_messages import request_due

# Every hour of the weeks in which the clocks change, and of one in between.
MOMENTS = [
    datetime(2027, month, day, 0, 30, tzinfo=UTC) + timedelta(hours=hours)
    for month, day in ((3, 1), (3, 22), (10, 4), (10, 25))
    for hours in range(0, 7 * 24, 5)
]


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_the_programme_is_possible_at_any_moment(now: datetime) -> None:
    for planned in TO_COME:
        wish = wish_of(planned, now)
        rules.must_be_possible(wish, now=now)
        begins = timedelta(minutes=planned.items[-1].end) if planned.items else None
        assert begins is None or wish.starts_at + begins <= wish.ends_at
    assert wish_of(FORUM_PAST, now).ends_at + timedelta(days=15) < now


def test_people_have_a_name_and_an_address_of_their_own() -> None:
    people = attendees(500, shift=0)
    assert len({person.email for person in people}) == 500
    assert all(re.fullmatch(r"[a-z.]+@example\.org", it.email) for it in people)


async def test_the_programme_holds_what_each_page_needs(
    database: str, now: datetime
) -> None:
    await fill(now)
    assert await Organiser.all().count() == 1
    assert await Event.filter(status=Status.PUBLISHED).count() == 7
    assert await Event.filter(status=Status.DRAFT).count() == 1
    assert await Event.filter(ends_at__lt=now).count() == 2
    soon = await Event.get(slug="offene-runde")
    assert soon.starts_at - now < timedelta(minutes=15)


async def test_one_event_is_full_and_people_wait(database: str, now: datetime) -> None:
    await fill(now)
    pool = await SeatPool.get(event__slug="foerdersprechstunde", mode=Mode.ONSITE)
    assert (pool.seats, pool.taken, pool.demand) == (12, 12, 17)
    waiting = Registration.filter(pool_id=pool.id, state=State.WAITLISTED)
    assert await waiting.count() == 5


async def test_the_survey_of_the_past_is_closed_and_answered(
    database: str, now: datetime
) -> None:
    await fill(now)
    asked = await Round.get(event__slug="nachhaltig-verbunden")
    assert (asked.state, asked.invited) == (RoundState.CLOSED, 40)
    assert await count_responses(asked.id) == len(SURVEY) >= 12


async def test_the_workshop_of_the_past_has_raw_answers_and_nothing_made_of_them(
    database: str, now: datetime
) -> None:
    await fill(now)
    event = await Event.get(slug=WORKSHOP_PAST.slug)
    rounds = await Round.filter(state=RoundState.CLOSED).order_by("created_at")
    answered = [
        (it.kind, it.event_id, await count_responses(it.id)) for it in rounds[:3]
    ]
    assert answered == [
        (RoundKind.SURVEY, None, ANSWERED),
        (RoundKind.INTRODUCTION, event.id, len(GUESTS)),
        (RoundKind.CLOSING, event.id, len(CLOSING)),
    ]
    yes = [
        row
        for row in await AnswerRow.filter(response__round_id=rounds[0].id)
        if row.codes == ["yes"]
    ]
    assert (len(yes), ANSWERED) == (41, 121)
    for table in (Theme, Coding, Report):
        assert not await table.exists()


async def test_nobody_invented_gets_a_letter(database: str, now: datetime) -> None:
    await fill(now)
    names = {job.name.partition(":")[0] for job in await Job.all()}
    assert names <= {"EventPublished", "RoundClosed"}


async def test_everybody_with_a_seat_hears_when_an_event_moves(
    database: str, now: datetime
) -> None:
    await fill(now)
    event = await Event.get(slug="werkstattgespraech")
    seated = Registration.filter(event_id=event.id, state=State.CONFIRMED)
    anybody = (await seated.select_related("event"))[0]
    moved = event.starts_at + timedelta(hours=1)
    await Event.filter(id=event.id).update(sequence=1, starts_at=moved)

    due = await request_due(anybody)

    assert due is not None
    assert due.before is not None
    assert due.before.starts_at == event.starts_at


def link_printed(where: Installation) -> str:
    """The link that the demo printed last."""
    text = (where.folder / "demo.log").read_text("utf-8")
    links = re.findall(r"http://127\.0\.0\.1:\d+/sign-in/\S+", text)
    found: str = links[-1]
    return found


def test_started_again_it_serves_what_is_there_with_a_fresh_link(
    installation: Installation,
) -> None:
    with installation.serving("demo") as running:
        first = link_printed(installation)
        assert "Werkstattgespräch" in httpx.get(f"{installation.address}/de/").text
        assert running.stop() == 0
    with installation.serving("demo"):
        second = link_printed(installation)
        assert httpx.get(second).status_code == 200
        page = httpx.get(f"{installation.address}/de/").text
    assert '"request"' not in (installation.folder / "demo.log").read_text("utf-8")
    assert (first != second, page.count("Forum: Jugend gestaltet")) == (True, 1)


def test_in_production_there_is_no_demo(installation: Installation) -> None:
    installation.settings |= {
        "WERKRAUM_ENV": "production",
        "WERKRAUM_SECRET_KEY": "Xq3vJ8m1Zr6Tn0Lw5Ke9Yb2Hc7Ds4Fg8Pa1Ui",
    }
    assert installation.run("demo").returncode == 1
