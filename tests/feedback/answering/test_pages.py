import asyncio
import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from tests.feedback.conftest import ACTOR, Surveys, tokens
from tests.people import an_organiser

from werkraum_feedback.answering.answer_form import form_token
from werkraum_feedback.asking import queries, rounds
from werkraum_feedback.models import AnswerRow, Ballot, ResponseRow, Round
from werkraum_feedback.questions import Question
from werkraum_foundation import clock
from werkraum_foundation.models import Organiser
from werkraum_foundation.tokens import new_token

Typed = dict[str, str | list[str]]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    """The real moment: pages ask the clock."""
    return clock.now()


@pytest.fixture
async def asked(olgas_office: Organiser, surveys: Surveys) -> Round:
    return await surveys(olgas_office, people=3)


async def questions(asked: Round) -> tuple[Question, ...]:
    """The scale, the choice, two texts, the choice to join in."""
    return await queries.questions_of(asked.id)


async def answers(asked: Round, text: str = "Die Runde am Anfang") -> Typed:
    scale, choice, words, *_ = await questions(asked)
    return {
        "form_token": form_token(asked.id, clock.now()),
        scale.id: "5",
        choice.id: "online",
        words.id: text,
    }


async def address(asked: Round) -> str:
    return f"/en/feedback/{(await tokens(asked))[0]}"


def faults(page: httpx.Response) -> set[str]:
    """Read which fields the summary leads to."""
    summary = page.text.partition('class="fault-summary"')[2].partition("</ul>")[0]
    return set(re.findall('href="#([^"]+)"', summary))


async def close(asked: Round, *, ago: timedelta) -> None:
    """Let the round have ended a while ago."""
    await Round.filter(id=asked.id).update(closes_at=clock.now() - ago)


async def test_a_link_shows_the_questions_and_changes_nothing(
    client: httpx.AsyncClient, asked: Round
) -> None:
    for _ in range(3):
        shown = await client.get(await address(asked))

    assert shown.status_code == 200
    assert "How helpful was the event for your work?" in shown.text
    assert "What we cannot promise" in shown.text
    assert not await Ballot.filter(used=True).exists()


async def test_the_page_is_kept_by_nobody_and_sets_no_cookie(
    client: httpx.AsyncClient, asked: Round
) -> None:
    shown = await client.get(await address(asked))
    sent = await client.post(await address(asked), data=await answers(asked))

    for answer in (shown, sent):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers


async def test_sent_answers_are_kept_and_thanked_for(
    client: httpx.AsyncClient, asked: Round
) -> None:
    sent = await client.post(
        await address(asked), data=await answers(asked), follow_redirects=True
    )

    assert sent.status_code == 200
    assert "Thank you!" in sent.text
    [said] = await queries.responses_of(asked.id)
    assert {(it.number, it.codes, it.text) for it in said.given} == {
        (5, (), ""),
        (None, ("online",), ""),
        (None, (), "Die Runde am Anfang"),
    }


async def test_the_page_speaks_german(client: httpx.AsyncClient, asked: Round) -> None:
    shown = await client.get((await address(asked)).replace("/en/", "/de/"))

    assert '<html lang="de">' in shown.text
    assert "Wie hilfreich war die Veranstaltung für Ihre Arbeit?" in shown.text
    assert "Antworten absenden" in shown.text


async def test_the_second_time_is_refused_and_the_text_shown_back(
    client: httpx.AsyncClient, asked: Round
) -> None:
    await client.post(await address(asked), data=await answers(asked))

    again = await client.post(
        await address(asked), data=await answers(asked, "Noch ein <Gedanke>")
    )

    assert again.status_code == 409
    assert "you have answered already" in again.text
    assert "Noch ein &lt;Gedanke&gt;" in again.text
    assert await ResponseRow.all().count() == 1


async def test_fifty_forms_of_one_link_at_once_are_one_answer(
    client: httpx.AsyncClient, asked: Round
) -> None:
    path, typed = await address(asked), await answers(asked)
    # Fifty copies of the page, in as many windows.
    copies = [{**typed, "copy_token": new_token()} for _ in range(50)]

    sent = await asyncio.gather(*(client.post(path, data=each) for each in copies))

    found = sorted(answer.status_code for answer in sent)
    assert found == [303] + [409] * 49
    assert await ResponseRow.all().count() == 1
    assert await AnswerRow.all().count() == 3


async def test_the_same_form_sent_again_is_thanked_for_like_the_first(
    client: httpx.AsyncClient, asked: Round
) -> None:
    path = await address(asked)
    typed = {**await answers(asked), "copy_token": new_token()}

    sent = await asyncio.gather(*(client.post(path, data=typed) for _ in range(20)))

    assert {(it.status_code, it.headers["location"]) for it in sent} == {(303, path)}
    assert await ResponseRow.all().count() == 1


