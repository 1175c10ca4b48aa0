import pytest

from werkraum_feedback.questions import (
    Answer,
    Answers,
    Option,
    Poles,
    Question,
    QuestionKind,
    Typed,
    read_answers,
)

POLES = Poles({"en": "poor", "de": "schlecht"}, {"en": "great", "de": "sehr gut"})
MODES = (Option("onsite", {"en": "on site"}), Option("online", {"en": "online"}))
HELPFUL = Question("q-1", "F01", QuestionKind.SCALE, {"en": "Helpful?"}, poles=POLES)
MODE = Question("q-2", "F02", QuestionKind.CHOICE, {"en": "How?"}, options=MODES)
TOPICS = Question("q-3", "F03", QuestionKind.CHOICES, {"en": "Next?"}, options=MODES)
WORDS = Question("q-4", "F04", QuestionKind.TEXT, {"en": "What was good?"})
QUESTIONS = (HELPFUL, MODE, TOPICS, WORDS)
THREE = tuple(Option(code, {"en": code}) for code in ("a", "b", "c"))
ORDER = Question("q-5", "F05", QuestionKind.RANKING, {"en": "First?"}, options=THREE)
SCORE = Question("q-6", "F06", QuestionKind.SCORE, {"en": "Again?"}, poles=POLES)
YES = Question("q-7", "F07", QuestionKind.YES_NO, {"en": "Join in?"})
YEARS = Question("q-8", "F08", QuestionKind.NUMBER, {"en": "Years?"}, low=-5, high=50)
CARD = Question("q-c", "F09", QuestionKind.STATEMENT, {"en": "A wish?"})
MORE = (ORDER, SCORE, YES, YEARS, CARD)


def faults(typed: Typed) -> list[tuple[str, str]]:
    read = read_answers(QUESTIONS, typed)
    assert not isinstance(read, Answers)
    assert all(fault.message for fault in read)
    return [(fault.field, fault.code) for fault in read]


def test_a_full_form_becomes_typed_answers_in_the_order_of_the_questions() -> None:
    typed = {"q-4": "Die Gespräche", "q-3": ["online", "onsite"], "q-2": "online"}

    assert read_answers(QUESTIONS, {**typed, "q-1": ["5"]}) == Answers(
        (
            Answer("q-1", number=5),
            Answer("q-2", codes=("online",)),
            Answer("q-3", codes=("onsite", "online")),
            Answer("q-4", text="Die Gespräche"),
        )
    )


def test_the_other_kinds_become_typed_answers() -> None:
    typed = {
        "q-5": ["a:3", "c:1"],
        "q-6": "10",
        "q-7": "no",
        "q-8": " -5 ",
        "q-c": "Mehr Zeit",
    }

    assert read_answers(MORE, typed) == Answers(
        (
            Answer("q-5", codes=("c", "a")),
            Answer("q-6", number=10),
            Answer("q-7", codes=("no",)),
            Answer("q-8", number=-5),
            Answer("q-c", text="Mehr Zeit"),
        )
    )


WRONG_OF_OTHERS: dict[str, tuple[Typed, str, str]] = {
    "a place twice": ({"q-5": ["a:1", "b:1"]}, "q-5", "place_twice"),
    "an option twice": ({"q-5": ["a:1", "a:2"]}, "q-5", "place_twice"),
    "a place there is not": ({"q-5": "a:4"}, "q-5", "unknown_choice"),
    "place nought": ({"q-5": "a:0"}, "q-5", "unknown_choice"),
    "an option there is not": ({"q-5": "moon:1"}, "q-5", "unknown_choice"),
    "no place at all": ({"q-5": "a"}, "q-5", "unknown_choice"),
    "a place in other digits": ({"q-5": "a:٣"}, "q-5", "unknown_choice"),
    "eleven of ten": ({"q-6": "11"}, "q-6", "not_on_scale"),
    "less than nothing": ({"q-6": "-1"}, "q-6", "not_on_scale"),
    "half a point": ({"q-6": "7.5"}, "q-6", "not_on_scale"),
    "perhaps": ({"q-7": "maybe"}, "q-7", "unknown_choice"),
    "yes and no": ({"q-7": ["yes", "no"]}, "q-7", "sent_twice"),
    "too many": ({"q-8": "51"}, "q-8", "no_number"),
    "too few": ({"q-8": "-6"}, "q-8", "no_number"),
    "not whole": ({"q-8": "3.5"}, "q-8", "no_number"),
    "a number as in programs": ({"q-8": "1e1"}, "q-8", "no_number"),
    "other digits": ({"q-8": "٣"}, "q-8", "no_number"),
    "endless": ({"q-8": "9" * 5_000}, "q-8", "no_number"),
    "a deed beside it": ({"q-8": "5; drop"}, "q-8", "no_number"),
    "too long a card": ({"q-c": "x" * 10_001}, "q-c", "too_long"),
    "hidden direction": ({"q-c": "a\u202eb"}, "q-c", "hidden_direction"),
}


