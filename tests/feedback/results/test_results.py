import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkraum_feedback.questions import (
    Answer,
    Answers,
    Option,
    Poles,
    Question,
    QuestionKind,
)
from werkraum_feedback.results.counts import Voice, add_up, in_no_order
from werkraum_feedback.results.shares import percent
from werkraum_feedback.results.small_groups import UNSAID
from werkraum_feedback.results.tallies import (
    Detail,
    QuestionResult,
    Results,
    results,
    spread_of,
)

POLES = Poles({"en": "poor"}, {"en": "great"})
MODES = (Option("onsite", {"en": "on site"}), Option("online", {"en": "online"}))
HELPFUL = Question("q-1", "F01", QuestionKind.SCALE, {"en": "Helpful?"}, poles=POLES)
TOPICS = Question("q-2", "F02", QuestionKind.CHOICES, {"en": "Next?"}, options=MODES)
WORDS = Question("q-3", "F03", QuestionKind.TEXT, {"en": "What was good?"})
QUESTIONS = (HELPFUL, TOPICS, WORDS)
SALT = b"round one"

codes = st.sets(st.sampled_from(["onsite", "online"]), min_size=1)
answers = st.tuples(
    st.none() | st.builds(Answer, st.just("q-1"), number=st.integers(1, 5)),
    st.none() | st.builds(Answer, st.just("q-2"), codes=codes.map(sorted).map(tuple)),
    st.none() | st.builds(Answer, st.just("q-3"), text=st.text("abc", min_size=1)),
)
responses = st.builds(
    lambda given: Answers(tuple(answer for answer in given if answer)), answers
)
rounds = st.lists(responses, max_size=40)


def ratings(*numbers: int) -> list[Answers]:
    return [Answers((Answer("q-1", number=number),)) for number in numbers]


def shown(given: list[Answers], invited: int = 40) -> Results:
    voices = [Voice(answers) for answers in given]
    return results(add_up(QUESTIONS, voices, SALT), invited=invited)


def helpful(*numbers: int) -> QuestionResult:
    return shown(ratings(*numbers)).questions[0]


@given(st.lists(responses, max_size=4))
def test_below_five_answers_a_round_looks_like_an_empty_one(
    few: list[Answers],
) -> None:
    assert shown(few) == shown([])


@given(rounds)
def test_a_question_with_fewer_than_five_answers_looks_unanswered(
    many: list[Answers],
) -> None:
    for question, result in zip(QUESTIONS, shown(many).questions, strict=True):
        people = sum(
            answer.question_id == question.id for one in many for answer in one.given
        )
        if people < 5:
            assert result == QuestionResult(question)
        else:
            assert result.answered == (people if people >= 10 else None)


@given(rounds)
def test_numbers_are_shown_from_ten_people_on(many: list[Answers]) -> None:
    whole = shown(many)
    assert whole.rate is None or (whole.answered or 0) >= 10
    for result in whole.questions:
        if result.answered is None:
            assert result.spread is None
            assert {(t.count, t.percent) for t in result.tallies} <= {(None, None)}


def test_five_to_nine_people_are_told_in_words_only() -> None:
    result = helpful(4, 5, 5, 5, 5, 5, 5)

    assert [(tally.words, tally.count) for tally in result.tallies] == [
        ("nobody", None),
        ("nobody", None),
        ("nobody", None),
        ("a few individuals", None),
        ("almost all", None),
    ]


@given(rounds)
def test_the_order_of_answering_leaves_no_trace(many: list[Answers]) -> None:
    assert shown(sorted(many, key=repr)) == shown(many)


@pytest.mark.parametrize(
    ("people", "detail"),
    [
        (4, Detail.NOTHING),
        (5, Detail.WORDS),
        (9, Detail.WORDS),
        (10, Detail.NUMBERS_WITH_NOTICE),
        (29, Detail.NUMBERS_WITH_NOTICE),
        (30, Detail.NUMBERS),
    ],
)
def test_more_answers_carry_more_detail(people: int, detail: Detail) -> None:
    assert helpful(*[3] * people).detail is detail


def test_a_scale_is_counted_step_by_step() -> None:
    result = helpful(1, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5)

    assert [tally.count for tally in result.tallies] == [1, 0, 0, 2, 9]
    assert [tally.percent for tally in result.tallies] == [8, 0, 0, 17, 75]
    assert result.median == 5


def test_a_median_between_two_steps_is_written_as_readers_write_it() -> None:
    result = helpful(4, 4, 4, 4, 4, 5, 5, 5, 5, 5)

    assert result.median_in_figures == "4.5"


def test_of_several_choices_each_is_a_share_of_the_people() -> None:
    both = Answers((Answer("q-2", codes=("onsite", "online")),))
    one = Answers((Answer("q-2", codes=("online",)),))

    tallies = shown([both] * 5 + [one] * 5).questions[1].tallies

    assert [(t.count, t.percent) for t in tallies] == [(5, 50), (10, 100)]


