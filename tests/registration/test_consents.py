"""A consent holds in the words that were shown, until it is taken back."""

import asyncio
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from tests.events.statements import counted
from tests.people import an_event, an_organiser
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event, Status
from werkraum_events.rules import EventIsOff
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.language import in_language
from werkraum_foundation.models import AuditEntry
from werkraum_foundation.refusals import NotFound
from werkraum_registration import consent_lists, consent_wishes, consents, organisations
from werkraum_registration.consent_wishes import MOST_ASKED, TooManyConsents
from werkraum_registration.models import Consent, ConsentWish, Registration, State

OLGA = "person:olga"
PHOTO = {"de": "Fotos von mir sind in Ordnung.", "en": "Photos of me are fine."}
HOUR = timedelta(hours=1)


@pytest.fixture
async def event(database: str, now: datetime) -> Event:
    made = await an_event(await an_organiser(), now=now)
    await asks(made, "photo", now=now)
    return made


@pytest.fixture
async def anna(event: Event, now: datetime) -> Registration:
    made = await takes_part(event, now=now)
    return await Registration.get(id=made.id).select_related("event")


async def asks(
    event: Event, purpose: str, text: dict[str, str] = PHOTO, *, now: datetime
) -> None:
    await consent_wishes.ask(
        event.organiser_id, event.id, purpose, text, actor=OLGA, now=now
    )


async def agrees(
    who: Registration, *entries: str, now: datetime, language: str = "en"
) -> None:
    await consents.give(
        who.id,
        who.event_id,
        entries,
        language=language,
        channel=consents.FORM,
        now=now,
    )


async def test_a_consent_says_by_itself_what_was_agreed_to(
    anna: Registration, now: datetime
) -> None:
    await agrees(anna, "photo", now=now)
    given = await Consent.get()
    assert given.text == "Photos of me are fine."
    assert given.text_hash == sha256(given.text.encode()).hexdigest()
    assert (given.language, given.channel) == ("en", "form")
    assert (given.given_at, given.withdrawn_at) == (now, None)


async def test_the_language_is_that_of_the_text_that_was_shown(
    event: Event, anna: Registration, now: datetime
) -> None:
    await asks(event, "quote", {"de": "Ja."}, now=now)
    await agrees(anna, "quote", now=now, language="en")
    given = await Consent.get()
    assert (given.text, given.language) == ("Ja.", "de")


async def test_a_box_stands_for_the_text_that_stood_beside_it(
    event: Event, anna: Registration, now: datetime
) -> None:
    with in_language("de"):
        [box] = await consents.asked(event.id)
    # Sent by an English page that was left open: it is the German text all the same.
    await agrees(anna, box.entry, now=now, language="en")
    assert (await Consent.get()).text == PHOTO["de"]


async def test_nobody_agrees_to_words_that_came_later(
    event: Event, anna: Registration, now: datetime
) -> None:
    [box] = await consents.asked(event.id)
    await asks(event, "photo", {"en": "Photos of me may be sold."}, now=now)
    [fault] = await consents.faults_of(event.id, [box.entry])
    assert (fault.field, fault.code) == ("consents", "consent_changed")
    with pytest.raises(InvalidInput):
        await agrees(anna, box.entry, now=now)
    assert await Consent.all().count() == 0


@pytest.mark.parametrize("entry", ["newsletter", "", ":", "photo\0", "x" * 10_000])
async def test_what_is_not_asked_is_refused(
    event: Event, anna: Registration, now: datetime, entry: str
) -> None:
    [fault] = await consents.faults_of(event.id, [entry])
    assert fault.code == "consent_not_asked"
    with pytest.raises(InvalidInput):
        await agrees(anna, entry, now=now)


async def test_other_words_change_no_consent_that_was_given(
    event: Event, anna: Registration, now: datetime
) -> None:
    await agrees(anna, "photo", now=now)
    await asks(event, "photo", {"en": "Photos of me may be sold."}, now=now)
    [given] = await consents.standing_of(anna.id)
    assert given.text == PHOTO["en"]
    [box] = (await consents.shown_to(anna, now=now)).boxes
    assert (box.text, box.given_at) == (PHOTO["en"], now)


async def test_two_clicks_give_once_and_take_back_once(
    anna: Registration, now: datetime
) -> None:
    await asyncio.gather(*(agrees(anna, "photo", now=now) for _ in range(5)))
    assert await Consent.all().count() == 1
    later = now + HOUR
    await asyncio.gather(
        *(consents.withdraw(anna.id, "photo", later) for _ in range(5))
    )
    await consents.withdraw(anna.id, "photo", later + HOUR)
    assert (await Consent.get()).withdrawn_at == later
    changes = [it.changes for it in await AuditEntry.filter(subject_id=anna.id)]
    assert changes == [
        {"consents": [[], ["photo"]]},
        {"photo": ["given", "withdrawn"]},
    ]


async def test_who_agrees_again_gives_a_new_consent(
    anna: Registration, now: datetime
) -> None:
    await agrees(anna, "photo", now=now)
    await consents.withdraw(anna.id, "photo", now + HOUR)
    await agrees(anna, "photo", now=now + 2 * HOUR)
    assert [it.withdrawn_at for it in await consents.all_of(anna.id)] == [
        now + HOUR,
        None,
    ]


