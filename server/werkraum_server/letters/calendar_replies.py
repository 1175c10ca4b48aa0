"""What follows when somebody's calendar has answered: a question, a note, the entry."""

from uuid import UUID

from werkraum_calendar import replies
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

# Per person and day: a calendar that asks and asks must not become a cannon.
ENTRIES_AGAIN = 3
NOTES = 5
NOTED = (ReplyKind.PROPOSED, ReplyKind.DELEGATED)


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
            if await _is_among(ENTRIES_AGAIN, reply, reply.kind):
                await send_request_again(to, "invitation_again", name=str(reply.id))
        case kind if kind in NOTED:
            if await _is_among(NOTES, reply, *NOTED):
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


async def _is_among(most: int, reply: CalendarReply, *kinds: ReplyKind) -> bool:
    """Whether a reply is among the first of its day, however often it is looked at."""
    if not settings().limits:
        return True
    return await replies.count_of_a_day(reply, kinds) <= most
