"""Letters to many at the desk: written, looked at, asked about once more, sent."""

from datetime import timedelta
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
from tests.registration.people_by_hand import takes_part

from werkraum_events.models import Event, Mode, Status
from werkraum_foundation import clock
from werkraum_foundation.local_times import local
from werkraum_foundation.models import Job, Organiser, Role
from werkraum_foundation.outbox.worker import drain
from werkraum_registration.audiences import Audience
from werkraum_registration.links import personal_token
from werkraum_registration.list_filters import AnswerFilter
from werkraum_registration.models import (
    FormQuestion,
    FormQuestionKind,
    GroupLetter,
    RegistrationTag,
    State,
)

HOUR = timedelta(hours=1)


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    return await an_event(await olga_signed_in(client), timezone="Europe/Lisbon")


def address(event: Event, step: str = "") -> str:
    return f"/desk/events/{event.id}/letters{step}"


def filled(**more: str | list[str]) -> dict[str, str | list[str]]:
    """The form as a browser sends it."""
    empty = dict.fromkeys(("subject_de", "body_de", "mode", "kind", "attended"), "")
    written = {"subject_en": "Lunch", "body_en": "Dear {name},\r\n\r\nsoup!"}
    return {**empty, **written, "version": "1", **more}


async def writes(
    client: httpx.AsyncClient, event: Event, **more: str | list[str]
) -> GroupLetter:
    answer = await client.post(address(event, "/new"), data=filled(**more))
    assert answer.status_code == 303, answer.text
    letter = await GroupLetter.all().order_by("-created_at").first()
    assert letter
    assert answer.headers["location"] == address(event, f"/{letter.id}")
    return letter


async def test_a_letter_is_written_and_listed_as_a_draft(
    client: httpx.AsyncClient, event: Event
) -> None:
    assert "There is no letter yet." in (await client.get(address(event))).text
    letter = await writes(client, event, states=["confirmed"], mode="onsite")
    assert letter.body == {"en": "Dear {name},\n\nsoup!"}
    assert letter.audience == {"states": ["confirmed"], "mode": "onsite"}
    assert letter.created_by.startswith("person:")
    listed = (await client.get(address(event))).text
    assert "Lunch" in listed and "Draft" in listed
    shown = (await client.get(address(event, f"/{letter.id}"))).text
    assert "Registered · On site" in shown and "0 people at the moment" in shown


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("subject_en", "", "Please fill in this field."),
        ("body_en", "", "Please fill in this field."),
        ("body_de", "Nur der Text", "Please fill in this field."),
        ("subject_en", "x" * 151, "at most 150"),
        ("subject_en", "For {name}", "Possible here: {event}"),
        ("body_en", "{event.__init__.__globals__}", "Possible here: {name}"),
        ("body_en", "{{7*7}}", "Possible here"),
        ("body_en", "%(x)s", "Possible here"),
        ("body_en", "{name!r:>999999999}", "Possible here"),
        ("body_en", "{firstname}", "Possible here"),
        ("body_en", "loose } brace", "Possible here"),
        ("body_en", "turned\u202eround", "hidden marks"),
        ("body_en", "x" * 10_001, "at most 10000"),
        ("states", "everybody", "one of the options"),
        ("mode", "hybrid", "one of the options"),
        ("kind", "choir", "one of the options"),
        ("attended", "maybe", "one of the options"),
        # What a list would ignore must not make the letter go to more people.
        ("answer", "vegan", "one of the options"),
        ("tag", "soft\u00adhyphen", "one of the options"),
        ("q", "no\u00a0break", "one of the options"),
    ],
)
async def test_a_fault_is_said_at_its_field_and_everything_is_kept(
    client: httpx.AsyncClient, event: Event, field: str, typed: str, said: str
) -> None:
    form = filled(tag="helps") | {field: typed}
    answer = await client.post(address(event, "/new"), data=form)
    assert answer.status_code == 422 and said in answer.text
    assert field == "subject_en" or 'value="Lunch"' in answer.text
    assert field == "body_en" or "soup!" in answer.text
    assert not await GroupLetter.exists()


