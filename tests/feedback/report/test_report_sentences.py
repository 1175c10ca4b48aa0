import re
from dataclasses import replace

import pytest
from tests.feedback.report_samples import (
    ASSOCIATION,
    DISTRICT,
    LARGE,
    SMALL,
    a_survey,
    a_workshop,
    themes,
)

from werkraum_feedback.models import RoundKind
from werkraum_feedback.report import report_english_words, report_german_words
from werkraum_feedback.report.report_draft import draft
from werkraum_feedback.report.report_drafts import Drafted
from werkraum_feedback.report.report_facts import Crowd, Facts, Spoken
from werkraum_feedback.report.report_sections import Section
from werkraum_feedback.report.report_sentences import told_groups
from werkraum_feedback.report_models import PassageKind
from werkraum_feedback.results.shares import share_in_words
from werkraum_foundation.language import in_language

# Rules and words that hold for every report.
BARE = ("appendix.rule", "appendix.shares")


def passages(facts: Facts) -> list[Drafted]:
    return list(draft(facts).passages)


def texts(facts: Facts, section: str = "") -> str:
    return "\n".join(it.text for it in passages(facts) if section in it.section)


def with_survey(yes: int, people: int, language: str = "de") -> Facts:
    with in_language(language):
        return a_workshop(language, rounds=[a_survey(yes, people)])


def test_a_third_is_told_as_the_answers_carry_it() -> None:
    [joining] = [it for it in passages(a_workshop()) if it.key.endswith("F02.said")]

    assert joining.text == (
        "Gut ein Drittel der Befragten wäre bereit, sich bei der Weiterentwicklung "
        "einzubringen."
    )
    [carried] = joining.evidence
    assert (carried["part"], carried["whole"], carried["code"]) == (41, 121, "yes")


@pytest.mark.parametrize(
    ("yes", "said"),
    [
        (0, "Bereit, sich bei der Weiterentwicklung einzubringen, ist von den"),
        (2, "Einzelne Befragte wären bereit"),
        (4, "Mehrere Befragte wären bereit"),
        (20, "Ein Teil der Befragten wäre bereit"),
        (52, "Gut zwei Fünftel der Befragten wären bereit"),
        (60, "Etwa die Hälfte der Befragten wäre bereit"),
        (90, "Die Mehrheit der Befragten wäre bereit"),
        (110, "Fast alle Befragten wären bereit"),
        (121, "Die Befragten sind übereinstimmend bereit"),
    ],
)
def test_the_sentence_bends_with_the_share(yes: int, said: str) -> None:
    assert said in texts(with_survey(yes, 121))


@pytest.mark.parametrize("language", ["de", "en"])
def test_both_languages_know_every_word_for_a_share(language: str) -> None:
    with in_language(language):
        words = {
            share_in_words(part, whole)
            for whole in range(5, 60)
            for part in range(whole + 1)
        }
    known = {
        "de": list(report_german_words.SHARES),
        "en": list(report_english_words.SHARES),
    }
    assert sorted(filter(None, words)) == sorted(known[language])


def test_unanimous_is_said_only_where_all_agree() -> None:
    assert "übereinstimmend" not in texts(with_survey(120, 121), Section.SURVEY)
    assert "übereinstimmend" in texts(with_survey(121, 121), Section.SURVEY)


