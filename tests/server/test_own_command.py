"""The proof that a command is one of this installation."""

from datetime import datetime, timedelta

import pytest

from werkraum_server.own_command import is_ours, reachable, signature


def test_a_signature_is_good_for_a_minute(now: datetime) -> None:
    signed = signature(now)
    assert is_ours(signed, now + timedelta(seconds=59))
    assert not is_ours(signed, now + timedelta(seconds=61))
    assert not is_ours(signed, now - timedelta(seconds=61))


@pytest.mark.parametrize("signed", ["", ".", "1", "x.y", "²³.y", "1" * 30 + ".y"])
def test_what_is_no_signature_is_refused(signed: str, now: datetime) -> None:
    assert not is_ours(signed, now)


def test_the_moment_cannot_be_exchanged(now: datetime) -> None:
    proof = signature(now - timedelta(hours=1)).partition(".")[2]
    assert not is_ours(f"{int(now.timestamp())}.{proof}", now)


def test_what_listens_everywhere_is_reached_on_the_loopback() -> None:
    assert [reachable(it) for it in ("0.0.0.0", "::", "10.0.0.1")] == [
        "127.0.0.1",
        "::1",
        "10.0.0.1",
    ]
