"""Every row at every field and every endpoint of the interface for programs."""

import asyncio
import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.bad_inputs.forms import Office
from tests.bad_inputs.inputs import BAD, Kind
from tests.bad_inputs.trials import SPOKEN, Trial
from tests.people import an_event, an_organiser

from werkraum_events.models import Event
from werkraum_foundation import clock
from werkraum_foundation.models import ApiKey, Organiser
from werkraum_foundation.tokens import hashed, new_token
from werkraum_registration.models import Registration
from werkraum_server.api import endpoints

Body = dict[str, Any]  # Any: JSON

FORUM: Body = {
    "slug": "forum-europa",
    "kind": "forum",
    "title": {"de": "Forum Europa", "en": "Forum on Europe"},
    "summary": {"de": "Kurz."},
    "description": {"en": "Long."},
    "starts_at": "2027-03-04T14:00",
    "ends_at": "2027-03-04T16:00",
    "timezone": "Europe/Berlin",
    "modes": {
        "onsite": {"capacity": 9, "place": {"name": "Rathaus", "address": "Markt 1"}},
        "online": {
            "capacity": 9,
            "link": "https://video.example.org/x",
            "dial_in": "+49 30 123",
        },
    },
    "registration": {
        "opens_at": "2027-01-04T14:00",
        "closes_at": "2027-03-04T13:00",
        "confirmation": "immediate",
        "waiting_list": True,
    },
    "topics": ["jugend"],
}
FORUM_KINDS = {
    "slug": Kind.SLUG,
    "kind": Kind.CHOICE,
    "title.de": Kind.LINE,
    "summary.de": Kind.PARAGRAPHS,
    "description.en": Kind.PARAGRAPHS,
    "starts_at": Kind.MOMENT,
    "ends_at": Kind.MOMENT,
    "timezone": Kind.ZONE,
    "fold": Kind.CHOICE,
    "modes.onsite.capacity": Kind.NUMBER,
    "modes.onsite.place.name": Kind.LINE,
    "modes.onsite.place.address": Kind.LINE,
    "modes.online.capacity": Kind.NUMBER,
    "modes.online.link": Kind.LINK,
    "modes.online.dial_in": Kind.LINE,
    "registration.opens_at": Kind.MOMENT,
    "registration.closes_at": Kind.MOMENT,
    "registration.confirmation": Kind.CHOICE,
    "registration.waiting_list": Kind.FLAG,
    "topics.0": Kind.SLUG,
}
ANNA: Body = {
    "name": "Anna Muster",
    "email": "anna.again@attendee.example",
    "mode": "onsite",
    "seats": 1,
    "code": "Bridge 7",
    "language": "de",
}


@dataclass(frozen=True)
class Endpoint:
    """Where a body is sent, a good one, and what each of its fields takes."""

    name: str
    method: str
    path: str
    body: Body
    kinds: Mapping[str, Kind]
    required: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Program:
    """A program with a key, and what it can call."""

    key: str
    endpoints: list[Endpoint]


@pytest.fixture
async def program(office: Office) -> Program:
    event = f"/events/{office.event.id}"
    required = frozenset({"slug", "kind", "title.de", "starts_at", "ends_at"})
    return Program(
        await a_key(office.organiser),
        [
            Endpoint("create", "POST", "/events", FORUM, FORUM_KINDS, required),
            Endpoint(
                "change", "PATCH", f"/events/{office.draft.id}", FORUM, FORUM_KINDS
            ),
            Endpoint(
                "call off",
                "POST",
                f"{event}/cancel",
                {"reason": {"de": "Sturm"}},
                {"reason.de": Kind.PARAGRAPHS},
            ),
            Endpoint(
                "register",
                "POST",
                f"{event}/registrations",
                ANNA | {"answers": {str(office.question.id): "Rampe"}},
                {
                    "name": Kind.LINE,
                    "email": Kind.ADDRESS,
                    "mode": Kind.CHOICE,
                    "seats": Kind.NUMBER,
                    "code": Kind.LINE,
                    f"answers.{office.question.id}": Kind.PARAGRAPHS,
                    "language": Kind.CHOICE,
                },
                frozenset({"name", "email"}),
            ),
        ],
    )


