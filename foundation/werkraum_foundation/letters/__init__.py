"""Letters: the mail we send, one cause each, with words whose writer is known.

    letter = compose(
        "registration/letters/confirmed",
        to=Mailbox(person.email, person.name),
        language="de",
        organiser=letterhead_of(event.organiser),
        context={"title": OrganiserText(title), "name": TypedText(person.name)},
    )
    await deliver(letter)

Inside an outbox job, whose id becomes the Message-ID. What else a letter may carry
is put on with `dataclasses.replace`: `sender`, `reply_to`, `references`, `finish`.
"""

from werkraum_foundation.letters.composing import compose
from werkraum_foundation.letters.delivery import deliver
from werkraum_foundation.letters.letter import Letter, as_message, message_id
from werkraum_foundation.letters.letterhead import Letterhead, letterhead_of
from werkraum_foundation.letters.wording import (
    GivenAddress,
    Link,
    OrganiserText,
    TypedText,
    ZoneName,
)
from werkraum_foundation.mailboxes import Mailbox

__all__ = [
    "GivenAddress",
    "Letter",
    "Letterhead",
    "Link",
    "Mailbox",
    "OrganiserText",
    "TypedText",
    "ZoneName",
    "as_message",
    "compose",
    "deliver",
    "letterhead_of",
    "message_id",
]
