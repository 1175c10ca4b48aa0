import base64
from datetime import UTC, datetime, timedelta

import pytest

from werkraum_rooms.jaas.signature import read_signature

# The example of the fact sheet.
BODY = b'{"a":1}'
VALUE = "sFNMB7v8Bu1GiBOOUcObKmhBE8B9XUJgYWrNns9Eyas="
HEADER = f"t=1632490060,v1={VALUE}"
MADE = datetime.fromtimestamp(1632490060, UTC)


def is_ours(header: str, body: bytes = BODY, secrets: tuple[str, ...] = ()) -> bool:
    found = read_signature(header)
    return found is not None and found.is_of(body, secrets or ("secret",))


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        f"v1={VALUE},t=1632490060",
        f"t=1632490060, v1={VALUE}",
        f"t=1632490060,v1=AAAA,v1={VALUE}",
        f"t=1632490060,v1={VALUE},v1=AAAA",
        f"t=1632490060,v0=AAAA,v2={VALUE},v1={VALUE},nothing",
    ],
)
def test_the_example_is_accepted(header: str) -> None:
    assert is_ours(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1632490060",
        f"v1={VALUE}",
        "t=1632490060,v1=",
        f"t=1632490061,v1={VALUE}",
        f"t=1632490060.0,v1={VALUE}",
        f"t=-1632490060,v1={VALUE}",
        f"t= 1632490060,v1={VALUE}",
        f"t=now,v1={VALUE}",
        f"t=²,v1={VALUE}",
        f"t={'9' * 5000},v1={VALUE}",
        f"t=1632490060,t=1632490060,v1={VALUE}",
        f"t=1632490060,v0={VALUE}",
        f"t=1632490060,v2={VALUE}",
        f"t=1632490060,V1={VALUE}",
        f"t=1632490060,v1={VALUE.rstrip('=')}",
        f"t=1632490060,v1={VALUE.lower()}",
        f"t=1632490060,v1={base64.b64decode(VALUE).hex()}",
        f"t=1632490060,v1=ä{VALUE}",
    ],
)
def test_anything_else_is_refused(header: str) -> None:
    assert not is_ours(header)


def test_another_byte_or_another_secret_is_refused() -> None:
    assert not is_ours(HEADER, b'{"a": 1}')
    assert not is_ours(HEADER, secrets=("Secret",))


def test_each_of_our_secrets_is_tried_while_one_replaces_the_other() -> None:
    assert is_ours(HEADER, secrets=("the next one", "secret"))
    assert is_ours(HEADER, secrets=("secret", "the last one"))


def test_without_a_secret_nothing_is_signed() -> None:
    found = read_signature(HEADER)

    assert found and not found.is_of(BODY, ())


@pytest.mark.parametrize(
    ("seconds", "old"),
    [(0, False), (300, False), (301, True), (-300, False), (-301, True)],
)
def test_five_minutes_are_the_longest_way(seconds: int, old: bool) -> None:
    found = read_signature(HEADER)

    assert found and found.is_old(MADE + timedelta(seconds=seconds)) is old