async def test_a_form_changed_after_sending_is_no_second_answer_and_not_lost(
    client: httpx.AsyncClient, asked: Round
) -> None:
    path = await address(asked)
    typed = {**await answers(asked), "copy_token": new_token()}
    words = (await questions(asked))[2]
    await client.post(path, data=typed)

    again = await client.post(path, data={**typed, words.id: "Doch etwas anderes"})

    assert again.status_code == 409
    assert "Doch etwas anderes" in again.text
    assert await ResponseRow.all().count() == 1


async def test_the_page_carries_a_new_token_for_each_copy(
    client: httpx.AsyncClient, asked: Round
) -> None:
    path = await address(asked)
    pages = [(await client.get(path)).text for _ in range(2)]

    found = [re.search('name="copy_token" value="([^"]{43})"', it) for it in pages]

    assert found[0] and found[1] and found[0][1] != found[1][1]


async def test_nothing_of_a_form_stays_with_the_ballot_once_the_round_is_closed(
    client: httpx.AsyncClient, olgas_office: Organiser, asked: Round
) -> None:
    typed = {**await answers(asked), "copy_token": new_token()}
    await client.post(await address(asked), data=typed)
    assert await Ballot.exists(sent_hash__not_isnull=True)

    await rounds.close(
        olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=clock.now()
    )

    assert not await Ballot.exists(sent_hash__not_isnull=True)


async def test_after_the_end_a_page_loaded_in_time_still_counts(
    client: httpx.AsyncClient, asked: Round
) -> None:
    typed = await answers(asked)
    typed["form_token"] = form_token(asked.id, clock.now() - 10 * MINUTE)
    await close(asked, ago=5 * MINUTE)

    sent = await client.post(await address(asked), data=typed)

    assert sent.status_code == 303
    assert await ResponseRow.all().count() == 1


@pytest.mark.parametrize(
    ("ended", "loaded"),
    [(5, 1), (16, 30), (5, None)],
    ids=["loaded after the end", "grace over", "token not ours"],
)
async def test_after_the_end_the_typed_text_is_shown_back(
    client: httpx.AsyncClient, asked: Round, ended: int, loaded: int | None
) -> None:
    typed = await answers(asked)
    typed["form_token"] = (
        "forged"
        if loaded is None
        else form_token(asked.id, clock.now() - loaded * MINUTE)
    )
    await close(asked, ago=ended * MINUTE)

    sent = await client.post(await address(asked), data=typed)

    assert sent.status_code == 410
    assert "This survey is closed" in sent.text
    assert "Die Runde am Anfang" in sent.text
    assert await ResponseRow.all().count() == 0


async def test_a_round_closed_by_hand_gives_the_text_back(
    client: httpx.AsyncClient, olgas_office: Organiser, asked: Round
) -> None:
    typed = await answers(asked)
    await rounds.close(
        olgas_office.id, asked.id, at_once=True, actor=ACTOR, now=clock.now()
    )

    sent = await client.post(await address(asked), data=typed)

    assert sent.status_code == 410
    assert "Die Runde am Anfang" in sent.text


async def test_a_closed_survey_shows_no_form(
    client: httpx.AsyncClient, asked: Round
) -> None:
    await close(asked, ago=MINUTE)

    shown = await client.get(await address(asked))

    assert shown.status_code == 410
    assert "<form" not in shown.text


