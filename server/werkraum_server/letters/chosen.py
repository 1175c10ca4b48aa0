"""The parts of the programme somebody has chosen, as letters name them."""

from dataclasses import dataclass
from datetime import datetime

from werkraum_events.models import Session
from werkraum_foundation.language import in_language, pick
from werkraum_foundation.letters import OrganiserText
from werkraum_registration.chosen_sessions import chosen_by
from werkraum_registration.models import Registration
from werkraum_registration.queries import wishes_of


@dataclass(frozen=True)
class SessionWords:
    """A part of the programme; `place` is that in its queue, None with a seat."""

    title: OrganiserText
    starts_at: datetime
    ends_at: datetime
    place: int | None = None


def session_words(
    session: Session, language: str, place: int | None = None
) -> SessionWords:
    with in_language(language):
        title = OrganiserText(pick(session.title)[0])
    return SessionWords(title, session.starts_at, session.ends_at, place)


async def sessions_of(to: Registration) -> list[SessionWords]:
    """List what somebody has chosen, in the order of the programme; one or two queries.

    Whoever waits is told the place in the queue.
    """
    chosen = await chosen_by(to.id, ())
    if not all(it.holds_seat for it in chosen):
        chosen = await chosen_by(to.id, await wishes_of(to.id))
    return [session_words(it.session, to.language, it.place) for it in chosen]
