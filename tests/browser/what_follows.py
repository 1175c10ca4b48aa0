"""What has followed from an event: promises, examples, contacts, an answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from werkraum_events.models import Event
from werkraum_feedback.coding import codebook
from werkraum_feedback.coding.codebook import Wording
from werkraum_feedback.coding.codebook_deeds import By
from werkraum_feedback.follow_up import contacts, pledges, practices, replies, talks
from werkraum_feedback.follow_up.contacts import Sought
from werkraum_feedback.follow_up.pledges import FollowUp, PledgeWish
from werkraum_feedback.follow_up.practice_rules import PracticeWish
from werkraum_feedback.follow_up.replies import ReplyWish
from werkraum_feedback.follow_up_models import Contact, PledgeForm, PledgeState
from werkraum_feedback.statement_models import (
    Coding,
    Phase,
    Statement,
    StatementSource,
    Theme,
)
from werkraum_registration import links
from werkraum_registration.models import Registration

OLGA = "person:olga"
TANDEM = PracticeWish(
    {"de": "Sprachtandem am Küchentisch", "en": "Language tandem in the kitchen"},
    {
        "de": "Zwei Vereine kochen einmal im Monat zusammen.\nDabei lernen alle.",
        "en": "Two associations cook together once a month.\nEverybody learns.",
    },
    {"de": "Eine lädt ein, eine übersetzt.", "en": "One invites, one translates."},
    {"de": "Zwei Abende im Monat.", "en": "Two evenings a month."},
    place="Partnerschaftsverein Beispielhausen e. V.",
    partner_towns=("Exempleville", "Przykładowo"),
    countries=("FR", "PL"),
    funding="Stadt Beispielhausen",
    link="https://example.org/tandem",
)


async def follows_from(
    event: Event, people: Sequence[Registration], now: datetime
) -> dict[str, str]:
    """Fill an event that is over; the names of what there is then."""
    by = By(event.organiser_id, OLGA, now, event.id)
    theme = await codebook.make(
        by, Wording({"de": "Jugend gewinnen", "en": "Winning young people"})
    )
    names = {"raised_theme": str(theme.id)}
    names |= await _promised(event, people, theme, now)
    names |= await _examples(event, people, theme, now)
    names |= await _found_each_other(event, people, now)
    await _answered(event, theme, now)
    return names


async def _promised(
    event: Event, people: Sequence[Registration], theme: Theme, now: datetime
) -> dict[str, str]:
    wish = PledgeWish(
        PledgeForm.GROUP, theme.id, 2, "Ich kenne viele Jugendliche und koche gern."
    )
    made = await pledges.make(people[0].id, wish, now=now)
    await pledges.make(people[1].id, PledgeWish(PledgeForm.TALK), now=now)
    told = FollowUp(PledgeState.ASKED, "Ruft im Herbst zurück.", now.date())
    await pledges.follow_up(event.organiser_id, made.id, told, actor=OLGA, now=now)
    return {"pledge": str(made.id)}


async def _examples(
    event: Event, people: Sequence[Registration], theme: Theme, now: datetime
) -> dict[str, str]:
    statement = await Statement.create(
        organiser_id=event.organiser_id,
        event=event,
        source=StatementSource.CAPTURE,
        phase=Phase.DISCUSSION,
        text="Wir kochen jedes Frühjahr mit unserer Partnerstadt.",
        text_hash="cooking",
        language="de",
        registration_id=people[0].id,
    )
    await Coding.create(
        statement=statement, theme=theme, start=0, end=10, coder=OLGA, created_at=now
    )
    own = event.organiser_id
    asked = await practices.make_from(own, event.id, statement.id, actor=OLGA, now=now)
    await practices.ask(own, asked.id, actor=OLGA, now=now)
    card = await practices.make(own, TANDEM, event_id=event.id, actor=OLGA, now=now)
    await practices.note_consent(own, card.id, "Per E-Mail", actor=OLGA, now=now)
    await practices.publish(own, card.id, actor=OLGA, now=now)
    draft = await practices.make(own, TANDEM, event_id=event.id, actor=OLGA, now=now)
    return {
        "asked_card": str(asked.id),
        "practice_card": str(card.id),
        "card_slug": card.slug,
        "draft_card": str(draft.id),
    }


async def _found_each_other(
    event: Event, people: Sequence[Registration], now: datetime
) -> dict[str, str]:
    sought = Sought("Eine Partnerstadt am Fluss", "Räume", (), ("PL", "FR"))
    for person in people[:3]:
        await contacts.seek(person.id, sought, now=now)
    await contacts.suggest(event.id, now=now)
    first = await Contact.filter(event_id=event.id).order_by("id").first()
    assert first is not None
    both = await first.one, await first.other
    for wish in both:
        await contacts.answer(wish.registration_id, first.id, yes=True, now=now)
    talker = both[0].registration_id
    await talks.agree_on_talk(
        talker,
        first.id,
        now + timedelta(days=2),
        minutes=30,
        room="abcde-fghij-kmnpq-rstuv",
        now=now,
    )
    talking = await Registration.get(id=talker)
    return {"contact": str(first.id), "talker": links.personal_token(talking)}


async def _answered(event: Event, theme: Theme, now: datetime) -> None:
    wish = ReplyWish(
        {"de": "Sie wünschen sich mehr Zeit.", "en": "You wish for more time."},
        {"de": "Es gibt 30 Minuten mehr.", "en": "There are 30 more minutes."},
    )
    await replies.write(
        event.organiser_id, event.id, theme.id, wish, actor=OLGA, now=now
    )
