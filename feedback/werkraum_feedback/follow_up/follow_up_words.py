"""What people read for the forms and states of what follows from feedback."""

from datetime import date

from babel.dates import format_date

from werkraum_feedback.follow_up_models import PledgeForm, PledgeState, PracticeState
from werkraum_foundation.language import gettext, locale_of_dates, noop

PLEDGE_FORMS = {
    PledgeForm.GROUP: noop("In a working group"),
    PledgeForm.TALK: noop("With a talk"),
    PledgeForm.EXAMPLE: noop("With an example of our own"),
    PledgeForm.TRYING: noop("By trying something out"),
    PledgeForm.OTHER: noop("In another way"),
}
PLEDGE_STATES = {
    PledgeState.OPEN: noop("Not asked yet"),
    PledgeState.ASKED: noop("Asked"),
    PledgeState.DONE: noop("Kept"),
    PledgeState.WITHDRAWN: noop("Taken back"),
}


def pledge_form(form: PledgeForm) -> str:
    return gettext(PLEDGE_FORMS[form])


def pledge_state(state: PledgeState) -> str:
    return gettext(PLEDGE_STATES[state])


def pledge_words() -> dict[str, str]:
    """Say every form and state in the current language."""
    return {
        key.value: gettext(said) for key, said in (PLEDGE_FORMS | PLEDGE_STATES).items()
    }


def day(value: date) -> str:
    """Say a date that is nobody's time zone's."""
    return format_date(value, "long", locale=locale_of_dates())


PRACTICE_STATES = {
    PracticeState.DRAFT: noop("Draft"),
    PracticeState.ASKED: noop("Asked"),
    PracticeState.AGREED: noop("Agreed to"),
    PracticeState.REFUSED: noop("Not agreed to"),
    PracticeState.PUBLISHED: noop("Published"),
}


def practice_state(state: PracticeState) -> str:
    return gettext(PRACTICE_STATES[state])


OWN_PRACTICE_STATES = {
    PracticeState.ASKED: noop("May it be published?"),
    PracticeState.AGREED: noop("you have agreed"),
    PracticeState.REFUSED: noop("you have said no"),
    PracticeState.PUBLISHED: noop("published"),
}


def own_practice_state(state: PracticeState) -> str:
    """Say how a card stands to the person it is about."""
    return gettext(OWN_PRACTICE_STATES[state])
