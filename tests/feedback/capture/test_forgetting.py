"""Whoever is erased is named by nothing they said; the words stay."""

import httpx
from tests.feedback.meetings import a_card, a_meeting, a_town, an_introduction
from tests.people import an_organiser
from tests.registration.joining import my

from werkraum_feedback.capture import cards, forgetting
from werkraum_feedback.capture.card_stack import stack_of
from werkraum_feedback.models import Signature
from werkraum_feedback.statement_models import Statement
from werkraum_foundation import clock
from werkraum_foundation.outbox.worker import drain
from werkraum_registration.models import SeatPool
from werkraum_server import erased_ledger


async def test_an_erased_person_leaves_words_without_a_name(
    client: httpx.AsyncClient,
) -> None:
    event = await a_meeting(await an_organiser())
    asked = await an_introduction(event)
    town = await a_town(event.organiser, "Stadt Kleinhausen")
    anna = await a_card(asked, "Uns fehlt Nachwuchs.", name="Anna", organisation=town)
    await a_card(asked, "Uns auch.", name="Berta")
    assert anna
    # Written by hand, they are in no counter yet.
    await SeatPool.filter(event=event, mode="onsite").update(taken=2, demand=2)
    for card in (await stack_of(event.id)).cards:
        await cards.tick(event.organiser_id, event.id, card.id, now=clock.now())

    await client.post(my(anna, "/erase"))
    # At once, before anything else has run.
    assert [it.name for it in (await stack_of(event.id)).cards] == ["Berta"]
    await drain()
    there = await Statement.get(text="Uns fehlt Nachwuchs.")
    assert (there.registration_id, there.organisation_id) == (None, None)
    assert (there.org_kind, there.org_size) == ("municipality", "small")
    assert await Signature.filter(registration_id=anna.id).count() == 0
    assert await Statement.exclude(registration_id=None).count() == 1
    await forgetting.forget(anna.id)
    erased_ledger.ledger().unlink(missing_ok=True)
