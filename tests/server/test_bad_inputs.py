"""Inputs a page must take or refuse in words, whatever stands in them."""

import httpx
import pytest
from tests.people import an_event, an_organiser
from tests.server.test_access import a_key

FORM = "application/x-www-form-urlencoded"
PARTS = b"--b\r\nContent-Disposition: form-data; name=email\r\n\r\na@x.org\r\n--b--\r\n"

BODIES = {
    "text": ("text/plain", b"email=a@x.org", 415),
    "XML": ("application/xml", b"<email/>", 415),
    "JSON": ("application/json", b'{"email": "a@x.org"}', 415),
    "no type": ("", b"email=a@x.org", 415),
    "another charset": (f"{FORM}; charset=utf-16", b"email=a@x.org", 415),
    "no boundary": ("multipart/form-data", PARTS, 400),
    "another boundary": ("multipart/form-data; boundary=c", PARTS, 400),
    "endless boundary": (f"multipart/form-data; boundary={'b' * 5_000}", PARTS, 400),
    "part without a name": (
        "multipart/form-data; boundary=b",
        PARTS.replace(b"; name=email", b""),
        400,
    ),
    "1,001 parts": (
        "multipart/form-data; boundary=b",
        PARTS.replace(b"--b--\r\n", b"") * 1_001 + b"--b--\r\n",
        (400, 413),
    ),
    "100 kB before": ("multipart/form-data; boundary=b", b"\r\n" * 50_000, 413),
    "many part headers": (
        "multipart/form-data; boundary=b",
        b"--b\r\n" + b"A: b\r\n" * 9_000 + b"\r\n--b--\r\n",
        400,
    ),
    "a file": (
        "multipart/form-data; boundary=b",
        PARTS.replace(b"name=email", b"name=email; filename=a.txt"),
        400,
    ),
    "1,001 fields": (FORM, b"&".join(b"f%d=1" % n for n in range(1_001)), 400),
    "no UTF-8": (FORM, b"email=%ff%fe", 400),
    "overlong": (FORM, b"email=%c0%af", 400),
    "surrogate": (FORM, b"email=%ed%a0%80", 400),
    "%u": (FORM, b"email=%u0041", 400),
    "raw bytes": (FORM, b"email=\xff\xfe", 400),
    "encoded twice": (FORM, b"email=%2541@x", 422),
    "NUL": (FORM, b"email=%00", 422),
    "twice": (FORM, b"email=a@x.org&email=b@x.org", 422),
    "unknown field": (FORM, b"email=a@x.org&status=confirmed", 422),
}


@pytest.mark.parametrize(("kind", "body", "status"), BODIES.values(), ids=BODIES)
async def test_a_form_no_browser_sends_is_refused(
    client: httpx.AsyncClient, kind: str, body: bytes, status: int | tuple[int, ...]
) -> None:
    event = await an_event(await an_organiser())
    expected = status if isinstance(status, tuple) else (status,)
    headers = {"content-type": kind} if kind else {}
    for path in "/desk/sign-in", f"/en/events/{event.slug}/registrations", "/en/my":
        answer = await client.post(path, content=body, headers=headers)
        assert answer.status_code in expected
        assert "<h1" in answer.text


ADDRESSES = {
    "no UTF-8": ("/en/%ff%fe", 400),
    "overlong": ("/en/%c0%af", 400),
    "NUL": ("/en/events/a%00b", 400),
    "no UTF-8 in the query": ("/en/?q=%ff%fe", 400),
    "overlong in the query": ("/en/?q=%c0%af", 400),
    "surrogate in the query": ("/en/?q=%ed%a0%80", 400),
    "NUL in the query": ("/en/?q=%00", 400),
    "encoded twice": ("/en/events/%2541", 404),
    "unknown language": ("/xx/", 404),
    "path for a language": ("/../../etc/", 404),
    "10 kB of percents": ("/en/?q=" + "%" * 10_000, 200),
    "10 kB of quotes": ("/en/?q=" + "'" * 10_000, 200),
    "wildcards": ("/en/?q=%25_%5C%27", 200),
    "brackets": ("/en/?q=" + "(" * 5_000, 200),
    "%u": ("/en/?q=%u0041", 200),
    "no kind of ours": ("/en/?kind=__class__&mode=email;drop&topic='--", 200),
    "filters twice": ("/en/?kind=forum&kind=talk&q=a&q=b", 200),
    "page before the first": ("/en/archive?page=-1", 200),
    "page zero": ("/en/archive?page=0", 200),
    "page beyond all": ("/en/archive?page=1e9", 200),
    "page of many digits": ("/en/archive?page=" + "9" * 5_000, 200),
    "page in other digits": ("/en/archive?page=٣", 200),
    "page in words": ("/en/archive?page=abc&sort=__class__&limit=1e9", 200),
    "feed in no language": ("/feed.json?lang=../../etc/passwd", 200),
    "odd series": ("/en/calendar?series=%2500%0d%0aX:1&topic='--&kind=x", 200),
    "calendar with wishes": ("/calendar.ics?q=%25&kind=x&mode=y&topic=z", 200),
    "next elsewhere": ("/desk/sign-in?next=//evil.example", 200),
    "next by backslash": ("/desk/?next=/%5Cevil.example", 303),
    "next by script": ("/desk/?next=javascript:alert(1)", 303),
}


