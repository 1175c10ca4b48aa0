"""The addresses of other people's pages, decoded as those pages decode them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkraum_calendar import add_links
from werkraum_calendar.add_links import OUTLOOK_LIVE, OUTLOOK_OFFICE
from werkraum_calendar.items import Item

ODD = "Jugend & Ungarn: 100 % #1 + mehr?\nZweite Zeile 👩‍👩‍👧"
LONG = "Wörter über Städte und Gemeinden " * 200


def asked(address: str) -> dict[str, str]:
    """Read the address by the standard: a plus is a plus, not a space."""
    query = urlsplit(address).query
    assert "+" not in query
    return {name: value for name, (value,) in parse_qs(query).items()}


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00"))


def test_google_gets_the_same_moments_and_words(talk: Item) -> None:
    found = asked(add_links.google_link(replace(talk, summary=ODD)))
    begin, end = map(moment, found["dates"].split("/"))
    assert (begin, end) == (talk.starts_at, talk.ends_at)
    assert found["text"] == ODD
    assert found["ctz"] == "Europe/Berlin"
    assert found["location"] == talk.location
    assert found["details"] == talk.description


@pytest.mark.parametrize("host", [OUTLOOK_LIVE, OUTLOOK_OFFICE])
def test_outlook_gets_the_same_moments_and_words(talk: Item, host: str) -> None:
    address = add_links.outlook_link(replace(talk, summary=ODD), host)
    assert urlsplit(address).hostname == host
    found = asked(address)
    assert moment(found["startdt"]) == talk.starts_at
    assert moment(found["enddt"]) == talk.ends_at
    assert (found["subject"], found["body"]) == (ODD, talk.description)


def test_an_event_over_midnight_keeps_both_days(talk: Item) -> None:
    late = datetime(2027, 10, 30, 23, 30, tzinfo=UTC)
    event = replace(talk, starts_at=late, ends_at=late + timedelta(hours=26))
    found = asked(add_links.google_link(event))
    assert found["dates"] == "20271030T233000Z/20271101T013000Z"


def test_a_long_text_ends_at_a_word_and_with_the_page(talk: Item) -> None:
    address = add_links.google_link(replace(talk, description=LONG))
    assert len(address) < 2_000
    text, page = asked(address)["details"].rsplit("\n\n", 1)
    assert page == talk.url
    assert text.endswith(" …")
    assert LONG.startswith(text.removesuffix("…"))
    assert len(text) > 500


@settings(max_examples=60)
@given(st.text(max_size=200), st.text(max_size=500), st.text(max_size=4000))
def test_whatever_was_typed_the_address_is_short_and_plain(
    title: str, place: str, text: str
) -> None:
    item = Item(
        uid="a",
        sequence=0,
        revised_at=datetime(2027, 1, 1, tzinfo=UTC),
        created_at=datetime(2027, 1, 1, tzinfo=UTC),
        starts_at=datetime(2027, 7, 1, 12, tzinfo=UTC),
        ends_at=datetime(2027, 7, 1, 14, tzinfo=UTC),
        timezone="Europe/Berlin",
        summary=title,
        description=text,
        location=place,
        url="https://events.example/de/events/jugend",
    )
    for address in (
        add_links.google_link(item),
        add_links.outlook_link(item, OUTLOOK_LIVE),
    ):
        assert len(address) < 2_000
        assert address.isascii() and address.isprintable() and " " not in address


def test_a_feed_is_opened_by_calendar_programs() -> None:
    feed = "https://events.example/calendar.ics?lang=de&kind=forum"
    assert add_links.webcal(feed) == feed.replace("https", "webcal", 1)
    way = add_links.outlook_subscription(feed, "Termine & mehr", OUTLOOK_LIVE)
    assert asked(way) == {"url": feed, "name": "Termine & mehr"}
