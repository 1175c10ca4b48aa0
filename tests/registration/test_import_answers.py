"""A sent list brings answers along: found by their heads, read as people write."""

import httpx
import pytest
from tests.bad_inputs.test_imports import plain
from tests.people import an_event, olga_signed_in, otto_signed_in
from tests.registration.asking import OLGA, asks
from tests.registration.test_full_form import q
from tests.registration.test_imports import sends

from werkraum_events.models import Confirmation, Event, Mode
from werkraum_foundation import clock
from werkraum_foundation.faults import Fault
from werkraum_foundation.outbox.worker import drain
from werkraum_registration import questions
from werkraum_registration.answer_reading import Value
from werkraum_registration.import_answers import from_cell
from werkraum_registration.import_columns import guess
from werkraum_registration.models import (
    FormAnswer,
    FormQuestion,
    FormQuestionKind,
    ImportBatch,
    ImportRow,
    Need,
    Registration,
)
from werkraum_registration.question_rules import Condition

Kind = FormQuestionKind


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    return await an_event(
        await olga_signed_in(client),
        seats={Mode.ONLINE: None},
        confirmation=Confirmation.IMMEDIATE,
    )


def question(kind: Kind) -> FormQuestion:
    """A question that is in no database; what is chosen from has odd names."""
    labels = (
        ("vegan", {"de": "Vegan, ohne Ei", "en": "vegan"}, False),
        ("fleisch", {"de": "Fleisch", "en": "Meat; or fish"}, False),
        ("kaese", {"de": "Käse", "en": "Cheese"}, False),
        ("nichts", {"de": "Nichts", "en": "Nothing"}, True),
    )
    choices = [{"code": it, "label": label, "gone": gone} for it, label, gone in labels]
    return FormQuestion(kind=kind, label={"de": "Essen"}, choices=choices, position=1)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.CHOICE, "Käse", "kaese"),
        (Kind.CHOICE, "CHEESE ", "kaese"),
        (Kind.CHOICE, "kase", "kaese"),
        (Kind.CHOICE, "fleisch", "fleisch"),
        (Kind.CHOICE, "Meat; or fish", "fleisch"),
        (Kind.SEVERAL, "Käse; vegan", ["vegan", "kaese"]),
        (Kind.SEVERAL, "Cheese|Fleisch|Käse|", ["fleisch", "kaese"]),
        (Kind.SEVERAL, "Vegan, ohne Ei", ["vegan"]),
        (Kind.SEVERAL, "Käse, Fleisch", ["fleisch", "kaese"]),
        (Kind.YES_NO, "Ja", True),
        (Kind.YES_NO, "x", True),
        (Kind.YES_NO, "1", True),
        (Kind.YES_NO, "YES", True),
        (Kind.YES_NO, "nein", False),
        (Kind.YES_NO, "No.", False),
        (Kind.YES_NO, "0", False),
        (Kind.NUMBER, "0", 0),
        (Kind.NUMBER, "3,0", 3),
        (Kind.NUMBER, "3.00", 3),
        (Kind.NUMBER, "1.500", 1_500),
        (Kind.NUMBER, "12,000", 12_000),
        (Kind.TEXT, "Kuchen\nund Salat", "Kuchen\nund Salat"),
        (Kind.ORGANISATION, "Stadt Köln", "Stadt Köln"),
    ],
)
def test_a_cell_is_read_as_people_write(kind: Kind, cell: str, value: Value) -> None:
    assert from_cell(question(kind), cell) == value


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (Kind.CHOICE, "Fisch"),
        (Kind.CHOICE, "Käse; vegan"),
        (Kind.CHOICE, "Nichts"),
        (Kind.CHOICE, "-"),
        (Kind.SEVERAL, "Käse; Fisch"),
        (Kind.SEVERAL, ";"),
        (Kind.YES_NO, "vielleicht"),
        (Kind.NUMBER, "2,5"),
        (Kind.NUMBER, "-1"),
        (Kind.NUMBER, "1e3"),
        (Kind.NUMBER, "٣"),
        (Kind.NUMBER, "9" * 40),
        (Kind.NUMBER, "2000000"),
        (Kind.TEXT, "x" * 1_001),
        (Kind.ORGANISATION, "x" * 201),
    ],
)
def test_what_fits_nothing_is_a_fault(kind: Kind, cell: str) -> None:
    assert isinstance(from_cell(question(kind), cell), Fault)


def test_a_fault_names_the_value() -> None:
    found = from_cell(question(Kind.CHOICE), "Fisch")
    assert isinstance(found, Fault) and "“Fisch”" in found.message


async def test_a_head_that_is_the_text_of_a_question_is_proposed(event: Event) -> None:
    meal = await asks(event, Kind.CHOICE, "Was essen Sie?")
    home = await asks(event, Kind.ORGANISATION, "Verein")
    name = await asks(event, Kind.TEXT, "Name")
    heads = ["Name", "was essen sie", "Was essen Sie? (en)", "VEREIN:", "x"]
    asked = [meal, home, name]
    assert guess(heads, asked) == ["name", q(meal), "", q(home), ""]


LIST = """Name;E-Mail;Essen;Dabei? (en);Woher?;Hilfe?
Anna;anna@attendee.example;meat | vegan;ja;Stadt Köln;Rampe
Bo;bo@attendee.example;;;;
Cem;cem@attendee.example;Fisch;vielleicht;;
"""


@pytest.fixture
async def asked(event: Event) -> list[FormQuestion]:
    kinds = {
        "Essen": Kind.SEVERAL,
        "Dabei?": Kind.YES_NO,
        "Woher?": Kind.ORGANISATION,
        "Hilfe?": Kind.NEED,
    }
    return [
        await asks(event, kind, label, required=kind is Kind.SEVERAL)
        for label, kind in kinds.items()
    ]


