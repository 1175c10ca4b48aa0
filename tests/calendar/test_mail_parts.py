from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

import pytest

from werkraum_calendar import icalendar_text
from werkraum_calendar.items import Item
from werkraum_calendar.mail_parts import add_invitation
from werkraum_foundation.mailboxes import Mailbox

Method = Literal["REQUEST", "CANCEL"]


@pytest.fixture
def letter() -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Werkstattgespräch"
    message["From"] = "Netzwerkbüro <rsvp+token@events.example>"
    message["To"] = "Anna Arendt <anna@attendees.example>"
    message.set_content("Guten Tag, wir freuen uns auf Sie.\n")
    message.add_alternative("<p>Guten Tag</p>\n", subtype="html")
    return message


def calendar_message(talk: Item, olga: Mailbox, anna: Mailbox, method: Method) -> bytes:
    if method == "REQUEST":
        return icalendar_text.invitation(talk, organizer=olga, attendee=anna)
    return icalendar_text.cancellation(
        talk, organizer=olga, attendee=anna, event_is_off=True
    )


def over_the_wire(message: EmailMessage) -> EmailMessage:
    return message_from_bytes(message.as_bytes(), policy=SMTP)


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_structure_is_what_every_program_finds(
    letter: EmailMessage, talk: Item, olga: Mailbox, anna: Mailbox, method: Method
) -> None:
    add_invitation(letter, calendar_message(talk, olga, anna, method), method)

    received = over_the_wire(letter)

    assert [part.get_content_type() for part in received.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    part = [*received.walk()][4]
    assert dict(part["Content-Type"].params) == {
        "charset": "utf-8",
        "method": method,
        "component": "VEVENT",
    }
    assert part["Content-Transfer-Encoding"] == "base64"
    assert part["Content-Disposition"] is None


def test_both_copies_keep_every_octet(
    letter: EmailMessage, talk: Item, olga: Mailbox, anna: Mailbox
) -> None:
    ics = calendar_message(talk, olga, anna, "REQUEST")
    add_invitation(letter, ics, "REQUEST")

    *_, inline, attached = over_the_wire(letter).walk()

    assert inline.get_payload(decode=True) == ics
    assert attached.get_payload(decode=True) == ics
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content_disposition() == "attachment"
    assert attached["Content-Type"].params["name"] == "invite.ics"


def test_the_words_stay_as_they_were(
    letter: EmailMessage, talk: Item, olga: Mailbox, anna: Mailbox
) -> None:
    add_invitation(letter, calendar_message(talk, olga, anna, "REQUEST"), "REQUEST")

    received = over_the_wire(letter)

    plain, html = received.get_body(("plain",)), received.get_body(("html",))
    assert plain and "freuen uns auf Sie" in plain.get_content()
    assert html and "<p>Guten Tag</p>" in html.get_content()
    assert received["Subject"] == "Werkstattgespräch"
    assert received["From"].addresses[0].addr_spec == olga.address


def test_the_part_and_the_file_name_one_method(
    letter: EmailMessage, talk: Item, olga: Mailbox, anna: Mailbox
) -> None:
    ics = calendar_message(talk, olga, anna, "CANCEL")

    with pytest.raises(ValueError, match="no REQUEST"):
        add_invitation(letter, ics, "REQUEST")
