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
