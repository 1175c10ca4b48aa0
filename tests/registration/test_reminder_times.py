"""When reminders go out, and when they help nobody any more."""

from datetime import UTC, datetime, timedelta

import pytest

from werkraum_events.models import Mode
from werkraum_registration.reminder_times import (
    DAY,
    USUAL,
    Pointless,
    Reminder,
    due,
    reminder_for,
    why_pointless,
)

START = datetime(2027, 3, 28, 8, 0, tzinfo=UTC)  # ten o'clock, in summer time
HOUR = timedelta(hours=1)
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("minutes", "before"),
    [
        (DAY, 23 * HOUR),
        (7 * DAY, 7 * 24 * HOUR - HOUR),
        (60, HOUR),
        (25 * 60, 25 * HOUR),
        (90, 1.5 * HOUR),
    ],
    ids=["a day", "a week", "an hour", "25 hours", "90 minutes"],
)
def test_days_keep_the_time_of_the_day_and_hours_are_hours(
    minutes: int, before: timedelta
) -> None:
    assert due(START, BERLIN, minutes) == START - before


@pytest.mark.parametrize(
    ("minutes", "before", "why"),
    [
        (DAY, 22 * HOUR, None),
        (DAY, HOUR, Pointless.OVERTAKEN),
        (DAY, HOUR / 2, Pointless.OVERTAKEN),
        (60, HOUR / 2, None),
        (60, timedelta(0), Pointless.BEGUN),
        (DAY, -HOUR, Pointless.BEGUN),
    ],
)
def test_a_late_reminder_is_sent_unless_it_has_begun_or_the_next_is_due(
    minutes: int, before: timedelta, why: Pointless | None
) -> None:
    found = why_pointless(
        USUAL,
        minutes,
        Mode.ONLINE,
        starts_at=START,
        timezone=BERLIN,
        now=START - before,
    )
    assert found is why


def test_a_reminder_for_others_overtakes_nothing() -> None:
    reminders = [Reminder(DAY), Reminder(60, Mode.ONSITE)]

    def why(mode: Mode) -> Pointless | None:
        late = START - HOUR / 2
        return why_pointless(
            reminders, DAY, mode, starts_at=START, timezone=BERLIN, now=late
        )

    assert why(Mode.ONLINE) is None
    assert why(Mode.ONSITE) is Pointless.OVERTAKEN


def test_the_reminder_for_a_mode_comes_before_the_one_for_all() -> None:
    both, online = Reminder(60), Reminder(60, Mode.ONLINE)
    assert reminder_for([both, online], 60, Mode.ONLINE) is online
    assert reminder_for([both, online], 60, Mode.ONSITE) is both
    assert reminder_for([online], 60, Mode.ONSITE) is None
