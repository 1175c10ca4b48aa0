"""The letters a person gets: their words, their links, their calendar messages."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import httpx
import pytest
from babel.dates import format_time
from tests.letter_reader import must_say_the_same, read
from tests.people import a_member, an_event, an_organiser
from tests.server.postbox import (
    calendar_bytes,
    calendar_of,
    delivered,
    everything_in,
    html_of,
    link_in,
    links_in,
    text_of,
    throw_away,
    unwrapped,
    written_by,
)
from tests.server.test_reminder_letters import reminded

from werkraum_calendar.models import Invitation, Method
from werkraum_events import events
from werkraum_events.models import Event, Mode
from werkraum_events.rules import wish_of
from werkraum_events.wishes import EventWish, Place
from werkraum_feedback.answering.ballots import hash_for, token_for
from werkraum_feedback.asking import rounds
from werkraum_feedback.models import (
    Ballot,
    Invitee,
    Naming,
    Round,
    RoundKind,
    RoundState,
)
from werkraum_foundation import clock
from werkraum_foundation.audit import SYSTEM
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.local_times import local
from werkraum_foundation.models import Job, Role
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.people import add_member
from werkraum_registration import confirmations, registrations, wishes
from werkraum_registration.links import confirm_token, personal_token
from werkraum_registration.models import Registration, State
from werkraum_registration.registrations import Applicant
from werkraum_server.letters.calendar_messages import (
    send_request_again,
    send_with_cancellation,
    send_with_request,
)
from werkraum_server.letters.recipients import recipient

HOSTILE = "Win <b>now</b> https://evil.example www.evil.example\nSubject: x"
ANNA = Applicant("Anna Arendt", "anna@example.org", "en")
BERT = Applicant("Bert Brandt", "bert@example.net", "de")

HOUR = timedelta(hours=1)

enqueue_now = unit_of_work(enqueue)


@pytest.fixture(autouse=True)
async def postbox(client: httpx.AsyncClient) -> None:
    """An empty folder, and the routes that links lead to."""
    throw_away()


@pytest.fixture
async def event(postbox: None) -> Event:
    return await an_event(await an_organiser())


async def applies(
    event: Event, who: Applicant = ANNA, mode: Mode = Mode.ONLINE
) -> Registration:
    made = await registrations.register(
        event.id, who, mode, vouched=False, now=clock.now()
    )
    return await Registration.get(id=made.id)


async def joins(
    event: Event, who: Applicant = ANNA, mode: Mode = Mode.ONLINE
) -> tuple[Registration, list[EmailMessage]]:
    """Register and press the button; the letters after it."""
    registration = await applies(event, who, mode)
    await delivered()
    await confirmations.confirm(confirm_token(registration), now=clock.now())
    return await Registration.get(id=registration.id), await delivered()


async def saves(event: Event, **changes: object) -> None:
    """Let the organiser save the event with another wish."""
    wish = wish_of(await Event.get(id=event.id))
    wanted = EventWish(**{**vars(wish), **changes})
    await events.edit(
        event.organiser_id, event.id, wanted, version=None, actor="p", now=clock.now()
    )


async def edits(event: Event, **changes: object) -> list[EmailMessage]:
    """Let the organiser save the event with another wish; the letters after it."""
    await saves(event, **changes)
    return await delivered()


async def called_off(event: Event, reason: dict[str, str]) -> list[EmailMessage]:
    await events.cancel(
        event.organiser_id, event.id, reason, actor="p", now=clock.now()
    )
    return await delivered()


async def cancels(registration: Registration, actor: str = "attendee") -> None:
    await registrations.cancel(registration.id, actor=actor, now=clock.now())


def sequence_in(letter: EmailMessage) -> int:
    return int(str(calendar_of(letter)[1]["SEQUENCE"]))


# The first letter


async def test_the_first_letter_asks_to_confirm_and_says_until_when(
    event: Event,
) -> None:
    await applies(event)
    (letter,) = await delivered()
    assert letter["Subject"] == "Please confirm your registration: Youth forum"
    assert "/en/confirm/" in link_in(letter, "/confirm/")
    assert "You can confirm it until" in unwrapped(letter)
    assert "(Berlin time)" in unwrapped(letter)
    assert calendar_bytes(letter) is None


async def test_the_first_letter_holds_nothing_that_was_typed(event: Event) -> None:
    await applies(event, Applicant(HOSTILE, "anna@example.org", "en"))
    (letter,) = await delivered()
    for typed in ("Win", "evil", "now"):
        assert typed not in everything_in(letter)
    assert str(letter["To"]) == "anna@example.org"


async def test_a_letter_after_the_button_names_the_person_and_makes_no_link(
    event: Event,
) -> None:
    _, (letter,) = await joins(event, Applicant(HOSTILE, "anna@example.org", "en"))
    assert "evil. example" in text_of(letter)
    assert "Win" not in str(letter["Subject"])
    assert "<b>now</b>" not in html_of(letter)
    assert not [link for link in read(html_of(letter)).links if "evil" in link]


async def test_an_event_that_confirms_at_once_names_nobody_before_a_button(
    postbox: None,
) -> None:
    event = await an_event(await an_organiser(), confirmation="immediate")
    await applies(event, Applicant(HOSTILE, "anna@example.org", "en"))
    (letter,) = await delivered()
    assert "Win" not in everything_in(letter)
    assert calendar_of(letter)[0] == "REQUEST"


# The seat and its calendar message


async def test_the_invitation_holds_the_right_times_for_one_person(
    event: Event,
) -> None:
    registration, (letter,) = await joins(event)
    method, item = calendar_of(letter)
    assert method == "REQUEST"
    assert (item.start, item.end) == (event.starts_at, event.ends_at)
    assert item["UID"] == event.uid
    assert item["ATTENDEE"] == "mailto:anna@example.org"
    assert item["ATTENDEE"].params["CN"] == "Anna Arendt"
    assert sequence_in(letter) == 0
    assert registration.id


async def test_the_letter_comes_from_the_organizer_of_its_invitation(
    event: Event,
) -> None:
    _, (letter,) = await joins(event)
    _, item = calendar_of(letter)
    sender = letter["From"].addresses[0]
    assert item["ORGANIZER"] == f"mailto:{sender.addr_spec}"
    assert re.fullmatch(r"rsvp\+[0-9a-f]{32}@werkraum\.example", sender.addr_spec)
    assert sender.display_name == "Netzwerkstelle"
    assert "office@network.example" in str(letter["Reply-To"])


async def test_the_calendar_message_stands_where_mail_programs_look(
    event: Event,
) -> None:
    _, (letter,) = await joins(event)
    kinds = [part.get_content_type() for part in letter.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]


@pytest.mark.parametrize("mode", Mode)
async def test_the_way_in_is_the_door_online_and_the_place_on_site(
    event: Event, mode: Mode
) -> None:
    _, (letter,) = await joins(event, mode=mode)
    _, item = calendar_of(letter)
    door = [link for link in links_in(letter) if link.endswith("/door")]
    if mode is Mode.ONLINE:
        assert door == [item["LOCATION"]] == [item["URL"]] == [item["CONFERENCE"]]
    else:
        assert door == [] and "CONFERENCE" not in item
        assert item["LOCATION"] == "Rathaus, Markt 1, Beispielstadt"
        assert "Rathaus, Markt 1, Beispielstadt" in text_of(letter)


async def test_nobody_waiting_has_it_in_the_calendar_before_moving_up(
    postbox: None,
) -> None:
    event = await an_event(
        await an_organiser(), seats={Mode.ONLINE: 1}, promotion="confirm"
    )
    anna, _ = await joins(event)
    _, (waiting,) = await joins(event, BERT)
    assert "Sie stehen auf der Warteliste" in str(waiting["Subject"])
    assert calendar_bytes(waiting) is None
    await cancels(anna)
    to = {str(it["To"]): it for it in await delivered()}
    promoted = to["Bert Brandt <bert@example.net>"]
    assert "Ein Platz für Sie" in str(promoted["Subject"])
    assert calendar_of(promoted)[0] == "REQUEST"


# Changes


async def test_a_move_raises_the_sequence_of_the_same_item(event: Event) -> None:
    _, (first,) = await joins(event)
    (second,) = await edits(
        event,
        starts_at=event.starts_at + timedelta(hours=1),
        ends_at=event.ends_at + timedelta(hours=1),
    )
    (_, before), (method, after) = calendar_of(first), calendar_of(second)
    assert method == "REQUEST"
    assert (after["UID"], after["ORGANIZER"]) == (before["UID"], before["ORGANIZER"])
    assert sequence_in(second) > sequence_in(first)
    assert after.start == event.starts_at + timedelta(hours=1)
    assert second["In-Reply-To"] == first["Message-ID"]
    assert "Until now" in text_of(second) and "New time" in text_of(second)
    assert "New place" not in text_of(second)


async def test_all_letters_about_a_registration_belong_together(event: Event) -> None:
    registration, letters = await joins(event)
    letters += await reminded(registration, event.starts_at)
    letters += await edits(event, ends_at=event.ends_at + timedelta(hours=1))
    await cancels(registration)
    letters += await delivered()

    assert len(letters) >= 4
    assert len({letter["References"].split()[0] for letter in letters}) == 1


async def test_another_place_is_told_to_those_who_come_there(event: Event) -> None:
    await joins(event)
    await joins(event, BERT, Mode.ONSITE)
    (letter,) = await edits(event, onsite=Place("Volkshochschule", "Weg 2"))
    assert str(letter["To"]) == "Bert Brandt <bert@example.net>"
    assert "Rathaus, Markt 1, Beispielstadt" in text_of(letter)
    assert calendar_of(letter)[1]["LOCATION"] == "Volkshochschule, Weg 2"


async def test_an_event_moved_twice_at_once_is_one_letter(event: Event) -> None:
    await joins(event)
    for hours in (1, 2):
        await saves(event, ends_at=event.ends_at + hours * HOUR)
    (letter,) = await delivered()
    assert calendar_of(letter)[1].end == event.ends_at + timedelta(hours=2)


async def test_an_event_moved_there_and_back_is_no_letter(event: Event) -> None:
    await joins(event)
    for ends_at in (event.ends_at + HOUR, event.ends_at):
        await saves(event, ends_at=ends_at)
    assert await delivered() == []


async def test_whoever_waits_is_told_of_a_move_without_a_calendar(
    postbox: None,
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONLINE: 1})
    await joins(event)
    bert, _ = await joins(event, BERT)
    starts_at = event.starts_at + timedelta(hours=1)
    letters = await edits(event, starts_at=starts_at, ends_at=event.ends_at + HOUR)
    to = {str(it["To"]): it for it in letters}
    assert len(letters) == 2
    letter = to["Bert Brandt <bert@example.net>"]
    assert "Sie behalten Ihren Platz auf der Warteliste." in unwrapped(letter)
    assert format_time(local(starts_at, event.timezone), "short", locale="de") in (
        text_of(letter)
    )
    assert link_in(letter, "/my/").endswith(personal_token(bert))
    assert calendar_bytes(letter) is None


async def test_whoever_waits_is_told_once_of_two_moves(postbox: None) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONLINE: 1})
    await joins(event)
    await joins(event, BERT)
    for hours in (1, 2):
        await saves(event, ends_at=event.ends_at + hours * HOUR)
    letters = await delivered()
    assert len([it for it in letters if "bert@" in str(it["To"])]) == 1
    args = {"organiser_id": str(event.organiser_id), "event_id": str(event.id)}
    await enqueue_now("EventChanged:tell_of_the_change", {**args, "moved": True})
    assert await delivered() == []


async def test_a_typing_error_put_right_is_no_letter(event: Event) -> None:
    await joins(event)
    assert await edits(event, title={"en": "Forum of the young"}) == []


async def test_another_mode_brings_the_other_way_in(event: Event) -> None:
    anna, (first,) = await joins(event)
    await wishes.switch_mode(anna.id, Mode.ONSITE, actor="attendee", now=clock.now())
    (letter,) = await delivered()
    _, item = calendar_of(letter)
    assert letter["Subject"] == "You now take part on site: Youth forum"
    assert sequence_in(letter) == sequence_in(first) + 1
    assert item["LOCATION"] == "Rathaus, Markt 1, Beispielstadt"


# Ends


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        ("attendee", "You have cancelled your registration."),
        ("person:1", "Netzwerkstelle has taken you off the list"),
    ],
)
async def test_who_is_out_is_taken_out_of_the_calendar(
    event: Event, actor: str, words: str
) -> None:
    anna, (first,) = await joins(event)
    await cancels(anna, actor)
    (letter,) = await delivered()
    method, item = calendar_of(letter)
    assert method == "CANCEL"
    assert sequence_in(letter) > sequence_in(first)
    assert "STATUS" not in item
    assert words in unwrapped(letter)


async def test_who_only_waited_gets_no_cancellation_for_the_calendar(
    postbox: None,
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONLINE: 1})
    await joins(event)
    bert, _ = await joins(event, BERT)
    await cancels(bert)
    (letter,) = await delivered()
    assert calendar_bytes(letter) is None


async def test_who_registers_again_is_invited_above_the_cancellation(
    event: Event,
) -> None:
    anna, (first,) = await joins(event)
    await cancels(anna)
    (cancelled,) = await delivered()
    _, (again,) = await joins(event)
    items = [calendar_of(letter)[1] for letter in (first, cancelled, again)]
    assert len({str(item["UID"]) for item in items}) == 1
    assert len({str(item["ORGANIZER"]) for item in items}) == 1
    sequences = [sequence_in(letter) for letter in (first, cancelled, again)]
    assert sequences == sorted(set(sequences))
    assert await Invitation.all().count() == 1


async def test_an_event_that_is_off_is_told_to_holders_and_those_who_wait(
    postbox: None,
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONLINE: 1})
    await joins(event)
    await joins(event, BERT)
    letters = await called_off(event, {"en": "The hall burns.", "de": "Es brennt."})
    to = {str(it["To"]): it for it in letters}
    holder, waiter = (
        to["Anna Arendt <anna@example.org>"],
        to["Bert Brandt <bert@example.net>"],
    )
    method, item = calendar_of(holder)
    assert (method, item["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "The hall burns." in text_of(holder)
    assert calendar_bytes(waiter) is None
    assert "Es brennt." in text_of(waiter)
    assert len(letters) == 2


async def test_an_unconfirmed_address_hears_nothing_of_the_end(event: Event) -> None:
    await applies(event)
    await delivered()
    assert await called_off(event, {}) == []


# Killed on the way


@pytest.fixture
async def killed(event: Event) -> Callable[[], Awaitable[list[bytes]]]:
    """Do the last letter again as if its note had not been written."""

    async def again() -> list[bytes]:
        await Invitation.all().update(
            sent_method=None,
            sent_sequence=None,
            sent_revised_at=None,
            first_message_id=None,
        )
        registration = await Registration.get()
        await enqueue_now("RegistrationConfirmed:tell_of_the_seat", fact(registration))
        letters = await delivered()
        return [b"".join(filter(None, [calendar_bytes(it)])) for it in letters]

    def fact(registration: Registration) -> dict[str, str]:
        return {
            "organiser_id": str(event.organiser_id),
            "event_id": str(event.id),
            "registration_id": str(registration.id),
        }

    return again


async def test_a_letter_that_left_without_a_note_is_the_same_letter_again(
    event: Event, killed: Callable[[], Awaitable[list[bytes]]]
) -> None:
    _, (first,) = await joins(event)
    # The folder keeps one letter of each Message-ID.
    assert await killed() == []
    throw_away()
    assert await killed() == [calendar_bytes(first)]


async def test_what_is_put_right_before_the_next_try_is_a_letter_of_its_own(
    event: Event, killed: Callable[[], Awaitable[list[bytes]]]
) -> None:
    _, (first,) = await joins(event)
    await edits(event, title={"en": "Forum of the young"})
    (again,) = await killed()
    assert b"SUMMARY:Forum of the young" in again
    assert again != calendar_bytes(first)


async def test_a_cancellation_follows_a_letter_that_left_without_a_note(
    event: Event,
) -> None:
    anna, (first,) = await joins(event)
    await Invitation.all().update(sent_method=None, sent_sequence=None)
    await cancels(anna)
    (letter,) = await delivered()
    method, item = calendar_of(letter)
    assert method == "CANCEL"
    assert sequence_in(letter) > sequence_in(first)


@pytest.mark.parametrize(
    "reaction",
    [
        "RegistrationConfirmed:tell_of_the_seat",
        "EventChanged:tell_of_the_change",
        "ModeSwitched:tell_of_the_other_mode",
        "RegistrationMade:ask_to_confirm",
        "RegistrationCancelled:tell_it_is_cancelled",
    ],
)
async def test_a_reaction_that_comes_again_writes_no_second_letter(
    event: Event, reaction: str
) -> None:
    anna, _ = await joins(event)
    args: dict[str, object] = {
        "organiser_id": str(event.organiser_id),
        "event_id": str(event.id),
    }
    if reaction.startswith("Event"):
        args["moved"] = True
    else:
        args["registration_id"] = str(anna.id)
    await enqueue_now(reaction, args)
    assert await delivered() == []


async def test_the_end_of_an_event_told_twice_is_one_letter_each(
    postbox: None,
) -> None:
    event = await an_event(await an_organiser(), seats={Mode.ONLINE: 1})
    await joins(event)
    await joins(event, BERT)
    await called_off(event, {})
    args = {"organiser_id": str(event.organiser_id), "event_id": str(event.id)}
    await enqueue_now("EventCancelled:tell_it_is_off", args)
    assert await delivered() == []


# Side by side: what one letter has read is old when its turn comes


async def as_read(registration: Registration) -> Registration:
    """What a letter's job reads before others of the same person go ahead."""
    read = await recipient(registration.id, *State)
    assert read is not None
    return read


