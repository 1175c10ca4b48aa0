"""The letter about a registration once more: asked for on its page, or at the desk."""

from datetime import datetime

from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.outbox import enqueue
from werkraum_registration.models import ENDED, Registration, State
from werkraum_registration.rules import RegistrationEnded, must_be_running
from werkraum_registration.submissions import announce_again


@unit_of_work
async def send_link(registration: Registration) -> None:
    """Have the letter sent again that fits the state; raises `RegistrationEnded`."""
    if registration.state in ENDED:
        raise RegistrationEnded
    await announce_again(registration.event, registration.id, registration.state)


@unit_of_work
async def send_anew(registration: Registration, *, actor: str, now: datetime) -> None:
    """Have somebody told once more how things stand, with all that belongs to it.

    Who has not confirmed yet is asked to once more. Raises `RegistrationEnded`, and
    as `must_be_running` does.
    """
    event = registration.event
    must_be_running(event, now=now)
    if registration.state in ENDED:
        raise RegistrationEnded
    if registration.state is State.UNCONFIRMED:
        await announce_again(event, registration.id, registration.state)
    else:
        await enqueue(
            "letter:again",
            {"registration_id": str(registration.id)},
            dedupe=f"letter:again:{registration.id}",
            organiser_id=event.organiser_id,
        )
    await audit.record(
        event.organiser_id,
        "registration.send_again",
        registration.id,
        actor=actor,
        now=now,
    )