TOKENS: dict[str, Callable[[str], str]] = {
    "random": lambda token: "x" * 43,
    "one short": lambda token: token[:-1],
    "one long": lambda token: token + "x",
    "other case": lambda token: token.swapcase(),
    "very long": lambda token: "x" * 1000,
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("change", TOKENS)
async def test_a_wrong_link_is_not_found(
    client: httpx.AsyncClient, asked: Round, change: str, method: str
) -> None:
    token = TOKENS[change]((await tokens(asked))[0])

    found = await client.request(method, f"/en/feedback/{token}")

    assert found.status_code == 404
    assert not await Ballot.filter(used=True).exists()


@pytest.mark.parametrize("clinging", [".", ">", ")"])
async def test_what_a_mail_program_adds_to_a_link_is_forgiven(
    client: httpx.AsyncClient, asked: Round, clinging: str
) -> None:
    assert (await client.get(await address(asked) + clinging)).status_code == 200


async def test_the_link_of_one_round_opens_no_other(
    client: httpx.AsyncClient, olgas_office: Organiser, surveys: Surveys, asked: Round
) -> None:
    other = await surveys(olgas_office)

    sent = await client.post(await address(asked), data=await answers(other))

    assert sent.status_code == 422
    assert await ResponseRow.all().count() == 0


RATINGS = ["0", "6", "-1", "3.5", "5; drop", "٣", " 3", "3\n", "NaN", "1e0"]


@pytest.mark.parametrize("rating", RATINGS)
async def test_a_rating_that_is_none_is_said_at_its_question(
    client: httpx.AsyncClient, asked: Round, rating: str
) -> None:
    typed, (scale, *_) = await answers(asked), await questions(asked)

    sent = await client.post(await address(asked), data={**typed, scale.id: rating})

    assert sent.status_code == 422
    assert faults(sent) == {scale.id}
    assert "Die Runde am Anfang" in sent.text
    assert not await Ballot.filter(used=True).exists()


async def test_a_text_has_at_most_ten_thousand_characters_and_none_is_lost(
    client: httpx.AsyncClient, asked: Round
) -> None:
    _, _, words, other, _ = await questions(asked)
    # As many bytes as such a text can have on its way.
    longest, too_long = "😀" * 10_000, "x" * 10_001

    sent = await client.post(
        await address(asked),
        data={**await answers(asked, longest), other.id: too_long},
    )

    assert sent.status_code == 422
    assert faults(sent) == {other.id}
    assert longest in sent.text
    assert too_long in sent.text


WRONG = {
    "two ratings": (0, ["4", "5"]),
    "two choices": (1, ["online", "onsite"]),
    "a choice that is not offered": (1, "moon"),
    "a NUL in the text": (2, "a\0b"),
    "hidden direction": (2, "a\u202eb"),
    "nothing to be seen": (2, "\u200b\u200b"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_cannot_be_an_answer_is_said_at_its_question(
    client: httpx.AsyncClient, asked: Round, wrong: str
) -> None:
    number, value = WRONG[wrong]
    at = (await questions(asked))[number].id

    sent = await client.post(
        await address(asked), data={**await answers(asked), at: value}
    )

    assert sent.status_code == 422
    assert faults(sent) == {at}
    assert await ResponseRow.all().count() == 0


@pytest.mark.parametrize("name", ["registration_id", "participant", "q-0"])
async def test_a_field_of_no_question_is_refused(
    client: httpx.AsyncClient, asked: Round, name: str
) -> None:
    sent = await client.post(
        await address(asked), data={**await answers(asked), name: "1"}
    )

    assert sent.status_code == 422
    assert faults(sent) == {name}
    assert "Die Runde am Anfang" in sent.text


BROKEN = {
    "too many fields": ("&".join(f"a{n}=1" for n in range(10_000)), 400),
    "too many bytes": ("a=" + "x" * 300_000, 413),
    "broken letters": ("a=%FF", 400),
}


@pytest.mark.parametrize("kind", BROKEN)
async def test_what_no_browser_sends_is_refused(
    client: httpx.AsyncClient, asked: Round, kind: str
) -> None:
    body, status = BROKEN[kind]

    sent = await client.post(
        await address(asked),
        content=body,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert sent.status_code == status
    assert not await Ballot.filter(used=True).exists()


async def test_an_empty_form_is_refused_and_the_link_stays_good(
    client: httpx.AsyncClient, asked: Round
) -> None:
    scale, _, words, *_ = await questions(asked)

    empty = await client.post(
        await address(asked), data={scale.id: "", words.id: " \r\n "}
    )

    assert empty.status_code == 422
    assert "There is no answer in it yet." in empty.text
    assert not await Ballot.filter(used=True).exists()


async def test_a_form_that_comes_back_keeps_choices_and_line_breaks(
    client: httpx.AsyncClient, asked: Round
) -> None:
    scale, choice, words, *_ = await questions(asked)
    typed = await answers(asked, "\r\nOne\r\nTwo & three")

    back = await client.post(await address(asked), data={**typed, scale.id: "9"})

    shown = html.unescape(back.text).replace("\r", "")
    assert "\n\nOne\nTwo & three</textarea>" in shown
    assert re.search(rf'name="{choice.id}"[^>]*value="online" checked', shown)


async def test_an_unknown_language_is_not_found(
    client: httpx.AsyncClient, asked: Round
) -> None:
    path = (await address(asked)).replace("/en/", "/xx/")

    assert (await client.get(path)).status_code == 404


async def test_a_form_of_another_site_is_refused(
    client: httpx.AsyncClient, asked: Round
) -> None:
    sent = await client.post(
        await address(asked),
        data=await answers(asked),
        headers={"sec-fetch-site": "cross-site"},
    )

    assert sent.status_code == 403
    assert not await Ballot.filter(used=True).exists()


async def test_the_page_names_who_is_responsible(
    client: httpx.AsyncClient, asked: Round
) -> None:
    await an_organiser("Another office")

    shown = await client.get(await address(asked))

    assert "Netzwerkstelle" in shown.text
    assert "Another office" not in shown.text
    assert "/imprint" in shown.text
