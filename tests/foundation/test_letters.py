"""Composing letters, and the messages that travel."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from tests.letter_reader import must_say_the_same

from werkraum_foundation.letters import (
    Letter,
    Letterhead,
    Mailbox,
    OrganiserText,
    TypedText,
    as_message,
    compose,
    message_id,
)
from werkraum_foundation.letters.plain_part import laid_out

JOB = "0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11"
LONG = f"<{JOB}@veranstaltungen.staedtepartnerschaften.nordrhein-westfalen.example>"


def read(message: EmailMessage) -> EmailMessage:
    """Read what travelled, as a mail program does."""
    found = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_text_and_html_say_the_same(letter: Letter) -> None:
    must_say_the_same(letter.text, letter.html)


def test_the_text_names_the_hour_of_the_place_and_ends_with_the_office(
    letter: Letter,
) -> None:
    assert "Wann: Donnerstag, 1. Juli 2027, 14:00 Uhr\n" in letter.text
    words, _, foot = letter.text.partition("\n\n-- \nNetzwerkbüro\n")
    assert "Meine Anmeldung:\nhttp" in words
    assert foot.startswith("office@network.example\n")
    for page in ("imprint", "privacy", "accessibility"):
        assert f"/de/{page}\n" in foot and f'/de/{page}"' in letter.html


def test_a_letter_comes_from_the_office_and_answers_go_there(letter: Letter) -> None:
    assert letter.sender == Mailbox("werkraum@werkraum.example", "Netzwerkbüro")
    assert letter.reply_to == Mailbox("office@network.example", "Netzwerkbüro")


def test_answers_go_to_the_sender_where_the_contact_is_no_address(
    office: Letterhead,
) -> None:
    assert replace(office, contact=OrganiserText("0211 123")).mailbox() is None


def test_what_somebody_typed_is_escaped_and_never_a_link(
    letter: Letter, office: Letterhead, words: dict[str, object]
) -> None:
    typed = TypedText('<a href="https://evil.example">\r\nBcc: otto@x.example')

    made = compose(
        "try_out/confirmed",
        to=letter.to,
        language="de",
        organiser=office,
        context=words | {"name": typed},
    )

    assert "evil.example" not in made.subject + made.text + made.html
    assert "&lt;a href=&#34;https: //evil. example&#34;&gt; Bcc: otto@x. e" in made.html
    assert read(as_message(made)).keys() == read(as_message(letter)).keys()


def test_a_first_letter_with_a_typed_name_is_not_composed(
    try_out: None, anna: Mailbox, office: Letterhead, words: dict[str, object]
) -> None:
    with pytest.raises(TypeError, match="name: a first letter"):
        compose(
            "try_out/confirmed",
            to=anna,
            language="de",
            organiser=office,
            context=words,
            first_contact=True,
        )


def test_a_first_letter_goes_to_the_bare_address(
    letter: Letter, office: Letterhead, words: dict[str, object]
) -> None:
    made = compose(
        "try_out/confirmed",
        to=letter.to,
        language="de",
        organiser=office,
        context=words | {"name": OrganiserText("Sie")},
        first_contact=True,
    )
    assert "Anna" not in as_message(made).as_string()


async def test_a_letter_is_composed_inside_a_job_only(
    try_out: None, anna: Mailbox, office: Letterhead, words: dict[str, object]
) -> None:
    with pytest.raises(LookupError):
        compose(
            "try_out/confirmed", to=anna, language="de", organiser=office, context=words
        )


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Forum\r\nBcc: otto@x.example", "Forum Bcc: otto@x.example: Anna"),
        ("Forum\u2028\x00\x1bJugend", "Forum Jugend: Anna"),
        ("Städte  und\tBrücken", "Städte und Brücken: Anna"),
    ],
    ids=ascii,
)
async def test_a_subject_is_one_line(
    letter: Letter,
    office: Letterhead,
    words: dict[str, object],
    title: str,
    subject: str,
) -> None:
    made = compose(
        "try_out/confirmed",
        to=letter.to,
        language="de",
        organiser=office,
        context=words | {"title": OrganiserText(title)},
    )

    message = read(as_message(made))

    assert message["Subject"].startswith(subject)
    assert message["Bcc"] is None


async def test_a_subject_has_at_most_150_characters(
    letter: Letter, office: Letterhead, words: dict[str, object]
) -> None:
    made = compose(
        "try_out/confirmed",
        to=letter.to,
        language="de",
        organiser=office,
        context=words | {"title": OrganiserText("ä" * 300)},
    )
    assert read(as_message(made))["Subject"] == "ä" * 149 + "…"


def test_the_message_is_for_one_and_says_that_nobody_wrote_it(letter: Letter) -> None:
    message = read(as_message(letter))

    assert message.get_all("To") == ["Anna Arendt <anna@attendees.example>"]
    assert message["Message-ID"] == f"<{JOB}@werkraum.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None
    assert message.get_content_type() == "multipart/alternative"
    assert body(message, "plain") == letter.text
    assert body(message, "html") == f"{letter.html}\n"


def test_the_message_has_seven_bits_and_whole_lines(letter: Letter) -> None:
    data = as_message(letter).as_bytes()

    assert data.isascii()
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_long_ids_of_earlier_letters_stay_readable(letter: Letter) -> None:
    data = as_message(replace(letter, references=("<first@x>", LONG))).as_bytes()

    assert f"\r\nIn-Reply-To: {LONG}\r\n".encode() in data
    assert f"\r\nReferences: <first@x>\r\n {LONG}\r\n".encode() in data


def test_a_long_name_of_a_letter_stands_beside_its_header(letter: Letter) -> None:
    data = as_message(replace(letter, message_id=LONG)).as_bytes()

    assert f"\r\nMessage-ID: {LONG}\r\n".encode() in data


def test_another_part_may_finish_the_message(letter: Letter) -> None:
    def finish(message: EmailMessage) -> None:
        message.add_alternative(
            b"BEGIN:VCALENDAR\r\n", maintype="text", subtype="calendar", cte="base64"
        )

    message = read(as_message(replace(letter, finish=finish)))

    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]


def test_nothing_of_a_letter_is_in_what_logs_show(letter: Letter) -> None:
    shown = repr(letter)
    assert JOB in shown
    assert not any(word in shown for word in ("Anna", "anna@", "Forum", "/my/abc"))


async def test_a_message_id_is_the_job_s() -> None:
    assert message_id(JOB) == f"<{JOB}@werkraum.example>"


def test_text_is_broken_between_words_and_links_stay_whole() -> None:
    link = "http://127.0.0.1:8000/" + "x" * 80

    assert laid_out(
        f"\n\n{'wort ' * 20}\n\n\n\n- {'wort ' * 16}\n{link}\n-- \nB\n"
    ) == (
        f"{'wort ' * 13}wort\n{'wort ' * 5}wort\n\n"
        f"- {'wort ' * 13}wort\n  wort wort\n{link}\n-- \nB\n"
    )
