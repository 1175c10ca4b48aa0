"""The endpoints of the API."""

from werkraum_foundation.access import DeclaredRoute, Endpoint, route
from werkraum_foundation.entrances import PROGRAM
from werkraum_server.api import events, registrations


def endpoint(method: str, path: str, answer: Endpoint) -> DeclaredRoute:
    """Declare an endpoint under /api/v1, for programs with a key."""
    return route(
        f"/api/v1{path}",
        answer,
        access=PROGRAM,
        name=f"api:{answer.__name__}",
        methods=[method],
    )


routes = [
    endpoint("GET", "/events", events.list_events),
    endpoint("POST", "/events", events.create_event),
    endpoint("GET", "/events/{id}", events.show_event),
    endpoint("PATCH", "/events/{id}", events.change_event),
    endpoint("POST", "/events/{id}/publish", events.publish_event),
    endpoint("POST", "/events/{id}/cancel", events.cancel_event),
    endpoint("GET", "/events/{id}/registrations", registrations.list_registrations),
    endpoint("POST", "/events/{id}/registrations", registrations.create_registration),
    endpoint("POST", "/registrations/{id}/cancel", registrations.cancel_registration),
]
