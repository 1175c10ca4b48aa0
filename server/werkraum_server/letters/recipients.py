"""To whom a letter goes, and what letters say of a registration and its event."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from werkraum_calendar.event_items import page_of, place_of
from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.language import in_language, pick
from werkraum_foundation.letters import (
    Letter,
    Link,
    Mailbox,
    OrganiserText,
    TypedText,
    ZoneName,
    compose,
    letterhead_of,
    message_id,
)
from werkraum_foundation.settings import settings
from werkraum_registration import bounces
from werkraum_registration.bounces import return_path
from werkraum_registration.links import personal_token
from werkraum_registration.models import ENDED, Registration, State
from werkraum_registration.queries import wishes_of
from werkraum_server.letters import sent_letters

# Everybody whose address is confirmed and who has not left.
TAKING_PART = tuple(it for it in State if it not in (State.UNCONFIRMED, *ENDED))


@dataclass(frozen=True)
class EventWords:
    """An event as letters name it; the place is empty where nobody meets on site."""

    title: OrganiserText
    starts_at: datetime
    ends_at: datetime
    timezone: ZoneName
    place: OrganiserText
    page: Link


@dataclass(frozen=True)
class Links:
    """A person's own addresses."""

    page: Link
    door: Link


async def recipient(registration_id: UUID | str, *states: State) -> Registration | None:
    """Find whom a letter is for, event and organiser with it.

    None unless the registration is in one of these states by now, and for somebody
    who has been erased since.
    """
    found = Registration.filter(id=registration_id, state__in=states, email__not="")
    return await found.select_related("event", "event__organiser").first()


def is_ahead(event: Event, now: datetime) -> bool:
    """Whether a letter about taking part still has a cause."""
    return event.status is Status.PUBLISHED and not event.is_past(now)


def letter_to(to: Registration, template: str, **context: object) -> Letter:
    """Write one letter in the person's language; only inside a job.

    Until the person has pressed a button, nothing that was typed stands in it.
    """
    vouched = to.vouched_at is not None
    with in_language(to.language):
        letter = compose(
            f"letters/{template}",
            to=mailbox_of(to),
            language=to.language,
            organiser=letterhead_of(to.event.organiser),
            first_contact=not vouched,
            context={
                "event": words_of(to.event),
                "name": TypedText(to.name) if vouched else None,
                "mode": to.mode,
                "seats": to.seats,
                "links": links_of(to),
                **context,
            },
        )
    return replace(
        letter,
        references=(matter_of(to.id),),
        return_path=return_path(to) if settings().takes_mail else None,
        note_refused=partial(_note_refused, to.id, to.email),
        note_sent=partial(sent_letters.note, to.event.organiser_id, to.id, template)
        if template in sent_letters.NAMES
        else None,
    )


def matter_of(registration_id: UUID) -> str:
    """Name what all letters about one registration belong to, for mail programs.

    No letter has this name itself: the first ones may be sent again, each with a
    name of its own, or be for several events at once.
    """
    return message_id(f"{registration_id}.registration")


async def _note_refused(
    registration_id: UUID, email: str, message_id: str, code: int
) -> None:
    """Let the desk see that a mail server does not know somebody's address."""
    found = Registration.filter(id=registration_id, email=email)
    registration = await found.select_related("event").first()
    if registration is not None:
        await bounces.note(
            registration,
            status=str(code),
            is_final=True,
            message_id=message_id,
            now=clock.now(),
        )


async def place_of_wish(to: Registration) -> int | None:
    """Tell the place in the first queue for a seat at the event; None without one."""
    waiting = await wishes_of(to.id)
    places = (it.place for it in waiting if it.mode and it.offered_until is None)
    return next(places, None)


def mailbox_of(to: Registration) -> Mailbox:
    return Mailbox(to.email, to.name if to.vouched_at else "")


def words_of(event: Event) -> EventWords:
    return EventWords(
        title=OrganiserText(pick(event.title)[0]),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        timezone=ZoneName(event.timezone),
        place=OrganiserText(place_of(event)),
        page=Link(page_of(event)),
    )


def links_of(to: Registration) -> Links:
    """Name a person's own pages, in their language."""
    token = personal_token(to)
    with in_language(to.language):
        return Links(
            page=Link.to("personal:page", token=token),
            door=Link.to("personal:door", token=token),
        )
