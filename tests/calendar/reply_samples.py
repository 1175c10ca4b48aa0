"""Answers as the calendars people use send them; names, hosts and ids are invented.

Each is written from what these programs document and from public reports of their
mail: the parts and their order, the header that tells them, the line that differs.
"""

import base64
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

# A moment no calendar would have sent on: well after our messages.
STAMP = "20270302T080000Z"


@dataclass(frozen=True)
class Sample:
    """What differs from one answer to the next."""

    rsvp: str
    uid: str
    sequence: int = 0
    partstat: str = "ACCEPTED"
    attendee: str = "anna@example.org"
    stamp: str = STAMP
    method: str = "REPLY"
    comment: str = ""


def _crlf(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n").replace("\n", "\r\n")


def _base64(ics: str) -> str:
    return base64.encodebytes(ics.encode()).decode().replace("\n", "\r\n")


def outlook(it: Sample) -> bytes:
    """Exchange: three alternatives, a Windows zone, MAILTO:, no ORGANIZER."""
    word = {"ACCEPTED": "Zugesagt", "DECLINED": "Abgelehnt"}.get(
        it.partstat, "Vielleicht"
    )
    ics = _crlf(
        f"""
        BEGIN:VCALENDAR
        METHOD:{it.method}
        PRODID:Microsoft Exchange Server 2010
        VERSION:2.0
        BEGIN:VTIMEZONE
        TZID:W. Europe Standard Time
        BEGIN:STANDARD
        DTSTART:16010101T030000
        TZOFFSETFROM:+0200
        TZOFFSETTO:+0100
        RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:16010101T020000
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0200
        RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
        END:DAYLIGHT
        END:VTIMEZONE
        BEGIN:VEVENT
        ATTENDEE;PARTSTAT={it.partstat};CN=Anna Arendt:MAILTO:{it.attendee}
        COMMENT;LANGUAGE=de-DE:{it.comment}\\n
        UID:{it.uid}
        SUMMARY;LANGUAGE=de-DE:{word}: Forum Jugend
        DTSTART;TZID=W. Europe Standard Time:20270401T140000
        DTEND;TZID=W. Europe Standard Time:20270401T160000
        CLASS:PUBLIC
        PRIORITY:5
        DTSTAMP:{it.stamp}
        TRANSP:OPAQUE
        STATUS:CONFIRMED
        SEQUENCE:{it.sequence}
        X-MICROSOFT-CDO-APPT-SEQUENCE:{it.sequence}
        X-MICROSOFT-CDO-OWNERAPPTID:0
        X-MICROSOFT-CDO-BUSYSTATUS:BUSY
        X-MICROSOFT-CDO-IMPORTANCE:1
        X-MICROSOFT-DISALLOW-COUNTER:FALSE
        END:VEVENT
        END:VCALENDAR
        """
    )
    head = _crlf(
        f"""
        From: Anna Arendt <{it.attendee}>
        To: Netzwerkstelle <{it.rsvp}>
        Subject: {word}: Forum Jugend
        Thread-Topic: Forum Jugend
        Message-ID: <AM0PR01MB0001@eurprd01.prod.example>
        X-MS-Has-Attach:
        X-Microsoft-Antispam: BCL:0;
        Content-Type: multipart/alternative; boundary="_000_AM0PR01"
        MIME-Version: 1.0

        --_000_AM0PR01
        Content-Type: text/plain; charset="iso-8859-1"
        Content-Transfer-Encoding: quoted-printable


        --_000_AM0PR01
        Content-Type: text/html; charset="iso-8859-1"

        <html><body></body></html>
        --_000_AM0PR01
        Content-Type: text/calendar; charset="utf-8"; method={it.method}
        Content-Transfer-Encoding: base64

        """
    )
    return (head + _base64(ics) + "\r\n--_000_AM0PR01--\r\n").encode()


def gmail(it: Sample) -> bytes:
    """Google: the answer among the alternatives and once more as invite.ics."""
    ics = _crlf(
        f"""
        BEGIN:VCALENDAR
        PRODID:-//Google Inc//Google Calendar 70.9054//EN
        VERSION:2.0
        CALSCALE:GREGORIAN
        METHOD:{it.method}
        BEGIN:VEVENT
        DTSTART:20270401T120000Z
        DTEND:20270401T140000Z
        DTSTAMP:{it.stamp}
        ORGANIZER;CN=Netzwerkstelle:mailto:{it.rsvp}
        UID:{it.uid}
        ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={it.partstat};CN={it.attendee}
         ;X-NUM-GUESTS=0;X-RESPONSE-COMMENT="{it.comment}":mailto:{it.attendee}
        CREATED:20270301T090000Z
        DESCRIPTION:
        LAST-MODIFIED:{it.stamp}
        LOCATION:Rathaus
        SEQUENCE:{it.sequence}
        STATUS:CONFIRMED
        SUMMARY:Forum Jugend
        TRANSP:OPAQUE
        END:VEVENT
        END:VCALENDAR
        """
    )
    head = _crlf(
        f"""
        MIME-Version: 1.0
        Reply-To: Anna Arendt <{it.attendee}>
        Sender: Google Calendar <calendar-notification@google.example>
        Message-ID: <calendar-0000@google.example>
        Subject: Accepted: Forum Jugend @ Thu Apr 1, 2027
        From: Anna Arendt <{it.attendee}>
        To: {it.rsvp}
        Content-Type: multipart/mixed; boundary="0000000000001"

        --0000000000001
        Content-Type: multipart/alternative; boundary="0000000000002"

        --0000000000002
        Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
        Content-Transfer-Encoding: base64

        QW5uYSBoYXQgenVnZXNhZ3Q=

        --0000000000002
        Content-Type: text/calendar; charset="UTF-8"; method={it.method}
        Content-Transfer-Encoding: 7bit

        """
    )
    between = _crlf(
        """

        --0000000000002--

        --0000000000001
        Content-Type: application/ics; name="invite.ics"
        Content-Disposition: attachment; filename="invite.ics"
        Content-Transfer-Encoding: base64

        """
    )
    text = head + ics + between + _base64(ics) + "--0000000000001--\r\n"
    return text.encode()


def apple(it: Sample) -> bytes:
    """Apple: the answer as a file, CN and EMAIL in quotes, quoted-printable."""
    ics = _crlf(
        f"""
        BEGIN:VCALENDAR
        CALSCALE:GREGORIAN
        METHOD:{it.method}
        PRODID:-//Apple Inc.//macOS 14.5//EN
        VERSION:2.0
        BEGIN:VEVENT
        ATTENDEE;CN="Anna Arendt";CUTYPE=INDIVIDUAL;EMAIL="{it.attendee}";PARTSTAT
         ={it.partstat};ROLE=REQ-PARTICIPANT:mailto:{it.attendee}
        COMMENT:{it.comment}
        DTEND;TZID=Europe/Berlin:20270401T160000
        DTSTAMP:{it.stamp}
        DTSTART;TZID=Europe/Berlin:20270401T140000
        ORGANIZER;CN="Netzwerkstelle";EMAIL="{it.rsvp}":mailto:{it.rsvp}
        SEQUENCE:{it.sequence}
        SUMMARY:Forum Jugend
        TRANSP:OPAQUE
        UID:{it.uid}
        X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
        END:VEVENT
        END:VCALENDAR
        """
    )
    encoded = ics.replace("=", "=3D")
    head = _crlf(
        f"""
        From: Anna Arendt <{it.attendee}>
        Content-Type: multipart/mixed; boundary="Apple-Mail=_1"
        Subject: =?utf-8?Q?Accepted=3A_Forum_Jugend?=
        Message-Id: <0000-1111@attendees.example>
        To: Netzwerkstelle <{it.rsvp}>
        Mime-Version: 1.0 (Mac OS X Mail 16.0)
        X-Mailer: Apple Mail

        --Apple-Mail=_1
        Content-Transfer-Encoding: 7bit
        Content-Type: text/plain; charset=us-ascii

        Anna Arendt has accepted your invitation.

        --Apple-Mail=_1
        Content-Disposition: attachment; filename=iCal-20270302-080000.ics
        Content-Type: text/calendar; x-unix-mode=0644; charset=utf-8;
         method={it.method}; name="iCal-20270302-080000.ics"
        Content-Transfer-Encoding: quoted-printable

        """
    )
    return (head + encoded + "\r\n--Apple-Mail=_1--\r\n").encode()


def thunderbird(it: Sample) -> bytes:
    """Thunderbird: 8 bit, no SEQUENCE at the first version, line ends of Unix."""
    sequence = f"SEQUENCE:{it.sequence}\n" if it.sequence else ""
    ics = textwrap.dedent(
        f"""
        BEGIN:VCALENDAR
        PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
        VERSION:2.0
        METHOD:{it.method}
        BEGIN:VEVENT
        CREATED:20270301T090000Z
        LAST-MODIFIED:{it.stamp}
        DTSTAMP:{it.stamp}
        UID:{it.uid}
        SUMMARY:Forum Jugend – Öffnung
        ORGANIZER;CN=Netzwerkstelle:mailto:{it.rsvp}
        ATTENDEE;CN=Anna Arendt;PARTSTAT={it.partstat};CUTYPE=INDIVIDUAL;ROLE=REQ-PAR
         TICIPANT:mailto:{it.attendee}
        COMMENT:{it.comment}
        DTSTART;TZID=Europe/Berlin:20270401T140000
        DTEND;TZID=Europe/Berlin:20270401T160000
        TRANSP:OPAQUE
        END:VEVENT
        END:VCALENDAR
        """
    ).lstrip("\n")
    ics = ics.replace("TRANSP:OPAQUE\n", f"{sequence}TRANSP:OPAQUE\n")
    text = textwrap.dedent(
        f"""
        MIME-Version: 1.0
        From: Anna Arendt <{it.attendee}>
        To: {it.rsvp}
        Subject: Reaktion auf Einladung: Forum Jugend
        User-Agent: Mozilla Thunderbird
        Content-Type: multipart/mixed; boundary="Boundary_(ID_qyG4ZdjoAsiZ+Jo19dCbWQ)"

        --Boundary_(ID_qyG4ZdjoAsiZ+Jo19dCbWQ)
        Content-Type: multipart/alternative;
         boundary="Boundary_(ID_ryU4ZdJoASiZ+Jo21dCbwA)"

        --Boundary_(ID_ryU4ZdJoASiZ+Jo21dCbwA)
        Content-Type: text/plain; charset=UTF-8
        Content-Transfer-Encoding: 8bit

        Anna Arendt hat auf die Einladung geantwortet.

        --Boundary_(ID_ryU4ZdJoASiZ+Jo21dCbwA)
        Content-Type: text/calendar; method={it.method}; charset=UTF-8
        Content-Transfer-Encoding: 8bit

        """
    ).lstrip("\n")
    end = "\n--Boundary_(ID_ryU4ZdJoASiZ+Jo21dCbwA)--\n\n"
    end += "--Boundary_(ID_qyG4ZdjoAsiZ+Jo19dCbWQ)--\n"
    return (text + ics + end).encode()


def nextcloud(it: Sample) -> bytes:
    """Nextcloud: sent by the server in its own name, as an attachment, automatic."""
    ics = _crlf(
        f"""
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Sabre//Sabre VObject 4.5.6//EN
        CALSCALE:GREGORIAN
        METHOD:{it.method}
        BEGIN:VEVENT
        UID:{it.uid}
        DTSTAMP:{it.stamp}
        SEQUENCE:{it.sequence}
        DTSTART;TZID=Europe/Berlin:20270401T140000
        DTEND;TZID=Europe/Berlin:20270401T160000
        SUMMARY:Forum Jugend
        COMMENT:{it.comment}
        ORGANIZER;CN=Netzwerkstelle:mailto:{it.rsvp}
        ATTENDEE;CN=Anna Arendt;PARTSTAT={it.partstat}:mailto:{it.attendee}
        REQUEST-STATUS:2.0;Success
        END:VEVENT
        END:VCALENDAR
        """
    )
    head = _crlf(
        f"""
        Message-ID: <abc0001@cloud.example>
        Subject: Re: Forum Jugend
        From: Anna Arendt via Nextcloud <invitations-noreply@cloud.example>
        Reply-To: Anna Arendt <{it.attendee}>
        To: Netzwerkstelle <{it.rsvp}>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=_nc_1

        --_nc_1
        Content-Type: multipart/alternative; boundary=_nc_2

        --_nc_2
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        Einladung aktualisiert
        --_nc_2
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        <p>Einladung aktualisiert</p>
        --_nc_2--
        --_nc_1
        Content-Type: text/calendar; method={it.method}; name=event.ics
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment; name=event.ics; filename=event.ics

        """
    )
    return (head + _base64(ics) + "\r\n--_nc_1--\r\n").encode()


Writer = Callable[[Sample], bytes]
WRITERS: dict[str, Writer] = {
    "Outlook": outlook,
    "Gmail": gmail,
    "Apple": apple,
    "Thunderbird": thunderbird,
    "Nextcloud": nextcloud,
}


def bounced(
    return_path: str,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    message_id: str = "<a-letter@example.org>",
    recipient: str = "anna@example.org",
) -> bytes:
    """Postfix: a report of one address (RFC 3464), with the headers of the letter."""
    return _crlf(
        f"""
        Return-Path: <>
        Delivered-To: {return_path}
        Date: Tue, 2 Mar 2027 09:00:00 +0100 (CET)
        From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: {return_path}
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
         boundary="4Xyz.1"
        Message-Id: <20270302080000.4Xyz@mx.example.org>

        This is a MIME-encapsulated message.

        --4Xyz.1
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --4Xyz.1
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org
        X-Postfix-Queue-ID: 4Xyz
        Arrival-Date: Tue, 2 Mar 2027 08:59:59 +0100 (CET)

        Final-Recipient: rfc822; {recipient}
        Original-Recipient: rfc822;{recipient}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mail.example.net
        Diagnostic-Code: smtp; 550 5.1.1 User unknown

        --4Xyz.1
        Content-Description: Undelivered Message Headers
        Content-Type: text/rfc822-headers

        Return-Path: <{return_path}>
        From: Netzwerkstelle <werkraum@example.org>
        To: {recipient}
        Message-ID: {message_id}

        --4Xyz.1--
        """
    ).encode()
