"""Which tests stay together where pytest-xdist shares them out among processes.

Its own mark for that, `xdist_group`, does nothing with pytest 9.2 (pytest-xdist #1386).
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling


class Groups(LoadScopeScheduling):  # type: ignore[misc]  # has no types
    """Shares out whole groups of tests, the largest first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """Name the group of a test: elsewhere what differs by its parameters only."""
    file, _, rest = nodeid.partition("::")
    if file.startswith("tests/journeys/"):
        # One after the other: each keeps a core busy, with processes of its own.
        return "journeys"
    if file.startswith("tests/browser/"):
        # They share an office that is dear to furnish; for each display it is told
        # whether a title stands over two kinds of pages.
        _, _, display = rest.partition("[narrow")
        return f"{file} {'narrow' if display else ''}"
    return nodeid.partition("[")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    """Share the tests out by groups. Any: xdist's own log has no types."""
    return Groups(config, log)
