from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from werkraum_calendar.items import Item

NAIVE = datetime(2027, 7, 1, 12)  # noqa: DTZ001


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"starts_at": NAIVE}, id="naive start"),
        pytest.param({"revised_at": NAIVE}, id="naive revision"),
        pytest.param({"ends_at": datetime(2027, 7, 1, 12, tzinfo=UTC)}, id="no length"),
        pytest.param(
            {"ends_at": datetime(2027, 7, 1, 12, 0, 0, 9, tzinfo=UTC)},
            id="less than a second",
        ),
        pytest.param({"ends_at": datetime(2027, 7, 1, 11, tzinfo=UTC)}, id="backwards"),
        pytest.param(
            {"ends_at": datetime(9999, 12, 31, tzinfo=UTC)}, id="end of all times"
        ),
        pytest.param({"timezone": "Europe/Unna"}, id="unknown zone"),
        pytest.param({"timezone": "../../etc/passwd"}, id="path as zone"),
        pytest.param({"timezone": "localtime"}, id="this machine's zone"),
        pytest.param({"timezone": "UTC+02:00"}, id="offset as zone"),
        pytest.param({"uid": ""}, id="no UID"),
        pytest.param({"uid": "a\nMETHOD:CANCEL"}, id="injected UID"),
        pytest.param({"related_to": "a;b"}, id="related to something odd"),
        pytest.param({"sequence": -1}, id="negative sequence"),
        pytest.param({"sequence": 2**31}, id="sequence beyond int32"),
        pytest.param({"url": "https://events.example/größe"}, id="umlaut in URL"),
        pytest.param({"url": "https://events.example/a b"}, id="space in URL"),
        pytest.param({"url": "https://events.example/\rATTACH:"}, id="CR in URL"),
        pytest.param({"url": "javascript:alert(1)"}, id="script as URL"),
        pytest.param({"conference": "the usual room"}, id="words as conference"),
    ],
)
def test_what_no_file_may_hold_becomes_no_item(
    talk: Item, wrong: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="no file may hold"):
        replace(talk, **wrong)  # type: ignore[arg-type]


def test_a_fixed_offset_is_a_moment_like_any_other(talk: Item) -> None:
    summer = timezone(timedelta(hours=2))

    same = replace(talk, starts_at=talk.starts_at.astimezone(summer))

    assert same == talk
