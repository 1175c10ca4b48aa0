"""Every text in a letter says who wrote it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from werkraum_foundation.letters.wording import (
    Link,
    OrganiserText,
    TypedText,
    ZoneName,
    unlinked,
    worded,
)
from werkraum_foundation.settings import settings


class Mode(StrEnum):
    ONLINE = "online"


@dataclass(frozen=True)
class Session:
    title: object
    seats: int | None = None


def test_values_whose_writer_is_known_pass() -> None:
    context = {
        "title": OrganiserText("Forum\nJugend"),
        "at": datetime(2027, 7, 1, tzinfo=UTC),
        "zone": ZoneName("Europe/Berlin"),
        "page": Link(f"{settings().base_url}/de/"),
        "mode": Mode.ONLINE,
        "sessions": [Session(OrganiserText("Ungarn"), 3)],
        "full": True,
        "reason": None,
    }

    assert worded(context, first_contact=True) == context


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("Anna", id="plain text"),
        pytest.param(Session("Anna"), id="plain text in a dataclass"),
        pytest.param([OrganiserText("a"), "Anna"], id="plain text in a list"),
        pytest.param({"name": TypedText("Anna")}, id="a mapping"),
        pytest.param(1.5, id="a fraction"),
        pytest.param(b"Anna", id="bytes"),
        pytest.param(datetime(2027, 7, 1), id="a time without a zone"),  # noqa: DTZ001
        pytest.param(Session, id="a class"),
    ],
)
def test_any_other_value_is_refused_without_being_repeated(value: object) -> None:
    with pytest.raises(TypeError, match=r"^value") as refused:
        worded({"value": value}, first_contact=False)
    assert "Anna" not in str(refused.value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(TypedText("Anna"), id="itself"),
        pytest.param([TypedText("Anna")], id="in a list"),
        pytest.param(Session(TypedText("Anna")), id="in a dataclass"),
        pytest.param([Session([TypedText("Anna")])], id="deep inside"),
    ],
)
def test_a_first_letter_carries_nothing_anybody_typed(value: object) -> None:
    with pytest.raises(TypeError, match="nothing anybody typed"):
        worded({"value": value}, first_contact=True)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Anna\r\nBcc: otto@x", "Anna Bcc: otto@x"),
        ("Anna\u2028Arendt\x00\x1b", "Anna Arendt"),
        ("Alice\u202eevil", "Aliceevil"),
        ("siehe http://evil.example/x", "siehe http: //evil. example/x"),
        ("WWW.Evil.Example", "WWW. Evil. Example"),
        ("evil\u3002भारत", "evil\u3002 भारत"),
        ("otto@elsewhere.example", "otto@elsewhere. example"),
        ("Dr. Anna Arendt, e.V.", "Dr. Anna Arendt, e. V."),
        ("O'Brien 1.000 👩‍👩‍👧‍👦", "O'Brien 1.000 👩‍👩‍👧‍👦"),
        ("<b>محمد</b>", "<b>محمد</b>"),
    ],
    ids=ascii,
)
def test_typed_text_is_one_line_without_links(typed: str, shown: str) -> None:
    assert worded({"name": TypedText(typed)}, first_contact=False) == {"name": shown}


def test_text_without_links_stays_as_it_is() -> None:
    assert unlinked(unlinked("a.b")) == unlinked("a.b") == "a. b"


def test_lines_of_an_organiser_stay_lines() -> None:
    words = worded(
        {"place": OrganiserText("Rathaus\r\nMarkt 1\x07\u202e")}, first_contact=True
    )
    assert words == {"place": "Rathaus\nMarkt 1"}


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example",
        "/de/my/abc",
        "javascript:alert(1)",
        "{base}.evil.example/",
        "{base}@evil.example/",
        "{base}/a b",
        "{base}/a\r\nBcc:",
    ],
)
def test_a_link_leads_to_our_own_pages_only(address: str) -> None:
    with pytest.raises(ValueError, match="a page of ours"):
        Link(address.format(base=settings().base_url))


def test_a_zone_is_one_that_exists() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        ZoneName("../../etc/passwd")