@pytest.mark.parametrize(
    ("answered", "invited", "rate"),
    [(12, 40, 30), (40, 40, 100), (9, 40, None), (12, 0, None), (12, 11, None)],
)
def test_the_response_rate_needs_ten_answers_and_enough_invited(
    answered: int, invited: int, rate: int | None
) -> None:
    assert shown(ratings(*[3] * answered), invited).rate == rate


def test_a_response_without_any_answer_is_not_counted() -> None:
    assert shown([*ratings(3, 3, 3, 3), Answers()]) == shown([])


def test_open_texts_come_in_an_order_of_their_own_in_each_round() -> None:
    texts = tuple((UNSAID, f"text {number:02}") for number in range(20))

    one, other = (tuple(in_no_order(texts, salt)) for salt in (b"one", b"other"))

    assert tuple(sorted(one)) == tuple(sorted(other)) == texts
    assert len({one, other, texts}) == 3


@pytest.mark.parametrize(
    ("part", "whole", "whole_percent"),
    [(0, 8, 0), (1, 8, 13), (1, 3, 33), (2, 3, 67), (8, 8, 100)],
)
def test_halves_are_rounded_up(part: int, whole: int, whole_percent: int) -> None:
    assert percent(part, whole) == whole_percent


def test_a_result_of_few_comes_with_a_notice() -> None:
    notices = [helpful(*[3] * people).with_notice for people in (9, 10, 29, 30)]

    assert notices == [False, True, True, False]


def test_a_text_is_shown_as_often_as_it_was_written() -> None:
    said = [Answers((Answer("q-3", text="Danke"),))] * 5

    assert shown(said).questions[2].texts == ("Danke",) * 5


NUMBER = Question("q-4", "F04", QuestionKind.NUMBER, {"en": "Since when?"})
SCORE = Question("q-5", "F05", QuestionKind.SCORE, {"en": "0 to 10?"})
AGREE = Question("q-6", "F06", QuestionKind.YES_NO, {"en": "Join in?"})
BEST = Question("q-7", "F07", QuestionKind.RANKING, {"en": "Rank"}, options=MODES)


def one_question(question: Question, *given: Answer) -> QuestionResult:
    voices = [Voice(Answers((answer,))) for answer in given]
    return results(add_up([question], voices, SALT), invited=99).questions[0]


def test_numbers_are_told_by_their_quarters() -> None:
    result = one_question(NUMBER, *(Answer("q-4", number=it) for it in range(1, 14)))

    assert result.spread == spread_of(dict.fromkeys(range(1, 14), 1))
    assert result.spread
    assert (result.spread.low, result.spread.median, result.spread.high) == (4, 7, 10)
    assert result.tallies == ()


def test_fewer_than_ten_numbers_have_no_quarters() -> None:
    result = one_question(NUMBER, *[Answer("q-4", number=it) for it in range(9)])

    assert (result.detail, result.spread) == (Detail.WORDS, None)


def test_a_score_is_counted_from_nought_to_ten() -> None:
    result = one_question(
        SCORE, *[Answer("q-5", number=0), Answer("q-5", number=10)] * 6
    )

    assert [tally.label for tally in result.tallies] == [str(it) for it in range(11)]
    assert [tally.count for tally in result.tallies] == [6, *[0] * 9, 6]
    assert result.median_in_figures == "5"


def test_yes_and_no_are_counted() -> None:
    yes, no = Answer("q-6", codes=("yes",)), Answer("q-6", codes=("no",))

    result = one_question(AGREE, *[yes] * 41, *[no] * 80)

    assert [(t.label, t.count, t.percent, t.words) for t in result.tallies] == [
        ("yes", 41, 34, "just over a third"),
        ("no", 80, 66, "the majority"),
    ]


def test_a_ranking_is_told_by_mean_and_places() -> None:
    first = Answer("q-7", codes=("onsite", "online"))
    other = Answer("q-7", codes=("online", "onsite"))

    result = one_question(BEST, *[first] * 4, *[other] * 12)

    onsite, online = result.tallies
    assert (onsite.count, onsite.places, onsite.mean_rank) == (4, (4, 12), 1.75)
    assert (online.count, online.places, online.mean_rank) == (12, (12, 4), 1.25)
    assert [tally.label for tally in result.ranked] == ["online", "on site"]
    assert online.rank_in_figures == "1.2"


def test_a_ranking_of_few_is_told_in_words() -> None:
    result = one_question(BEST, *[Answer("q-7", codes=("online", "onsite"))] * 9)

    assert [(t.words, t.count, t.places, t.mean_rank) for t in result.tallies] == [
        ("nobody", None, (), None),
        ("unanimously", None, (), None),
    ]