async def test_a_letter_that_is_overtaken_tells_of_no_older_way_to_take_part(
    event: Event,
) -> None:
    anna, _ = await joins(event)
    await wishes.switch_mode(anna.id, Mode.ONSITE, actor="attendee", now=clock.now())
    old = await as_read(anna)
    await wishes.switch_mode(anna.id, Mode.ONLINE, actor="attendee", now=clock.now())
    await delivered()

    assert await written_by(send_with_request(old, "mode_switched")) == []

    invitation = await Invitation.get()
    assert (invitation.mode, invitation.sent_method) == (Mode.ONLINE, Method.REQUEST)


async def test_a_letter_that_is_overtaken_tells_the_newest_time(event: Event) -> None:
    anna, _ = await joins(event)
    await wishes.switch_mode(anna.id, Mode.ONSITE, actor="attendee", now=clock.now())
    old = await as_read(anna)
    await saves(event, ends_at=event.ends_at + HOUR)

    (letter,) = await written_by(send_with_request(old, "mode_switched"))

    assert calendar_of(letter)[1].end == event.ends_at + HOUR
    assert sequence_in(letter) == 2


async def test_nobody_is_invited_who_has_cancelled_meanwhile(event: Event) -> None:
    anna = await applies(event)
    await confirmations.confirm(confirm_token(anna), now=clock.now())
    old = await as_read(anna)
    await cancels(anna)

    assert await written_by(send_with_request(old, "confirmed")) == []

    assert await Invitation.exists() is False


