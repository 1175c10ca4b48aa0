"""Pledges: somebody offers to join in, changes it, takes it back; who asks, and when.

A person has one pledge for a form and theme: the same form sent twice is one.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from werkraum_feedback.coding import codebook
from werkraum_feedback.follow_up.own_page import enter_own, takes_part
from werkraum_feedback.follow_up_models import Pledge, PledgeForm, PledgeState
from werkraum_foundation import audit
from werkraum_foundation.database import unit_of_work
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import NotFound, Refused

MOST = 10
LONGEST_WORDS = 1_000
LONGEST_NOTE = 1_000
STANDING = (PledgeState.OPEN, PledgeState.ASKED)


class NoPledgeNow(Refused):
    code = "no_pledge_now"

    def message(self) -> str:
        return gettext("Only those who take part in the event can join in from here.")


class TooManyPledges(Refused):
    code = "too_many_pledges"

    def message(self) -> str:
        return gettext("You have promised a lot already. Thank you!")


@dataclass(frozen=True)
class PledgeWish:
    """How somebody would join in; `hours` are hours a month."""

    form: PledgeForm
    theme_id: UUID | None = None
    hours: int | None = None
    words: str = ""


@dataclass(frozen=True)
class FollowUp:
    """What the organiser notes about a pledge."""

    state: PledgeState
    note: str
    follow_up_on: date | None


@unit_of_work
async def make(registration_id: UUID, wish: PledgeWish, *, now: datetime) -> Pledge:
    """Note that somebody would join in; an earlier offer of the kind is renewed."""
    registration = await enter_own(registration_id)
    if not takes_part(registration):
        raise NoPledgeNow
    event = registration.event
    await _must_be_ours(event.organiser_id, wish.theme_id)
    mine = Pledge.filter(registration_id=registration_id)
    there = await mine.filter(form=wish.form, theme_id=wish.theme_id).first()
    if there is not None:
        return await _renewed(there, wish, now=now)
    if await mine.count() >= MOST:
        raise TooManyPledges
    made = await Pledge.create(
        organiser_id=event.organiser_id,
        event_id=event.id,
        registration_id=registration_id,
        form=wish.form,
        theme_id=wish.theme_id,
        hours=wish.hours,
        words=wish.words,
        created_at=now,
    )
    await _note(made, "pledge.make", audit.ATTENDEE, now)
    return made


@unit_of_work
async def change(
    registration_id: UUID, pledge_id: UUID, wish: PledgeWish, *, now: datetime
) -> Pledge:
    """Change what somebody offered; taken back before, it stands again."""
    registration = await enter_own(registration_id)
    await _must_be_ours(registration.event.organiser_id, wish.theme_id)
    pledge = await own_pledge(registration_id, pledge_id)
    same = Pledge.filter(
        registration_id=registration_id, form=wish.form, theme_id=wish.theme_id
    )
    # What becomes the same as another one takes its place.
    await same.exclude(id=pledge_id).delete()
    pledge.form, pledge.theme_id = wish.form, wish.theme_id
    return await _renewed(pledge, wish, now=now)


@unit_of_work
async def withdraw(registration_id: UUID, pledge_id: UUID, *, now: datetime) -> None:
    """Take an offer back: the words go at once, the organiser sees that it is off."""
    await enter_own(registration_id)
    pledge = await own_pledge(registration_id, pledge_id)
    if pledge.state is PledgeState.WITHDRAWN:
        return
    pledge.state, pledge.words, pledge.hours = PledgeState.WITHDRAWN, "", None
    pledge.follow_up_on = None
    await pledge.save()
    await _note(pledge, "pledge.withdraw", audit.ATTENDEE, now)


@unit_of_work
async def follow_up(
    organiser_id: UUID, pledge_id: UUID, told: FollowUp, *, actor: str, now: datetime
) -> None:
    """Note what the organiser did about a pledge, and when to look again.

    What its person took back stays taken back.
    """
    pledge = await pledge_of(organiser_id, pledge_id)
    before = pledge.state
    if before is not PledgeState.WITHDRAWN:
        pledge.state, pledge.follow_up_on = told.state, told.follow_up_on
    pledge.note = told.note
    await pledge.save()
    await _note(pledge, "pledge.follow_up", actor, now, before)


async def pledges_by(registration_id: UUID) -> list[Pledge]:
    """List what somebody offered and has not taken back, theme with it; one query."""
    found = Pledge.filter(registration_id=registration_id)
    standing = found.exclude(state=PledgeState.WITHDRAWN)
    return await standing.select_related("theme").order_by("id")


async def own_pledge(registration_id: UUID, pledge_id: UUID) -> Pledge:
    """Find somebody's own pledge or raise `NotFound`."""
    found = Pledge.filter(id=pledge_id, registration_id=registration_id)
    pledge = await found.first()
    if pledge is None:
        raise NotFound
    return pledge


async def pledge_of(organiser_id: UUID, pledge_id: UUID) -> Pledge:
    """Find a pledge of an organiser, with its event and person, or raise `NotFound`."""
    found = Pledge.filter(id=pledge_id, organiser_id=organiser_id)
    pledge = await found.select_related("event", "registration", "theme").first()
    if pledge is None:
        raise NotFound
    return pledge


async def counts(event_id: UUID) -> dict[PledgeForm, int]:
    """Count how many people would join in, by form; taken back does not count."""
    standing = Pledge.filter(event_id=event_id).exclude(state=PledgeState.WITHDRAWN)
    found = await standing.values_list("form", "registration_id")
    return dict(Counter(form for form, _ in set(found)))


async def count_due(organiser_id: UUID, today: date) -> int:
    """Count the pledges that are to be followed up by today; one query."""
    due = Pledge.filter(organiser_id=organiser_id, follow_up_on__lte=today)
    return await due.filter(state__in=STANDING).count()


async def _renewed(pledge: Pledge, wish: PledgeWish, *, now: datetime) -> Pledge:
    pledge.hours, pledge.words = wish.hours, wish.words
    if pledge.state is PledgeState.WITHDRAWN:
        pledge.state = PledgeState.OPEN
    await pledge.save()
    await _note(pledge, "pledge.change", audit.ATTENDEE, now)
    return pledge


async def _must_be_ours(organiser_id: UUID, theme_id: UUID | None) -> None:
    if theme_id is not None:
        await codebook.theme_in_use(organiser_id, theme_id)


async def _note(
    pledge: Pledge,
    action: str,
    actor: str,
    now: datetime,
    before: PledgeState | None = None,
) -> None:
    await audit.record(
        pledge.organiser_id,
        action,
        pledge.id,
        actor=actor,
        now=now,
        changes={"state": [before.value, pledge.state.value]} if before else None,
    )
