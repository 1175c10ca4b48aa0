"""Reading a form: bad inputs B01, B09-B11, B16, B17, B25-B27."""

from typing import Annotated

import pytest
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.types import Message

from werkraum_foundation.forms import Form, read_form
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import Line, PersonName
from werkraum_foundation.refusals import Refused

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=xyz"


class Wish(BaseModel):
    name: PersonName
    email: MailAddress
    party: Annotated[int, whole_number(1, 30)] = 1
    remark: Line | None = None
    topics: list[Line] = []
    session: Annotated[str | None, Field(alias="session.id")] = None


def sent(body: bytes, kind: str | None = URLENCODED, length: str = "") -> Request:
    headers = [(b"content-length", (length or str(len(body))).encode())]
    if kind is not None:
        headers.append((b"content-type", kind.encode()))
    # In two pieces, as a network may hand it over.
    pieces = [body[: len(body) // 2], body[len(body) // 2 :]]

    async def receive() -> Message:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    return Request(scope, receive)


def parts(*fields: tuple[str, bytes]) -> bytes:
    head = b'--xyz\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return (
        b"".join(head % (name.encode(), value) for name, value in fields) + b"--xyz--"
    )


GOOD = b"name=Anna+Beispiel&email=anna%40example.org&party=2&topics=a&topics=b"


async def test_a_good_form_has_a_value_and_no_fault() -> None:
    form = await read_form(sent(GOOD), Wish)
    assert form.faults == ()
    assert form.value == Wish(
        name="Anna Beispiel", email="anna@example.org", party=2, topics=["a", "b"]
    )


async def test_a_multipart_form_reads_the_same() -> None:
    body = parts(
        ("name", "Nguyễn".encode()), ("email", b"a@x.org"), ("topics", b"jugend")
    )
    form = await read_form(sent(body, MULTIPART), Wish)
    assert form.value == Wish(name="Nguyễn", email="a@x.org", topics=["jugend"])


async def test_an_empty_body_names_every_required_field_once() -> None:
    form = await read_form(sent(b""), Wish)
    named = [(fault.field, fault.code) for fault in form.faults]
    assert named == [("name", "missing"), ("email", "missing")]


async def test_an_empty_entry_counts_as_not_sent() -> None:
    body = b"name=++&email=a%40x.org&party=&remark=%0D%0A&topics=&topics=a"
    form = await read_form(sent(body), Wish)
    assert [(fault.field, fault.code) for fault in form.faults] == [("name", "missing")]


async def test_an_optional_entry_left_empty_gets_its_default() -> None:
    form = await read_form(sent(b"name=A&email=a%40x.org&party=&remark=+"), Wish)
    assert form.value == Wish(name="A", email="a@x.org")


async def test_everything_typed_is_kept_beside_the_faults() -> None:
    body = b"name=+Anna+&email=wrong&party=x&topics=a&session.id=7"
    form = await read_form(sent(body), Wish)
    assert form.value is None
    assert form.typed == {
        "name": " Anna ",
        "email": "wrong",
        "party": "x",
        "topics": ("a",),
        "session.id": "7",
    }
    assert {fault.field for fault in form.faults} == {"email", "party"}


FAULTY = {
    "B09 long name": (b"name=" + b"x" * 10_000, "name", "too_long"),
    "B10 NUL": (b"name=A%00B", "name", "unprintable"),
    "B10 NUL in a plain text field": (
        b"name=A&session.id=%00",
        "session.id",
        "unprintable",
    ),
    "B16 twice": (b"name=A&party=1&party=2", "party", "duplicate"),
    "B16 twice and wrong": (b"name=A&party=x&party=y", "party", "duplicate"),
    "B16 twice and empty": (b"name=A&name=", "name", "duplicate"),
    "B17 state": (b"name=A&status=confirmed", "status", "unknown_field"),
    "B17 host": (b"name=A&is_host=1", "is_host", "unknown_field"),
    "B17 hostile name": (b"name=A&%3Cb%3E=1", "", "unknown_field"),
    "B17 name behind an alias": (b"name=A&session=1", "session", "unknown_field"),
    "B18 number": (b"name=A&party=1_000", "party", "not_a_number"),
    "B27 double encoding is text": (b"name=A&party=%2541", "party", "not_a_number"),
}


@pytest.mark.parametrize(("body", "field", "code"), FAULTY.values(), ids=FAULTY)
async def test_a_fault_stands_at_its_field(body: bytes, field: str, code: str) -> None:
    form = await read_form(sent(body + b"&email=a%40x.org"), Wish)
    assert form.value is None
    assert [(fault.field, fault.code) for fault in form.faults] == [(field, code)]


HEAD = b"--xyz\r\nContent-Disposition: form-data; "
REFUSED: dict[str, tuple[bytes, str | None, int]] = {
    "B25 text": (GOOD, "text/plain", 415),
    "B25 XML": (GOOD, "application/xml", 415),
    "B25 JSON": (b"{}", "application/json", 415),
    "B25 none": (GOOD, None, 415),
    "B25 empty": (GOOD, "", 415),
    "B25 other encoding": (GOOD, URLENCODED + "; charset=utf-16", 415),
    "B25 without boundary": (parts(("name", b"A")), "multipart/form-data", 400),
    "B25 wrong boundary": (
        parts(("name", b"A")), "multipart/form-data; boundary=abc", 400,
    ),
    "B25 odd boundary": (
        parts(("name", b"A")), 'multipart/form-data; boundary="x\ty"', 400,
    ),
    "B26 cut off": (parts(("name", b"A"))[:-10], MULTIPART, 400),
    "B26 without end": (HEAD + b'name="name"\r\n\r\nAnna', MULTIPART, 400),
    "B26 garbage": (b"garbage\r\n--xyz--", MULTIPART, 400),
    "B26 201 fields": (b"&".join([b"topics=a"] * 201), URLENCODED, 400),
    "B26 201 parts": (parts(*[("topics", b"a")] * 201), MULTIPART, 400),
    "B26 many part headers": (
        b"--xyz\r\n" + b"A: b\r\n" * 9_000 + b"\r\nx\r\n--xyz--", MULTIPART, 400,
    ),
    "B26 part without name": (HEAD + b"\r\n\r\nA\r\n--xyz--", MULTIPART, 400),
    "B26 file": (
        HEAD + b'name="name"; filename="a.png"\r\n\r\nA\r\n--xyz--', MULTIPART, 400,
    ),
    "B26 preamble": (b"x" * 100_000 + parts(("name", b"A")), MULTIPART, 413),
    "B09 1 MB": (b"name=" + b"x" * 1_000_000, URLENCODED, 413),
    "B27 broken UTF-8": (b"name=%ff%fe", URLENCODED, 400),
    "B27 overlong": (b"name=%c0%af", URLENCODED, 400),
    "B27 surrogate": (b"name=%ed%a0%80", URLENCODED, 400),
    "B27 raw bytes": (b"name=\xff\xfe", URLENCODED, 400),
    "B27 in a name": (b"%ff=1", URLENCODED, 400),
    "B27 %u": (b"name=%u0041", URLENCODED, 400),
    "B27 lone percent": (b"name=100%", URLENCODED, 400),
    "B27 in a part": (parts(("name", b"\xff\xfe")), MULTIPART, 400),
}  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "status"), REFUSED.values(), ids=REFUSED)
async def test_what_no_browser_sends_is_refused(
    body: bytes, kind: str | None, status: int
) -> None:
    with pytest.raises(Refused) as refused:
        await read_form(sent(body, kind), Wish)
    assert refused.value.status == status


