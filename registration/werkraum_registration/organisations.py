"""Organisations: where attendees come from, and that each is there once.

What attendees type is written down, but suggested to nobody until an organiser says
so. A double that was merged stays as a sign to the one that stayed: whoever types its
name again is led there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from werkraum_foundation import audit
from werkraum_foundation.database import after_commit, changed, unit_of_work
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import gettext
from werkraum_foundation.plain_text import line
from werkraum_foundation.refusals import Refused
from werkraum_registration import organisation_queries as queries
from werkraum_registration.models import (
    Organisation,
    OrganisationKind,
    OrganisationSize,
    Registration,
)
from werkraum_registration.organisation_names import name_key

OrganisationName = Annotated[str, line(max_length=200)]


class StillNamed(Refused):
    """Registrations name it: it can be merged, but not taken away."""

    code = "organisation_still_named"

    def message(self) -> str:
        return gettext(
            "Registrations name this organisation. Merge it with the right one instead."
        )


@dataclass(frozen=True)
class OrganisationWish:
    """What organisers write down about an organisation."""

    name: str
    kind: OrganisationKind | None = None
    size: OrganisationSize | None = None
    region: str = ""
    partner_towns: tuple[str, ...] = ()
    suggested: bool = True


@dataclass(frozen=True)
class TypedOrganisation:
    """The organisation somebody has typed, and what they say it is."""

    name: str
    kind: OrganisationKind | None = None
    size: OrganisationSize | None = None


@unit_of_work
async def named(
    organiser_id: UUID, typed_one: TypedOrganisation | None, *, now: datetime
) -> UUID | None:
    """Do what `typed` does, if an organisation was typed at all."""
    if typed_one is None:
        return None
    it = typed_one
    return await typed(organiser_id, it.name, kind=it.kind, size=it.size, now=now)


@unit_of_work
async def typed(
    organiser_id: UUID,
    name: str,
    *,
    kind: OrganisationKind | None = None,
    size: OrganisationSize | None = None,
    now: datetime,
) -> UUID:
    """Find the organisation somebody named, or write it down; two queries, or three.

    A new one is no suggestion yet. What is said about kind and size is taken where
    neither an organiser nor anybody before has said it; only a town has a size.
    """
    found = await queries.find(organiser_id, name, kind=kind)
    if found is None:
        await _write_down(organiser_id, name, kind=kind, size=size, now=now)
        found = await queries.find(organiser_id, name, kind=kind)
        assert found is not None
    else:
        await _add_what_is_open(found, kind, size)
    return found.id


async def _add_what_is_open(
    found: Organisation, kind: OrganisationKind | None, size: OrganisationSize | None
) -> None:
    # Only where it is open still: an organiser may be saying it just now.
    there = Organisation.filter(id=found.id)
    if kind and not found.kind:
        await there.filter(kind=None).update(kind=kind)
    if size and not found.size:
        town = OrganisationKind.MUNICIPALITY
        await there.filter(kind=town, size=None).update(size=size)


async def _write_down(
    organiser_id: UUID,
    name: str,
    *,
    kind: OrganisationKind | None,
    size: OrganisationSize | None,
    now: datetime,
) -> None:
    # Somebody else may type the same name at the same moment.
    await changed(
        "INSERT INTO organisation (id, organiser_id, name, name_key, kind, size,"
        " region, partner_towns, suggested, created_at) VALUES (:id, :organiser,"
        " :name, :key, :kind, :size, '', :towns, :no, :now)"
        " ON CONFLICT (organiser_id, name_key) DO NOTHING",
        id=uuid7(),
        organiser=organiser_id,
        name=name,
        key=name_key(name),
        kind=kind,
        size=size,
        towns=[],
        no=False,
        now=now,
    )


@unit_of_work
async def add(
    organiser_id: UUID, wish: OrganisationWish, *, actor: str, now: datetime
) -> UUID:
    """Write down an organisation; raises `InvalidInput` if its name is taken."""
    columns = _columns(wish)
    try:
        made = await Organisation.create(
            organiser_id=organiser_id, created_at=now, **columns
        )
    except IntegrityError as error:
        raise _taken() from error
    await audit.record(organiser_id, "organisation.add", made.id, actor=actor, now=now)
    _suggestions_change(organiser_id)
    return made.id


@unit_of_work
async def add_several(
    organiser_id: UUID,
    names: Sequence[str],
    *,
    kind: OrganisationKind | None,
    size: OrganisationSize | None,
    actor: str,
    now: datetime,
) -> int:
    """Make suggestions of these names and say how many are new.

    One that attendees typed already becomes a suggestion; what is known about an
    organisation stays as it is.
    """
    keys = {name_key(name): name for name in reversed(names)}
    await _suggest_known(organiser_id, list(keys))
    known = await queries.keys_of(organiser_id)
    new = [
        Organisation(
            id=uuid7(), organiser_id=organiser_id, name=name, name_key=key, kind=kind,
            size=size, suggested=True, created_at=now,
        )
        for key, name in reversed(keys.items())
        if key not in known
    ]  # fmt: skip
    # Somebody may type one of them just now.
    await Organisation.bulk_create(new, batch_size=50, ignore_conflicts=True)
    changes = {"organisations": [len(known), len(known) + len(new)]}
    await audit.record(
        organiser_id,
        "organisation.import",
        organiser_id,
        actor=actor,
        now=now,
        changes=changes,
    )
    _suggestions_change(organiser_id)
    return len(new)


@unit_of_work
async def edit(
    organiser_id: UUID,
    organisation_id: UUID,
    wish: OrganisationWish,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Change what is known; raises `InvalidInput` if the name is another's."""
    there = await queries.enter(organiser_id, organisation_id)
    columns = _columns(wish)
    changes = {
        name: [getattr(there, name), value]
        for name, value in columns.items()
        if getattr(there, name) != value
    }
    if not changes:
        return
    try:
        await Organisation.filter(id=there.id).update(**columns)
    except IntegrityError as error:
        raise _taken() from error
    await _note(there, "organisation.edit", changes, actor=actor, now=now)
    _suggestions_change(organiser_id)


