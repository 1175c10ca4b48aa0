"""English of the survey and of the appendix that says how it was made."""

from collections.abc import Sequence

from babel.dates import format_date

from werkraum_feedback.models import RoundKind
from werkraum_feedback.questions import Question, QuestionKind
from werkraum_feedback.report.report_english_words import (
    ALL_OF_THEM,
    ASKED,
    NOBODY,
    capital,
    listed,
    quoted,
    who,
)
from werkraum_feedback.report.report_facts import Asked
from werkraum_feedback.report.report_prose import Chosen


class EnglishSurvey:
    def survey(self, turn: int, asked: Asked, title: str, share: str) -> str:
        word = "closing round" if asked.kind is RoundKind.CLOSING else "survey"
        name = f"the {word} {quoted(title)}"
        if asked.of_network:
            name += ", which went to the whole network,"
        if not share:
            return f"Enough people answered {name} for a first picture."
        said = capital(who(share, "those invited"))
        return f"{said} took part in {name.removesuffix(',')}."

    def agreeing(self, turn: int, question: str, share: str, pole: str) -> str:
        toward = f", towards {quoted(pole)}" if pole else ""
        said = who(share, ASKED)
        if turn % 2:
            return (
                f"With 4 or 5 on a scale up to 5{toward}, {said} answered the question "
                f"{quoted(question)}."
            )
        return (
            f"Asked {quoted(question)}, {said} answered with 4 or 5 on a scale up to "
            f"5{toward}."
        )

    def chosen(self, turn: int, question: str, options: Sequence[Chosen]) -> str:
        label, share = options[0]
        rest = "".join(f", {word} {quoted(it)}" for it, word in options[1:])
        who_chose = f"{who(share, ASKED)} chose"
        return f"Asked {quoted(question)}, {who_chose} {quoted(label)}{rest}."

    def picked(self, turn: int, question: str, options: Sequence[Chosen]) -> str:
        label, share = options[0]
        rest = "".join(f", {word} {quoted(it)}" for it, word in options[1:])
        return (
            f"Asked {quoted(question)}, {who(share, ASKED)} named {quoted(label)}"
            f"{rest}; several answers were possible."
        )

    def middle(self, question: str, middle: str, low: str, high: str) -> str:
        return (
            f"Asked {quoted(question)}, the middle answer is {middle}; the middle half "
            f"of the answers lies between {low} and {high}."
        )

    def ranked(self, question: str, names: Sequence[str]) -> str:
        first = f"Put in order for {quoted(question)}, {quoted(names[0])} comes first"
        if len(names) == 1:
            return f"{first}."
        return f"{first}, followed by {listed([quoted(it) for it in names[1:]])}."

    def joining(self, share: str) -> str:
        deed = "to join in the further development"
        if share == ALL_OF_THEM:
            return f"The respondents are unanimously willing {deed}."
        if share == NOBODY:
            return f"None of the respondents is willing {deed} at present."
        return f"{capital(who(share, ASKED))} would be willing {deed}."

    def survey_words(self, names: Sequence[str], *, confirms: bool) -> str:
        joined = listed([quoted(it) for it in names])
        if confirms:
            return (
                f"The free answers, too, are about {joined} and confirm what was said "
                "in the conversation."
            )
        return f"The free answers are mainly about {joined}."

    def method(self, asked: Asked, title: str) -> str:
        found, said = asked.results, ""
        if asked.opened_at and asked.ended_at:
            begin = format_date(asked.opened_at, "long", locale="en_GB")
            end = format_date(asked.ended_at, "long", locale="en_GB")
            said = f" (open from {begin} to {end})"
        word = "Closing round" if asked.kind is RoundKind.CLOSING else "Survey"
        first = f"{word} {quoted(title)}{said}: {found.invited} invited"
        if found.answered is None:
            return f"{first}, five to nine answers; shares therefore in words only."
        if found.rate is None:
            return f"{first}, {found.answered} answers."
        return f"{first}, {found.answered} answers, response rate {found.rate}%."

    def statements(self, count: int) -> str:
        return (
            f"{count} statements from conversations, cards and free answers were read; "
            "people assigned them to themes. Shares of statements count statements, "
            "not people."
        )

    def rule_of_five(self) -> str:
        return (
            "Nothing is reported about a group of fewer than five people, nor so that "
            "it could be computed by subtraction; numbers appear from ten answers on."
        )

    def share_words(self) -> str:
        return (
            "Words for shares: “a few” are one or two, “several” three or four; “some” "
            "stays below 30%, “just over a third” is above a third and at most 37%, "
            "“about half” from 45% to 55%, “the majority” above, “almost all” above "
            "80%; “unanimously” means without exception."
        )

    def theme_heads(self) -> tuple[str, str, str]:
        return "The themes and what belongs to them", "Theme", "What belongs to it"

    def questions_of(self, asked: Asked, title: str) -> str:
        word = "closing round" if asked.kind is RoundKind.CLOSING else "survey"
        return f"The questions of the {word} {quoted(title)}:"

    def questionnaire(self, question: Question, text: str) -> str:
        kinds = {
            QuestionKind.SCALE: "scale from 1 to 5",
            QuestionKind.SCORE: "0 to 10",
            QuestionKind.YES_NO: "yes or no",
            QuestionKind.CHOICE: "one answer",
            QuestionKind.CHOICES: "several answers",
            QuestionKind.RANKING: "order",
            QuestionKind.NUMBER: "number",
            QuestionKind.TEXT: "free text",
            QuestionKind.STATEMENT: "free text",
        }
        return f"{question.code}: {text} ({kinds[question.kind]})"
