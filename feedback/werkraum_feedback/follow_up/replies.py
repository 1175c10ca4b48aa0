"""What became of a theme ("you said, we did"), told once to those who raised it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.queries import event_of
from werkraum_feedback.coding import codebook
from werkraum_feedback.follow_up.speakers import speakers_of
from werkraum_feedback.follow_up_models import Reply, ReplyState
from werkraum_feedback.statement_models import Coding, Statement, StatementState
from werkraum_foundation import audit
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.models import Texts
from werkraum_foundation.outbox.jobs import enqueue_each
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_registration.consent_wishes import Purpose
from werkraum_registration.models import Consent, Registration, State

WRITABLE = (State.CONFIRMED, State.WAITLISTED, State.OFFERED, State.CANCELLED)


class ReplySent(Refused):
    """A letter cannot be taken back."""

    code = "reply_sent"

    def message(self) -> str:
        return gettext("This has been sent already; it stays as it is.")


@dataclass(frozen=True)
class ReplyWish:
    """What was said, and what was done about it; per language."""

    said: Texts
    did: Texts


@unit_of_work
async def write(
    organiser_id: UUID,
    event_id: UUID,
    theme_id: UUID,
    wish: ReplyWish,
    *,
    actor: str,
    now: datetime,
) -> Reply:
    """Write down, or word anew, what became of a theme; nobody sees it yet."""
    await codebook.theme_of(organiser_id, theme_id)
    there = await find(organiser_id, event_id, theme_id)
    if there is not None:
        reply = await _enter(there.id)
        if reply.state is ReplyState.SENT:
            raise ReplySent
        reply.said, reply.did = wish.said, wish.did
        await reply.save()
    else:
        reply = await Reply.create(
            organiser_id=organiser_id,
            event_id=event_id,
            theme_id=theme_id,
            said=wish.said,
            did=wish.did,
            created_at=now,
        )
    await audit.record(organiser_id, "reply.write", reply.id, actor=actor, now=now)
    return reply


@unit_of_work
async def send(organiser_id: UUID, reply_id: UUID, *, actor: str, now: datetime) -> int:
    """Send it to those who raised it, and show it to all; says to how many it went.

    The second time nobody gets it again.
    """
    reply = await _enter(reply_id)
    if reply.organiser_id != organiser_id:
        raise NotFound
    if reply.state is ReplyState.SENT:
        return 0
    people = await recipients_of(reply)
    reply.state, reply.sent_at = ReplyState.SENT, now
    await reply.save()
    letters = [
        ("letter:reply", {"reply_id": str(reply.id), "registration_id": str(it)})
        for it in people
    ]
    if letters:
        await enqueue_each(letters, organiser_id=organiser_id)
    await audit.record(
        organiser_id,
        "reply.send",
        reply.id,
        actor=actor,
        now=now,
        changes={"letters": [0, len(letters)]},
    )
    return len(letters)


async def find(organiser_id: UUID, event_id: UUID, theme_id: UUID) -> Reply | None:
    """Find what was written about a theme of an event; raises `NotFound` elsewhere."""
    await event_of(organiser_id, event_id)
    return await Reply.filter(event_id=event_id, theme_id=theme_id).first()


async def replies_of(event_id: UUID) -> dict[UUID, Reply]:
    """List what was written at an event, by theme; one query."""
    return {it.theme_id: it for it in await Reply.filter(event_id=event_id)}


async def sent_of(event_id: UUID) -> list[Reply]:
    """List what everybody may read, theme with it; one query."""
    found = Reply.filter(event_id=event_id, state=ReplyState.SENT)
    return await found.select_related("theme").order_by("sent_at", "id")


async def recipients_of(reply: Reply) -> list[UUID]:
    """Name whom it goes to: who raised it by name, and who asked to be told.

    Anonymous voices are nobody's; their people read it on the event's page.
    """
    raised = await Coding.filter(
        theme_id=reply.theme_id, statement__event_id=reply.event_id
    ).values_list("statement_id", flat=True)
    shown = Statement.filter(id__in=list(raised), state=StatementState.SHOWN)
    people = set((await speakers_of(await shown)).values())
    asked = Consent.filter(
        registration__event_id=reply.event_id,
        purpose=Purpose.OUTCOME.value,
        withdrawn_at=None,
    )
    people |= {it.registration_id for it in await asked}
    there = Registration.filter(
        id__in=list(people), email__not="", state__in=WRITABLE
    ).order_by("id")
    return [it.id for it in await there]


async def _enter(reply_id: UUID) -> Reply:
    """Lock, then read: of two who send it at once one does."""
    await rows(
        "UPDATE reply SET state = state WHERE id = :id RETURNING id", id=reply_id
    )
    reply = await Reply.get_or_none(id=reply_id)
    if reply is None:
        raise NotFound
    return reply
