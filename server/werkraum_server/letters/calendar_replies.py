"""What follows when somebody's calendar has answered: a question, a note, the entry."""

from uuid import UUID

from werkraum_calendar.models import CalendarReply, ReplyKind
from werkraum_calendar.reply_rules import is_standing
from werkraum_foundation import clock
from werkraum_foundation.language import in_language
from werkraum_foundation.letters import (
    Link,
    TypedText,
    compose,
    deliver,
    letterhead_of,
)
from werkraum_foundation.limits import DAY, Limit, must_be_within
from werkraum_foundation.refusals import TooMany
from werkraum_foundation.settings import settings
from werkraum_registration.models import Registration, State
from werkraum_server.letters.calendar_messages import send_request_again
from werkraum_server.letters.recipients import (
    TAKING_PART,
    is_ahead,
    letter_to,
    recipient,
    words_of,
)

# Per person: a calendar that asks and asks must not become a cannon.
ASKED_AGAIN = Limit("calendar-refresh", 3, DAY)
NOTES = Limit("calendar-notes", 5, DAY)


async def calendar_replied(registration_id: UUID, reply_id: UUID) -> None:
    """Do what an answer calls for; a seat is never given back by it."""
    reply = await CalendarReply.get_or_none(id=reply_id)
    to = await recipient(registration_id, *TAKING_PART)
    if reply is None or to is None or not is_ahead(to.event, clock.now()):
        return
    match reply.kind:
        case ReplyKind.DECLINED:
            await _ask_for_the_seat(to, reply)
        case ReplyKind.ASKED_AGAIN if to.state is State.CONFIRMED:
            if await _may(ASKED_AGAIN, to):
                await send_request_again(to, "invitation_again", name=str(reply.id))
        case ReplyKind.PROPOSED | ReplyKind.DELEGATED:
            if await _may(NOTES, to):
                await _tell_the_organiser(to, reply)


async def _ask_for_the_seat(to: Registration, reply: CalendarReply) -> None:
    """Ask once for each version of the event, unless they have thought again."""
    found = CalendarReply.filter(invitation_id=reply.invitation_id, outdated=False)
    standing = [it for it in await found.order_by("-id") if is_standing(it.kind)]
    earlier = [
        it
        for it in standing[1:]
        if it.kind is ReplyKind.DECLINED and it.sequence == reply.sequence
    ]
    if standing and standing[0].id == reply.id and not earlier:
        await deliver(letter_to(to, "declined"))


async def _tell_the_organiser(to: Registration, reply: CalendarReply) -> None:
    """Write to the office what it must decide; nothing happens by itself."""
    language = settings().languages[0]
    with in_language(language):
        head = letterhead_of(to.event.organiser)
        office = head.mailbox()
        if office is None:
            return
        letter = compose(
            "letters/calendar_note",
            to=office,
            language=language,
            organiser=head,
            context={
                "event": words_of(to.event),
                "name": TypedText(to.name),
                "proposed": int(reply.kind is ReplyKind.PROPOSED),
                "starts_at": reply.proposed_start,
                "ends_at": reply.proposed_end,
                "comment": TypedText(reply.comment) if reply.comment else None,
                "page": Link.to("desk:registration", id=to.id),
            },
        )
    await deliver(letter)


async def _may(limit: Limit, to: Registration) -> bool:
    try:
        await must_be_within(limit, str(to.id))
    except TooMany:
        return False
    return True
