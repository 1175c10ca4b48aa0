"""Every address of the program, asked oddly: nothing breaks and nothing changes."""

from urllib.parse import quote, urlencode
from uuid import UUID

import httpx
import pytest
from starlette.routing import Route
from tests.bad_inputs.forms import Office
from tests.bad_inputs.lists import rows_of_lists
from tests.bad_inputs.organisation_forms import a_town
from tests.bad_inputs.test_api import a_key
from tests.bad_inputs.trials import Trial
from tests.feedback.statement_rows import a_theme, said

from werkraum_events import topics
from werkraum_events.models import Material, Series
from werkraum_feedback.answering import ballots
from werkraum_feedback.asking import queries, rounds
from werkraum_foundation import clock
from werkraum_foundation.models import ApiKey, Job
from werkraum_registration import addresses as moving
from werkraum_registration import links, personal_feeds
from werkraum_registration.check_in_codes import code_of
from werkraum_registration.guests import guest_token
from werkraum_registration.models import (
    AddressChange,
    GroupLetter,
    Guest,
    PersonalFeed,
    Registration,
)
from werkraum_rooms.models import BreakoutTable, Room
from werkraum_server.routes import all_routes

HTML = "text/html; charset=utf-8"


def routes() -> list[Route]:
    return [it for it in all_routes() if isinstance(it, Route)]


async def rows_of(office: Office) -> dict[str, str]:
    """Say what stands for an id, a token or a name in each path; the longest first."""
    key, job = await ApiKey.first(), await Job.first()
    assert key and job
    ballot = ballots.token_for(office.open_survey.id, office.registration.id)
    letter = await GroupLetter.get()
    survey = office.survey.id
    [asked, *_] = await queries.question_rows_of(survey)
    return {
        **await rows_of_lists(office),
        **await rows_of_feedback(office),
        "/feedback/{token}": f"/feedback/{ballot}",
        "/confirm/{token}": f"/confirm/{links.confirm_token(office.registration)}",
        "/sign-in/{token}": f"/sign-in/{office.sign_in_token}",
        "/address/{token}": f"/address/{await an_address_to_confirm(office)}",
        "/invited/{token}": f"/invited/{await an_invitation()}",
        "/dates/{token}": f"/dates/{await a_calendar(office)}",
        "/items/{id:uuid}": f"/items/{office.item.id}",
        "{token}": links.personal_token(office.registration),
        "/registered/{key}": "/" + office.after,
        "/rounds/{id:uuid}/questions/{question}": (
            f"/rounds/{survey}/questions/{asked.id}"
        ),
        "/rounds/{id:uuid}": f"/rounds/{survey}",
        "{step}": "up",
        "/events/{id:uuid}": f"/events/{office.event.id}",
        "/events/{id}": f"/events/{office.event.id}",
        "/organisations/{id:uuid}": f"/organisations/{await a_town(office.organiser)}",
        "{purpose}": "photo",
        "/registrations/{id}": f"/registrations/{office.registration.id}",
        "/team/{id}": f"/team/{office.colleague.id}",
        "/keys/{id}": f"/keys/{key.id}",
        "/jobs/{id}": f"/jobs/{job.id}",
        "/work-for/{id}": f"/work-for/{office.organiser.id}",
        "{session}": str(office.item.id),
        "{reminder}": "1440",
        "{letter}": str(letter.id),
        "{question}": str(office.question.id),
        "{need}": str(office.need.id),
        "{table}": str((await BreakoutTable.get()).id),
        "{room}": str((await Room.get(table_id__isnull=False)).id),
        "{code}": code_of(office.registration),
        "/series/{slug}": f"/series/{(await Series.get()).slug}",
        "{series}": str((await Series.get()).id),
        "{topic}": await a_topic(office),
        "{guest}": str((await Guest.get()).id),
        "{slug}": office.event.slug,
        "{organiser}": office.organiser.slug,
        "/static/{name}": "/static/werkraum.css",
        "{name}": "key.pem",
        # Nobody's, of whatever is left.
        "{id:uuid}": str(UUID(int=7)),
        "{id}": str(UUID(int=7)),
    }


async def a_topic(office: Office) -> str:
    topic = await topics.add(office.organiser.id, {"en": "Youth"})
    assert topic
    return str(topic.id)


