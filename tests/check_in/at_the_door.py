"""People who come to an event, and how that is said."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from werkraum_registration.attendance import Coming
from werkraum_registration.models import Presence

MINUTE = timedelta(minutes=1)


def comes(
    at: datetime,
    source: Presence = Presence.DESK,
    key: str = "",
    **changes: Any,  # Any: as Coming takes them
) -> Coming:
    """Say that somebody came, under a key of its own unless one is given."""
    return Coming(source, key or uuid4().hex, at, **changes)