async def test_the_preview_shows_mapping_values_and_what_is_wrong(
    client: httpx.AsyncClient, event: Event, asked: list[FormQuestion]
) -> None:
    page = await client.get((await sends(client, event, LIST)).headers["location"])
    assert (await ImportBatch.get()).columns[2:] == [q(it) for it in asked]
    for it in asked:
        assert f'value="{q(it)}" selected' in page.text
    assert "Essen (en): vegan, meat" in page.text
    assert "Dabei? (en): yes" in page.text
    assert "Essen: “Fisch” is no answer to this question." in page.text
    assert "Dabei? (en): “vielleicht” is neither yes nor no." in page.text
    assert [it.line for it in await ImportRow.filter(faulty=True)] == [4]


async def test_the_answers_are_kept_as_if_they_had_been_typed(
    client: httpx.AsyncClient, event: Event, asked: list[FormQuestion]
) -> None:
    batch = (await sends(client, event, LIST)).headers["location"]
    for _ in range(2):
        await client.post(f"{batch}/take", data={"what": "all"})
        await drain()
    assert await Registration.all().count() == 2
    given = await FormAnswer.all().order_by("question__position")
    anna = await Registration.get(name="Anna").select_related("organisation")
    assert {it.registration_id for it in given} == {anna.id}
    values = [it.value for it in given]
    assert values == [["vegan", "fleisch"], True, "Stadt Köln", "Rampe"]
    assert anna.organisation and anna.organisation.name == "Stadt Köln"
    assert (await Need.get()).registration_id == anna.id


async def test_a_workbook_brings_its_numbers_and_truths_along(
    client: httpx.AsyncClient, event: Event
) -> None:
    for kind in (Kind.NUMBER, Kind.YES_NO, Kind.TEXT):
        await asks(event, kind, kind.value)
    raw = plain(
        ("Name", "E-Mail", "number", "yes_no", "text"),
        ("Anna", "a@x.example", 3, True, 1.5),
        ("Bo", "b@x.example", 1_500.0, 1, "=1+1"),
        ("Cem", "c@x.example", 2.5, 7, ""),
    )
    file = {"file": ("a.xlsx", raw)}
    sent = await client.post(f"/desk/events/{event.id}/import", files=file)
    await client.post(f"{sent.headers['location']}/take", data={"what": "all"})
    await drain()
    given = await FormAnswer.all().order_by("registration__name", "question__position")
    assert [it.value for it in given][:2] == [3, True]
    assert [it.value for it in given][3:5] == [1_500, True]
    assert [it.line for it in await ImportRow.filter(faulty=True)] == [4]


async def test_a_column_can_be_given_to_a_question_by_hand(
    client: httpx.AsyncClient, event: Event, asked: list[FormQuestion]
) -> None:
    text = "Name;E-Mail;Menü\nAnna;anna@attendee.example;Fisch\n"
    batch = (await sends(client, event, text)).headers["location"]
    data = {"column": ["name", "email", q(asked[0])], "wanted": "online"}
    assert (await client.post(f"{batch}/columns", data=data)).is_redirect
    page = (await client.get(batch)).text
    assert "Menü: “Fisch” is no answer" in page
    assert (await ImportRow.get()).faulty


async def test_an_answer_without_the_one_it_hangs_on_is_a_fault(
    client: httpx.AsyncClient, event: Event
) -> None:
    meal = await asks(event, Kind.CHOICE, "Essen")
    await asks(event, label="Mehr?", condition=Condition(meal.id, "vegan"))
    text = (
        "Name;E-Mail;Mehr?;Essen\nAnna;a@x.example;Tofu;vegan\nBo;b@x.example;Tofu;\n"
    )
    page = (await sends(client, event, text)).headers["location"]
    assert "Mehr? This is asked only after" in (await client.get(page)).text
    assert [it.faulty for it in await ImportRow.all().order_by("line")] == [False, True]


async def test_a_question_that_goes_meanwhile_registers_nobody_without_it(
    client: httpx.AsyncClient, event: Event, asked: list[FormQuestion]
) -> None:
    batch = (await sends(client, event, LIST)).headers["location"]
    await client.post(f"{batch}/take", data={"what": "all"})
    await questions.retire(
        event.organiser_id, event.id, asked[0].id, actor=OLGA, now=clock.now()
    )
    await drain()
    assert [it.name for it in await Registration.all()] == ["Bo"]
    outcomes = [it.outcome for it in await ImportRow.all().order_by("line")]
    assert outcomes == ["faulty", "made", ""]


@pytest.mark.parametrize("column", ["q_x", "q_" + "0" * 36, "q_another"])
async def test_a_column_cannot_be_given_to_what_is_not_asked(
    client: httpx.AsyncClient, event: Event, column: str
) -> None:
    otto = await an_event(event.organiser, slug="another")
    other = q(await asks(otto))
    batch = (await sends(client, event, LIST)).headers["location"]
    before = (await ImportBatch.get()).columns
    wanted = other if column == "q_another" else column
    data = {"column": ["name", "email", wanted], "wanted": "online"}
    assert (await client.post(f"{batch}/columns", data=data)).status_code == 422
    assert (await ImportBatch.get()).columns == before


async def test_otto_sees_no_answers_of_a_list(
    client: httpx.AsyncClient, event: Event, asked: list[FormQuestion]
) -> None:
    batch = (await sends(client, event, LIST)).headers["location"]
    await otto_signed_in(client)
    assert (await client.get(batch)).status_code == 404
