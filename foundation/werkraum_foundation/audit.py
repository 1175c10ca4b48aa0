"""The audit: who did what to which row, and what it was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_foundation.database import changed, changed_each
from werkraum_foundation.identifiers import uuid7

# The two actors that no grant stands for.
ATTENDEE = "attendee"
SYSTEM = "system"


INSERT = (
    "INSERT INTO audit_entry (id, organiser_id, actor, action, subject_id, changes, at)"
    " VALUES (:id, :organiser, :actor, :action, :subject, :changes, :now)"
)


@dataclass(frozen=True)
class Entry:
    """A deed as `record` notes it."""

    organiser_id: UUID
    action: str
    subject_id: UUID
    actor: str
    at: datetime
    changes: Mapping[str, object]

    def values(self) -> dict[str, object]:
        return {
            "id": uuid7(),
            "organiser": self.organiser_id,
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject_id,
            "changes": dict(self.changes),
            "now": self.at,
        }


async def record(
    organiser_id: UUID,
    action: str,
    subject_id: UUID,
    *,
    actor: str,
    now: datetime,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Note a deed in its own unit of work; one INSERT.

    `action` is "noun.verb". `changes` maps a field to [before, after] and holds
    no name and no address: persons appear as ids.
    """
    entry = Entry(organiser_id, action, subject_id, actor, now, changes or {})
    await changed(INSERT, **entry.values())


async def record_each(entries: Sequence[Entry]) -> None:
    """Note many deeds done in one unit of work; one round trip."""
    await changed_each(INSERT, [entry.values() for entry in entries])
