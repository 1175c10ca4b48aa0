"""Which message wins: the SEQUENCE of one person's item and what covers what."""

from datetime import UTC, datetime, timedelta

import pytest

from werkraum_calendar import rules
from werkraum_calendar.models import Invitation, Method
from werkraum_events.models import Event, Mode

FIRST = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = FIRST + timedelta(seconds=1)


def invited(**sent: object) -> Invitation:
    return Invitation(method=Method.REQUEST, mode=Mode.ONLINE, **sent)


def event(sequence: int = 0, revised_at: datetime = FIRST) -> Event:
    return Event(sequence=sequence, revised_at=revised_at)


def test_what_was_never_sent_is_covered_by_nothing() -> None:
    assert not rules.is_covered(invited(), event())


@pytest.mark.parametrize(
    ("sequence", "revised_at", "covered"),
    [
        pytest.param(1, FIRST, True, id="the same"),
        pytest.param(0, LATER, True, id="an older one"),
        pytest.param(1, LATER, False, id="a typing error put right"),
        pytest.param(2, LATER, False, id="moved"),
    ],
)
def test_the_higher_sequence_wins_then_the_later_moment(
    sequence: int, revised_at: datetime, covered: bool
) -> None:
    known = invited(sent_sequence=1, sent_revised_at=FIRST)
    assert rules.is_covered(known, event(sequence, revised_at)) is covered


@pytest.mark.parametrize(
    ("method", "mode", "rises"),
    [
        (Method.REQUEST, Mode.ONLINE, 0),
        (Method.REQUEST, Mode.ONSITE, 1),
        (Method.CANCEL, Mode.ONLINE, 1),
    ],
)
def test_another_message_rises_once_however_often_it_is_tried(
    method: Method, mode: Mode, rises: int
) -> None:
    invitation = invited()
    for _ in range(2):
        rules.put_on_its_way(invitation, method, mode)
    assert rules.sequence_of(invitation, event(4)) == 4 + rises


def test_an_invitation_after_a_cancellation_rises_above_it() -> None:
    invitation = invited()
    sequences = []
    for method in (Method.REQUEST, Method.CANCEL, Method.REQUEST):
        rules.put_on_its_way(invitation, method, Mode.ONLINE)
        sequences.append(rules.sequence_of(invitation, event()))
    assert sequences == [0, 1, 2]
