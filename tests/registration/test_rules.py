"""The rules of registration, without a database or a clock."""

from datetime import UTC, datetime, timedelta

import pytest

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_registration import rules
from werkraum_registration.models import State, Wanted

START = datetime(2027, 3, 4, 13, 0, tzinfo=UTC)
END = START + timedelta(hours=2)
SECOND = timedelta(seconds=1)
BEFORE = START - SECOND


def an_event_of(**changes: object) -> Event:
    columns: dict[str, object] = {
        "status": Status.PUBLISHED,
        "starts_at": START,
        "ends_at": END,
        "timezone": "Europe/Berlin",
        "onsite": True,
        "online": False,
    }
    return Event(**(columns | changes))


@pytest.mark.parametrize(
    ("demand", "seats", "state"),
    [
        (1, 1, State.CONFIRMED),
        (2, 1, State.WAITLISTED),
        (1, 0, State.WAITLISTED),
        (10_000, None, State.CONFIRMED),
    ],
    ids=["last seat", "one too many", "no seats", "no limit"],
)
def test_a_seat_is_given_while_the_demand_fits(
    demand: int, seats: int | None, state: State
) -> None:
    assert rules.state_for(demand, seats=seats) is state


def test_registration_is_open_from_publishing_to_the_start() -> None:
    rules.must_be_open(an_event_of(), now=START - SECOND)


@pytest.mark.parametrize(
    ("changes", "now", "refusal"),
    [
        ({}, START, rules.RegistrationClosed),
        (
            {"registration_closes_at": START - SECOND},
            START - SECOND,
            rules.RegistrationClosed,
        ),
        (
            {"registration_opens_at": START - SECOND},
            START - 2 * SECOND,
            rules.NotOpenYet,
        ),
        (
            {"registration_closes_at": START + timedelta(days=9)},
            START + timedelta(hours=2),
            rules.EventOver,
        ),
        ({"status": Status.CANCELLED}, START - SECOND, rules.EventCalledOff),
        ({"status": Status.DRAFT}, START - SECOND, NotFound),
    ],
    ids=["begun", "closing moment", "before opening", "over", "called off", "draft"],
)
def test_registration_is_closed(
    changes: dict[str, object], now: datetime, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        rules.must_be_open(an_event_of(**changes), now=now)


def test_registration_may_close_after_the_start() -> None:
    event = an_event_of(registration_closes_at=START + timedelta(hours=1))
    rules.must_be_open(event, now=START + timedelta(minutes=59))


def test_the_opening_moment_is_open() -> None:
    event = an_event_of(registration_opens_at=START - SECOND)
    rules.must_be_open(event, now=START - SECOND)


def test_a_refusal_names_the_moment_on_the_clock_of_the_place() -> None:
    refusal = rules.RegistrationClosed(START, "Europe/Berlin")
    assert "4 March 2027 at 14:00" in refusal.message()


def test_only_a_hybrid_event_has_another_mode() -> None:
    hybrid = an_event_of(online=True)
    assert rules.other_mode(hybrid, Mode.ONSITE) is Mode.ONLINE
    assert rules.other_mode(an_event_of(), Mode.ONSITE) is None


def test_a_mode_that_is_not_offered_is_refused() -> None:
    with pytest.raises(rules.ModeNotOffered):
        rules.must_offer(an_event_of(), Wanted.ONLINE)


@pytest.mark.parametrize(
    ("state", "confirmable"),
    [
        (State.UNCONFIRMED, True),
        (State.CONFIRMED, True),
        (State.CANCELLED, False),
        (State.EXPIRED, False),
    ],
)
def test_an_ended_registration_cannot_be_confirmed(
    state: State, confirmable: bool
) -> None:
    why = rules.why_not_confirmable(state, an_event_of(), now=START)
    assert (why is None) is confirmable
