"""What was found for words, kept while nothing in a feed has changed.

A calendar asks every half an hour whether there is anything new, and mostly there is
not: only what must be searched anew costs anything, and counts against a limit.
"""

from collections import OrderedDict

from werkraum_calendar.queries import FeedState
from werkraum_events.filters import Filters

MOST = 1_000  # words of 200 characters at most


class KeptSearches:
    """The newest searches; the one asked for longest ago goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._found: OrderedDict[Filters, tuple[FeedState, FeedState]]
        self._found = OrderedDict()

    def known(self, filters: Filters, whole: FeedState) -> FeedState | None:
        """Tell the state of what was found; `whole` is that of all it was found in."""
        kept = self._found.get(filters)
        if kept is None or kept[0] != whole:
            return None
        self._found.move_to_end(filters)
        return kept[1]

    def keep(self, filters: Filters, whole: FeedState, found: FeedState) -> None:
        self._found[filters] = whole, found
        self._found.move_to_end(filters)
        if len(self._found) > self._most:
            self._found.popitem(last=False)