async def test_nobody_is_invited_again_who_has_cancelled_meanwhile(
    event: Event,
) -> None:
    anna, _ = await joins(event)
    old = await as_read(anna)
    await cancels(anna)

    too_late = send_request_again(old, "sent_again", name="x", seated=1)
    assert await written_by(too_late) == []


async def test_nobody_is_taken_out_who_has_a_seat_again(event: Event) -> None:
    anna, _ = await joins(event)
    await cancels(anna)
    old = await as_read(anna)
    await registrations.restore(anna.id, actor="attendee", now=clock.now())
    await delivered()

    too_late = send_with_cancellation(old, "cancelled", plain_id="x")
    assert await written_by(too_late) == []

    assert (await Invitation.get()).method is Method.REQUEST


# Other letters


async def test_who_is_known_gets_the_personal_link_again(event: Event) -> None:
    anna, (first,) = await joins(event)
    args = {
        "organiser_id": str(event.organiser_id),
        "event_id": str(event.id),
        "registration_id": str(anna.id),
    }
    await enqueue_now("AddressKnown:send_the_link_again", args)
    (letter,) = await delivered()
    assert link_in(letter, "/my/") in links_in(first)
    assert calendar_bytes(letter) is None


async def test_the_letter_to_sign_in_has_a_link_and_six_digits(
    client: httpx.AsyncClient,
) -> None:
    olga = await a_member(await an_organiser())
    args = {"person_id": str(olga.id), "browser_hash": "0" * 64, "language": "de"}
    await enqueue_now("letter:sign_in", args)
    (letter,) = await delivered()
    page = await client.get(link_in(letter, "/sign-in/"))
    assert page.status_code == 200
    assert re.search(r"\b[0-9]{6}\b", text_of(letter))
    assert letter["Subject"] == "Ihr Link zum Anmelden"


