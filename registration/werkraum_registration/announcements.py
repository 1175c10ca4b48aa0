"""What registration tells the others: facts of ids, stored with the deed."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class RegistrationMade:
    """An address was entered and must be confirmed: its owner needs the button.

    Told again when the letter is asked for again or the address was corrected.
    """

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class RegistrationConfirmed:
    """The person has a seat: at once, by confirming, or by moving up."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class RegistrationWaitlisted:
    """The person waits for a seat."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class RegistrationCancelled:
    """The person who had a seat or waited for one does not come.

    Not told of an address that was never confirmed: nobody there expects a letter.
    """

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class ModeSwitched:
    """Somebody with a seat takes part the other way from now on."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class AddressKnown:
    """Somebody entered an address that takes part already, or lost the link.

    Its owner gets the link to the personal page again.
    """

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class SeatOffered:
    """A seat is held for somebody who waits, until the deadline of the wish.

    `mode` tells which one: who takes part online may be offered a seat on site.
    """

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID
    mode: str


@dataclass(frozen=True)
class OfferLapsed:
    """Nobody took the seat that was offered in time.

    The first time the person goes to the end of the queue, the second time out of
    it: `gone`. Who has another seat keeps that.
    """

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID
    gone: bool


@dataclass(frozen=True)
class ApprovalAwaited:
    """The person has a seat as soon as the organiser agrees."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class RegistrationRejected:
    """The organiser has said no."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class RegistrationRestored:
    """A cancellation was taken back; the person has a seat or heads the queue."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class SeatTakenBack:
    """The organiser has fewer seats now; the person heads the waiting list."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class OfferWithdrawn:
    """There are fewer seats: the one that was offered is gone, the place stays.

    Who has another seat keeps that. Not told of those who lose that seat as well.
    """

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class SessionSeatGiven:
    """Somebody who waited for a session has a seat there now."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID
    session_id: UUID


@dataclass(frozen=True)
class RegistrationChanged:
    """The person has changed what they told us: name, party, sessions, answers."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID


@dataclass(frozen=True)
class NeedAnswered:
    """The organiser has answered what somebody needs to take part."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID
    need_id: UUID


@dataclass(frozen=True)
class RegistrationErased:
    """Nothing names the person of this registration any more."""

    organiser_id: UUID
    event_id: UUID
    registration_id: UUID
