"""Best-practice cards: nothing is public without a yes, and a yes is taken back."""

from datetime import timedelta

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import an_event, an_organiser, olga_signed_in, otto_signed_in
from tests.registration.asking import takes_part
from tests.server.postbox import (
    delivered,
    html_of,
    link_in,
    text_of,
    throw_away,
    unwrapped,
)

from werkraum_events.models import Event
from werkraum_feedback.follow_up import countries, practices
from werkraum_feedback.follow_up import practice_rules as rules
from werkraum_feedback.follow_up.practice_rules import PracticeWish
from werkraum_feedback.follow_up_models import Practice, PracticeState
from werkraum_feedback.statement_models import Phase, Statement, StatementSource
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import erasing, links
from werkraum_registration.models import Registration
from werkraum_server.retention import purge

ACTOR = "person:olga"
DAY = timedelta(days=1)
WISH = PracticeWish(
    {"de": "Sprachtandem", "en": "Language tandem"},
    {"de": "Wir <treffen> uns.", "en": "We <meet>."},
    {},
    {},
    place="Beispielhausen",
    countries=("PL",),
)
TYPED = {
    "title_en": "Cooking together",
    "what_en": "We cook.",
    "countries": "Poland, Frankreich",
    "partner_towns": "Exempleville, Przykładowo",
}


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_event(await an_organiser(), now=clock.now() - 15 * DAY)


@pytest.fixture
async def anna(event: Event) -> Registration:
    return await takes_part(event)


async def said(event: Event, anna: Registration | None = None) -> Statement:
    return await Statement.create(
        organiser_id=event.organiser_id,
        event=event,
        source=StatementSource.CAPTURE,
        phase=Phase.DISCUSSION,
        text="We cook together with our partner town, every single spring.",
        text_hash="h",
        language="en",
        registration_id=anna.id if anna else None,
    )


async def a_card(event: Event, anna: Registration | None = None) -> Practice:
    statement = await said(event, anna)
    return await practices.make_from(
        event.organiser_id, event.id, statement.id, actor=ACTOR, now=clock.now()
    )


async def asked(event: Event, anna: Registration) -> Practice:
    card = await a_card(event, anna)
    await practices.ask(event.organiser_id, card.id, actor=ACTOR, now=clock.now())
    return card


async def published(event: Event) -> Practice:
    card = await practices.make(
        event.organiser_id, WISH, event_id=event.id, actor=ACTOR, now=clock.now()
    )
    for deed, more in ((practices.note_consent, ["by mail"]), (practices.publish, [])):
        await deed(event.organiser_id, card.id, *more, actor=ACTOR, now=clock.now())
    return await Practice.get(id=card.id)


def of(anna: Registration, card: Practice) -> str:
    return f"/en/my/{links.personal_token(anna)}/practices/{card.id}"


async def test_anna_is_asked_by_letter_agrees_and_takes_it_back(
    client: httpx.AsyncClient, event: Event, anna: Registration
) -> None:
    card = await asked(event, anna)
    [letter] = await delivered()
    assert "May we publish your example?" in str(letter["subject"])
    must_say_the_same(text_of(letter), html_of(letter))
    link = link_in(letter, "/practices/")
    assert "every single spring" in (await client.get(link)).text
    assert (await Practice.get()).state is PracticeState.ASKED
    sent = await client.post(link, data={"answer": "agree_with_contact"})
    assert sent.status_code == 303
    await practices.publish(event.organiser_id, card.id, actor=ACTOR, now=clock.now())
    page = f"/en/practices/{card.slug}"
    assert "anna@attendee.example" in (await client.get(page)).text
    assert (
        "Your examples" in (await client.get(of(anna, card).partition("/pr")[0])).text
    )
    assert (await client.post(link, data={"answer": "refuse"})).status_code == 303
    gone = await client.get(page)
    assert gone.status_code == 410
    assert "Anna" not in gone.text and "spring" not in gone.text


async def test_nothing_is_published_without_a_yes(
    event: Event, anna: Registration
) -> None:
    card = await asked(event, anna)
    with pytest.raises(rules.NotAgreedTo):
        await practices.publish(
            event.organiser_id, card.id, actor=ACTOR, now=clock.now()
        )
    with pytest.raises(rules.AskInstead):
        await practices.note_consent(
            event.organiser_id, card.id, "I know her", actor=ACTOR, now=clock.now()
        )
    nobodys = await a_card(event)
    with pytest.raises(rules.NobodyToAskAboutIt):
        await practices.ask(
            event.organiser_id, nobodys.id, actor=ACTOR, now=clock.now()
        )


async def test_other_words_need_another_yes(event: Event, anna: Registration) -> None:
    card = await asked(event, anna)
    await practices.answer(
        anna.id, card.id, agrees=True, text="I agree", now=clock.now()
    )
    for wish, state in ((WISH, PracticeState.DRAFT), (WISH, PracticeState.DRAFT)):
        await practices.edit(
            event.organiser_id, card.id, wish, actor=ACTOR, now=clock.now()
        )
        assert (await Practice.get()).state is state


async def test_a_statement_has_one_card(event: Event) -> None:
    statement = await said(event)
    made = [
        await practices.make_from(
            event.organiser_id, event.id, statement.id, actor=ACTOR, now=clock.now()
        )
        for _ in range(2)
    ]
    assert made[0].id == made[1].id
    assert made[0].registration_id is None


async def test_cards_are_found_by_words_theme_and_country(
    client: httpx.AsyncClient, event: Event
) -> None:
    await published(event)
    for query, found in (
        ("", True),
        ("?q=tandem+beispielh%C3%A4usen", True),
        ("?q=polen", False),
        ("?q=poland&country=PL", True),
        ("?country=FR", False),
        ("?theme=nonsense&page=0&country=pl", True),
        ("?page=9", False),
    ):
        page = await client.get(f"/en/practices{query}")
        assert page.status_code == 200
        assert ("Language tandem" in page.text) is found, query