async def a_key(organiser: Organiser) -> str:
    key, now = new_token(), clock.now()
    await ApiKey.create(
        organiser=organiser,
        key_hash=hashed(key),
        last_four=key[-4:],
        created_at=now,
        expires_at=now.replace(year=now.year + 1),
    )
    return key


async def asked(
    trial: Trial,
    program: Program,
    case: str,
    method: str,
    path: str,
    content: bytes | None = None,
    lang: str = "en",
    value: str = "",
    **headers: str | bytes,
) -> httpx.Response:
    """Call an endpoint with everything it needs in the head, and look what changed."""
    usual = {
        "authorization": f"Bearer {program.key}",
        "accept-language": lang,
        "idempotency-key": uuid4().hex,
        "if-match": "*",
        "content-type": "application/json",
    }
    changed = {name.replace("_", "-"): it for name, it in headers.items()}
    given = [
        (name.encode(), it.encode() if isinstance(it, str) else it)
        for name, it in (usual | changed).items()
    ]
    answer = await trial.send(
        case, method, f"/api/v1{path}", value, content=content, headers=given
    )
    await trial.nothing_changed(case)
    return answer


def with_value(body: Body, field: str, value: object) -> Body:
    """Copy a body with another value at a dotted path."""
    made = copy.deepcopy(body)
    *steps, last = field.split(".")
    # Any: JSON, down to the place.
    place: Any = made
    for step in steps:
        place = place[step]
    place[int(last) if last.isdigit() else last] = value
    return made


async def must_be_refused(
    trial: Trial,
    program: Program,
    called: Endpoint,
    field: str,
    row: str,
    value: object,
) -> None:
    """Send it once in each language, and look at the fault that is named."""
    content = json.dumps(with_value(called.body, field, value)).encode()
    said = value if isinstance(value, str) else ""
    for lang in SPOKEN:
        case = f"{called.name}, {field}, {row} ({lang})"
        answer = await asked(
            trial, program, case, called.method, called.path, content, lang, said
        )
        trial.expect(answer.status_code == 422, case, f"is {answer.status_code}")
        if answer.status_code == 422:
            must_name(trial, case, answer, field, said)


def must_name(
    trial: Trial, case: str, answer: httpx.Response, field: str, value: str
) -> None:
    problem = must_be_problem(trial, case, answer)
    errors = problem.get("errors", [])
    fields = {it["field"] for it in errors}
    trial.expect(
        any(f"{it}.".startswith(f"{field}.") for it in fields), case, f"at {fields}"
    )
    words = all(it["code"] and it["message"] for it in errors)
    trial.expect(words and bool(errors), case, "without words")
    messages = " ".join(it["message"] for it in errors) + problem["title"]
    repeated = len(value) > 3 and value in messages
    trial.expect(not repeated, case, "repeats what was sent")


def must_be_problem(trial: Trial, case: str, answer: httpx.Response) -> Body:
    kind = answer.headers["content-type"]
    trial.expect(kind == "application/problem+json", case, f"is {kind}")
    problem: Body = answer.json()
    trial.expect(problem["status"] == answer.status_code, case, "another status")
    return problem


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name.lower())
async def test_a_bad_value_is_named_at_its_field_and_not_repeated(
    trial: Trial, program: Program, kind: Kind
) -> None:
    await trial.begin()
    for called in program.endpoints:
        for field in (it for it in called.kinds if called.kinds[it] is kind):
            for row, value in BAD[kind].items():
                await must_be_refused(trial, program, called, field, row, value)
            surrogate = "B11 lone surrogate", "\ud800"
            await must_be_refused(trial, program, called, field, *surrogate)
    trial.end()


def other_types(kind: Kind) -> list[object]:
    """List values of a type that does not belong into the field."""
    always: list[object] = [["a"], {"$ne": 1}, {}]
    match kind:
        case Kind.FLAG:
            return [*always, "true", 1, 1.0]
        case Kind.NUMBER:
            return [*always, "5", True, 1.5, -1, 2**31, 2**70]
        case _:
            return [*always, True, 7, 1.5]


