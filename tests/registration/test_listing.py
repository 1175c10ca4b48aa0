"""The list of registrations: what is found, in which order, with how many queries."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from tests.events.statements import counted
from tests.people import an_event, an_organiser
from tests.registration.hand_made import answers, somebody, waits

from werkraum_events.models import Event, Mode, Session
from werkraum_registration.list_filters import AnswerFilter, Filters, Sort
from werkraum_registration.listing import all_listed, count_listed, listed
from werkraum_registration.models import (
    Attendance,
    Booking,
    FormQuestion,
    FormQuestionKind,
    Need,
    Organisation,
    OrganisationKind,
    Presence,
    RegistrationTag,
    SeatPool,
    State,
)

# An id of nothing; the same in each process that names the tests.
NOTHING = "0199aa10-7c1e-7d3a-9d54-6f0b6c1f2a11"


@pytest.fixture
async def event(database: str, now: datetime) -> Event:
    return await an_event(await an_organiser(), now=now)


async def names(
    event: Event, filters: Filters | None = None, sort: Sort | None = None
) -> list[str]:
    return [it.name for it in await listed(event.id, filters, sort=sort)]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ärger", ["Änne Ärger"]),
        ("ÄRGER", ["Änne Ärger"]),
        ("ännE", ["Änne Ärger"]),
        ("łódź", ["Łucja Łódź"]),
        ("РОЗА", ["Роза"]),
        ("stadt köln", ["Otto"]),
        ("STADT KÖLN", ["Otto"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("' OR 1=1", []),
    ],
)
async def test_capitals_do_not_matter_in_any_alphabet(
    event: Event, search: str, found: list[str]
) -> None:
    cologne = await Organisation.create(
        organiser_id=event.organiser_id,
        name="Stadt Köln",
        name_key="stadt köln",
        created_at=event.created_at,
    )
    for name in ("Änne Ärger", "Łucja Łódź", "Роза"):
        await somebody(event, name)
    await somebody(event, "Otto", organisation_id=cologne.id)
    assert await names(event, Filters(search=search)) == found


async def test_each_filter_finds_its_people(event: Event, now: datetime) -> None:
    anna = await somebody(event, "Anna", Mode.ONSITE)
    berta = await somebody(event, "Berta", Mode.ONSITE, State.WAITLISTED)
    await waits(berta, 1)
    clara = await somebody(event, "Clara", state=State.CANCELLED)
    await RegistrationTag.create(registration=anna, tag="Presse")
    district = await Organisation.create(
        organiser_id=event.organiser_id,
        name="Kreis",
        name_key="kreis",
        kind=OrganisationKind.DISTRICT,
        created_at=now,
    )
    clara.organisation_id = district.id
    await clara.save()
    for person, undone in ((anna, None), (berta, now)):
        await Attendance.create(
            event_id=event.id,
            registration_id=person.id,
            source=Presence.DESK,
            client_key=str(uuid4()),
            came_at=now,
            recorded_at=now,
            recorded_by="olga",
            undone_at=undone,
        )
    meal = await a_question(event, FormQuestionKind.SEVERAL)
    for person, value in ((anna, ["vegan", "halal"]), (berta, 'I said "vegan"')):
        await answers(person, meal, value)
    await Need.create(
        registration=berta, question=meal, text="A ramp, please", created_at=now
    )
    expected = {
        "state": (Filters(state=State.CANCELLED), ["Clara"]),
        "mode": (Filters(mode=Mode.ONSITE), ["Anna", "Berta"]),
        "tag": (Filters(tag="Presse"), ["Anna"]),
        "kind": (Filters(kind=OrganisationKind.DISTRICT), ["Clara"]),
        "came": (Filters(attended=True), ["Anna"]),
        "did not come": (Filters(attended=False), ["Berta", "Clara"]),
        "need": (Filters(need=True), ["Berta"]),
        "waiting": (Filters(waiting=True), ["Berta"]),
        "answer": (Filters(answer=AnswerFilter(meal.id, "vegan")), ["Anna"]),
        "any answer": (Filters(answer=AnswerFilter(meal.id)), ["Anna", "Berta"]),
        "import": (Filters(batch=uuid4()), []),
    }
    found = {what: await names(event, it) for what, (it, _) in expected.items()}
    assert found == {what: people for what, (_, people) in expected.items()}
    counts = [await count_listed(event.id, it) for it, _ in expected.values()]
    assert counts == [len(people) for _, people in expected.values()]


async def test_a_list_tells_who_has_chosen_which_workshop(
    event: Event, now: datetime
) -> None:
    workshop = await Session.create(
        event_id=event.id,
        title={"en": "Workshop"},
        description={},
        speakers=[],
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        bookable=True,
    )
    pool = await SeatPool.create(event_id=event.id, session_id=workshop.id, seats=1)
    for name, state, seat in (
        ("Anna", State.CONFIRMED, True),
        ("Berta", State.CONFIRMED, False),
        ("Clara", State.CANCELLED, False),
    ):
        person = await somebody(event, name, state=state)
        await Booking.create(registration=person, pool=pool, holds_seat=seat)
    await somebody(event, "Dora")
    found = await listed(event.id, Filters(session=workshop.id))
    assert [(it.name, it.sessions) for it in found] == [
        ("Anna", {workshop.id: True}),
        ("Berta", {workshop.id: False}),
    ]
    assert await count_listed(event.id, Filters(session=workshop.id)) == 2
    assert await names(event, Filters(session=uuid4())) == []
    everybody = await listed(event.id)
    assert [it.name for it in everybody if not it.sessions] == ["Clara", "Dora"]


async def test_whoever_has_an_offer_takes_part_the_way_it_is_offered(
    event: Event,
) -> None:
    anna = await somebody(event, "Anna", Mode.ONSITE, State.OFFERED)
    online = await SeatPool.get(event_id=event.id, mode=Mode.ONLINE)
    await waits(anna, 1)
    anna.pool_id = online.id
    await waits(anna, 2, offered=True)
    [found] = await listed(event.id)
    assert found.mode is Mode.ONLINE
    assert await names(event, Filters(mode=Mode.ONLINE)) == ["Anna"]
    assert await names(event, Filters(mode=Mode.ONSITE)) == []


async def a_question(event: Event, kind: FormQuestionKind) -> FormQuestion:
    return await FormQuestion.create(
        event=event,
        position=1,
        kind=kind,
        label={"en": "Meal"},
        purpose={"en": "For the kitchen"},
        retention_days=30,
    )


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(state=State.OFFERED, mode=Mode.ONLINE, search="Ä & b", tag="x y"),
        Filters(answer=AnswerFilter(uuid4(), "a:b"), attended=False, need=True),
        Filters(waiting=True, batch=uuid4(), kind=OrganisationKind.SCHOOL),
        Filters(session=uuid4()),
    ],
    ids=["nothing", "words", "flags", "ids", "session"],
)
def test_a_filter_is_read_as_it_was_written(filters: Filters) -> None:
    assert Filters.read(filters.asked()) == filters


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "no"},
        {"q": "a\0b"},
        {"q": "\ud800"},
        {"answer": "x:vegan"},
        {"answer": f"{NOTHING}:\0"},
        {"batch": "{" + NOTHING + "}"},
        {"tag": "x\u202ey"},
    ],
    ids=str,
)
def test_what_is_no_wish_is_ignored(asked: dict[str, str]) -> None:
    assert Filters.read(asked) == Filters()


async def test_a_queue_goes_by_priority_then_by_time_then_by_age(
    event: Event, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    people = [
        await somebody(event, name, Mode.ONSITE, State.WAITLISTED)
        for name in ("Late", "Second", "Third", "First", "Offered")
    ]
    await waits(people[0], 1, queued_at=later)
    await waits(people[1], 3, queued_at=now)
    await waits(people[2], 2, queued_at=now)
    await waits(people[3], 4, queued_at=later, priority=5)
    await waits(people[4], 5, queued_at=now, offered=True)
    await somebody(event, "Seated", Mode.ONSITE)
    found = await listed(event.id, sort=Sort.QUEUE)
    assert [(it.name, it.place) for it in found] == [
        ("First", 1),
        ("Second", 2),
        ("Third", 3),
        ("Offered", None),
        ("Late", 4),
        ("Seated", None),
    ]
    [offered] = [it for it in found if it.name == "Offered"]
    assert offered.waits[0].offered_until is not None


async def test_a_list_is_sorted_by_name_and_by_age(event: Event) -> None:
    for name in ("berta", "Anna", "Clara"):
        await somebody(event, name)
    assert await names(event) == ["berta", "Anna", "Clara"]
    assert await names(event, sort=Sort.NAME) == ["Anna", "berta", "Clara"]
    assert await names(event, sort=Sort.NEWEST) == ["Clara", "Anna", "berta"]


@pytest.mark.parametrize("people", [1, 3])
async def test_a_page_of_the_list_takes_three_queries(
    event: Event, people: int
) -> None:
    for number in range(people):
        each = await somebody(event, f"P{number}", state=State.WAITLISTED)
        await waits(each, number + 1)
    with counted() as said:
        await listed(event.id, Filters(search="p", waiting=True), sort=Sort.QUEUE)
    assert len(said) == 3


async def test_all_of_a_list_is_gone_through_once(event: Event) -> None:
    for number in range(7):
        await somebody(event, f"P{number}")
    batches = [batch async for batch in all_listed(event.id, Filters(), size=3)]
    assert [[it.name for it in batch] for batch in batches] == [
        ["P0", "P1", "P2"],
        ["P3", "P4", "P5"],
        ["P6"],
    ]


async def test_an_event_does_not_see_the_people_of_another(
    event: Event, now: datetime
) -> None:
    another = await an_event(await an_organiser("Another"), now=now)
    await somebody(another, "Anna")
    assert await names(event) == []
