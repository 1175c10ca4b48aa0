"""Whose an answer is: nobody's, unless somebody puts their name to it."""

from datetime import datetime

import httpx
import pytest
from tests.feedback.conftest import ACTOR, confirmed, holders, tokens
from tests.people import an_event

from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.models import (
    Naming,
    ResponseRow,
    Round,
    RoundKind,
    Signature,
)
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_registration.models import OrganisationKind, OrganisationSize


@pytest.fixture
def now() -> datetime:
    """The real moment: pages ask the clock."""
    return clock.now()


async def asked_to(
    organiser: Organiser, now: datetime, kind: RoundKind = RoundKind.INTRODUCTION
) -> Round:
    event = await an_event(organiser, now=now)
    await confirmed(event, 3)
    made = await rounds.create(organiser.id, event.id, kind=kind, actor=ACTOR, now=now)
    return await rounds.open(organiser.id, made.id, actor=ACTOR, now=now)


async def sent(client: httpx.AsyncClient, asked: Round, **boxes: str) -> httpx.Response:
    [first, *_] = await queries.questions_of(asked.id)
    path = f"/en/feedback/{(await tokens(asked))[0]}"
    words = {first.id: "4" if first.kind == "scale" else "Eine Städtepartnerschaft"}
    return await client.post(path, data={**words, **boxes})


async def test_without_the_box_nobody_is_named(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_to(olgas_office, now)

    page = await client.get(f"/en/feedback/{(await tokens(asked))[0]}")
    answer = await sent(client, asked)

    assert "Put my name to it." in page.text
    assert 'name="signed" type="checkbox" value="on">' in page.text
    assert answer.status_code == 303
    assert not await Signature.exists()


async def test_whoever_ticks_the_box_stands_with_it_also_after_the_end(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_to(olgas_office, now)
    anna = (await holders(asked))[0]

    await sent(client, asked, signed="on", quotable="on")
    await rounds.close(olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=now)

    signature = await Signature.get()
    assert signature.registration_id == anna
    said = await ResponseRow.get(id=signature.response_id)
    assert said.quotable


async def test_in_an_anonymous_round_there_is_no_box_and_it_does_nothing(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_to(olgas_office, now, RoundKind.SURVEY)
    assert asked.naming is Naming.ANONYMOUS

    page = await client.get(f"/en/feedback/{(await tokens(asked))[0]}")
    answer = await sent(client, asked, signed="on")

    assert "signed" not in page.text
    assert answer.status_code == 303
    assert not await Signature.exists()


async def test_where_somebody_comes_from_is_kept_as_they_say(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_to(olgas_office, now)

    await sent(client, asked, org_kind="municipality", org_size="small")

    said = await ResponseRow.get()
    assert said.org_kind is OrganisationKind.MUNICIPALITY
    assert said.org_size is OrganisationSize.SMALL
    assert not said.quotable


async def test_only_a_town_has_a_size(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_to(olgas_office, now)

    await sent(client, asked, org_kind="association", org_size="small")

    said = await ResponseRow.get()
    assert (said.org_kind, said.org_size) == (OrganisationKind.ASSOCIATION, None)


async def test_what_a_round_does_not_ask_it_does_not_keep(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_to(olgas_office, now, RoundKind.PULSE)

    await sent(client, asked, org_kind="school", quotable="on")

    said = await ResponseRow.get()
    assert (said.org_kind, said.quotable) == (None, False)


@pytest.mark.parametrize(
    "wrong", [{"org_kind": "moon"}, {"org_size": "9"}, {"registration_id": "1"}]
)
async def test_an_origin_there_is_not_is_refused_at_its_field(
    client: httpx.AsyncClient,
    olgas_office: Organiser,
    now: datetime,
    wrong: dict[str, str],
) -> None:
    asked = await asked_to(olgas_office, now)

    answer = await sent(client, asked, **wrong)

    assert answer.status_code == 422
    assert f'href="#{next(iter(wrong))}"' in answer.text
    assert "Eine Städtepartnerschaft" in answer.text
    assert not await ResponseRow.exists()


async def test_what_few_have_said_of_themselves_is_forgotten_at_the_end(
    client: httpx.AsyncClient, olgas_office: Organiser, now: datetime
) -> None:
    asked = await asked_to(olgas_office, now)
    await sent(client, asked, org_kind="school")

    await rounds.close(olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=now)

    assert (await ResponseRow.get()).org_kind is None
