"""The calendar message inside a letter (RFC 6047)."""

from email.message import EmailMessage
from typing import Literal


def add_invitation(
    message: EmailMessage, ics: bytes, method: Literal["REQUEST", "CANCEL"]
) -> None:
    """Put the calendar message beside the words, and once more as a file.

    `message` has its text and HTML alternatives and policy.SMTP. Outlook looks for
    text/calendar in the first child only, Gmail among the alternatives; the copy
    called invite.ics is for people whose program knows neither. Raises ValueError
    where the method is not that of the file: programs would believe one or the other.
    """
    if ics.count(f"\r\nMETHOD:{method}\r\n".encode()) != 1:
        raise ValueError(f"the calendar message is no {method}")
    # As bytes: a str would lose its CRLF inside the base64.
    message.add_alternative(
        ics,
        maintype="text",
        subtype="calendar",
        cte="base64",
        params={"charset": "utf-8", "method": method, "component": "VEVENT"},
    )
    message.add_attachment(
        ics,
        maintype="application",
        subtype="ics",
        filename="invite.ics",
        params={"name": "invite.ics"},
    )
