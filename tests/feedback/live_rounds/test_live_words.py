import pytest

from werkraum_feedback.live_rounds.live_words import WordCount, word_list


def test_words_are_counted_by_voices_and_small_ones_left_out() -> None:
    said = ["Zeit, Zeit und Mut", "die ZEIT", "Geld", "Mut und Zeit", "nichts"]

    assert word_list(said) == (WordCount("Zeit", 3), WordCount("Mut", 2))


def test_a_word_of_one_voice_is_not_shown() -> None:
    assert word_list(["Anna", "Geld", "Zeit", "Mut", "Raum"]) == ()


@pytest.mark.parametrize("voices", range(5))
def test_nothing_is_told_of_fewer_than_five(voices: int) -> None:
    assert word_list(["Zeit"] * voices) == ()


def test_words_of_every_script_are_words() -> None:
    said = ["Україна", "україна", "日本", "日本", "🙂"]

    assert [it.voices for it in word_list(said)] == [2, 2]
