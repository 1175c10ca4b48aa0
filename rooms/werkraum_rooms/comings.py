"""When one device was in a room, out of what is told of it in any order.

A coming lasts until the next leaving, and no longer than until the next coming: no
device is in a room twice. Whatever is told first, the stays end up the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from werkraum_foundation.identifiers import uuid7


@dataclass
class Stay:
    """From a coming to a leaving; a leaving stands alone until its coming is told."""

    joined_at: datetime | None = None
    left_at: datetime | None = None
    id: UUID = field(default_factory=uuid7)


def come(known: Sequence[Stay], at: datetime, *, shut: datetime | None) -> list[Stay]:
    """Take in a coming; the stays that are new or different.

    `shut` is when the room was closed next, if that was told already.
    """
    if any(it.joined_at == at for it in known):
        return []
    before, after = _at_or_before(known, at), _after(known, at)
    alone = [it for it in known if _may_end(it, at, after=after)]
    ends = [it.left_at for it in alone] + [shut, after.joined_at if after else None]
    changed, taken_over = [], None
    if before and (before.left_at is None or before.left_at >= at):
        taken_over, before.left_at = before.left_at, at
        changed.append(before)
    left_at = min((it for it in [*ends, taken_over] if it), default=None)
    stay = next((it for it in alone if it.left_at == left_at), Stay(left_at=left_at))
    stay.joined_at = at
    if taken_over and taken_over != left_at:
        changed += _alone(known, taken_over)
    return [stay, *changed]


def leave(known: Sequence[Stay], at: datetime) -> list[Stay]:
    """Take in a leaving; the stays that are new or different."""
    stay = _at_or_before(known, at)
    if stay is None:
        return _alone(known, at)
    if stay.left_at is None:
        stay.left_at = at
        return [stay]
    # One of the two may be of a coming that is told later.
    earlier, later = sorted((stay.left_at, at))
    changed = _alone(known, later)
    if stay.left_at != earlier:
        stay.left_at = earlier
        changed.append(stay)
    return changed


def _alone(known: Iterable[Stay], at: datetime) -> list[Stay]:
    told = any(it.joined_at is None and it.left_at == at for it in known)
    return [] if told else [Stay(left_at=at)]


def _may_end(stay: Stay, at: datetime, *, after: Stay | None) -> bool:
    """Whether a leaving that stands alone ends a coming at this moment."""
    if stay.joined_at or stay.left_at is None or stay.left_at < at:
        return False
    return not (after and after.joined_at and stay.left_at >= after.joined_at)


def _at_or_before(known: Iterable[Stay], at: datetime) -> Stay | None:
    found = [it for it in known if it.joined_at and it.joined_at <= at]
    return max(found, key=lambda it: it.joined_at or at, default=None)


def _after(known: Iterable[Stay], at: datetime) -> Stay | None:
    found = [it for it in known if it.joined_at and it.joined_at > at]
    return min(found, key=lambda it: it.joined_at or at, default=None)
