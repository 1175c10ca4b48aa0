"""What is due is deleted, what is not stays, and a dry run tells the truth."""

import os
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tests.feedback.statement_rows import said
from tests.people import a_member, an_event, an_organiser
from tests.registration.asking import asks, takes_part

from werkraum_calendar import invitations
from werkraum_calendar.models import CalendarReply, Invitation, ReplyKind
from werkraum_events.models import Event, Mode
from werkraum_feedback.asking import rounds
from werkraum_feedback.follow_up_models import (
    Contact,
    ContactWish,
    Pledge,
    PledgeForm,
)
from werkraum_feedback.models import Invitee, Signature
from werkraum_feedback.statement_models import (
    CodebookDeed,
    Quoting,
    Statement,
    StatementState,
)
from werkraum_foundation import audit
from werkraum_foundation.database import is_sqlite, rows, unit_of_work
from werkraum_foundation.models import (
    IdempotencyKey,
    Job,
    JobState,
    LinkOrigin,
    Organiser,
    SignIn,
)
from werkraum_foundation.settings import settings
from werkraum_foundation.sign_in import make_link
from werkraum_registration import answers, erasing, organisations
from werkraum_registration.answer_reading import Value
from werkraum_registration.attendance import Coming, note, undo
from werkraum_registration.models import (
    AddressChange,
    Bounce,
    Consent,
    FormQuestionKind,
    GroupLetter,
    GroupLetterCopy,
    Guest,
    PersonalFeed,
    Presence,
    Registration,
    Reminded,
    SeatPool,
    State,
    Submission,
    Wanted,
)
from werkraum_registration.organisations import OrganisationWish
from werkraum_rooms.models import Entrant, Occasion, RoomNews, RoomProbe, RoomStay
from werkraum_rooms.rooms import provide_for_talk
from werkraum_server.retention import count_due, purge

DAY = timedelta(days=1)
CANARY = "anna.canary@example.org"


async def a_past_event(now: datetime, days: int) -> Event:
    ended = now - days * DAY
    return await an_event(
        await an_organiser(), starts_at=ended - DAY / 12, ends_at=ended, now=now
    )


async def a_registration(
    event: Event, created_at: datetime, state: State = State.CONFIRMED
) -> Registration:
    return await Registration.create(
        event=event,
        pool=await SeatPool.get(event_id=event.id, mode=Mode.ONLINE),
        mode=Mode.ONLINE,
        wanted=Wanted.ONLINE,
        name="Anna Canary",
        email=CANARY,
        email_key=CANARY,
        language="de",
        state=state,
        holds_seat=state is State.CONFIRMED,
        confirm_hash=uuid4().hex,
        manage_hash=uuid4().hex,
        created_at=created_at,
    )


async def a_form(event: Event, created_at: datetime) -> None:
    await Submission.create(
        key_hash="k",
        event=event,
        name="Anna Canary",
        email=CANARY,
        wish={"wanted": "online"},
        created_at=created_at,
    )


async def test_ninety_days_after_the_end_nobody_is_named_any_more(
    database: str, now: datetime
) -> None:
    old = await a_registration(await a_past_event(now, 91), now - 100 * DAY)
    young = await a_registration(await a_past_event(now, 89), now - 100 * DAY)
    await purge(now)
    forgotten = await Registration.get(id=old.id)
    assert (forgotten.name, forgotten.email, forgotten.state) == ("", "", "confirmed")
    assert forgotten.manage_hash != old.manage_hash
    assert (await Registration.get(id=young.id)).email == CANARY


async def test_two_people_of_one_event_can_both_be_forgotten(
    database: str, now: datetime
) -> None:
    event = await a_past_event(now, 91)
    first = await a_registration(event, now - 100 * DAY)
    await Registration.filter(id=first.id).update(email_key="bert@example.org")
    await a_registration(event, now - 100 * DAY)
    await purge(now)
    assert await Registration.filter(event_id=event.id, name="").count() == 2


