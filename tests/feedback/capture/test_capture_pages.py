"""The moderator's page as forms, without a script."""

import re

import httpx
import pytest
from tests.feedback.meetings import a_meeting, a_town, an_item, key
from tests.feedback.statement_rows import a_theme
from tests.people import (
    a_member,
    an_organiser,
    olga_signed_in,
    otto_signed_in,
    signed_in,
)

from werkraum_events.models import Event
from werkraum_feedback.statement_models import (
    Coding,
    Quoting,
    Statement,
    StatementKind,
    StatementState,
)
from werkraum_foundation.models import Organiser, Role

Client = httpx.AsyncClient


@pytest.fixture
async def olga(client: Client) -> Organiser:
    return await olga_signed_in(client)


@pytest.fixture
async def event(olga: Organiser) -> Event:
    return await a_meeting(olga)


def address(event: Event, step: str = "") -> str:
    return f"/desk/events/{event.id}/feedback/capture{step}"


async def page(client: Client, event: Event, query: str = "") -> str:
    answer = await client.get(address(event) + query)
    assert answer.status_code == 200, answer.text
    return answer.text


def hidden(text: str, name: str) -> str:
    [value, *_] = re.findall(rf'name="{name}" value="([^"]+)"', text)
    return str(value)


async def test_a_statement_is_kept_and_the_form_comes_back(
    client: Client, event: Event
) -> None:
    theme = await a_theme(event.organiser, "Nachwuchs")
    typed = {
        "key": hidden(await page(client, event), "key"),
        "phase": "introduction",
        "organisation": "Stadt Beispielhausen",
        "org_kind": "municipality",
        "org_size": "small",
        "kind": "concern",
        "text": "Uns fehlen junge Leute.",
        "themes": [str(theme.id)],
        "quoting": "unnamed",
    }
    answer = await client.post(address(event), data=typed)
    assert answer.status_code == 303
    shown = (await client.get(answer.headers["location"])).text
    assert "Saved." in shown and "Uns fehlen junge Leute." in shown
    there = await Statement.get().select_related("organisation")
    assert there.organisation is not None
    assert (there.kind, there.quoting) == (StatementKind.CONCERN, Quoting.UNNAMED)
    assert there.organisation.name == "Stadt Beispielhausen"
    coding = await Coding.get()
    assert (coding.theme_id, coding.start, coding.end) == (theme.id, 0, 23)
    # The last speaker stays, what they said does not.
    assert 'value="Stadt Beispielhausen"' in shown
    assert not re.search(r'name="themes"[^>]* checked', shown)
    assert not re.search(r'id="quoting"[^>]* checked', shown)
    assert 'value="Stadt Beispielhausen" max' not in await page(client, event, "?new=1")


async def test_the_same_form_twice_is_one_statement(
    client: Client, event: Event
) -> None:
    typed = {"key": key(), "text": "Einmal."}
    for _ in range(2):
        assert (await client.post(address(event), data=typed)).status_code == 303
    assert await Statement.all().count() == 1


async def test_a_statement_is_changed_removed_and_had_again(
    client: Client, event: Event
) -> None:
    typed = {"key": key(), "text": "Mit Feler."}
    await client.post(address(event), data=typed)
    form = await page(client, event, f"?change={typed['key']}")
    assert "Mit Feler." in form
    changed = {**typed, "mark": hidden(form, "mark"), "text": "Ohne Fehler."}
    assert (await client.post(address(event), data=changed)).status_code == 303
    wish = {"key": typed["key"], "deed": "remove"}
    answer = await client.post(address(event, "/remove"), data=wish)
    removed = (await client.get(answer.headers["location"])).text
    assert "Ohne Fehler." not in removed and "Undo" in removed
    await client.post(address(event, "/remove"), data={**wish, "deed": "restore"})
    assert "Ohne Fehler." in await page(client, event)


async def test_nothing_typed_is_lost_where_somebody_else_was_first(
    client: Client, event: Event
) -> None:
    typed = {"key": key(), "text": "Erstens."}
    await client.post(address(event), data=typed)
    form = await page(client, event, f"?change={typed['key']}")
    seen = {**typed, "mark": hidden(form, "mark")}
    await client.post(address(event), data={**seen, "text": "Von Oskar."})
    late = await client.post(address(event), data={**seen, "text": "Von Olga."})
    assert late.status_code == 409
    assert "Von Olga.</textarea>" in late.text and "Von Oskar." in late.text
    # Sent again, knowing what is there.
    again = {**seen, "mark": hidden(late.text, "mark"), "text": "Von Olga."}
    assert (await client.post(address(event), data=again)).status_code == 303
    assert (await Statement.get()).text == "Von Olga."


