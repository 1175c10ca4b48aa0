"""Entries of long feeds: written once while their rows stay, and never without end."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from werkraum_calendar.icalendar_text import Entry, entry_of, feed
from werkraum_calendar.items import Item
from werkraum_calendar.kept_entries import ROWS_AT_ONCE, KeptEntries
from werkraum_calendar.queries import MOST, Revision


class Rows:
    """The rows of a feed, by the UID of their revision; counts what is read of them."""

    def __init__(self, there: dict[Revision, Item]) -> None:
        self.there = there
        self.read: list[int] = []

    async def write(self, uids: Sequence[str]) -> AsyncIterator[tuple[Revision, Entry]]:
        self.read.append(len(uids))
        for revision, item in self.there.items():
            if item.uid in uids:
                yield revision, entry_of(item)

    async def feed(self, kept: KeptEntries) -> bytes:
        entries = await kept.all([*self.there], self.write)
        return feed(
            entries,
            uid="f",
            name="n",
            description="d",
            url="https://events.example/",
        )


def rows(talk: Item, *uids: str) -> Rows:
    return Rows({Revision(f"{uid} 1 0"): replace(talk, uid=uid) for uid in uids})


async def test_one_change_in_the_longest_feed_writes_one(talk: Item) -> None:
    kept = KeptEntries()
    there = rows(talk, *(str(number) for number in range(MOST)))
    before = await there.feed(kept)
    assert (kept.written, await there.feed(kept)) == (MOST, before)

    item = there.there.pop(Revision("2500 1 0"))
    there.there[Revision("2500 2 60")] = replace(item, summary="Put right")

    assert (await there.feed(kept)).count(b"SUMMARY:Put right") == 1
    assert kept.written == MOST + 1
    assert there.read == [ROWS_AT_ONCE] * (MOST // ROWS_AT_ONCE) + [1]


async def test_what_a_backup_took_back_is_another_revision(talk: Item) -> None:
    kept, there = KeptEntries(), rows(talk)
    there.there = {Revision("a 2 60"): replace(talk, uid="a", summary="Lost")}
    await there.feed(kept)
    there.there = {Revision("a 2 90"): replace(talk, uid="a", summary="Anew")}

    again = await there.feed(kept)

    assert b"SUMMARY:Anew" in again and b"Lost" not in again


async def test_what_changes_while_it_is_read_is_as_it_is_then(talk: Item) -> None:
    asked, there = [Revision("a 1 0"), Revision("b 1 0")], rows(talk)
    there.there = {Revision("b 2 60"): replace(talk, uid="b", summary="Put right")}

    [entry] = await KeptEntries().all(asked, there.write)

    assert b"SUMMARY:Put right" in entry.octets


async def test_the_oldest_entry_makes_room(talk: Item) -> None:
    kept, there = KeptEntries(most=2), rows(talk, *"abc")
    await there.feed(kept)
    there.read.clear()

    await kept.all([Revision("c 1 0"), Revision("b 1 0")], there.write)
    await kept.all([Revision("a 1 0")], there.write)

    assert there.read == [1]
