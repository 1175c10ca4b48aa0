"""The letters of every state: offered, lapsed, converted, admitted, back, erased."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import httpx
import pytest
from tests.letter_reader import must_say_the_same, read
from tests.people import an_event, an_organiser
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
)

from werkraum_events import events
from werkraum_events.models import Event, Mode, Promotion, Session
from werkraum_foundation import clock
from werkraum_foundation.audit import ATTENDEE
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.models import Job
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.outbox.worker import claim, run
from werkraum_registration import (
    addresses,
    approvals,
    changes,
    erasing,
    offers,
    registrations,
    wishes,
)
from werkraum_registration.changes import Details
from werkraum_registration.models import (
    AddressChange,
    Registration,
    SeatPool,
    State,
    Wanted,
    Wish,
)
from werkraum_registration.registrations import Applicant, Application
from werkraum_registration.seat_pools import set_seats
from werkraum_server.letters import event_news

OLGA = "person:olga"
ANNA = Applicant("Anna Arendt", "anna@example.org", "en")
BERT = Applicant("Bert Brandt", "bert@example.net", "de")
CARL = Applicant("Carl Conrad", "carl@example.com", "de")
OWN_SEAT_STAYS = "Ihr eigener Platz ist davon nicht berührt: Sie behalten ihn."
ONE_EACH: dict[Mode, int | None] = {Mode.ONSITE: 1, Mode.ONLINE: 5}


@pytest.fixture(autouse=True)
async def postbox(client: httpx.AsyncClient) -> None:
    """An empty folder, and the routes that links lead to."""
    throw_away()


@pytest.fixture
async def event(postbox: None) -> Event:
    """One seat on site, a few online."""
    return await an_event(await an_organiser(), seats=ONE_EACH)


async def joins(
    event: Event, who: Applicant, wanted: Wanted = Wanted.ONSITE, seats: int = 1
) -> Registration:
    """Register somebody whose address is known to be theirs."""
    made = await registrations.register(
        event.id,
        who,
        Application(wanted, seats),
        vouched=True,
        now=clock.now(),
        by_hand=True,
    )
    return await Registration.get(id=made.id)


async def cancels(registration: Registration, actor: str = ATTENDEE) -> None:
    await registrations.cancel(registration.id, actor=actor, now=clock.now())


async def restores(registration: Registration) -> None:
    await registrations.restore(registration.id, actor=ATTENDEE, now=clock.now())


async def to(who: Applicant) -> EmailMessage:
    """The one letter to somebody, of all that leave now."""
    (letter,) = [it for it in await delivered() if who.email in str(it["To"])]
    return letter


async def let_lapse(registration: Registration) -> None:
    """Let the deadline of an offer pass."""
    past = clock.now() - timedelta(seconds=1)
    offered = Wish.filter(registration_id=registration.id).exclude(offered_until=None)
    await offered.update(offered_until=past)
    await offers.lapse_due(clock.now())


def sequence_in(letter: EmailMessage) -> int:
    return int(str(calendar_of(letter)[1]["SEQUENCE"]))


# Offers


async def test_an_offer_says_until_when_and_brings_no_calendar_entry(
    event: Event,
) -> None:
    anna, _ = await joins(event, ANNA), await joins(event, BERT)
    await delivered()
    await cancels(anna)
    letter = await to(BERT)
    wish = await Wish.get(pool__mode=Mode.ONSITE)
    assert letter["Subject"] == "Möchten Sie diesen Platz? Forum Jugend"
    assert "Wir halten ihn für Sie frei bis" in unwrapped(letter)
    assert "(Ortszeit Berlin)" in unwrapped(letter)
    assert "warten an deren Ende" in unwrapped(letter)
    assert wish.offered_until is not None
    assert "/my/" in link_in(letter, "/my/")
    assert calendar_bytes(letter) is None


async def test_who_takes_the_offer_is_told_of_the_seat_with_an_entry(
    event: Event,
) -> None:
    anna, bert = await joins(event, ANNA), await joins(event, BERT)
    await cancels(anna)
    await delivered()
    await offers.accept(bert.id, Mode.ONSITE, actor=ATTENDEE, now=clock.now())
    letter = await to(BERT)
    assert "Ein Platz für Sie" in str(letter["Subject"])
    assert calendar_of(letter)[0] == "REQUEST"


async def test_a_lapsed_offer_is_told_with_the_place_at_the_end_of_the_queue(
    event: Event,
) -> None:
    anna, bert, carl = [await joins(event, it) for it in (ANNA, BERT, CARL)]
    await cancels(anna)
    await delivered()
    await let_lapse(bert)
    to_whom = {str(it["To"]).partition(" ")[0]: it for it in await delivered()}
    assert set(to_whom) == {"Bert", "Carl"}
    lapsed = to_whom["Bert"]
    assert lapsed["Subject"] == "Das Platzangebot ist verfallen: Forum Jugend"
    assert "Sie sind Nummer 1" in unwrapped(lapsed)
    assert (await Registration.get(id=carl.id)).state is State.OFFERED


async def test_an_offer_lapsed_with_nobody_else_waiting_is_the_next_offer(
    event: Event,
) -> None:
    anna, bert = await joins(event, ANNA), await joins(event, BERT)
    await cancels(anna)
    await delivered()
    await let_lapse(bert)
    again = await to(BERT)
    assert again["Subject"] == "Möchten Sie diesen Platz? Forum Jugend"
    assert "Sie stehen nicht mehr darauf" in unwrapped(again)
    await let_lapse(bert)
    last = await to(BERT)
    assert "Sie stehen nicht mehr auf der Warteliste" in str(last["Subject"])
    assert (await Registration.get(id=bert.id)).state is State.EXPIRED


# On site if possible, else online


async def test_the_first_letter_tells_of_the_seat_and_of_the_queue(
    event: Event,
) -> None:
    await joins(event, ANNA)
    await joins(event, BERT, Wanted.ONSITE_ELSE_ONLINE)
    letter = [it for it in await delivered() if BERT.email in str(it["To"])]
    assert len(letter) == 1
    assert "warten Sie weiter: Sie sind Nummer 1" in unwrapped(letter[0])
    assert "/door" in str(calendar_of(letter[0])[1]["LOCATION"])


async def test_a_seat_on_site_after_one_online_moves_the_same_entry(
    event: Event,
) -> None:
    await Event.filter(id=event.id).update(promotion=Promotion.CONFIRM)
    anna = await joins(event, ANNA)
    await joins(event, BERT, Wanted.ONSITE_ELSE_ONLINE)
    [first] = [it for it in await delivered() if BERT.email in str(it["To"])]
    await cancels(anna)
    second = await to(BERT)
    (_, before), (method, after) = calendar_of(first), calendar_of(second)
    assert second["Subject"] == "Ein Platz vor Ort für Sie: Forum Jugend"
    assert method == "REQUEST"
    assert after["UID"] == before["UID"]
    assert sequence_in(second) == sequence_in(first) + 1
    assert after["LOCATION"] == "Rathaus, Markt 1, Beispielstadt"
    assert "/door" not in text_of(second)


async def test_an_offer_of_the_better_seat_says_that_the_other_stays(
    event: Event,
) -> None:
    anna = await joins(event, ANNA)
    await joins(event, BERT, Wanted.ONSITE_ELSE_ONLINE)
    await delivered()
    await cancels(anna)
    letter = await to(BERT)
    assert "Ihren Online-Platz behalten Sie" in unwrapped(letter)
    assert "Wo: Rathaus" in unwrapped(letter)
    assert calendar_bytes(letter) is None


async def test_who_switches_by_oneself_hears_of_a_change(event: Event) -> None:
    anna = await joins(event, ANNA)
    await delivered()
    await wishes.switch_mode(anna.id, Mode.ONLINE, actor=ATTENDEE, now=clock.now())
    assert (await to(ANNA))["Subject"] == "You now take part online: Youth forum"


# Cancelled, and taken back


async def test_a_cancellation_taken_back_is_an_invitation_above_it(
    event: Event,
) -> None:
    anna = await joins(event, ANNA)
    invited = await to(ANNA)
    await cancels(anna)
    cancelled = await to(ANNA)
    assert "you can take it back on your page" in unwrapped(cancelled)
    await restores(anna)
    again = await to(ANNA)
    assert again["Subject"] == "You are registered again: Youth forum"
    methods = [calendar_of(it)[0] for it in (invited, cancelled, again)]
    assert methods == ["REQUEST", "CANCEL", "REQUEST"]
    sequences = [sequence_in(it) for it in (invited, cancelled, again)]
    assert sequences == sorted(set(sequences))
    entries = [calendar_of(it)[1] for it in (invited, cancelled, again)]
    assert len({str(it["UID"]) for it in entries}) == 1
    assert len({str(it["ORGANIZER"]) for it in entries}) == 1


async def test_who_comes_back_to_the_other_seat_reads_of_the_queue(
    event: Event,
) -> None:
    """The seat on site is somebody's by then: one online, and waiting on."""
    bert = await joins(event, BERT, Wanted.ONSITE_ELSE_ONLINE)
    await delivered()
    await cancels(bert)
    await joins(event, ANNA)
    await delivered()
    await restores(bert)
    again = unwrapped(await to(BERT))
    assert "Wo: online" in again
    assert "warten Sie weiter: Sie sind Nummer 1" in again