async def test_a_value_of_another_type_is_not_bent_into_shape(
    trial: Trial, program: Program
) -> None:
    await trial.begin()
    for called in program.endpoints:
        for field, kind in called.kinds.items():
            values = other_types(kind)
            if field in called.required:
                values.append(None)
            for value in values:
                # A merge patch with nothing in it changes nothing.
                if called.method != "PATCH" or value != {} or "." in field:
                    row = f"B39 {value!r}"
                    await must_be_refused(trial, program, called, field, row, value)
    trial.end()


TOGETHER: dict[str, tuple[Body, str]] = {
    "B53 end before start": ({"ends_at": "2027-03-04T13:00"}, "ends_at"),
    "B53 no length": ({"ends_at": "2027-03-04T14:00"}, "ends_at"),
    "B53 ten years": ({"ends_at": "2037-03-04T14:00"}, "ends_at"),
    "B53 past": ({"starts_at": "2020-03-04T14:00"}, "starts_at"),
    "B54 Lord Howe": (
        {"timezone": "Australia/Lord_Howe", "starts_at": "2027-10-03T02:15"},
        "starts_at",
    ),
    "B54 Samoa": (
        {"timezone": "Pacific/Apia", "starts_at": "2011-12-30T12:00"},
        "starts_at",
    ),
    "B51 no title": ({"title": {"de": None, "en": None}}, "title"),
    "B51 a title in no language": ({"title": {"<script>": "Forum"}}, "title"),
    "nobody can take part": ({"modes": {"online": None, "onsite": None}}, "modes"),
    "closes after the start": (
        {"registration": {"closes_at": "2027-03-04T15:00"}},
        "registration.closes_at",
    ),
    "opens after the closing": (
        {"registration": {"opens_at": "2027-03-04T13:30"}},
        "registration.opens_at",
    ),
    "21 topics": ({"topics": [f"topic-{n}" for n in range(21)]}, "topics"),
}


@pytest.mark.parametrize("lang", SPOKEN)
async def test_what_is_wrong_together_is_named_as_it_was_sent(
    trial: Trial, program: Program, lang: str
) -> None:
    await trial.begin()
    for called in program.endpoints[:2]:
        for row, (changes, field) in TOGETHER.items():
            body = dict(called.body)
            for name, value in changes.items():
                nested = isinstance(value, dict) and name not in ("title", "modes")
                body[name] = body[name] | value if nested else value
            case = f"{called.name}, {row} ({lang})"
            content = json.dumps(body).encode()
            answer = await asked(
                trial, program, case, called.method, called.path, content, lang
            )
            trial.expect(answer.status_code == 422, case, f"is {answer.status_code}")
            if answer.status_code == 422:
                must_name(trial, case, answer, field, "<script>")
    trial.end()


async def test_what_is_missing_or_unknown_is_named(
    trial: Trial, program: Program
) -> None:
    await trial.begin()
    for called in program.endpoints:
        row = "B17 unknown"
        await must_be_refused(trial, program, called, "status", row, "confirmed")
        if called.required:
            case = f"{called.name}, B01 empty"
            answer = await asked(
                trial, program, case, called.method, called.path, b"{}"
            )
            named = [it["field"] for it in answer.json()["errors"]]
            missing = {it.partition(".")[0] for it in called.required}
            assert missing <= set(named) and len(named) == len(set(named))
    trial.end()


