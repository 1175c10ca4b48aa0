"""One deed for many: what is foreseen, what is done, and that it is done once."""

import re
from datetime import datetime
from uuid import uuid4

import httpx
import pytest
from tests.people import (
    a_member,
    an_event,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)
from tests.registration.conftest import applicant
from tests.registration.counters import must_add_up

from werkraum_events.models import Confirmation, Event, Mode, Promotion
from werkraum_foundation import clock
from werkraum_foundation.models import AuditEntry, Job, Organiser, Role
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import bulk_deeds
from werkraum_registration.bulk_previews import Chosen, foresee
from werkraum_registration.bulk_rules import Deed, NobodyChosen
from werkraum_registration.list_filters import Filters
from werkraum_registration.models import (
    BulkDeed,
    Registration,
    RegistrationTag,
    State,
)
from werkraum_registration.registrations import cancel, register
from werkraum_registration.wishes import wait_for


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    """Olga's event with two seats on site and one online; she is signed in."""
    return await an_event(
        await olga_signed_in(client),
        seats={Mode.ONSITE: 2, Mode.ONLINE: 1},
        confirmation=Confirmation.IMMEDIATE,
        promotion=Promotion.CONFIRM,
    )


async def joins(event: Event, name: str, mode: Mode = Mode.ONSITE) -> Registration:
    made = await register(
        event.id, applicant(name), mode, vouched=False, now=clock.now()
    )
    return await Registration.get(id=made.id)


async def states(event: Event) -> dict[str, str]:
    found = await Registration.filter(event_id=event.id).order_by("id")
    return {it.name: f"{it.state.value} {it.mode.value}" for it in found}


