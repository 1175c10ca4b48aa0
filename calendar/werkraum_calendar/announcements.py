"""What calendar tells the others: facts of ids, stored with the deed."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class CalendarReplied:
    """Somebody's calendar has answered the message that was the latest.

    Not told of what was said before, or of an older message.
    """

    organiser_id: UUID
    registration_id: UUID
    reply_id: UUID
