"""No address of a room leaves the door: not on pages, in feeds, letters or logs."""

import json
import logging
import re
from collections.abc import Iterator
from html import unescape
from io import StringIO
from urllib.parse import urlsplit

import httpx
import pytest
from tests.browser.office import Office, furnished
from tests.rooms.conftest import environment, jitsi  # noqa: F401
from tests.rooms.jitsi_verifier import Verifier
from tests.rooms.links import token_in
from tests.rooms.room_server import room_server
from tests.rooms.test_door import FROM_US, frame_in
from tests.server.postbox import delivered, everything_in, throw_away

from werkraum_events.models import Event, Session, Status
from werkraum_foundation import clock
from werkraum_rooms import rooms
from werkraum_rooms.models import Room
from werkraum_server.logs import requests

# Where strangers and programs begin to look.
DOORSTEPS = (
    *("/de/", "/en/", "/de/archive", "/en/archive", "/sitemap.xml", "/robots.txt"),
    *("/feed.atom", "/feed.json", "/calendar.ics", "/de/calendar", "/oembed"),
)
LINK = re.compile(r"""(?:href|src|action)="([^"#]+)|<loc>([^<]+)|"url": ?"([^"]+)""")
MOST_PAGES = 250


class Told:
    """Everything that was said to somebody outside, under what it was said in."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def naming(self, secrets: list[str]) -> list[tuple[str, str]]:
        return [
            (place, secret)
            for place, text in self.texts.items()
            for secret in secrets
            if secret in text
        ]


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """The lines of the program about what it answered."""
    written = StringIO()
    requests.open(written)
    yield written
    requests.close()


async def a_filled_installation() -> Office:
    """An office in the middle of its work, with rooms for all there is."""
    throw_away()
    office = await furnished()
    now = clock.now()
    for event in await Event.filter(online=True, status=Status.PUBLISHED):
        await rooms.provide(event.id, now=now)
    for session in await Session.all():
        await rooms.provide_for_session(session, now=now)
    return office


async def crawl(client: httpx.AsyncClient, told: Told, begin: list[str]) -> None:
    """Follow every link of ours from there, as a search engine does."""
    to_see, seen = list(begin), set(begin)
    while to_see and len(seen) < MOST_PAGES:
        path = to_see.pop(0)
        answer = await client.get(path)
        told.texts[path] = answer.text + json.dumps(dict(answer.headers))
        for found in LINK.findall(unescape(answer.text)):
            parts = urlsplit("".join(found))
            ours = parts.netloc in ("", client.base_url.netloc.decode())
            following = parts.path + (f"?{parts.query}" if parts.query else "")
            if not ours or not parts.path.startswith("/") or following in seen:
                continue
            if parts.path.startswith(("/static/", "/desk/")):
                continue
            seen.add(following)
            to_see.append(following)


async def test_no_address_of_a_room_is_told_outside_the_door(
    client: httpx.AsyncClient,
    jitsi: Verifier,  # noqa: F811
    lines: StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    office, told = await a_filled_installation(), Told()

    # Somebody is in, so that there is a token.
    guest = f"/de/my/{office.names['guest']}"
    data = {"name": "Anna", "noted": "on"}
    entered = await client.post(f"{guest}/door", data=data, headers=FROM_US)
    link = frame_in(entered)
    public = [f"/events/{it.slug}.ics" for it in await Event.all()]
    await crawl(client, told, [*DOORSTEPS, *public])
    own = f"/my/{office.names['guest']}/calendar.ics"
    await crawl(client, told, [guest, f"{guest}/door", own])
    for number, letter in enumerate(await delivered()):
        told.texts[f"letter {number}"] = everything_in(letter)
    told.texts["lines"] = lines.getvalue()
    told.texts["log"] = "\n".join(
        it.getMessage() + str(vars(it))
        for it in caplog.records
        # What the test itself asks for, and the SQL of a debugging run.
        if not it.name.startswith(("httpx", "tortoise", "aiosqlite", "asyncio"))
    )

    slugs = [room.slug for room in await Room.all()]
    assert len(slugs) > 5
    assert len(told.texts) > 60
    assert told.naming([*slugs, token_in(link), urlsplit(room_server()).netloc]) == []
