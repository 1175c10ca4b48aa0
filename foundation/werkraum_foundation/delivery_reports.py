"""What a mail server says of a letter it did not deliver (RFC 3464)."""

import re
from dataclasses import dataclass
from email.message import Message

from werkraum_foundation.mime_parts import content_of, header, inside_of, parts_of
from werkraum_foundation.plain_text import one_line

# Enhanced codes (RFC 3463 2): 4 for now, 5 for good.
STATUS = re.compile(r"([45])\.(\d{1,3})\.(\d{1,3})")
LONGEST_ID = 255


@dataclass(frozen=True)
class DeliveryReport:
    """A letter that did not arrive. `status` is a code such as 5.1.1.

    `message_id` names the letter, or is empty where the report does not say.
    """

    status: str
    message_id: str

    @property
    def is_final(self) -> bool:
        return self.status.startswith("5")


def read_report(message: "Message[str, str]") -> DeliveryReport | None:
    """Find the first failure or delay; None in what is no report of one.

    Raises `MailUnreadable`. Not looked at: who the report is about. Whoever forwards
    their mail has it fail at an address that we never wrote to; ours is in the address
    the report came to.
    """
    if message.get_content_type() != "multipart/report":
        return None
    status, message_id = "", ""
    for part in parts_of(message):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status = status or _status(part)
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            message_id = message_id or _message_id(part)
    return DeliveryReport(status, message_id) if status else None


def _status(part: "Message[str, str]") -> str:
    """Read the fields of each recipient, which stand in blocks (RFC 3464 2.1)."""
    for block in inside_of(part):
        action = header(block, "Action").casefold()
        code = STATUS.search(header(block, "Status"))
        if action in ("failed", "delayed"):
            # A delay is none for good, whatever its code says.
            first = "4" if action == "delayed" else code[1] if code else "5"
            return f"{first}.{code[2]}.{code[3]}" if code else f"{first}.0.0"
    return ""


def _message_id(part: "Message[str, str]") -> str:
    for mail in inside_of(part):
        return one_line(header(mail, "Message-ID"))[:LONGEST_ID]
    found = re.search(rb"(?im)^message-id:\s*(\S+)", content_of(part)[:20_000])
    return one_line(found[1].decode("ascii", "replace"))[:LONGEST_ID] if found else ""
