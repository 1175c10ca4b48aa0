"""Questions about organisations, named by what they mean."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from tortoise.functions import Count

from werkraum_foundation.database import is_sqlite, rows
from werkraum_foundation.refusals import NotFound
from werkraum_registration.models import (
    Organisation,
    OrganisationKind,
    OrganisationSize,
    Registration,
)
from werkraum_registration.organisation_doubles import Named
from werkraum_registration.organisation_names import name_key, sort_key, town_keys

# What fits into a page that everybody loads.
MOST_SUGGESTED = 1_000
# More than any office looks through; newer ones first.
MOST_COMPARED = 5_000
LARGEST_PAGE = 100

# How long a process hands out the suggestions it has read, in seconds.
FRESH = 30.0
MOST_ORGANISERS = 500


class Standing(StrEnum):
    """What organisers have made of an organisation."""

    SUGGESTED = "suggested"
    TYPED = "typed"
    MERGED = "merged"


@dataclass(frozen=True)
class Filters:
    """What to list: part of a name, a kind, a standing (merged ones only if asked).

    With `no_kind` those of which nobody has said what they are.
    """

    search: str = ""
    kind: OrganisationKind | None = None
    no_kind: bool = False
    standing: Standing | None = None


@dataclass(frozen=True)
class Listed:
    """An organisation in the list; `registrations` name it."""

    id: UUID
    name: str
    kind: OrganisationKind | None
    size: OrganisationSize | None
    region: str
    standing: Standing
    registrations: int

    @classmethod
    def read(cls, row: dict[str, Any]) -> Self:  # Any: columns of a row
        standing = Standing.SUGGESTED if row["suggested"] else Standing.TYPED
        return cls(
            id=UUID(str(row["id"])),
            name=row["name"],
            kind=OrganisationKind(row["kind"]) if row["kind"] else None,
            size=OrganisationSize(row["size"]) if row["size"] else None,
            region=row["region"],
            standing=Standing.MERGED if row["merged_into_id"] else standing,
            registrations=row["registrations"],
        )


_suggested: dict[UUID, tuple[float, tuple[str, ...]]] = {}


async def suggested(organiser_id: UUID) -> tuple[str, ...]:
    """Name what to suggest to whoever types, in the order of a list.

    At most a thousand: where there are more, those that are named most. Kept for
    half a minute; another process may be as late with a change.
    """
    kept = _suggested.get(organiser_id)
    if kept and time.monotonic() - kept[0] < FRESH:
        return kept[1]
    found = await rows(
        "SELECT o.name FROM organisation o WHERE o.organiser_id = :organiser"
        " AND o.suggested AND o.merged_into_id IS NULL ORDER BY (SELECT count(*)"
        " FROM registration r WHERE r.organisation_id = o.id) DESC, o.name_key"
        " LIMIT :most",
        organiser=organiser_id,
        most=MOST_SUGGESTED,
    )
    names = tuple(sorted((it["name"] for it in found), key=sort_key))
    if len(_suggested) >= MOST_ORGANISERS:
        _suggested.clear()
    _suggested[organiser_id] = time.monotonic(), names
    return names


def forget_suggestions(organiser_id: UUID) -> None:
    _suggested.pop(organiser_id, None)


async def find(
    organiser_id: UUID, name: str, *, kind: OrganisationKind | None = None
) -> Organisation | None:
    """Find the organisation somebody means, the one that stayed for a double.

    The same key is the same organisation. Besides, "X" is "Stadt X" and the other
    way round where exactly one such town is suggested and `kind` says nothing else.
    """
    key = name_key(name)
    there = await Organisation.filter(
        organiser_id=organiser_id, name_key__in=[key, *town_keys(key)]
    )
    found = next((it for it in there if it.name_key == key), None)
    if found is None and kind in (None, OrganisationKind.MUNICIPALITY):
        towns = [it for it in there if _is_town(it)]
        found = towns[0] if len(towns) == 1 else None
    if found and found.merged_into_id:
        return await Organisation.get_or_none(id=found.merged_into_id)
    return found


def _is_town(it: Organisation) -> bool:
    towns = (None, OrganisationKind.MUNICIPALITY)
    return it.kind in towns and (it.suggested or it.merged_into_id is not None)


async def organisation_of(organiser_id: UUID, organisation_id: UUID) -> Organisation:
    """Find an organisation of the organiser, merged ones too, or raise `NotFound`."""
    found = await Organisation.get_or_none(
        id=organisation_id, organiser_id=organiser_id
    )
    if found is None or not found.name:
        raise NotFound
    return found


async def doubles_of(there: Organisation) -> list[Organisation]:
    """List what was merged into an organisation."""
    return await Organisation.filter(merged_into_id=there.id).order_by("name_key")


async def enter(organiser_id: UUID, organisation_id: UUID) -> Organisation:
    """Lock an organisation that is merged into no other, or raise `NotFound`."""
    [found] = await enter_several(organiser_id, [organisation_id])
    return found


async def enter_several(
    organiser_id: UUID, organisation_ids: Sequence[UUID]
) -> list[Organisation]:
    """Lock organisations in one order, so that none waits crosswise for another."""
    wanted = sorted(set(organisation_ids))
    found = Organisation.filter(
        organiser_id=organiser_id, id__in=wanted, merged_into_id=None
    ).order_by("id")
    there = await (found if is_sqlite() else found.select_for_update())
    if len(there) < len(wanted) or not all(it.name for it in there):
        raise NotFound
    return there


async def keys_of(organiser_id: UUID) -> set[str]:
    found = await rows(
        "SELECT name_key FROM organisation WHERE organiser_id = :organiser",
        organiser=organiser_id,
    )
    return {it["name_key"] for it in found}


async def listed(
    organiser_id: UUID, filters: Filters | None = None, *, skip: int = 0
) -> list[Listed]:
    """List at most a hundred, as a clerk would order them; one query."""
    where, values = _conditions(organiser_id, filters or Filters())
    found = await rows(
        "SELECT o.id, o.name, o.kind, o.size, o.region, o.suggested, o.merged_into_id,"
        " (SELECT count(*) FROM registration r WHERE r.organisation_id = o.id)"
        f" AS registrations FROM organisation o WHERE {where} ORDER BY {IN_ORDER}, o.id"
        " LIMIT :limit OFFSET :skip",
        limit=LARGEST_PAGE,
        skip=skip,
        **values,
    )
    return [Listed.read(row) for row in found]


async def chosen(organiser_id: UUID, ids: Sequence[UUID]) -> list[Listed]:
    """Look at some that are merged into no other, the most named first; two queries."""
    there = await Organisation.filter(
        organiser_id=organiser_id, id__in=list(ids), merged_into_id=None
    ).exclude(name="")
    named = Registration.filter(organisation_id__in=[it.id for it in there])
    counts = await (
        named.annotate(n=Count("id"))
        .group_by("organisation_id")
        .values_list("organisation_id", "n")
    )
    registrations = dict(counts)
    found = [
        Listed(
            id=it.id,
            name=it.name,
            kind=it.kind,
            size=it.size,
            region=it.region,
            standing=Standing.SUGGESTED if it.suggested else Standing.TYPED,
            registrations=registrations.get(it.id, 0),
        )
        for it in there
    ]
    return sorted(found, key=lambda it: (it.standing, -it.registrations, it.name))


async def count_listed(organiser_id: UUID, filters: Filters) -> int:
    where, values = _conditions(organiser_id, filters)
    [found] = await rows(
        f"SELECT count(*) AS n FROM organisation o WHERE {where}", **values
    )
    return int(found["n"])


async def compared(organiser_id: UUID) -> list[Named]:
    """Name what may be doubles, for `likely_doubles`; one query."""
    found = await rows(
        "SELECT id, name, name_key, kind, suggested FROM organisation"
        " WHERE organiser_id = :organiser AND merged_into_id IS NULL AND name <> ''"
        " ORDER BY id DESC LIMIT :most",
        organiser=organiser_id,
        most=MOST_COMPARED,
    )
    return [
        Named(
            UUID(str(it["id"])),
            it["name"],
            it["name_key"],
            OrganisationKind(it["kind"]) if it["kind"] else None,
            bool(it["suggested"]),
        )
        for it in found
    ]


async def names_of(organisation_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Name organisations, a double by the one that stayed; two queries at most."""
    there = await Organisation.filter(id__in=list(set(organisation_ids)))
    leads = {it.merged_into_id for it in there if it.merged_into_id}
    stayed = await Organisation.filter(id__in=list(leads)) if leads else []
    names = {it.id: it.name for it in stayed}
    return {it.id: names.get(it.merged_into_id or it.id, it.name) for it in there}