async def test_a_cancellation_that_never_left_is_taken_back_in_silence(
    event: Event,
) -> None:
    anna = await joins(event, ANNA)
    await delivered()
    await cancels(anna)
    await restores(anna)
    assert await delivered() == []


@pytest.mark.parametrize("left", [True, False], ids=["sent", "not sent"])
async def test_who_comes_back_to_the_queue_loses_the_entry_once(
    event: Event, left: bool
) -> None:
    """Whether the cancellation had left or not, the calendar holds nothing then."""
    await Event.filter(id=event.id).update(promotion=Promotion.CONFIRM)
    anna, _ = await joins(event, ANNA), await joins(event, BERT)
    await delivered()
    await cancels(anna)
    if left:
        await delivered()
    await restores(anna)
    letter = await to(ANNA)
    assert letter["Subject"] == "You are in the queue: Youth forum"
    assert "you are number 1 in the queue" in unwrapped(letter)
    if left:
        assert calendar_bytes(letter) is None
    else:
        assert calendar_of(letter)[0] == "CANCEL"


async def test_who_cancels_in_the_queue_after_having_been_invited_is_told_so(
    event: Event,
) -> None:
    await Event.filter(id=event.id).update(promotion=Promotion.CONFIRM)
    anna, _ = await joins(event, ANNA), await joins(event, BERT)
    await cancels(anna)
    await restores(anna)
    await delivered()
    await cancels(anna)
    letter = await to(ANNA)
    assert letter["Subject"] == "Registration cancelled: Youth forum"
    assert calendar_bytes(letter) is None


