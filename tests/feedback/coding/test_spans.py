import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkraum_feedback.coding.coding_rules import OutsideTheText
from werkraum_feedback.coding.graphemes import is_cut
from werkraum_feedback.coding.spans import Span, between, fitted, pieces_of, words_of
from werkraum_feedback.statement_models import Coding

FAMILY = "👩‍👩‍👧‍👦"
WAVING = "👋🏽"
FLAGS = "🇩🇪🇵🇱"
ACCENT = "e\u0301"

texts = st.text(
    st.sampled_from(
        [*"abä \n", "\u0301", "\u200d", "👩", "👧", "🏽", "🇩", "🇪", "한", "م"]
    )
)


@pytest.mark.parametrize(
    "whole", [FAMILY, WAVING, ACCENT, "🇩🇪", "각", "क्षि", "\r\n", "1️⃣"]
)
def test_what_reads_as_one_character_is_never_cut(whole: str) -> None:
    assert not any(is_cut(whole, at) for at in range(1, len(whole)))


def test_two_flags_are_cut_between_them_only() -> None:
    assert [at for at in range(1, 4) if is_cut(FLAGS, at)] == [2]


def test_a_selection_grows_to_whole_characters() -> None:
    text = f"Hallo {FAMILY} Welt"
    assert fitted(text, 8, 9) == Span(6, 6 + len(FAMILY))


def test_white_space_around_a_selection_falls_away() -> None:
    assert fitted("eine  kleine Stadt", 4, 13) == Span(6, 12)


@pytest.mark.parametrize(
    ("start", "end"), [(4, 6), (-1, 3), (3, 3), (5, 2), (0, 99), (2**70, 2**71)]
)
def test_nothing_chosen_is_refused(start: int, end: int) -> None:
    with pytest.raises(OutsideTheText):
        fitted("eine  Stadt", start, end)


@given(texts, st.data())
def test_whatever_is_selected_the_span_lies_in_the_text(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(0, len(text)))
    try:
        span = fitted(text, start, end)
    except OutsideTheText:
        return
    assert 0 <= span.start < span.end <= len(text)
    assert is_cut(text, span.start) and is_cut(text, span.end)
    assert fitted(text, span.start, span.end) == span


def test_words_are_chosen_in_either_order() -> None:
    text = "Mehr Geld\nfür die Jugend"
    assert between(text, 5, 2) == Span(5, len(text))
    assert [word.text for word in words_of(text)] == text.split()


@pytest.mark.parametrize("numbers", [(0, 1), (1, 6), (-1, -1)])
def test_words_that_are_not_there_are_refused(numbers: tuple[int, int]) -> None:
    with pytest.raises(OutsideTheText):
        between("Mehr Geld für die Jugend", *numbers)


spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


@given(texts, spans)
def test_pieces_give_the_text_again(text: str, chosen: list[tuple[int, int]]) -> None:
    codings = [Coding(start=start, end=end) for start, end in chosen]

    pieces = pieces_of(text, codings)

    assert "".join(piece.text for piece in pieces) == text
    for coding in codings:
        covered = "".join(it.text for it in pieces if coding.id in it.covered_by)
        is_inside = 0 <= coding.start < coding.end <= len(text)
        assert covered == (text[coding.start : coding.end] if is_inside else "")
