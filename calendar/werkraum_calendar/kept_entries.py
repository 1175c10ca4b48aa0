"""Entries of feeds as they were written, kept while the rows behind them stay.

A feed of thousands is joined from them: what was written before costs a look-up and
no row, and of what it was written from nothing stays in memory.
"""

from collections import OrderedDict
from collections.abc import Sequence

from werkraum_calendar.icalendar_text import Entry
from werkraum_calendar.queries import Revision

# The longest feed, and room for what changes: a list longer than this would push
# itself out. Some 8 MB when full.
REMEMBERED = 6_000


class KeptEntries:
    """What was written last in one language; `written` counts how often in all."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self.written = 0
        self._most = most
        self._entries: OrderedDict[Revision, Entry] = OrderedDict()

    def all(self, revisions: Sequence[Revision]) -> list[Entry]:
        """Find the entries of these; raises KeyError if one was never written."""
        return list(map(self._entries.__getitem__, revisions))

    def find(self, revision: Revision) -> Entry | None:
        return self._entries.get(revision)

    def keep(self, revision: Revision, entry: Entry) -> None:
        """Keep an entry that was just written; the oldest makes room."""
        self.written += 1
        self._entries[revision] = entry
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)
