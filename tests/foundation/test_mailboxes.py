"""One mailbox is one address in every header."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkraum_foundation.mailboxes import Mailbox

NASTY = st.text(st.sampled_from('ab.,;:<>()[]"\\@ äÖ李👩=?_-\r\n\t\x00\u2028\u202e'))


@pytest.mark.parametrize(
    "address",
    [
        "a@x.org\r\nBcc: b@x.org",
        "a@x.org\n",
        "a@x.org,b@x.org",
        "a@x.org;b@x.org",
        "a@x.org b@x.org",
        "a@x>\r\nRCPT TO:<b@x.org",
        "<a@x.org>",
        "Anna <a@x.org>",
        '"a b"@x.org',
        "a(b)@x.org",
        "a@[127.0.0.1]",
        "a@localhost",
        "ä@x.org",
        "a@x.org\u200b",
        "a..b@x.org",
        "a@-x.org",
        f"{'a' * 250}@x.org",
        "@x.org",
        "",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not one mail address") as refused:
        Mailbox(address)
    assert refused.value.__context__ is None  # it would name the address


def test_a_domain_with_other_letters_becomes_punycode() -> None:
    assert Mailbox("anna@straße.example").address == "anna@xn--strae-oqa.example"


@pytest.mark.parametrize(
    ("address", "mailto"),
    [
        ("anna@attendees.example", "mailto:anna@attendees.example"),
        ("rsvp+A_b-9@events.example", "mailto:rsvp+A_b-9@events.example"),
        ("o'neil@attendees.example", "mailto:o'neil@attendees.example"),
        ("50%&x?y#z@attendees.example", "mailto:50%25%26x%3Fy%23z@attendees.example"),
    ],
)
def test_an_address_becomes_a_uri(address: str, mailto: str) -> None:
    assert Mailbox(address).mailto == mailto


def test_the_person_is_not_in_what_logs_show() -> None:
    assert repr(Mailbox("anna@x.example", "Anna")) == "Mailbox()"


def test_a_long_name_is_cut() -> None:
    assert Mailbox("a@x.example", "ab " * 100).name == "ab " * 19 + "ab…"


@given(NASTY)
def test_no_name_makes_a_second_address(name: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["To"] = Mailbox("anna@x.example", name).header()
    message.set_content("")

    read = message_from_bytes(message.as_bytes(), policy=default)

    assert [box.addr_spec for box in read["To"].addresses] == ["anna@x.example"]
    assert set(read.keys()) == set(message.keys())


@pytest.mark.parametrize(
    "name", ["Arendt, Anna", "Müller, Anna", "Nguyễn", "محمد", "李", 'A "B" <b@x.org>']
)
def test_a_name_arrives_as_it_was_written(name: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["To"] = Mailbox("anna@x.example", name).header()

    read = message_from_bytes(message.as_bytes(), policy=default)

    assert read["To"].addresses[0].display_name == name