async def rows_of_feedback(office: Office) -> dict[str, str]:
    """What was said, and what belongs to an event; nobody's of the rest."""
    statement = await said(office.event, "What somebody said")
    theme = await a_theme(office.organiser, "Youth")
    material = await Material.create(
        event=office.event,
        position=1,
        title={"en": "Slides"},
        link="https://files.example.org/slides.pdf",
        news={},
        updated_at=clock.now(),
    )
    network = await rounds.create(
        office.organiser.id, None, actor="olga", now=clock.now()
    )
    of_network = ("statements", "coding", "themes", "agreement")
    nobodys = ("person", "passage", "pledge", "practice", "contact", "card")
    return {
        "{statement:uuid}": str(statement.id),
        "{statement}": str(statement.id),
        "{theme:uuid}": str(theme.id),
        "{theme}": str(theme.id),
        "{material}": str(material.id),
        "{number:int}": "1",
        "{what}": "room",
        "{happened}": "created",
        "{suffix}": "md",
        "/questions/{question}/{step}": f"/questions/{UUID(int=7)}/up",
        "/passages/{passage}/{step}": f"/passages/{UUID(int=7)}/after",
        "/live/{code}/{key}": "/live/123456/a-key-of-nobody",
        **{
            f"/rounds/{{id:uuid}}/{it}": f"/rounds/{network.id}/{it}"
            for it in of_network
        },
        **{f"{{{it}}}": str(UUID(int=7)) for it in nobodys},
    }


async def an_invitation() -> str:
    return guest_token(await Guest.get())


async def a_calendar(office: Office) -> str:
    """Order the calendar of all of somebody's dates; the token of the letter."""
    found = Registration.filter(id=office.registration.id).select_related("event")
    await personal_feeds.order(await found.get(), now=clock.now())
    return personal_feeds.token_of(await PersonalFeed.get())


async def an_address_to_confirm(office: Office) -> str:
    """Enter another address for somebody; the token of the letter there."""
    someone = office.registration.id
    await moving.ask(someone, "new@attendee.example", now=clock.now())
    return moving.token_of(await AddressChange.get(registration_id=someone))


@pytest.fixture
async def addresses(office: Office) -> dict[str, str]:
    """The path of each route → an address of it that leads somewhere."""
    await a_key(office.organiser)
    there, found = await rows_of(office), {}
    for route in routes():
        path = route.path
        for mark, value in there.items():
            path = path.replace(mark, value)
        found[route.path] = path.replace("{lang:lang}", "en")
        assert "{" not in found[route.path], f"nothing to put into {route.path}"
    return found


async def must_be_calm(
    trial: Trial, case: str, method: str, path: str, **headers: str
) -> httpx.Response:
    """Ask; a page has words, and it leads nowhere but to us."""
    answer = await trial.send(case, method, path, headers=headers)
    kind = answer.headers.get("content-type")
    wordy = method == "GET" and answer.status_code >= 400 and kind == HTML
    trial.expect(not wordy or "<h1>" in answer.text, case, "no words")
    # A path of ours; "//" would lead to another site.
    leads = answer.headers.get("location", "/")
    ours = leads.startswith("/") and not leads.startswith(("//", "/\\"))
    trial.expect(ours, case, f"leads to {leads}")
    return answer


def readable() -> list[str]:
    return [it.path for it in routes() if "GET" in (it.methods or ())]


# Each name of a parameter somewhere in the program gets each of these at once.
NAMES = "page", "limit", "sort", "next", "q", "kind", "topic", "mode", "state", "done"
STRANGE = {
    "B35 below": "-1",
    "B35 nothing": "0",
    "B35 large": "1e9",
    "B35 more than 64 bits": str(2**70),
    "B35 digits of another script": "٣",
    "B35 class": "__class__",
    "B35 SQL": "email;drop table event",
    "B35 another site": "//evil.example/",
    "B35 another site by backslash": "/\\evil.example",
    "B35 script": "javascript:alert(1)",
    "B36 percent signs": "%" * 1_200,
    "B36 lines below": "_" * 1_500,
    "B36 backslashes": "\\" * 500,
    "B36 quotes": "'" * 500,
    "B36 brackets": "(" * 500,
    "B12 turned round": "\u202eevil",
    "B14 markup": "<script>alert(1)</script>",
}


