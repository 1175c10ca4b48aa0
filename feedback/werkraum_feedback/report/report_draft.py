"""A whole draft: the sections in their order, and what is missing for the rest."""

from collections.abc import Callable, Iterable

from werkraum_feedback.report import report_sentences as sentences
from werkraum_feedback.report import report_survey
from werkraum_feedback.report.report_drafts import Draft, Drafted, Missing
from werkraum_feedback.report.report_english import English
from werkraum_feedback.report.report_facts import Facts
from werkraum_feedback.report.report_german import German
from werkraum_feedback.report.report_prose import Prose
from werkraum_feedback.report.report_sections import Section
from werkraum_foundation.language import in_language, noop

PROSE: dict[str, Prose] = {"de": German(), "en": English()}

WRITERS: tuple[Callable[[Facts, Prose], Iterable[Drafted]], ...] = (
    sentences.head,
    sentences.aim,
    sentences.course,
    sentences.introduction,
    sentences.themes,
    sentences.practices,
    report_survey.survey,
    report_survey.closing_rounds,
    sentences.closing,
    sentences.development,
    sentences.outlook,
    report_survey.appendix,
    sentences.about,
)

ROUNDS = ("desk:feedback", noop("Rounds"))
STATEMENTS = ("desk:statements", noop("Statements"))
CODING = ("desk:coding", noop("Coding"))
# Where the facts of a section are added, should it lack them.
SOURCES = {
    Section.AIM: (("desk:edit_event", noop("Edit the event")),),
    Section.COURSE: (("desk:programme", noop("Running order")),),
    Section.INTRODUCTION: (("desk:cards", noop("Introduction cards")), STATEMENTS),
    Section.THEME: (CODING,),
    Section.PRACTICES: (("desk:event_practices", noop("Practices")), STATEMENTS),
    Section.SURVEY: (ROUNDS,),
    Section.CLOSING: (ROUNDS, ("desk:contacts", noop("Contacts"))),
    Section.DEVELOPMENT: (
        CODING,
        ("desk:event_pledges", noop("Pledges")),
        ("desk:replies", noop("You said, we did")),
    ),
    Section.OUTLOOK: (("desk:materials", noop("Materials")),),
}


def draft(facts: Facts) -> Draft:
    """Write all that the facts carry, in the language they were gathered in."""
    prose = PROSE[facts.language]
    with in_language(facts.language):
        passages = tuple(it for write in WRITERS for it in write(facts, prose))
        title = prose.title(facts.occasion)
    there = {it.section.partition(":")[0] for it in passages}
    missing = tuple(
        Missing(section, where)
        for section, where in SOURCES.items()
        if section not in there
    )
    return Draft(title, passages, missing)