async def test_nothing_of_the_person_is_left_in_the_database(
    database: str, now: datetime
) -> None:
    event = await a_past_event(now, 91)
    await a_registration(event, now - 100 * DAY)
    await a_form(event, now - 100 * DAY)
    await purge(now)
    if is_sqlite():
        path = settings().sqlite_path
        files = [path, path.with_name(path.name + "-wal")]
        assert not any(b"anna" in file.read_bytes().lower() for file in files)
    for table in ("registration", "submission", "job", "audit_entry"):
        assert "anna" not in str(await rows(f"SELECT * FROM {table}")).lower()


async def test_who_never_confirmed_is_deleted_after_two_days(
    database: str, now: datetime
) -> None:
    event = await an_event(await an_organiser(), now=now)
    await a_registration(event, now - 3 * DAY, State.EXPIRED)
    await a_registration(event, now - 1 * DAY, State.EXPIRED)
    await purge(now)
    assert await Registration.all().count() == 1


async def some_answers(event: Event, now: datetime) -> None:
    """Let somebody answer two questions, think again, and name an organisation."""
    town = await asks(event, FormQuestionKind.ORGANISATION)
    ramp = await asks(event, FormQuestionKind.NEED)
    anna = await takes_part(event, "Canary")
    given: dict[UUID, Value] = {town.id: "Stadt Canary", ramp.id: "Canary"}
    await answers.give(anna.id, event.id, given, now=now)
    await answers.change(anna.id, {**given, ramp.id: "Lift"}, actor="x", now=now)
    named = await organisations.add(
        event.organiser_id, OrganisationWish("Stadt Canary"), actor="x", now=now
    )
    await Registration.filter(id=anna.id).update(organisation_id=named)


async def what_belongs_to(anna: Registration, now: datetime) -> None:
    """Put down what is due with somebody, and what nobody needs any more."""
    await Registration.filter(id=anna.id).update(
        organisation_id=await an_organisation("Where Anna comes from", now),
    )
    await an_organisation("Where nobody comes from", now)
    await Consent.create(
        registration=anna,
        purpose="photo",
        text="Yes.",
        text_hash="h",
        language="en",
        channel="form",
        given_at=now - 2_000 * DAY,
        withdrawn_at=now - 1_200 * DAY,
    )
    await AddressChange.create(
        registration=anna, email=CANARY, token_hash="t", created_at=now - 3 * DAY
    )
    await Guest.create(
        event_id=anna.event_id,
        email=CANARY,
        email_key=CANARY,
        language="de",
        token_hash="g",
        created_at=now - 300 * DAY,
    )


async def an_organisation(name: str, now: datetime) -> UUID:
    office = await Organiser.first()
    assert office
    return await organisations.typed(office.id, name, now=now - 300 * DAY)


async def who_came(event: Event, now: datetime) -> None:
    """Note two people; one without an address, one by mistake."""
    for number in range(2):
        guest = await a_registration(event, now - 200 * DAY)
        await Registration.filter(id=guest.id).update(email="", email_key=f"k{number}")
        coming = Coming(Presence.DESK, f"the-key-of-guest-{number}", event.ends_at)
        await note(event.id, guest.id, coming, actor="x", now=event.ends_at)
    await undo(event.id, guest.id, at=event.ends_at, actor="x", now=event.ends_at)


async def what_came_back_at(event: Event, now: datetime) -> None:
    """Let somebody's calendar answer, and a letter come back."""
    anna = await a_registration(event, now - 200 * DAY)
    await invitations.request_due(event, anna.id, anna.mode)
    await CalendarReply.create(
        invitation=await Invitation.get(registration_id=anna.id),
        kind=ReplyKind.COMING,
        sequence=0,
        stamp=event.starts_at,
        outdated=False,
        comment="Anna Canary",
        received_at=event.starts_at,
    )
    await Bounce.create(
        registration=anna, email="c", status="5.1.1", is_final=True, at=now
    )


