import re
from uuid import UUID

import httpx
import pytest
from tests.feedback.statement_rows import a_theme, marked, said
from tests.people import a_member, an_event, olga_signed_in, otto_signed_in, signed_in

from werkraum_events.models import Event
from werkraum_feedback.statement_models import Coding, Statement, Theme
from werkraum_foundation.models import Organiser, Role

FAMILY = "👩‍👩‍👧‍👦"
TEXT = f"Uns fehlt {FAMILY} Nachwuchs, und das Geld auch."


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    return await olga_signed_in(client)


@pytest.fixture
async def event(olga: Organiser) -> Event:
    return await an_event(olga)


@pytest.fixture
def coding(event: Event) -> str:
    return f"/desk/events/{event.id}/feedback/coding"


@pytest.fixture
async def one(event: Event) -> Statement:
    return await said(event, TEXT)


async def spans() -> list[tuple[int, int]]:
    return [(it.start, it.end) for it in await Coding.all().order_by("start", "end")]


async def test_without_statements_there_is_nothing_to_code(
    client: httpx.AsyncClient, coding: str
) -> None:
    assert "Nothing has been said yet." in (await client.get(coding)).text


async def test_a_theme_is_made_while_reading(
    client: httpx.AsyncClient, coding: str, one: Statement
) -> None:
    shown = await client.get(coding)
    assert FAMILY in shown.text and "0 of 1 statements read" in shown.text

    sent = await client.post(
        f"{coding}/{one.id}", data={"name": "Jugend"}, follow_redirects=True
    )

    assert "Marked." in sent.text and "[Jugend]" in sent.text
    assert "1 of 1 statements read" in sent.text
    assert await spans() == [(0, len(TEXT))]


async def test_words_are_chosen_from_lists_without_script(
    client: httpx.AsyncClient, olga: Organiser, coding: str, one: Statement
) -> None:
    theme = await a_theme(olga, "Nachwuchs")

    await client.post(
        f"{coding}/{one.id}",
        data={
            "theme": str(theme.id),
            "first": "4",
            "last": "2",
            "start": "",
            "end": "",
        },
    )

    [(start, end)] = await spans()
    assert TEXT[start:end] == f"fehlt {FAMILY} Nachwuchs,"


async def test_a_selection_through_an_emoji_takes_all_of_it(
    client: httpx.AsyncClient, olga: Organiser, coding: str, one: Statement
) -> None:
    theme = await a_theme(olga, "Nachwuchs")

    await client.post(
        f"{coding}/{one.id}", data={"theme": str(theme.id), "start": "5", "end": "12"}
    )

    [(start, end)] = await spans()
    assert TEXT[start:end] == f"ehlt {FAMILY}"


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({}, 422),
        ({"name": " "}, 422),
        ({"name": "x" * 81}, 422),
        ({"name": "a\nb"}, 422),
        ({"name": "a\0"}, 422),
        ({"theme": "nonsense"}, 422),
        ({"theme": "00000000-0000-4000-8000-00000000dead"}, 404),
        ({"name": "Jugend", "first": "99"}, 422),
        ({"name": "Jugend", "first": "-1"}, 422),
        ({"name": "Jugend", "start": "3", "end": "3"}, 422),
        ({"name": "Jugend", "start": "0", "end": str(2**70)}, 422),
        ({"name": "Jugend", "coder": "person:anna"}, 422),
    ],
    ids=str,
)
async def test_bad_marks_change_nothing(
    client: httpx.AsyncClient,
    coding: str,
    one: Statement,
    typed: dict[str, str],
    status: int,
) -> None:
    sent = await client.post(f"{coding}/{one.id}", data=typed)

    assert sent.status_code == status
    assert await Coding.all().count() == await Theme.all().count() == 0


async def test_done_leads_to_what_is_not_read_yet(
    client: httpx.AsyncClient, event: Event, coding: str
) -> None:
    made = sorted([await said(event, f"Satz {n}") for n in range(3)], key=_by_id)
    await client.post(f"{coding}/{made[0].id}", data={"name": "Jugend"})

    sent = await client.post(f"{coding}/{made[1].id}/done", follow_redirects=True)
    assert made[2].text in sent.text and "2 of 3 statements read" in sent.text
    sent = await client.post(f"{coding}/{made[2].id}/done", follow_redirects=True)

    assert "You have read everything there is." in sent.text


def _by_id(statement: Statement) -> UUID:
    return statement.id


