"""The letter an organiser wrote to many, as each of them gets it."""

from dataclasses import replace
from uuid import UUID

from werkraum_foundation import clock
from werkraum_foundation.language import DEFAULT, SOURCE
from werkraum_foundation.letters import deliver, message_id
from werkraum_foundation.outbox import job
from werkraum_registration.audiences import WRITABLE
from werkraum_registration.group_sending import copy_to_send, note_sent
from werkraum_registration.models import GroupLetter, Registration
from werkraum_server.letters.organisers_words import (
    filled,
    filled_subject,
    greets_by_name,
)
from werkraum_server.letters.recipients import (
    Links,
    letter_to,
    links_of,
    recipient,
)


@job("letter:group")
async def send_copy(letter_id: str, registration_id: str) -> None:
    """Send somebody their copy, once, under the same name at every try."""
    letter = await copy_to_send(UUID(letter_id), UUID(registration_id), now=clock.now())
    to = await recipient(registration_id, *WRITABLE)
    if letter is None or to is None:
        return
    words = words_for(letter, to, links_of(to))
    written = letter_to(to, "group_letter", **words)
    name = message_id(f"{letter.id}.{to.id}")
    await deliver(replace(written, message_id=name))
    await note_sent(letter.id, to.id, now=clock.now())


def words_for(letter: GroupLetter, to: Registration, links: Links) -> dict[str, object]:
    """Fill the letter in for somebody, in their language or another it has."""
    language = language_of(letter, to.language)
    body = letter.body[language]
    return {
        "subject": filled_subject(letter.subject[language], to),
        "body": filled(body, to, links),
        # Two greetings in a row would be one too many.
        "greets": int(greets_by_name(body)),
    }


def language_of(letter: GroupLetter, wanted: str) -> str:
    """Choose one language for subject and body."""
    there = [code for code in letter.subject if letter.body.get(code)]
    return next(code for code in (wanted, DEFAULT, SOURCE, *there) if code in there)
