"""What became of a theme: once by letter to those who raised it, and for all."""

from datetime import timedelta

import httpx
import pytest
from tests.letter_reader import must_say_the_same
from tests.people import an_event, an_organiser, olga_signed_in, otto_signed_in
from tests.registration.asking import takes_part
from tests.server.postbox import delivered, html_of, text_of, throw_away, unwrapped

from werkraum_events.models import Event
from werkraum_feedback.coding import codebook
from werkraum_feedback.coding.codebook import Wording
from werkraum_feedback.coding.codebook_deeds import By
from werkraum_feedback.follow_up import replies
from werkraum_feedback.follow_up.replies import ReplyWish
from werkraum_feedback.follow_up_models import Reply
from werkraum_feedback.statement_models import (
    Coding,
    Phase,
    Statement,
    StatementSource,
    Theme,
)
from werkraum_foundation import clock
from werkraum_foundation.refusals import NotFound
from werkraum_registration.consent_wishes import Purpose
from werkraum_registration.models import Consent, Registration

ACTOR = "person:olga"
DAY = timedelta(days=1)
WISH = ReplyWish(
    {"de": "Mehr <Zeit>.", "en": "More <time>."},
    {"de": "Es gibt 30 Minuten mehr.", "en": "There are 30 more minutes.\n\nGladly."},
)


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    throw_away()
    return await an_event(await an_organiser(), now=clock.now() - 15 * DAY)


async def raised(event: Event, *people: Registration | None) -> Theme:
    """Have people speak of a theme; None is an anonymous voice."""
    by = By(event.organiser_id, ACTOR, clock.now(), event.id)
    theme = await codebook.make(by, Wording({"de": "Zeit", "en": "Time"}))
    for number, person in enumerate(people):
        statement = await Statement.create(
            organiser_id=event.organiser_id,
            event=event,
            source=StatementSource.CAPTURE,
            phase=Phase.CLOSING,
            text="More time, please.",
            text_hash=str(number),
            language="en",
            registration_id=person.id if person else None,
        )
        await Coding.create(
            statement=statement,
            theme=theme,
            start=0,
            end=4,
            coder=ACTOR,
            created_at=clock.now(),
        )
    return theme


async def written(event: Event, theme: Theme) -> Reply:
    return await replies.write(
        event.organiser_id, event.id, theme.id, WISH, actor=ACTOR, now=clock.now()
    )


async def send(reply: Reply) -> int:
    return await replies.send(
        reply.organiser_id, reply.id, actor=ACTOR, now=clock.now()
    )


async def test_it_goes_once_to_those_who_raised_it_and_who_asked_to_be_told(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, berta = await takes_part(event), await takes_part(event, "Berta")
    await takes_part(event, "Cem")
    await Consent.create(
        registration=berta,
        purpose=Purpose.OUTCOME.value,
        text="Tell me",
        text_hash="h",
        language="en",
        channel="form",
        given_at=clock.now(),
    )
    reply = await written(event, await raised(event, anna, anna, None))
    assert await replies.sent_of(event.id) == []
    assert await send(reply) == 2
    assert await send(reply) == 0
    letters = await delivered()
    to = sorted(str(it["to"]).partition(" ")[0] for it in letters)
    assert to == ["Anna", "Berta"]
    for letter in letters:
        must_say_the_same(text_of(letter), html_of(letter))
        assert "More <time>. We did: There are 30 more minutes. Gladly." in unwrapped(
            letter
        )
    shown = (await client.get(f"/en/events/{event.slug}")).text
    assert "More &lt;time&gt;." in shown and "There are 30 more minutes." in shown


async def test_what_was_sent_stays_as_it_is(event: Event) -> None:
    theme = await raised(event, None)
    assert await send(await written(event, theme)) == 0
    with pytest.raises(replies.ReplySent):
        await written(event, theme)


async def test_the_letter_speaks_german(event: Event) -> None:
    anna = await takes_part(event)
    await Registration.all().update(language="de")
    await send(await written(event, await raised(event, anna)))
    [letter] = await delivered()
    assert "Es gibt 30 Minuten mehr." in text_of(letter)
    assert "Sie haben gesagt" in str(letter["subject"])


async def test_olga_writes_looks_at_it_and_sends_it(client: httpx.AsyncClient) -> None:
    throw_away()
    event = await an_event(await olga_signed_in(client), now=clock.now() - 15 * DAY)
    theme = await raised(event, await takes_part(event))
    own = f"/desk/events/{event.id}/feedback/replies/{theme.id}"
    said = f'href="/desk/events/{event.id}/feedback/statements?theme={theme.id}"'
    assert said in (await client.get(own)).text
    faulty = await client.post(own, data={"said_en": "More time"})
    assert faulty.status_code == 422 and "More time" in faulty.text
    typed = {"said_en": "More time", "did_en": "<b>30</b> minutes"}
    sent = await client.post(own, data=typed)
    preview = await client.get(sent.headers["location"])
    assert "One person gets it by letter" in preview.text
    assert "&lt;b&gt;30&lt;/b&gt; minutes" in preview.text
    assert await delivered() == []
    assert (await client.post(f"{own}/send")).status_code == 303
    assert len(await delivered()) == 1
    overview = await client.get(f"/desk/events/{event.id}/feedback/replies")
    assert "Sent" in overview.text


async def test_otto_reads_writes_and_sends_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    theme = await raised(event, await takes_part(event))
    reply = await written(event, theme)
    otto = await otto_signed_in(client)
    all_of = f"/desk/events/{event.id}/feedback/replies"
    for path in (all_of, f"{all_of}/{theme.id}", f"{all_of}/{theme.id}/send"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post(f"{all_of}/{theme.id}/send")).status_code == 404
    with pytest.raises(NotFound):
        await replies.send(otto.id, reply.id, actor=ACTOR, now=clock.now())
    assert await delivered() == []
