"""Entries of long feeds: written once while their rows stay, and never without end."""

from dataclasses import replace

from werkraum_calendar.icalendar_text import entry_of, feed
from werkraum_calendar.items import Item
from werkraum_calendar.kept_entries import KeptEntries
from werkraum_calendar.queries import Revision

MANY = 10_000


def feed_of(there: dict[Revision, Item], kept: KeptEntries) -> bytes:
    """Write what is not known, and join."""
    for revision, item in there.items():
        if not kept.find(revision):
            kept.keep(revision, entry_of(item))
    entries = kept.all([*there])
    return feed(entries, name="n", description="d", url="https://events.example/")


def test_one_change_among_ten_thousand_writes_one(talk: Item) -> None:
    kept = KeptEntries(most=MANY + 1)
    there = {
        Revision(f"{number} 1 0"): replace(talk, uid=str(number))
        for number in range(MANY)
    }
    before = feed_of(there, kept)
    assert (kept.written, feed_of(there, kept)) == (MANY, before)

    there[Revision("5000 2 60")] = replace(
        there.pop(Revision("5000 1 0")), summary="Put right"
    )

    assert feed_of(there, kept).count(b"SUMMARY:Put right") == 1
    assert kept.written == MANY + 1


def test_what_a_backup_took_back_is_another_revision(talk: Item) -> None:
    kept = KeptEntries()
    feed_of({Revision("a 2 60"): replace(talk, summary="Lost")}, kept)

    again = feed_of({Revision("a 2 90"): replace(talk, summary="Anew")}, kept)

    assert b"SUMMARY:Anew" in again and b"Lost" not in again


def test_the_oldest_entry_makes_room(talk: Item) -> None:
    kept = KeptEntries(most=2)
    revisions = [Revision(f"{name} 1 0") for name in "abc"]
    for revision in revisions:
        kept.keep(revision, entry_of(talk))

    assert [bool(kept.find(revision)) for revision in revisions] == [False, True, True]