async def test_no_question_behind_an_address_breaks_it(
    trial: Trial, addresses: dict[str, str]
) -> None:
    # Nobody works through the outbox here; after a minute the program is not ready.
    await Job.all().delete()
    await trial.begin()
    for route in readable():
        for row, value in STRANGE.items():
            query = urlencode(dict.fromkeys(NAMES, value))
            case = f"{row} {route}"
            answer = await must_be_calm(
                trial, case, "GET", f"{addresses[route]}?{query}"
            )
            raw = "<script>alert(1)" in answer.text
            trial.expect(not raw, case, "markup is repeated")
    await trial.nothing_changed("B35, B36")
    trial.end()


LANGUAGES = {
    "8 kB": "a-a-a," * 1_300,
    "path": "../../etc/passwd",
    "unknown": "xx",
    "star": "*;q=0",
    "numbers": "de;q=1e999,en;q=nan",
    "NUL": "de\0",
    "no ASCII": "dé",
}


async def test_a_language_we_do_not_speak_is_answered_in_ours(
    trial: Trial, addresses: dict[str, str]
) -> None:
    await trial.begin()
    for route in readable():
        for row, accepted in LANGUAGES.items():
            headers = [(b"accept-language", accepted.encode("latin-1"))]
            answer = await trial.send(
                f"B37 {row} {route}", "GET", addresses[route], headers=headers
            )
            if answer.headers.get("content-type") == HTML:
                assert '<html lang="de"' in answer.text or "/en/" in str(answer.url)
    await trial.nothing_changed("B37")
    trial.end()


async def test_looking_at_a_page_changes_nothing(
    trial: Trial, addresses: dict[str, str]
) -> None:
    await trial.begin()
    for route in readable():
        for method in ("HEAD", "GET") * 2:
            await must_be_calm(trial, f"B31 {route}", method, addresses[route])
        await trial.nothing_changed(f"B31 {route}")
    trial.end()


async def test_a_method_an_address_does_not_know_is_refused(
    trial: Trial, addresses: dict[str, str]
) -> None:
    await trial.begin()
    known: dict[str, set[str]] = {}
    for route in routes():
        known.setdefault(addresses[route.path], set()).update(route.methods or ())
    for path, methods in known.items():
        for method in {"PUT", "DELETE", "TRACE", "PROPFIND", "POST", "PATCH"} - methods:
            answer = await trial.send(f"B31 {method} {path}", method, path)
            assert answer.status_code == 405, (method, path)
    await trial.nothing_changed("B31")
    trial.end()


WORDS = {
    "B18 a number": "1",
    "B18 more than 64 bits": str(2**70),
    "B18 braces": "{0190f3c4-0000-7000-8000-000000000000}",
    "B18 nobody's": "0190f3c4-0000-7000-8000-000000000000",
    "B27 encoded twice": "%2541",
    "B34 dots": "..%2f..%2fetc",
    "B12 turned round": quote("\u202eevil"),
    "B14 markup": quote("<script>alert(1)"),
    "B43 cut off": "t0ken-of-nobody-0123456789",
    "B43 long": "x" * 1_500,
}


# A word that is no step of this route may be one of another, or be too long for two.
NOT_THERE = {303, 307, 401, 404, 405, 410, 414, 422}


async def test_an_address_of_nothing_is_not_found(trial: Trial, office: Office) -> None:
    await trial.begin()
    for route in routes():
        path = route.path.replace("{lang:lang}", "en")
        if "{" not in path:
            continue
        for row, word in WORDS.items():
            for method in (route.methods or set()) - {"HEAD"}:
                if (method, route.name) == ("GET", "registration:next"):
                    # The same advice for every form, known or forgotten.
                    continue
                filled = "/".join(
                    word if "{" in step else step for step in path.split("/")
                )
                case = f"{row} {method} {route.path}"
                answer = await must_be_calm(trial, case, method, filled)
                right = answer.status_code in NOT_THERE
                trial.expect(right, case, f"is {answer.status_code}")
    await trial.nothing_changed("made up addresses")
    trial.end()
