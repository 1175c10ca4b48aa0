"""The letter with the personal link once more, for somebody who has the page open."""

from werkraum_foundation.database import unit_of_work
from werkraum_registration.models import ENDED, Registration
from werkraum_registration.rules import RegistrationEnded
from werkraum_registration.submissions import announce_again


@unit_of_work
async def send_link(registration: Registration) -> None:
    """Have the letter sent again that fits the state; raises `RegistrationEnded`."""
    if registration.state in ENDED:
        raise RegistrationEnded
    await announce_again(registration.event, registration.id, registration.state)
