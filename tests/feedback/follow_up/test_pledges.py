"""Pledges to join in: on the personal page, at the desk, until they are forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from tests.people import a_member, an_event, an_organiser, olga_signed_in, signed_in
from tests.registration.asking import takes_part

from werkraum_events.models import Event
from werkraum_feedback.coding import codebook
from werkraum_feedback.coding.codebook import Wording
from werkraum_feedback.coding.codebook_deeds import By
from werkraum_feedback.follow_up import pledges
from werkraum_feedback.follow_up.pledges import FollowUp, PledgeWish
from werkraum_feedback.follow_up_models import Pledge, PledgeForm, PledgeState
from werkraum_feedback.statement_models import Theme
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser, Role
from werkraum_foundation.outbox.worker import drain
from werkraum_foundation.refusals import NotFound
from werkraum_registration import erasing, links
from werkraum_registration.models import Registration, State
from werkraum_server.retention import purge

DAY = timedelta(days=1)
ACTOR = "person:olga"


@pytest.fixture
def now() -> datetime:
    """The real moment: pages ask the clock."""
    return clock.now()


@pytest.fixture
async def event(client: httpx.AsyncClient, now: datetime) -> Event:
    return await an_event(await an_organiser(), now=now - 15 * DAY)


@pytest.fixture
async def anna(event: Event) -> Registration:
    return await takes_part(event)


def page_of(anna: Registration, rest: str = "") -> str:
    return f"/en/my/{links.personal_token(anna)}{rest}"


async def a_theme(organiser_id: UUID, name: str = "Youth") -> Theme:
    by = By(organiser_id, ACTOR, clock.now())
    return await codebook.make(by, Wording({"en": name}))


async def promises(
    anna: Registration, form: PledgeForm = PledgeForm.GROUP, words: str = ""
) -> Pledge:
    return await pledges.make(anna.id, PledgeWish(form, words=words), now=clock.now())


async def test_anna_offers_to_join_in_changes_it_and_takes_it_back(
    client: httpx.AsyncClient, anna: Registration, event: Event
) -> None:
    theme = await a_theme(event.organiser_id)
    assert "I would join in" in (await client.get(page_of(anna))).text
    form = await client.get(page_of(anna, "/join-in"))
    assert "Youth" in form.text
    typed = {
        "form": "group",
        "theme": str(theme.id),
        "hours": "2",
        "words": "With <us>",
    }
    for _ in range(2):
        sent = await client.post(page_of(anna, "/join-in"), data=typed)
        assert sent.status_code == 303
    pledge = await Pledge.get()
    page = (await client.get(page_of(anna))).text
    assert "In a working group" in page and "With &lt;us&gt;" in page
    own = page_of(anna, f"/join-in/{pledge.id}")
    assert (await client.post(own, data={"form": "talk"})).status_code == 303
    changed = await Pledge.get()
    assert (changed.form, changed.theme_id, changed.words) == (
        PledgeForm.TALK,
        None,
        "",
    )
    for _ in range(2):
        assert (await client.post(f"{own}/withdraw")).status_code == 303
    assert (await Pledge.get()).state is PledgeState.WITHDRAWN
    assert "With a talk" not in (await client.get(page_of(anna))).text


async def test_a_form_with_faults_comes_back_with_everything_typed(
    client: httpx.AsyncClient, anna: Registration
) -> None:
    typed = {"form": "", "hours": "900", "words": "I know somebody"}
    sent = await client.post(page_of(anna, "/join-in"), data=typed)
    assert sent.status_code == 422
    assert "I know somebody" in sent.text and "900" in sent.text
    assert not await Pledge.exists()


@pytest.mark.parametrize("state", [State.UNCONFIRMED, State.CANCELLED])
async def test_who_does_not_take_part_cannot_join_in(
    client: httpx.AsyncClient, anna: Registration, state: State
) -> None:
    await Registration.all().update(state=state)
    assert (await client.get(page_of(anna, "/join-in"))).status_code == 404
    sent = await client.post(page_of(anna, "/join-in"), data={"form": "talk"})
    assert sent.status_code == 409


async def test_a_theme_of_another_office_is_none(
    anna: Registration, now: datetime
) -> None:
    theme = await a_theme((await an_organiser("Another office")).id)
    with pytest.raises(NotFound):
        wish = PledgeWish(PledgeForm.TALK, theme.id)
        await pledges.make(anna.id, wish, now=now)


async def test_nobody_touches_the_pledge_of_another(
    client: httpx.AsyncClient, anna: Registration, event: Event
) -> None:
    pledge, otto = await promises(anna), await takes_part(event, "Otto")
    for path in ("", "/withdraw"):
        address = page_of(otto, f"/join-in/{pledge.id}{path}")
        sent = await client.post(address, data={"form": "talk"} if not path else {})
        assert sent.status_code == 404
    assert (await Pledge.get()).form is PledgeForm.GROUP


async def test_nobody_promises_without_end(anna: Registration, now: datetime) -> None:
    for number in range(pledges.MOST):
        theme = await a_theme((await Organiser.get()).id, f"Theme {number}")
        wish = PledgeWish(PledgeForm.TALK, theme.id)
        await pledges.make(anna.id, wish, now=now)
    with pytest.raises(pledges.TooManyPledges):
        await promises(anna)


async def test_people_are_counted_once_for_each_form(
    anna: Registration, event: Event, now: datetime
) -> None:
    theme = await a_theme(event.organiser_id)
    await promises(anna)
    await pledges.make(anna.id, PledgeWish(PledgeForm.GROUP, theme.id), now=now)
    berta = await takes_part(event, "Berta")
    await promises(berta)
    gone = await promises(berta, PledgeForm.TALK)
    await pledges.withdraw(berta.id, gone.id, now=now)
    assert await pledges.counts(event.id) == {PledgeForm.GROUP: 2}


async def test_what_its_person_took_back_stays_taken_back(
    anna: Registration, event: Event, now: datetime
) -> None:
    pledge = await promises(anna, words="I can cook")
    await pledges.withdraw(anna.id, pledge.id, now=now)
    told = FollowUp(PledgeState.DONE, "called", now.date())
    await pledges.follow_up(event.organiser_id, pledge.id, told, actor=ACTOR, now=now)
    there = await Pledge.get()
    assert (there.state, there.words, there.follow_up_on) == (
        PledgeState.WITHDRAWN,
        "",
        None,
    )


async def test_olga_finds_who_is_due_on_her_first_page(
    client: httpx.AsyncClient, now: datetime
) -> None:
    event = await an_event(await olga_signed_in(client), now=now - 15 * DAY)
    pledge = await promises(await takes_part(event), words="=1+1")
    assert "wait to hear" not in (await client.get("/desk/")).text
    typed = {"state": "asked", "note": "Called", "follow_up_on": str(now.date())}
    sent = await client.post(f"/desk/pledges/{pledge.id}", data=typed)
    assert sent.status_code == 303
    assert "waits to hear from you" in (await client.get("/desk/")).text
    due = (await client.get("/desk/pledges?due=on")).text
    assert "anna@attendee.example" in due and "Called" in due
    file = await client.get("/desk/pledges.csv?due=on")
    assert "'=1+1" in file.text and "anna@attendee.example" in file.text
    nobody = (await client.get("/desk/pledges?form=talk&theme=x&state=y&page=0")).text
    assert "No pledge is like this." in nobody


async def test_otto_sees_no_pledge_of_olgas(
    client: httpx.AsyncClient, anna: Registration, event: Event
) -> None:
    pledge = await promises(anna, words="Secret")
    otto = await an_organiser("Another office")
    await signed_in(client, await a_member(otto, "Otto", "otto@elsewhere.example"))
    assert "Secret" not in (await client.get("/desk/pledges")).text
    assert "Secret" not in (await client.get("/desk/pledges.csv")).text
    for path in (
        f"/desk/events/{event.id}/feedback/pledges",
        f"/desk/pledges/{pledge.id}",
        f"/desk/pledges.csv?event={event.id}",
    ):
        assert (await client.get(path)).status_code == 404
    sent = await client.post(f"/desk/pledges/{pledge.id}", data={"state": "done"})
    assert sent.status_code == 404


async def test_a_reader_looks_and_takes_no_file_along(
    client: httpx.AsyncClient, anna: Registration, event: Event
) -> None:
    pledge = await promises(anna)
    office = await Organiser.get()
    await signed_in(client, await a_member(office, role=Role.READER))
    assert "Anna" in (await client.get("/desk/pledges")).text
    assert (await client.get("/desk/pledges.csv")).status_code == 403
    assert (await client.get(f"/desk/pledges/{pledge.id}")).status_code == 403


async def test_who_promised_is_known_for_a_year_and_no_longer(
    anna: Registration, event: Event, now: datetime
) -> None:
    await promises(anna)
    gone = await promises(await takes_part(event, "Berta"), words="Maybe")
    await pledges.withdraw(gone.registration_id, gone.id, now=now)
    await purge(now + 100 * DAY)
    assert [it.name for it in await Registration.exclude(name="")] == ["Anna"]
    assert [it.registration_id for it in await Pledge.all()] == [anna.id]
    await purge(now + 366 * DAY)
    assert not await Pledge.exists()
    assert not await Registration.exclude(name="").exists()


async def test_erased_the_pledge_goes_with_the_person(
    client: httpx.AsyncClient, anna: Registration, now: datetime
) -> None:
    await promises(anna, words="Canary")
    await erasing.erase(anna.id, now=now)
    await drain()
    assert not await Pledge.exists()