@pytest.mark.parametrize(
    "typed",
    [
        {"text": ""},
        {"text": "x" * 10_001},
        {"text": "a\u202eb"},
        {"text": "Gut.", "kind": "complaint"},
        {"text": "Gut.", "phase": "survey"},
        {"text": "Gut.", "quoting": "named"},
        {"text": "Gut.", "organisation": "x" * 201},
        {"text": "Gut.", "session": "x"},
        {"text": "Gut.", "themes": ["x"]},
        {"text": "Gut.", "state": "hidden"},
        {"text": "Gut.", "key": "short"},
        {"text": "Gut.", "mark": "x"},
    ],
    ids=lambda it: " ".join(it),
)
async def test_what_cannot_be_is_refused_with_everything_kept(
    client: Client, event: Event, typed: dict[str, str]
) -> None:
    answer = await client.post(address(event), data={"key": key(), **typed})
    assert answer.status_code == 422
    assert "to put right" in answer.text
    assert await Statement.all().count() == 0


async def test_a_text_of_200_kilobytes_is_more_than_the_page_takes(
    client: Client, event: Event
) -> None:
    typed = {"key": key(), "text": "ä" * 100_000}
    assert (await client.post(address(event), data=typed)).status_code == 413
    assert await Statement.all().count() == 0


async def test_every_script_and_sign_is_kept_and_escaped(
    client: Client, event: Event
) -> None:
    text = "<b>שלום</b> 👩‍👩‍👧 – „gut“"
    await client.post(address(event), data={"key": key(), "text": text})
    assert (await Statement.get()).text == text
    shown = await page(client, event)
    assert "&lt;b&gt;שלום&lt;/b&gt; 👩‍👩‍👧" in shown and "<b>שלום" not in shown


async def test_ids_of_others_are_left_out(client: Client, event: Event) -> None:
    elsewhere = await an_organiser("Another office")
    theme = await a_theme(elsewhere, "Fremd")
    item = await an_item(await a_meeting(elsewhere), "Fremd", 0, 10)
    typed = {
        "key": key(),
        "text": "Meins.",
        "themes": [str(theme.id)],
        "session": str(item.id),
    }
    await client.post(address(event), data=typed)
    assert await Coding.all().count() == 0
    assert (await Statement.get()).session_id is None


async def test_an_organisation_that_is_known_says_its_kind(
    client: Client, event: Event
) -> None:
    await a_town(event.organiser, "Stadt Kleinhausen")
    typed = {"key": key(), "text": "Wir auch.", "organisation": "stadt  kleinhausen"}
    await client.post(address(event), data=typed)
    there = await Statement.get()
    assert (there.org_kind, there.org_size) == ("municipality", "small")


async def test_otto_sees_and_catches_nothing(client: Client, event: Event) -> None:
    typed = {"key": key(), "text": "Von Olga."}
    await client.post(address(event), data=typed)
    await otto_signed_in(client)
    for path in (address(event), address(event, "/state.json")):
        answer = await client.get(path)
        assert answer.status_code == 404 and "Von Olga" not in answer.text
    assert (await client.post(address(event), data=typed)).status_code == 404
    wish = {"key": typed["key"], "deed": "remove"}
    assert (await client.post(address(event, "/remove"), data=wish)).status_code == 404
    assert (await Statement.get()).state is StatementState.SHOWN


async def test_the_key_of_another_event_opens_nothing(
    client: Client, olga: Organiser, event: Event
) -> None:
    other = await a_meeting(olga)
    typed = {"key": key(), "text": "Dort."}
    await client.post(address(other), data=typed)
    wish = {"key": typed["key"], "deed": "remove"}
    assert (await client.post(address(event, "/remove"), data=wish)).status_code == 404
    await client.post(address(event), data={**typed, "text": "Hier."})
    assert sorted(it.text for it in await Statement.all()) == ["Dort.", "Hier."]


async def test_a_reader_may_look_at_the_clock_only(
    client: Client, olga: Organiser, event: Event
) -> None:
    await signed_in(client, await a_member(olga, role=Role.READER, email="r@x.example"))
    assert (await client.get(address(event))).status_code == 403
    clock = await client.get(f"/desk/events/{event.id}/feedback/clock")
    assert clock.status_code == 200
