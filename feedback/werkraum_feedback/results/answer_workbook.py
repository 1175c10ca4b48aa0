"""The answers of a round as a workbook: read me, answers, codebook, counts, …"""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from werkraum_feedback.coding.theme_rows import ThemesTold, quote_rows, theme_rows
from werkraum_feedback.models import Round
from werkraum_feedback.questions import Question
from werkraum_feedback.results.count_rows import count_rows
from werkraum_feedback.results.exports import answer_rows, codebook_rows
from werkraum_feedback.results.tallies import Results
from werkraum_feedback.results.voices import Line
from werkraum_foundation.language import gettext, language, pick
from werkraum_foundation.workbooks import Cell, Workbook

AT_ONCE = 200


async def write_workbook(
    path: Path,
    asked: Round,
    questions: Sequence[Question],
    lines: Sequence[Line],
    found: Sequence[Results],
    themes: ThemesTold,
) -> None:
    """Write the sheets; `found` are the results of everybody, then of groups."""
    async with Workbook(path, gettext("Read me")) as book:
        await book.write(_read_me(asked, found[0]))
        await book.begin(gettext("Answers"))
        for rows in _some_at_a_time(answer_rows(questions, lines, language())):
            await book.write(rows)
            # Others have their turn.
            await asyncio.sleep(0)
        await book.begin(gettext("Codebook"))
        await book.write(codebook_rows(questions, language()))
        await book.begin(gettext("Counts"))
        await book.write(count_rows(found))
        await book.begin(gettext("Themes"))
        await book.write(theme_rows(themes))
        await book.begin(gettext("Quotes"))
        await book.write(quote_rows(themes))


def _some_at_a_time(rows: Iterator[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _read_me(asked: Round, whole: Results) -> Iterator[tuple[Cell, ...]]:
    yield gettext("What this is"), pick(asked.title)[0]
    if asked.event:
        yield gettext("Event"), pick(asked.event.title)[0]
    yield gettext("People asked"), asked.invited
    few = gettext("between five and nine")
    yield gettext("Answers"), few if whole.answered is None else whole.answered
    if whole.rate is not None:
        yield gettext("Response rate in percent"), whole.rate
    yield (
        gettext("What is not in it"),
        gettext(
            "Texts stand here from five answers to a question on, what can be counted "
            "from ten on. Groups of fewer than five people are left out, and so are "
            "larger ones from which a smaller one could be computed."
        ),
    )
    yield (
        gettext("The lines"),
        gettext(
            "One line is one person. The lines are sorted by what they say; nothing "
            "tells who wrote them or when."
        ),
    )
    yield (
        gettext("The themes"),
        gettext("Themes and quotes are those of the whole event, from all its rounds."),
    )
