"""What follows an answer of a calendar while mail is away, and how often."""

from datetime import timedelta

import pytest
from tests.bad_inputs.conftest import limits_on
from tests.calendar.reply_samples import outlook
from tests.incoming.conftest import Post, sample, stamp
from tests.incoming.test_return_paths import Server, mail

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.outbox.worker import drain
from werkraum_registration.models import Registration
from werkraum_server.letters.calendar_replies import ENTRIES_AGAIN, NOTES

__all__ = ["limits_on", "mail"]


@pytest.fixture
async def postbox(mail: Server, anna: Registration, limits_on: None) -> Server:
    """A mail server, once anna has her invitation."""
    mail.taken.clear()
    return mail


async def hours_pass() -> None:
    """Let everything be tried that waits for another try."""
    await Job.all().update(due=0)
    await drain()


@pytest.mark.parametrize("method", ["REFRESH", "COUNTER"])
async def test_a_letter_that_is_tried_often_counts_once(
    hands_over: Post, event: Event, anna: Registration, postbox: Server, method: str
) -> None:
    postbox.is_away = True
    await hands_over(outlook(await sample(anna, event, method=method)))
    for _ in range(NOTES + 1):
        await hours_pass()
    postbox.is_away = False
    await hours_pass()

    assert len(postbox.taken) == 1
    assert await Job.all().count() == 0


@pytest.mark.parametrize(
    ("method", "most"), [("REFRESH", ENTRIES_AGAIN), ("COUNTER", NOTES)]
)
async def test_a_calendar_that_asks_and_asks_is_answered_a_few_times_a_day(
    hands_over: Post,
    event: Event,
    anna: Registration,
    postbox: Server,
    method: str,
    most: int,
) -> None:
    for n in range(most + 2):
        moment = stamp(clock.now() + timedelta(seconds=n))
        mail = outlook(await sample(anna, event, method=method, stamp=moment))
        assert (await hands_over(mail)).json() == {"result": "counted"}
        await drain()

    assert len(postbox.taken) == most