# SQLite would put Ä behind Z.
IN_ORDER = "replace(replace(replace(o.name_key, 'ä', 'a'), 'ö', 'o'), 'ü', 'u')"


def _conditions(organiser_id: UUID, filters: Filters) -> tuple[str, dict[str, object]]:
    """Write the WHERE of a list; only fixed text, all values stand beside it."""
    where = ["o.organiser_id = :organiser", "o.name <> ''"]
    values: dict[str, object] = {"organiser": organiser_id}
    match filters.standing:
        case Standing.MERGED:
            where.append("o.merged_into_id IS NOT NULL")
        case Standing.SUGGESTED:
            where.append("o.merged_into_id IS NULL AND o.suggested")
        case Standing.TYPED:
            where.append("o.merged_into_id IS NULL AND NOT o.suggested")
        case None:
            where.append("o.merged_into_id IS NULL")
    if filters.no_kind:
        where.append("o.kind IS NULL")
    elif filters.kind:
        where.append("o.kind = :kind")
        values["kind"] = filters.kind.value
    if filters.search:
        # A key holds letters, digits and spaces only, or signs alone.
        where.append(r"o.name_key LIKE :part ESCAPE '\'")
        values["part"] = _anywhere(name_key(filters.search))
    return " AND ".join(where), values


def _anywhere(text: str) -> str:
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"
