"""Every fact that somebody tells has those who react to it, and no stranger has."""

import inspect
from datetime import timedelta
from typing import Any

import pytest
from tests.people import an_event, an_organiser

from werkraum_events import announcements as of_events
from werkraum_events import events
from werkraum_events.models import Event, Status
from werkraum_events.rules import wish_of
from werkraum_events.wishes import EventWish
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import announcements as of_registration
from werkraum_server import reactions

FACTS = [
    kind
    for module in (of_events, of_registration)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if kind.__module__ == module.__name__
]


@pytest.mark.parametrize("fact", FACTS)
def test_somebody_reacts_to_every_fact(fact: type[object]) -> None:
    told = [
        inspect.signature(reaction).parameters
        for _, reaction in inspect.getmembers(reactions, inspect.iscoroutinefunction)
    ]
    kinds = {it["fact"].annotation for it in told if "fact" in it}
    assert fact in kinds


async def reminders_due(event: Event) -> dict[int, int]:
    jobs = await Job.filter(name="reminder:due")
    assert {job.args["event_id"] for job in jobs} <= {str(event.id)}
    return {job.args["minutes_before"]: job.due for job in jobs}


async def test_reminders_come_with_publishing_move_with_it_and_go_with_the_end(
    database: str,
) -> None:
    event = await an_event(await an_organiser(), status=Status.DRAFT)
    deed: dict[str, Any] = {"actor": "p", "now": clock.now()}  # Any: keywords
    await events.publish(event.organiser_id, event.id, **deed)
    await drain()
    before = await reminders_due(event)
    assert set(before) == {24 * 60, 60}

    wish = vars(wish_of(event))
    moved = EventWish(**{**wish, "starts_at": event.starts_at + timedelta(hours=1)})
    await events.edit(event.organiser_id, event.id, moved, version=None, **deed)
    await drain()
    after = await reminders_due(event)
    assert after[60] - before[60] == 3_600_000

    await events.cancel(event.organiser_id, event.id, {}, **deed)
    await drain()
    assert await reminders_due(event) == {}
