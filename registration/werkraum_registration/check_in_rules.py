"""What holds on the day: whose clock counts, and who may check in by themselves."""

from datetime import datetime, timedelta

from werkraum_events.models import Event, Status
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_registration.models import Presence, State

# What helpers at the entrance note; they take it back together. What people say for
# themselves, or the room says, stays until it is taken back by itself.
AT_THE_DOOR = (Presence.DESK, Presence.QR, Presence.WALK_IN, Presence.LIST)

# A phone without a network sends what it noted later; nothing is older than this.
LONGEST_OFFLINE = timedelta(days=2)

SELF_CHECK_IN_BEFORE = timedelta(minutes=60)


class SelfCheckInClosed(Refused):
    """Not within the time in which people check in by themselves."""

    status = 409
    code = "self_check_in_closed"

    def message(self) -> str:
        return gettext(
            "You can check in yourself from an hour before the start until the end."
        )


def undone_with(source: Presence) -> tuple[Presence, ...]:
    """Tell which sources are taken back together with this one."""
    return AT_THE_DOOR if source in AT_THE_DOOR else (source,)


def within_reach(at: datetime, *, now: datetime) -> datetime:
    """Keep a time that a device says, within what its clock can be right about."""
    return min(max(at, now - LONGEST_OFFLINE), now)


def is_unclear(state: State) -> bool:
    """Whether somebody who came has no seat: the organiser should have a look."""
    return state is not State.CONFIRMED


def may_check_in_oneself(event: Event, *, now: datetime) -> bool:
    opens_at = event.starts_at - SELF_CHECK_IN_BEFORE
    return event.status is Status.PUBLISHED and opens_at <= now < event.ends_at


def must_be_time_for_oneself(event: Event, *, now: datetime) -> None:
    if not may_check_in_oneself(event, now=now):
        raise SelfCheckInClosed
