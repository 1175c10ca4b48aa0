from urllib.parse import quote

import httpx
import pytest
from tests.feedback.statement_rows import a_theme, marked, said
from tests.people import a_member, an_event, olga_signed_in, otto_signed_in, signed_in

from werkraum_events.models import Event
from werkraum_feedback.coding.ledger import PAGE
from werkraum_feedback.coding.speaker_groups import GroupOf
from werkraum_feedback.statement_models import (
    Phase,
    Quoting,
    Statement,
    StatementKind,
    StatementSource,
    StatementState,
)
from werkraum_foundation.models import Organiser, Role
from werkraum_registration.models import OrganisationKind

CLUBS = GroupOf(OrganisationKind.ASSOCIATION)
DISTRICTS = GroupOf(OrganisationKind.DISTRICT)
HOSTILE = "<script>alert(1)</script> **fett** [x](javascript:alert(1)) ![[" + "[" * 500


@pytest.fixture
async def olga(client: httpx.AsyncClient) -> Organiser:
    return await olga_signed_in(client)


@pytest.fixture
async def event(olga: Organiser) -> Event:
    return await an_event(olga)


@pytest.fixture
def ledger(event: Event) -> str:
    return f"/desk/events/{event.id}/feedback/statements"


async def test_an_empty_ledger_says_what_comes_here(
    client: httpx.AsyncClient, ledger: str
) -> None:
    shown = await client.get(ledger)
    assert "Nothing has been said yet." in shown.text


async def test_all_that_was_said_stands_in_one_column(
    client: httpx.AsyncClient, olga: Organiser, event: Event, ledger: str
) -> None:
    one = await said(event, HOSTILE, quoting=Quoting.UNNAMED)
    await marked(one, await a_theme(olga, "Jugend"))
    await said(event, "مرحبا 👩‍👩‍👧‍👦")

    shown = await client.get(ledger)

    assert "2 statements" in shown.text and "مرحبا 👩‍👩‍👧‍👦" in shown.text
    assert "<script>alert(1)" not in shown.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **fett**" in shown.text
    assert "Jugend" in shown.text and "May be quoted without a name" in shown.text


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("q=FORDERUNG", ["Förderung"]),
        ("phase=closing", ["Schluss"]),
        ("source=paper", ["Papier"]),
        ("kind=wish", ["Wunsch"]),
        ("theme=none", ["Papier", "Schluss", "Wunsch"]),
        ("q=nichts", []),
        ("phase=xyz&source='&kind=WISH&theme=9&page=-1", None),
        ("page=7", []),
    ],
)
async def test_the_ledger_is_sifted(
    client: httpx.AsyncClient,
    olga: Organiser,
    event: Event,
    ledger: str,
    wish: str,
    found: list[str] | None,
) -> None:
    one = await said(event, "Förderung")
    await marked(one, await a_theme(olga, "Geld"))
    await said(event, "Schluss", phase=Phase.CLOSING)
    await said(event, "Papier", source=StatementSource.PAPER)
    wished = await said(event, "Wunsch")
    await Statement.filter(id=wished.id).update(kind=StatementKind.WISH)

    shown = await client.get(f"{ledger}?{wish}")

    texts = ["Förderung", "Papier", "Schluss", "Wunsch"]
    seen = [it for it in texts if f'dir="auto">{it}</p>' in shown.text]
    assert seen == (texts if found is None else found)


async def test_groups_of_fewer_than_five_are_neither_shown_nor_asked_for(
    client: httpx.AsyncClient, event: Event, ledger: str
) -> None:
    for number in range(5):
        await said(event, f"Verein {number}", group=CLUBS)
    shown = await client.get(f"{ledger}?group=association")
    assert "5 statements" in shown.text and "Association" in shown.text

    await said(event, "Kreis", group=DISTRICTS)

    for group in ("district", "association", "municipality.small", "nonsense"):
        asked = await client.get(f"{ledger}?group={group}")
        sifted = "Verein 1" in asked.text
        # What is no group is no wish: everything is shown, and no group beside it.
        assert sifted is (group == "nonsense")
        assert "District</span>" not in asked.text
        assert "Association</span>" not in asked.text


async def test_long_ledgers_have_pages(
    client: httpx.AsyncClient, event: Event, ledger: str
) -> None:
    for number in range(PAGE + 1):
        await said(event, f"Satz {number}")

    first, second = await client.get(ledger), await client.get(f"{ledger}?page=2")

    assert 'rel="next"' in first.text and 'rel="prev"' in second.text
    assert second.text.count('class="quote voice"') == 1


