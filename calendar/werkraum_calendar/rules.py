"""What an invitation must say next; pure."""

from werkraum_calendar.models import Invitation, Method
from werkraum_events.models import Event, Mode


def put_on_its_way(
    invitation: Invitation, method: Method, mode: Mode, generation: int = 1
) -> None:
    """Note what the next message says, and raise its SEQUENCE where that differs.

    Harmless the second time. A cancellation, an invitation after it, another way to
    take part and new links must win over what may have left before (RFC 5546 2.1.4);
    a changed event brings a higher SEQUENCE of its own.
    """
    says = method, mode, generation
    if (invitation.method, invitation.mode, invitation.generation) != says:
        invitation.sequence_offset += 1
    invitation.method, invitation.mode, invitation.generation = says


def is_covered(invitation: Invitation, event: Event) -> bool:
    """Whether the last message that left says what the next one would say."""
    if invitation.sent_sequence is None or invitation.sent_revised_at is None:
        return False
    due = sequence_of(invitation, event), event.revised_at
    return due <= (invitation.sent_sequence, invitation.sent_revised_at)


def is_taken_out(invitation: Invitation) -> bool:
    """Whether a cancellation has left, and no invitation after it."""
    return invitation.method is invitation.sent_method is Method.CANCEL


def sequence_of(invitation: Invitation, event: Event) -> int:
    """Tell the SEQUENCE of the next message; it never falls."""
    return event.sequence + invitation.sequence_offset
