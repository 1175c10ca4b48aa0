"""Sending a letter: over the mail server, or into a folder while there is none."""

import asyncio

from werkraum_foundation.letters.folder import put_down
from werkraum_foundation.letters.letter import Letter, as_message
from werkraum_foundation.letters.mail_server import AddressRefused, hand_over
from werkraum_foundation.settings import settings


async def deliver(letter: Letter) -> None:
    """Send the letter, under the same Message-ID however often it is tried.

    Raises GivesUp where the server will never take it, and `MailServerRefused` or
    `MailServerUnreachable` where a later try may help.
    """
    await _hand_on(letter)
    if letter.note_sent:
        await letter.note_sent()


async def _hand_on(letter: Letter) -> None:
    message = as_message(letter).as_bytes()
    server = settings().smtp
    if server is None:
        folder = settings().data_dir / "letters"
        await asyncio.to_thread(put_down, folder, letter.message_id, message)
        return
    # Errors of delivery come back to the installation, whatever From says.
    back = letter.return_path or settings().mail_from
    try:
        await hand_over(server, back, letter.to, message)
    except AddressRefused as refused:
        if letter.note_refused:
            await letter.note_refused(letter.message_id, refused.code)
        raise