DEEP = 100_000
# Row → body, the statuses it may be answered with.
NO_JSON: dict[str, tuple[bytes, set[int]]] = {
    "B38 deep": (b"[" * DEEP + b"]" * DEEP, {400, 413}),
    "B38 deep enough for the limit": (b"[" * 30_000 + b"]" * 30_000, {400}),
    "B38 deep objects": (b'{"a":' * 9_000 + b"1" + b"}" * 9_000, {400}),
    "B38 10 MB": (b"[" + b"{}," * 3_300_000 + b"{}]", {413}),
    "B38 many": (b"[" + b"{}," * 20_000 + b"{}]", {422}),
    "B38 NaN": (b'{"name": NaN}', {400}),
    "B38 Infinity": (b'{"name": -Infinity}', {400}),
    "B38 1e999": (b'{"name": 1e999}', {422}),
    "B38 twice": (b'{"name": "a", "name": "b"}', {400}),
    "B38 5,000 digits": (b'{"name": ' + b"9" * 5_000 + b"}", {400}),
    "B38 more behind": (b"{} {}", {400}),
    "B38 BOM": (b"\xef\xbb\xbf{}", {400}),
    "B38 UTF-16": ('{"name": "a"}'.encode("utf-16"), {400}),
    "B38 nothing": (b"", {400}),
    "B38 half": (b'{"name": "a', {400}),
    "B38 an array": (b"[]", {422}),
    "B38 a text": (b'"name"', {422}),
    "B38 null": (b"null", {422}),
    "B27 no UTF-8": (b'{"name": "\xff\xfe"}', {400}),
    "B27 overlong": (b'{"name": "\xc0\xaf"}', {400}),
    "B10 NUL in a name": (b'{"a\\u0000": 1}', {400}),
    "B10 NUL, bare": (b'{"name": "a\0"}', {400}),
}


async def test_what_is_no_json_is_refused(trial: Trial, program: Program) -> None:
    await trial.begin()
    for called in program.endpoints:
        for row, (body, statuses) in NO_JSON.items():
            for lang in SPOKEN:
                case = f"{called.name}, {row} ({lang})"
                answer = await asked(
                    trial, program, case, called.method, called.path, body, lang
                )
                right = answer.status_code in statuses
                trial.expect(right, case, f"is {answer.status_code}")
                must_be_problem(trial, case, answer)
    trial.end()


FOREIGN = (
    "text/plain",
    "application/xml",
    "text/json",
    "application/json; charset=utf-16",
)


async def must_be_answered(
    trial: Trial,
    program: Program,
    called: Endpoint,
    row: str,
    status: int,
    **headers: str | bytes,
) -> None:
    """Send the good body with something bad in the head of the request."""
    case, content = f"{called.name}, {row}", json.dumps(called.body).encode()
    answer = await asked(
        trial, program, case, called.method, called.path, content, "en", "", **headers
    )
    trial.expect(answer.status_code == status, case, f"is {answer.status_code}")
    must_be_problem(trial, case, answer)


async def test_what_says_to_be_something_else_is_refused(
    trial: Trial, program: Program
) -> None:
    await trial.begin()
    for called in program.endpoints:
        for kind in FOREIGN:
            row = f"B25 {kind}"
            await must_be_answered(trial, program, called, row, 415, content_type=kind)
    trial.end()


KEYS: dict[str, bytes] = {
    "empty": b"",
    "only a space": b" ",
    "300 characters": b"k" * 300,
    "a line break": b"k\nk",
    "NUL": b"k\0",
    "letters outside ASCII": "schlüssel".encode(),
}


async def test_a_bad_idempotency_key_is_refused(trial: Trial, program: Program) -> None:
    await trial.begin()
    for called in (program.endpoints[0], program.endpoints[3]):
        for row, key in KEYS.items():
            await must_be_answered(
                trial, program, called, f"B40 {row}", 422, idempotency_key=key
            )
    trial.end()


async def test_without_an_idempotency_key_nothing_is_made(
    trial: Trial, program: Program
) -> None:
    await trial.begin()
    bearer = {"authorization": f"Bearer {program.key}"}
    for called in (program.endpoints[0], program.endpoints[3]):
        path = f"/api/v1{called.path}"
        answer = await trial.send(
            "B40 missing", "POST", path, json=called.body, headers=bearer
        )
        assert answer.status_code == 400
        must_be_problem(trial, called.name, answer)
        await trial.nothing_changed("B40 missing")
    trial.end()


async def test_a_key_is_good_for_one_body_however_often_it_comes(
    client: httpx.AsyncClient, program: Program
) -> None:
    headers = {"authorization": f"Bearer {program.key}", "idempotency-key": "k"}
    there = await Registration.all().count()
    for called, another in (
        (program.endpoints[0], {"slug": "another"}),
        (program.endpoints[3], {"email": "another@attendee.example"}),
    ):
        path, headers["idempotency-key"] = f"/api/v1{called.path}", called.name
        answers = await asyncio.gather(
            *(client.post(path, json=called.body, headers=headers) for _ in range(5))
        )
        assert {it.status_code for it in answers} <= {201, 409, 503}
        made = {it.json()["id"] for it in answers if it.status_code == 201}
        assert len(made) == 1
        body = called.body | another
        other = await client.post(path, json=body, headers=headers)
        assert (other.status_code, other.json()["code"]) == (
            422,
            "idempotency_key_reused",
        )
    assert await Event.filter(slug="forum-europa").count() == 1
    assert await Registration.all().count() == there + 1