async def a_round(event: Event, **changes: Any) -> Round:  # Any: columns
    columns: dict[str, Any] = {
        "title": {"de": "Wie war es?", "en": "How was it?"},
        "state": RoundState.OPEN,
        "salt": "",
        "closes_at": clock.now() + timedelta(days=14),
        "created_at": clock.now(),
    }
    return await Round.create(
        organiser_id=event.organiser_id, event=event, **{**columns, **changes}
    )


async def asks(asked: Round, registration: Registration) -> list[EmailMessage]:
    args = {"round_id": str(asked.id), "registration_id": str(registration.id)}
    await enqueue_now("letter:ballot", args)
    return await delivered()


async def test_the_letter_of_a_survey_has_this_persons_ballot(event: Event) -> None:
    anna, _ = await joins(event)
    asked = await a_round(event)
    (letter,) = await asks(asked, anna)
    assert link_in(letter, "/feedback/").endswith(token_for(asked.id, anna.id))
    assert "Your answers are anonymous" in unwrapped(letter)


async def test_a_survey_that_is_over_asks_nobody(event: Event) -> None:
    anna, _ = await joins(event)
    over = await a_round(event, closes_at=clock.now() - timedelta(seconds=1))
    closed = await a_round(event, state=RoundState.CLOSED)
    assert await asks(over, anna) + await asks(closed, anna) == []


