"""Entries of feeds as they were written, kept while the rows behind them stay.

A feed of thousands is joined from them: what was written before costs a look-up and
no row, and of what it was written from nothing stays in memory.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence

from werkraum_calendar.icalendar_text import Entry
from werkraum_calendar.queries import Revision, uid_of

# Writes the entries of these UIDs, each with the revision it was written from.
Write = Callable[[Sequence[str]], AsyncIterator[tuple[Revision, Entry]]]

# The longest feed, and room for what changes: a list longer than this would push
# itself out. Some 8 MB when full.
REMEMBERED = 6_000
# Rows in memory together: a full feed's would take several times its size.
ROWS_AT_ONCE = 50


class KeptEntries:
    """What was written last in one language; `written` counts how often in all."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self.written = 0
        self._most = most
        self._entries: OrderedDict[Revision, Entry] = OrderedDict()

    async def all(self, revisions: Sequence[Revision], write: Write) -> list[Entry]:
        """Take what was written before, and have the rest written, some at a time.

        An entry that changes in between is the one it is then; one that `write`
        leaves out has gone.
        """
        try:
            return list(map(self._entries.__getitem__, revisions))
        except KeyError:
            known = [self._entries.get(revision) for revision in revisions]
        unknown = [place for place, entry in enumerate(known) if not entry]
        for begin in range(0, len(unknown), ROWS_AT_ONCE):
            some = unknown[begin : begin + ROWS_AT_ONCE]
            places = {uid_of(revisions[place]): place for place in some}
            async for revision, entry in write([*places]):
                self._keep(revision, entry)
                known[places[uid_of(revision)]] = entry
        return [entry for entry in known if entry]

    def _keep(self, revision: Revision, entry: Entry) -> None:
        """Keep an entry that was just written; the oldest makes room."""
        self.written += 1
        self._entries[revision] = entry
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)
