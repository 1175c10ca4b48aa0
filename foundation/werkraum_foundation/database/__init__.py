"""The database: two engines, one way to write, SQL that reads the same on both."""

# First: it changes how models are made.
from werkraum_foundation.database import model_comments as _model_comments  # noqa: F401
from werkraum_foundation.database.statements import (
    changed,
    changed_each,
    is_sqlite,
    moment,
    rows,
)
from werkraum_foundation.database.unit_of_work import (
    after_commit,
    commits,
    finish_running,
    inside,
    is_overload,
    note_change,
    unit_of_work,
)

__all__ = [
    "after_commit",
    "changed",
    "changed_each",
    "commits",
    "finish_running",
    "inside",
    "is_overload",
    "is_sqlite",
    "moment",
    "note_change",
    "rows",
    "unit_of_work",
]
