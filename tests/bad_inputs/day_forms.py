"""The forms of the day, filled in well: a walk-in, and checking in oneself."""

from datetime import timedelta

from tests.bad_inputs.forms import Office, Sheet
from tests.bad_inputs.inputs import Kind
from tests.people import an_event
from tests.registration.hand_made import somebody

from werkraum_events.models import Event, Mode
from werkraum_foundation import clock
from werkraum_registration import links
from werkraum_registration.models import Registration
from werkraum_registration.self_check_in import hall_code

SLUG = "today"


async def event_of_today(office: Office) -> Office:
    """Add an event that has begun, and somebody with a seat in its hall."""
    begun = clock.now() - timedelta(minutes=5)
    event = await an_event(
        office.organiser,
        slug=SLUG,
        starts_at=begun,
        ends_at=begun + timedelta(hours=2),
        self_check_in=True,
    )
    await somebody(event, "Anna Hier", Mode.ONSITE)
    return office


async def day_forms() -> list[Sheet]:
    event = await Event.get(slug=SLUG)
    guest = await Registration.get(event=event)
    code = hall_code(event.id, 1)
    return [
        Sheet(
            "walk-in",
            f"/desk/events/{event.id}/check-in/walk-in",
            {
                "name": "Wanda <Walk>",
                "organisation": "Verein & Stadt",
                "email": "wanda@attendee.example",
                "mode": "onsite",
                "key": "k" * 22,
            },
            {
                "name": Kind.LINE,
                "organisation": Kind.LINE,
                "email": Kind.ADDRESS,
                "mode": Kind.CHOICE,
            },
            required=frozenset({"name", "key"}),
            hidden=frozenset({"key"}),
        ),
        Sheet(
            "check in oneself",
            f"/{{lang}}/events/{event.slug}/here",
            {"email": guest.email, "code": code},
            {"email": Kind.ADDRESS, "code": Kind.LINE},
            required=frozenset({"email", "code"}),
        ),
        Sheet(
            "check in oneself, by link",
            f"/{{lang}}/my/{links.personal_token(guest)}/here",
            {"code": code},
            {"code": Kind.LINE},
            required=frozenset({"code"}),
        ),
    ]
