"""Every "no" about a personal invitation."""

from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused


class InvitationWithdrawn(Refused):
    status = 410
    code = "invitation_withdrawn"

    def message(self) -> str:
        return gettext("The organiser has withdrawn this invitation.")


class InvitationAccepted(Refused):
    """Somebody who is registered declines on the page of the registration."""

    code = "invitation_accepted"

    def message(self) -> str:
        return gettext(
            "This invitation has been accepted. Whoever cannot come "
            "cancels the registration instead."
        )
