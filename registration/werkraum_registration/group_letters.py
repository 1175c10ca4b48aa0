"""Letters of an organiser to a part of those who take part: write, plan, send, stop.

DRAFT → PLANNED → SENDING → SENT; what waits or is under way can be STOPPED, by hand or
because the event is over or off, and goes on from there. `group_sending` does the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkraum_events.models import Event, Status
from werkraum_events.queries import event_of
from werkraum_foundation import audit
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.language import gettext
from werkraum_foundation.models import Texts
from werkraum_foundation.outbox import withdraw
from werkraum_foundation.refusals import ChangedMeanwhile, NotFound, Refused
from werkraum_registration import group_sending
from werkraum_registration.audiences import Audience, count
from werkraum_registration.group_sending import entered
from werkraum_registration.models import (
    GroupLetter,
    GroupLetterCopy,
    GroupLetterState,
)
from werkraum_registration.reminder_times import due

# Its words can still be changed, and it can still be sent.
STANDING = (
    GroupLetterState.DRAFT,
    GroupLetterState.PLANNED,
    GroupLetterState.STOPPED,
)
STOPPABLE = (GroupLetterState.PLANNED, GroupLetterState.SENDING)


class LetterIsOut(Refused):
    """It is on its way or has been sent: nobody changes it any more."""

    code = "letter_is_out"

    def message(self) -> str:
        return gettext("This letter is on its way already.")


class NobodyToWriteTo(Refused):
    code = "nobody_to_write_to"

    def message(self) -> str:
        return gettext("There is nobody this letter would go to.")


@dataclass(frozen=True)
class LetterWish:
    """What a letter says, in one language at least, and to whom."""

    subject: Texts
    body: Texts
    audience: Audience


@dataclass(frozen=True)
class When:
    """When a letter goes out: at a time, minutes before the start, or at once."""

    at: datetime | None = None
    minutes_before: int | None = None

    def moment(self, event: Event, now: datetime) -> datetime:
        if self.minutes_before is not None:
            return due(event.starts_at, event.timezone, self.minutes_before)
        return self.at or now

    @property
    def is_now(self) -> bool:
        return self.at is None and self.minutes_before is None


async def letter_of(organiser_id: UUID, letter_id: UUID) -> GroupLetter:
    """Find a letter at one of the organiser's events, or raise `NotFound`."""
    found = GroupLetter.filter(id=letter_id, event__organiser_id=organiser_id)
    letter = await found.select_related("event__organiser").first()
    if letter is None:
        raise NotFound
    return letter


@unit_of_work
async def write(
    organiser_id: UUID, event_id: UUID, wish: LetterWish, *, actor: str, now: datetime
) -> GroupLetter:
    """Write down a draft; raises `NotFound`."""
    event = await event_of(organiser_id, event_id)
    letter = await GroupLetter.create(
        event_id=event.id,
        subject=wish.subject,
        body=wish.body,
        audience=wish.audience.as_json(),
        created_by=actor,
        created_at=now,
    )
    await audit.record(
        organiser_id, "group_letter.write", letter.id, actor=actor, now=now
    )
    return letter


