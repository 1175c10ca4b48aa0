"""What organisers put right in a registration: the name, their note, the tags."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import NotFound, Refused
from werkraum_registration import tags
from werkraum_registration.changes import SOME_NAME
from werkraum_registration.models import Registration, RegistrationTag


class Forgotten(Refused):
    """The name and address of the person were deleted."""

    status = 410
    code = "forgotten"

    def message(self) -> str:
        return gettext("What was known of this person has been deleted.")


@dataclass(frozen=True)
class Edit:
    name: str
    note: str = ""
    tags: Collection[str] = ()


@unit_of_work
async def edit(registration_id: UUID, wish: Edit, *, actor: str, now: datetime) -> bool:
    """Put these in the place of those there are; False if nothing differs.

    Neither names nor what a note says of a person stand in the audit: there, they
    are only said to have changed. Raises `NotFound`, `Forgotten`.
    """
    # Locks the row: two who edit one person take turns.
    if not await changed(
        "UPDATE registration SET note = note WHERE id = :id", id=registration_id
    ):
        raise NotFound
    found = Registration.filter(id=registration_id).select_related("event")
    registration = await found.get()
    if not registration.email:
        raise Forgotten
    there = RegistrationTag.filter(registration_id=registration_id)
    before, after = {it.tag for it in await there}, set(wish.tags)
    changes: dict[str, object] = {}
    if registration.name != wish.name:
        changes["name"] = [SOME_NAME, SOME_NAME]
    if registration.note != wish.note:
        changes["note"] = [
            SOME_NAME if text else "" for text in (registration.note, wish.note)
        ]
    if before != after:
        changes["tags"] = [sorted(before), sorted(after)]
    if not changes:
        return False
    registration.name, registration.note = wish.name, wish.note
    await registration.save(update_fields=["name", "note"])
    await there.filter(tag__in=list(before - after)).delete()
    await tags.write(registration_id, after - before)
    await audit.record(
        registration.event.organiser_id,
        "registration.edit",
        registration_id,
        actor=actor,
        now=now,
        changes=changes,
    )
    return True
