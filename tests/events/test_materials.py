"""Materials of an event: who sees them, what makes a new version, how they stand."""

from datetime import datetime, timedelta

import httpx
import pytest
from tests.people import an_event, an_organiser, olga_signed_in
from tests.registration.conftest import applicant

from werkraum_events import materials
from werkraum_events.materials import MaterialWish
from werkraum_events.models import Event, Material, Mode
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_foundation.refusals import NotFound
from werkraum_registration import links
from werkraum_registration.models import Registration
from werkraum_registration.registrations import register

ACTOR = "person:olga"
SLIDES = MaterialWish({"en": "Slides"}, "https://files.example.org/slides.pdf", {})


@pytest.fixture
async def event(database: str) -> Event:
    return await an_event(await an_organiser(), now=clock.now())


async def add(event: Event, wish: MaterialWish, now: datetime) -> Material:
    return await materials.add(event.organiser_id, event.id, wish, actor=ACTOR, now=now)


async def test_another_link_or_news_make_a_new_version_and_a_title_does_not(
    event: Event, now: datetime
) -> None:
    made = await add(event, SLIDES, now)
    later = now + timedelta(days=1)
    wishes = [
        MaterialWish({"en": "The slides"}, SLIDES.link, {}),
        MaterialWish({"en": "The slides"}, SLIDES.link, {"en": "Notes added"}),
        MaterialWish({"en": "The slides"}, "https://files.example.org/2.pdf", {}),
    ]
    versions = []
    for wish in [SLIDES, *wishes, wishes[-1]]:
        there = await materials.edit(
            event.organiser_id, event.id, made.id, wish, actor=ACTOR, now=later
        )
        versions.append(there.version)
    assert versions == [1, 1, 2, 3, 3]


async def test_materials_stand_in_their_order_and_move_up(
    event: Event, now: datetime
) -> None:
    made = [
        await add(event, MaterialWish({"en": name}, SLIDES.link, {}), now)
        for name in ("One", "Two", "Three")
    ]
    for moved in (made[2], made[2], made[2]):
        await materials.move_up(
            event.organiser_id, event.id, moved.id, actor=ACTOR, now=now
        )
    there = await materials.materials_of(event.id)
    assert [it.title["en"] for it in there] == ["Three", "One", "Two"]


async def test_the_page_of_the_event_shows_what_is_public_at_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = f"/en/events/{event.slug}"
    assert "Slides" not in (await client.get(path)).text
    await add(event, SLIDES, clock.now())
    inner = MaterialWish({"en": "Phone list"}, SLIDES.link, {}, public=False)
    await add(event, inner, clock.now())
    text = (await client.get(path)).text
    assert "https://files.example.org/slides.pdf" in text
    assert "Phone list" not in text


async def test_anna_sees_on_her_page_what_is_for_those_with_a_seat(
    client: httpx.AsyncClient, event: Event
) -> None:
    inner = MaterialWish({"en": "Phone list"}, SLIDES.link, {}, public=False)
    await add(event, inner, clock.now())
    made = await register(
        event.id, applicant("Anna"), Mode.ONSITE, vouched=True, now=clock.now()
    )
    anna = await Registration.get(id=made.id)
    page = await client.get(f"/en/my/{links.personal_token(anna)}")
    seated = anna.state.value == "confirmed"
    assert ("Phone list" in page.text) is seated


@pytest.fixture
async def olga(client: httpx.AsyncClient, database: str) -> httpx.AsyncClient:
    await olga_signed_in(client)
    return client


@pytest.fixture
async def olgas(olga: httpx.AsyncClient) -> Event:
    return await an_event(await Organiser.get(), now=clock.now())


async def test_olga_adds_changes_and_removes_a_material(
    olga: httpx.AsyncClient, olgas: Event
) -> None:
    address = f"/desk/events/{olgas.id}/materials"
    typed = {"title_en": "Slides", "link": SLIDES.link, "public": "on"}
    assert (await olga.post(address, data=typed)).status_code == 303
    made = await Material.get()
    newer = {**typed, "news_en": "Chapter <b>two</b>"}
    assert (await olga.post(f"{address}/{made.id}", data=newer)).status_code == 303
    page = (await olga.get(address)).text
    assert "version 2" in page and "Chapter &lt;b&gt;two&lt;/b&gt;" in page
    for _ in range(2):
        assert (await olga.post(f"{address}/{made.id}/remove")).status_code == 303
    assert not await Material.exists()


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "http://a.example", "https://u:p@a.example", "", "x" * 600],
)
async def test_what_is_no_web_address_comes_back_with_everything_typed(
    olga: httpx.AsyncClient, olgas: Event, link: str
) -> None:
    typed = {"title_en": "My slides", "link": link}
    answer = await olga.post(f"/desk/events/{olgas.id}/materials", data=typed)
    assert answer.status_code == 422
    assert "My slides" in answer.text
    assert not await Material.exists()


async def test_otto_touches_no_material_of_olgas(event: Event, now: datetime) -> None:
    made, otto = await add(event, SLIDES, now), await an_organiser("Another office")
    with pytest.raises(NotFound):
        await materials.remove(otto.id, event.id, made.id, actor=ACTOR, now=now)
    other = await an_event(otto, now=now)
    with pytest.raises(NotFound):
        await materials.edit(otto.id, other.id, made.id, SLIDES, actor=ACTOR, now=now)
    await materials.remove(otto.id, other.id, made.id, actor=ACTOR, now=now)
    assert await Material.exists()
