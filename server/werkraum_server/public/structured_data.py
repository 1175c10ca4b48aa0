"""The event for search engines: schema.org as JSON-LD, a data block of the page."""

import json
from collections.abc import Sequence

from markupsafe import Markup

from werkraum_events.models import Event, Mode, Session, Status
from werkraum_foundation.language import pick
from werkraum_foundation.links import address_of
from werkraum_foundation.local_times import local

SCHEMA = "https://schema.org/"
ATTENDANCE = {
    (Mode.ONSITE,): "OfflineEventAttendanceMode",
    (Mode.ONLINE,): "OnlineEventAttendanceMode",
    (Mode.ONSITE, Mode.ONLINE): "MixedEventAttendanceMode",
}
# So that no text ends the script element or opens a comment in it.
IN_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

Thing = dict[str, object]


def event_script(event: Event, sessions: Sequence[Session], *, full: bool) -> Markup:
    """Write the JSON-LD of an event; `full` says that no seat is left."""
    data = {"@context": "https://schema.org", **event_data(event, sessions, full=full)}
    text = json.dumps(data, ensure_ascii=False).translate(IN_HTML)
    # Nothing in it can end the element: the three characters are escaped.
    return Markup(text)


def event_data(event: Event, sessions: Sequence[Session], *, full: bool) -> Thing:
    """Describe an event as schema.org/Event; the room's own address is not in it."""
    title, lang = pick(event.title)
    address = address_of("events:event", slug=event.slug)
    data: Thing = {
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": title,
        "inLanguage": lang,
        **_times(event, event.timezone),
        "eventStatus": SCHEMA + _status(event),
        "eventAttendanceMode": SCHEMA + ATTENDANCE[event.modes],
        "location": _locations(event, address),
        "isAccessibleForFree": True,
        "organizer": {"@type": "Organization", "name": event.organiser.name},
        "offers": _offer(event, address, full=full),
    }
    if summary := pick(event.summary)[0]:
        data["description"] = summary
    if event.previous_starts_at and event.status is Status.PUBLISHED:
        before = local(event.previous_starts_at, event.timezone)
        data["previousStartDate"] = before.isoformat()
    if sessions:
        data["subEvent"] = [_sub_event(session, event) for session in sessions]
    return data


def _times(thing: Event | Session, timezone: str) -> Thing:
    """With the offset of the place: a bare time would be that of the reader."""
    return {
        "startDate": local(thing.starts_at, timezone).isoformat(),
        "endDate": local(thing.ends_at, timezone).isoformat(),
    }


def _status(event: Event) -> str:
    if event.status is Status.CANCELLED:
        return "EventCancelled"
    return "EventRescheduled" if event.previous_starts_at else "EventScheduled"


def _locations(event: Event, address: str) -> list[Thing]:
    places: list[Thing] = []
    if event.onsite:
        place: Thing = {"@type": "Place", "name": event.place_name}
        places.append(place | _filled("address", event.place_address))
    if event.online:
        places.append({"@type": "VirtualLocation", "url": address})
    return places


def _offer(event: Event, address: str, *, full: bool) -> Thing:
    availability = "SoldOut" if full else "InStock"
    if event.status is Status.CANCELLED:
        availability = "Discontinued"
    return {
        "@type": "Offer",
        "price": 0,
        "priceCurrency": "EUR",
        "availability": SCHEMA + availability,
        "url": address,
    }


def _sub_event(session: Session, event: Event) -> Thing:
    title, _ = pick(session.title)
    return {
        "@type": "Event",
        "name": title,
        **_times(session, event.timezone),
        "eventStatus": SCHEMA + _status(event),
        "location": _locations(event, address_of("events:event", slug=event.slug)),
        **_filled("performer", [_performer(name) for name in session.speakers]),
    }


def _performer(name: str) -> Thing:
    return {"@type": "Person", "name": name}


def _filled(name: str, value: object) -> Thing:
    return {name: value} if value else {}
