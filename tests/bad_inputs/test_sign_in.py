"""Signing in with what is used up, too old, somebody else's or made up."""

from datetime import timedelta

import httpx
import pytest
from tests.bad_inputs.answered_forms import Page
from tests.bad_inputs.forms import Office
from tests.bad_inputs.trials import LANGUAGES, Trial

from werkraum_foundation import clock
from werkraum_foundation.models import Job, SignIn, SignInLink
from werkraum_server.desk.sign_in import browser_cookie

# Not the code: that would take luck once in a million.
WRONG = "000000"


async def pressed(
    trial: Trial, case: str, token: str, lang: str = "en", **typed: str
) -> httpx.Response:
    return await trial.send(
        f"{case} ({lang})",
        "POST",
        f"/sign-in/{token}",
        data=typed,
        headers={"accept-language": lang},
    )


async def test_five_wrong_codes_burn_the_link_and_each_is_kept_for_mending(
    trial: Trial, office: Office
) -> None:
    answers = [
        await pressed(trial, "B46 wrong code", office.sign_in_token, lang, code=WRONG)
        for lang in LANGUAGES * 3
    ]
    statuses = [it.status_code for it in answers]
    assert statuses == [422, 422, 422, 422, 429, 410]
    for answer, lang in zip(answers[:4], LANGUAGES * 2, strict=True):
        page = Page(answer.text)
        assert (page.lang, page.form_with(["code"])) == (lang, {"code": [WRONG]})
        assert "code-fault" in page.ids
    await trial.nothing_changed("B46 wrong code")
    trial.end()


async def test_another_browser_is_asked_for_the_code_at_its_field(
    trial: Trial, office: Office
) -> None:
    for lang in LANGUAGES:
        trial.client.cookies.set(browser_cookie(), "another-browser")
        answer = await pressed(trial, "B46 other browser", office.sign_in_token, lang)
        assert answer.status_code == 409
        assert "code-fault" in Page(answer.text).ids
    assert (await SignInLink.get()).tries == 0
    await trial.nothing_changed("B46 other browser")
    trial.end()


WORN = {
    "used": {"used_at": timedelta(minutes=-1)},
    "10 minutes old": {"expires_at": timedelta()},
}


@pytest.mark.parametrize("changes", WORN.values(), ids=WORN)
async def test_a_worn_link_is_gone_and_says_how_to_get_a_new_one(
    trial: Trial, office: Office, changes: dict[str, timedelta]
) -> None:
    moments = {name: clock.now() + shift for name, shift in changes.items()}
    await SignInLink.all().update(**moments)
    signed_in = await SignIn.all().count()
    for lang in LANGUAGES * 2:
        for method in ("GET", "HEAD", "POST"):
            path = f"/sign-in/{office.sign_in_token}"
            headers = {"accept-language": lang}
            answer = await trial.send("B46", method, path, headers=headers)
            assert answer.status_code == 410
        assert ("neuen" if lang == "de" else "new one") in answer.text
    assert await SignIn.all().count() == signed_in
    await trial.nothing_changed("B46")
    trial.end()


async def test_a_mangled_token_opens_nothing(trial: Trial, office: Office) -> None:
    token = office.sign_in_token
    mangled = token[:-1], token + "x", token.swapcase(), "x" * 1_900, "%2541", "ä"
    for each in mangled:
        for method in ("GET", "POST"):
            answer = await trial.send("B43", method, f"/sign-in/{each}")
            assert answer.status_code == 410
    await trial.nothing_changed("B43")
    trial.end()


async def test_who_asks_for_many_addresses_learns_nothing_and_is_slowed_down(
    trial: Trial, office: Office, limits_on: None
) -> None:
    letters = await Job.all().count()
    answers = [
        await trial.send(
            "B47",
            "POST",
            "/desk/sign-in",
            email := f"nobody{number}@attendee.example",
            data={"email": email},
        )
        for number in range(200)
    ]
    assert [it.status_code for it in answers] == [303] * 5 + [429] * 195
    assert len({it.headers.get("location") for it in answers[:5]}) == 1
    assert all(int(it.headers["retry-after"]) > 0 for it in answers[5:])
    assert "<h1>" in answers[5].text
    assert await Job.all().count() == letters
    await trial.nothing_changed("B47")
    trial.end()


async def test_known_addresses_get_at_most_five_letters(
    client: httpx.AsyncClient, office: Office, limits_on: None
) -> None:
    before = await Job.all().count()
    email = {"email": "olga@network.example"}
    for _ in range(8):
        await client.post("/desk/sign-in", data=email)
    assert await Job.all().count() - before <= 5
