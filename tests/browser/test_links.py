"""Every link on our pages leads somewhere, for anybody and for olga at the desk."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx
import pytest
from tests.browser.office import Office

from werkraum_foundation.entrances import cookie_name

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Of pages of one kind, which differ by what they are about alone, so many are opened.
OF_EACH_KIND = 12
# A site of this size has fewer kinds: beyond it pages make up addresses without end.
KINDS = 600


class Links(HTMLParser):
    """Collects where a page leads and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and name in LEADING]


LEADING = ("href", "src")
# An id or the secret of a personal page.
NAMED = re.compile(r"[0-9a-f-]{36}|[\w-]{43}")


def links_on(page: httpx.Response) -> Iterator[str]:
    if not page.headers["content-type"].startswith("text/html"):
        return
    reader = Links()
    reader.feed(page.text)
    for link in reader.found:
        yield urldefrag(urljoin(str(page.url), link)).url


def kind_of(address: str) -> str:
    """What pages of one sort share: the way without names, and what is asked."""
    way = urlsplit(address)
    steps = ["…" if NAMED.fullmatch(step) else step for step in way.path.split("/")]
    asked = sorted({name for name, _ in parse_qsl(way.query)})
    return "/".join(steps) + "?" + "&".join(asked)


async def dead_ends(browser: httpx.AsyncClient, *starts: str) -> list[str]:
    """Follow the links of ours from these pages on; name those without an answer."""
    origin = str(browser.base_url)
    ahead = [urljoin(origin, start) for start in starts]
    seen, dead = set(ahead), []
    kinds = Counter(map(kind_of, ahead))
    for address in ahead:
        page = await browser.get(address)
        if page.status_code != 200:
            dead.append(f"{page.status_code} {address}")
        fresh = {it for it in links_on(page) if it.startswith(origin)} - seen
        seen |= fresh
        for it in sorted(fresh):
            kinds[kind_of(it)] += 1
            if kinds[kind_of(it)] <= OF_EACH_KIND:
                ahead.append(it)
        assert len(kinds) < KINDS
    assert len(ahead) > 20
    return dead


async def test_anybody_can_follow_every_link(office: Office) -> None:
    async with httpx.AsyncClient(base_url=office.url) as browser:
        assert await dead_ends(browser, "/de/", "/en/", "/de/archive") == []


async def test_olga_can_follow_every_link_of_her_desk(office: Office) -> None:
    cookies = {cookie_name(): office.secret}
    async with httpx.AsyncClient(base_url=office.url, cookies=cookies) as browser:
        assert await dead_ends(browser, "/desk/") == []


async def test_what_a_registration_leads_to_is_there(office: Office) -> None:
    names = ("online", "onsite", "waitlisted", "cancelled", "lost", "was_there")
    pages = [f"/de/my/{office.names[name]}" for name in names]
    async with httpx.AsyncClient(base_url=office.url) as browser:
        assert await dead_ends(browser, *pages) == []