async def test_a_mark_is_a_good_quote_moves_and_goes(
    client: httpx.AsyncClient, olga: Organiser, coding: str, one: Statement
) -> None:
    theme = await a_theme(olga, "Geld")
    await client.post(f"{coding}/{one.id}", data={"name": "Jugend"})
    [mark] = await Coding.all()
    deed = f"/desk/codings/{mark.id}"

    await client.post(deed, data={"deed": "quote"})
    assert (await Coding.get(id=mark.id)).good_quote
    await client.post(deed, data={"deed": "move", "theme": str(theme.id)})
    assert (await Coding.get(id=mark.id)).theme_id == theme.id
    sent = await client.post(deed, data={"deed": "remove"}, follow_redirects=True)

    assert "The mark is removed." in sent.text
    assert await Coding.all().count() == 0


async def test_undoing_shows_the_statement_it_was_about(
    client: httpx.AsyncClient, event: Event, coding: str, one: Statement
) -> None:
    other = await said(event, "Etwas anderes")
    await client.post(f"{coding}/{one.id}", data={"name": "Jugend"})

    shown = await client.get(f"{coding}?at={other.id}")
    assert "Take back: marked" in shown.text
    sent = await client.post(f"{coding}/undo", data={"at": str(other.id)})

    assert str(one.id) in sent.headers["location"]
    assert await Theme.all().count() == 0
    assert (await client.post(f"{coding}/undo")).status_code == 409


async def test_words_suggest_themes_and_a_person_decides(
    client: httpx.AsyncClient, olga: Organiser, coding: str, one: Statement
) -> None:
    theme = await a_theme(olga, "Nachfolge", words=["*WUCHS", "jugend"])
    shown = await client.get(coding)
    assert "because of “Nachwuchs” (rule: *WUCHS)" in shown.text
    assert await Coding.all().count() == 0

    theirs = {"theme": str(theme.id)}
    sent = await client.post(
        f"{coding}/{one.id}/dismiss", data=theirs, follow_redirects=True
    )

    assert "is not suggested here any more" in sent.text
    assert "Perhaps also" not in sent.text
    await client.post(f"{coding}/undo")
    assert "Perhaps also" in (await client.get(coding)).text


async def test_the_marks_of_others_are_shown_only_to_who_wants_them(
    client: httpx.AsyncClient, olga: Organiser, coding: str, one: Statement
) -> None:
    theme = await a_theme(olga, "Geld")
    await marked(one, theme, 30, 34, coder="person:anna")

    alone = await client.get(coding)
    assert "[Geld]" not in alone.text
    assert "Show the marks of another person, too" in alone.text
    both = await client.get(f"{coding}?at={one.id}&others=1")

    assert "[Geld]" in both.text and "by somebody else" in both.text
    assert '<span class="count">0' in both.text
    actions = re.findall(r'action="(/desk/[^"]*coding[^"]*)"', both.text)
    assert actions and all(it.endswith("?others=1") for it in actions)


async def test_a_statement_of_another_event_is_not_coded_here(
    client: httpx.AsyncClient, olga: Organiser, coding: str
) -> None:
    elsewhere = await said(await an_event(olga), "Anderswo")

    assert (await client.get(f"{coding}?at={elsewhere.id}")).status_code == 404
    sent = await client.post(f"{coding}/{elsewhere.id}", data={"name": "Jugend"})
    assert sent.status_code == 404


async def test_ten_thousand_characters_lie_on_the_desk(
    client: httpx.AsyncClient, event: Event, coding: str
) -> None:
    long = await said(event, "<b>ä</b> " * 1_111)
    await client.post(f"{coding}/{long.id}", data={"name": "Lang", "first": "1000"})

    shown = await client.get(f"{coding}?at={long.id}")

    assert shown.status_code == 200 and "<b>ä" not in shown.text


async def test_readers_do_not_code(
    client: httpx.AsyncClient, olga: Organiser, coding: str, one: Statement
) -> None:
    await signed_in(client, await a_member(olga, "Rita", "r@n.example", Role.READER))
    assert (await client.get(coding)).status_code == 403
    sent = await client.post(f"{coding}/{one.id}", data={"name": "Jugend"})
    assert sent.status_code == 403


async def test_otto_codes_nothing_of_olgas(
    client: httpx.AsyncClient, olga: Organiser, coding: str, one: Statement
) -> None:
    mark = await marked(one, await a_theme(olga, "Jugend"))
    await otto_signed_in(client)

    for path, typed in {
        f"{coding}/{one.id}": {"name": "Meins"},
        f"{coding}/{one.id}/done": {},
        f"{coding}/{one.id}/dismiss": {"theme": str(mark.theme_id)},
        f"{coding}/undo": {},
        f"/desk/codings/{mark.id}": {"deed": "remove"},
    }.items():
        assert (await client.post(path, data=typed)).status_code == 404
    assert (await client.get(coding)).status_code == 404
    assert await Coding.all().count() == 1 and await Theme.all().count() == 1
