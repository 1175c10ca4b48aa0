"""Best-practice cards: written, born from a statement, agreed to, published."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from werkraum_events.queries import event_of
from werkraum_feedback.coding import codebook
from werkraum_feedback.follow_up import practice_rules as rules
from werkraum_feedback.follow_up.own_page import enter_own
from werkraum_feedback.follow_up.practice_rules import PracticeWish
from werkraum_feedback.follow_up.speakers import speaker_of
from werkraum_feedback.follow_up_models import Practice, PracticeState
from werkraum_feedback.statement_models import Coding, Statement, StatementState
from werkraum_foundation import audit
from werkraum_foundation.database import rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import language, pick
from werkraum_foundation.outbox import enqueue
from werkraum_foundation.refusals import NotFound
from werkraum_foundation.slugs import slug_of
from werkraum_registration import registrations
from werkraum_registration.organisation_queries import names_of

TITLE_WORDS = 8
LONGEST_TITLE = 120


@unit_of_work
async def make(
    organiser_id: UUID,
    wish: PracticeWish,
    *,
    event_id: UUID | None = None,
    statement: Statement | None = None,
    actor: str,
    now: datetime,
) -> Practice:
    """Write a card as a draft, which only the team sees."""
    if event_id:
        await event_of(organiser_id, event_id)
    if wish.theme_id:
        await codebook.theme_of(organiser_id, wish.theme_id)
    identifier = uuid7()
    made = await Practice.create(
        id=identifier,
        organiser_id=organiser_id,
        event_id=event_id,
        statement_id=statement.id if statement else None,
        slug=await _slug(wish, identifier),
        registration_id=await speaker_of(statement) if statement else None,
        created_at=now,
        **_columns(wish),
    )
    await _note(made, "practice.make", actor, now)
    return made


@unit_of_work
async def make_from(
    organiser_id: UUID, event_id: UUID, statement_id: UUID, *, actor: str, now: datetime
) -> Practice:
    """Begin a card with what was said; one for each, ever."""
    found = Statement.filter(
        id=statement_id, organiser_id=organiser_id, event_id=event_id
    )
    statement = await found.select_related("organisation").first()
    if statement is None or statement.state is StatementState.HIDDEN:
        raise NotFound
    there = await Practice.filter(statement_id=statement_id).first()
    if there is not None:
        return there
    wish = await _begun_with(statement)
    return await make(
        organiser_id,
        wish,
        event_id=event_id,
        statement=statement,
        actor=actor,
        now=now,
    )


async def _begun_with(statement: Statement) -> PracticeWish:
    first = " ".join(statement.text.split()[:TITLE_WORDS])[:LONGEST_TITLE]
    coded = await Coding.filter(statement_id=statement.id).order_by("id").first()
    towns = statement.organisation.partner_towns if statement.organisation else []
    return PracticeWish(
        title={statement.language: first},
        what={statement.language: statement.text},
        how={},
        took={},
        partner_towns=tuple(towns),
        theme_id=coded.theme_id if coded else None,
    )


@unit_of_work
async def edit(
    organiser_id: UUID,
    practice_id: UUID,
    wish: PracticeWish,
    *,
    actor: str,
    now: datetime,
) -> Practice:
    """Change a card; whoever was asked about the words before is asked anew."""
    practice = await enter_practice(organiser_id, practice_id)
    if wish.theme_id and wish.theme_id != practice.theme_id:
        await codebook.theme_of(organiser_id, wish.theme_id)
    before = {name: getattr(practice, name) for name in _columns(wish)}
    if before == _columns(wish):
        return practice
    practice.update_from_dict(_columns(wish))
    practice.state = rules.state_after_edit(practice)
    await practice.save()
    await _note(practice, "practice.edit", actor, now)
    return practice


@unit_of_work
async def ask(
    organiser_id: UUID, practice_id: UUID, *, actor: str, now: datetime
) -> None:
    """Ask whoever said it, by letter, whether the card may be published."""
    practice = await enter_practice(organiser_id, practice_id)
    rules.must_be_askable(practice)
    practice.state, practice.asked_at = PracticeState.ASKED, now
    await practice.save()
    await enqueue(
        "letter:practice_asked",
        {"practice_id": str(practice.id)},
        organiser_id=organiser_id,
    )
    await _note(practice, "practice.ask", actor, now)


@unit_of_work
async def answer(
    registration_id: UUID,
    practice_id: UUID,
    *,
    agrees: bool,
    with_contact: bool = False,
    text: str,
    now: datetime,
) -> None:
    """Note a yes to the `text` that was shown, or a no; a no takes it off at once."""
    registration = await enter_own(registration_id)
    await registrations.vouch(registration_id, now=now)
    practice = await own_practice(registration_id, practice_id)
    # After the person's own row, so that two deeds meet in one order.
    practice = await enter_practice(registration.event.organiser_id, practice.id)
    if not agrees:
        practice.state, practice.shows_contact = PracticeState.REFUSED, False
    else:
        if practice.state is not PracticeState.PUBLISHED:
            practice.state = PracticeState.AGREED
        practice.shows_contact = with_contact
    practice.answered_at = now
    await practice.save()
    digest = sha256(text.encode()).hexdigest()
    verb = "agree" if agrees else "refuse"
    await audit.record(
        practice.organiser_id,
        f"practice.{verb}",
        practice.id,
        actor=audit.ATTENDEE,
        now=now,
        changes={"text": [None, digest], "contact": [None, with_contact]},
    )


@unit_of_work
async def note_consent(
    organiser_id: UUID, practice_id: UUID, note: str, *, actor: str, now: datetime
) -> None:
    """Note whose consent the organiser has, where nobody can be asked by letter."""
    practice = await enter_practice(organiser_id, practice_id)
    if practice.registration_id is not None:
        raise rules.AskInstead
    if practice.state is not PracticeState.PUBLISHED:
        practice.state = PracticeState.AGREED
    practice.consent_note, practice.answered_at = note, now
    await practice.save()
    await _note(practice, "practice.note_consent", actor, now)


@unit_of_work
async def publish(
    organiser_id: UUID, practice_id: UUID, *, actor: str, now: datetime
) -> None:
    """Show a card to everybody; the second time nothing changes."""
    practice = await enter_practice(organiser_id, practice_id)
    rules.must_be_agreed_to(practice)
    if practice.state is PracticeState.PUBLISHED:
        return
    practice.state, practice.published_at = PracticeState.PUBLISHED, now
    await practice.save()
    await _note(practice, "practice.publish", actor, now)


@unit_of_work
async def take_down(
    organiser_id: UUID, practice_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take a card off the site; the consent stays, so it can be published again."""
    practice = await enter_practice(organiser_id, practice_id)
    if practice.state is PracticeState.PUBLISHED:
        practice.state = PracticeState.AGREED
        await practice.save()
        await _note(practice, "practice.take_down", actor, now)


