"""Tags: words organisers put on registrations, to find them and to write to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

from werkraum_foundation import audit
from werkraum_foundation.database import changed, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.plain_text import line
from werkraum_foundation.refusals import NotFound
from werkraum_registration.models import Registration, RegistrationTag

Tag = Annotated[str, line(max_length=40)]


@unit_of_work
async def put_on(registration_id: UUID, tag: str, *, actor: str, now: datetime) -> bool:
    """Put a tag on a registration; False if it has it already."""
    before = await _enter(registration_id)
    if tag in before.tags:
        return False
    await write(registration_id, [tag])
    await _note(before, sorted([*before.tags, tag]), actor=actor, now=now)
    return True


@unit_of_work
async def take_off(
    registration_id: UUID, tag: str, *, actor: str, now: datetime
) -> bool:
    """Take a tag off a registration; False if it does not have it."""
    before = await _enter(registration_id)
    if tag not in before.tags:
        return False
    await RegistrationTag.filter(registration_id=registration_id, tag=tag).delete()
    after = [it for it in before.tags if it != tag]
    await _note(before, after, actor=actor, now=now)
    return True


async def write(registration_id: UUID, tags: Collection[str]) -> None:
    """Write tags down inside a deed that notes them itself."""
    for tag in tags:
        await changed(
            "INSERT INTO registration_tag (id, registration_id, tag)"
            " VALUES (:id, :registration, :tag)"
            " ON CONFLICT (registration_id, tag) DO NOTHING",
            id=uuid7(),
            registration=registration_id,
            tag=tag,
        )


class _Tagged:
    """A registration under lock, with its tags by the alphabet."""

    def __init__(self, registration: Registration, tags: list[str]) -> None:
        self.registration = registration
        self.tags = tags


async def _enter(registration_id: UUID) -> _Tagged:
    # Locks the row: two who tag one person take turns.
    if not await changed(
        "UPDATE registration SET note = note WHERE id = :id", id=registration_id
    ):
        raise NotFound
    found = Registration.filter(id=registration_id).select_related("event")
    there = RegistrationTag.filter(registration_id=registration_id).order_by("tag")
    tags: list[str] = [it.tag for it in await there]
    return _Tagged(await found.get(), tags)


async def _note(
    before: _Tagged, after: list[str], *, actor: str, now: datetime
) -> None:
    await audit.record(
        before.registration.event.organiser_id,
        "registration.tag",
        before.registration.id,
        actor=actor,
        now=now,
        changes={"tags": [before.tags, after]},
    )
