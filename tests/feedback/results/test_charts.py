import re
from xml.etree import ElementTree

import jinja2
import pytest

from werkraum_feedback.questions import Option, Poles, Question, QuestionKind
from werkraum_feedback.results.charts import (
    Chart,
    ColumnChart,
    bar_chart,
    chart_of,
    scale_chart,
)
from werkraum_feedback.results.shares import percent
from werkraum_feedback.results.tallies import (
    QuestionResult,
    Tally,
    detail_for,
    with_places,
)
from werkraum_foundation.language import gettext, ngettext

POLES = Poles({"en": "not helpful at all"}, {"en": "very helpful"})
TOPICS = (
    Option("youth", {"en": "Young people"}),
    Option("money", {"en": "Grants for small associations and small towns <3"}),
)
HELPFUL = Question("q-1", "F01", QuestionKind.SCALE, {"en": "Helpful?"}, poles=POLES)
NEXT = Question("q-2", "F02", QuestionKind.CHOICES, {"en": "Next?"}, options=TOPICS)
SVG = "{http://www.w3.org/2000/svg}"


def result(question: Question, *counts: int, answered: int) -> QuestionResult:
    few = answered < 10
    tallies = tuple(
        Tally(option, "some of them")
        if few
        else Tally(option, "some of them", count, percent(count, answered))
        for option, count in zip(question.offered, counts, strict=True)
    )
    shown = None if few else answered
    return QuestionResult(question, detail_for(answered), shown, tallies)


def scale(*counts: int) -> QuestionResult:
    return result(HELPFUL, *counts, answered=sum(counts))


def template(macro: str, drawn: Chart | QuestionResult | None) -> str:
    pages = jinja2.Environment(
        loader=jinja2.PackageLoader("werkraum_feedback"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension brings this method; the stubs of jinja2 do not know it.
    pages.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True
    )
    page = pages.from_string(
        '{% from "feedback/_bars.svg.html" import chart, results_table %}'
        "{{ " + macro + "(drawn) }}"
    )
    return page.render(drawn=drawn)


def svg(drawn: Chart | None) -> ElementTree.Element:
    return ElementTree.fromstring(
        template("chart", drawn).replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1)
    )


def test_a_bar_is_as_long_as_its_share_of_the_people() -> None:
    chart = bar_chart(result(NEXT, 20, 5, answered=20))

    assert [(bar.width, bar.value.text) for bar in chart.bars] == [
        (60.0, "20 (100%)"),
        (15.0, "5 (25%)"),
    ]


def test_a_long_label_is_broken_into_lines_above_its_bar() -> None:
    bar = bar_chart(result(NEXT, 20, 5, answered=20)).bars[1]

    assert [line.text for line in bar.label] == [
        "Grants for small",
        "associations and small towns",
        "<3",
    ]
    assert bar.label[0].y < bar.label[1].y < bar.y


SIDES = {
    "all agree": ((0, 0, 0, 0, 10), 50, 100),
    "all disagree": ((10, 0, 0, 0, 0), 0, 50),
    "all in the middle": ((0, 0, 10, 0, 0), 25, 75),
    "both sides alike": ((3, 3, 0, 3, 3), 25, 75),
    "one step": ((0, 0, 0, 11, 0), 50, 100),
}


@pytest.mark.parametrize(("counts", "left", "right"), SIDES.values(), ids=SIDES)
def test_a_scale_leans_to_the_side_people_chose(
    counts: tuple[int, ...], left: float, right: float
) -> None:
    drawn = [bar for bar in scale_chart(scale(*counts)).bars if bar.width]

    assert drawn[0].x == left
    assert drawn[-1].x + drawn[-1].width == right


def test_the_steps_of_a_scale_touch_and_never_leave_the_picture() -> None:
    bars = scale_chart(scale(1, 5, 3, 16, 18)).bars

    for bar, following in zip(bars, bars[1:], strict=False):
        assert bar.x + bar.width == pytest.approx(following.x, abs=0.02)
    assert bars[0].x >= 0
    assert bars[-1].x + bars[-1].width <= 100


def test_a_narrow_step_keeps_its_number_below_only() -> None:
    bars = scale_chart(scale(1, 0, 0, 0, 39)).bars

    assert [bool(bar.inside) for bar in bars] == [False, False, False, False, True]
    assert [bar.value.text for bar in bars] == ["1", "0", "0", "0", "39"]