async def enter_practice(organiser_id: UUID, practice_id: UUID) -> Practice:
    """Lock a card of an organiser, then read it, or raise `NotFound`."""
    await rows(
        "UPDATE practice SET state = state WHERE id = :id AND organiser_id = :organiser"
        " RETURNING id",
        id=practice_id,
        organiser=organiser_id,
    )
    return await practice_of(organiser_id, practice_id)


async def practice_of(organiser_id: UUID, practice_id: UUID) -> Practice:
    """Find a card of an organiser, event and theme with it, or raise `NotFound`."""
    found = Practice.filter(id=practice_id, organiser_id=organiser_id)
    practice = await found.select_related("event", "theme", "organiser").first()
    if practice is None:
        raise NotFound
    return practice


async def own_practice(registration_id: UUID, practice_id: UUID) -> Practice:
    """Find a card about which somebody was asked, or raise `NotFound`."""
    found = Practice.filter(id=practice_id, registration_id=registration_id)
    practice = await found.select_related("theme", "organiser").first()
    if practice is None or practice.state is PracticeState.DRAFT:
        raise NotFound
    return practice


async def asked_of(registration_id: UUID) -> list[Practice]:
    """List the cards somebody was asked about; one query."""
    found = Practice.filter(registration_id=registration_id)
    return await found.exclude(state=PracticeState.DRAFT).order_by("id")


async def practices_of(
    organiser_id: UUID, event_id: UUID | None = None
) -> list[Practice]:
    """List an organiser's cards, of an event or all, the latest first; one query."""
    found = Practice.filter(organiser_id=organiser_id)
    if event_id:
        found = found.filter(event_id=event_id)
    return await found.select_related("theme").order_by("-id")


async def organisation_of(organisation_id: UUID | None) -> str:
    """Name an organisation; empty where there is none."""
    if organisation_id is None:
        return ""
    return (await names_of([organisation_id])).get(organisation_id, "")


# Any: a value for each column, as Tortoise takes them.
def _columns(wish: PracticeWish) -> dict[str, Any]:
    return {
        "title": wish.title,
        "what": wish.what,
        "how": wish.how,
        "took": wish.took,
        "place": wish.place,
        "partner_towns": list(wish.partner_towns),
        "countries": list(wish.countries),
        "funding": wish.funding,
        "link": wish.link,
        "theme_id": wish.theme_id,
    }


async def _slug(wish: PracticeWish, identifier: UUID) -> str:
    """Name it by its title; a second one of the name gets a number of its own."""
    title = wish.title.get(language()) or pick(wish.title)[0]
    slug = slug_of(title) or "practice"
    taken = await Practice.exists(slug=slug)
    return f"{slug}-{identifier.hex[-8:]}" if taken else slug


async def _note(practice: Practice, action: str, actor: str, now: datetime) -> None:
    await audit.record(practice.organiser_id, action, practice.id, actor=actor, now=now)