async def test_a_card_is_in_feeds_and_sitemap_as_long_as_it_is_public(
    client: httpx.AsyncClient, event: Event
) -> None:
    card = await published(event)
    paths = ("/practices.atom?lang=en", "/practices.json?lang=en", "/sitemap.xml")
    for path in paths:
        assert card.slug in (await client.get(path)).text
    page = (await client.get(f"/en/practices/{card.slug}")).text
    assert "We &lt;meet&gt;." in page
    assert "office@network.example" in page
    await practices.take_down(event.organiser_id, card.id, actor=ACTOR, now=clock.now())
    for path in paths:
        assert card.slug not in (await client.get(path)).text
    assert (await client.get(f"/en/practices/{card.slug}")).status_code == 410


async def test_a_draft_is_no_page(client: httpx.AsyncClient, event: Event) -> None:
    card = await a_card(event)
    assert (await client.get(f"/en/practices/{card.slug}")).status_code == 404
    assert "spring" not in (await client.get("/en/practices")).text


async def test_olga_writes_a_card_from_first_word_to_publishing(
    client: httpx.AsyncClient,
) -> None:
    event = await an_event(await olga_signed_in(client), now=clock.now() - 15 * DAY)
    sent = await client.post(f"/desk/practices/new?event={event.id}", data=TYPED)
    assert sent.status_code == 303
    card = await Practice.get()
    assert (card.event_id, card.countries) == (event.id, ["PL", "FR"])
    own = f"/desk/practices/{card.id}"
    assert (await client.post(f"{own}/publish")).status_code == 409
    assert (await client.post(f"{own}/consent", data={"note": ""})).status_code == 422
    assert (await client.post(f"{own}/consent", data={"note": "Town"})).is_redirect
    assert (await client.post(f"{own}/publish")).is_redirect
    assert "Cooking together" in (await client.get("/en/practices")).text
    edited = await client.post(f"{own}/edit", data=TYPED | {"what_en": "We bake."})
    assert edited.is_redirect
    assert "We bake." in (await client.get(f"/en/practices/{card.slug}")).text
    assert (await client.post(f"{own}/down")).is_redirect
    statement = await said(event)
    ledger = (await client.get(f"/desk/events/{event.id}/feedback/statements")).text
    assert f"statements/{statement.id}/practice" in ledger
    button = f"/desk/events/{event.id}/feedback/statements/{statement.id}/practice"
    assert "/edit" in (await client.post(button)).headers["location"]
    listed = (await client.get(f"/desk/events/{event.id}/feedback/practices")).text
    assert "Cooking together" in listed and "We cook together with" in listed


@pytest.mark.parametrize(
    "wrong",
    [{"countries": "Atlantis"}, {"link": "javascript:x"}, {"title_en": ""}],
    ids=["no country", "no link", "no title"],
)
async def test_a_card_with_faults_comes_back_with_everything_typed(
    client: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    await olga_signed_in(client)
    sent = await client.post("/desk/practices/new", data=TYPED | wrong)
    assert sent.status_code == 422
    assert "We cook." in sent.text
    assert not await Practice.exists()


async def test_otto_sees_no_draft_and_answers_for_nobody(
    client: httpx.AsyncClient, event: Event, anna: Registration
) -> None:
    card = await asked(event, anna)
    otto = await takes_part(event, "Otto")
    assert (await client.get(of(otto, card))).status_code == 404
    sent = await client.post(of(otto, card), data={"answer": "agree"})
    assert sent.status_code == 404
    await otto_signed_in(client)
    own = f"/desk/practices/{card.id}"
    for path in (own, f"{own}/edit", f"/desk/events/{event.id}/feedback/practices"):
        assert (await client.get(path)).status_code == 404
    for deed in ("ask", "publish", "down"):
        assert (await client.post(f"{own}/{deed}")).status_code == 404
    assert (await client.post(f"{own}/edit", data=TYPED)).status_code == 404
    assert "spring" not in (await client.get("/desk/practices")).text
    assert (await Practice.get()).state is PracticeState.ASKED


async def test_erased_the_card_is_off_the_site(
    event: Event, anna: Registration
) -> None:
    card = await asked(event, anna)
    await practices.answer(anna.id, card.id, agrees=True, text="", now=clock.now())
    await practices.publish(event.organiser_id, card.id, actor=ACTOR, now=clock.now())
    await purge(clock.now() + 400 * DAY)
    assert (await Registration.get()).name == "Anna"
    await erasing.erase(anna.id, now=clock.now())
    await drain()
    left = await Practice.get()
    assert (left.state, left.registration_id) == (PracticeState.REFUSED, None)
    await purge(clock.now() + 400 * DAY)
    assert (await Registration.get()).name == ""


async def test_the_letter_is_not_sent_to_whoever_has_answered(
    event: Event, anna: Registration
) -> None:
    card = await asked(event, anna)
    await practices.answer(anna.id, card.id, agrees=False, text="", now=clock.now())
    assert await delivered() == []


async def test_the_letter_speaks_german(event: Event, anna: Registration) -> None:
    await Registration.all().update(language="de")
    await asked(event, anna)
    [letter] = await delivered()
    assert "Dürfen wir Ihr Beispiel veröffentlichen?" in unwrapped(letter)
    assert await Organiser.exists()


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Polen", "PL"), ("poland", "PL"), ("fr", "FR"), ("usa", "US"), ("EU", None)],
)
def test_a_country_is_known_by_its_names(typed: str, code: str | None) -> None:
    assert countries.code_of(typed) == code
