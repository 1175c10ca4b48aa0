import re
from datetime import datetime

import httpx
import pytest
from tests.feedback.conftest import ACTOR, Surveys, confirmed
from tests.people import a_member, an_event, olga_signed_in, signed_in

from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.models import Audience, Naming, QuestionRow, Round
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser, Role


@pytest.fixture
def now() -> datetime:
    """The real moment: pages ask the clock."""
    return clock.now()


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    """Olga is signed in; her organiser."""
    return await olga_signed_in(client)


@pytest.fixture
async def draft(olga: Organiser, now: datetime) -> Round:
    event = await an_event(olga, now=now)
    await confirmed(event, 3)
    return await rounds.create(olga.id, event.id, actor=ACTOR, now=now)


def at(draft: Round, rest: str = "") -> str:
    return f"/desk/rounds/{draft.id}/questions{rest}"


async def texts(draft: Round) -> list[str]:
    found = await queries.question_rows_of(draft.id)
    assert [row.code for row in found] == [f"F{n:02}" for n in range(1, len(found) + 1)]
    return [row.text["en"].split()[0] for row in found]


async def first(draft: Round) -> QuestionRow:
    return (await queries.question_rows_of(draft.id))[0]


def faults(page: httpx.Response) -> set[str]:
    summary = page.text.partition('class="fault-summary"')[2].partition("</ul>")[0]
    return set(re.findall('href="#([^"]+)"', summary))


async def test_how_a_draft_is_asked_is_the_organisers_to_say(
    client: httpx.AsyncClient, draft: Round
) -> None:
    sent = await client.post(
        at(draft),
        data={
            "title_de": "Wie war es?",
            "audience": "confirmed",
            "chosen_names": "on",
            "asks_group": "on",
        },
    )

    assert sent.status_code == 303
    saved = await Round.get(id=draft.id)
    assert saved.title == {"de": "Wie war es?"}
    assert (saved.audience, saved.naming) == (Audience.CONFIRMED, Naming.CHOSEN)
    assert (saved.asks_group, saved.asks_quote) == (True, False)


async def test_a_draft_without_a_title_comes_back_with_all_typed(
    client: httpx.AsyncClient, draft: Round
) -> None:
    sent = await client.post(at(draft), data={"title_de": " ", "asks_group": "on"})

    assert sent.status_code == 422
    assert faults(sent) == {"title"}
    assert re.search('name="asks_group"[^>]*checked', sent.text)


async def test_questions_move_are_copied_and_removed_by_plain_buttons(
    client: httpx.AsyncClient, draft: Round
) -> None:
    assert await texts(draft) == ["How", "How", "What", "What", "Would"]
    last = (await queries.question_rows_of(draft.id))[-1]

    for step in ("up", "copy", "down"):
        sent = await client.post(at(draft, f"/{last.id}/{step}"))
        assert sent.status_code == 303
    assert await texts(draft) == ["How", "How", "What", "Would", "Would", "What"]
    sent = await client.post(at(draft, f"/{last.id}/remove"), follow_redirects=True)

    assert "The question is removed." in sent.text
    assert await texts(draft) == ["How", "How", "What", "Would", "What"]


async def test_the_first_question_cannot_go_further_up(
    client: httpx.AsyncClient, draft: Round
) -> None:
    before = await texts(draft)

    await client.post(at(draft, f"/{(await first(draft)).id}/up"))

    assert await texts(draft) == before


async def test_a_step_there_is_not_is_not_found(
    client: httpx.AsyncClient, draft: Round
) -> None:
    sent = await client.post(at(draft, f"/{(await first(draft)).id}/sideways"))

    assert sent.status_code == 404


NEW = {
    "score": {"text_en": "Again?", "pole_low_en": "never", "pole_high_en": "surely"},
    "yes_no": {"text_en": "Again?"},
    "ranking": {"text_en": "First?", "options_en": "Youth\nCulture\nSport"},
    "number": {"text_en": "Years?", "low": "0", "high": "50"},
    "statement": {"text_en": "A wish?", "hint_en": "One line."},
}


@pytest.mark.parametrize("kind", NEW)
async def test_a_question_of_each_kind_is_added_and_seen_in_the_preview(
    client: httpx.AsyncClient, draft: Round, kind: str
) -> None:
    shown = await client.get(at(draft, f"/new?kind={kind}"))
    assert shown.status_code == 200

    sent = await client.post(at(draft, f"/new?kind={kind}"), data=NEW[kind])

    assert sent.status_code == 303
    added = (await queries.question_rows_of(draft.id))[-1]
    assert (added.kind, added.code) == (kind, "F06")
    preview = await client.get(f"/desk/rounds/{draft.id}/preview")
    assert NEW[kind]["text_en"] in preview.text
    assert "<form" not in preview.text.partition("<main")[2].partition("</main>")[0]