@unit_of_work
async def suggest(
    organiser_id: UUID, organisation_ids: Sequence[UUID], *, actor: str, now: datetime
) -> int:
    """Suggest these to everybody from now on; says how many were not before.

    Raises `NotFound` if one is gone, or merged into another.
    """
    there = await queries.enter_several(organiser_id, organisation_ids)
    fresh = [it for it in there if not it.suggested]
    for it in fresh:
        changes = {"suggested": [False, True]}
        await _note(it, "organisation.suggest", changes, actor=actor, now=now)
    ids = [it.id for it in fresh]
    if ids:
        await Organisation.filter(id__in=ids).update(suggested=True)
        _suggestions_change(organiser_id)
    return len(ids)


@unit_of_work
async def classify(
    organiser_id: UUID,
    organisation_ids: Sequence[UUID],
    *,
    kind: OrganisationKind | None,
    size: OrganisationSize | None,
    actor: str,
    now: datetime,
) -> int:
    """Say of several what kind and size they are; what is None stays as it is.

    Says how many changed. Raises `NotFound` as `suggest` does.
    """
    said = {"kind": kind, "size": size}
    said = {name: value for name, value in said.items() if value is not None}
    count = 0
    for it in await queries.enter_several(organiser_id, organisation_ids):
        changes = {
            name: [getattr(it, name), value]
            for name, value in said.items()
            if getattr(it, name) != value
        }
        if changes:
            await Organisation.filter(id=it.id).update(**said)
            await _note(it, "organisation.edit", changes, actor=actor, now=now)
            count += 1
    return count


@unit_of_work
async def remove(
    organiser_id: UUID, organisation_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take away an organisation that no registration names; raises `StillNamed`."""
    there = await queries.enter(organiser_id, organisation_id)
    if await Registration.exists(organisation_id=there.id):
        raise StillNamed
    if await Registration.exists(named_organisation_id=there.id):
        raise StillNamed
    # Its doubles lead nowhere now, and nobody is at them.
    await Organisation.filter(merged_into_id=there.id).update(merged_into_id=None)
    await Organisation.filter(id=there.id).delete()
    await audit.record(
        organiser_id, "organisation.remove", there.id, actor=actor, now=now
    )
    _suggestions_change(organiser_id)


def _taken() -> InvalidInput:
    said = gettext("There is an organisation of this name already.")
    return InvalidInput([Fault("name", "name_taken", said)])


async def _suggest_known(organiser_id: UUID, keys: list[str]) -> None:
    known = Organisation.filter(organiser_id=organiser_id, merged_into_id=None)
    for start in range(0, len(keys), 500):
        few = keys[start : start + 500]
        await known.filter(name_key__in=few).update(suggested=True)


# Any: a value for each column, as Tortoise takes them.
def _columns(wish: OrganisationWish) -> dict[str, Any]:
    return {
        "name": wish.name,
        "name_key": name_key(wish.name),
        "kind": wish.kind,
        "size": wish.size,
        "region": wish.region,
        "partner_towns": list(wish.partner_towns),
        "suggested": wish.suggested,
    }


async def _note(
    there: Organisation,
    action: str,
    changes: dict[str, list[Any]],  # Any: values of its columns
    *,
    actor: str,
    now: datetime,
) -> None:
    await audit.record(
        there.organiser_id, action, there.id, actor=actor, now=now, changes=changes
    )


def _suggestions_change(organiser_id: UUID) -> None:
    after_commit(lambda: queries.forget_suggestions(organiser_id))