VERSIONS: dict[str, tuple[str | bytes, int]] = {
    "stale": ('"7"', 412),
    "a word": ("abc", 412),
    "digits of another script": ('"٣"'.encode(), 412),
    "10,000 digits": ("9" * 10_000, 412),
    "empty": ("", 428),
}


async def test_a_change_of_another_version_is_refused(
    trial: Trial, program: Program
) -> None:
    await trial.begin()
    for row, (version, status) in VERSIONS.items():
        called, case = program.endpoints[1], f"B41 {row}"
        await must_be_answered(trial, program, called, case, status, if_match=version)
    trial.end()


BEARERS = {
    "none": "",
    "nothing behind": "Bearer ",
    "only the word": "Bearer",
    "another way": "Basic b2xnYTpvbGdh",
    "10 kB": "Bearer " + "x" * 10_000,
    "unknown": "Bearer wkr_" + "x" * 43,
    "letters outside ASCII": "Bearer schlüssel",
}


def every_endpoint(office: Office) -> list[tuple[str, str]]:
    """List method and path of all endpoints, about olga's rows."""
    found = []
    for route in endpoints.routes:
        subject = office.registration if "/registrations/{" in route.path else None
        identifier = str((subject or office.event).id)
        path = route.path.removeprefix("/api/v1").replace("{id}", identifier)
        method = next(iter((route.methods or set()) - {"HEAD"}))
        found.append((method, path))
    return found


async def test_without_a_key_that_opens_no_endpoint_answers(
    trial: Trial, office: Office, program: Program
) -> None:
    await trial.begin()
    for method, path in every_endpoint(office):
        for row, bearer in BEARERS.items():
            case = f"B42 {row} {method} {path}"
            answer = await asked(
                trial, program, case, method, path, authorization=bearer.encode()
            )
            trial.expect(answer.status_code == 401, case, f"is {answer.status_code}")
            must_be_problem(trial, case, answer)
    trial.end()


@pytest.mark.parametrize("ended", ["revoked_at", "expires_at"])
async def test_a_key_that_has_ended_opens_nothing(
    trial: Trial, office: Office, program: Program, ended: str
) -> None:
    await ApiKey.all().update(**{ended: clock.now()})
    await trial.begin()
    for method, path in every_endpoint(office):
        answer = await asked(trial, program, f"B42 {ended}", method, path)
        assert answer.status_code == 401
    trial.end()


async def test_the_key_of_another_office_finds_nothing(
    trial: Trial, office: Office, program: Program
) -> None:
    another = await an_organiser("Another office")
    await an_event(another)
    otto = Program(await a_key(another), program.endpoints)
    await trial.begin()
    for method, path in every_endpoint(office):
        if path == "/events":
            continue
        case = f"B42 {method} {path}"
        answer = await asked(trial, otto, case, method, path, b"{}")
        trial.expect(answer.status_code == 404, case, f"is {answer.status_code}")
    trial.end()


PAGES = "-1", "0", "101", "1e9", "abc", "٣", "1_0", " 5", "9" * 5_000, "\x00"


async def test_a_list_is_never_longer_than_a_hundred(
    trial: Trial, office: Office, program: Program
) -> None:
    await trial.begin()
    for path in ("/events", f"/events/{office.event.id}/registrations"):
        for name in ("limit", "cursor"):
            for typed in PAGES:
                case = f"B35 {path} {name}={typed[:20]!r}"
                query = str(httpx.QueryParams({name: typed}))
                answer = await asked(trial, program, case, "GET", f"{path}?{query}")
                right = answer.status_code in (400, 422)
                trial.expect(right, case, f"is {answer.status_code}")
                must_be_problem(trial, case, answer)
    trial.end()
