"""Who may fill in the form of an event: everybody, who knows the code, the invited."""

import hmac
from datetime import datetime

from werkraum_events.models import Entry, Event
from werkraum_foundation.faults import Fault, fault
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_registration import rules


class InvitationOnly(Refused):
    """The event has no open form: everybody invited has a link of their own."""

    status = 403
    code = "invitation_only"

    def message(self) -> str:
        return gettext(
            "This event is for invited guests. Please use the link in your invitation."
        )


def must_have_form(event: Event, *, now: datetime) -> None:
    """Refuse what `rules.must_be_open` refuses, and forms of the uninvited."""
    rules.must_be_open(event, now=now)
    if event.entry is Entry.INVITED:
        raise InvitationOnly


def why_no_form(event: Event, *, now: datetime) -> Refused | None:
    """Tell why there is no form to show, if there is none."""
    try:
        must_have_form(event, now=now)
    except Refused as refusal:
        return refusal
    return None


def code_faults(event: Event, typed: str) -> list[Fault]:
    """Say what is wrong with the code at the field `code`; its case does not matter."""
    if event.entry is not Entry.CODE:
        return []
    if not typed:
        return [fault("code", "missing")]
    known, given = (it.strip().casefold().encode() for it in (event.entry_code, typed))
    if hmac.compare_digest(known, given):
        return []
    said = gettext("This code is not right. It stands in the invitation to the event.")
    return [Fault("code", "wrong_code", said)]