async def a_letter_to(person: Registration, now: datetime) -> None:
    """Write to somebody, and note that they were reminded."""
    words = {"en": "Dear Anna Canary"}
    letter = await GroupLetter.create(
        event_id=person.event_id,
        subject=words,
        body=words,
        audience={"q": CANARY},
        created_by="olga",
        created_at=now,
    )
    await GroupLetterCopy.create(letter=letter, registration=person, sent_at=now)
    await Reminded.create(registration=person, minutes_before=60, starts_at=now, at=now)


async def what_was_asked(event: Event, now: datetime) -> None:
    """A name put to an answer by somebody who is forgotten; a list nobody used."""
    person = await a_registration(event, now - 300 * DAY)
    await Registration.filter(id=person.id).update(
        name="", email="", email_key=f"forgotten:{person.id}"
    )
    await Signature.create(response_id=uuid4(), registration_id=person.id)
    draft = await rounds.create(
        event.organiser_id, None, actor="olga", now=now - 100 * DAY
    )
    await Invitee.create(round=draft, email=CANARY, email_key=CANARY, language="de")


async def what_was_said(event: Event, person: Registration, now: datetime) -> None:
    one = await said(event, "Mein Satz")
    await Statement.filter(id=one.id).update(registration_id=person.id)
    await CodebookDeed.create(
        organiser_id=event.organiser_id,
        actor="person:olga",
        action="coding.make",
        before={},
        after={},
        at=now - 91 * DAY,
    )


async def what_was_misheard_at(event: Event, now: datetime) -> None:
    """Catch something, and take it back."""
    caught = await said(event, "Misheard.", state=StatementState.HIDDEN)
    await audit.record(
        event.organiser_id, "statement.remove", caught.id, actor="x", now=now
    )


async def test_what_a_moderator_took_back_is_gone_after_a_month(
    database: str, now: datetime
) -> None:
    for days in (29, 31):
        await what_was_misheard_at(await a_past_event(now, days), now)
    # Hidden for another reason, it stays.
    await said(await a_past_event(now, 31), "Rude.", state=StatementState.HIDDEN)
    await purge(now)
    left = await Statement.all().values_list("text", "event__ends_at")
    assert {(text, (now - ended).days) for text, ended in left} == {
        ("Misheard.", 29),
        ("Rude.", 31),
    }


async def test_an_organisation_that_was_heard_stays_as_long_as_the_names(
    database: str, now: datetime
) -> None:
    event = await a_past_event(now, 10)
    heard = await an_organisation("Where somebody unknown comes from", now)
    spoken = await said(event, "We too.")
    await Statement.filter(id=spoken.id).update(organisation_id=heard)
    await purge(now)
    assert (await Statement.get()).organisation_id == heard
    await purge(now + 90 * DAY)
    assert (await Statement.get()).organisation_id is None


@unit_of_work
async def a_passage_was_written(now: datetime) -> None:
    await audit.record(
        uuid4(),
        "passage.write",
        uuid4(),
        actor="person:olga",
        now=now - 91 * DAY,
        changes={"text": ["Vorher", "Nachher"]},
    )


async def what_followed(event: Event, now: datetime) -> None:
    """Have two people seek each other, and one of them promise something."""
    people = []
    for key in ("one", "another"):
        people.append(await a_registration(event, now - 500 * DAY))
        await Registration.filter(id=people[-1].id).update(email_key=key)
    wishes = [
        await ContactWish.create(
            event=event,
            registration=person,
            seeks="Anna Canary seeks a town",
            themes=[],
            countries=["PL"],
            created_at=now,
        )
        for person in people
    ]
    await Contact.create(
        event=event,
        one=wishes[0],
        other=wishes[1],
        reasons=["country:PL"],
        one_says=False,
        suggested_at=now,
        expires_at=now,
    )
    await Pledge.create(
        organiser_id=event.organiser_id,
        event=event,
        registration=people[0],
        form=PledgeForm.TALK,
        words="Anna Canary",
        created_at=now - 400 * DAY,
    )


