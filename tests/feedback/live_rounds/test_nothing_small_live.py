"""Whatever is done in a live round, nobody sees or computes what fewer than five said.

Any deeds are played, and after each everything that anybody sees is taken down: on
the phone, on the wall, at the desk, in the streams, in the files afterwards.
"""

import asyncio
import csv
import re
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from io import StringIO
from statistics import median
from typing import Any

import httpx
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.feedback.live_worlds import (
    AGAIN,
    ASK,
    CARD,
    DECIDE,
    REVEAL,
    SAY,
    TYPE_IN,
    VOTE,
    Deed,
    World,
    a_world,
    exchanged,
)
from tests.people import olga_signed_in

from werkraum_feedback.models import QuestionRow
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.results.shares import percent

# Mostly what makes voices, and what shows them.
deeds = st.lists(
    st.tuples(
        st.sampled_from([SAY, SAY, SAY, TYPE_IN, REVEAL, REVEAL, *range(AGAIN + 1)]),
        st.integers(0, 6),
        st.integers(0, 4),
    ),
    min_size=4,
    max_size=16,
)

PAGES = ("phone", "wall", "moderator")
LIST = re.compile(r'<(?:ul class="live-result"|ol class="live-words")>(.+?)</[uo]l>')
ITEM = re.compile(r"<li>(.+?)</li>")
MIDDLE = re.compile(r"Half of the voices said at most: <b>[\d.]+</b>")
TAG = re.compile(r"<[^>]+>")
Line = tuple[str, str]
"""What a result is about, and how many there are of it in words and numbers."""
VOTES = re.compile(r"<b>(\d+ votes?|Voted for it: .+?)</b>")


def played(check: Callable[[list[Deed], int], Coroutine[Any, Any, None]]) -> Any:
    """Let hypothesis choose deeds beside the loop that plays them."""
    loop = asyncio.get_running_loop()

    @settings(
        max_examples=5,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(deeds, st.integers(1, 3))
    # A voice after the result; some typed in beside few; texts of nine at most.
    @example([(SAY, 4, 1), (REVEAL, 0, 0), (SAY, 0, 1), (REVEAL, 0, 0)], 1)
    @example([(SAY, 2, 1), (TYPE_IN, 6, 2), (REVEAL, 0, 0)], 1)
    @example([(SAY, 6, 1), (TYPE_IN, 6, 2), (SAY, 5, 3), (REVEAL, 0, 0)], 2)
    @example([(ASK, 2, 0), (SAY, 2, 1), (TYPE_IN, 6, 2), (REVEAL, 0, 0)], 1)
    @example([(ASK, 2, 0), (SAY, 6, 1), (REVEAL, 0, 0)], 1)
    @example(
        [
            (ASK, 4, 0),
            *[(CARD, 0, 0)] * 3,
            *[(DECIDE, it, 1) for it in range(3)],
            (VOTE, 3, 1),
            (REVEAL, 0, 0),
            (VOTE, 2, 2),
            (REVEAL, 0, 0),
            (DECIDE, 1, 0),
        ],
        1,
    )
    def play(chosen: list[Deed], turn: int) -> None:
        asyncio.run_coroutine_threadsafe(check(chosen, turn), loop).result(120)

    return asyncio.to_thread(play)


async def test_nobody_sees_what_fewer_than_five_said(client: httpx.AsyncClient) -> None:
    """Two worlds, in which five and more exchange their voices, and fewer say anything.

    In both everybody sees the same all the time: what is seen hangs on the sum of all
    voices to a question, and on nothing that could be computed of fewer.
    """
    organiser = await olga_signed_in(client)

    async def check(chosen: list[Deed], turn: int) -> None:
        one = await a_world(client, organiser, chosen)
        other = await a_world(client, organiser, chosen, exchanged(one, turn))

        seen, again = one.told(), other.told()
        assert (seen - again, again - seen) == (Counter(), Counter())
        for row in one.rows:
            shown = shown_of(row, one)
            assert all(it == shown[0] for it in shown), "it stays and is one for all"
            if shown:
                must_be_enough(shown[0], one.voices[row.id].deciding)
                must_be_in_the_file(shown[0], row, one)
        for moment in one.seen:
            voters = len(one.voices[moment.on.id].votes) if moment.on else 0
            for name in PAGES:
                must_be_enough(votes_on(moment.pages[name]), voters)

    await played(check)


def shown_of(row: QuestionRow, world: World) -> list[list[Line]]:
    """List each result of a question that a page showed, one after the other."""
    found = [
        result_on(moment.pages[name])
        for moment in world.seen
        if moment.on and moment.on.id == row.id
        for name in PAGES
    ]
    return [it for it in found if it]


def result_on(page: str) -> list[Line]:
    """Read the lines of a result, or the one with the median."""
    page = " ".join(page.split())
    items = [item for each in LIST.findall(page) for item in ITEM.findall(each)]
    lines = [it.partition("<b>") for it in items or MIDDLE.findall(page)]
    return [
        (TAG.sub("", label).strip(), TAG.sub("", figures).strip())
        for label, _, figures in lines
    ]


def votes_on(page: str) -> list[Line]:
    return [("", it) for it in VOTES.findall(page)]


def must_be_enough(shown: Sequence[Line], people: int) -> None:
    """Words from five people on, numbers from ten on."""
    assert not shown or people >= 5
    if people < 10:
        assert not any(it.isdigit() for _, figures in shown for it in figures)


def must_be_in_the_file(shown: Sequence[Line], row: QuestionRow, world: World) -> None:
    """Find in the file of answers the very numbers that were shown."""
    if world.voices[row.id].deciding < 10:
        return
    head, *lines = csv.reader(StringIO(world.closed["csv"]))
    place = next(n for n, name in enumerate(head) if name.startswith(row.code))
    said = [line[place] for line in lines if line[place]]
    if row.kind is QuestionKind.NUMBER:
        assert shown[0][1] == f"{median(map(int, said)):g}"
        return
    in_words = row.kind is QuestionKind.TEXT
    counts = Counter(word for it in said for word in it.split()) if in_words else None
    for label, figures in shown:
        if counts is not None:
            assert int(figures) == counts[label]
        else:
            count = said.count(label.split()[0])
            assert figures.endswith(f"· {count} · {percent(count, len(said))}%")
