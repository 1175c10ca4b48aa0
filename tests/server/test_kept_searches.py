"""What was found for words: known while nothing has changed, and never too many."""

from datetime import UTC, datetime

from werkraum_calendar.queries import FeedState
from werkraum_events.filters import Filters
from werkraum_server.public.kept_searches import KeptSearches

WHOLE = FeedState(3, datetime(2027, 9, 3, tzinfo=UTC), 5, "uid")
FOUND = FeedState(1, datetime(2027, 9, 1, tzinfo=UTC), 2, "uid")


def test_what_was_found_is_known_until_something_changes() -> None:
    searches, forum = KeptSearches(), Filters(q="forum")
    searches.keep(forum, WHOLE, FOUND)
    assert searches.known(forum, WHOLE) == FOUND
    assert searches.known(forum, FOUND) is None
    assert searches.known(Filters(q="talk"), WHOLE) is None


def test_the_search_asked_for_longest_ago_makes_room() -> None:
    searches = KeptSearches(most=2)
    one, two, three = (Filters(q=it) for it in ("one", "two", "three"))
    for each in (one, two):
        searches.keep(each, WHOLE, FOUND)
    assert searches.known(one, WHOLE)
    searches.keep(three, WHOLE, FOUND)
    assert [bool(searches.known(it, WHOLE)) for it in (one, two, three)] == [
        True,
        False,
        True,
    ]
