"""How long before the start something happens: as it is typed, and in words."""

from enum import StrEnum
from typing import Annotated

from pydantic_core import PydanticCustomError

from werkraum_foundation.language import gettext, ngettext
from werkraum_foundation.plain_numbers import whole_number
from werkraum_registration.reminder_times import DAY, HOUR

SHORTEST, LONGEST = 5, 90 * DAY


class Unit(StrEnum):
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"


MINUTES = {Unit.DAYS: DAY, Unit.HOURS: HOUR, Unit.MINUTES: 1}
Amount = Annotated[int, whole_number(1, LONGEST)]


def minutes_of(amount: int, unit: Unit) -> int:
    """Count the minutes; refuses what no letter needs."""
    minutes = amount * MINUTES[unit]
    if not SHORTEST <= minutes <= LONGEST:
        raise PydanticCustomError(
            "out_of_range",
            "Please choose a time from {shortest} minutes to {longest} days before.",
            {"shortest": SHORTEST, "longest": LONGEST // DAY, "field": "amount"},
        )
    return minutes


def _parted(minutes: int) -> tuple[int, Unit]:
    """Choose the largest unit that leaves no rest."""
    unit = next(it for it in Unit if minutes % MINUTES[it] == 0)
    return minutes // MINUTES[unit], unit


def typed_before(minutes: int) -> dict[str, str]:
    """Write it as it would be typed into the fields `amount` and `unit`."""
    amount, unit = _parted(minutes)
    return {"amount": str(amount), "unit": unit.value}


def before_words(minutes: int) -> str:
    amount, unit = _parted(minutes)
    if unit is Unit.DAYS:
        return ngettext("one day before", "%(number)s days before", amount)
    if unit is Unit.HOURS:
        return ngettext("one hour before", "%(number)s hours before", amount)
    return ngettext("one minute before", "%(number)s minutes before", amount)


def units() -> list[tuple[str, str]]:
    """Offer the units, for a field to choose from."""
    return [
        (Unit.DAYS.value, gettext("days")),
        (Unit.HOURS.value, gettext("hours")),
        (Unit.MINUTES.value, gettext("minutes")),
    ]
