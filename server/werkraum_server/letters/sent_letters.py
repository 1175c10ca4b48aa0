"""Which letters somebody was sent and when, as the desk reads it; kept in the audit.

Of a round nothing is noted: whoever is reminded has not answered, and nobody is to
learn who that is. Nor are letters about what two attendees have between them.
"""

from uuid import UUID

from werkraum_foundation import audit, clock
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import noop

SENT = "letter.send"

# By the name of its files.
NAMES = {
    "confirm_address": noop("Letter: please confirm"),
    "confirm_series": noop("Letter: please confirm"),
    "confirm_new_address": noop("Letter: please confirm the new address"),
    "address_left": noop("Letter: to the address that was left"),
    "address_taken": noop("Letter: to the new address"),
    "confirmed": noop("Letter: your seat"),
    "promoted": noop("Letter: your seat"),
    "approved": noop("Letter: your seat"),
    "entered": noop("Letter: your seat"),
    "waitlisted": noop("Letter: on the waiting list"),
    "entered_waiting": noop("Letter: on the waiting list"),
    "approval_awaited": noop("Letter: being looked at"),
    "rejected": noop("Letter: not admitted"),
    "seat_offered": noop("Letter: a seat is offered"),
    "offer_lapsed": noop("Letter: the offer has lapsed"),
    "offer_withdrawn": noop("Letter: the offer was taken back"),
    "seat_taken_back": noop("Letter: the seat was taken back"),
    "mode_switched": noop("Letter: on site or online"),
    "converted": noop("Letter: on site or online"),
    "cancelled": noop("Letter: cancelled"),
    "restored": noop("Letter: registered again"),
    "restored_waiting": noop("Letter: registered again"),
    "registration_changed": noop("Letter: details changed"),
    "changed": noop("Letter: the event has changed"),
    "changed_waiting": noop("Letter: the event has changed"),
    "event_cancelled": noop("Letter: the event is called off"),
    "session_given": noop("Letter: a seat in a workshop"),
    "session_moved": noop("Letter: an item has another time"),
    "session_gone": noop("Letter: an item is off the programme"),
    "session_for_all": noop("Letter: an item is for everybody now"),
    "table": noop("Letter: the table somebody sits at"),
    "reminder": noop("Letter: reminder"),
    "group_letter": noop("Letter of the organiser"),
    "need_answered": noop("Letter: what somebody needs"),
    "declined": noop("Letter: after an answer of a calendar"),
    "invitation_again": noop("Letter: after an answer of a calendar"),
    "sent_again": noop("Letter: how things stand, once more"),
    "link_again": noop("Letter: your link again"),
    "personal_feed": noop("Letter: calendar of all dates"),
}


@unit_of_work
async def note(organiser_id: UUID, registration_id: UUID, name: str) -> None:
    """Note that a letter has left. Tried again after that, it stands there twice."""
    await audit.record(
        organiser_id,
        SENT,
        registration_id,
        actor=audit.SYSTEM,
        now=clock.now(),
        changes={"letter": [None, name]},
    )