async def test_a_reminder_goes_only_to_whoever_has_not_answered(event: Event) -> None:
    (anna, _), (bert, _) = await joins(event), await joins(event, BERT)
    asked = await a_round(event)
    await Ballot.create(
        token_hash=hash_for(asked.id, anna.id), round_id=asked.id, used=True
    )
    for who in (anna, bert):
        args = {"round_id": str(asked.id), "registration_id": str(who.id)}
        await enqueue_now("letter:ballot", {**args, "reminder": 1})

    (letter,) = await delivered()

    assert letter["To"].addresses[0].addr_spec == BERT.email
    assert str(letter["Subject"]).startswith("Noch offen:")


async def test_a_letter_before_the_event_asks_what_it_is_about(event: Event) -> None:
    anna, _ = await joins(event)
    title = {"en": "Your introduction", "de": "Ihre Vorstellung"}
    kind, naming = RoundKind.INTRODUCTION, Naming.CHOSEN
    asked = await a_round(event, title=title, kind=kind, naming=naming)

    (letter,) = await asks(asked, anna)

    assert "Your introduction" in str(letter["Subject"])
    assert "How was it" not in text_of(letter)
    assert "only if you tick the box for it" in unwrapped(letter)


async def test_a_letter_to_the_network_says_why_and_names_no_event(
    event: Event,
) -> None:
    asked = await a_round(event, title={"en": "What next?"})
    await Round.filter(id=asked.id).update(event_id=None)
    carla = await Invitee.create(
        round_id=asked.id,
        name="Carla",
        email="carla@example.org",
        email_key="carla@example.org",
        language="en",
    )
    args = {"round_id": str(asked.id), "invitee_id": str(carla.id)}
    await enqueue_now("letter:asked", args)

    (letter,) = await delivered()

    assert link_in(letter, "/feedback/").endswith(token_for(asked.id, carla.id))
    assert "a list that Netzwerkstelle uses for this survey alone" in unwrapped(letter)
    assert str(letter["Subject"]) == "What next?"


