"""The picture of a question in a report, drawn again as the results page does."""

from typing import Any

from werkraum_feedback.questions import Option, Poles, Question, QuestionKind
from werkraum_feedback.report_models import Passage, PassageKind
from werkraum_feedback.results.tallies import Detail, QuestionResult, Tally
from werkraum_foundation.language import language
from werkraum_foundation.markdown import spans


def result_of(passage: Passage, code: str) -> QuestionResult | None:
    """Read the result a picture was drafted from; `code` names it on the page."""
    data: dict[str, Any] = passage.data  # Any: as report_survey keeps it
    if passage.kind is not PassageKind.CHART or not data.get("bars"):
        return None
    ours = language()
    low, high = (data.get("poles") or ["", ""])[:2]
    tallies = tuple(
        Tally(
            Option(str(it["code"]), {ours: str(it["label"])}),
            "",
            int(it["count"] or 0),
            int(it["percent"] or 0),
        )
        for it in data["bars"]
    )
    question = Question(
        id=code,
        code=code,
        kind=QuestionKind(data["question"]),
        text={ours: "".join(it.text for it in spans(passage.text))},
        options=tuple(it.option for it in tallies),
        poles=Poles({ours: low} if low else {}, {ours: high} if high else {}),
    )
    return QuestionResult(
        question, Detail.NUMBERS, answered=int(data["answered"] or 0), tallies=tallies
    )
