"""The form of an event that asks everything an event can ask."""

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.registration.asking import OLGA, asks

from werkraum_events.models import Entry, Event, Mode, Session
from werkraum_foundation import clock
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import new_form_token
from werkraum_registration import answers, consent_wishes, links, organisations
from werkraum_registration.answer_reading import field_name
from werkraum_registration.models import (
    Booking,
    Consent,
    FormAnswer,
    FormQuestion,
    FormQuestionKind,
    Need,
    Registration,
    SeatPool,
    Submission,
)
from werkraum_registration.organisations import OrganisationWish
from werkraum_registration.question_rules import Condition

Kind = FormQuestionKind
HOUR = timedelta(hours=1)


@pytest.fixture
async def event(database: str) -> Event:
    """A hybrid event to come, with ten seats in each mode."""
    seats: dict[Mode, int | None] = {Mode.ONSITE: 10, Mode.ONLINE: 10}
    return await an_event(await an_organiser(), seats=seats)


def address(event: Event, lang: str = "en") -> str:
    return f"/{lang}/events/{event.slug}/registrations"


def filled(event: Event, **changes: str | list[str]) -> dict[str, str | list[str]]:
    loaded = clock.now() - timedelta(minutes=1)
    return {
        "name": "Anna Muster",
        "email": "anna@attendee.example",
        "mode": "onsite",
        "form_token": new_form_token(f"registration:{event.id}", loaded),
    } | changes


def q(question: FormQuestion) -> str:
    return field_name(question.id)


async def a_session(event: Event, title: str, hour: int = 0) -> Session:
    """Make a workshop of an hour with five seats; the hour counts from the start."""
    session = await Session.create(
        event=event,
        title={"de": title},
        description={},
        speakers=[],
        starts_at=event.starts_at + hour * HOUR,
        ends_at=event.starts_at + (hour + 1) * HOUR,
        bookable=True,
    )
    await SeatPool.create(event=event, session=session, seats=5)
    return session


def faults_in(page: httpx.Response) -> list[str]:
    summary = page.text.partition('class="fault-summary"')[2].partition("</ul>")[0]
    return re.findall(r'href="#([^"]+)"', summary)


async def test_a_plain_form_has_six_controls(
    client: httpx.AsyncClient, event: Event
) -> None:
    page = (await client.get(f"/en/events/{event.slug}")).text
    form = page.partition("<form")[2].partition("</form>")[0]
    hidden = len(re.findall('type="hidden"', form)) + 1
    controls = len(re.findall("<(?:input|select|textarea|button)", form))
    assert controls - hidden == 6
    assert "On site if possible, else online" in form


