"""Answers of calendars and returned letters, handed over by a mail server."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.calendar.reply_samples import (
    WRITERS,
    Writer,
    bounced,
    outlook,
    thunderbird,
)
from tests.incoming.conftest import BERT, TOKEN, Post, invited, sample, stamp
from tests.people import otto_signed_in
from tests.registration.test_group_letters import sends, written
from tests.server.postbox import (
    calendar_of,
    delivered,
    link_in,
    text_of,
    unwrapped,
)
from tests.server.test_letters import edits, saves

from werkraum_calendar.models import CalendarReply, ReplyKind
from werkraum_events.models import Event
from werkraum_events.wishes import Place
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry
from werkraum_registration import erasing
from werkraum_registration.audiences import Audience
from werkraum_registration.bounces import return_path
from werkraum_registration.group_letters import LetterWish
from werkraum_registration.models import (
    Bounce,
    CalendarAnswer,
    Registration,
    State,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def again(registration: Registration) -> Registration:
    return await Registration.get(id=registration.id)


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
async def test_an_answer_of_each_calendar_counts_once(
    hands_over: Post, event: Event, anna: Registration, writer: Writer
) -> None:
    """Point 23 of facts/calendar.md §16."""
    mail = writer(await sample(anna, event))

    results = [(await hands_over(mail)).json() for _ in range(3)]

    assert results == [{"result": "counted"}, *[{"result": "repeated"}] * 2]
    assert (await again(anna)).calendar_answer is CalendarAnswer.COMING
    assert await CalendarReply.all().count() == 1


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
async def test_a_decline_takes_no_seat_and_asks_by_letter(
    hands_over: Post, event: Event, anna: Registration, writer: Writer
) -> None:
    mail = writer(await sample(anna, event, partstat="DECLINED"))
    assert (await hands_over(mail)).status_code == 202
    assert (await hands_over(mail)).status_code == 202

    [letter] = await delivered()

    assert letter["To"] == "Anna Arendt <anna@example.org>"
    assert "Do you want to give your seat back?" in str(letter["Subject"])
    assert "you are still registered" in unwrapped(letter)
    assert link_in(letter, "/my/")
    assert letter["Auto-Submitted"] == "auto-generated"
    after = await again(anna)
    assert (after.state, after.holds_seat) == (State.CONFIRMED, True)
    assert after.calendar_answer is CalendarAnswer.DECLINED


async def test_the_button_behind_the_question_gives_the_seat_back(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    await hands_over(outlook(await sample(anna, event, partstat="DECLINED")))
    [letter] = await delivered()
    page = link_in(letter, "/my/")

    for _ in range(2):
        assert "Cancel now" in (await client.get(page)).text
    assert (await again(anna)).holds_seat

    pressed = await client.post(
        f"{page}/cancel", headers={"origin": "http://127.0.0.1:8000"}
    )
    assert pressed.status_code == 303
    assert (await again(anna)).state is State.CANCELLED


async def test_who_thinks_again_at_once_is_not_asked(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    now = clock.now()
    declined = await sample(
        anna, event, partstat="DECLINED", stamp=stamp(now - 2 * MINUTE)
    )
    await hands_over(outlook(declined))
    coming = replace(declined, partstat="ACCEPTED", stamp=stamp(now - MINUTE))
    await hands_over(outlook(coming))

    assert await delivered() == []
    assert (await again(anna)).calendar_answer is CalendarAnswer.COMING


async def test_who_declines_again_is_asked_once(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    now = clock.now()
    for minutes, partstat in [(3, "DECLINED"), (2, "TENTATIVE"), (1, "DECLINED")]:
        said = await sample(
            anna, event, partstat=partstat, stamp=stamp(now - minutes * MINUTE)
        )
        await hands_over(outlook(said))
        letters = await delivered()
        assert len(letters) == (minutes == 3)


async def test_an_answer_to_older_times_is_marked_and_does_not_count(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    await edits(event, starts_at=event.starts_at + HOUR)
    mail = outlook(await sample(anna, event, partstat="DECLINED"))

    assert (await hands_over(mail)).json() == {"result": "outdated"}

    assert await delivered() == []
    assert (await again(anna)).calendar_answer is None
    page = (await client.get(f"/desk/registrations/{anna.id}")).text
    assert "To older times" in page


async def test_another_room_is_no_news_for_those_online_whose_answers_count(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    await hands_over(outlook(await sample(anna, event)))

    assert await edits(event, onsite=Place("Volkshochschule", "Weg 2")) == []

    assert (await again(anna)).calendar_answer is CalendarAnswer.COMING
    later = stamp(clock.now() + MINUTE)
    mail = outlook(await sample(anna, event, partstat="DECLINED", stamp=later))
    assert (await hands_over(mail)).json() == {"result": "counted"}
    [letter] = await delivered()
    assert "Do you want to give your seat back?" in str(letter["Subject"])
    page = (await client.get(f"/desk/registrations/{anna.id}")).text
    assert "To older times" not in page


async def test_a_moved_event_voids_what_was_said_before_once_it_is_told(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    await hands_over(outlook(await sample(anna, event)))
    await saves(event, starts_at=event.starts_at + HOUR)
    assert (await again(anna)).calendar_answer is CalendarAnswer.COMING
    await delivered()
    assert (await again(anna)).calendar_answer is None


async def test_an_answer_that_comes_before_its_message_is_noted_as_sent_stays(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    await saves(event, starts_at=event.starts_at + HOUR)
    await hands_over(outlook(await sample(anna, event, sequence=1)))
    await delivered()
    assert (await again(anna)).calendar_answer is CalendarAnswer.COMING


async def test_a_typing_error_put_right_voids_no_answer(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    await hands_over(outlook(await sample(anna, event)))
    await edits(event, title={"en": "Forum of the young"})
    await hands_over(outlook(await sample(anna, event, method="REFRESH")))
    [letter] = await delivered()
    assert calendar_of(letter)[1]["SUMMARY"] == "Forum of the young"
    assert (await again(anna)).calendar_answer is CalendarAnswer.COMING


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
async def test_an_answer_for_another_address_is_refused(
    hands_over: Post, event: Event, anna: Registration, writer: Writer
) -> None:
    for attendee in ("otto@elsewhere.example", "xanna@example.org"):
        mail = writer(await sample(anna, event, attendee=attendee))
        answer = await hands_over(mail)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "foreign_attendee"
    assert await CalendarReply.exists() is False


async def test_one_persons_address_takes_no_answer_of_another(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    bert = await invited(event, BERT)
    annas = await sample(anna, event)
    mail = outlook(replace(annas, attendee=bert.email))
    assert (await hands_over(mail)).status_code == 403


async def test_an_address_nobody_was_given_is_not_there(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    guessed = await sample(anna, event, rsvp=f"rsvp+{'0' * 32}@werkraum.example")
    answer = await hands_over(outlook(guessed))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_address")


async def test_the_recipient_may_be_named_by_the_mail_server(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    right = await sample(anna, event)
    # To: is a list; the envelope knows better.
    mail = outlook(replace(right, rsvp="team@network.example"))
    assert (await hands_over(mail)).status_code == 404
    named = await hands_over(mail, recipient=right.rsvp.upper())
    assert named.json() == {"result": "counted"}
    # Its plus came through a query that somebody forgot to encode.
    again = await hands_over(mail, recipient=right.rsvp.replace("+", " "))
    assert again.json() == {"result": "repeated"}


async def test_the_header_of_the_last_server_tells_the_recipient(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    right = await sample(anna, event)
    mail = outlook(replace(right, rsvp="team@network.example"))
    first = f"Delivered-To: replies@network.example\r\nX-Original-To: {right.rsvp}\r\n"
    assert (await hands_over(first.encode() + mail)).status_code == 202


async def test_a_proposal_becomes_a_note_to_the_organiser(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    said = await sample(anna, event, method="COUNTER", comment="Lieber nachmittags")
    assert (await hands_over(outlook(said))).json() == {"result": "counted"}

    [letter] = await delivered()

    assert "office@network.example" in str(letter["To"])
    text = unwrapped(letter)
    assert "Anna Arendt" in text
    assert "Lieber nachmittags" in text
    assert "1. April 2027" in text
    assert f"/desk/registrations/{anna.id}" in text
    page = (await client.get(f"/desk/registrations/{anna.id}")).text
    assert "proposes another time" in page
    assert (await Event.get(id=event.id)).starts_at == event.starts_at


@pytest.mark.parametrize("when", ["99991231T235959Z", "00010101T000000Z"])
async def test_a_proposal_for_the_end_of_all_time_is_a_note_without_times(
    hands_over: Post,
    event: Event,
    anna: Registration,
    client: httpx.AsyncClient,
    when: str,
) -> None:
    mail = thunderbird(await sample(anna, event, method="COUNTER"))
    mail = mail.replace(b";TZID=Europe/Berlin:20270401T140000", f":{when}".encode())
    assert (await hands_over(mail)).json() == {"result": "counted"}

    [letter] = await delivered()

    assert "andere Zeit" in unwrapped(letter)
    page = (await client.get(f"/desk/registrations/{anna.id}")).text
    assert "proposes another time" in page


async def test_signs_that_cannot_be_stored_do_no_harm(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    said = await sample(anna, event, method="COUNTER", comment="Lieber\x00 nie")
    assert (await hands_over(outlook(said))).json() == {"result": "counted"}
    assert (await CalendarReply.get()).comment == "Lieber nie"

    mail = bounced(return_path(anna).address, message_id="<a\x00b@example.org>")
    assert (await hands_over(mail)).json() == {"result": "returned"}
    assert (await Bounce.get()).message_id == "<ab@example.org>"


async def test_a_delegation_is_told_and_gives_nobody_a_seat(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    await hands_over(outlook(await sample(anna, event, partstat="DELEGATED")))
    [letter] = await delivered()
    assert "office@network.example" in str(letter["To"])
    assert await Registration.all().count() == 1


async def test_a_calendar_that_asks_gets_the_same_entry_again(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    said = await sample(anna, event, method="REFRESH")
    await hands_over(outlook(said))

    [letter] = await delivered()

    method, entry = calendar_of(letter)
    assert (method, entry["SEQUENCE"]) == ("REQUEST", event.sequence)
    assert entry["UID"] == event.uid
    assert said.rsvp in str(letter["From"])


async def test_a_calendar_may_ask_after_a_move_without_saying_what_it_has(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    await edits(event, starts_at=event.starts_at + HOUR)
    # Thunderbird writes no SEQUENCE of 0.
    asks = thunderbird(await sample(anna, event, method="REFRESH"))

    assert (await hands_over(asks)).json() == {"result": "counted"}

    [letter] = await delivered()
    method, entry = calendar_of(letter)
    assert (method, entry["SEQUENCE"]) == ("REQUEST", 1)
    assert entry.start == event.starts_at + HOUR


async def test_who_has_left_is_asked_nothing(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    from werkraum_registration import registrations

    await registrations.cancel(anna.id, actor="attendee", now=clock.now())
    await delivered()
    mail = await sample(anna, event, partstat="DECLINED", sequence=9)
    await hands_over(outlook(mail))
    assert await delivered() == []


async def test_the_desk_shows_and_finds_what_calendars_said(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    bert = await invited(event, BERT)
    await hands_over(outlook(await sample(anna, event, partstat="TENTATIVE")))
    await hands_over(outlook(await sample(bert, event, partstat="DECLINED")))
    at = f"/desk/events/{event.id}/registrations"

    everybody = (await client.get(at)).text
    assert "Calendar: maybe" in everybody
    assert "Calendar: declined" in everybody
    only = (await client.get(f"{at}?calendar=maybe")).text
    assert "Anna Arendt" in only
    assert "Bert Brandt" not in only
    page = (await client.get(f"/desk/registrations/{anna.id}")).text
    assert "Calendar: maybe" in page
    assert "by the person" in page


async def test_the_persons_own_data_has_the_answers_until_they_are_erased(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    from werkraum_server.own_data import own_data

    await hands_over(outlook(await sample(anna, event, comment="Freue mich")))
    await hands_over(bounced(return_path(anna).address))
    whole = await Registration.get(id=anna.id).select_related("event__organiser")
    data = await own_data(whole)
    assert [it["comment"] for it in data["calendar_replies"]] == ["Freue mich"]
    assert [it["status"] for it in data["returned"]] == ["5.1.1"]

    await erasing.erase(anna.id, now=clock.now())
    await delivered()

    assert await CalendarReply.exists() is False
    assert await Bounce.exists() is False
    assert (await again(anna)).calendar_answer is None
    answer = await hands_over(outlook(await sample(anna, event)))
    assert answer.status_code == 404


# Letters that came back.


async def test_a_letter_that_came_back_is_shown_with_its_reason(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    mail = bounced(return_path(anna).address)
    for _ in range(2):
        assert (await hands_over(mail)).json() == {"result": "returned"}

    assert await Bounce.all().count() == 1
    assert await delivered() == []
    at = f"/desk/registrations/{anna.id}"
    for page in (at, f"/desk/events/{event.id}/letters"):
        assert "There is no such address." in (await client.get(page)).text
    assert "letters to one address come back" in (await client.get("/desk/")).text
    shown = (await client.get(at)).text
    assert "Letters to this address come back" in shown
    assert "Put right" in shown
    found = await client.get(f"/desk/events/{event.id}/registrations?bounced=yes")
    assert "Anna Arendt" in found.text
    assert "letter.bounce" in [it.action for it in await AuditEntry.all()]


async def test_a_letter_to_many_shows_whose_copy_came_back(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    await invited(event, BERT)
    wish = LetterWish({"en": "Soup"}, {"en": "There is soup."}, Audience())
    letter = await sends(await written(event, wish))
    copies = {str(it["To"]): it for it in await delivered()}
    annas = copies["Anna Arendt <anna@example.org>"]
    name = str(annas["Message-ID"])

    await hands_over(bounced(return_path(anna).address, message_id=name))

    listed = await client.get(f"/desk/events/{event.id}/letters")
    assert "Sent to 2 people, one came back" in listed.text
    shown = (await client.get(f"/desk/events/{event.id}/letters/{letter.id}")).text
    assert "Came back" in shown
    assert "anna@example.org" in shown
    assert "bert@example.net" not in shown


async def test_a_new_address_is_no_longer_marked(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    old = return_path(anna).address
    assert (await hands_over(bounced(old))).status_code == 202
    key = "anna@example.net"
    await Registration.filter(id=anna.id).update(email=key, email_key=key)

    assert "come back" not in (await client.get(f"/desk/registrations/{anna.id}")).text
    late = await hands_over(bounced(old, message_id="<another@example.org>"))
    assert late.status_code == 404


async def test_a_delay_is_only_noted(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    await hands_over(
        bounced(return_path(anna).address, action="delayed", status="4.2.2")
    )
    page = (await client.get(f"/desk/registrations/{anna.id}")).text
    assert "Letter is delayed" in page
    assert "Letters to this address come back" not in page


def signed_for_another(address: str) -> str:
    """Change one digit of the proof."""
    local, _, domain = address.partition("@")
    return f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}"


# B67 of facts/bad-inputs.md: every one is refused or ignored, and nothing is answered.
B67 = {
    "forged for another person": (404, "no_such_address"),
    "forged without a proof": (404, "no_such_address"),
    "10 MB": (413, "too_large"),
    "a loop": (404, "no_such_address"),
    "out of office": (202, None),
    "a letter": (422, "mail_not_understood"),
    "an answer at the wrong address": (422, "mail_not_understood"),
    "at the address of answers": (202, None),
}


@pytest.mark.parametrize("case", B67)
async def test_what_is_no_report_of_ours_changes_nothing(
    hands_over: Post, event: Event, anna: Registration, case: str
) -> None:
    right = return_path(anna).address
    mails: Mapping[str, bytes] = {
        "forged for another person": bounced(signed_for_another(right)),
        "forged without a proof": bounced("bounce+anna=example.org@127.0.0.1"),
        "10 MB": bounced(right) + b"x" * 10_000_000,
        "a loop": bounced("mailer-daemon@mx.example.org"),
        "out of office": (
            f"To: {right}\r\nAuto-Submitted: auto-replied\r\n\r\nBin im Urlaub.\r\n"
        ).encode(),
        "a letter": f"To: {right}\r\n\r\nHallo!\r\n".encode(),
        "an answer at the wrong address": outlook(
            await sample(anna, event, rsvp=right)
        ),
        "at the address of answers": bounced((await sample(anna, event)).rsvp),
    }
    status, code = B67[case]

    answer = await hands_over(mails[case])

    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert await Bounce.exists() is False
    assert await CalendarReply.exists() is False
    assert await delivered() == []


# Who may hand over mail.


@pytest.mark.parametrize(
    ("authorization", "kind", "status"),
    [
        ("", "message/rfc822", 401),
        ("Bearer wrong", "message/rfc822", 401),
        ("Bearer ü", "message/rfc822", 401),
        (f"Basic {TOKEN}", "message/rfc822", 401),
        (f"Bearer {TOKEN}", "text/plain", 415),
        (f"Bearer {TOKEN}", "", 415),
        (f"Bearer {TOKEN}", "message/rfc822", 404),
    ],
)
async def test_only_the_mail_server_hands_over_mail(
    gateway: None,
    client: httpx.AsyncClient,
    authorization: str,
    kind: str,
    status: int,
) -> None:
    answer = await client.post(
        "/calendar/replies",
        content=b"To: nobody@example.org\r\n\r\n",
        headers={
            b"authorization": authorization.encode(),
            b"content-type": kind.encode(),
        },
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


async def test_without_a_mail_server_nobody_hands_over_mail(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post(
        "/calendar/replies", content=b"", headers={"authorization": f"Bearer {TOKEN}"}
    )
    assert answer.status_code == 401


async def test_an_address_that_is_far_too_long_is_refused(hands_over: Post) -> None:
    assert (await hands_over(b"", recipient="a" * 300)).status_code == 400


async def test_otto_sees_neither_answers_nor_returned_letters(
    hands_over: Post, event: Event, anna: Registration, client: httpx.AsyncClient
) -> None:
    await hands_over(bounced(return_path(anna).address))
    await otto_signed_in(client)
    assert "come back" not in (await client.get("/desk/")).text
    for page in (
        f"/desk/registrations/{anna.id}",
        f"/desk/events/{event.id}/letters",
    ):
        assert (await client.get(page)).status_code == 404


async def test_many_answers_at_once_are_each_noted(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    bert = await invited(event, BERT)
    mails = [
        outlook(await sample(who, event, partstat=partstat))
        for who in (anna, bert)
        for partstat in ("ACCEPTED", "ACCEPTED", "TENTATIVE")
    ]
    answers = await asyncio.gather(*map(hands_over, mails))
    assert {it.status_code for it in answers} == {202}
    assert await CalendarReply.filter(kind=ReplyKind.COMING).count() == 2


HOSTILE = st.one_of(
    st.binary(max_size=500),
    st.builds(
        lambda to, kind, body: (
            b"To: " + to + b"\r\nContent-Type: " + kind + b"\r\n\r\n" + body
        ),
        st.binary(max_size=60),
        st.sampled_from(
            [
                b"text/calendar",
                b"multipart/mixed; boundary=x",
                b"multipart/report; report-type=delivery-status; boundary=x",
                b"message/rfc822",
                b"text/calendar; charset=utf-99",
            ]
        ),
        st.binary(max_size=300),
    ),
)


@settings(
    max_examples=25,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
@given(raw=HOSTILE, at_ours=st.booleans())
async def test_no_mail_breaks_us(
    hands_over: Post, event: Event, anna: Registration, raw: bytes, at_ours: bool
) -> None:
    query = {"recipient": return_path(anna).address} if at_ours else {}
    answer = await hands_over(raw, **query)
    assert answer.status_code < 500


async def test_the_words_of_a_comment_make_no_link(
    hands_over: Post, event: Event, anna: Registration
) -> None:
    said = await sample(
        anna, event, method="COUNTER", comment="see https://evil.example/x"
    )
    await hands_over(outlook(said))
    [letter] = await delivered()
    assert "https://evil.example" not in text_of(letter)


NAMES_NOBODY = {
    "brackets in brackets": b"To: " + b"(" * 100_000 + b"\r\n\r\n",
    "quotes": b"To: " + b'"' * 100_000 + b"\r\n\r\n",
    "10,000 addresses": b"To: " + b"rsvp+0@example.org, " * 10_000 + b"\r\n\r\n",
    "10,000 headers": b"Delivered-To: rsvp+0@example.org\r\n" * 10_000 + b"\r\n",
    "no end": b"To: a@example.org\r\n" + b" x" * 400_000,
    "nothing": b"",
}


@pytest.mark.parametrize("raw", NAMES_NOBODY.values(), ids=NAMES_NOBODY)
async def test_headers_that_name_nobody_of_ours_are_refused(
    hands_over: Post, database: str, raw: bytes
) -> None:
    answer = await hands_over(raw)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_address")