async def what_the_room_told_of(event: Event, now: datetime) -> None:
    room = await provide_for_talk(
        UUID(int=9),
        event.id,
        slug="abcde-fghij-klmno-pqrst",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        now=now,
    )
    at = event.starts_at
    await Entrant.create(room=room, person_id=UUID(int=8), ref="r", entered_at=at)
    await RoomStay.create(room=room, occupant="o", ref="r", joined_at=at)
    await RoomNews.create(
        server="jitsi",
        dedupe_key="k",
        kind="joined",
        room=room,
        happened_at=at,
        received_at=at,
    )
    await RoomProbe.create(
        room=room, server="jitsi", occasion=Occasion.DAY, at=at, well=True, findings=[]
    )


async def a_bit_of_everything_due(now: datetime) -> None:
    await a_passage_was_written(now)
    event = await a_past_event(now, 200)
    await who_came(event, now)
    await what_was_asked(event, now)
    # The days of its questions are over, those of the names are not.
    await some_answers(await a_past_event(now, 40), now - 50 * DAY)
    await a_registration(event, now - 300 * DAY, State.EXPIRED)
    await a_letter_to(await a_registration(event, now - 300 * DAY), now - 300 * DAY)
    await a_form(event, now - 3 * DAY)
    await what_was_misheard_at(await a_past_event(now, 200), now)
    another = await a_past_event(now, 200)
    told = await a_registration(another, now - 300 * DAY)
    await what_belongs_to(told, now)
    await what_came_back_at(await a_past_event(now, 200), now)
    await what_was_said(event, told, now)
    await what_followed(await a_past_event(now, 200), now)
    await PersonalFeed.create(
        organiser_id=event.organiser_id,
        email_key="nobody@example.org",
        number=1,
        language="en",
        feed_hash="f",
        created_at=now - 100 * DAY,
    )
    await what_the_room_told_of(event, now)
    person = await a_member(await an_organiser())
    await make_link(person.id, LinkOrigin.LETTER, browser_hash=None, now=now - DAY)
    await SignIn.create(
        person=person, token_hash="s", created_at=now - DAY, seen_at=now - DAY
    )
    await IdempotencyKey.create(
        scope="s",
        key_hash="k",
        request_hash="r",
        status=1,
        body={},
        created_at=now - 8 * DAY,
    )
    await Job.create(
        name="letter", args={}, state=JobState.DEAD, due=0, created_at=now - 40 * DAY
    )
    letters = settings().data_dir / "letters"
    letters.mkdir(exist_ok=True)
    letter = letters / "old.eml"
    letter.write_text(CANARY)
    left = settings().data_dir / ".copy-killed"
    left.mkdir()
    (left / "copy.sqlite3").write_text(CANARY)
    for old in (letter, left):
        os.utime(old, (0, 0))


async def test_a_dry_run_says_what_a_purge_then_does(
    database: str, now: datetime
) -> None:
    await a_bit_of_everything_due(now)
    foretold = await count_due(now)
    assert await purge(now) == foretold
    assert all(n for what, n in foretold.items() if "migration" not in what)
    assert sum((await count_due(now)).values()) == 0


async def test_a_job_that_waits_and_a_letter_of_today_stay(
    database: str, now: datetime
) -> None:
    await Job.create(name="letter", args={}, due=0, created_at=now - 400 * DAY)
    letters = settings().data_dir / "letters"
    letters.mkdir(exist_ok=True)
    (letters / "new.eml").write_text("today")
    os.utime(letters / "new.eml", (now.timestamp(), now.timestamp()))
    await purge(now)
    assert await Job.all().count() == 1
    assert (letters / "new.eml").exists()


async def test_whose_words_they_were_goes_with_the_person(
    database: str, now: datetime
) -> None:
    organiser = await an_organiser()
    event = await an_event(organiser, now=now)
    anna = await a_registration(event, now)
    named, other = await said(event, "Mein Satz"), await said(event, "Noch einer")
    await Statement.filter(id=named.id).update(
        registration_id=anna.id, quoting=Quoting.NAMED
    )
    await erasing.forget(anna)

    await purge(now)

    kept = await Statement.get(id=named.id)
    assert (kept.text, kept.registration_id) == ("Mein Satz", None)
    assert kept.quoting is Quoting.UNNAMED
    assert (await Statement.get(id=other.id)).quoting is Quoting.NO
