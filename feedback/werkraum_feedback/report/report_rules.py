"""What may be done with a report, and every "no" of it."""

from collections.abc import Collection
from hashlib import sha256

from werkraum_feedback.report_models import Passage, PassageKind, Report, ReportState
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused

# Typed by hand; tables and pictures come from the draft.
WRITABLE = (PassageKind.PARAGRAPH, PassageKind.ITEM, PassageKind.QUOTE)
# Of a table and a picture the caption is written.
LONGEST_TEXT = 10_000
MOST_PASSAGES = 500


class ReportPublished(Refused):
    code = "report_published"

    def message(self) -> str:
        return gettext(
            "This version is published and stays as it is. Please begin a new one."
        )


class ReportUnderWay(Refused):
    code = "report_under_way"

    def message(self) -> str:
        return gettext(
            "There is a version in this language already that is not published yet."
        )


class NotInReview(Refused):
    code = "not_in_review"

    def message(self) -> str:
        return gettext("Please hand the report over for review first.")


class OwnReport(Refused):
    code = "own_report"
    status = 403

    def message(self) -> str:
        return gettext(
            "You have changed this report last. Somebody else reads it and "
            "publishes it."
        )


class SecondLookNeeded(Refused):
    code = "second_look_needed"
    status = 422

    def message(self) -> str:
        return gettext(
            "You work alone: please read the report once more and say that you did."
        )


class ConsentMissing(Refused):
    code = "consent_missing"

    def message(self) -> str:
        return gettext(
            "The report quotes somebody who has not agreed to it, or shows an example "
            "that is not published. Please take it out first."
        )


class ReportFull(Refused):
    code = "report_full"

    def message(self) -> str:
        return gettext("A report has 500 passages at most.")


class NothingToUndo(Refused):
    code = "nothing_to_undo"

    def message(self) -> str:
        return gettext("There is nothing to take back here.")


def must_be_open(report: Report) -> None:
    """Refuse to change what everybody may have read."""
    if report.state is ReportState.PUBLISHED:
        raise ReportPublished


def must_be_in_review(report: Report) -> None:
    must_be_open(report)
    if report.state is not ReportState.IN_REVIEW:
        raise NotInReview


def must_be_seen_twice(
    report: Report, *, actor: str, alone: bool, looked_again: bool
) -> None:
    """Let somebody publish who did not change it last.

    `alone` says that nobody else could: then it is enough to have read it again.
    """
    if actor != report.written_by:
        return
    if not alone:
        raise OwnReport
    if not looked_again:
        raise SecondLookNeeded


def must_have_consent(missing: Collection[Passage]) -> None:
    """Refuse to publish words to which nobody, or nobody any more, has said yes."""
    if missing:
        raise ConsentMissing


def state_of_text(passage: Passage) -> str:
    """Tell what stands in a passage now from what stood there when it was loaded."""
    told = f"{passage.kind.value}\n{passage.text}"
    return sha256(told.encode()).hexdigest()[:16]
