"""Sentences and pictures of the survey, and the appendix that says how it was made."""

from collections.abc import Iterator, Sequence

from werkraum_feedback.models import RoundKind
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.report import report_evidence as evidence
from werkraum_feedback.report.report_drafts import Drafted
from werkraum_feedback.report.report_facts import Asked, Facts
from werkraum_feedback.report.report_prose import Chosen, Prose
from werkraum_feedback.report.report_sections import Section
from werkraum_feedback.report.report_words import plainly
from werkraum_feedback.report_models import PassageKind
from werkraum_feedback.results.shares import share_in_words
from werkraum_feedback.results.tallies import QuestionResult, Tally, in_figures
from werkraum_foundation.language import gettext, noop, pick

SURVEYS = (RoundKind.SURVEY, RoundKind.NEEDS, RoundKind.PULSE)
YES = "yes"
# Beginnings of words by which a question about joining in is known.
JOINING = ("mitwirk", "mitmach", "mitarbeit", "einbring", "join in", "take part in")
# What more than half have chosen may be told first even where nothing is counted.
LARGE = (noop("the majority"), noop("almost all"), noop("unanimously"))
MOST_OPTIONS = 3


def survey(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    for turn, asked in enumerate(facts.asked(*SURVEYS)):
        if asked.results.detail:
            yield from _round(prose, asked, turn, Section.SURVEY)
            yield from _words(facts, prose, asked)


def closing_rounds(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    """Say who took part in the closing round, and what they ticked."""
    for turn, asked in enumerate(facts.asked(RoundKind.CLOSING)):
        if asked.results.detail:
            yield from _round(prose, asked, turn, Section.CLOSING)


def _round(
    prose: Prose, asked: Asked, turn: int, section: Section
) -> Iterator[Drafted]:
    base, found = f"survey.{asked.round_id}", asked.results
    share = ""
    if found.answered is not None and found.rate is not None:
        share = share_in_words(found.answered, found.invited) or ""
    yield Drafted(
        section,
        f"{base}.rate",
        prose.survey(turn, asked, plainly(asked.title), share),
        [evidence.of_round(asked)],
    )
    for number, result in enumerate(found.questions):
        yield from _question(prose, asked, result, number, section)


def _words(facts: Facts, prose: Prose, asked: Asked) -> Iterator[Drafted]:
    """Say what the free texts are about, and whether the talks were about it, too."""
    names = asked.themes[:3]
    if not names:
        return
    told = [it.name for it in facts.told]
    confirms = bool(told) and set(names) <= set(told)
    carried = [
        evidence.of_theme(facts.occasion.event_id, it, facts.spoken.statements)
        for it in facts.themes
        if it.name in names
    ]
    text = prose.survey_words([plainly(it) for it in names], confirms=confirms)
    key = f"survey.{asked.round_id}.words"
    yield Drafted(Section.SURVEY, key, text, carried)


def _question(
    prose: Prose, asked: Asked, result: QuestionResult, turn: int, section: Section
) -> Iterator[Drafted]:
    base = f"survey.{asked.round_id}.{result.question.code}"
    if not result.is_shown or result.in_words:
        return
    if sentence := _sentence(prose, asked, result, turn):
        text, carried = sentence
        yield Drafted(section, f"{base}.said", text, [carried])
    if result.with_numbers and result.tallies:
        yield Drafted(
            section,
            f"{base}.chart",
            plainly(result.title),
            [evidence.of_answers(asked, result, "", result.answered, "")],
            PassageKind.CHART,
            chart_data(result),
        )


def _sentence(
    prose: Prose, asked: Asked, result: QuestionResult, turn: int
) -> tuple[str, evidence.Evidence] | None:
    if asks_to_join(result):
        yes = next(it for it in result.tallies if it.option.code == YES)
        carried = evidence.of_answers(asked, result, YES, yes.count, yes.words)
        return (prose.joining(yes.words), carried) if yes.words else None
    if result.question.kind is QuestionKind.SCALE:
        return _agreeing(prose, asked, result, turn)
    if result.question.kind in (QuestionKind.SCORE, QuestionKind.NUMBER):
        return _middle(prose, asked, result)
    if result.is_ranking:
        return _ranked(prose, asked, result)
    return _chosen(prose, asked, result, turn)


def _middle(
    prose: Prose, asked: Asked, result: QuestionResult
) -> tuple[str, evidence.Evidence] | None:
    found = result.spread
    if not found:
        return None
    low, middle, high = map(in_figures, (found.low, found.median, found.high))
    text = prose.middle(plainly(result.title), middle, low, high)
    said = f"{low} – {middle} – {high}"
    return text, evidence.of_answers(asked, result, "", result.answered, said)


def _ranked(
    prose: Prose, asked: Asked, result: QuestionResult
) -> tuple[str, evidence.Evidence] | None:
    if not result.with_numbers:
        return None
    first = [it for it in result.ranked if it.mean_rank][:MOST_OPTIONS]
    if not first:
        return None
    text = prose.ranked(plainly(result.title), [plainly(it.label) for it in first])
    top = first[0]
    said = evidence.of_answers(
        asked, result, top.option.code, top.count, top.rank_in_figures
    )
    return text, said


def asks_to_join(result: QuestionResult) -> bool:
    """Know the question whether somebody would join in by its words and its yes."""
    text = " ".join(result.question.text.values()).casefold()
    codes = {it.option.code for it in result.tallies}
    return YES in codes and any(word in text for word in JOINING)


def _agreeing(
    prose: Prose, asked: Asked, result: QuestionResult, turn: int
) -> tuple[str, evidence.Evidence] | None:
    """Say how many chose the upper two steps; without numbers nothing."""
    upper = sum(it.count or 0 for it in result.tallies[-2:])
    share = share_in_words(upper, result.answered or 0)
    if not result.with_numbers or not share:
        return None
    pole = plainly(pick(result.question.poles.high)[0])
    text = prose.agreeing(turn, plainly(result.title), share, pole)
    return text, evidence.of_answers(asked, result, "4+5", upper, share)


def _chosen(
    prose: Prose, asked: Asked, result: QuestionResult, turn: int
) -> tuple[str, evidence.Evidence] | None:
    first = most_chosen(result)
    if not first:
        return None
    options: list[Chosen] = [(plainly(it.label), it.words) for it in first]
    several = result.question.kind is QuestionKind.CHOICES
    say = prose.picked if several else prose.chosen
    top = first[0]
    carried = evidence.of_answers(asked, result, top.option.code, top.count, top.words)
    return say(turn, plainly(result.title), options), carried


def most_chosen(result: QuestionResult) -> list[Tally]:
    """Choose what was picked most: by numbers, or by words where there are none."""
    if not result.with_numbers:
        large = [gettext(it) for it in LARGE]
        return [it for it in result.tallies if it.words in large][:1]
    picked = sorted(result.tallies, key=lambda it: -(it.count or 0))
    return [it for it in picked if it.count][:MOST_OPTIONS]


def chart_data(result: QuestionResult) -> dict[str, object]:
    """Keep what the picture and the table beside it are drawn of."""
    return {
        "question": result.question.kind.value,
        "answered": result.answered,
        "bars": [
            {
                "code": it.option.code,
                "label": it.label,
                "count": it.count,
                "percent": it.percent,
            }
            for it in result.tallies
        ],
        "poles": [
            pick(pole)[0] if pole else ""
            for pole in (result.question.poles.low, result.question.poles.high)
        ],
    }


def appendix(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    section, event_id = Section.APPENDIX, facts.occasion.event_id
    rounds = facts.asked(*SURVEYS, RoundKind.CLOSING)
    told = [it for it in rounds if it.results.detail]
    for asked in told:
        text = prose.method(asked, plainly(asked.title))
        key = f"appendix.method.{asked.round_id}"
        yield Drafted(section, key, text, [evidence.of_round(asked)])
    whole = facts.spoken.statements
    if facts.told:
        said = [evidence.of_said(event_id, whole, whole)]
        yield Drafted(section, "appendix.statements", prose.statements(whole), said)
    if not told and not facts.told:
        return
    yield Drafted(section, "appendix.rule", prose.rule_of_five(), [])
    yield Drafted(section, "appendix.shares", prose.share_words(), [])
    yield from _codebook(facts, prose)
    for asked in told:
        yield from _questionnaire(prose, asked)


def _codebook(facts: Facts, prose: Prose) -> Iterator[Drafted]:
    defined = [it for it in facts.told if it.definition]
    if defined:
        caption, *heads = prose.theme_heads()
        yield Drafted(
            Section.APPENDIX,
            "appendix.themes",
            caption,
            [
                evidence.of_theme(facts.occasion.event_id, it, facts.spoken.statements)
                for it in defined
            ],
            PassageKind.TABLE,
            {"head": heads, "rows": [[it.name, it.definition] for it in defined]},
        )


def _questionnaire(prose: Prose, asked: Asked) -> Iterator[Drafted]:
    questions: Sequence[QuestionResult] = asked.results.questions
    key = f"appendix.questions.{asked.round_id}"
    text = prose.questions_of(asked, plainly(asked.title))
    # Which questions were asked does not change with the answers.
    round_itself = evidence.of_round(asked) | {"part": None, "whole": None}
    yield Drafted(Section.APPENDIX, key, text, [round_itself])
    for result in questions:
        text = prose.questionnaire(result.question, plainly(result.title))
        key = f"appendix.question.{asked.round_id}.{result.question.code}"
        carried = [evidence.of_question(asked, result)]
        yield Drafted(Section.APPENDIX, key, text, carried, PassageKind.ITEM)