async def test_the_third_way_is_a_seat_online_and_a_place_in_the_queue(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = filled(event, mode="onsite_else_online")
    assert (await client.post(address(event), data=form)).status_code == 303
    made = await Registration.get()
    assert (made.wanted, made.mode) == ("onsite_else_online", "onsite")


async def test_whoever_takes_what_is_free_reads_it_before_confirming(
    client: httpx.AsyncClient, event: Event
) -> None:
    await SeatPool.filter(event=event, mode=Mode.ONSITE).update(seats=1)
    for name, told in (("anna", "On site"), ("bert", "Online, and you wait for")):
        email = f"{name}@attendee.example"
        form = filled(event, mode="onsite_else_online", email=email)
        await client.post(address(event), data=form)
        made = await Registration.get(email=email)
        page = (await client.get(f"/en/confirm/{links.confirm_token(made)}")).text
        assert f">{told}" in re.sub(r">\s+", ">", page)


@pytest.mark.parametrize("mode", ["onsite_else_online", "online"])
async def test_a_way_that_is_gone_is_asked_about_again(
    client: httpx.AsyncClient, event: Event, mode: str
) -> None:
    await Event.filter(id=event.id).update(online=False, version=2)
    answer = await client.post(address(event), data=filled(event, mode=mode))
    assert answer.status_code == 409 and 'value="Anna Muster"' in answer.text
    assert not await Registration.exists()


async def test_everything_that_was_filled_in_is_kept(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(largest_party=3)
    meal = await asks(event, Kind.CHOICE, "Was essen Sie?", required=True)
    nuts = await asks(event, label="Allergien?", condition=Condition(meal.id, "vegan"))
    ramp = await asks(event, Kind.NEED, "Was brauchen Sie?")
    town = await asks(event, Kind.ORGANISATION, "Woher?")
    first, second = await a_session(event, "Eins"), await a_session(event, "Zwei", 1)
    await consent_wishes.ask(
        event.organiser_id,
        event.id,
        "newsletter",
        {"en": "Send me news."},
        actor=OLGA,
        now=clock.now(),
    )
    [box] = await consent_wishes.asked(event.id)
    form = filled(
        event,
        seats="3",
        companions="Bert Beispiel\r\n\r\nCarla",
        sessions=[str(second.id), str(first.id)],
        consents=[box.entry],
        **{q(meal): "vegan", q(nuts): "Nüsse", q(ramp): "Rampe", q(town): "Stadt Aa"},
    )
    answer = await client.post(address(event), data=form)
    assert answer.status_code == 303, faults_in(answer)
    made = await Registration.get().select_related("organisation")
    assert (made.seats, made.companions) == (3, ["Bert Beispiel", "Carla"])
    assert made.organisation and made.organisation.name == "Stadt Aa"
    assert answers.values_of(await answers.answers_by(made.id)) == {
        meal.id: "vegan",
        nuts.id: "Nüsse",
        ramp.id: "Rampe",
        town.id: "Stadt Aa",
    }
    assert (await Need.get()).text == "Rampe"
    assert (await Consent.get()).text == "Send me news."
    assert await Booking.all().count() == 2


async def test_the_page_asks_all_of_it_and_says_what_for(
    client: httpx.AsyncClient, event: Event
) -> None:
    meal = await asks(event, Kind.CHOICE, "Was essen Sie?", required=True)
    nuts = await asks(event, label="Allergien?", condition=Condition(meal.id, "vegan"))
    gone = await asks(event, label="Weg?")
    await FormQuestion.filter(id=gone.id).update(retired_at=clock.now())
    await asks(event, Kind.ORGANISATION, "Woher?")
    await organisations.add(
        event.organiser_id,
        OrganisationWish(name="Stadt <Aachen>"),
        actor=OLGA,
        now=clock.now(),
    )
    await a_session(event, "Eins")
    page = (await client.get(f"/en/events/{event.slug}")).text
    form = page.partition("<form")[2].partition("</form>")[0]
    assert "What for: To prepare." in form and "Deleted 30 days after" in form
    assert "Only if you have answered “Was essen Sie? (en)” with “vegan”" in form
    assert f'data-only-if="{q(meal)}" data-value="vegan"' in form
    assert "conditions.js" in form
    assert '<option value="Stadt &lt;Aachen&gt;">' in form
    assert "5 seats are free" in form and q(nuts) in form
    assert "Weg?" not in form and form.count("(optional)") == 5


async def test_who_does_not_ask_sends_no_script(
    client: httpx.AsyncClient, event: Event
) -> None:
    await asks(event)
    assert "<script src" not in (await client.get(f"/en/events/{event.slug}")).text


async def test_a_required_answer_is_missing_only_where_it_is_asked(
    client: httpx.AsyncClient, event: Event
) -> None:
    first = await asks(event, Kind.YES_NO, "Essen Sie mit?", required=True)
    second = await asks(
        event, label="Was?", required=True, condition=Condition(first.id, "yes")
    )
    answer = await client.post(address(event), data=filled(event))
    assert (answer.status_code, faults_in(answer)) == (422, [q(first)])
    yes = filled(event, **{q(first): "yes"})
    answer = await client.post(address(event), data=yes)
    assert (answer.status_code, faults_in(answer)) == (422, [q(second)])
    assert 'value="yes" checked' in answer.text.replace("\n", "")
    no = filled(event, **{q(first): "no"})
    assert (await client.post(address(event), data=no)).status_code == 303


async def test_what_was_not_asked_for_is_not_dropped_in_silence(
    client: httpx.AsyncClient, event: Event
) -> None:
    first = await asks(event, Kind.YES_NO, "Essen Sie mit?")
    second = await asks(event, label="Was?", condition=Condition(first.id, "yes"))
    form = filled(event, **{q(first): "no", q(second): "Suppe"})
    answer = await client.post(address(event), data=form)
    assert (answer.status_code, faults_in(answer)) == (422, [q(second)])
    assert "Suppe" in answer.text


PARTIES = {
    "B19 -1": ({"seats": "-1"}, "seats"),
    "B19 0": ({"seats": "0"}, "seats"),
    "B19 one too many": ({"seats": "4"}, "seats"),
    "B19 1000": ({"seats": "1000"}, "seats"),
    "B19 more than any": ({"seats": "1001"}, "seats"),
    "B19 NaN": ({"seats": "NaN"}, "seats"),
    "B19 1e999": ({"seats": "1e999"}, "seats"),
    "B18 other digits": ({"seats": "٣"}, "seats"),
    "B18 point": ({"seats": "2.0"}, "seats"),
    "B18 5,000 digits": ({"seats": "9" * 5_000}, "seats"),
    "more names than seats": ({"seats": "2", "companions": "B\nC"}, "companions"),
    "names for one seat": ({"companions": "Bert"}, "companions"),
    "B12 turned round": ({"seats": "2", "companions": "B\u202eevil"}, "companions"),
    "B10 NUL": ({"seats": "2", "companions": "B\0"}, "companions"),
    "B09 long name": ({"seats": "2", "companions": "B" * 201}, "companions"),
}


@pytest.mark.parametrize(("changes", "field"), PARTIES.values(), ids=list(PARTIES))
async def test_a_party_that_cannot_be_is_refused_at_its_field(
    client: httpx.AsyncClient, event: Event, changes: dict[str, str], field: str
) -> None:
    await Event.filter(id=event.id).update(largest_party=3)
    answer = await client.post(address(event), data=filled(event, **changes))
    assert (answer.status_code, faults_in(answer)) == (422, [field])
    assert f'id="{field}-fault"' in answer.text
    assert 'value="Anna Muster"' in answer.text
    assert not await Registration.exists() and not await Submission.exists()


async def test_where_parties_are_not_possible_one_seat_is_one_seat(
    client: httpx.AsyncClient, event: Event
) -> None:
    assert 'name="seats"' not in (await client.get(f"/en/events/{event.slug}")).text
    answer = await client.post(address(event), data=filled(event, seats="2"))
    assert answer.status_code == 422 and "takes one seat" in answer.text
    assert not await Registration.exists()


async def test_what_happens_at_once_excludes_each_other(
    client: httpx.AsyncClient, event: Event
) -> None:
    one, two = await a_session(event, "Eins"), await a_session(event, "Zwei")
    after = await a_session(event, "Drei", 1)
    for chosen in ([one, two], [one, one]):
        form = filled(event, sessions=[str(it.id) for it in chosen])
        answer = await client.post(address(event), data=form)
        assert (answer.status_code, faults_in(answer)) == (422, ["sessions"])
    assert 'id="sessions-fault"' in answer.text and "checked" in answer.text
    form = filled(event, sessions=[str(two.id), str(after.id)])
    assert (await client.post(address(event), data=form)).status_code == 303


async def test_a_workshop_that_is_gone_gives_a_fresh_form(
    client: httpx.AsyncClient, event: Event
) -> None:
    one, two = await a_session(event, "Eins"), await a_session(event, "Zwei", 1)
    await client.get(f"/en/events/{event.slug}")
    await Session.filter(id=one.id).update(bookable=False)
    await Event.filter(id=event.id).update(version=2)
    form = filled(event, sessions=[str(one.id), str(two.id)])
    answer = await client.post(address(event), data=form)
    assert (answer.status_code, faults_in(answer)) == (409, ["sessions"])
    assert f'value="{two.id}" checked' in answer.text
    assert str(one.id) not in answer.text
    assert not await Registration.exists()


@pytest.mark.parametrize("typed", ["-1", "1", "٣", "x" * 500, "\0", "{id}"])
async def test_b18_what_is_no_workshop_is_refused(
    client: httpx.AsyncClient, event: Event, typed: str
) -> None:
    one = await a_session(event, "Eins")
    form = filled(event, sessions=[typed.format(id=str(one.id).upper() + "x")])
    answer = await client.post(address(event), data=form)
    assert (answer.status_code, faults_in(answer)) == (422, ["sessions"])


async def test_b21_a_choice_that_is_gone_gives_a_fresh_form(
    client: httpx.AsyncClient, event: Event
) -> None:
    meal = await asks(event, Kind.CHOICE, "Was essen Sie?")
    gift = await asks(event, label="Was bringen Sie mit?")
    left = [{**it, "gone": it["code"] == "vegan"} for it in meal.choices]
    await FormQuestion.filter(id=meal.id).update(choices=left)
    await Event.filter(id=event.id).update(version=9)
    form = filled(event, **{q(meal): "vegan", q(gift): "Kuchen"})
    answer = await client.post(address(event), data=form)
    assert (answer.status_code, faults_in(answer)) == (409, [q(meal)])
    assert "Kuchen" in answer.text and 'value="anna@attendee' in answer.text
    assert not await FormAnswer.exists() and not await Registration.exists()


async def test_b21_a_question_that_is_gone_gives_a_fresh_form(
    client: httpx.AsyncClient, event: Event
) -> None:
    meal, gift = await asks(event, label="Was?"), await asks(event, label="Und?")
    await FormQuestion.filter(id=meal.id).update(retired_at=clock.now())
    await Event.filter(id=event.id).update(version=9)
    form = filled(event, **{q(meal): "Suppe", q(gift): "Kuchen"})
    answer = await client.post(address(event), data=form)
    assert answer.status_code == 409 and "changed the questions" in answer.text
    assert "Kuchen" in answer.text and q(meal) not in answer.text
    assert not await Registration.exists()


async def test_b21_a_consent_in_other_words_is_asked_about_again(
    client: httpx.AsyncClient, event: Event
) -> None:

    async def ask(text: str) -> None:
        await consent_wishes.ask(
            event.organiser_id,
            event.id,
            "newsletter",
            {"en": text},
            actor=OLGA,
            now=clock.now(),
        )

    await ask("Send me news.")
    [before] = await consent_wishes.asked(event.id)
    await ask("Sell my address.")
    form = filled(event, consents=[before.entry])
    answer = await client.post(address(event), data=form)
    assert (answer.status_code, faults_in(answer)) == (409, ["consents"])
    assert (
        "Sell my address." in answer.text
        and "checked"
        not in (answer.text.partition('name="consents"')[2].partition(">")[0])
    )
    assert not await Registration.exists()


@pytest.mark.parametrize("field", ["q_x", "q_0190f3c4-0000-7000-8000-000000000000"])
async def test_b17_a_question_of_another_event_is_an_unknown_field(
    client: httpx.AsyncClient, event: Event, field: str
) -> None:
    answer = await client.post(address(event), data=filled(event, **{field: "a"}))
    assert answer.status_code == 422 and "does not belong here" in answer.text
    assert not await Registration.exists()


async def test_b16_an_answer_sent_twice_is_refused(
    client: httpx.AsyncClient, event: Event
) -> None:
    gift = await asks(event)
    form = filled(event, **{q(gift): ["Kuchen", "Salat"]})
    answer = await client.post(address(event), data=form)
    assert (answer.status_code, faults_in(answer)) == (422, [q(gift)])


class TestByCode:
    """An event that only those who know its code can register for."""

    @pytest.fixture
    async def closed(self, event: Event) -> Event:
        await Event.filter(id=event.id).update(entry=Entry.CODE, entry_code="Brücke 7")
        return await Event.get(id=event.id)

    @pytest.mark.parametrize("code", ["Brücke 7", " brücke 7 "])
    async def test_who_knows_it_registers(
        self, client: httpx.AsyncClient, closed: Event, code: str
    ) -> None:
        page = await client.get(f"/en/events/{closed.slug}")
        assert 'name="code"' in page.text and "Brücke" not in page.text
        sent = await client.post(address(closed), data=filled(closed, code=code))
        assert sent.status_code == 303

    async def test_the_link_of_the_organiser_brings_it_along(
        self, client: httpx.AsyncClient, closed: Event
    ) -> None:
        page = await client.get(f"/en/events/{closed.slug}?code=Br%C3%BCcke+7")
        assert 'name="code" type="text" value="Brücke 7"' in page.text
        assert page.headers["cache-control"] == "no-store"
        plain = await client.get(f"/en/events/{closed.slug}")
        assert "Brücke" not in plain.text

    @pytest.mark.parametrize("code", ["x" * 65, "%E2%80%AE7", "%22%3E%3Cb%3E"])
    async def test_a_link_brings_nothing_else_along(
        self, client: httpx.AsyncClient, closed: Event, code: str
    ) -> None:
        page = await client.get(f"/en/events/{closed.slug}?code={code}")
        assert page.status_code == 200
        assert "<b>" not in page.text and "x" * 65 not in page.text

    @pytest.mark.parametrize("code", ["", "Brücke", "x" * 64, "\u202eBrücke 7"])
    async def test_who_does_not_is_told_at_the_field(
        self, client: httpx.AsyncClient, closed: Event, code: str
    ) -> None:
        sent = await client.post(address(closed), data=filled(closed, code=code))
        assert (sent.status_code, faults_in(sent)) == (422, ["code"])
        assert not await Registration.exists()


async def test_an_event_for_invited_guests_has_no_form(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Event.filter(id=event.id).update(entry=Entry.INVITED)
    page = await client.get(f"/en/events/{event.slug}")
    assert "for invited guests" in page.text and 'name="email"' not in page.text
    sent = await client.post(address(event), data=filled(event))
    assert sent.status_code == 403
    assert not await Registration.exists()


async def test_the_same_wish_goes_out_again_with_the_right_address(
    client: httpx.AsyncClient, event: Event
) -> None:
    gift = await asks(event)
    await Event.filter(id=event.id).update(largest_party=3)
    form = filled(event, seats="2", companions="Bert", **{q(gift): "Kuchen"})
    sent = await client.post(address(event), data=form)
    mistyped = await Registration.get()
    # The wrong address is somebody's, who confirms: the right one starts anew.
    await client.post(f"/en/confirm/{links.confirm_token(mistyped)}")
    right = {"email": "anna.right@attendee.example"}
    corrected = await client.post(f"{sent.headers['location']}/address", data=right)
    assert corrected.status_code == 303
    made = await Registration.get(email="anna.right@attendee.example")
    assert (made.seats, made.companions) == (2, ["Bert"])
    assert answers.values_of(await answers.answers_by(made.id)) == {gift.id: "Kuchen"}


async def test_another_answer_makes_another_form(
    client: httpx.AsyncClient, event: Event
) -> None:
    gift = await asks(event)
    pages = {
        (
            await client.post(
                address(event),
                data=filled(event, form_token=token, **{q(gift): answer}),
            )
        ).headers["location"]
        for token in [filled(event)["form_token"]]
        for answer in ("Kuchen", "Salat", "Kuchen")
    }
    assert len(pages) == 2
    assert await Registration.all().count() == 1


@pytest.fixture
def limits_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WERKRAUM_LIMITS", "on")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("age", [-0.2, -3 * 24 * 3600])
async def test_who_puts_something_right_is_not_too_fast_for_it(
    client: httpx.AsyncClient, event: Event, limits_on: None, age: float
) -> None:
    loaded = clock.now() + timedelta(seconds=age)
    token = new_form_token(f"registration:{event.id}", loaded)
    form = filled(event, form_token=token)
    again = await client.post(address(event), data=form)
    assert again.status_code in (403, 422)
    found = re.search(r'name="form_token" value="([^"]+)"', again.text)
    assert found
    form = filled(event, form_token=found[1])
    sent = await client.post(address(event), data=form)
    assert sent.status_code == 303
