"""The letter to whoever had chosen a programme item that is no more."""

from werkraum_foundation import clock
from werkraum_foundation.language import in_language, pick
from werkraum_foundation.letters import OrganiserText, deliver
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.outbox import job
from werkraum_server.letters.recipients import (
    TAKING_PART,
    is_ahead,
    letter_to,
    recipient,
)


@job("letter:session_gone")
async def session_gone(registration_id: str, session_id: str) -> None:
    """Tell somebody that an item they had chosen was taken off the programme.

    Its name is known from the audit: the item itself is gone.
    """
    to = await recipient(registration_id, *TAKING_PART)
    noted = await AuditEntry.filter(
        subject_id=session_id, action="session.remove"
    ).first()
    if to is None or noted is None or not is_ahead(to.event, clock.now()):
        return
    with in_language(to.language):
        title = pick(noted.changes["title"][0])[0]
    await deliver(letter_to(to, "session_gone", item=OrganiserText(title)))