@pytest.mark.parametrize(
    ("typed", "field", "code"), WRONG_OF_OTHERS.values(), ids=WRONG_OF_OTHERS
)
def test_a_wrong_answer_of_another_kind_is_refused_at_its_field(
    typed: Typed, field: str, code: str
) -> None:
    read = read_answers(MORE, typed)
    assert not isinstance(read, Answers)
    assert [(it.field, it.code) for it in read] == [(field, code)]


def test_a_number_without_ends_is_none_below_nought() -> None:
    free = Question("q-8", "F08", QuestionKind.NUMBER, {"en": "How many?"})

    assert read_answers([free], {"q-8": "1000000"}) == Answers(
        (Answer("q-8", number=1_000_000),)
    )
    assert not isinstance(read_answers([free], {"q-8": "-1"}), Answers)


EMPTY: dict[str, Typed] = {
    "nothing sent": {},
    "empty fields": {"q-1": "", "q-2": [""], "q-3": [], "q-4": "  \r\n "},
}


@pytest.mark.parametrize("typed", EMPTY.values(), ids=EMPTY)
def test_every_question_may_be_left_unanswered(typed: Typed) -> None:
    assert read_answers(QUESTIONS, typed) == Answers()


@pytest.mark.parametrize(
    "value",
    ["0", "6", "-1", "3.5", "5; drop", " 3", "+3", "03", "３", "3\x00", "five"],
    ids=ascii,
)
def test_a_rating_is_one_of_five_digits(value: str) -> None:
    assert faults({"q-1": value}) == [("q-1", "not_on_scale")]


WRONG: dict[str, tuple[Typed, str, str]] = {
    "two ratings": ({"q-1": ["4", "5"]}, "q-1", "sent_twice"),
    "same rating twice": ({"q-1": ["4", "4"]}, "q-1", "sent_twice"),
    "two of one choice": ({"q-2": ["onsite", "online"]}, "q-2", "sent_twice"),
    "unknown option": ({"q-2": "moon"}, "q-2", "unknown_choice"),
    "one unknown of several": ({"q-3": ["online", "moon"]}, "q-3", "unknown_choice"),
    "same option twice": ({"q-3": ["online", "online"]}, "q-3", "sent_twice"),
    "two texts": ({"q-4": ["a", "b"]}, "q-4", "sent_twice"),
    "too long a text": ({"q-4": "x" * 10_001}, "q-4", "too_long"),
    "200 kB of text": ({"q-4": "x" * 200_000}, "q-4", "too_long"),
    "NUL in a text": ({"q-4": "a\x00b"}, "q-4", "unprintable"),
    "half a surrogate pair": ({"q-4": "a\ud800"}, "q-4", "unprintable"),
    "question of another round": ({"q-9": "5"}, "q-9", "unknown_field"),
    "script as a question": ({"<script>": "5"}, "", "unknown_field"),
}


@pytest.mark.parametrize(("typed", "field", "code"), WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_refused_at_its_field(
    typed: Typed, field: str, code: str
) -> None:
    assert faults(typed) == [(field, code)]


def test_all_faults_are_said_at_once() -> None:
    typed = {"q-1": "6", "q-2": "moon", "q-4": "fine", "q-9": "5"}

    assert faults(typed) == [
        ("q-9", "unknown_field"),
        ("q-1", "not_on_scale"),
        ("q-2", "unknown_choice"),
    ]


def test_ten_thousand_foreign_questions_make_one_fault() -> None:
    typed = {f"x-{number}": "5" for number in range(10_000)}

    assert faults(typed) == [("x-0", "unknown_field")]


def test_the_longest_text_is_welcome_and_line_ends_are_made_one() -> None:
    typed = {"q-4": "a\r\nb" + "x" * 9_997}

    read = read_answers(QUESTIONS, typed)

    assert read == Answers((Answer("q-4", text="a\nb" + "x" * 9_997),))


def test_a_scale_offers_five_points_with_words_at_both_ends() -> None:
    assert [option.label["de"] for option in HELPFUL.offered] == [
        "1 – schlecht",
        "2",
        "3",
        "4",
        "5 – sehr gut",
    ]


def test_a_score_offers_nought_to_ten_and_yes_or_no_two_words() -> None:
    assert [option.code for option in SCORE.offered] == [str(n) for n in range(11)]
    assert SCORE.offered[10].label["en"] == "10 – great"
    assert [option.label["de"] for option in YES.offered] == ["ja", "nein"]