@pytest.mark.parametrize(("path", "status"), ADDRESSES.values(), ids=ADDRESSES)
async def test_an_odd_address_has_a_plain_answer(
    client: httpx.AsyncClient, path: str, status: int
) -> None:
    # Once without rows, and once with some to look through.
    for _ in range(2):
        answer = await client.get(path)
        assert answer.status_code == status
        assert "evil" not in answer.headers.get("location", "")
        assert "evil" not in answer.text
        await an_event(await an_organiser())


async def test_a_search_takes_signs_as_they_are(client: httpx.AsyncClient) -> None:
    office = await an_organiser()
    await an_event(office, title={"en": "100 % youth"})
    await an_event(office, title={"en": "1000 voices"})
    page = (await client.get("/en/", params={"q": "100 %"})).text
    assert "100 % youth" in page
    assert "1000 voices" not in page


async def test_what_was_searched_is_text(client: httpx.AsyncClient) -> None:
    page = (await client.get("/en/", params={"q": '"><svg onload=alert(1)>'})).text
    assert "<svg onload" not in page


LANGUAGES = {
    "many": "a-a-a," * 1_300,
    "a path": "../../etc/passwd",
    "unknown": "xx",
    "empty": "",
    "signs": ";;;,,,q=,",
    "Latin letters": "\u00e4\u00f6\u00fc",
    "star": "*",
}


@pytest.mark.parametrize("accepted", LANGUAGES.values(), ids=LANGUAGES)
async def test_who_says_no_language_of_ours_reads_german(
    client: httpx.AsyncClient, accepted: str
) -> None:
    headers = {b"accept-language": accepted.encode("latin-1")}
    answer = await client.get("/", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (307, "/de/")


DEEP = 100_000
JSON_BODIES = {
    "nested": (b"[" * DEEP + b"]" * DEEP, 413),
    "nested within the limit": (b"[" * 30_000 + b"]" * 30_000, 400),
    "nested objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
    "10 MB of objects": (b"[" + b"{}," * 3_500_000 + b"{}]", 413),
    "NaN": (b'{"slug": NaN}', 400),
    "infinite": (b'{"slug": 1e999}', (400, 422)),
    "a name twice": (b'{"slug": "a", "slug": "b"}', 400),
    "5,000 digits": (b'{"slug": ' + b"9" * 5_000 + b"}", (400, 422)),
    "something behind": (b"{} {}", 400),
    "byte order mark": (b"\xef\xbb\xbf{}", 400),
    "UTF-16": ("{}".encode("utf-16"), 400),
    "surrogate": (b'{"slug": "\\ud800"}', 422),
    "NUL": (b'{"slug": "\\u0000"}', 422),
    "list": (b"[]", 422),
    "null": (b"null", 422),
    "number for a text": (b'{"slug": 1}', 422),
    "query for a text": (b'{"slug": {"$ne": 1}}', 422),
    "unknown name": (b'{"status": "published"}', 422),
    "nothing": (b"", (400, 422)),
}


@pytest.mark.parametrize(("body", "status"), JSON_BODIES.values(), ids=JSON_BODIES)
async def test_a_body_two_programs_could_read_differently_is_refused(
    client: httpx.AsyncClient, body: bytes, status: int | tuple[int, ...]
) -> None:
    key = await a_key(await an_organiser())
    headers = {
        "authorization": f"Bearer {key}",
        "content-type": "application/json",
        "idempotency-key": "once",
    }
    answer = await client.post("/api/v1/events", content=body, headers=headers)
    assert answer.status_code in (status if isinstance(status, tuple) else (status,))
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert ("errors" in problem) is (answer.status_code == 422)


async def test_the_page_of_a_broken_address_holds_none_of_it(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/en/%00%1b%22%3E%3Cscript%3E")
    assert page.status_code == 400
    assert not {"\0", "\x1b"} & set(page.text)
    assert "<script>" not in page.text
