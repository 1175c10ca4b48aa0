"""What an answer means: whose it is, to what, and whether a later one counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from werkraum_calendar.models import ReplyKind
from werkraum_calendar.reply_rules import (
    MOST_REPLIES,
    Earlier,
    ForeignAttendee,
    ForeignItem,
    Known,
    Meaning,
    NoAnswer,
    meaning_of,
)
from werkraum_calendar.reply_text import Answering, Said

NOW = datetime(2027, 3, 2, 8, 1, tzinfo=UTC)
STAMP = datetime(2027, 3, 2, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SAID = Said(
    method=Answering.REPLY,
    uid="a-uid",
    attendee="anna@example.org",
    partstat="ACCEPTED",
    delegated=False,
    sequence=3,
    stamp=STAMP,
    of_one_date=False,
    comment="",
    starts_at=None,
    ends_at=None,
)
KNOWN = Known("a-uid", "anna@example.org", sequence=3, earlier=())


def known(*earlier: Earlier, sequence: int = 3) -> Known:
    return replace(KNOWN, earlier=earlier, sequence=sequence)


def earlier(
    kind: ReplyKind = ReplyKind.COMING,
    sequence: int = 3,
    stamp: datetime = STAMP,
    received_at: datetime = NOW,
) -> Earlier:
    return Earlier(kind, sequence, stamp, received_at)


@pytest.mark.parametrize(
    ("partstat", "kind"),
    [
        ("ACCEPTED", ReplyKind.COMING),
        ("TENTATIVE", ReplyKind.MAYBE),
        ("DECLINED", ReplyKind.DECLINED),
        ("DELEGATED", ReplyKind.DELEGATED),
    ],
)
def test_an_answer_says_how_somebody_stands(partstat: str, kind: ReplyKind) -> None:
    said = replace(SAID, partstat=partstat)
    assert meaning_of(said, KNOWN, now=NOW) == Meaning(kind, outdated=False)


@pytest.mark.parametrize("partstat", ["", "NEEDS-ACTION", "COMPLETED", "X-PERHAPS"])
def test_neither_yes_nor_no_is_no_answer(partstat: str) -> None:
    with pytest.raises(NoAnswer):
        meaning_of(replace(SAID, partstat=partstat), KNOWN, now=NOW)


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        (Answering.COUNTER, ReplyKind.PROPOSED),
        (Answering.REFRESH, ReplyKind.ASKED_AGAIN),
    ],
)
def test_a_wish_needs_no_answer(method: Answering, kind: ReplyKind) -> None:
    said = replace(SAID, method=method, partstat="")
    assert meaning_of(said, KNOWN, now=NOW) == Meaning(kind, outdated=False)


@pytest.mark.parametrize("attendee", ["ANNA@example.org", "anna@EXAMPLE.ORG"])
def test_capitals_make_nobody_else(attendee: str) -> None:
    assert meaning_of(replace(SAID, attendee=attendee), KNOWN, now=NOW)


@pytest.mark.parametrize(
    "attendee",
    [
        "otto@example.org",
        "na@example.org",
        "xanna@example.org",
        "anna@example.org.evil.example",
        "anna@example.org,otto@example.org",
        "anna+x@example.org",
        "",
        "anna",
        "a" * 300 + "@example.org",
    ],
)
def test_an_answer_for_somebody_else_is_refused(attendee: str) -> None:
    with pytest.raises(ForeignAttendee):
        meaning_of(replace(SAID, attendee=attendee), KNOWN, now=NOW)


def test_an_answer_to_something_else_is_refused() -> None:
    with pytest.raises(ForeignItem):
        meaning_of(replace(SAID, uid="A-UID"), KNOWN, now=NOW)


def test_an_answer_for_one_of_several_dates_is_refused() -> None:
    with pytest.raises(ForeignItem):
        meaning_of(replace(SAID, of_one_date=True), KNOWN, now=NOW)


def test_the_same_answer_again_says_nothing() -> None:
    assert meaning_of(SAID, known(earlier()), now=NOW) is None


def test_an_older_answer_that_comes_late_says_nothing() -> None:
    late = replace(SAID, partstat="DECLINED", stamp=STAMP - SECOND)
    assert meaning_of(late, known(earlier()), now=NOW) is None


def test_of_two_answers_within_a_second_the_one_that_came_last_counts() -> None:
    both = known(earlier())
    declined = replace(SAID, partstat="DECLINED")
    assert meaning_of(declined, both, now=NOW) == Meaning(ReplyKind.DECLINED, False)
    after = known(earlier(), earlier(ReplyKind.DECLINED))
    assert meaning_of(SAID, after, now=NOW) is None


def test_an_answer_to_an_older_version_does_not_count() -> None:
    meaning = meaning_of(SAID, known(sequence=4), now=NOW)
    assert meaning == Meaning(ReplyKind.COMING, outdated=True)


def test_who_asks_how_it_is_now_is_never_outdated() -> None:
    asks = replace(SAID, method=Answering.REFRESH, partstat="", sequence=0)
    meaning = meaning_of(asks, known(sequence=4), now=NOW)
    assert meaning == Meaning(ReplyKind.ASKED_AGAIN, outdated=False)


def test_an_answer_to_the_new_version_wins_over_a_later_one_to_the_old() -> None:
    new = earlier(sequence=4, stamp=STAMP)
    old = replace(SAID, partstat="DECLINED", stamp=STAMP + SECOND)
    assert meaning_of(old, known(new, sequence=4), now=NOW) is None


def test_a_number_too_high_holds_up_no_later_answer() -> None:
    ahead = earlier(sequence=2**31 - 1)
    later = replace(SAID, partstat="DECLINED", stamp=STAMP + SECOND)
    assert meaning_of(later, known(ahead), now=NOW + SECOND)


def test_a_clock_that_is_years_ahead_holds_up_no_later_answer() -> None:
    ahead = earlier(stamp=datetime(2099, 1, 1, tzinfo=UTC), received_at=STAMP)
    later = replace(SAID, partstat="DECLINED", stamp=STAMP + SECOND)
    assert meaning_of(later, known(ahead), now=NOW)


def test_a_wish_does_not_overtake_an_answer() -> None:
    wished = earlier(ReplyKind.ASKED_AGAIN, stamp=STAMP + SECOND)
    assert meaning_of(SAID, known(wished), now=NOW)


def test_who_has_said_too_much_says_nothing_more() -> None:
    much = [earlier(stamp=STAMP - n * SECOND) for n in range(MOST_REPLIES)]
    later = replace(SAID, stamp=STAMP + SECOND)
    assert meaning_of(later, known(*much), now=NOW) is None
