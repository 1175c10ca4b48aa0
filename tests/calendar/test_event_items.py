"""Events as entries: what everybody may see, and what one attendee gets."""

from datetime import UTC, datetime, timedelta

import pytest

from werkraum_calendar.event_items import personal_item, public_item
from werkraum_calendar.items import Status
from werkraum_events.models import Event, Mode, Topic
from werkraum_events.models import Status as EventStatus
from werkraum_foundation.language import in_language
from werkraum_foundation.links import address_of

PAGE, DOOR = "https://werkraum.example/p", "https://werkraum.example/p/door"


@pytest.fixture(autouse=True)
def routes(client: object) -> None:
    """The program's own addresses."""


def event(**changes: object) -> Event:
    starts_at = datetime(2027, 7, 1, 12, tzinfo=UTC)
    columns: dict[str, object] = {
        "slug": "forum",
        "title": {"de": "Forum Jugend", "en": "Youth forum"},
        "summary": {"en": "Young people."},
        "description": {"en": "An **afternoon** with [us](https://us.example)"},
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "timezone": "Europe/Berlin",
        "onsite": True,
        "place_name": "Town hall",
        "place_address": "Market 1",
        "online": True,
        "online_link": "https://meet.example/secret",
        "dial_in": "0221 555",
        "revised_at": starts_at,
        "created_at": starts_at,
        "status": EventStatus.PUBLISHED,
    }
    return Event(**{**columns, **changes})


@pytest.mark.parametrize(
    ("changes", "location"),
    [
        pytest.param({}, "Town hall, Market 1 / online: {page}", id="both"),
        pytest.param({"online": False}, "Town hall, Market 1", id="on site"),
        pytest.param({"onsite": False}, "{page}", id="online"),
        pytest.param({"place_address": "", "online": False}, "Town hall", id="short"),
    ],
)
def test_an_entry_for_everybody_leads_to_the_page(
    changes: dict[str, object], location: str
) -> None:
    with in_language("en"):
        item = public_item(event(**changes))
        page = address_of("events:event", slug="forum")
    assert item.location == location.format(page=page)
    assert item.url == page


def test_no_entry_tells_how_to_get_in_without_the_door() -> None:
    items = [
        public_item(event()),
        personal_item(event(), Mode.ONLINE, sequence=1, page=PAGE, door=DOOR),
    ]
    for item in items:
        assert "secret" not in repr(item)
        assert "0221 555" not in repr(item)


def test_the_words_are_plain_and_in_the_language_asked_for() -> None:
    topic = Topic(slug="youth", name={"de": "Jugend", "en": "Youth"})
    with in_language("en"):
        item = public_item(event(), [topic])
    assert item.summary == "Youth forum"
    assert "An afternoon with us (https://us.example)" in item.description
    assert item.categories == ("Youth",)


def test_what_is_off_is_off_in_its_entry() -> None:
    assert public_item(event(status=EventStatus.CANCELLED)).status is Status.CANCELLED


def test_online_the_door_is_where_calendars_make_a_button_of_it() -> None:
    item = personal_item(event(), Mode.ONLINE, sequence=1, page=PAGE, door=DOOR)
    assert item.location == item.url == item.conference == DOOR
    assert item.description.splitlines()[0].endswith(DOOR)


def test_on_site_the_entry_has_the_place_and_no_door() -> None:
    item = personal_item(event(), Mode.ONSITE, sequence=1, page=PAGE, door=DOOR)
    assert (item.location, item.url) == ("Town hall, Market 1", PAGE)
    assert DOOR not in repr(item)
