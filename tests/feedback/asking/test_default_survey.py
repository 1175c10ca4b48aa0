from itertools import count

import pytest

from werkraum_feedback.asking.asked import numbered
from werkraum_feedback.asking.default_survey import default_survey
from werkraum_feedback.asking.usual_rounds import USUAL
from werkraum_feedback.models import RoundKind
from werkraum_feedback.questions import Option, Question, QuestionKind

TOPICS = [
    Option("youth", {"de": "Jugend", "en": "Young people"}),
    Option("culture", {"de": "Kultur", "en": "Culture"}),
]


def survey(topics: list[Option]) -> tuple[Question, ...]:
    numbers = count()
    return numbered(default_survey(topics), new_id=lambda: f"question-{next(numbers)}")


def test_six_questions_are_numbered_and_told_apart() -> None:
    asked = survey(TOPICS)

    assert [q.code for q in asked] == ["F01", "F02", "F03", "F04", "F05", "F06"]
    assert len({q.id for q in asked}) == 6


def test_the_topics_given_are_offered() -> None:
    offered = [q.options for q in survey(TOPICS) if q.kind is QuestionKind.CHOICES]

    assert offered == [tuple(TOPICS)]


@pytest.mark.parametrize("topics", [[], TOPICS[:1]], ids=["none", "one"])
def test_where_there_is_no_choice_of_topics_their_question_is_left_out(
    topics: list[Option],
) -> None:
    asked = survey(topics)

    assert [q.code for q in asked] == ["F01", "F02", "F03", "F04", "F05"]
    assert QuestionKind.CHOICES not in {q.kind for q in asked}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_is_there_in_both_languages(language: str) -> None:
    for question in survey(TOPICS):
        labels = [option.label for option in question.offered]
        hint = [question.hint] if question.hint else []
        assert all(text[language] for text in [question.text, *labels, *hint])


@pytest.mark.parametrize("kind", RoundKind)
@pytest.mark.parametrize("language", ["de", "en"])
def test_each_kind_of_round_begins_with_words_in_both_languages(
    kind: RoundKind, language: str
) -> None:
    usual = USUAL[kind]

    asked = usual.questions(TOPICS)

    assert usual.title[language]
    assert asked
    for one in asked:
        labels = [option.label for option in one.options]
        assert all(text[language] for text in [one.text, *labels])