# Approval


async def asked(event: Event) -> Registration:
    """Somebody whose registration the organiser looks at."""
    await Event.filter(id=event.id).update(approval=True, confirmation="immediate")
    made = await registrations.register(
        event.id, ANNA, Mode.ONSITE, vouched=True, now=clock.now()
    )
    return await Registration.get(id=made.id)


async def test_who_awaits_approval_has_nothing_in_the_calendar(event: Event) -> None:
    await asked(event)
    letter = await to(ANNA)
    assert letter["Subject"] == "Your registration is being looked at: Youth forum"
    assert calendar_bytes(letter) is None


async def test_the_admitted_are_told_of_a_seat_and_not_of_a_queue(
    event: Event,
) -> None:
    anna = await asked(event)
    await delivered()
    await approvals.approve_now(event.id, [anna.id], actor=OLGA, now=clock.now())
    letter = await to(ANNA)
    assert letter["Subject"] == "You have been admitted: Youth forum"
    assert calendar_of(letter)[0] == "REQUEST"


async def test_a_no_is_one_letter_without_a_calendar(event: Event) -> None:
    anna = await asked(event)
    await delivered()
    await approvals.reject_now(event.id, [anna.id], actor=OLGA, now=clock.now())
    letter = await to(ANNA)
    assert letter["Subject"] == "About your registration: Youth forum"
    assert calendar_bytes(letter) is None


