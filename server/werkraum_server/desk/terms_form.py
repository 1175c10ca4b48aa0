"""The form of the terms on which people register."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from werkraum_events.models import Entry, Event, Promotion, QueueOrder
from werkraum_events.rules import terms_of
from werkraum_events.wishes import EntryCode, OfferHours, PartySize, Terms
from werkraum_foundation.plain_numbers import whole_number


class TermsFields(BaseModel):
    """What is typed; a switch that is off is not sent."""

    model_config = ConfigDict(extra="forbid")

    entry: Entry
    entry_code: EntryCode | None = None
    approval: bool = False
    approval_again: bool = False
    promotion: Promotion
    offer_hours: OfferHours
    queue_order: QueueOrder
    largest_party: PartySize
    self_check_in: bool = False
    version: Annotated[int, whole_number(1, 2**31 - 1)] | None = None

    def terms(self) -> Terms:
        return Terms(
            entry=self.entry,
            entry_code=self.entry_code or "",
            approval=self.approval,
            approval_again=self.approval and self.approval_again,
            promotion=self.promotion,
            offer_hours=self.offer_hours,
            queue_order=self.queue_order,
            largest_party=self.largest_party,
            self_check_in=self.self_check_in,
        )


def typed_terms(event: Event) -> dict[str, str]:
    """Write the terms of an event as they would be typed into the form."""
    terms = terms_of(event)
    return {
        "entry": terms.entry.value,
        "entry_code": terms.entry_code,
        "approval": _switch(terms.approval),
        "approval_again": _switch(terms.approval_again),
        "promotion": terms.promotion.value,
        "offer_hours": str(terms.offer_hours),
        "queue_order": terms.queue_order.value,
        "largest_party": str(terms.largest_party),
        "self_check_in": _switch(terms.self_check_in),
        "version": str(event.version),
    }


def _switch(on: bool) -> str:
    return "on" if on else ""