# All letters


async def story() -> AsyncIterator[list[EmailMessage]]:
    """Let everything happen that has a letter, to anna in English, bert in German."""
    event = await an_event(await an_organiser(), seats={Mode.ONSITE: 2, Mode.ONLINE: 2})
    anna, bert = [await applies(event, who) for who in (ANNA, BERT)]
    yield await delivered()
    for registration in (anna, bert):
        await confirmations.confirm(confirm_token(registration), now=clock.now())
    yield await delivered()
    _, letters = await joins(event, Applicant("Carl", "carl@example.com", "de"))
    yield letters
    await applies(event)
    yield await delivered()
    yield await reminded(anna, event.starts_at, 60)
    yield await reminded(bert, event.starts_at)
    yield await edits(event, ends_at=event.ends_at + timedelta(days=1))
    await wishes.switch_mode(bert.id, Mode.ONSITE, actor="attendee", now=clock.now())
    yield await delivered()
    yield await edits(event, onsite=Place("Volkshochschule", "Weg 2"))
    await cancels(bert)
    yield await delivered()
    asked = await rounds.create(
        event.organiser_id, event.id, actor="p", now=clock.now()
    )
    await rounds.open(event.organiser_id, asked.id, actor="p", now=clock.now())
    yield await delivered()
    office = await an_organiser()
    olga = await a_member(office)
    args = {"person_id": str(olga.id), "browser_hash": "0" * 64, "language": "en"}
    await enqueue_now("letter:sign_in", args)
    await add_member(
        office.id, "Bert", BERT.email, Role.HOST, actor=SYSTEM, now=clock.now()
    )
    yield await delivered()
    yield await called_off(event, {"en": "No hall.", "de": "Kein Saal."})


