from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from werkraum_events import rules
from werkraum_events.models import Event, Session, Status
from werkraum_events.slugs import is_slug
from werkraum_events.wishes import Access, EventWish, SessionWish
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.refusals import ChangedMeanwhile

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def an_event(wish: EventWish, **changes: object) -> Event:
    columns = rules.columns_of(wish) | {"revised_at": NOW} | changes
    return Event(**columns)


def faults(wish: EventWish, before: Event | None = None) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        rules.must_be_possible(wish, now=NOW, before=before)
    return [(fault.field, fault.code) for fault in refused.value.faults]


def test_a_sound_wish_is_possible(wish: EventWish) -> None:
    rules.must_be_possible(wish, now=NOW)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"title": {}}, ("title", "missing"), id="no title"),
        pytest.param({"title": {"de": ""}}, ("title", "missing"), id="empty title"),
        pytest.param({"slug": "a"}, ("slug", "slug"), id="short slug"),
        pytest.param({"slug": "Forum"}, ("slug", "slug"), id="capital in the slug"),
        pytest.param({"slug": "a" * 81}, ("slug", "slug"), id="long slug"),
        pytest.param(
            {"onsite": None, "online": None}, ("modes", "no_mode"), id="no mode"
        ),
        pytest.param(
            {"topics": tuple(f"t{n}" for n in range(21))},
            ("topics", "too_many"),
            id="21 topics",
        ),
    ],
)
def test_each_fault_stands_at_its_field(
    wish: EventWish, changes: dict[str, object], fault: tuple[str, str]
) -> None:
    assert faults(replace(wish, **changes)) == [fault]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lasting", "code"),
    [
        pytest.param(timedelta(0), "ends_before_start", id="no length"),
        pytest.param(-HOUR, "ends_before_start", id="end before start"),
        pytest.param(31 * DAY + HOUR, "too_long", id="31 days and an hour"),
        pytest.param(3650 * DAY, "too_long", id="ten years"),
    ],
)
def test_an_impossible_length_is_refused(
    wish: EventWish, lasting: timedelta, code: str
) -> None:
    assert faults(replace(wish, ends_at=wish.starts_at + lasting)) == [
        ("ends_at", code)
    ]


def test_31_days_are_possible(wish: EventWish) -> None:
    long = replace(wish, ends_at=wish.starts_at + 31 * DAY)

    rules.must_be_possible(long, now=NOW)


def test_registration_closes_at_the_start_at_the_latest(wish: EventWish) -> None:
    rules.must_be_possible(
        replace(wish, registration_closes_at=wish.starts_at), now=NOW
    )

    late = replace(wish, registration_closes_at=wish.starts_at + HOUR)
    assert faults(late) == [("registration_closes_at", "closes_after_start")]


def test_registration_opens_before_it_closes(wish: EventWish) -> None:
    late = replace(wish, registration_opens_at=wish.starts_at)

    assert faults(late) == [("registration_opens_at", "opens_after_close")]


def test_an_event_is_not_moved_into_the_past(wish: EventWish) -> None:
    event = an_event(wish)
    gone = replace(wish, starts_at=NOW - HOUR, ends_at=NOW + HOUR)

    assert faults(gone, event) == [("starts_at", "in_the_past")]


def test_a_running_event_may_get_another_title_and_a_later_end(
    wish: EventWish,
) -> None:
    running = replace(wish, starts_at=NOW - HOUR, ends_at=NOW + HOUR)
    event = an_event(running)

    wanted = replace(running, title={"de": "Neu"}, ends_at=NOW + 2 * HOUR)
    rules.must_be_possible(wanted, now=NOW, before=event)


def test_the_address_of_a_published_event_stays(wish: EventWish) -> None:
    event = an_event(wish, status=Status.PUBLISHED)

    assert faults(replace(wish, slug="other"), event) == [("slug", "stays")]


def test_the_address_of_a_draft_may_change(wish: EventWish) -> None:
    event = an_event(wish)

    rules.must_be_possible(replace(wish, slug="other"), now=NOW, before=event)


def test_saving_what_is_there_is_no_change(wish: EventWish) -> None:
    assert rules.changes(an_event(wish), rules.columns_of(wish)) == {}


