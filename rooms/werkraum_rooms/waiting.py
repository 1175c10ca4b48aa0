"""How long until a moment, in words a person waits by."""

from datetime import timedelta
from math import ceil

from werkraum_foundation.language import gettext, ngettext

HOUR, DAY = 60, 24 * 60


def in_words(left: timedelta) -> str:
    """Say "in 3 days", "in 2 hours and 5 minutes"; a begun minute counts whole."""
    minutes = max(1, ceil(left / timedelta(minutes=1)))
    if minutes >= 2 * DAY:
        return ngettext("in %(number)s day", "in %(number)s days", minutes // DAY)
    if minutes < HOUR:
        return ngettext("in %(number)s minute", "in %(number)s minutes", minutes)
    return _hours(*divmod(minutes, HOUR))


def _hours(hours: int, minutes: int) -> str:
    said = ngettext("in %(number)s hour", "in %(number)s hours", hours)
    if not minutes:
        return said
    more = ngettext("%(number)s minute", "%(number)s minutes", minutes)
    return gettext("%(hours)s and %(minutes)s", hours=said, minutes=more)