async def test_a_note_on_paper_is_taken_down(
    client: httpx.AsyncClient, event: Event, ledger: str
) -> None:
    sent = await client.post(
        f"{ledger}/new",
        data={
            "text": "Wir wünschen uns mehr Zeit.",
            "phase": "closing",
            "kind": "wish",
            "group": "municipality.small",
            "quoting": "unnamed",
        },
        follow_redirects=True,
    )

    assert "The statement is in the ledger." in sent.text
    [kept] = await Statement.all()
    assert (kept.text, kept.kind, kept.phase) == (
        "Wir wünschen uns mehr Zeit.",
        StatementKind.WISH,
        Phase.CLOSING,
    )
    assert kept.created_by.startswith("person:")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"text": " "}, "Please fill in this field."),
        ({"text": "x" * 10_001}, "Please use at most 10000 characters."),
        ({"text": "a\0b"}, "cannot be shown"),
        ({"text": "a\u202eb"}, "reading direction"),
        ({"phase": "never"}, "Please choose one of the options offered."),
        ({"group": "association.large"}, "Please choose one of the options offered."),
        ({"quoting": "named"}, "Please choose one of the options offered."),
        ({"state": "hidden"}, "does not belong here"),
    ],
)
async def test_bad_notes_come_back_with_all_typed(
    client: httpx.AsyncClient, ledger: str, typed: dict[str, str], message: str
) -> None:
    fields = {"text": "Bleibt stehen", "phase": "closing", **typed}

    sent = await client.post(f"{ledger}/new", data=fields)

    assert sent.status_code == 422 and message in sent.text
    assert await Statement.all().count() == 0
    if "text" not in typed:
        assert "Bleibt stehen" in sent.text


async def test_a_text_of_200_kilobytes_is_refused(
    client: httpx.AsyncClient, ledger: str
) -> None:
    typed = {"text": "ä" * 200_000, "phase": "closing"}
    sent = await client.post(f"{ledger}/new", data=typed)
    assert sent.status_code == 413


async def test_kind_and_consent_are_put_right(
    client: httpx.AsyncClient, event: Event
) -> None:
    one = await said(event, "Mehr Geld")
    page = f"/desk/statements/{one.id}"

    assert one.text_hash in (await client.get(page)).text
    sent = await client.post(page, data={"kind": "concern", "quoting": "unnamed"})

    assert sent.status_code == 303
    kept = await Statement.get(id=one.id)
    assert (kept.kind, kept.quoting) == (StatementKind.CONCERN, Quoting.UNNAMED)


async def test_consent_of_an_answer_is_not_offered_wider(
    client: httpx.AsyncClient, event: Event
) -> None:
    one = await said(event, "Mehr Geld", source=StatementSource.ANSWER)
    page = f"/desk/statements/{one.id}"

    assert 'value="unnamed"' not in (await client.get(page)).text
    sent = await client.post(page, data={"kind": "", "quoting": "unnamed"})

    assert sent.status_code == 409 and "not allowed this" in sent.text


async def test_hiding_needs_a_reason(
    client: httpx.AsyncClient, event: Event, ledger: str
) -> None:
    one = await said(event, "Frau Müller war es")
    page = f"/desk/statements/{one.id}"

    assert (await client.post(f"{page}/hide", data={})).status_code == 422
    sent = await client.post(
        f"{page}/hide", data={"reason": "names somebody"}, follow_redirects=True
    )
    assert "Frau Müller war es" not in sent.text

    hidden = await client.get(f"{ledger}?state=hidden")
    assert "Frau Müller war es" in hidden.text
    await client.post(f"{page}/show")
    assert "Frau Müller war es" in (await client.get(ledger)).text


async def test_readers_read_and_see_nothing_hidden(
    client: httpx.AsyncClient, olga: Organiser, event: Event, ledger: str
) -> None:
    one = await said(event, "Sichtbar")
    await said(event, "Verborgen", state=StatementState.HIDDEN)
    await signed_in(client, await a_member(olga, "Rita", "r@n.example", Role.READER))

    shown = await client.get(ledger)
    assert "Sichtbar" in shown.text and "Put right or hide" not in shown.text
    assert (await client.get(f"{ledger}?state=hidden")).status_code == 403
    assert (await client.get(f"/desk/statements/{one.id}")).status_code == 403
    assert (await client.post(f"{ledger}/new", data={})).status_code == 403


async def test_otto_sees_none_of_it(
    client: httpx.AsyncClient, event: Event, ledger: str
) -> None:
    one = await said(event, "Geheim")
    await otto_signed_in(client)
    page = f"/desk/statements/{one.id}"

    for path in (ledger, f"{ledger}?q={quote('Geheim')}", f"{ledger}/new", page):
        assert (await client.get(path)).status_code == 404
    typed = {"text": "x", "phase": "closing"}
    assert (await client.post(f"{ledger}/new", data=typed)).status_code == 404
    assert (await client.post(page, data={"quoting": "no"})).status_code == 404
    assert (await client.post(f"{page}/hide", data={"reason": "x"})).status_code == 404
    assert (await client.post(f"{page}/show")).status_code == 404
