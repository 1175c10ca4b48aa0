"""Calls to a room server that misbehaves: bounded, counted, with a word of ours."""

import asyncio
from pathlib import Path

import pytest
from tests.ports import free_port
from tests.rooms.misbehaving_server import (
    Misbehaving,
    Way,
    drips,
    greeting,
    is_silent,
    misbehaving,
    says,
    self_made_certificate,
    sends,
)

from werkraum_rooms.servers.breaker import FAILURES
from werkraum_rooms.servers.provider_calls import Answer, ProviderCalls, must_be_fine
from werkraum_rooms.servers.provider_errors import (
    ProviderAuthError,
    ProviderError,
    ProviderProtocolError,
    ProviderRejected,
    ProviderUnavailable,
    RoomNotFound,
)

# Seconds that a person at the door would wait, shortened; and longer than a busy
# machine takes for an answer that comes at once.
SHORT, PATIENCE = 1.0, 20.0
MEGABYTES = 10 * 1024 * 1024
AT_ONCE = [("Retry-After", "0")]


async def asked(url: str, *, tries: int = 1, patience: float = PATIENCE) -> Answer:
    """Ask once with calls of its own, as nobody has asked before."""
    calls = ProviderCalls(url)
    try:
        return must_be_fine(await calls.get("/", tries=tries, patience=patience))
    finally:
        await calls.close()


async def trouble_with(
    server: Misbehaving, *, tries: int = 1, patience: float = PATIENCE
) -> ProviderError:
    with pytest.raises(ProviderError) as trouble:
        await asked(server.url, tries=tries, patience=patience)
    return trouble.value


HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
ENDLESS = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * MEGABYTES
NAMES = b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n"
GARBLED = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Encoding: gzip\r\n\r\nno gzip!!"
)


@pytest.mark.parametrize(
    ("way", "kind", "code"),
    [
        pytest.param(is_silent, ProviderUnavailable, "slow", id="20 s slow"),
        pytest.param(drips, ProviderUnavailable, "slow", id="1 byte a second"),
        pytest.param(says(500), ProviderUnavailable, "broken", id="500"),
        pytest.param(says(503), ProviderUnavailable, "broken", id="503"),
        pytest.param(says(429), ProviderUnavailable, "broken", id="429"),
        pytest.param(
            says(200, b"x" * MEGABYTES), ProviderProtocolError, "too_long", id="10 MB"
        ),
        pytest.param(
            sends(ENDLESS), ProviderProtocolError, "too_long", id="10 MB unannounced"
        ),
        pytest.param(
            sends(NAMES), ProviderProtocolError, "unreadable", id="endless header"
        ),
        pytest.param(
            sends(b"220 mail.example.org ESMTP\r\n\r\n"),
            ProviderProtocolError,
            "unreadable",
            id="no HTTP at all",
        ),
        pytest.param(
            sends(GARBLED), ProviderProtocolError, "unreadable", id="broken gzip"
        ),
        pytest.param(
            sends(HALF), ProviderUnavailable, "unavailable", id="closed mid-answer"
        ),
        pytest.param(
            sends(b""), ProviderUnavailable, "unavailable", id="closed before it"
        ),
        pytest.param(says(401), ProviderAuthError, "not_known", id="401"),
        pytest.param(says(403), ProviderAuthError, "not_known", id="403"),
        pytest.param(says(404), RoomNotFound, "not_found", id="404"),
        pytest.param(says(418), ProviderRejected, "rejected", id="418"),
    ],
)
async def test_each_misbehaviour_has_a_word_of_ours(
    way: Way, kind: type[ProviderError], code: str
) -> None:
    async with misbehaving(way) as server:
        patience = SHORT if code == "slow" else PATIENCE
        trouble = await trouble_with(server, patience=patience)

        assert (type(trouble), trouble.code) == (kind, code)
        assert server.seen == ["GET / HTTP/1.1"]


async def test_a_redirect_loop_is_not_entered() -> None:
    async with misbehaving(says(302, headers=[("Location", "/")])) as server:
        trouble = await trouble_with(server, tries=3)

        assert (type(trouble), trouble.code) == (ProviderProtocolError, "elsewhere")
        assert len(server.seen) == 1


async def test_nobody_listens() -> None:
    with pytest.raises(ProviderUnavailable) as trouble:
        await asked(f"http://127.0.0.1:{free_port()}")

    assert trouble.value.code == "refused"


async def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(ProviderUnavailable) as trouble:
        await asked("http://meet.invalid", patience=5)

    assert trouble.value.code == "no_such_name"


async def test_a_certificate_of_nobody(tmp_path: Path) -> None:
    tls = self_made_certificate(tmp_path)
    async with misbehaving(says(200), tls=tls) as server:
        trouble = await trouble_with(server, patience=5)

        assert (type(trouble), trouble.code) == (ProviderUnavailable, "certificate")
        assert server.seen == []


async def test_a_server_that_does_not_speak_tls() -> None:
    async with greeting(b"220 mail.example.org ESMTP\r\n") as port:
        with pytest.raises(ProviderUnavailable) as trouble:
            await asked(f"https://127.0.0.1:{port}", patience=5)

    assert trouble.value.code == "certificate"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_what_passes_is_tried_three_times(status: int) -> None:
    async with misbehaving(says(status, headers=AT_ONCE)) as server:
        await trouble_with(server, tries=3)

        assert len(server.seen) == 3


