"""What libical (the reader of Evolution and KOrganizer) understands of calendar files.

Run by the system's own Python, which has the binding. In: an object of files by name,
as JSON. Out: what each says, as JSON; `complaints` counts what libical found wrong.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402

Kind = ICalGLib.PropertyKind
# Any: the binding has no types.


def each(component: Any, kind: Any) -> Iterator[Any]:
    found = component.get_first_property(kind)
    while found is not None:
        yield found
        found = component.get_next_property(kind)


def moment(event: Any, kind: Any) -> int:
    found = event.get_first_property(kind).get_datetime_with_component(event)
    return int(found.as_timet_with_zone(found.get_timezone()))


def text(component: Any, kind: Any) -> str | None:
    found = component.get_first_property(kind)
    return found.get_value().get_text() if found else None


def person(found: Any) -> tuple[str, str]:
    value = found.get_value_as_string()
    parameter = found.get_first_parameter(ICalGLib.ParameterKind.CN_PARAMETER)
    return (parameter.get_cn() if parameter else ""), value


def status(event: Any) -> str | None:
    found = event.get_first_property(Kind.STATUS_PROPERTY)
    return found.get_value_as_string() if found else None


def entry(event: Any) -> dict[str, Any]:
    organizer = event.get_first_property(Kind.ORGANIZER_PROPERTY)
    categories = each(event, Kind.CATEGORIES_PROPERTY)
    return {
        "uid": event.get_uid(),
        "starts_at": moment(event, Kind.DTSTART_PROPERTY),
        "ends_at": moment(event, Kind.DTEND_PROPERTY),
        "title": event.get_summary(),
        "status": status(event),
        "description": text(event, Kind.DESCRIPTION_PROPERTY),
        "place": text(event, Kind.LOCATION_PROPERTY),
        "categories": [it.get_categories() for it in categories],
        "organizer": person(organizer) if organizer else None,
        "attendees": [person(it) for it in each(event, Kind.ATTENDEE_PROPERTY)],
    }


def file(written: str) -> dict[str, Any]:
    calendar = ICalGLib.Component.new_from_string(written)
    method = calendar.get_first_property(Kind.METHOD_PROPERTY)
    entries = []
    event = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    while event is not None:
        entries.append(entry(event))
        event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    # RFC 5546's tables: what must and must not be there under each METHOD.
    calendar.check_restrictions()
    return {
        "method": method.get_value_as_string() if method else None,
        "complaints": calendar.count_errors(),
        "entries": entries,
    }


files = json.load(sys.stdin)
json.dump({name: file(written) for name, written in files.items()}, sys.stdout)