LENGTHS = {"2 GB": ("2147483648", 413), "digits": ("9" * 5000, 413), "word": ("x", 400)}


@pytest.mark.parametrize(("length", "status"), LENGTHS.values(), ids=LENGTHS)
async def test_a_length_is_judged_before_the_body_is_read(
    length: str, status: int
) -> None:
    with pytest.raises(Refused) as refused:
        await read_form(sent(b"name=Anna&", length=length), Wish)
    assert refused.value.status == status


async def test_a_body_longer_than_it_said_is_refused() -> None:
    request = sent(b"name=" + b"x" * 200_000, length="10")
    with pytest.raises(Refused) as refused:
        await read_form(request, Wish)
    assert refused.value.status == 413


async def test_a_larger_form_may_have_a_larger_limit() -> None:
    body = GOOD + b"&remark=" + b"x" * 100_000
    form = await read_form(sent(body), Wish, limit=200_000)
    assert [fault.field for fault in form.faults] == ["remark"]


async def test_percent_signs_are_decoded_once() -> None:
    form = await read_form(sent(b"name=%2541&email=a%40x.org"), Wish)
    assert form.text("name") == "%41"


def test_a_form_can_show_entries_nobody_has_sent() -> None:
    form: Form[Wish] = Form.showing({"name": "Anna", "topics": ("a", "b")})
    assert (form.text("name"), form.text("email")) == ("Anna", "")
    assert (form.texts("topics"), form.texts("name")) == (("a", "b"), ("Anna",))
    assert (form.value, form.faults) == (None, ())


async def test_a_template_finds_the_fault_of_a_field_and_of_its_items() -> None:
    form = await read_form(sent(GOOD + b"&topics=%E2%80%8B&party=9"), Wish)
    at_topics, at_party = form.fault("topics"), form.fault("party")
    assert at_topics is not None and at_topics.field == "topics.2"
    assert at_party is not None and at_party.code == "duplicate"
    assert form.fault("name") is None
    assert form.fault("top") is None