def test_an_event_says_itself_as_the_wish_it_was(wish: EventWish) -> None:
    assert rules.wish_of(an_event(wish), wish.topics) == wish


@pytest.mark.parametrize(
    ("names", "sequence", "revised"),
    [
        pytest.param({"starts_at"}, 1, True, id="start"),
        pytest.param({"ends_at"}, 1, True, id="end"),
        pytest.param({"timezone"}, 1, True, id="zone"),
        pytest.param({"place_name"}, 1, True, id="place"),
        pytest.param({"online"}, 1, True, id="modes"),
        pytest.param({"status"}, 1, True, id="status"),
        pytest.param({"title"}, 0, True, id="a typo in the title"),
        pytest.param({"topics"}, 0, True, id="topics"),
        pytest.param({"online_link"}, 0, False, id="link behind the door"),
    ],
)
def test_only_what_moves_calendars_raises_the_sequence(
    wish: EventWish, names: set[str], sequence: int, revised: bool
) -> None:
    event = an_event(wish, status=Status.PUBLISHED, sequence=0, version=1)

    rules.revise(event, frozenset(names), now=NOW)

    assert (event.sequence, event.version) == (sequence, 2)
    assert (event.revised_at > NOW) is revised


def test_a_draft_keeps_its_sequence(wish: EventWish) -> None:
    event = an_event(wish, status=Status.DRAFT, sequence=0, version=1)

    rules.revise(event, frozenset({"starts_at"}), now=NOW)

    assert event.sequence == 0


def test_a_revision_in_the_same_second_is_a_second_later(wish: EventWish) -> None:
    event = an_event(wish, revised_at=NOW)

    next_one = rules.next_revision(event, now=NOW + timedelta(milliseconds=900))

    assert next_one == NOW + timedelta(seconds=1)


def test_a_revision_is_a_whole_second(wish: EventWish) -> None:
    later = NOW + timedelta(hours=1, milliseconds=900)

    assert rules.next_revision(an_event(wish), now=later) == NOW + HOUR


def test_a_version_from_before_somebody_else_saved_is_refused(wish: EventWish) -> None:
    event = an_event(wish, version=4)

    rules.must_be_current(event, 4)
    rules.must_be_current(event, None)
    with pytest.raises(ChangedMeanwhile):
        rules.must_be_current(event, 3)


def session(wish: EventWish, start: timedelta, end: timedelta) -> SessionWish:
    times = wish.starts_at + start, wish.starts_at + end
    return SessionWish({"de": "Vorstellung"}, *times)


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        pytest.param(-HOUR, HOUR, "starts_at", id="begins before the event"),
        pytest.param(HOUR, 3 * HOUR, "ends_at", id="ends after the event"),
        pytest.param(2 * HOUR, 3 * HOUR, "starts_at", id="begins when it is over"),
        pytest.param(HOUR, HOUR, "ends_at", id="no length"),
    ],
)
def test_a_programme_item_lies_inside_its_event(
    wish: EventWish, start: timedelta, end: timedelta, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.session_must_be_possible(session(wish, start, end), an_event(wish))

    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_programme_item_may_fill_its_event(wish: EventWish) -> None:
    whole = session(wish, timedelta(0), 2 * HOUR)

    rules.session_must_be_possible(whole, an_event(wish))


def test_an_event_does_not_become_shorter_than_its_programme(wish: EventWish) -> None:
    item = Session(starts_at=wish.starts_at, ends_at=wish.ends_at)
    shorter = replace(wish, ends_at=wish.ends_at - HOUR)

    with pytest.raises(InvalidInput):
        rules.sessions_must_fit([item], shorter)


def test_leaving_a_mode_out_clears_what_belongs_to_it(wish: EventWish) -> None:
    columns = rules.columns_of(replace(wish, online=None))

    assert (columns["online"], columns["online_link"], columns["dial_in"]) == (
        False,
        "",
        "",
    )
    assert rules.columns_of(replace(wish, online=Access()))["online"] is True


@pytest.mark.parametrize(
    "typed", ["", "ab", "-abc", "abc-", "a--b", "Äpfel", "a b c", "abc\n", "abc/.."]
)
def test_what_is_no_slug_is_refused(typed: str) -> None:
    assert not is_slug(typed)
