"""What calendars answer and why letters come back, in words."""

from collections.abc import Mapping

from werkraum_calendar.invitations import told
from werkraum_calendar.models import Invitation, Method, ReplyKind
from werkraum_foundation.language import gettext, noop
from werkraum_registration.models import Registration
from werkraum_server.letters.calendar_messages import known_from_now_on

REPLY_KINDS: Mapping[ReplyKind, str] = {
    ReplyKind.COMING: noop("coming"),
    ReplyKind.MAYBE: noop("maybe"),
    ReplyKind.DECLINED: noop("not coming"),
    ReplyKind.DELEGATED: noop("somebody else is to come"),
    ReplyKind.PROPOSED: noop("proposes another time"),
    ReplyKind.ASKED_AGAIN: noop("wants the entry again"),
}

# The longest beginning of a code that is known (RFC 3463 3); a code without dots is
# that of the server our letters are handed to (RFC 5321 4.2.3).
REASONS = {
    "5.1": noop("There is no such address."),
    "5.1.10": noop("This domain receives no mail."),
    "5.2": noop("The mailbox takes no letters."),
    "5.2.1": noop("The mailbox is closed."),
    "5.2.2": noop("The mailbox is full."),
    "5.4": noop("There is no way to this mail server."),
    "5.7": noop("Their mail server turns our letters away."),
    "4": noop("Their mail server still tries."),
    "4.2.2": noop("The mailbox is full; their mail server still tries."),
    "550": noop("There is no such address."),
    "551": noop("There is no such address."),
    "552": noop("The mailbox is full."),
    "553": noop("There is no such address."),
}
OTHER = noop("Their mail server did not take the letter.")


def reply_words(kind: ReplyKind) -> str:
    return gettext(REPLY_KINDS[kind])


def entry_words(invitation: Invitation, registration: Registration) -> str:
    """Say what somebody's calendar was told last; registration with its event."""
    known = told(invitation)
    if invitation.sent_method is Method.CANCEL:
        return gettext("taken out again by letter")
    if known is None:
        return gettext("not sent yet")
    if known == known_from_now_on(registration.event, registration.mode):
        return gettext("sent by letter, as it is now")
    return gettext("sent by letter, with an earlier time or place")


def bounce_words(status: str) -> str:
    """Say why a letter came back, as far as its code tells."""
    steps = status.split(".")
    for length in range(len(steps), 0, -1):
        if known := REASONS.get(".".join(steps[:length])):
            return gettext(known)
    return gettext(OTHER)