async def test_a_no_after_a_change_takes_the_entry_out_again(event: Event) -> None:
    anna = await asked(event)
    await Event.filter(id=event.id).update(approval_again=True)
    await approvals.approve_now(event.id, [anna.id], actor=OLGA, now=clock.now())
    await delivered()
    await changes.change(anna.id, Details("Anna B."), actor=ATTENDEE, now=clock.now())
    assert "being looked at" in str((await to(ANNA))["Subject"])
    await approvals.reject_now(event.id, [anna.id], actor=OLGA, now=clock.now())
    assert calendar_of(await to(ANNA))[0] == "CANCEL"


async def test_who_is_offered_a_seat_or_looked_at_hears_of_a_move_and_of_the_end(
    event: Event,
) -> None:
    anna, bert = await joins(event, ANNA), await joins(event, BERT)
    await cancels(anna)
    await Event.filter(id=event.id).update(approval=True, confirmation="immediate")
    await registrations.register(
        event.id, CARL, Mode.ONLINE, vouched=True, now=clock.now()
    )
    await delivered()
    await Event.filter(id=event.id).update(sequence=1)
    await event_news.tell_of_change(event.id)
    moved = await delivered()
    assert len(moved) == 2
    for letter in moved:
        assert "Ihre Anmeldung bleibt, wie sie ist." in unwrapped(letter)
    reason = {"de": "Sturm."}
    await events.cancel(
        event.organiser_id, event.id, reason, actor=OLGA, now=clock.now()
    )
    off = await delivered()
    assert {str(it["To"]).partition(" ")[0] for it in off} == {"Bert", "Carl"}
    assert bert.id


# Parties, sessions, changes


async def test_a_party_reads_how_many_seats_it_has(event: Event) -> None:
    await Event.filter(id=event.id).update(largest_party=4)
    await joins(event, BERT, Wanted.ONLINE, seats=3)
    assert "Plätze: 3" in unwrapped(await to(BERT))


