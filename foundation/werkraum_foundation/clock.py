"""The one place that asks what time it is; rules and deeds get it as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """Tell the moment, aware and in UTC."""
    return datetime.now(UTC)


def milliseconds(moment: datetime) -> int:
    """Count milliseconds since the epoch; jobs are due by this number."""
    return int(moment.timestamp() * 1000)