async def test_a_consent_asked_for_no_longer_can_still_be_taken_back(
    event: Event, anna: Registration, now: datetime
) -> None:
    await agrees(anna, "photo", now=now)
    await consent_wishes.ask_no_more(
        event.organiser_id, event.id, "photo", actor=OLGA, now=now
    )
    assert await consents.asked(event.id) == []
    [box] = (await consents.shown_to(anna, now=now)).boxes
    assert box.given_at
    await consents.withdraw(anna.id, "photo", now)
    assert (await consents.shown_to(anna, now=now)).boxes == []


async def test_who_is_out_is_asked_for_nothing(
    event: Event, anna: Registration, now: datetime
) -> None:
    anna.state = State.CANCELLED
    assert (await consents.shown_to(anna, now=now)).boxes == []


async def test_a_change_of_the_boxes_makes_the_page_anew(
    event: Event, now: datetime
) -> None:
    before = (await Event.get(id=event.id)).version
    for _ in range(2):
        await asks(event, "quote", now=now)
    assert (await Event.get(id=event.id)).version == before + 1
    assert await AuditEntry.filter(action="consent.ask").count() == 2


async def test_a_form_asks_for_a_few_consents(event: Event, now: datetime) -> None:
    for number in range(MOST_ASKED - 1):
        await asks(event, f"own-{number}", now=now)
    with pytest.raises(TooManyConsents):
        await asks(event, "one-more", now=now)


async def test_otto_asks_nothing_of_olgas_people(event: Event, now: datetime) -> None:
    otto = await an_organiser("Another office")
    with pytest.raises(NotFound):
        await consent_wishes.ask(
            otto.id, event.id, "quote", PHOTO, actor="otto", now=now
        )
    with pytest.raises(NotFound):
        await consent_wishes.ask_no_more(
            otto.id, event.id, "photo", actor="otto", now=now
        )


async def test_an_event_that_is_off_asks_nothing_new(
    event: Event, now: datetime
) -> None:
    await Event.filter(id=event.id).update(status=Status.CANCELLED)
    with pytest.raises(EventIsOff):
        await asks(event, "quote", now=now)


async def test_a_copy_asks_for_the_same(event: Event, now: datetime) -> None:
    await asks(event, "quote", now=now)
    other = await an_event(await an_organiser("Another office"), now=now)
    await consent_wishes.copy(event.id, other.id)
    copied = await ConsentWish.filter(event_id=other.id).order_by("position")
    assert [(it.purpose, it.text) for it in copied] == [
        ("photo", PHOTO),
        ("quote", PHOTO),
    ]


async def test_people_see_those_with_a_seat_who_agreed(
    event: Event, now: datetime
) -> None:
    await asks(event, "list_visibility", now=now)
    town = await organisations.typed(event.organiser_id, "Stadt Kleve", now=now)
    for name in ("Zoe", "anna"):
        seen = await takes_part(event, name, now=now, organisation_id=town)
        await agrees(seen, "list_visibility", "photo", now=now)
    await takes_part(event, "Silent", now=now)
    gone = await takes_part(event, "Back", now=now)
    typed = await takes_part(event, "Typed", now=now, vouched=False)
    waiting = await takes_part(event, "Waits", state=State.WAITLISTED, now=now)
    for who in (gone, typed, waiting):
        await agrees(who, "list_visibility", now=now)
    await consents.withdraw(gone.id, "list_visibility", now)
    with counted() as statements:
        people = await consent_lists.people_of(event.id)
    assert [(it.name, it.organisation) for it in people] == [
        ("anna", "Stadt Kleve"),
        ("Zoe", "Stadt Kleve"),
    ]
    assert len(statements) == 1


async def test_there_is_a_list_for_people_with_a_seat_until_ninety_days_after(
    event: Event, anna: Registration, now: datetime
) -> None:

    assert not await consents.shows_people(anna, now=now)
    await asks(event, "list_visibility", now=now)
    assert await consents.shows_people(anna, now=now)
    end = event.ends_at + consents.LIST_LIFE
    assert await consents.shows_people(anna, now=end - HOUR)
    assert not await consents.shows_people(anna, now=end)
    anna.state = State.WAITLISTED
    assert not await consents.shows_people(anna, now=now)


async def test_organisers_count_who_agrees_and_who_did_once(
    event: Event, anna: Registration, now: datetime
) -> None:
    bert = await takes_part(event, "Bert", now=now)
    typed = await takes_part(event, "Typed", now=now, vouched=False)
    for who in (anna, bert, typed):
        await agrees(who, "photo", now=now)
    await consents.withdraw(bert.id, "photo", now)
    found = await consent_lists.agreed_of(event.id)
    assert (found["photo"].standing, found["photo"].withdrawn) == (1, 1)
    [agreed] = await consent_lists.consenting(event.id, "photo")
    assert (agreed.name, agreed.given_at) == ("Anna", now)
    await agrees(bert, "photo", now=now)
    found = await consent_lists.agreed_of(event.id)
    assert (found["photo"].standing, found["photo"].withdrawn) == (2, 0)
