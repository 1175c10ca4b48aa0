"""Where the bars of a result stand; the template only draws them.

Across, everything is measured in percent of the width of the picture, so that it
fits a phone and a poster alike; down in em, so that it grows with the letters.
Labels have lines of their own and are broken here, as SVG breaks none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.results.tallies import QuestionResult, Tally, in_figures
from werkraum_foundation.language import gettext, pick

LINE = 1.4
BAR = 1.25
GAP = 0.9
KEY = BAR + 0.45
"""How far the key of a scale stands below the top of its bar."""

TALLEST = 7.0
"""How high a column may stand, in em."""

LETTERS_ACROSS = 28
"""Letters that fit side by side on the narrowest phone (320 px)."""

LONGEST = 60.0
"""Percent of the width that a bar of 100 % takes; the rest is for its number."""

ROOM_FOR_A_DIGIT = 6.0
"""Percent of the width that a step must have to carry its number."""


@dataclass(frozen=True)
class Line:
    """One line of text; `x` in percent, `y` its base line in em.

    `anchor` is SVG's text-anchor: which end of the line stands at `x`.
    """

    text: str
    x: float
    y: float
    anchor: str = "start"


@dataclass(frozen=True)
class Bar:
    """One bar from `x`, `width` wide (percent), its top at `y` (em).

    `step` counts the options from 1 and names the class `bar-1`, `bar-2`, …;
    `inside` is what may be written on the bar because there is room for it.
    """

    x: float
    y: float
    width: float
    step: int
    value: Line
    label: tuple[Line, ...] = ()
    inside: Line | None = None


@dataclass(frozen=True)
class Chart:
    """A drawn question: `height` in em, `id` unique on the page."""

    id: str
    title: str
    description: str
    height: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class ScaleChart(Chart):
    """Steps of a scale pushed left and right of a middle line.

    The words of both ends stand above, the key with the numbers below: a step
    that nobody chose has a bar without width, and its 0 there.
    """

    ends: tuple[Line, ...]
    bar_y: float

    @property
    def middle_y(self) -> float:
        """The top of the middle line, which looks out above and below the bar."""
        return round(self.bar_y - 0.3, 2)

    @property
    def key_y(self) -> float:
        """The top of the small squares that stand for the steps in the key."""
        return round(self.bar_y + KEY, 2)


@dataclass(frozen=True)
class PlacesChart(Chart):
    """The options of a ranking, the most preferred on top, and their places."""

    places: bool = True


@dataclass(frozen=True)
class Column:
    """A bar that stands: `x` and `width` in percent, `y` and `height` in em."""

    x: float
    y: float
    width: float
    height: float
    label: Line
    value: Line


@dataclass(frozen=True)
class ColumnChart(Chart):
    """Scores from 0 to 10 side by side, with their numbers on top."""

    columns: tuple[Column, ...]
    ends: tuple[Line, ...]


def chart_of(result: QuestionResult) -> Chart | None:
    """Draw what can be drawn: nothing where numbers may not be told, nor of texts."""
    if not result.tallies or not result.with_numbers:
        return None
    match result.question.kind:
        case QuestionKind.SCALE:
            return scale_chart(result)
        case QuestionKind.SCORE:
            return column_chart(result)
        case QuestionKind.RANKING:
            return places_chart(result)
    return bar_chart(result)


def bar_chart(result: QuestionResult) -> Chart:
    """Lay out one bar per option, its label above, its number behind it.

    The whole length is everybody who answered the question, not the largest
    number, so the bars of two questions can be compared.
    """
    bars: list[Bar] = []
    y = 0.0
    for step, tally in enumerate(result.tallies, start=1):
        label = _placed(wrap(tally.label, LETTERS_ACROSS), y)
        top = round(y + LINE * len(label), 2)
        width = round(_share(tally.count or 0, result.answered or 0) * LONGEST, 2)
        value = Line(number_and_share(tally), LONGEST, _base(top))
        bars.append(Bar(0, top, width, step, value, label))
        y = top + BAR + GAP
    return Chart(
        id=_id(result),
        title=result.title,
        description=in_one_sentence(result),
        height=round(max(y - GAP, 0), 2),
        bars=tuple(bars),
    )


def scale_chart(result: QuestionResult) -> ScaleChart:
    """Lay out the five steps side by side, the middle of step 3 on the centre.

    All answers together are half the picture wide: whoever agrees with
    everything fills the right half, and pictures can be compared.
    """
    ends = _ends(result)
    bar_y = round(max((line.y for line in ends), default=0) + 0.7, 2)
    return ScaleChart(
        id=_id(result),
        title=result.title,
        description=in_one_sentence(result),
        height=round(bar_y + KEY + BAR, 2),
        bars=_steps(result, bar_y),
        ends=ends,
        bar_y=bar_y,
    )


def _ends(result: QuestionResult, *, top: float | None = None) -> tuple[Line, ...]:
    """Put the words of both ends on lines that end together above the bar.

    With `top` they begin together there, below columns.
    """
    poles = result.question.poles
    low = wrap(pick(poles.low)[0], LETTERS_ACROSS // 2 - 1)
    high = wrap(pick(poles.high)[0], LETTERS_ACROSS // 2 - 1)
    rows = max(len(low), len(high))

    def begin(words: Sequence[str]) -> float:
        return LINE * (rows - len(words)) if top is None else top

    return (
        *_placed(low, begin(low)),
        *(replace(it, x=100, anchor="end") for it in _placed(high, begin(high))),
    )


def _steps(result: QuestionResult, bar_y: float) -> tuple[Bar, ...]:
    counts = [tally.count or 0 for tally in result.tallies]
    widths = [50 * _share(count, sum(counts)) for count in counts]
    x = 50 - sum(widths[:2]) - widths[2] / 2
    bars = []
    for step, (count, width) in enumerate(zip(counts, widths, strict=True), 1):
        value = Line(str(count), 20.0 * (step - 1), _base(bar_y + KEY))
        middle = Line(str(step), round(x + width / 2, 2), _base(bar_y), "middle")
        inside = middle if width >= ROOM_FOR_A_DIGIT else None
        bars.append(
            Bar(round(x, 2), bar_y, round(width, 2), step, value, inside=inside)
        )
        x += width
    return tuple(bars)


def column_chart(result: QuestionResult) -> ColumnChart:
    """Lay out a column for each score; the largest number is as high as all may be."""
    counts = [tally.count or 0 for tally in result.tallies]
    step, foot = 100 / len(counts), TALLEST + 2 * LINE
    ends = _ends(result, top=foot)
    return ColumnChart(
        id=_id(result),
        title=result.title,
        description=in_one_sentence(result),
        height=round(max((line.y for line in ends), default=foot) + 0.4, 2),
        bars=(),
        columns=tuple(
            _column(place, count, count / max(1, *counts), step)
            for place, count in enumerate(counts)
        ),
        ends=ends,
    )


def _column(place: int, count: int, share: float, step: float) -> Column:
    middle, height = round((place + 0.5) * step, 2), round(TALLEST * share, 2)
    top = round(LINE + TALLEST - height, 2)
    return Column(
        x=round((place + 0.1) * step, 2),
        y=top,
        width=round(0.8 * step, 2),
        height=height,
        label=Line(str(place), middle, round(TALLEST + 1.8 * LINE, 2), "middle"),
        value=Line(str(count), middle, round(top - 0.3, 2), "middle"),
    )


def places_chart(result: QuestionResult) -> PlacesChart:
    """Lay out a bar per option: how many put it first, second, … of those who did."""
    bars: list[Bar] = []
    y = 0.0
    for tally in result.ranked:
        words = gettext(
            "%(option)s: mean rank %(rank)s",
            option=tally.label,
            rank=tally.rank_in_figures or "–",
        )
        label = _placed(wrap(words, LETTERS_ACROSS), y)
        y = round(y + LINE * len(label), 2)
        bars += _places(tally, label, y)
        y += BAR + GAP
    return PlacesChart(
        id=_id(result),
        title=result.title,
        description=places_in_words(result),
        height=round(max(y - GAP, 0), 2),
        bars=tuple(bars),
    )


def _places(tally: Tally, label: tuple[Line, ...], y: float) -> list[Bar]:
    ranked, x, bars = sum(tally.places), 0.0, []
    for place, count in enumerate(tally.places, start=1):
        width = 100 * _share(count, ranked)
        number = Line(f"{place}.", round(x + width / 2, 2), _base(y), "middle")
        inside = number if width >= ROOM_FOR_A_DIGIT else None
        bars.append(Bar(round(x, 2), y, round(width, 2), place, number, label, inside))
        x, label = x + width, ()
    return bars


def places_in_words(result: QuestionResult) -> str:
    """Tell a ranking to those who do not see it."""
    means = "; ".join(f"{it.label}: {in_figures(it.mean_rank)}" for it in result.ranked)
    return gettext(
        "Answers: %(answered)s. Mean ranks: %(means)s",
        answered=result.answered or 0,
        means=means,
    )


def _base(top: float) -> float:
    """Find the base line of letters that stand in the middle of a bar."""
    return round(top + 0.97, 2)


def number_and_share(tally: Tally) -> str:
    """Say number and percent: "12 (40 %)"."""
    return f"{tally.count} ({tally.share})"


def in_one_sentence(result: QuestionResult) -> str:
    """Tell the picture to those who do not see it."""
    counts = "; ".join(f"{tally.label}: {tally.count}" for tally in result.tallies)
    return gettext(
        "Answers: %(answered)s. %(counts)s",
        answered=result.answered or 0,
        counts=counts,
    )


def _placed(lines: Sequence[str], y: float) -> tuple[Line, ...]:
    """Set lines one below the other, the first with its top at `y`."""
    return tuple(
        Line(text, 0, round(y + 1 + LINE * number, 2))
        for number, text in enumerate(lines)
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _id(result: QuestionResult) -> str:
    return f"chart-{result.question.code}"