async def test_a_field_nobody_offered_is_refused(
    client: httpx.AsyncClient, event: Event
) -> None:
    for name in ("state", "event_id", "send_at"):
        answer = await client.post(address(event, "/new"), data=filled(**{name: "x"}))
        assert answer.status_code == 422
    assert not await GroupLetter.exists()


async def test_the_list_of_registrations_hands_over_what_it_shows(
    client: httpx.AsyncClient, event: Event
) -> None:
    question = await FormQuestion.create(
        event_id=event.id,
        position=1,
        kind=FormQuestionKind.CHOICE,
        label={"en": "Food?"},
        choices=[{"code": "vegan", "label": {"en": "Vegan"}}],
        purpose={"en": "Kitchen"},
        retention_days=30,
    )
    anna = await takes_part(event)
    await RegistrationTag.create(registration_id=anna.id, tag="helps")
    asked = f"?state=confirmed&mode=online&tag=helps&answer={question.id}:vegan&q=Ann"
    shown = (await client.get(address(event, f"/new{asked}&waiting=yes"))).text
    assert "Food? Vegan</option>" in shown
    assert f'value="{question.id}:vegan" selected' in shown
    assert 'value="helps" selected' in shown and 'value="online" selected' in shown
    assert "Found by “Ann”" in shown and "Waits for a seat" in shown
    letter = await writes(
        client,
        event,
        states=["confirmed"],
        mode="online",
        tag="helps",
        answer=f"{question.id}:vegan",
        q="Ann",
        waiting="yes",
    )
    audience = Audience.read(letter.audience)
    filters = audience.filters
    assert (audience.states, filters.tag) == ((State.CONFIRMED,), "helps")
    assert filters.answer == AnswerFilter(question.id, "vegan")
    assert (filters.search, filters.waiting, filters.mode) == (
        "Ann",
        True,
        Mode.ONLINE,
    )
    edit = (await client.get(address(event, f"/{letter.id}/edit"))).text
    assert 'name="q" value="Ann"' in edit


