"""Addresses that put a copy of an entry into somebody's calendar on the web.

Google's and Microsoft's own pages, as third parties describe them (there is no
official word). Nothing is asked of them before somebody follows the link, and what
they make is a copy: it never changes by itself.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from werkraum_calendar.items import Item, whole

# Longer addresses are cut or refused on the way.
LONGEST = 1999
# Characters of a title that fit whatever they are: an emoji takes twelve of these.
SHORT = 60
GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK_LIVE, OUTLOOK_OFFICE = "outlook.live.com", "outlook.office.com"


@dataclass(frozen=True)
class Words:
    """What is said of an entry; each may be cut so that the address fits."""

    title: str
    place: str
    text: str


def google_link(item: Item) -> str:
    """Write the address at Google; the text is cut at a word where it is too long."""
    begin, end = whole(item.starts_at), whole(item.ends_at)
    return _fitting(
        item,
        lambda words: _address(
            GOOGLE,
            action="TEMPLATE",
            text=words.title,
            dates=f"{begin:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}",
            ctz=item.timezone,
            location=words.place,
            details=words.text,
        ),
    )


def outlook_link(item: Item, host: str) -> str:
    """Write the address at Microsoft: `OUTLOOK_LIVE` for people, `OUTLOOK_OFFICE`."""
    return _fitting(
        item,
        lambda words: _address(
            f"https://{host}/calendar/deeplink/compose",
            path="/calendar/action/compose",
            rru="addevent",
            startdt=f"{whole(item.starts_at):%Y-%m-%dT%H:%M:%SZ}",
            enddt=f"{whole(item.ends_at):%Y-%m-%dT%H:%M:%SZ}",
            subject=words.title,
            location=words.place,
            body=words.text,
        ),
    )


def outlook_subscription(feed: str, name: str, host: str) -> str:
    """Write the address at Microsoft that subscribes to a feed."""
    return _address(f"https://{host}/calendar/0/addfromweb", url=feed, name=name)


def webcal(feed: str) -> str:
    """Write a feed's address so that calendar programs open it (webcal: is https)."""
    return f"webcal://{feed.partition('://')[2]}"


def _address(page: str, **asked: str) -> str:
    # A space as %20: some show the plus signs of form encoding.
    pairs = (f"{name}={quote(value, safe='')}" for name, value in asked.items())
    return f"{page}?{'&'.join(pairs)}"


def _fitting(item: Item, address: Callable[[Words], str]) -> str:
    """Cut the text at a word until the address fits, then the place and the title.

    The last line of a cut text is the entry's page, where the rest can be read.
    """
    page, place = item.url or "", item.location
    if len(found := address(Words(item.summary, place, item.description))) <= LONGEST:
        return found
    for title, place in (
        (item.summary, item.location),
        (item.summary, ""),
        (f"{item.summary[:SHORT]}…", ""),
    ):
        if len(address(Words(title, place, _cut([], page)))) <= LONGEST:
            break
    words = item.description.split(" ")
    kept = bisect_right(
        range(1, len(words)),
        LONGEST,
        key=lambda count: len(address(Words(title, place, _cut(words[:count], page)))),
    )
    return address(Words(title, place, _cut(words[:kept], page)))


def _cut(words: list[str], page: str) -> str:
    return "\n\n".join(filter(None, (" ".join([*words, "…"]), page)))
