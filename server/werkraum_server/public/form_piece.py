"""What the form to register shows, on the event's page and wherever else it stands."""

from collections.abc import Sequence
from typing import Any

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_registration import forms, organisation_queries
from werkraum_registration.consent_wishes import as_shown
from werkraum_registration.entry import why_no_form
from werkraum_registration.event_forms import (
    EventForm,
    form_of,
    parallel,
    seats_left,
)
from werkraum_registration.forms import NewForm
from werkraum_registration.queries import Seats, seats_of

# Any: what the templates name.
Context = dict[str, Any]


async def form_piece(event: Event, form: NewForm | None = None) -> Context:
    """Gather what `registration/_form.html` needs besides the event.

    Two queries where the event asks what every event asks; see `form_context`.
    """
    seats = await seats_of(event.id)
    form = form or forms.empty_form(event, seats)
    token = forms.token_for(event, form, now=clock.now())
    return await form_context(event, await form_of(event), seats, form, token)


async def form_context(
    event: Event,
    asked: EventForm,
    seats: Sequence[Seats],
    form: NewForm,
    form_token: str,
) -> Context:
    """Name everything; a query for suggestions and for seats, where they are asked."""
    choosable = asked.sessions
    suggests = asked.organisation_question is not None
    return {
        "form": form,
        "form_token": form_token,
        "closed": why_no_form(event, now=clock.now()),
        "seats": seats,
        "questions": asked.asked,
        "consents": [as_shown(wish) for wish in asked.consents],
        "choosable": parallel(choosable),
        "session_seats": await seats_left(event.id) if choosable else {},
        "suggested": await organisation_queries.suggested(event.organiser_id)
        if suggests
        else (),
    }