async def test_the_second_try_may_help() -> None:
    async with misbehaving(says(503, headers=AT_ONCE), says(200, b"here")) as server:
        answer = await asked(server.url, tries=3)

        assert answer.body == b"here"
        assert len(server.seen) == 2


async def test_a_connection_closed_mid_answer_is_tried_again() -> None:
    async with misbehaving(sends(HALF), says(200, b"whole")) as server:
        answer = await asked(server.url, tries=3, patience=8)

        assert answer.body == b"whole"


@pytest.mark.parametrize("status", [400, 401, 404, 500, 501])
async def test_what_stays_is_asked_once(status: int) -> None:
    async with misbehaving(says(status, headers=AT_ONCE)) as server:
        await trouble_with(server, tries=3)

        assert len(server.seen) == 1


@pytest.mark.parametrize("after", ["3600", "9" * 5000])
async def test_whoever_asks_for_an_hour_is_left_alone(after: str) -> None:
    async with misbehaving(says(503, headers=[("Retry-After", after)])) as server:
        trouble = await trouble_with(server, tries=3, patience=60)

        assert trouble.code == "broken"
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    "after", ["-1", "", "²", "1.5", "Wed, 21 Oct 2037 07:28:00 GMT"]
)
async def test_a_wait_that_cannot_be_read_is_ours_to_choose(after: str) -> None:
    strange = says(503, headers=[("Retry-After", after)])
    async with misbehaving(strange, says(200)) as server:
        await asked(server.url, tries=2, patience=8)

        assert len(server.seen) == 2


async def test_patience_bounds_all_tries_together() -> None:
    async with misbehaving(is_silent) as server:
        trouble = await trouble_with(server, tries=3, patience=SHORT)

        assert trouble.code == "slow"
        assert len(server.seen) == 1


async def test_after_five_failures_the_server_is_left_alone() -> None:
    async with misbehaving(says(500)) as server:
        calls = ProviderCalls(server.url)
        for _ in range(FAILURES):
            await calls.get("/")
        with pytest.raises(ProviderUnavailable) as trouble:
            await calls.get("/")
        await calls.close()

        assert trouble.value.code == "resting"
        assert len(server.seen) == FAILURES == 5


async def test_a_server_that_opens_the_breaker_on_the_way_is_named_as_it_is() -> None:
    async with misbehaving(says(503, headers=AT_ONCE)) as server:
        calls = ProviderCalls(server.url)
        answers = [await calls.get("/", tries=3) for _ in range(2)]
        await calls.close()

        assert [answer.status for answer in answers] == [503, 503]
        assert len(server.seen) == FAILURES


async def test_after_its_rest_one_call_is_let_through_and_heals() -> None:
    async with misbehaving(*[says(500)] * FAILURES, says(200)) as server:
        calls = ProviderCalls(server.url)
        for _ in range(FAILURES):
            await calls.get("/")
        calls.breaker.open_until = 0.0  # half a minute later
        healed = [await calls.get("/") for _ in range(2)]
        await calls.close()

        assert [answer.status for answer in healed] == [200, 200]
        assert not calls.breaker.is_open


async def test_an_answer_that_means_no_shuts_the_breaker() -> None:
    async with misbehaving(*[says(500)] * 4, says(404), says(500)) as server:
        calls = ProviderCalls(server.url)
        for _ in range(6):
            await calls.get("/")
        await calls.close()

        assert calls.breaker.failures == 1


async def test_whoever_goes_away_leaves_no_connection_behind() -> None:
    async with misbehaving(is_silent) as server:
        calls = ProviderCalls(server.url)
        waiting = [asyncio.create_task(calls.get("/", patience=20)) for _ in range(30)]
        while len(server.seen) < 20:
            await asyncio.sleep(0.01)
        for person in waiting:
            person.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

        await server.until_nobody_is_connected()
        assert not calls.breaker.is_open
        await calls.close()


async def test_impatience_leaves_no_connection_behind() -> None:
    async with misbehaving(drips) as server:
        calls = ProviderCalls(server.url)
        for _ in range(3):
            with pytest.raises(ProviderUnavailable):
                await calls.get("/", patience=0.1)

        await server.until_nobody_is_connected()
        await calls.close()


async def test_closing_lets_go_and_the_next_call_opens_again() -> None:
    async with misbehaving(says(200)) as server:
        calls = ProviderCalls(server.url)
        await calls.get("/")
        await calls.close()
        await server.until_nobody_is_connected()

        assert (await calls.get("/")).status == 200
        await calls.close()


async def test_a_query_goes_out_byte_for_byte() -> None:
    query = "/api?name=a+b%20c%2Bd&x=%C3%A4~-_.*&empty=&checksum=00"
    async with misbehaving(says(200)) as server:
        calls = ProviderCalls(f"{server.url}/bigbluebutton")
        await calls.get(query)
        await calls.close()

        assert server.seen == [f"GET /bigbluebutton{query} HTTP/1.1"]


@pytest.mark.parametrize("path", ["/\x00", "/\n", "/" + "a" * 70_000])
async def test_an_address_that_cannot_be_is_ours_to_refuse(path: str) -> None:
    async with misbehaving(says(200)) as server:
        calls = ProviderCalls(server.url)
        with pytest.raises(ProviderProtocolError):
            await calls.get(path)

        assert server.seen == []


async def test_no_secret_of_the_address_stands_in_the_words() -> None:
    with pytest.raises(ProviderError) as trouble:
        await asked(f"http://127.0.0.1:{free_port()}/?checksum=hush")

    assert "hush" not in trouble.value.detail
    assert trouble.value.__cause__ is None
