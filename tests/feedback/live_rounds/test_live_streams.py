import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from tests.feedback.pulses import a_pulse, ends, on, reveals, says

from werkraum_feedback.live_rounds import live_hub
from werkraum_feedback.live_rounds.live_hub import end_streams, hub, listen
from werkraum_feedback.live_rounds.live_streams import for_all, for_desk
from werkraum_feedback.models import QuestionRow, Round
from werkraum_feedback.questions import QuestionKind
from werkraum_foundation.models import Organiser
from werkraum_foundation.refusals import Busy, TooMany

Told = dict[str, object]


async def first_told(stream: AsyncIterator[bytes]) -> tuple[str, Told]:
    """Wait for the next event: its id, and what it tells."""
    async for chunk in stream:
        if b"data: " in chunk:
            lines = dict(it.split(": ", 1) for it in chunk.decode().strip().split("\n"))
            return lines["id"], json.loads(lines["data"])
    raise AssertionError("the stream has ended")


async def rest(stream: AsyncIterator[bytes]) -> list[bytes]:
    return [chunk async for chunk in stream]


@pytest.fixture
async def pulse(olgas_office: Organiser, now: datetime) -> Round:
    return await a_pulse(olgas_office, now)


async def test_a_stream_says_how_things_are_and_then_what_changes(
    pulse: Round, now: datetime
) -> None:
    row = await QuestionRow.get(round_id=pulse.id)
    stream = listen(pulse.id, for_all, network="hall")
    assert (await first_told(stream))[1]["voices"] == 0

    await says(pulse, row, 4, now)

    assert (await first_told(stream))[1]["voices"] == 1
    await stream.aclose()
    assert not hub().channels


async def test_a_stream_tells_numbers_of_voices_and_no_answer(
    pulse: Round, now: datetime
) -> None:
    row = await QuestionRow.get(round_id=pulse.id)
    for _ in range(6):
        await says(pulse, row, 4, now)
    await reveals(pulse, row, now)

    streams = [listen(pulse.id, it, network="") for it in (for_all, for_desk)]
    told = [await first_told(each) for each in streams]

    assert set(told[0][1]) == {"page", "voices", "voters"}
    assert set(told[1][1]) == {"page", "voices", "voters", "pending"}


async def test_many_voices_at_once_are_told_together(
    pulse: Round, now: datetime
) -> None:
    row = await QuestionRow.get(round_id=pulse.id)
    stream = listen(pulse.id, for_all, network="hall")
    await first_told(stream)
    await says(pulse, row, 4, now)
    await first_told(stream)
    began = asyncio.get_running_loop().time()

    for _ in range(20):
        await says(pulse, row, 4, now)
    told = [await first_told(stream)]
    while told[-1][1]["voices"] != 21:
        told.append(await first_told(stream))

    seconds = asyncio.get_running_loop().time() - began
    assert len(told) <= seconds + 1
    await stream.aclose()


async def test_whoever_comes_back_is_told_only_what_is_new(
    pulse: Round, now: datetime
) -> None:
    row = await QuestionRow.get(round_id=pulse.id)
    stream = listen(pulse.id, for_all, network="hall")
    known, _ = await first_told(stream)
    await stream.aclose()

    again = listen(pulse.id, for_all, network="hall", last_id=known)
    told = asyncio.create_task(first_told(again))
    await asyncio.sleep(0.3)
    assert not told.done()
    await says(pulse, row, 4, now)

    assert (await told)[1]["voices"] == 1
    await again.aclose()


async def test_another_question_and_a_shown_result_make_pages_load_again(
    olgas_office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(olgas_office, now, QuestionKind.CHOICE)
    stream = listen(pulse.id, for_all, network="hall")
    pages = [(await first_told(stream))[1]["page"]]
    row = await on(pulse, 1, now)
    pages.append((await first_told(stream))[1]["page"])
    for _ in range(5):
        await says(pulse, row, "one", now)
    await reveals(pulse, row, now)
    while (told := (await first_told(stream))[1])["page"] == pages[-1]:
        assert told["page"] == pages[1]
    pages.append(told["page"])

    assert len(set(pages)) == 3
    await stream.aclose()


async def test_a_stream_ends_with_its_round(pulse: Round, now: datetime) -> None:
    stream = listen(pulse.id, for_all, network="hall")
    await first_told(stream)

    await ends(pulse, now)

    async with asyncio.timeout(10):
        told = await rest(stream)
    assert b"data: " in told[-1]


async def test_all_streams_end_when_the_process_stops(pulse: Round) -> None:
    streams = [listen(pulse.id, for_all, network="hall") for _ in range(3)]
    for each in streams:
        await first_told(each)

    end_streams()

    async with asyncio.timeout(10):
        assert [await rest(each) for each in streams] == [[], [], []]
    with pytest.raises(Busy):
        listen(pulse.id, for_all, network="hall")


async def test_one_network_takes_not_all_the_places(pulse: Round) -> None:
    hub().networks["elsewhere"] = live_hub.MOST_OF_A_NETWORK

    with pytest.raises(TooMany):
        listen(pulse.id, for_all, network="elsewhere")

    stream = listen(pulse.id, for_all, network="hall")
    await first_told(stream)
    await stream.aclose()
