import csv
from io import StringIO

from werkraum_feedback.questions import (
    Answer,
    Answers,
    Option,
    Poles,
    Question,
    QuestionKind,
)
from werkraum_feedback.results.counts import Voice, add_up
from werkraum_feedback.results.exports import answers_csv, codebook_rows
from werkraum_feedback.results.small_groups import UNSAID, Group
from werkraum_feedback.results.voices import Line, lines_of

POLES = Poles({"en": "poor", "de": "schlecht"}, {"en": "great", "de": "gut"})
MODES = (
    Option("onsite", {"en": "on site", "de": "vor Ort"}),
    Option("online", {"en": "online", "de": "online"}),
)
HELPFUL = Question(
    "q-1", "F01", QuestionKind.SCALE, {"en": "Good?", "de": "Gut?"}, poles=POLES
)
MODE = Question(
    "q-2", "F02", QuestionKind.CHOICE, {"en": "How?", "de": "Wie?"}, options=MODES
)
NEXT = Question("q-3", "F03", QuestionKind.CHOICES, {"en": "Next?"}, options=MODES)
WORDS = Question("q-4", "F04", QuestionKind.TEXT, {"en": "Words"})
QUESTIONS = (HELPFUL, MODE, NEXT, WORDS)


def response(rating: int, text: str = "Danke") -> Answers:
    return Answers(
        (
            Answer("q-1", number=rating),
            Answer("q-2", codes=("onsite",)),
            Answer("q-3", codes=("online",)),
            Answer("q-4", text=text),
        )
    )


def told(responses: list[Answers], group: Group = UNSAID) -> list[Line]:
    voices = [Voice(answers, group) for answers in responses]
    return lines_of(add_up(QUESTIONS, voices, b"salt"), voices)


def table(responses: list[Answers], language: str = "en") -> list[list[str]]:
    return read(told(responses), language)


def read(lines: list[Line], language: str = "en") -> list[list[str]]:
    text = "".join(answers_csv(QUESTIONS, lines, language))
    return list(csv.reader(StringIO(text, newline="")))


def test_each_response_is_a_line_and_each_of_several_choices_a_column() -> None:
    head, first, *rest = table([response(5)] * 10)

    assert head == [
        "F01 Good?",
        "F02 How?",
        "F03 Next? [on site]",
        "F03 Next? [online]",
        "F04 Words",
    ]
    assert first == ["5", "on site", "0", "1", "Danke"]
    assert len(rest) == 9


def test_labels_are_written_in_the_language_asked_for() -> None:
    head, first, *_ = table([response(5)] * 10, "de")

    assert head[1] == "F02 Wie?"
    assert first[1] == "vor Ort"


def test_fewer_than_five_responses_give_the_head_only() -> None:
    assert len(table([response(5)] * 4)) == 1


def test_a_question_with_fewer_than_five_answers_has_an_empty_column() -> None:
    rating = Answers((Answer("q-1", number=3),))

    _, *lines = table([rating] * 6 + [response(5)] * 4)

    assert sorted(lines) == [["3", "", "", "", ""]] * 6 + [["5", "", "", "", ""]] * 4


def test_with_five_to_nine_answers_only_texts_are_written() -> None:
    _, *lines = table([response(5)] * 9)

    assert lines == [["", "", "", "", "Danke"]] * 9


def test_the_order_of_lines_does_not_tell_the_order_of_answering() -> None:
    responses = [response(rating) for rating in (5, 3, 1, 4, 2) * 2]

    assert table(responses) == table(responses[::-1])


def test_a_text_cannot_run_as_a_formula() -> None:
    _, first, *_ = table([response(5, '=HYPERLINK("https://otto.example")')] * 5)

    assert first[4] == '\'=HYPERLINK("https://otto.example")'


def test_german_excel_gets_its_dialect() -> None:
    lines = list(answers_csv(QUESTIONS, [], "de", delimiter=";", bom=True))

    assert lines[0] == "\ufeff"
    assert lines[1].startswith("F01 Gut?;F02 Wie?;")


def test_the_codebook_says_what_each_number_means() -> None:
    rows = codebook_rows((HELPFUL, WORDS), "de")

    assert rows == [
        ("Fragen-Nr.", "Art der Frage", "Frage", "Antwort-Nr.", "Antwort"),
        ("F01", "Skala von 1 bis 5", "Gut?", "", ""),
        ("F01", "", "", "1", "1 – schlecht"),
        ("F01", "", "", "2", "2"),
        ("F01", "", "", "3", "3"),
        ("F01", "", "", "4", "4"),
        ("F01", "", "", "5", "5 – gut"),
        ("F04", "freier Text", "Words", "", ""),
    ]


def test_where_people_come_from_stands_in_front_where_it_may() -> None:
    district = told([response(5)] * 12, Group.of("district"))

    head, first, *_ = read(district)

    assert (head[0], first[0]) == ("Where from", "District")
    assert read(district, "de")[1][0] == "Kreis"


def test_a_ranking_tells_the_place_of_each_option() -> None:
    best = Question("q-5", "F05", QuestionKind.RANKING, {"en": "Best?"}, options=MODES)
    line = Line(1, UNSAID, {"q-5": Answer("q-5", codes=("online",))})

    text = "".join(answers_csv([best], [line], "en"))

    assert text == "F05 Best? [on site],F05 Best? [online]\r\n,1\r\n"
