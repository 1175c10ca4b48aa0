"""What a best-practice card may become, and every "no" of it."""

from dataclasses import dataclass
from uuid import UUID

from werkraum_feedback.follow_up_models import Practice, PracticeState
from werkraum_foundation.language import gettext
from werkraum_foundation.models import Texts
from werkraum_foundation.refusals import Refused

# What its person has seen: other words need another yes.
ASKED = (PracticeState.ASKED, PracticeState.AGREED, PracticeState.PUBLISHED)


class NobodyToAskAboutIt(Refused):
    code = "nobody_to_ask_about_it"

    def message(self) -> str:
        return gettext(
            "Nobody can be asked by letter about this card. Please note whose consent "
            "you have."
        )


class AskedAlready(Refused):
    code = "asked_already"

    def message(self) -> str:
        return gettext("The person has been asked already about this card.")


class NotAgreedTo(Refused):
    code = "not_agreed_to"

    def message(self) -> str:
        return gettext("A card is published once whoever it is about has agreed.")


class AskInstead(Refused):
    code = "ask_instead"

    def message(self) -> str:
        return gettext("The person can be asked by letter, and answers by themselves.")


class PracticeGone(Refused):
    """Published once, and taken back since."""

    status = 410
    code = "practice_gone"

    def message(self) -> str:
        return gettext("This example has been taken back.")


@dataclass(frozen=True)
class PracticeWish:
    """A card as it shall be; texts per language, countries as codes."""

    title: Texts
    what: Texts
    how: Texts
    took: Texts
    place: str = ""
    partner_towns: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    funding: str = ""
    link: str = ""
    theme_id: UUID | None = None


def must_be_askable(practice: Practice) -> None:
    if practice.registration_id is None:
        raise NobodyToAskAboutIt
    if practice.state is not PracticeState.DRAFT:
        raise AskedAlready


def must_be_agreed_to(practice: Practice) -> None:
    if practice.state not in (PracticeState.AGREED, PracticeState.PUBLISHED):
        raise NotAgreedTo


def is_gone(practice: Practice) -> bool:
    """Whether it was public once and is so no longer."""
    published = practice.state is PracticeState.PUBLISHED
    return practice.published_at is not None and not published


def state_after_edit(practice: Practice) -> PracticeState:
    """Ask anew about other words; without a person the noted consent stays."""
    if practice.registration_id is None or practice.state not in ASKED:
        return practice.state
    return PracticeState.DRAFT
