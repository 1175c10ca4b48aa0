"""What a mail from outside says, read in a process of its own."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calendar.reply_samples import (
    STAMP,
    WRITERS,
    Sample,
    Writer,
    bounced,
    outlook,
    thunderbird,
)

from werkraum_calendar.mail_reading import (
    AutomaticAnswer,
    ReadingTakesLong,
    read_apart,
    read_mail,
)
from werkraum_calendar.reply_text import Answering, Said
from werkraum_foundation.delivery_reports import DeliveryReport
from werkraum_foundation.mime_parts import MailUnreadable

ADDRESS = "rsvp+0123@example.org"
PLAIN = Sample(ADDRESS, "0199aa10-7c1e", sequence=3, comment="Gerne")


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
async def test_an_answer_is_read_as_each_calendar_writes_it(writer: Writer) -> None:
    said = await read_apart(writer(PLAIN))

    assert isinstance(said, Said)
    assert (said.method, said.uid) == (Answering.REPLY, "0199aa10-7c1e")
    assert (said.attendee, said.partstat) == ("anna@example.org", "ACCEPTED")
    assert (said.sequence, said.delegated, said.of_one_date) == (3, False, False)
    assert said.stamp == datetime(2027, 3, 2, 8, tzinfo=UTC)
    assert said.starts_at == datetime(2027, 4, 1, 12, tzinfo=UTC)


def test_a_missing_sequence_is_the_first() -> None:
    said = read_mail(thunderbird(Sample(ADDRESS, "uid")))
    assert isinstance(said, Said)
    assert said.sequence == 0


def test_a_comment_becomes_one_line() -> None:
    said = read_mail(outlook(Sample(ADDRESS, "uid", comment="Bin\\n krank\\, leider")))
    assert isinstance(said, Said)
    assert said.comment == "Bin krank, leider"


# B63 of facts/bad-inputs.md: PostgreSQL takes no NUL, no page can show the others.
@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x7f", "\x9b", "\x1b", "\u202e"])
def test_a_comment_keeps_no_sign_that_cannot_be_shown(sign: str) -> None:
    said = read_mail(outlook(Sample(ADDRESS, "uid", comment=f"Bin {sign}krank")))
    assert isinstance(said, Said)
    assert said.comment == "Bin krank"


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x7f", "\x9b"])
def test_the_name_of_a_letter_keeps_no_sign_that_cannot_be_shown(sign: str) -> None:
    report = read_mail(bounced(ADDRESS, message_id=f"<a-{sign}letter@example.org>"))
    assert isinstance(report, DeliveryReport)
    assert not set(report.message_id) & {*map(chr, range(32)), "\x7f", "\x9b"}


@pytest.mark.parametrize(
    "when",
    [
        ":99991231T235959Z",
        ":00010101T000000Z",
        ";TZID=Europe/Berlin:00010101T000000",
        ";TZID=America/New_York:99991231T235959",
        ":19991231T235959Z",
        ":21010101T000000Z",
    ],
)
def test_a_time_in_another_century_is_none(when: str) -> None:
    said = read_mail(calendar_mail(*entry(f"DTSTART{when}"), method="COUNTER"))
    assert isinstance(said, Said)
    assert said.starts_at is None


def entry(*lines: str, without: str = "") -> list[str]:
    there = [
        "BEGIN:VEVENT",
        "UID:1",
        f"DTSTAMP:{STAMP}",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.org",
        *lines,
        "END:VEVENT",
    ]
    return [it for it in there if not without or not it.startswith(without)]


def calendar_mail(*lines: str, method: str = "REPLY", headers: str = "") -> bytes:
    ics = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"METHOD:{method}",
        *lines,
        "END:VCALENDAR",
    ]
    text = "\r\n".join(ics)
    return (
        f"From: a@example.org\r\nTo: {ADDRESS}\r\n{headers}"
        f"Content-Type: text/calendar; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


# B63 of facts/bad-inputs.md, and the like.
ANNA = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.org"
UNREADABLE: Mapping[str, bytes] = {
    "nothing": b"",
    "10 MB": b"From: a@example.org\r\n\r\n" + b"x" * 10_000_000,
    "5,000 levels of components": calendar_mail(
        *["BEGIN:VEVENT"] * 5_000, *["END:VEVENT"] * 5_000
    ),
    "5,000 levels of parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(5_000)
    ),
    "100 entries of one UID": calendar_mail(*entry() * 100),
    "two entries": calendar_mail(*entry() * 2),
    "no entry": calendar_mail(),
    "no UID": calendar_mail(*entry(without="UID")),
    "no moment": calendar_mail(*entry(without="DTSTAMP")),
    "a moment that is none": calendar_mail(*entry("DTSTAMP:x", without="DTSTAMP:2")),
    "no attendee": calendar_mail(*entry(without="ATTENDEE")),
    "two attendees": calendar_mail(*entry(ANNA)),
    "an attendee by telephone": calendar_mail(
        *entry("ATTENDEE:tel:+49123", without="ATTENDEE;")
    ),
    "a negative number": calendar_mail(*entry("SEQUENCE:-1")),
    "a huge number": calendar_mail(*entry(f"SEQUENCE:{2**70}")),
    "a number in words": calendar_mail(*entry("SEQUENCE:one")),
    "a cancellation": calendar_mail(*entry(), method="CANCEL"),
    "an invitation": calendar_mail(*entry(), method="REQUEST"),
    "another word": calendar_mail(*entry(), method="ADD"),
    "half a calendar": calendar_mail(*entry()[:-1]),
    "no calendar": b"From: a@example.org\r\n\r\nKomme gern!\r\n",
    "winmail.dat": b"Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22",
    "an answer that was forwarded": b"Content-Type: message/rfc822\r\n\r\n"
    + calendar_mail(*entry()),
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE)
async def test_what_is_no_answer_is_refused(raw: bytes) -> None:
    with pytest.raises(MailUnreadable):
        await read_apart(raw)


# What is dangerous only for whoever expands or follows it.
HARMLESS = {
    # B59: no rule is ever expanded.
    "repeats for ever": "RRULE:FREQ=SECONDLY;COUNT=2147483647",
    "repeats on a day that never comes": (
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2"
    ),
    "ends before it begins": "RRULE:FREQ=DAILY;UNTIL=19700101T000000Z",
    "10,000 exceptions": "EXDATE:" + ",".join(["20270401T120000Z"] * 10_000),
    "a rule with a fold in its word": "RRULE:FREQ=SEC\r\n ONDLY;COUNT=1000000",
    "reminds for ever": "X-REPEAT:2147483647",
    "a zone that is a path": "DTSTART;TZID=../../etc/passwd:20270401T140000",
    "a zone nobody wrote down": "DTSTART;TZID=Nowhere/Else:20270401T140000",
    "an attachment": "ATTACH:file:secrets.txt",
    "a file of megabytes": "X-FILE:" + "A" * 500_000,
}


@pytest.mark.parametrize("line", HARMLESS.values(), ids=HARMLESS)
async def test_what_is_not_looked_at_does_no_harm(line: str) -> None:
    said = await read_apart(calendar_mail(*entry(line)))
    assert isinstance(said, Said)
    assert (said.uid, said.starts_at) == ("1", None)


OUT_OF_OFFICE = (
    b"From: a@example.org\r\nSubject: Abwesend\r\n%s\r\n\r\nBin im Urlaub.\r\n"
)
MACHINES = {
    "out of office": OUT_OF_OFFICE % b"Auto-Submitted: auto-replied",
    "out of office (vacation)": OUT_OF_OFFICE % b"Auto-Submitted: auto-generated",
    "a list": OUT_OF_OFFICE % b"Precedence: bulk",
    "an answer while away": calendar_mail(
        *entry(), headers="Auto-Submitted: auto-replied (vacation)\r\n"
    ),
    "was delivered": bounced(ADDRESS, action="delivered", status="2.0.0"),
    "was relayed": bounced(ADDRESS, action="relayed", status="2.0.0"),
}


@pytest.mark.parametrize("raw", MACHINES.values(), ids=MACHINES)
async def test_an_answering_machine_says_nothing(raw: bytes) -> None:
    with pytest.raises(AutomaticAnswer):
        await read_apart(raw)


@pytest.mark.parametrize(
    ("action", "status", "read"),
    [
        ("failed", "5.1.1", "5.1.1"),
        ("failed", "5.2.2 (mailbox full)", "5.2.2"),
        ("failed", "4.4.7", "4.4.7"),
        ("delayed", "4.4.1", "4.4.1"),
        ("delayed", "5.4.1", "4.4.1"),
        ("Failed", "unknown", "5.0.0"),
    ],
)
async def test_a_report_tells_whether_it_is_for_good(
    action: str, status: str, read: str
) -> None:
    report = await read_apart(bounced(ADDRESS, action=action, status=status))
    assert report == DeliveryReport(read, "<a-letter@example.org>")
    assert report.is_final is read.startswith("5")


async def test_a_report_without_codes_of_a_failure_is_no_report() -> None:
    raw = bounced(ADDRESS).replace(b"message/delivery-status", b"text/plain")
    with pytest.raises(AutomaticAnswer):
        await read_apart(raw)


async def test_a_machine_without_time_is_no_fault_of_the_mail() -> None:
    with pytest.raises(ReadingTakesLong):
        await read_apart(outlook(PLAIN), patience=0)


async def test_many_mails_at_once_are_all_read() -> None:
    many = await asyncio.gather(*(read_apart(outlook(PLAIN)) for _ in range(5)))
    assert many == [read_mail(outlook(PLAIN))] * 5


@given(st.binary(max_size=2_000))
def test_no_bytes_break_the_reading(raw: bytes) -> None:
    try:
        read_mail(raw)
    except (MailUnreadable, AutomaticAnswer):
        pass


VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40)
NAMES = st.sampled_from(
    [
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "DTSTART",
        "DTEND;TZID=Europe/Berlin",
        "ATTENDEE;PARTSTAT=DECLINED",
        "ATTENDEE",
        "RECURRENCE-ID",
        "COMMENT",
        "RRULE",
        "BEGIN",
        "END",
        "METHOD",
        "X-A;B",
    ]
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=12))
def test_no_lines_break_the_reading(lines: list[tuple[str, str]]) -> None:
    raw = calendar_mail(*entry(*(f"{name}:{value}" for name, value in lines)))
    try:
        read_mail(raw)
    except (MailUnreadable, AutomaticAnswer):
        pass