async def test_a_letter_to_one_person_names_them(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna, _ = await takes_part(event), await takes_part(event, "Berta")
    shown = (await client.get(address(event, f"/new?registration={anna.id}"))).text
    assert "anna@attendee.example" in shown and "To whom?" not in shown
    letter = await writes(client, event, registration=str(anna.id))
    shown = (await client.get(address(event, f"/{letter.id}"))).text
    assert "Anna" in shown and "one person at the moment" in shown
    for stranger in (uuid4(), "x"):
        answer = await client.get(address(event, f"/new?registration={stranger}"))
        assert answer.status_code == 404
    answer = await client.post(
        address(event, "/new"), data=filled(registration=str(uuid4()))
    )
    assert answer.status_code == 404


async def test_the_lists_lead_to_a_letter(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await takes_part(event, mode=Mode.ONLINE)
    registrations = f"/desk/events/{event.id}/registrations"
    listed = (await client.get(f"{registrations}?mode=online")).text
    assert f"{address(event, '/new')}?mode=online" in listed
    page = (await client.get(f"/desk/registrations/{anna.id}")).text
    assert f"{address(event, '/new')}?registration={anna.id}" in page


async def test_the_preview_is_what_a_person_would_get_without_their_secret(
    client: httpx.AsyncClient, event: Event
) -> None:
    anna = await takes_part(event)
    berta = await takes_part(event, "Berta", language="de", vouched=False)
    letter = await writes(client, event, body_en="Dear {name}, see {link} <b>")
    preview = address(event, f"/{letter.id}/preview")
    shown = (await client.get(preview)).text
    assert "Dear Anna, see your registration:" in shown and "&lt;b&gt;" in shown
    assert personal_token(anna) not in shown and "personal-link" in shown
    shown = (await client.get(f"{preview}?person={berta.id}")).text
    assert "Dear, see Ihre Anmeldung" in shown or "Dear, see your" in shown
    assert "/de/my/personal-link" in shown
    shown = (await client.get(f"{preview}?q=bert")).text
    assert "berta@" in shown and "anna@" not in shown
    for stranger in (uuid4(), "x"):
        answer = await client.get(f"{preview}?person={stranger}")
        assert answer.status_code == 404


async def test_sending_is_asked_about_with_the_number_of_people(
    client: httpx.AsyncClient, event: Event
) -> None:
    await takes_part(event)
    await takes_part(event, "Berta")
    await takes_part(event, "Cem", state=State.UNCONFIRMED)
    letter = await writes(client, event)
    asked = await client.get(address(event, f"/{letter.id}/send"))
    assert "It goes to 2 people at the moment." in asked.text
    assert not await Job.exists()
    form = {"version": "1", "when": "now", "at": "", "amount": "1", "unit": "days"}
    done = await client.post(address(event, f"/{letter.id}/send"), data=form)
    assert done.headers["location"] == address(event, f"/{letter.id}")
    again = await client.post(address(event, f"/{letter.id}/send"), data=form)
    assert again.status_code == 409
    await drain()
    shown = (await client.get(address(event, f"/{letter.id}"))).text
    assert "Sent" in shown and "2 / 2" in shown
    listed = (await client.get(address(event))).text
    assert "Sent to 2 people" in listed
    assert (await client.get(address(event, f"/{letter.id}/edit"))).status_code == 409


async def test_a_letter_is_planned_in_the_time_of_the_place(
    client: httpx.AsyncClient, event: Event
) -> None:
    letter = await writes(client, event)
    at = local(clock.now() + 48 * HOUR, "Europe/Lisbon").replace(second=0)
    form = {"version": "1", "when": "at", "at": at.strftime("%Y-%m-%dT%H:%M")}
    done = await client.post(address(event, f"/{letter.id}/send"), data=form)
    assert done.status_code == 303
    planned = await GroupLetter.get(id=letter.id)
    assert planned.state == "planned"
    assert planned.send_at == at.replace(microsecond=0)
    shown = (await client.get(address(event, f"/{letter.id}"))).text
    assert "Planned" in shown and "Lisbon" in shown
    await client.post(address(event, f"/{letter.id}/stop"))
    stopped = (await client.get(address(event, f"/{letter.id}"))).text
    assert "Somebody of your team stopped it." in stopped


async def test_a_letter_is_planned_from_the_start(
    client: httpx.AsyncClient, event: Event
) -> None:
    letter = await writes(client, event)
    form = {"version": "1", "when": "before", "amount": "2", "unit": "days", "at": "x"}
    await client.post(address(event, f"/{letter.id}/send"), data=form)
    planned = await GroupLetter.get(id=letter.id)
    assert planned.minutes_before == 2 * 1440
    shown = (await client.get(address(event, f"/{letter.id}"))).text
    assert "2 days before" in shown and "moves with the event" in shown
    asked = (await client.get(address(event, f"/{letter.id}/send"))).text
    assert 'value="before" checked' in " ".join(asked.split())


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"when": ""}, "when"),
        ({"when": "soon"}, "when"),
        ({"when": "at", "at": ""}, "at"),
        ({"when": "at", "at": "tomorrow"}, "at"),
        ({"when": "at", "at": "2020-01-01T10:00"}, "at"),
        ({"when": "at", "at": "2027-03-28T01:30"}, "at"),
        ({"when": "before", "amount": ""}, "amount"),
        ({"when": "before", "amount": "1_0"}, "amount"),
        ({"when": "before", "amount": "89"}, "amount"),
        ({"when": "before", "amount": "1", "unit": "minutes"}, "amount"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_at_its_field(
    client: httpx.AsyncClient, event: Event, typed: dict[str, str], field: str
) -> None:
    letter = await writes(client, event)
    form = {"version": "1", "unit": "days", **typed}
    answer = await client.post(address(event, f"/{letter.id}/send"), data=form)
    assert answer.status_code == 422 and f'id="{field}-fault"' in answer.text
    assert (await GroupLetter.get(id=letter.id)).state == "draft"


async def test_a_letter_that_somebody_changed_is_not_sent_unseen(
    client: httpx.AsyncClient, event: Event
) -> None:
    await takes_part(event)
    letter = await writes(client, event)
    edit = address(event, f"/{letter.id}/edit")
    assert (await client.post(edit, data=filled(subject_en="Tea"))).status_code == 303
    form = {"version": "1", "when": "now"}
    answer = await client.post(address(event, f"/{letter.id}/send"), data=form)
    assert answer.status_code == 409 and "changed this" in answer.text
    answer = await client.post(edit, data=filled(subject_en="Cake"))
    assert answer.status_code == 409
    assert 'value="Cake"' in answer.text and 'name="version" value="2"' in answer.text
    assert (await GroupLetter.get(id=letter.id)).subject == {"en": "Tea"}


async def test_a_letter_to_nobody_is_refused_in_words(
    client: httpx.AsyncClient, event: Event
) -> None:
    letter = await writes(client, event)
    asked = await client.get(address(event, f"/{letter.id}/send"))
    assert "There is nobody it would go to" in asked.text
    form = {"version": "1", "when": "now"}
    answer = await client.post(address(event, f"/{letter.id}/send"), data=form)
    assert answer.status_code == 409


async def test_words_can_be_used_again_and_a_draft_thrown_away(
    client: httpx.AsyncClient, event: Event
) -> None:
    letter = await writes(client, event)
    shown = (await client.get(address(event, f"/new?like={letter.id}"))).text
    assert "soup!" in shown
    await client.post(address(event, f"/{letter.id}/remove"))
    assert not await GroupLetter.exists()
    assert (await client.get(address(event, f"/{letter.id}"))).status_code == 404


async def test_after_calling_off_nothing_counts_from_the_start(
    client: httpx.AsyncClient, event: Event
) -> None:
    letter = await writes(client, event)
    await Event.filter(id=event.id).update(
        status=Status.CANCELLED, cancelled_at=clock.now()
    )
    form = {"version": "1", "when": "before", "amount": "1", "unit": "days"}
    answer = await client.post(address(event, f"/{letter.id}/send"), data=form)
    assert answer.status_code == 422 and "no start to count from" in answer.text


PATHS = ("", "/edit", "/send", "/preview", "/stop", "/remove")


async def test_otto_finds_nothing_of_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    letter = await writes(client, event)
    otto = await otto_signed_in(client)
    ottos = await an_event(otto)
    for path in ("", "/new"):
        assert (await client.get(address(event, path))).status_code == 404
    for step in PATHS:
        for at in (event, ottos):
            path = address(at, f"/{letter.id}{step}")
            assert (await client.get(path)).status_code in (404, 405)
            form = filled() if step == "/edit" else {"version": "1", "when": "now"}
            answer = await client.post(path, data=form)
            assert answer.status_code in (404, 405), path
    assert (await client.post(address(event, "/new"), data=filled())).status_code == 404
    like = await client.get(address(ottos, f"/new?like={letter.id}"))
    assert like.status_code == 404
    assert await GroupLetter.all().count() == 1 and not await Job.exists()


async def test_a_reader_looks_and_sends_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    await takes_part(event)
    letter = await writes(client, event)
    olgas = await Organiser.get(id=event.organiser_id)
    rita = await a_member(olgas, "Rita", "rita@network.example", Role.READER)
    await signed_in(client, rita)
    for step in ("", "/preview"):
        shown = await client.get(address(event, f"/{letter.id}{step}"))
        assert shown.status_code == 200 and "/send" not in shown.text
    assert "/new" not in (await client.get(address(event))).text
    for step in ("/edit", "/send", "/stop", "/remove"):
        answer = await client.post(address(event, f"/{letter.id}{step}"))
        assert answer.status_code == 403
    assert (await GroupLetter.get()).state == "draft"


async def test_a_letter_of_another_event_is_not_here(
    client: httpx.AsyncClient, event: Event
) -> None:
    letter = await writes(client, event)
    olgas = await Organiser.get(id=event.organiser_id)
    other = await an_event(olgas)
    answer = await client.get(address(other, f"/{letter.id}"))
    assert answer.status_code == 404
    strangers = await an_event(await an_organiser())
    assert (await client.get(address(strangers))).status_code == 404
