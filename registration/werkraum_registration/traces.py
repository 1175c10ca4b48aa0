"""What names somebody outside of their registration: lists, forms, letters, files."""

from collections.abc import Collection
from uuid import UUID

from werkraum_foundation.database import changed
from werkraum_foundation.mail_addresses import normalised
from werkraum_registration import export_files
from werkraum_registration.models import (
    AddressChange,
    GroupLetter,
    Guest,
    ImportBatch,
    ImportRow,
    Registration,
    Submission,
)

# What attendees typed may be anything, a name as well. It is gone with the last who
# named it, unless an organiser has made it a suggestion or merged others into it.
_UNNAMED = (
    "NOT suggested AND NOT EXISTS (SELECT 1 FROM registration r"
    " WHERE organisation.id IN (r.organisation_id, r.named_organisation_id))"
    " AND NOT EXISTS (SELECT 1 FROM organisation o"
    " WHERE o.merged_into_id = organisation.id)"
)


async def addresses_of(registration: Registration) -> set[str]:
    """Name the address somebody has, and the one they left."""
    left = AddressChange.filter(registration_id=registration.id)
    known = await left.exclude(confirmed_at=None).values_list("email", flat=True)
    return {registration.email, *map(str, known)}


async def forget(registration: Registration, addresses: Collection[str]) -> None:
    """Delete or overwrite what others wrote down of somebody for this event."""
    event_id, mine = registration.event_id, {"registration_id": registration.id}
    await ImportRow.filter(**mine).update(cells=[], email_key="")
    await Guest.filter(event_id=event_id, **mine).delete()
    await Submission.filter(event_id=event_id, **mine).delete()
    for address in addresses:
        await _forget_lines(event_id, address)
        await Guest.filter(event_id=event_id, email_key=normalised(address)).delete()
        await Submission.filter(event_id=event_id, email__iexact=address).delete()
    words = {word.casefold() for word in (registration.name, *addresses) if word}
    await _forget_searches(event_id, words)
    await export_files.forget_somebody(event_id, words)


async def _forget_lines(event_id: UUID, address: str) -> None:
    """Empty the lines of sent lists that hold an address, in whichever column."""
    batches = await ImportBatch.filter(event_id=event_id).values_list("id", flat=True)
    lines = ImportRow.filter(batch_id__in=batches)
    key = normalised(address)
    await lines.filter(email_key=key).update(cells=[], email_key="")
    for batch_id in batches:
        await changed(
            "UPDATE import_row SET cells = :none, email_key = ''"
            " WHERE batch_id = :batch"
            " AND lower(CAST(cells AS text)) LIKE :holds ESCAPE '!'",
            none=[],
            batch=batch_id,
            holds=f"%{_literally(key)}%",
        )


def _literally(text: str) -> str:
    for sign in "!%_":
        text = text.replace(sign, f"!{sign}")
    return text


async def _forget_searches(event_id: UUID, words: Collection[str]) -> None:
    """Let letters that were written to whom a search found name the search no more."""
    for letter in await GroupLetter.filter(event_id=event_id):
        if _names(letter.audience.get("q"), words):
            # Whom it was to find is found no more: it never becomes a letter to all.
            letter.audience = {"registration": str(UUID(int=0))}
            await letter.save(update_fields=["audience"])


def _names(search: object, words: Collection[str]) -> bool:
    """Whether a search spells out one of these, a name or an address."""
    return any(word in str(search or "").casefold() for word in words)


async def forget_organisations(identifiers: Collection[UUID]) -> None:
    """Delete what was typed only by those who are gone."""
    for identifier in identifiers:
        await changed(
            f"DELETE FROM organisation WHERE id = :id AND {_UNNAMED}", id=identifier
        )
