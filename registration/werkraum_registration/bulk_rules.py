"""What can be done to many registrations at once, and whom each of it concerns."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_registration.listing import Listed
from werkraum_registration.models import ENDED, State

# Nobody looks through more; larger lists are done in parts, by a filter.
MOST = 5_000

# With a seat that awaits it, or waiting for one.
UNDECIDED = (State.PENDING_APPROVAL, State.WAITLISTED, State.OFFERED)


class Deed(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    MOVE = "move"
    TAG = "tag"
    UNTAG = "untag"


class TooManyChosen(Refused):
    status = 422
    code = "too_many"

    def message(self) -> str:
        return gettext(
            "At most %(most)s registrations can be changed at once. Please choose"
            " fewer with the filters.",
            most=MOST,
        )


class NobodyChosen(Refused):
    status = 422
    code = "nobody_chosen"

    def message(self) -> str:
        return gettext("Please choose somebody in the list first.")


def concerns(deed: Deed, value: str) -> Callable[[Listed], bool]:
    """Tell whose registration a deed changes; the others stay as they are."""

    def untagged(it: Listed) -> bool:
        return value not in it.tags

    rules: Mapping[Deed, Callable[[Listed], bool]] = {
        Deed.APPROVE: lambda it: it.state in UNDECIDED,
        Deed.REJECT: lambda it: it.state in UNDECIDED,
        Deed.CANCEL: lambda it: it.state not in ENDED,
        Deed.MOVE: _can_move(value),
        Deed.TAG: untagged,
        Deed.UNTAG: lambda it: not untagged(it),
    }
    return rules[deed]


def _can_move(mode: str) -> Callable[[Listed], bool]:
    def can(it: Listed) -> bool:
        may_change = it.state not in ENDED and it.state is not State.UNCONFIRMED
        is_there = it.mode.value == mode and it.holds_seat
        return may_change and not is_there

    return can


def is_written_to(deed: Deed, it: Listed) -> bool:
    """Whether the person hears of it by a letter."""
    match deed:
        case Deed.APPROVE:
            # Who waits hears of it with the seat.
            return it.state is State.PENDING_APPROVAL
        case Deed.REJECT:
            return True
        case Deed.CANCEL:
            return it.state is not State.UNCONFIRMED
        case Deed.MOVE:
            return True
    return False


def frees_a_seat(deed: Deed, it: Listed) -> bool:
    return it.holds_seat and deed in (Deed.CANCEL, Deed.REJECT, Deed.MOVE)