@unit_of_work
async def edit(
    organiser_id: UUID,
    letter_id: UUID,
    wish: LetterWish,
    *,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Change a letter that is not on its way; saving what is there changes nothing.

    Of one that was stopped, the rest get the new words. Raises `LetterIsOut`, and
    `ChangedMeanwhile` where `version` is not that of the letter.
    """
    letter = await _standing(organiser_id, letter_id)
    wanted = {
        "subject": wish.subject,
        "body": wish.body,
        "audience": wish.audience.as_json(),
    }
    before = letter.audience
    changes: dict[str, object] = {
        name: [getattr(letter, name), value]
        for name, value in wanted.items()
        if getattr(letter, name) != value
    }
    if not changes:
        return
    _must_be_current(letter, version)
    letter.update_from_dict(wanted)
    if "audience" in changes:
        changes["audience"] = [_nameless(before), _nameless(wanted["audience"])]
    if "body" in changes:
        changes["body"] = None
    await _save(letter, "edit", changes, actor=actor, now=now)


@unit_of_work
async def send(
    organiser_id: UUID,
    letter_id: UUID,
    when: When,
    *,
    version: int,
    actor: str,
    now: datetime,
) -> GroupLetter:
    """Let a letter go out, at once or later; one that was stopped goes on.

    Raises `LetterIsOut`, `ChangedMeanwhile`, `NobodyToWriteTo`, and `InvalidInput`
    for a time that has passed.
    """
    letter = await _standing(organiser_id, letter_id)
    _must_be_current(letter, version)
    event, before = letter.event, letter.send_at
    at = when.moment(event, now)
    if when.is_now:
        if not await count(event.id, Audience.read(letter.audience)):
            raise NobodyToWriteTo
        letter.state = GroupLetterState.SENDING
    else:
        _must_be_ahead(event, when, at, now=now)
        letter.state = GroupLetterState.PLANNED
    letter.send_at, letter.minutes_before = at, when.minutes_before
    if letter.decided_at is not None:
        await withdraw(group_sending.key_of(letter))
    letter.decided_at, letter.note = now, ""
    await group_sending.forget_dropped(letter.id)
    changes = {"send_at": [str(before) if before else None, str(at)]}
    await _save(letter, "send", changes, actor=actor, now=now)
    await group_sending.set_out(letter)
    return letter


@unit_of_work
async def stop(
    organiser_id: UUID, letter_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take a planned letter back, or stop one that is under way; harmless twice."""
    letter = await _entered(organiser_id, letter_id)
    if letter.state not in STOPPABLE:
        return
    before = letter.state
    letter.state = GroupLetterState.STOPPED
    letter.note = group_sending.Why.BY_HAND.value
    await withdraw(group_sending.key_of(letter))
    changes = {"state": [before.value, letter.state.value]}
    await _save(letter, "stop", changes, actor=actor, now=now)


@unit_of_work
async def remove(
    organiser_id: UUID, letter_id: UUID, *, actor: str, now: datetime
) -> None:
    """Throw a letter away that nobody has got; raises `LetterIsOut`."""
    letter = await _standing(organiser_id, letter_id)
    if await GroupLetterCopy.exists(letter_id=letter.id):
        raise LetterIsOut
    if letter.decided_at is not None:
        await withdraw(group_sending.key_of(letter))
    await letter.delete()
    await audit.record(
        organiser_id,
        "group_letter.remove",
        letter.id,
        actor=actor,
        now=now,
        changes={"subject": [letter.subject, None]},
    )


def _nameless(audience: Mapping[str, object]) -> dict[str, object]:
    """Leave out who was searched for: the words of a letter and a search may name
    people, which the audit never does.
    """
    return {name: it for name, it in audience.items() if name != "q"}


async def _entered(organiser_id: UUID, letter_id: UUID) -> GroupLetter:
    await letter_of(organiser_id, letter_id)
    letter = await entered(letter_id)
    if letter is None:
        raise NotFound
    return letter


async def _standing(organiser_id: UUID, letter_id: UUID) -> GroupLetter:
    letter = await _entered(organiser_id, letter_id)
    if letter.state not in STANDING:
        raise LetterIsOut
    return letter


def _must_be_current(letter: GroupLetter, version: int) -> None:
    if letter.version != version:
        raise ChangedMeanwhile


def _must_be_ahead(event: Event, when: When, at: datetime, *, now: datetime) -> None:
    field = "at" if when.minutes_before is None else "amount"
    if at <= now:
        said = gettext("This moment has passed. Please choose a later one.")
        raise InvalidInput([Fault(field, "passed", said)])
    if when.minutes_before is not None and event.status is Status.CANCELLED:
        said = gettext("The event is called off: there is no start to count from.")
        raise InvalidInput([Fault(field, "called_off", said)])


async def _save(
    letter: GroupLetter,
    verb: str,
    changes: Mapping[str, object],
    *,
    actor: str,
    now: datetime,
) -> None:
    letter.version += 1
    await letter.save()
    await audit.record(
        letter.event.organiser_id,
        f"group_letter.{verb}",
        letter.id,
        actor=actor,
        now=now,
        changes=changes,
    )


@dataclass(frozen=True)
class Progress:
    """How many copies of a letter there are, and what became of them."""

    copies: int = 0
    sent: int = 0
    dropped: int = 0

    @property
    def under_way(self) -> int:
        return self.copies - self.sent - self.dropped


async def letters_of(event_id: UUID) -> list[GroupLetter]:
    return await GroupLetter.filter(event_id=event_id).order_by("-created_at")


async def progress_of(event_id: UUID) -> dict[UUID, Progress]:
    """Tell how far the letters of an event have got; one query."""
    found = await rows(
        "SELECT c.letter_id, count(*) AS copies, count(c.sent_at) AS sent,"
        " sum(CASE WHEN c.sent_at IS NULL AND c.dropped <> '' THEN 1 ELSE 0 END)"
        " AS dropped FROM group_letter_copy c JOIN group_letter g"
        " ON g.id = c.letter_id WHERE g.event_id = :event GROUP BY c.letter_id",
        event=event_id,
    )
    return {
        UUID(str(it["letter_id"])): Progress(it["copies"], it["sent"], it["dropped"])
        for it in found
    }