async def test_options_are_worded_in_both_languages_line_by_line(
    client: httpx.AsyncClient, draft: Round
) -> None:
    await client.post(
        at(draft, "/new?kind=choice"),
        data={
            "text_de": "Wie?",
            "options_de": "Vor Ort\nOnline",
            "options_en": "On site\n Online ",
        },
    )

    added = (await queries.question_rows_of(draft.id))[-1]
    assert added.options == [
        {"code": "vor-ort", "label": {"de": "Vor Ort", "en": "On site"}},
        {"code": "online", "label": {"de": "Online", "en": "Online"}},
    ]


async def test_an_option_that_stays_keeps_its_code(
    client: httpx.AsyncClient, draft: Round
) -> None:
    rows = await queries.question_rows_of(draft.id)
    join_in = rows[-1]

    await client.post(
        at(draft, f"/{join_in.id}"),
        data={"text_en": "Join in?", "options_en": "no\nyes, gladly\nmaybe"},
    )

    changed = await QuestionRow.get(id=join_in.id)
    assert [it["code"] for it in changed.options] == ["no", "yes-gladly", "maybe"]


WRONG = {
    "no words": ("text", {}, {"text"}),
    "one option": ("choice", {"text_en": "?", "options_en": "a"}, {"options"}),
    "too many options": (
        "choices",
        {"text_en": "?", "options_en": "\n".join(map(str, range(21)))},
        {"options"},
    ),
    "options that differ in number": (
        "ranking",
        {"text_en": "?", "options_en": "a\nb", "options_de": "a"},
        {"options"},
    ),
    "an option twice": ("choice", {"text_en": "?", "options_en": "a\na"}, {"options"}),
    "an option too long": (
        "choice",
        {"text_en": "?", "options_en": "a\n" + "x" * 121},
        {"options"},
    ),
    "ends upside down": ("number", {"text_en": "?", "low": "5", "high": "5"}, {"high"}),
    "no number": ("number", {"text_en": "?", "low": "3.5"}, {"low"}),
    "a text too long": ("text", {"text_en": "x" * 301}, {"text_en"}),
    "a foreign field": ("text", {"text_en": "?", "code": "F99"}, {"code"}),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_question_that_is_none_is_refused_at_its_field(
    client: httpx.AsyncClient, draft: Round, wrong: str
) -> None:
    kind, typed, at_fault = WRONG[wrong]

    sent = await client.post(at(draft, f"/new?kind={kind}"), data=typed)

    assert sent.status_code == 422
    assert faults(sent) == at_fault
    assert len(await queries.question_rows_of(draft.id)) == 5


@pytest.mark.parametrize("kind", ["", "quiz", "TEXT"])
async def test_a_kind_of_question_there_is_not_is_not_found(
    client: httpx.AsyncClient, draft: Round, kind: str
) -> None:
    assert (await client.get(at(draft, f"/new?kind={kind}"))).status_code == 404


async def test_there_are_at_most_thirty_questions(
    client: httpx.AsyncClient, draft: Round
) -> None:
    for _ in range(25):
        await client.post(at(draft, "/new?kind=text"), data={"text_en": "More?"})

    sent = await client.post(at(draft, "/new?kind=text"), data={"text_en": "More?"})

    assert sent.status_code == 409
    assert len(await queries.question_rows_of(draft.id)) == 30


async def test_a_form_that_could_not_be_sent_is_not_made(
    client: httpx.AsyncClient, draft: Round
) -> None:
    twenty = "\n".join(f"Option {n}" for n in range(20))
    codes = [
        (
            await client.post(
                at(draft, "/new?kind=ranking"),
                data={"text_en": "First?", "options_en": twenty},
            )
        ).status_code
        for _ in range(9)
    ]

    assert codes == [303] * 8 + [409]


async def test_an_open_round_shows_a_preview_and_no_editor(
    client: httpx.AsyncClient, olga: Organiser, surveys: Surveys
) -> None:
    asked = await surveys(olga)
    question = await first(asked)

    preview = await client.get(f"/desk/rounds/{asked.id}/preview")
    for sent in (
        await client.get(at(asked)),
        await client.get(at(asked, f"/{question.id}")),
        await client.post(at(asked, f"/{question.id}/remove")),
        await client.post(at(asked, "/new?kind=text"), data={"text_en": "More?"}),
    ):
        assert sent.status_code == 409

    assert preview.status_code == 200
    assert len(await queries.question_rows_of(asked.id)) == 5


async def test_a_reader_sees_the_preview_only(
    client: httpx.AsyncClient, olga: Organiser, draft: Round
) -> None:
    rita = await a_member(olga, "Rita", "rita@network.example", Role.READER)
    await signed_in(client, rita)

    preview = await client.get(f"/desk/rounds/{draft.id}/preview")
    editor = await client.get(at(draft))

    assert (preview.status_code, editor.status_code) == (200, 403)
