"""Announcements: facts that one part tells the others, ids only.

A deed stores one outbox row per reaction in its own unit of work, so a failing
letter does not repeat a room. All reactions stand on one page of the server.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID

from werkraum_foundation.outbox.jobs import enqueue_each, job


class Announcement(Protocol):
    """A frozen dataclass whose fields are UUIDs or plain JSON values."""

    __dataclass_fields__: ClassVar[dict[str, Any]]  # Any: as dataclasses type it

    @property
    def organiser_id(self) -> UUID:
        """Whose desk shows a reaction that failed for good."""


F = TypeVar("F", bound=Announcement)
Reaction = Callable[[F], Awaitable[None]]

# Any: each type of fact has reactions that take that fact.
_reactions: dict[type[Any], list[str]] = {}


def on(kind: type[F]) -> Callable[[Reaction[F]], Reaction[F]]:
    """React to a fact; at least once, and harmless the second time."""

    def register(reaction: Reaction[F]) -> Reaction[F]:
        name = f"{kind.__name__}:{reaction.__name__}"

        @job(name)
        async def react(**args: str) -> None:
            await reaction(_read(kind, args))

        _reactions.setdefault(kind, []).append(name)
        return reaction

    return register


async def announce(*facts: Announcement) -> None:
    """Tell the others: a row per reaction in the current unit of work.

    Facts told together are of one organiser, and take one round trip.
    """
    wanted = [
        (name, _args(it)) for it in facts for name in _reactions.get(type(it), ())
    ]
    if wanted:
        await enqueue_each(wanted, organiser_id=facts[0].organiser_id)


def _args(fact: Announcement) -> dict[str, object]:
    return {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in asdict(fact).items()
    }


def _read(kind: type[F], args: dict[str, str]) -> F:
    fields = kind.__dataclass_fields__
    return kind(
        **{
            name: UUID(value) if fields[name].type is UUID else value
            for name, value in args.items()
        }
    )
