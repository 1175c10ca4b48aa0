"""A letter to many: written, planned, stopped, and once to each whatever happens."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.people import an_event, an_organiser
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event, Status
from werkraum_foundation import clock
from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.models import AuditEntry, Job
from werkraum_foundation.outbox import worker
from werkraum_foundation.refusals import ChangedMeanwhile, NotFound
from werkraum_registration import group_letters, group_sending
from werkraum_registration.audiences import Audience
from werkraum_registration.group_letters import (
    LetterIsOut,
    LetterWish,
    NobodyToWriteTo,
    When,
    progress_of,
)
from werkraum_registration.models import (
    GroupLetter,
    GroupLetterCopy,
    Registration,
    State,
)

OLGA = "person:olga"
HOUR = timedelta(hours=1)
WISH = LetterWish({"en": "Lunch"}, {"en": "There is soup."}, Audience())


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser())


async def written(event: Event, wish: LetterWish = WISH) -> GroupLetter:
    return await group_letters.write(
        event.organiser_id, event.id, wish, actor=OLGA, now=clock.now()
    )


async def read(letter: GroupLetter) -> GroupLetter:
    return await GroupLetter.get(id=letter.id).select_related("event")


async def sends(letter: GroupLetter, **when: Any) -> GroupLetter:
    letter = await read(letter)
    return await group_letters.send(
        letter.event.organiser_id,
        letter.id,
        When(**when),
        version=letter.version,
        actor=OLGA,
        now=clock.now(),
    )


async def stops(letter: GroupLetter) -> None:
    event = (await read(letter)).event
    await group_letters.stop(event.organiser_id, letter.id, actor=OLGA, now=clock.now())


async def handed_over() -> None:
    """Let the jobs run that hand people to the letters, as they come due."""
    while jobs := await Job.filter(
        name="group_letter:due", due__lte=clock.milliseconds(clock.now())
    ):
        for job in jobs:
            await group_sending.send(**job.args)
            await job.delete()


async def letter_jobs() -> list[str]:
    jobs = await Job.filter(name="letter:group").order_by("id")
    return [job.args["registration_id"] for job in jobs]


async def five_people(event: Event) -> list[Registration]:
    return [await takes_part(event, f"P{number}") for number in range(5)]


async def test_a_draft_goes_to_nobody(event: Event) -> None:
    await takes_part(event)
    letter = await written(event)
    await group_sending.hand_over(letter.id, after=UUID(int=0), now=clock.now())
    assert await letter_jobs() == []


async def test_everybody_of_the_audience_has_one_copy(event: Event) -> None:
    people = await five_people(event)
    await takes_part(event, "Waits", state=State.UNCONFIRMED)
    letter = await sends(await written(event))
    await handed_over()
    assert sorted(await letter_jobs()) == sorted(str(it.id) for it in people)
    letter = await read(letter)
    assert letter.state == "sent" and letter.finished_at
    assert (await progress_of(event.id))[letter.id].under_way == 5


async def test_a_long_list_goes_in_batches_with_others_in_between(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_sending, "BATCH", 2)
    await five_people(event)
    letter = await sends(await written(event))
    await group_sending.send(str(letter.id))
    assert len(await letter_jobs()) == 2
    # The next batch stands behind the letters of this one.
    latest = max([job.due for job in await Job.filter(name="letter:group")])
    going_on = await Job.filter(name="group_letter:due").order_by("-due").first()
    assert going_on and "after" in going_on.args and going_on.due >= latest
    await handed_over()
    assert len(set(await letter_jobs())) == len(await letter_jobs()) == 5


async def test_a_batch_that_is_killed_and_repeated_leaves_nobody_out(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_sending, "BATCH", 2)
    people = await five_people(event)
    letter = await sends(await written(event))
    for _ in range(3):
        # As if each time the process had died before it could end its job.
        await group_sending.send(str(letter.id))
    for job in await Job.filter(name="group_letter:due").order_by("id"):
        await group_sending.send(**job.args)
    await handed_over()
    assert sorted(await letter_jobs()) == sorted(str(it.id) for it in people)


async def test_a_planned_letter_waits_and_moves_with_the_event(event: Event) -> None:
    await takes_part(event)
    letter = await sends(await written(event), minutes_before=120)
    assert (letter.state, letter.send_at) == ("planned", event.starts_at - 2 * HOUR)
    moved = event.starts_at + 24 * HOUR
    await Event.filter(id=event.id).update(starts_at=moved, ends_at=moved + HOUR)
    for _ in range(2):
        await group_sending.move_with_event(event.id, clock.now())
    job = await Job.get(name="group_letter:due")
    assert job.due == clock.milliseconds(moved - 2 * HOUR)
    assert (await read(letter)).send_at == moved - 2 * HOUR


async def test_a_letter_at_a_time_stays_where_it_is(event: Event) -> None:
    at = clock.now() + HOUR
    letter = await sends(await written(event), at=at)
    await Event.filter(id=event.id).update(starts_at=event.starts_at + HOUR)
    await group_sending.move_with_event(event.id, clock.now())
    assert (await read(letter)).send_at == at


async def test_a_letter_that_is_moved_away_while_it_begins_waits_on(
    event: Event,
) -> None:
    await takes_part(event)
    letter = await sends(await written(event), minutes_before=120)
    await Job.filter(name="group_letter:due").update(due=0)
    [begun] = await worker.claim(1)
    await Event.filter(id=event.id).update(starts_at=event.starts_at + HOUR)
    await group_sending.move_with_event(event.id, clock.now())
    await worker.run(begun)
    assert await letter_jobs() == []
    assert (await read(letter)).state == "planned"
    waiting = await Job.get(name="group_letter:due")
    assert waiting.due == clock.milliseconds(event.starts_at - HOUR)


async def test_calling_off_stops_what_was_decided_before(event: Event) -> None:
    await takes_part(event)
    letter = await sends(await written(event), minutes_before=120)
    off = {"status": Status.CANCELLED, "cancelled_at": clock.now() + HOUR / 60}
    await Event.filter(id=event.id).update(**off)
    await group_sending.move_with_event(event.id, clock.now())
    stopped = await read(letter)
    assert (stopped.state, stopped.note) == ("stopped", "off")


async def test_what_is_written_after_calling_off_goes_out(event: Event) -> None:
    await takes_part(event)
    off = {"status": Status.CANCELLED, "cancelled_at": clock.now() - HOUR}
    await Event.filter(id=event.id).update(**off)
    await sends(await written(event))
    await handed_over()
    assert len(await letter_jobs()) == 1


async def is_over(event: Event) -> None:
    times = {"starts_at": clock.now() - 3 * HOUR, "ends_at": clock.now() - 2 * HOUR}
    await Event.filter(id=event.id).update(**times)


async def test_a_letter_that_comes_after_the_end_is_dropped_with_a_note(
    event: Event,
) -> None:
    await takes_part(event)
    letter = await sends(await written(event))
    await GroupLetter.all().update(send_at=clock.now() - 4 * HOUR)
    await is_over(event)
    await handed_over()
    stopped = await read(letter)
    assert (stopped.state, stopped.note) == ("stopped", "over")
    assert await letter_jobs() == []


async def test_thanks_may_be_sent_after_the_end(event: Event) -> None:
    await takes_part(event)
    await is_over(event)
    letter = await sends(await written(event))
    await handed_over()
    assert (await read(letter)).state == "sent" and len(await letter_jobs()) == 1


async def copy_of(letter: GroupLetter, person: Registration) -> GroupLetter | None:
    return await group_sending.copy_to_send(letter.id, person.id, now=clock.now())


async def test_stopping_holds_back_copies_and_going_on_reaches_them(
    event: Event,
) -> None:
    anna, berta = await takes_part(event), await takes_part(event, "Berta")
    letter = await sends(await written(event))
    await handed_over()
    await GroupLetter.all().update(state="sending")
    assert await copy_of(letter, anna)
    await group_sending.note_sent(letter.id, anna.id, now=clock.now())
    for _ in range(2):
        await stops(letter)
    assert await copy_of(letter, berta) is None
    progress = (await progress_of(event.id))[letter.id]
    assert (progress.sent, progress.dropped) == (1, 1)

    await Job.all().delete()
    await sends(letter)
    await handed_over()
    assert await letter_jobs() == [str(berta.id)]
    assert await copy_of(letter, berta) and await copy_of(letter, anna) is None


async def test_who_left_in_the_meantime_gets_no_copy(event: Event) -> None:
    anna = await takes_part(event)
    letter = await sends(await written(event))
    await handed_over()
    await Registration.filter(id=anna.id).update(state=State.CANCELLED)
    assert await copy_of(letter, anna) is None
    assert (await GroupLetterCopy.get()).dropped == "left"


async def test_who_registers_again_on_the_way_gets_one_copy(event: Event) -> None:
    anna = await takes_part(event)
    letter = await sends(await written(event))
    await handed_over()
    await Registration.filter(id=anna.id).update(state=State.CANCELLED)
    await takes_part(event)
    await GroupLetter.all().update(state="sending")
    await group_sending.send(str(letter.id))
    assert await letter_jobs() == [str(anna.id)]


async def test_a_letter_to_nobody_is_refused(event: Event) -> None:
    letter = await written(event)
    with pytest.raises(NobodyToWriteTo):
        await sends(letter)
    assert (await read(letter)).state == "draft"


async def test_a_time_that_has_passed_is_refused(event: Event) -> None:
    await takes_part(event)
    letter = await written(event)
    for when in ({"at": clock.now() - HOUR}, {"minutes_before": 60 * 24 * 30}):
        with pytest.raises(InvalidInput):
            await sends(letter, **when)
    assert not await Job.exists()


async def test_what_is_on_its_way_is_changed_and_sent_no_more(event: Event) -> None:
    await takes_part(event)
    letter = await sends(await written(event))
    refused = pytest.raises(LetterIsOut)
    with refused:
        await sends(letter)
    with pytest.raises(LetterIsOut):
        await edits(letter, WISH)
    with pytest.raises(LetterIsOut):
        await removes(letter)


async def edits(letter: GroupLetter, wish: LetterWish, version: int = 0) -> None:
    letter = await read(letter)
    await group_letters.edit(
        letter.event.organiser_id,
        letter.id,
        wish,
        version=version or letter.version,
        actor=OLGA,
        now=clock.now(),
    )


async def removes(letter: GroupLetter) -> None:
    event = (await read(letter)).event
    await group_letters.remove(
        event.organiser_id, letter.id, actor=OLGA, now=clock.now()
    )


async def test_a_change_is_noted_and_an_old_form_is_refused(event: Event) -> None:
    letter = await written(event)
    wish = LetterWish({"en": "Supper"}, WISH.body, Audience((State.CONFIRMED,)))
    await edits(letter, wish)
    with pytest.raises(ChangedMeanwhile):
        await edits(letter, WISH, version=1)
    # What is there already may be saved with any form.
    await edits(letter, wish, version=1)
    changed = await read(letter)
    assert (changed.subject, changed.version) == ({"en": "Supper"}, 2)
    noted = await AuditEntry.get(action="group_letter.edit")
    assert noted.changes["subject"] == [{"en": "Lunch"}, {"en": "Supper"}]


async def test_a_draft_can_be_thrown_away(event: Event) -> None:
    letter = await written(event)
    await sends(letter, minutes_before=60)
    await stops(letter)
    await removes(letter)
    assert not await GroupLetter.exists() and not await Job.exists()


async def test_otto_touches_no_letter_of_olgas(event: Event) -> None:
    await takes_part(event)
    letter = await written(event)
    otto, now = await an_organiser("Another office"), clock.now()
    said: dict[str, Any] = {"actor": "otto", "now": now}  # Any: keywords
    with pytest.raises(NotFound):
        await group_letters.send(otto.id, letter.id, When(), version=1, **said)
    with pytest.raises(NotFound):
        await group_letters.stop(otto.id, letter.id, **said)
    with pytest.raises(NotFound):
        await group_letters.remove(otto.id, letter.id, **said)
    with pytest.raises(NotFound):
        await group_letters.write(otto.id, event.id, WISH, **said)


async def test_jobs_of_the_outbox_carry_it_from_end_to_end(event: Event) -> None:
    await takes_part(event)
    letter = await sends(await written(event))
    jobs = await worker.claim(10)
    assert [job.name for job in jobs] == ["group_letter:due"]
    await worker.run(jobs[0])
    assert (await read(letter)).state == "sent"


async def test_the_moment_of_writing_is_that_of_the_caller(
    event: Event, now: datetime
) -> None:
    letter = await group_letters.write(
        event.organiser_id, event.id, WISH, actor=OLGA, now=now
    )
    assert (await read(letter)).created_at == now