async def a_workshop(event: Event, seats: int) -> Session:
    session = await Session.create(
        event=event,
        title={"de": "Werkstatt A", "en": "Workshop A"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        bookable=True,
    )
    await SeatPool.create(event=event, session=session, seats=seats)
    return session


async def test_a_seat_in_a_workshop_after_waiting_is_told(event: Event) -> None:
    workshop = await a_workshop(event, seats=1)
    anna, bert = [await joins(event, it, Wanted.ONLINE) for it in (ANNA, BERT)]
    for each in (anna, bert):
        chosen = Details(each.name, sessions=frozenset({workshop.id}))
        await changes.change(each.id, chosen, actor=ATTENDEE, now=clock.now())
    await delivered()
    await cancels(anna)
    letter = await to(BERT)
    assert letter["Subject"] == "Ein Platz für Sie: Werkstatt A"
    assert calendar_bytes(letter) is None


async def choose(who: Registration, *workshops: Session) -> None:
    chosen = Details(who.name, sessions=frozenset(it.id for it in workshops))
    await changes.change(who.id, chosen, actor=ATTENDEE, now=clock.now())


async def test_the_letter_about_a_seat_names_the_workshops_and_the_queue(
    event: Event,
) -> None:
    first, second = [await a_workshop(event, seats=1) for _ in range(2)]
    await Session.filter(id=second.id).update(title={"en": "Lab", "de": "Labor"})
    await choose(await joins(event, CARL, Wanted.ONLINE), first)
    for who in (ANNA, BERT):
        chosen = Application(Wanted.ONLINE, sessions=(first.id, second.id))
        await registrations.register(
            event.id, who, chosen, vouched=True, now=clock.now(), by_hand=True
        )
    letters = {str(it["To"]).partition(" ")[0]: it for it in await delivered()}
    anna, bert = letters["Anna"], letters["Bert"]
    assert "What you have chosen:" in unwrapped(anna)
    [first_line, second_line] = rows_of(anna, "Workshop A", "Lab")
    assert "to" in second_line and "Berlin time)" in second_line
    assert first_line.endswith("No seat yet: you wait, as number 1.")
    assert "No seat yet" not in second_line
    [first_line, second_line] = rows_of(bert, "Werkstatt A", "Labor")
    assert first_line.endswith("Noch kein Platz: Sie warten als Nummer 2.")
    assert second_line.endswith("Noch kein Platz: Sie warten als Nummer 1.")
    for letter in (anna, bert):
        must_say_the_same(text_of(letter), html_of(letter))


def rows_of(letter: EmailMessage, *terms: str) -> list[str]:
    """The facts of these names, as they stand in the HTML of a letter."""
    seen = [it.strip() for it in read(html_of(letter)).seen if it.strip()]
    return [seen[seen.index(term) + 1] for term in terms]


async def test_without_a_choice_no_letter_speaks_of_one(event: Event) -> None:
    await joins(event, ANNA)
    assert "chosen" not in text_of(await to(ANNA))


async def test_a_change_of_workshops_is_told_by_name(event: Event) -> None:
    workshop = await a_workshop(event, seats=1)
    anna = await joins(event, ANNA)
    await delivered()
    await choose(anna, workshop)
    await delivered()
    await hurry("letter:registration_changed")
    assert rows_of(await to(ANNA), "Workshop A")


# Fewer seats


async def has_online_and_an_offer(event: Event) -> Registration:
    """Bert takes part online and is offered the seat on site, which Anna gave back."""
    anna = await joins(event, ANNA)
    bert = await joins(event, BERT, Wanted.ONSITE_ELSE_ONLINE)
    await cancels(anna)
    await delivered()
    return bert


async def fewer(event: Event, onsite: int, online: int) -> None:
    await set_seats(
        event.id,
        {Mode.ONSITE: onsite, Mode.ONLINE: online},
        take_back=True,
        actor=OLGA,
        now=clock.now(),
    )


async def test_an_offer_taken_back_is_told_and_the_seat_online_stays(
    event: Event,
) -> None:
    bert = await has_online_and_an_offer(event)
    await fewer(event, onsite=0, online=5)
    letter = await to(BERT)
    assert str(letter["Subject"]).startswith("Der für Sie frei gehaltene Platz")
    assert "Sie sind Nummer 1" in unwrapped(letter)
    assert OWN_SEAT_STAYS in unwrapped(letter)
    assert calendar_bytes(letter) is None
    must_say_the_same(text_of(letter), html_of(letter))
    now = await Registration.get(id=bert.id)
    assert (now.state, now.mode) == (State.CONFIRMED, Mode.ONLINE)
    await fewer(event, onsite=1, online=5)
    again = await to(BERT)
    assert again["Subject"] == "Möchten Sie diesen Platz? Forum Jugend"
    await fewer(event, onsite=0, online=5)
    # Each time it is another letter.
    assert (await to(BERT))["Message-ID"] != letter["Message-ID"]


async def test_who_loses_the_seat_online_with_the_offer_has_one_letter(
    event: Event,
) -> None:
    bert = await has_online_and_an_offer(event)
    await fewer(event, onsite=0, online=0)
    letter = await to(BERT)
    assert str(letter["Subject"]).startswith("Sie stehen auf der Warteliste")
    assert calendar_of(letter)[0] == "CANCEL"
    assert (await Registration.get(id=bert.id)).state is State.WAITLISTED


async def test_who_waited_and_loses_an_offer_reads_that_it_was_an_offer(
    event: Event,
) -> None:
    anna, _ = await joins(event, ANNA), await joins(event, BERT)
    await cancels(anna)
    await delivered()
    await fewer(event, onsite=0, online=5)
    letter = await to(BERT)
    assert str(letter["Subject"]).startswith("Der für Sie frei gehaltene Platz")
    assert OWN_SEAT_STAYS not in unwrapped(letter)


async def test_an_offer_that_lapses_twice_leaves_the_seat_online(
    event: Event,
) -> None:
    bert = await has_online_and_an_offer(event)
    await joins(event, CARL)
    await delivered()
    await let_lapse(bert)
    [first] = [it for it in await delivered() if BERT.email in str(it["To"])]
    assert first["Subject"] == "Das Platzangebot ist verfallen: Forum Jugend"
    carl = await Registration.get(email=CARL.email)
    await offers.decline(carl.id, Mode.ONSITE, actor=ATTENDEE, now=clock.now())
    await delivered()
    await let_lapse(bert)
    last = await to(BERT)
    assert "Sie stehen nicht mehr auf der Warteliste" in str(last["Subject"])
    for letter in (first, last):
        assert OWN_SEAT_STAYS in unwrapped(letter)
        assert calendar_bytes(letter) is None
    now = await Registration.get(id=bert.id)
    assert (now.state, now.mode) == (State.CONFIRMED, Mode.ONLINE)


async def test_who_loses_a_seat_and_is_offered_another_has_both_letters(
    event: Event,
) -> None:
    anna = await joins(event, ANNA, Wanted.ONSITE_ELSE_ONLINE)
    await delivered()
    await fewer(event, onsite=0, online=5)
    assert (await Registration.get(id=anna.id)).state is State.OFFERED
    letters = {str(it["Subject"]): it for it in await delivered()}
    lost = letters.pop("You are on the waiting list: Youth forum")
    assert calendar_of(lost)[0] == "CANCEL"
    assert "head of the queue: you are number 1" in unwrapped(lost)
    assert list(letters) == ["Do you want this seat? Youth forum"]


async def test_who_is_moved_online_at_once_reads_that_the_queue_goes_on(
    event: Event,
) -> None:
    await Event.filter(id=event.id).update(promotion=Promotion.CONFIRM)
    await joins(event, ANNA, Wanted.ONSITE_ELSE_ONLINE)
    await delivered()
    await fewer(event, onsite=0, online=5)
    letter = await to(ANNA)
    assert calendar_of(letter)[0] == "REQUEST"
    assert "you are number 1" in unwrapped(letter)
    assert "no longer waiting" not in unwrapped(letter)


async def hurry(name: str) -> None:
    await Job.filter(name=name).update(due=0)


async def test_what_one_changes_in_a_few_minutes_is_one_letter(event: Event) -> None:
    anna = await joins(event, ANNA)
    await delivered()
    for name in ("Anna B.", "Anna C."):
        await changes.change(anna.id, Details(name), actor=ATTENDEE, now=clock.now())
    assert await delivered() == []
    await hurry("letter:registration_changed")
    assert (await to(ANNA))[
        "Subject"
    ] == "Your registration has been changed: Youth forum"


async def test_what_one_changes_while_the_letter_is_written_is_told_as_well(
    event: Event,
) -> None:
    anna = await joins(event, ANNA)
    await delivered()
    await changes.change(anna.id, Details("Anna B."), actor=ATTENDEE, now=clock.now())
    await delivered()
    await hurry("letter:registration_changed")
    [begun] = await claim(1)
    await changes.change(anna.id, Details("Anna C."), actor=ATTENDEE, now=clock.now())
    await delivered()
    await run(begun)
    await hurry("letter:registration_changed")
    assert len(await delivered()) == 1


# Another address


async def moves(registration: Registration, email: str) -> list[EmailMessage]:
    """Enter another address and press the button there; the letters after it."""
    await addresses.ask(registration.id, email, now=clock.now())
    await delivered()
    change = await AddressChange.get(registration_id=registration.id)
    await addresses.confirm(addresses.token_of(change), now=clock.now())
    return await delivered()


async def test_the_letter_to_a_new_address_holds_nothing_that_was_typed(
    event: Event,
) -> None:
    anna = await joins(event, ANNA)
    await delivered()
    await addresses.ask(anna.id, "new@example.org", now=clock.now())
    (letter,) = await delivered()
    assert str(letter["To"]) == "new@example.org"
    assert "Arendt" not in everything_in(letter)
    assert "anna@" not in everything_in(letter)
    assert "/en/address/" in link_in(letter, "/address/")


async def test_another_address_takes_the_entry_along(event: Event) -> None:
    anna = await joins(event, ANNA)
    invited = await to(ANNA)
    left, taken = await moves(anna, "new@example.org")
    assert "anna@example.org" in str(left["To"])
    assert "new@example.org" in str(taken["To"])
    assert [calendar_of(it)[0] for it in (left, taken)] == ["CANCEL", "REQUEST"]
    sequences = [sequence_in(it) for it in (invited, left, taken)]
    assert sequences == sorted(set(sequences))
    assert calendar_of(taken)[1]["ATTENDEE"] == "mailto:new@example.org"
    moved = await Registration.get(id=anna.id)
    new = links_of_page(taken)
    assert new and not new & set(links_in(left))
    assert "new@example.org" not in everything_in(left)
    assert moved.generation == 2


def links_of_page(letter: EmailMessage) -> set[str]:
    return {it for it in links_in(letter) if "/my/" in it}


async def test_the_letters_about_another_address_do_no_harm_the_second_time(
    event: Event,
) -> None:
    anna = await joins(event, ANNA)
    await delivered()
    await moves(anna, "new@example.org")
    change = await AddressChange.get(registration_id=anna.id)
    again = unit_of_work(enqueue)
    await again("letter:address_changed", {"change_id": str(change.id)})
    assert await delivered() == []


# Erased


async def test_the_last_letter_says_so_and_then_the_address_is_gone(
    event: Event,
) -> None:
    anna = await joins(event, ANNA)
    await delivered()
    await erasing.erase(anna.id, now=clock.now())
    letter = await to(ANNA)
    assert letter["Subject"] == "Your data have been erased: Youth forum"
    assert "Arendt" not in everything_in(letter)
    assert calendar_of(letter)[0] == "CANCEL"
    assert await AddressChange.all().count() == 0
    assert await Job.all().count() == 0


# All letters


async def story(now: datetime) -> AsyncIterator[list[EmailMessage]]:
    """Let everything happen that has a letter here, to two people and languages."""
    office = await an_organiser()
    for first, second in ((ANNA, BERT), (BERT, ANNA)):
        event = await an_event(office, seats=ONE_EACH, largest_party=3)
        workshop = await a_workshop(event, seats=1)
        one = await joins(event, first)
        two = await joins(event, second, Wanted.ONSITE_ELSE_ONLINE)
        for each in (one, two):
            chosen = Details(each.name, sessions=frozenset({workshop.id}))
            await changes.change(each.id, chosen, actor=ATTENDEE, now=now)
        await hurry("letter:registration_changed")
        yield await delivered()
        await cancels(one)
        yield await delivered()
        await let_lapse(two)
        yield await delivered()
        await offers.accept(two.id, Mode.ONSITE, actor=ATTENDEE, now=now)
        yield await delivered()
        await restores(one)
        yield await delivered()
        await moves(two, f"new-{two.email}")
        await erasing.erase(two.id, now=now)
        yield await delivered()
        await let_lapse(one)
        await let_lapse(one)
        yield await delivered()
        yield await approving(office.id, first, now)


async def approving(office: UUID, who: Applicant, now: datetime) -> list[EmailMessage]:
    event = await Event.filter(organiser_id=office).order_by("-id").first()
    assert event is not None
    await Event.filter(id=event.id).update(approval=True, confirmation="immediate")
    letters = []
    for decide in (approvals.approve_now, approvals.reject_now):
        person = Applicant(who.name, f"{decide.__name__}-{who.email}", who.language)
        made = await registrations.register(
            event.id, person, Mode.ONLINE, vouched=True, now=now
        )
        letters += await delivered()
        await decide(event.id, [made.id], actor=OLGA, now=now)
        letters += await delivered()
    return letters


async def all_letters() -> list[EmailMessage]:
    return [it async for letters in story(clock.now()) for it in letters]


async def test_the_words_of_a_letter_are_the_same_in_text_and_html(
    postbox: None,
) -> None:
    for letter in await all_letters():
        must_say_the_same(text_of(letter), html_of(letter))


async def test_every_letter_has_a_name_of_its_own_and_speaks_one_language(
    postbox: None,
) -> None:
    letters = await all_letters()
    assert len({letter["Message-ID"] for letter in letters}) == len(letters)
    assert await Job.filter(state="dead").count() == 0
    german = [it for it in letters if "example.net" in str(it["To"])]
    assert german
    for letter in german:
        assert "Mit freundlichen Grüßen" in text_of(letter)
        assert " the " not in text_of(letter) and " your " not in text_of(letter)