def test_what_nobody_chose_has_a_bar_without_width() -> None:
    drawn = chart_of(result(NEXT, 12, 0, answered=12))

    assert drawn is not None
    assert [(bar.width, bar.value.text) for bar in drawn.bars] == [
        (60.0, "12 (100%)"),
        (0.0, "0 (0%)"),
    ]


@pytest.mark.parametrize("question", [HELPFUL, NEXT], ids=["scale", "choices"])
def test_nine_people_are_not_drawn(question: Question) -> None:
    nine = [9] + [0] * (len(question.offered) - 1)

    assert chart_of(result(question, *nine, answered=9)) is None


def test_what_may_not_be_shown_is_not_drawn() -> None:
    assert chart_of(QuestionResult(HELPFUL)) is None


def test_the_picture_tells_its_content_to_those_who_do_not_see_it() -> None:
    drawn = svg(chart_of(scale(1, 0, 0, 4, 5)))

    said = {child.get("id"): child.text for child in drawn if child.get("id")}
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby") == "chart-F01-title chart-F01-words"
    assert said["chart-F01-title"] == "Helpful?"
    assert "5 – very helpful: 5" in (said["chart-F01-words"] or "")


@pytest.mark.parametrize(
    "drawn",
    [scale(1, 0, 0, 4, 5), result(NEXT, 12, 3, answered=12)],
    ids=["scale", "choices"],
)
def test_a_picture_has_no_style_of_its_own(drawn: QuestionResult) -> None:
    elements = list(svg(chart_of(drawn)).iter())

    assert not [element for element in elements if "style" in element.attrib]
    assert all(element.tag != f"{SVG}style" for element in elements)
    assert any("bar-track" in element.get("class", "") for element in elements)


def test_an_organisers_words_are_no_markup() -> None:
    assert "small towns &lt;3" in template(
        "chart", chart_of(result(NEXT, 12, 3, answered=12))
    )


def test_the_table_says_the_same_in_words() -> None:
    table = template("results_table", result(NEXT, 12, 3, answered=12))

    assert ">Next?</caption>" in table
    assert '<th scope="row">Young people</th>' in table
    assert '<td class="number">100%</td>' in table
    assert "12 people answered." in table


def test_a_table_of_nine_people_holds_words_and_no_digit() -> None:
    table = template("results_table", result(NEXT, 6, 3, answered=9))

    rows = table.partition("<tbody>")[2].replace("small towns &lt;3", "")
    assert "some of them" in rows
    assert not re.search("[0-9]", rows)


SCORE = Question("q-3", "F03", QuestionKind.SCORE, {"en": "0 to 10?"}, poles=POLES)
RANKING = Question("q-4", "F04", QuestionKind.RANKING, {"en": "Rank"}, options=TOPICS)


def scores(*counts: int) -> QuestionResult:
    options = [Option(str(it), {}) for it in range(11)]
    people = sum(counts)
    tallies = tuple(
        Tally(option, "", count, percent(count, people))
        for option, count in zip(options, counts, strict=True)
    )
    return QuestionResult(SCORE, detail_for(people), people, tallies)


def test_scores_stand_side_by_side_with_their_numbers() -> None:
    drawn = chart_of(scores(0, 0, 0, 2, 0, 0, 4, 0, 0, 0, 8))
    assert isinstance(drawn, ColumnChart)

    values = [(it.label.text, it.value.text, it.height) for it in drawn.columns]

    assert values[3] == ("3", "2", 1.75)
    assert values[10] == ("10", "8", 7.0)
    assert [(line.text, line.y) for line in drawn.ends] == [
        ("not helpful", 10.8),
        ("at all", 12.2),
        ("very helpful", 10.8),
    ]
    assert len(svg(drawn).findall(f"{SVG}rect")) == 11


def test_a_ranking_shows_the_most_preferred_first_with_its_places() -> None:
    youth = with_places(Tally(TOPICS[0], "", 4, 33), [4, 8])
    money = with_places(Tally(TOPICS[1], "", 8, 67), [8, 4])
    drawn = chart_of(QuestionResult(RANKING, detail_for(12), 12, (youth, money)))
    assert drawn

    assert [(bar.step, bar.width) for bar in drawn.bars] == [
        (1, 66.67),
        (2, 33.33),
        (1, 33.33),
        (2, 66.67),
    ]
    assert drawn.bars[2].label[0].text == "Young people: mean rank 1.7"
    assert "Young people: 1.7" in drawn.description
    assert "place-number-1" in ElementTree.tostring(svg(drawn)).decode()
