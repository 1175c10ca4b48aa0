import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import httpx
import pytest
from tests.feedback.pulses import a_pulse, a_voice, ends, fields_of, on, says
from tests.people import an_organiser, olga_signed_in, otto_signed_in

from werkraum_feedback.asking import queries
from werkraum_feedback.live_rounds import live_keys, live_voices
from werkraum_feedback.models import AnswerRow, Channel, QuestionRow, Round
from werkraum_feedback.questions import QuestionKind
from werkraum_feedback.statement_models import Statement, StatementState
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_foundation.settings import settings


@pytest.fixture
def now() -> datetime:
    """The real moment: pages ask the clock."""
    return clock.now()


@pytest.fixture
async def office(database: str) -> Organiser:
    return await an_organiser()


def action_of(page: str) -> str:
    found = re.search(r'<form method="post" action="(/en/live/[^"]+)"', page)
    assert found
    return found[1]


async def tap(
    client: httpx.AsyncClient, page: str, row: QuestionRow, said: str, **more: str
) -> httpx.Response:
    data = fields_of(page) | {f"q-{row.id.hex}": said} | more
    return await client.post(action_of(page), data=data)


async def test_the_code_leads_to_the_question(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(office, now)
    code = pulse.live_code or ""

    shown = await client.get(
        "/en/live", params={"code": f" {code[:3]} {code[3:]}"}, follow_redirects=True
    )

    assert str(shown.url).endswith(f"/en/live/{code}")
    assert "How is it going for you?" in shown.text
    # Under which a browser keeps its key: another round must not get that one.
    assert f'data-mark="{live_keys.mark_of(pulse.id)}"' in shown.text
    assert "set-cookie" not in shown.headers
    assert shown.headers["cache-control"] == "no-store"


async def test_one_tap_is_a_voice_and_the_page_says_so(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(office, now)
    row = await QuestionRow.get(round_id=pulse.id)
    page = (await client.get(f"/en/live/{pulse.live_code}")).text

    sent = await tap(client, page, row, "4")
    again = await tap(client, page, row, "5")

    assert (sent.status_code, again.status_code) == (303, 303)
    thanked = await client.get(sent.headers["location"])
    assert "Thank you, that has arrived." in thanked.text
    assert f'name="q-{row.id.hex}"' not in thanked.text
    known = await client.get(again.headers["location"])
    assert "counts once" in known.text
    assert [it.number for it in await AnswerRow.all()] == [4]


async def test_a_personal_link_leads_to_one_voice(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(office, now)
    key = live_keys.personal_key(pulse.id, uuid4())

    shown = await client.get(f"/en/live/{pulse.live_code}/{key}")

    assert "You came by your personal link." in shown.text
    assert "data-mark" not in shown.text


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"once": "short"},
        {"question": "q-" + "0" * 32},
        {"stranger": "1"},
        {"said": "6"},
        {"said": ""},
        {"twice": "1"},
    ],
    ids=str,
)
async def test_a_form_nobody_got_from_us_is_shown_again(
    client: httpx.AsyncClient, office: Organiser, now: datetime, said: dict[str, str]
) -> None:
    pulse = await a_pulse(office, now)
    row = await QuestionRow.get(round_id=pulse.id)
    page = (await client.get(f"/en/live/{pulse.live_code}")).text
    name = f"q-{row.id.hex}"
    data: dict[str, str | list[str]] = dict(fields_of(page)) if said else {}
    data[name] = said.get("said", "4")
    data |= {it: said[it] for it in ("once", "question", "stranger") if it in said}
    if "twice" in said:
        data[name] = ["1", "2"]

    sent = await client.post(action_of(page), data=data)

    assert sent.status_code == 422
    assert not await AnswerRow.all().count()


