"""What an organiser is asked before a programme item is saved."""

from datetime import datetime

from werkraum_events.models import Event, Session
from werkraum_foundation.language import gettext, ngettext
from werkraum_foundation.refusals import Refused
from werkraum_server.desk.session_form import SessionFields


class NotMeant(Refused):
    """Nothing was saved: it may be an oversight, so the page asks."""

    code = "is_it_meant"


class StartIsPast(NotMeant):
    def message(self) -> str:
        return gettext("This item would begin in the past.")


class ChoicesWouldGo(NotMeant):
    def __init__(self, people: int) -> None:
        super().__init__(people)
        self.people = people

    def message(self) -> str:
        return ngettext(
            "One person has chosen this item and would lose it.",
            "%(number)s people have chosen this item and would lose it.",
            self.people,
        )


def must_be_meant(
    event: Event,
    typed: SessionFields,
    session: Session | None = None,
    *,
    people: int = 0,
    now: datetime,
) -> None:
    """Raise `NotMeant` for what is odd, unless the organiser has said it is meant.

    That is a new start in the past, as long as the event is not over, and an item
    that people have chosen and cannot choose any more.
    """
    if typed.sure:
        return
    moved = session is None or session.starts_at != typed.starts_at
    if moved and typed.starts_at <= now and not event.is_past(now):
        raise StartIsPast
    if people and not typed.bookable:
        raise ChoicesWouldGo(people)
