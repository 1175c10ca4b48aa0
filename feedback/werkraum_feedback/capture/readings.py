"""What a moderator reads off during the meeting: who was heard, what many share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise.expressions import Q

from werkraum_feedback.statement_models import (
    Coding,
    Statement,
    StatementSource,
    StatementState,
    Theme,
    ThemeState,
)
from werkraum_foundation.database import rows
from werkraum_registration.models import OrganisationKind, OrganisationSize

Group = tuple[OrganisationKind | None, OrganisationSize | None]


@dataclass(frozen=True)
class Heard:
    """Of a kind of organisations: how many have spoken, of how many that take part."""

    kind: OrganisationKind | None
    size: OrganisationSize | None
    spoken: int
    there: int


@dataclass(frozen=True)
class Shared:
    """A theme with how often it came up, and with how many kinds of organisations."""

    theme: Theme
    statements: int
    kinds: int


async def heard(event_id: UUID) -> list[Heard]:
    """Count organisations by kind, those with somebody there first; two queries."""
    there = await _there(event_id)
    spoken = await _spoken(event_id)
    groups = {**spoken, **there}
    counted: dict[Group, list[int]] = defaultdict(lambda: [0, 0])
    for organisation, group in groups.items():
        counted[group][0] += organisation in spoken
        # Whoever speaks is there, whatever the lists say.
        counted[group][1] += 1
    return [Heard(*group, *counted[group]) for group in sorted(counted, key=_in_order)]


async def _there(event_id: UUID) -> dict[str, Group]:
    """Name the organisations of who is here, or has a seat if nobody is noted yet."""
    found = await rows(
        "SELECT DISTINCT coalesce(o.merged_into_id, o.id) AS id, o.kind, o.size,"
        " EXISTS (SELECT 1 FROM attendance a WHERE a.event_id = :event"
        " AND a.registration_id = r.id AND a.undone_at IS NULL) AS here"
        " FROM registration r JOIN organisation o ON o.id = r.organisation_id"
        " WHERE r.event_id = :event AND r.state = 'confirmed'",
        event=event_id,
    )
    here = [it for it in found if it["here"]] or found
    return {str(it["id"]): _group(it) for it in here}


async def _spoken(event_id: UUID) -> dict[str, Group]:
    found = await rows(
        "SELECT DISTINCT coalesce(o.merged_into_id, o.id) AS id, o.kind, o.size"
        " FROM statement s JOIN organisation o ON o.id = s.organisation_id"
        " WHERE s.event_id = :event AND s.state = 'shown'"
        " AND (s.source = 'capture' OR s.spoken_at IS NOT NULL)",
        event=event_id,
    )
    return {str(it["id"]): _group(it) for it in found}


def _group(row: Mapping[str, str | None]) -> Group:
    kind, size = row["kind"], row["size"]
    return (
        OrganisationKind(kind) if kind else None,
        OrganisationSize(size) if size else None,
    )


def _in_order(group: Group) -> tuple[int, int]:
    kind, size = group
    kinds, sizes = list(OrganisationKind), list(OrganisationSize)
    return (
        kinds.index(kind) if kind else len(kinds),
        sizes.index(size) if size else len(sizes),
    )


async def shared(event_id: UUID) -> list[Shared]:
    """List what came up aloud at an event, the most shared first; one query.

    Everybody in the room has heard it, so kinds of any size count.
    """
    aloud = Q(statement__source=StatementSource.CAPTURE) | Q(
        statement__spoken_at__isnull=False
    )
    found = await Coding.filter(
        aloud,
        statement__event_id=event_id,
        statement__state=StatementState.SHOWN,
        theme__state=ThemeState.ACTIVE,
    ).select_related("statement", "theme")
    return _shared(found)


def _shared(codings: Iterable[Coding]) -> list[Shared]:
    themes: dict[UUID, Theme] = {}
    statements: dict[UUID, dict[UUID, Statement]] = defaultdict(dict)
    for coding in codings:
        themes[coding.theme_id] = coding.theme
        statements[coding.theme_id][coding.statement_id] = coding.statement
    shares = [
        Shared(theme, len(on := statements[key]), _kinds(list(on.values())))
        for key, theme in themes.items()
    ]
    return sorted(shares, key=lambda it: (-it.kinds, -it.statements, it.theme.position))


def _kinds(statements: Sequence[Statement]) -> int:
    """Count kinds of organisations; small, medium and large towns are three."""
    return len({(it.org_kind, it.org_size) for it in statements if it.org_kind})