async def test_a_card_that_is_too_long_comes_back_whole(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(office, now, QuestionKind.STATEMENT)
    row = await on(pulse, 1, now)
    page = (await client.get(f"/en/live/{pulse.live_code}")).text
    text = "long " * 120

    sent = await tap(client, page, row, text)

    assert sent.status_code == 422
    assert "at most 500 characters" in sent.text and text.strip() in sent.text


async def test_a_card_that_comes_too_late_is_handed_back(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(office, now, QuestionKind.STATEMENT)
    row = await on(pulse, 1, now)
    page = (await client.get(f"/en/live/{pulse.live_code}")).text
    await on(pulse, 0, now)

    sent = await tap(client, page, row, "<b>More</b> time")

    assert sent.status_code == 409
    assert "&lt;b&gt;More&lt;/b&gt; time" in sent.text
    assert "How is it going for you?" in sent.text


async def test_what_waits_is_seen_by_nobody_and_what_is_shown_by_all(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(office, now, QuestionKind.STATEMENT)
    row = await on(pulse, 1, now)
    await says(pulse, row, "Seen by nobody", now)
    await live_voices.enter(
        office.id,
        pulse.id,
        a_voice(row, "Seen by all"),
        Channel.PAPER,
        actor="olga",
        now=now,
    )

    page = (await client.get(f"/en/live/{pulse.live_code}")).text

    assert "Seen by all" in page and "Seen by nobody" not in page
    card = await Statement.get(state=StatementState.SHOWN)
    voted = await client.post(f"{action_of(page)}/cards/{card.id}")
    assert (
        "Your vote has arrived." in (await client.get(voted.headers["location"])).text
    )
    waiting = await Statement.get(state=StatementState.PENDING)
    refused = await client.post(f"{action_of(page)}/cards/{waiting.id}")
    assert refused.status_code == 404


async def test_a_round_that_is_over_says_so(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(office, now)
    page = (await client.get(f"/en/live/{pulse.live_code}")).text
    row = await QuestionRow.get(round_id=pulse.id)
    await ends(pulse, now)

    shown = await client.get(f"/en/live/{pulse.live_code}")
    sent = await tap(client, page, row, "4")
    heard = await client.get(f"/live/{pulse.live_code}/events")

    assert "The live round is over" in shown.text
    assert [it.status_code for it in (shown, sent, heard)] == [410, 410, 410]


@pytest.mark.parametrize("code", ["000000", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
async def test_a_code_nobody_gave_out_opens_nothing(
    client: httpx.AsyncClient, office: Organiser, code: str
) -> None:
    asked = await client.get("/en/live", params={"code": code})
    answers = [
        await client.get(f"/en/live/{code}"),
        await client.get(f"/en/live/{code}/{'d' * 45}"),
        await client.get(f"/live/{code}/events"),
    ]

    assert "No live round has this code." in asked.text
    assert [it.status_code for it in (asked, *answers)] == [404] * 4


async def test_a_key_of_another_round_opens_nothing(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    pulse, other = [await a_pulse(office, now) for _ in range(2)]
    key = live_keys.device_key(other.id)

    shown = await client.get(f"/en/live/{pulse.live_code}/{key}")
    sent = await client.post(f"/en/live/{pulse.live_code}/{key}", data={})

    assert (shown.status_code, sent.status_code) == (404, 404)


async def test_otto_sees_and_moves_nothing_of_a_pulse(
    client: httpx.AsyncClient, office: Organiser, now: datetime
) -> None:
    pulse = await a_pulse(office, now, QuestionKind.STATEMENT)
    await says(pulse, await on(pulse, 1, now), "Mine", now)
    card = await Statement.get()
    await otto_signed_in(client)
    base = f"/desk/rounds/{pulse.id}/live"

    seen = [
        await client.get(f"{base}{path}")
        for path in ("", "/screen", "/qr.svg", "/events")
    ]
    done = [
        await client.post(f"{base}/{path}", data={"put": "shown"})
        for path in ("start", "question", "reveal", "voices", "end", f"cards/{card.id}")
    ]

    assert {it.status_code for it in (*seen, *done)} == {404}
    assert (await Statement.get()).state is StatementState.PENDING


async def olgas_pulse(client: httpx.AsyncClient, *kinds: QuestionKind) -> Round:
    organiser = await olga_signed_in(client)
    return await a_pulse(organiser, clock.now(), *kinds, start=False)


async def test_olga_leads_through_a_pulse(client: httpx.AsyncClient) -> None:
    pulse = await olgas_pulse(client, QuestionKind.STATEMENT)
    base = f"/desk/rounds/{pulse.id}/live"
    first, second = await queries.question_rows_of(pulse.id)
    started = await client.post(f"{base}/start", follow_redirects=True)
    assert "The live round is on." in started.text
    await pulse.refresh_from_db()
    for number in range(5):
        await says(pulse, first, 1 + number % 2, clock.now())

    shown = await client.post(
        f"{base}/reveal", data={"question": str(first.id)}, follow_redirects=True
    )
    assert "several people" in shown.text
    wall = await client.get(f"{base}/screen")
    assert "several people" in wall.text and "<button" not in wall.text

    moved = await client.post(
        f"{base}/question", data={"question": str(second.id)}, follow_redirects=True
    )
    assert "Everybody sees this question now." in moved.text
    await says(pulse, second, "A card", clock.now())
    card = await Statement.get()
    await client.post(f"{base}/cards/{card.id}", data={"put": "shown"})
    assert "A card" in (await client.get(f"{base}/screen")).text

    ended = await client.post(f"{base}/end", follow_redirects=True)
    assert "The live round is over." in ended.text
    assert (await client.get(f"{base}/screen")).status_code == 410


async def test_olga_stays_on_her_page_when_there_are_too_few_voices(
    client: httpx.AsyncClient,
) -> None:
    pulse = await olgas_pulse(client)
    base = f"/desk/rounds/{pulse.id}/live"
    await client.post(f"{base}/start")
    row = await QuestionRow.get(round_id=pulse.id)

    refused = await client.post(f"{base}/reveal", data={"question": str(row.id)})

    assert refused.status_code == 409
    assert "Results can be shown from five voices on." in refused.text
    assert "End the voting and show the result" in refused.text
    # To look again leads to the page, not to the form.
    again = re.search(r'href="([^"]+)" data-again', refused.text)
    assert again and again[1] == base
    await row.refresh_from_db()
    assert not row.revealed


async def test_olga_types_in_what_was_written_on_paper(
    client: httpx.AsyncClient,
) -> None:
    pulse = await olgas_pulse(client)
    base = f"/desk/rounds/{pulse.id}/live"
    row = await QuestionRow.get(round_id=pulse.id)
    await client.post(f"{base}/start")
    page = (await client.get(base)).text
    said = {f"q-{row.id.hex}": "5", "channel": "paper", "count": "12"}

    for _ in range(2):
        sent = await client.post(
            f"{base}/voices", data=fields_of(page) | said, follow_redirects=True
        )
        assert sent.status_code == 200
    wrong = await client.post(
        f"{base}/voices", data=fields_of(page) | said | {"count": "101"}
    )

    assert await AnswerRow.all().count() == 12
    assert wrong.status_code == 422


async def test_a_survey_is_no_pulse(client: httpx.AsyncClient) -> None:
    pulse = await olgas_pulse(client)
    await Round.filter(id=pulse.id).update(kind="survey")

    shown = await client.get(f"/desk/rounds/{pulse.id}/live")

    assert shown.status_code == 404


async def test_the_code_for_the_wall_is_a_picture(client: httpx.AsyncClient) -> None:
    pulse = await olgas_pulse(client)
    await client.post(f"/desk/rounds/{pulse.id}/live/start")

    drawn = await client.get(f"/desk/rounds/{pulse.id}/live/qr.svg")

    assert drawn.headers["content-type"] == "image/svg+xml"


@pytest.fixture
def limits_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WERKRAUM_LIMITS", "on")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


async def test_who_guesses_codes_is_held_up_and_who_has_a_key_is_not(
    client: httpx.AsyncClient, office: Organiser, now: datetime, limits_on: None
) -> None:
    pulse = await a_pulse(office, now)
    page = (await client.get(f"/en/live/{pulse.live_code}")).text
    wrong = (f"{number:06}" for number in range(5000))
    codes = [code for code in wrong if code != pulse.live_code]

    told = Counter(
        [(await client.get(f"/live/{code}/events")).status_code for code in codes[:100]]
    )

    assert told == {404: 60, 429: 40}
    row = await QuestionRow.get(round_id=pulse.id)
    assert (await client.get(f"/en/live/{pulse.live_code}")).status_code == 429
    assert (await tap(client, page, row, "4")).status_code == 303
