"""How many letters a form may cause: the letters are limited, not the people."""

from uuid import UUID

from werkraum_foundation.limits import DAY, FIRST_LETTERS, Limit, must_be_within

# Per address over all events: somebody may well register for a whole season.
ALL_LETTERS = Limit("letters", 10, DAY)


async def must_be_allowed_letter(event_id: UUID | None, email_key: str) -> None:
    """Count a letter to an address, known or not; raises `TooMany`.

    Counted before anything is looked up: the answer tells nobody who is known.
    """
    await must_be_within(FIRST_LETTERS, str(event_id), email_key)
    await must_be_within(ALL_LETTERS, email_key)