@pytest.mark.parametrize("language", ["de", "en"])
def test_numbers_of_a_share_stand_in_the_appendix_alone(language: str) -> None:
    told = [
        it.text
        for it in passages(a_workshop(language))
        if it.section != Section.APPENDIX and it.kind is PassageKind.PARAGRAPH
    ]
    assert not [it for it in told if re.search(r"\d+ (von|of) \d+|\d ?%", it)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_sentence_keeps_what_carries_it(language: str) -> None:
    bare = [it.key for it in passages(a_workshop(language)) if not it.evidence]
    assert bare == list(BARE)


def test_the_sections_stand_in_the_order_of_the_outline() -> None:
    found = list(dict.fromkeys(it.section for it in passages(a_workshop())))

    assert found == [
        "head",
        "aim",
        "course",
        "introduction",
        "theme:1",
        "theme:2",
        "theme:3",
        "practices",
        "survey",
        "closing",
        "development",
        "outlook",
        "appendix",
        "about",
    ]


def test_connecting_themes_are_named_together() -> None:
    said = texts(a_workshop(), Section.INTRODUCTION)

    assert "Klein-, Mittel- und Großstädte sowie Vereine gemeinsame Anliegen" in said
    assert "Die drei verbindenden Themen waren „Generationenwechsel“" in said


def test_a_theme_of_one_group_connects_nobody() -> None:
    alone = [
        replace(it, groups=tuple(g for g in it.groups if g.group == SMALL))
        for it in themes()
    ]
    said = texts(a_workshop(themes=alone), Section.INTRODUCTION)

    assert "verbindend" not in said
    assert "Am häufigsten ging es um „Generationenwechsel“" in said


def test_the_closing_round_is_told_in_a_section_of_its_own() -> None:
    [survey] = a_workshop().rounds
    closing = replace(survey, kind=RoundKind.CLOSING, of_network=False)
    both = ("Generationenwechsel", 3), ("Fördermittel", 2)
    facts = a_workshop(rounds=[closing], closing_themes=both)
    said = texts(facts, Section.CLOSING)

    assert "An der Feedbackrunde „Weiterentwicklung der Netzwerkstelle“" in said
    assert "einzubringen" in said and not texts(facts, Section.SURVEY)
    assert (
        "In der Feedbackrunde am Ende wurden noch einmal „Generationenwechsel“ und "
        "„Fördermittel“ aufgegriffen."
    ) in said
    assert "Feedbackrunde „Weiter" in texts(facts, Section.APPENDIX)


def test_no_two_themes_are_told_in_the_same_words() -> None:
    found = passages(a_workshop())
    for end in (".share", ".groups", ".stances"):
        said = [it.text[:25] for it in found if it.key.endswith(end)]
        assert len(said) == len(set(said)) > 1


def test_what_few_people_said_makes_no_theme() -> None:
    few = a_workshop(spoken=Spoken(4, 4, 0), themes=themes())
    found = draft(few)

    assert not [it for it in found.passages if "theme" in it.section]
    assert {"introduction", "theme"} <= {it.section for it in found.missing}


def test_five_to_nine_answers_are_told_in_words_alone() -> None:
    found = [
        it
        for it in passages(with_survey(9, 9))
        if it.section == Section.SURVEY and it.kind is not PassageKind.QUOTE
    ]

    assert "übereinstimmend" in "\n".join(it.text for it in found)
    assert not [it for it in found if it.kind is PassageKind.CHART]
    carried = [one for it in found for one in it.evidence if one["kind"] == "answers"]
    assert {one["part"] for one in carried} == {None}


def test_fewer_than_five_answers_are_as_none() -> None:
    found = draft(with_survey(4, 4))

    assert not [it for it in found.passages if it.section == Section.SURVEY]
    assert Section.SURVEY in {it.section for it in found.missing}


def test_a_group_of_four_is_neither_named_nor_counted_nor_left_over() -> None:
    crowd = Crowd(
        28, 20, True, ((SMALL, 9), (LARGE, 6), (ASSOCIATION, 9), (DISTRICT, 4))
    )

    assert told_groups(crowd) == [(SMALL, 9), (ASSOCIATION, 9)]
    said = texts(a_workshop(crowd=crowd), Section.HEAD)
    assert "Kreise" not in said


def test_names_hold_no_markdown() -> None:
    facts = a_workshop()
    occasion = replace(facts.occasion, title="A *B* [C](https://evil.example) <b>")
    said = texts(replace(facts, occasion=occasion), Section.HEAD)

    assert r"A \*B\* \[C\](https://evil.example) \<b\>" in said


def test_without_anything_a_draft_says_what_is_missing() -> None:
    facts = a_workshop(
        items=[],
        spoken=Spoken(0, 0, 0),
        themes=[],
        rounds=[],
        practices=[],
        papers=[],
        next=[],
    )
    missing = [it.section for it in draft(facts).missing]

    assert missing == [
        Section.COURSE,
        Section.INTRODUCTION,
        Section.THEME,
        Section.PRACTICES,
        Section.SURVEY,
        Section.OUTLOOK,
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "mit „[Forum Jugend](<https://werkraum.example/de/events/jugend>)“ am"),
        ("en", "is “[Forum Jugend](<https://werkraum.example/de/events/jugend>)” on"),
    ],
)
def test_titles_of_the_next_events_stand_in_quotes(language: str, said: str) -> None:
    """A title such as "Round on screen" would run into the day that follows it."""
    with in_language(language):
        facts = a_workshop(language)

    assert said in texts(facts, Section.OUTLOOK)
