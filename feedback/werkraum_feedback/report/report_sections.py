"""The parts of a report, in the order in which they are read."""

from enum import StrEnum

from werkraum_foundation.language import gettext, noop


class Section(StrEnum):
    HEAD = "head"
    AIM = "aim"
    COURSE = "course"
    INTRODUCTION = "introduction"
    # One for each theme: "theme:1", "theme:2", …, with the theme's name as heading.
    THEME = "theme"
    PRACTICES = "practices"
    SURVEY = "survey"
    CLOSING = "closing"
    DEVELOPMENT = "development"
    OUTLOOK = "outlook"
    APPENDIX = "appendix"
    ABOUT = "about"


TITLES = {
    Section.HEAD: noop("At a glance"),
    Section.AIM: noop("Aim and purpose"),
    Section.COURSE: noop("Course of the event"),
    Section.INTRODUCTION: noop("Introduction round and connecting themes"),
    Section.THEME: noop("A theme"),
    Section.PRACTICES: noop("Examples from practice"),
    Section.SURVEY: noop("Results of the survey"),
    Section.CLOSING: noop("Closing round and contacts"),
    Section.DEVELOPMENT: noop("Further development"),
    Section.OUTLOOK: noop("Outlook"),
    Section.APPENDIX: noop("Appendix: method and questionnaire"),
    Section.ABOUT: noop("About us and contact"),
}


def of_theme(number: int) -> str:
    return f"{Section.THEME}:{number}"


def place_of(code: str) -> tuple[int, int]:
    """Say where a section stands among the others."""
    name, _, number = code.partition(":")
    return list(Section).index(Section(name)), int(number or 0)


def title_of(code: str) -> str:
    """Name a section in the current language; a theme's has a heading of its own."""
    return gettext(TITLES[Section(code.partition(":")[0])])
