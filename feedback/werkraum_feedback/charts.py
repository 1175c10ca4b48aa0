"""Where the bars of a result stand; the template only draws them.

Across, everything is measured in percent of the width of the picture, so that it
fits a phone and a poster alike; down in em, so that it grows with the letters.
Labels have lines of their own and are broken here, as SVG breaks none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.results import QuestionResult, Tally
from werkraum_foundation.language import gettext, pick

LINE = 1.4
BAR = 1.25
GAP = 0.9
KEY = BAR + 0.45
"""How far the key of a scale stands below the top of its bar."""

LETTERS_ACROSS = 34
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


def chart_of(result: QuestionResult) -> Chart | ScaleChart | None:
    """Draw what can be drawn: nothing where numbers may not be told, nor of texts."""
    if not result.tallies or not result.with_numbers:
        return None
    scale = result.question.kind is QuestionKind.SCALE
    return scale_chart(result) if scale else bar_chart(result)


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
        value = Line(in_figures(tally), LONGEST, _base(top))
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


def _ends(result: QuestionResult) -> tuple[Line, ...]:
    """Put the words of both ends on lines that end together above the bar."""
    poles = result.question.poles
    low = wrap(pick(poles.low)[0], LETTERS_ACROSS // 2 - 1)
    high = wrap(pick(poles.high)[0], LETTERS_ACROSS // 2 - 1)
    rows = max(len(low), len(high))
    return (
        *_placed(low, LINE * (rows - len(low))),
        *(
            replace(line, x=100, anchor="end")
            for line in _placed(high, LINE * (rows - len(high)))
        ),
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


def _base(top: float) -> float:
    """Find the base line of letters that stand in the middle of a bar."""
    return round(top + 0.97, 2)


def in_figures(tally: Tally) -> str:
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