def hidden(text: str) -> dict[str, str | list[str]]:
    """Read what the form of the preview would send."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    sent: dict[str, str | list[str]] = {name: value for name, value in found}
    sent["id"] = [value for name, value in found if name == "id"]
    return sent


def bulk(event: Event, query: str = "") -> str:
    return f"/desk/events/{event.id}/registrations/bulk{query}"


async def test_the_preview_says_who_moves_up_and_does_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    people = [await joins(event, name) for name in ("Anna", "Berta", "Clara", "Dora")]
    ids = "&".join(f"id={it.id}" for it in people[:3])
    page = await client.get(bulk(event, f"?deed=cancel&whom=chosen&{ids}"))
    assert page.status_code == 200
    assert "3 registrations change" in page.text and "3 letters go out" in page.text
    # Clara waits and leaves herself.
    assert "about one seat goes to the waiting list: Dora" in page.text
    assert not await BulkDeed.exists()
    assert "waitlisted onsite" in (await states(event)).values()


async def test_what_was_foreseen_is_done_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    people = [await joins(event, name) for name in ("Anna", "Berta", "Clara")]
    page = await client.get(bulk(event, f"?deed=cancel&id={people[0].id}"))
    sent = hidden(page.text)
    first = await client.post(bulk(event), data=sent)
    await drain()
    again = await client.post(bulk(event), data=sent)
    await drain()
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    assert await states(event) == {
        "Anna": "cancelled onsite",
        "Berta": "confirmed onsite",
        "Clara": "confirmed onsite",
    }
    assert await AuditEntry.filter(action="registration.cancel").count() == 1
    done = await client.get(first.headers["location"])
    assert "One registration was changed." in done.text
    await must_add_up()


async def test_a_list_that_changed_meanwhile_is_shown_again(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Anna")
    page = await client.get(bulk(event, "?deed=cancel&whom=all&mode=onsite"))
    await joins(event, "Berta")
    answer = await client.post(bulk(event), data=hidden(page.text))
    assert answer.status_code == 409
    assert "nothing has been done yet" in answer.text and "Berta" in answer.text
    assert not await BulkDeed.exists()


async def test_who_finds_no_seat_in_the_other_mode_stays(
    client: httpx.AsyncClient, event: Event
) -> None:
    for name in ("Anna", "Berta"):
        await joins(event, name)
    page = await client.get(bulk(event, "?deed=move:online&whom=all"))
    assert "one registration changes; one stays as it is" in page.text
    assert "One finds no seat there and keeps what it has." in page.text
    assert "one letter goes out" in page.text
    answer = await client.post(bulk(event), data=hidden(page.text))
    await drain()
    assert sorted((await states(event)).values()) == [
        "confirmed online",
        "confirmed onsite",
    ]
    done = await client.get(answer.headers["location"])
    assert "1 × no seat was free" in done.text
    await must_add_up()


async def test_where_nobody_finds_a_seat_nothing_is_offered(
    client: httpx.AsyncClient, event: Event
) -> None:
    await joins(event, "Clara", Mode.ONLINE)
    for name in ("Anna", "Berta"):
        await joins(event, name)
    page = await client.get(bulk(event, "?deed=move:online&whom=all&mode=onsite"))
    assert "nothing changes; 2 stay as they are" in page.text
    assert "2 find no seat there and keep what they have." in page.text
    assert "no letter goes out" in page.text
    assert "<form method" not in page.text.partition("<main")[2]


async def test_whoever_has_an_offer_there_finds_a_seat(
    client: httpx.AsyncClient, event: Event
) -> None:
    clara = await joins(event, "Clara", Mode.ONLINE)
    anna = await joins(event, "Anna")
    await Event.filter(id=event.id).update(promotion=Promotion.OFFER)
    await wait_for(anna.id, Mode.ONLINE, actor="anna", now=clock.now())
    await cancel(clara.id, actor="clara", now=clock.now())
    page = await client.get(bulk(event, "?deed=move:online&mode=onsite&whom=all"))
    assert "one registration changes" in page.text


async def test_tags_are_put_on_and_taken_off_with_before_and_after(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    for deed in ("tag", "untag"):
        page = await client.get(bulk(event, f"?deed={deed}&value=Presse&whom=all"))
        await client.post(bulk(event), data=hidden(page.text))
        await drain()
    noted = await AuditEntry.filter(subject_id=anna.id, action="registration.tag")
    assert [it.changes for it in noted] == [
        {"tags": [[], ["Presse"]]},
        {"tags": [["Presse"], []]},
    ]
    assert not await RegistrationTag.exists()


@pytest.mark.parametrize(
    ("deed", "state"), [("approve", State.CONFIRMED), ("reject", State.REJECTED)]
)
async def test_those_who_await_it_are_approved_or_rejected(
    client: httpx.AsyncClient, deed: str, state: State
) -> None:
    event = await an_event(
        await olga_signed_in(client),
        confirmation=Confirmation.IMMEDIATE,
        approval=True,
    )
    anna = await joins(event, "Anna")
    assert anna.state is State.PENDING_APPROVAL
    page = await client.get(bulk(event, f"?deed={deed}&whom=all"))
    await client.post(bulk(event), data=hidden(page.text))
    await drain()
    assert (await Registration.get(id=anna.id)).state is state


async def test_a_letter_to_chosen_people_begins_with_a_tag(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    to_all = await client.get(bulk(event, "?deed=letter&whom=all&mode=onsite"))
    assert to_all.headers["location"].endswith("/letters/new?mode=onsite")
    page = await client.get(bulk(event, f"?deed=letter&whom=chosen&id={anna.id}"))
    assert "A letter finds its readers by a tag." in page.text
    answer = await client.post(bulk(event), data=hidden(page.text))
    await drain()
    done = await client.get(answer.headers["location"])
    assert "/letters/new?tag=Letter+of+20" in done.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?deed=erase&whom=all",
        "?deed=move:moon&whom=all",
        "?deed=tag&value=%E2%80%AE&whom=all",
        f"?deed=tag&value={'x' * 41}&whom=all",
        "?deed=cancel&whom=chosen",
        "?deed=cancel&id=nobody",
        "?deed=cancel&id=0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11",
    ],
)
async def test_what_cannot_be_done_is_refused_in_words(
    client: httpx.AsyncClient, event: Event, query: str
) -> None:
    await joins(event, "Anna")
    page = await client.get(bulk(event, query))
    assert page.status_code == 422 and "<h1>" in page.text


async def test_a_job_that_broke_off_goes_on_where_it_stopped(
    database: str, now: datetime
) -> None:
    event = await an_event(
        await an_organiser(), now=now, confirmation=Confirmation.IMMEDIATE
    )
    made = [
        await register(event.id, applicant(it), Mode.ONSITE, vouched=False, now=now)
        for it in ("Anna", "Berta", "Clara")
    ]
    ids = [it.id for it in made]
    ordered = await bulk_deeds.order(
        event, uuid4(), Deed.TAG, "x", ids, actor="olga", now=now
    )
    # The first was done by a process that was killed afterwards.
    await BulkDeed.filter(id=ordered.id).update(done=1)
    await bulk_deeds.do_all(str(ordered.id))
    await bulk_deeds.do_all(str(ordered.id))
    tagged = await RegistrationTag.filter(tag="x").order_by("registration_id")
    assert [it.registration_id for it in tagged] == ids[1:]
    assert (await BulkDeed.get(id=ordered.id)).done == 3


async def test_people_of_another_event_are_not_chosen(
    database: str, now: datetime
) -> None:
    organiser = await an_organiser()
    event, another = [await an_event(organiser, now=now) for _ in range(2)]
    stranger = await register(
        another.id, applicant("Anna"), Mode.ONSITE, vouched=False, now=now
    )
    chosen = Chosen(Filters(), frozenset({stranger.id}))
    with pytest.raises(NobodyChosen):
        await foresee(event, chosen, Deed.CANCEL, "", now=now)


async def test_otto_finds_nothing_of_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await joins(event, "Anna")
    page = await client.get(bulk(event, f"?deed=cancel&id={anna.id}"))
    answer = await client.post(bulk(event), data=hidden(page.text))
    await otto_signed_in(client)
    asked = [
        await client.get(bulk(event, f"?deed=cancel&id={anna.id}")),
        await client.get(answer.headers["location"]),
        await client.post(bulk(event), data=hidden(page.text)),
    ]
    assert [it.status_code for it in asked] == [404, 404, 404]
    assert await Job.filter(name="bulk:do").count() == 1


async def test_a_reader_changes_nobody(client: httpx.AsyncClient, event: Event) -> None:
    anna = await joins(event, "Anna")
    page = await client.get(bulk(event, f"?deed=cancel&id={anna.id}"))
    olgas = await Organiser.get(id=event.organiser_id)
    rita = await a_member(olgas, "Rita", "rita@network.example", Role.READER)
    await signed_in(client, rita)
    answer = await client.post(bulk(event), data=hidden(page.text))
    assert answer.status_code == 403 and not await BulkDeed.exists()
