"""Letters of an organiser to many, as each of them reads it."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from tests.letter_reader import must_say_the_same, read
from tests.people import an_event, an_organiser
from tests.registration.people_by_hand import takes_part
from tests.server.postbox import (
    delivered,
    everything_in,
    folder,
    html_of,
    link_in,
    links_in,
    text_of,
    throw_away,
    unwrapped,
)

from werkraum_events import events
from werkraum_events.models import Event, Mode
from werkraum_events.rules import wish_of
from werkraum_events.wishes import EventWish
from werkraum_foundation import clock
from werkraum_foundation.models import Job
from werkraum_foundation.outbox import worker
from werkraum_foundation.outbox.jobs import handler_of
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import group_letters, group_sending
from werkraum_registration.audiences import Audience
from werkraum_registration.group_letters import LetterWish, When, progress_of
from werkraum_registration.models import (
    GroupLetter,
    GroupLetterCopy,
    Registration,
    State,
)

HOSTILE = "Win <b>now</b> https://evil.example www.evil.example\nSubject: x"
BODY = (
    "Hello {name}, welcome to {event} ({when}, {mode}).\n\n"
    "Lunch is <em>free</em>.\nYour page: {link}"
)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def postbox(client: httpx.AsyncClient) -> None:
    throw_away()


@pytest.fixture
async def event(postbox: None) -> Event:
    return await an_event(await an_organiser())


async def sent(
    event: Event,
    body: str = BODY,
    subject: str = "Lunch at {event}",
    audience: Audience | None = None,
    **when: Any,  # Any: as When takes it
) -> GroupLetter:
    """Write a letter in English and let it go."""
    wish = LetterWish({"en": subject}, {"en": body}, audience or Audience())
    by: dict[str, Any] = {"actor": "olga", "now": clock.now()}
    letter = await group_letters.write(event.organiser_id, event.id, wish, **by)
    return await group_letters.send(
        event.organiser_id, letter.id, When(**when), version=1, **by
    )


async def test_the_marks_are_filled_in_for_each(event: Event) -> None:
    anna = await takes_part(event, "Anna", Mode.ONLINE)
    await sent(event)
    (letter,) = await delivered()
    assert letter["Subject"] == "Lunch at Youth forum"
    words = unwrapped(letter)
    assert "Hello Anna, welcome to Youth forum (" in words
    assert ", online)." in words
    assert "Lunch is <em>free</em>." in text_of(letter)
    assert "<em>free" not in html_of(letter)
    assert link_in(letter, "/my/") and anna.id
    must_say_the_same(text_of(letter), html_of(letter))
    assert "office@network.example" in str(letter["Reply-To"])


async def test_the_link_opens_the_page_in_the_language_of_the_letter(
    event: Event,
) -> None:
    anna = await takes_part(event, "Anna")
    await Registration.filter(id=anna.id).update(language="de")
    await sent(event, "Your page: {link}")
    links = links_in(must_be_one(await delivered()))
    own = [it for it in links if "/my/" in it]
    assert own and all("/de/my/" in it for it in own)


async def test_there_is_one_greeting(event: Event) -> None:
    await takes_part(event)
    for body, greeting in (
        ("Dear {name},\n\nsoup!", "Dear Anna, soup!"),
        ("There is soup, {name}", "There is soup, Anna"),
        ("There is soup.\n\nFor {name}", "Hello Anna, There is soup."),
    ):
        await sent(event, body)
        words = unwrapped(must_be_one(await delivered()))
        assert greeting in words and words.count("Anna") <= 2
        assert words.count("Hello") == ("Hello" in greeting)


async def test_each_has_a_letter_and_a_link_of_their_own(event: Event) -> None:
    for name in ("Anna", "Berta"):
        await takes_part(event, name)
    await sent(event)
    letters = await delivered()
    assert len({str(it["To"]) for it in letters}) == 2
    assert len({str(it["Message-ID"]) for it in letters}) == 2
    assert len({link for it in letters for link in links_in(it) if "/my/" in link}) == 2


async def test_what_attendees_typed_is_no_link_and_no_markup(event: Event) -> None:
    await takes_part(event, HOSTILE, email="anna@example.org")
    await sent(event)
    (letter,) = await delivered()
    assert "evil. example" in text_of(letter)
    assert "Win" not in str(letter["Subject"])
    assert "<b>now</b>" not in html_of(letter)
    assert not [link for link in read(html_of(letter)).links if "evil" in link]


async def test_whoever_pressed_no_button_gets_the_words_and_no_name(
    event: Event,
) -> None:
    await takes_part(event, "Anna Spammer", vouched=False, email="anna@example.org")
    await sent(event)
    (letter,) = await delivered()
    assert "Spammer" not in everything_in(letter)
    assert "Hello, welcome to Youth forum" in unwrapped(letter)


async def test_an_address_nobody_has_confirmed_gets_nothing(event: Event) -> None:
    await takes_part(event, state=State.UNCONFIRMED, vouched=False)
    await takes_part(event, "Berta")
    await sent(event)
    (letter,) = await delivered()
    assert "berta@" in str(letter["To"])


@pytest.mark.parametrize(
    ("language", "texts", "subject"),
    [
        ("de", {"de": "Hallo", "en": "Hello"}, "Hallo"),
        ("en", {"de": "Hallo", "en": "Hello"}, "Hello"),
        ("en", {"de": "Hallo"}, "Hallo"),
        ("de", {"en": "Hello"}, "Hello"),
    ],
)
async def test_each_reads_their_language_or_one_it_was_written_in(
    event: Event, language: str, texts: dict[str, str], subject: str
) -> None:
    await takes_part(event, language=language)
    wish = LetterWish(texts, texts, Audience())
    by: dict[str, Any] = {"actor": "olga", "now": clock.now()}
    letter = await group_letters.write(event.organiser_id, event.id, wish, **by)
    await group_letters.send(event.organiser_id, letter.id, When(), version=1, **by)
    (mail,) = await delivered()
    assert mail["Subject"] == subject


async def test_a_killed_process_writes_to_nobody_twice_and_forgets_nobody(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_sending, "BATCH", 2)
    for number in range(7):
        await takes_part(event, f"P{number}")
    letter = await sent(event)
    for _ in range(60):
        claimed = await worker.claim(3)
        if not claimed:
            break
        for number, job in enumerate(claimed):
            if number == 1 and job.attempts == 1:
                # Killed after the letter left and before that was written down.
                handler = handler_of(job.name)
                assert handler
                await handler(**job.args)
                if job.name == "letter:group":
                    await GroupLetterCopy.filter(
                        registration_id=job.args["registration_id"]
                    ).update(sent_at=None)
            else:
                await worker.run(job)
        await worker.free_leases()
    names = [path.name.partition("-")[2] for path in folder().glob("*.eml")]
    assert len(names) == len(set(names)) == 7
    progress = (await progress_of(event.id))[letter.id]
    assert (progress.copies, progress.sent) == (7, 7)
    assert not await Job.exists()


async def test_stopped_in_the_middle_and_going_on(event: Event) -> None:
    for name in ("Anna", "Berta", "Cem"):
        await takes_part(event, name)
    letter = await sent(event)
    [first] = await worker.claim(1)
    await worker.run(first)
    [one] = await worker.claim(1)
    await worker.run(one)
    await GroupLetter.filter(id=letter.id).update(state="sending")
    by: dict[str, Any] = {"actor": "olga", "now": clock.now()}
    await group_letters.stop(event.organiser_id, letter.id, **by)
    before = len(await delivered())
    assert before == 0 and len(list(folder().glob("*.eml"))) == 1
    stopped = await GroupLetter.get(id=letter.id)
    await group_letters.send(
        event.organiser_id, letter.id, When(), version=stopped.version, **by
    )
    assert len(await delivered()) == 2


async def saves(event: Event, **changes: object) -> None:
    wish = wish_of(await Event.get(id=event.id))
    wanted = EventWish(**{**vars(wish), **changes})
    await events.edit(
        event.organiser_id, event.id, wanted, version=None, actor="p", now=clock.now()
    )
    await drain()


async def test_a_planned_letter_follows_the_event_and_stops_with_it(
    event: Event,
) -> None:
    await takes_part(event)
    letter = await sent(event, minutes_before=120)
    later = event.starts_at + 24 * HOUR
    await saves(event, starts_at=later, ends_at=later + HOUR)
    assert (await GroupLetter.get(id=letter.id)).send_at == later - 2 * HOUR
    await events.cancel(
        event.organiser_id, event.id, {}, actor="p", now=clock.now() + HOUR
    )
    await drain()
    stopped = await GroupLetter.get(id=letter.id)
    assert (stopped.state, stopped.note) == ("stopped", "off")


async def test_what_comes_after_the_end_is_noted_and_not_sent(event: Event) -> None:
    await takes_part(event)
    letter = await sent(event)
    [first] = await worker.claim(1)
    await worker.run(first)
    # The mail server is away until the event is over.
    past = {"starts_at": clock.now() - 2 * HOUR, "ends_at": clock.now() - HOUR}
    await Event.filter(id=event.id).update(**past)
    await GroupLetter.filter(id=letter.id).update(send_at=clock.now() - 3 * HOUR)
    await drain()
    assert (await GroupLetterCopy.get()).dropped == "over"
    assert not list(folder().glob("*.eml"))


async def test_a_letter_to_one_person_alone(event: Event) -> None:
    anna, _ = await takes_part(event), await takes_part(event, "Berta")
    await sent(event, audience=Audience(registration_id=anna.id))
    (letter,) = await delivered()
    assert "anna@" in str(letter["To"])


def must_be_one(letters: list[EmailMessage]) -> EmailMessage:
    (letter,) = letters
    return letter


async def test_a_letter_after_the_event_thanks_who_was_there(event: Event) -> None:
    await takes_part(event)
    past = {"starts_at": clock.now() - 2 * HOUR, "ends_at": clock.now() - HOUR}
    await Event.filter(id=event.id).update(**past)
    await sent(event, "Thank you, {name}!")
    assert "Thank you, Anna!" in unwrapped(must_be_one(await delivered()))
