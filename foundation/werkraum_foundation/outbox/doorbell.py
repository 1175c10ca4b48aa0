"""Telling whoever drains the table that there is something new in it."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID


class Doorbell(Protocol):
    """Rung after a commit. It may fail silently: the table is looked at anyway."""

    def ring(self, jobs: Sequence[UUID]) -> None: ...


class Silence:
    def ring(self, jobs: Sequence[UUID]) -> None:
        """Nobody drains here: a command, or a worker found by its sweep."""


_doorbell: Doorbell = Silence()


def install_doorbell(doorbell: Doorbell) -> None:
    """Choose what this process rings; once, at its start."""
    global _doorbell
    _doorbell = doorbell


def ring(jobs: Sequence[UUID]) -> None:
    _doorbell.ring(jobs)