async def all_letters() -> list[EmailMessage]:
    return [letter async for letters in story() for letter in letters]


async def test_the_words_of_a_letter_are_the_same_in_text_and_html(
    postbox: None,
) -> None:
    for letter in await all_letters():
        must_say_the_same(text_of(letter), html_of(letter))


async def test_every_link_of_every_letter_opens(client: httpx.AsyncClient) -> None:
    async for letters in story():
        for link in {link for letter in letters for link in links_in(letter)}:
            answer = await client.get(link)
            assert answer.status_code == 200, link


async def test_no_letter_holds_the_address_of_anybody_else(postbox: None) -> None:
    for letter in await all_letters():
        mine = letter["To"].addresses[0].addr_spec
        found = set(re.findall(r"[\w.]+@[\w.]+", everything_in(letter)))
        people = {it for it in found if it.endswith(("example.org", "example.net"))}
        assert people <= {mine}


async def test_every_letter_has_a_name_of_its_own(postbox: None) -> None:
    letters = await all_letters()
    assert len({letter["Message-ID"] for letter in letters}) == len(letters)
    assert await Job.filter(state="dead").count() == 0


async def test_a_german_letter_speaks_german_throughout(postbox: None) -> None:
    for letter in await all_letters():
        if "bert@" in str(letter["To"]):
            assert "Mit freundlichen Grüßen" in text_of(letter)
            assert "Guten Tag" in text_of(letter)
            assert not re.search(r"\b(the|your|you)\b", text_of(letter))


async def test_a_letter_nobody_waits_for_any_more_stays_unwritten(
    event: Event,
) -> None:
    args = {
        "organiser_id": str(event.organiser_id),
        "event_id": str(event.id),
        "registration_id": str(UUID(int=7)),
    }
    await enqueue_now("RegistrationConfirmed:tell_of_the_seat", args)
    assert await delivered() == []
