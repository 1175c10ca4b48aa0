"""Letters of the tests: a part of their own, with templates of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from jinja2 import FileSystemLoader

from werkraum_foundation import pages
from werkraum_foundation.letters import (
    Letter,
    Letterhead,
    Link,
    Mailbox,
    OrganiserText,
    TypedText,
    ZoneName,
    compose,
)
from werkraum_foundation.outbox.jobs import begin
from werkraum_foundation.settings import settings

JOB = UUID("0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11")


@pytest.fixture
def office() -> Letterhead:
    address = settings().base_url
    return Letterhead(
        name=OrganiserText("Netzwerkbüro"),
        contact=OrganiserText("office@network.example"),
        imprint_url=Link(f"{address}/de/imprint"),
        privacy_url=Link(f"{address}/de/privacy"),
        accessibility_url=Link(f"{address}/de/accessibility"),
    )


@pytest.fixture
def anna() -> Mailbox:
    return Mailbox("anna@attendees.example", "Anna Arendt")


@pytest.fixture
def words() -> dict[str, object]:
    """What the letter `try_out/confirmed` shows."""
    return {
        "title": OrganiserText("Forum Jugend"),
        "name": TypedText("Anna Arendt"),
        "starts_at": datetime(2027, 7, 1, 12, tzinfo=UTC),
        "timezone": ZoneName("Europe/Berlin"),
        "page": Link(f"{settings().base_url}/de/my/abc"),
    }


@pytest.fixture
def try_out() -> Iterator[None]:
    loader = pages.environment().loader
    assert isinstance(loader, FileSystemLoader)
    folder = str(Path(__file__).parent / "letter_templates")
    loader.searchpath.append(folder)
    yield
    loader.searchpath.remove(folder)


@pytest.fixture
async def letter(
    try_out: None, office: Letterhead, anna: Mailbox, words: dict[str, object]
) -> Letter:
    """The letter that confirms anna's seat, composed in the job JOB."""
    begin(JOB)
    return compose(
        "try_out/confirmed", to=anna, language="de", organiser=office, context=words
    )
