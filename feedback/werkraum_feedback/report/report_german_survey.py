"""German of the survey and of the appendix that says how it was made."""

from collections.abc import Sequence

from babel.dates import format_date

from werkraum_feedback.models import RoundKind
from werkraum_feedback.questions import Question, QuestionKind
from werkraum_feedback.report.report_facts import Asked
from werkraum_feedback.report.report_german_words import (
    ALL_OF_THEM,
    ASKED,
    INVITED,
    NOBODY,
    capital,
    listed,
    quoted,
    verb,
    who,
)
from werkraum_feedback.report.report_prose import Chosen

# The sign never begins a line.
PERCENT = "\u00a0%"


class GermanSurvey:
    def survey(self, turn: int, asked: Asked, title: str, share: str) -> str:
        word = "Feedbackrunde" if asked.kind is RoundKind.CLOSING else "Umfrage"
        name = f"der {word} {quoted(title)}"
        if asked.of_network:
            name += ", die sich an das ganze Netzwerk richtete,"
        if not share:
            return f"An {name} beteiligten sich genug Menschen für ein erstes Bild."
        said = verb(share, "beteiligte", "beteiligten")
        return f"An {name} {said} sich {who(share, INVITED)}."

    def agreeing(self, turn: int, question: str, share: str, pole: str) -> str:
        toward = f", also in Richtung {quoted(pole)}" if pole else ""
        said = verb(share, "antwortete", "antworteten")
        aside = f"{toward}," if toward else ""
        if turn % 2:
            return (
                f"Mit 4 oder 5 auf einer Skala bis 5{aside} {said} "
                f"{who(share, ASKED)} auf die Frage {quoted(question)}."
            )
        return (
            f"Auf die Frage {quoted(question)} {said} {who(share, ASKED)} mit 4 oder 5 "
            f"auf einer Skala bis 5{toward}."
        )

    def chosen(self, turn: int, question: str, options: Sequence[Chosen]) -> str:
        label, share = options[0]
        said = verb(share, "entschied sich", "entschieden sich")
        rest = "".join(f", {word} für {quoted(it)}" for it, word in options[1:])
        return (
            f"Bei der Frage {quoted(question)} {said} {who(share, ASKED)} für "
            f"{quoted(label)}{rest}."
        )

    def picked(self, turn: int, question: str, options: Sequence[Chosen]) -> str:
        label, share = options[0]
        said = verb(share, "nannte", "nannten")
        rest = "".join(f", {word} {quoted(it)}" for it, word in options[1:])
        return (
            f"Auf die Frage {quoted(question)} {said} {who(share, ASKED)} "
            f"{quoted(label)}{rest}; mehrere Antworten waren möglich."
        )

    def middle(self, question: str, middle: str, low: str, high: str) -> str:
        return (
            f"Bei der Frage {quoted(question)} liegt der mittlere Wert bei {middle}; "
            f"die mittlere Hälfte der Antworten reicht von {low} bis {high}."
        )

    def ranked(self, question: str, names: Sequence[str]) -> str:
        first = f"In der Reihenfolge zur Frage {quoted(question)} steht "
        if len(names) == 1:
            return f"{first}{quoted(names[0])} vorn."
        rest = listed([quoted(it) for it in names[1:]])
        return f"{first}{quoted(names[0])} vorn, gefolgt von {rest}."

    def joining(self, share: str) -> str:
        deed = "sich bei der Weiterentwicklung einzubringen"
        if share == ALL_OF_THEM:
            return f"Die Befragten sind übereinstimmend bereit, {deed}."
        if share == NOBODY:
            return f"Bereit, {deed}, ist von den Befragten zurzeit niemand."
        would = verb(share, "wäre", "wären")
        return f"{capital(who(share, ASKED))} {would} bereit, {deed}."

    def survey_words(self, names: Sequence[str], *, confirms: bool) -> str:
        joined = listed([quoted(it) for it in names])
        if confirms:
            return (
                f"Auch die freien Antworten kreisen um {joined} und bestätigen, was "
                "im Gespräch gesagt wurde."
            )
        return f"In den freien Antworten ging es vor allem um {joined}."

    def method(self, asked: Asked, title: str) -> str:
        found, said = asked.results, ""
        if asked.opened_at and asked.ended_at:
            begin = format_date(asked.opened_at, "long", locale="de")
            end = format_date(asked.ended_at, "long", locale="de")
            said = f" (geöffnet vom {begin} bis zum {end})"
        word = "Feedbackrunde" if asked.kind is RoundKind.CLOSING else "Umfrage"
        first = f"{word} {quoted(title)}{said}: {found.invited} Eingeladene"
        if found.answered is None:
            return f"{first}, fünf bis neun Antworten; Anteile daher nur in Worten."
        if found.rate is None:
            return f"{first}, {found.answered} Antworten."
        return f"{first}, {found.answered} Antworten, Rücklauf {found.rate}{PERCENT}."

    def statements(self, count: int) -> str:
        return (
            f"Ausgewertet wurden {count} Beiträge aus Gesprächen, Karten und freien "
            "Antworten; Menschen haben sie Themen zugeordnet. Anteile an den Beiträgen "
            "zählen Beiträge, nicht Personen."
        )

    def rule_of_five(self) -> str:
        return (
            "Über eine Gruppe von weniger als fünf Personen wird nichts berichtet, und "
            "nichts so, dass es sich durch Abziehen errechnen ließe; Zahlen stehen "
            "erst ab zehn Antworten."
        )

    def share_words(self) -> str:
        return (
            "Worte für Anteile: „einzelne“ sind eine oder zwei, „mehrere“ drei oder "
            f"vier; „ein Teil“ bleibt unter 30{PERCENT}, „gut ein Drittel“ liegt über "
            f"einem Drittel und bei höchstens 37{PERCENT}, „etwa die Hälfte“ zwischen "
            f"45{PERCENT} und 55{PERCENT}, „die Mehrheit“ darüber, „fast alle“ über "
            f"80{PERCENT}; „übereinstimmend“ heißt: ohne Ausnahme."
        )

    def theme_heads(self) -> tuple[str, str, str]:
        return "Die Themen und was dazu zählt", "Thema", "Was dazu zählt"

    def questions_of(self, asked: Asked, title: str) -> str:
        word = "Feedbackrunde" if asked.kind is RoundKind.CLOSING else "Umfrage"
        return f"Die Fragen der {word} {quoted(title)}:"

    def questionnaire(self, question: Question, text: str) -> str:
        kinds = {
            QuestionKind.SCALE: "Skala von 1 bis 5",
            QuestionKind.SCORE: "0 bis 10",
            QuestionKind.YES_NO: "ja oder nein",
            QuestionKind.CHOICE: "eine Antwort",
            QuestionKind.CHOICES: "mehrere Antworten",
            QuestionKind.RANKING: "Reihenfolge",
            QuestionKind.NUMBER: "Zahl",
            QuestionKind.TEXT: "freier Text",
            QuestionKind.STATEMENT: "freier Text",
        }
        return f"{question.code}: {text} ({kinds[question.kind]})"
