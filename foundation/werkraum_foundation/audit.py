"""The audit: who did what to which row, and what it was before."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from werkraum_foundation.database import changed
from werkraum_foundation.identifiers import uuid7

# The two actors that no grant stands for.
ATTENDEE = "attendee"
SYSTEM = "system"


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
    await changed(
        "INSERT INTO audit_entry (id, organiser_id, actor, action, subject_id,"
        " changes, at) VALUES (:id, :organiser, :actor, :action, :subject,"
        " :changes, :now)",
        id=uuid7(),
        organiser=organiser_id,
        actor=actor,
        action=action,
        subject=subject_id,
        changes=dict(changes or {}),
        now=now,
    )
