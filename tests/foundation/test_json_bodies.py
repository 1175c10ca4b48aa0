"""Reading JSON strictly: bad inputs B11, B25, B38, B39."""

from enum import Enum
from typing import Annotated

import pytest
from pydantic import BaseModel
from starlette.requests import Request
from starlette.types import Message

from werkraum_foundation.faults import InvalidInput
from werkraum_foundation.json_bodies import read_json
from werkraum_foundation.mail_addresses import MailAddress
from werkraum_foundation.plain_numbers import whole_number
from werkraum_foundation.plain_text import PersonName
from werkraum_foundation.refusals import Refused


class Kind(Enum):
    FORUM = "forum"


class Place(BaseModel):
    name: PersonName


class Wish(BaseModel):
    email: MailAddress
    party: Annotated[int, whole_number(1, 30)] = 1
    kind: Kind = Kind.FORUM
    place: Place | None = None
    places: tuple[Place, ...] = ()
    opens: bool = True
    note: str = ""


def sent(body: bytes, kind: str = "application/json") -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", kind.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    return Request(scope, receive)


async def test_a_good_body_becomes_the_model() -> None:
    body = b'{"email":"a@x.org","kind":"forum","places":[{"name":"Neuss"}]}'
    wish = await read_json(sent(body, "application/json; charset=UTF-8"), Wish)
    assert wish == Wish(email="a@x.org", places=(Place(name="Neuss"),))


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


REFUSED = {
    "B38 depth 100,000": (b"[" * 60_000, 400),
    "B38 depth 21": (nested(21), 400),
    "B38 depth 900 of objects": (b'{"a":' * 900 + b"1" + b"}" * 900, 400),
    "B38 10 MB": (b"[" + b"{}," * 3_333_333 + b"{}]", 413),
    "B38 NaN": (b'{"party":NaN}', 400),
    "B38 Infinity": (b'{"party":-Infinity}', 400),
    "B38 duplicate keys": (b'{"email":"a@x.org","email":"b@x.org"}', 400),
    "B38 duplicate keys inside": (b'{"place":{"name":"a","name":"a"}}', 400),
    "B38 5,000 digits": (b'{"party":' + b"9" * 5000 + b"}", 400),
    "B38 trailing garbage": (b'{"email":"a@x.org"} x', 400),
    "B38 two values": (b"{}{}", 400),
    "B38 BOM": (b'\xef\xbb\xbf{"email":"a@x.org"}', 400),
    "B38 UTF-16": ('{"email":"a@x.org"}'.encode("utf-16"), 400),
    "B38 UTF-16 without BOM": ('{"email":"a@x.org"}'.encode("utf-16-le"), 400),
    "empty": (b"", 400),
    "cut off": (b'{"email":', 400),
    "single quotes": (b"{'email':'a@x.org'}", 400),
    "trailing comma": (b'{"email":"a@x.org",}', 400),
    "broken UTF-8": (b'{"email":"\xff"}', 400),
    "raw control": (b'{"email":"a\n@x.org"}', 400),
    "surrogate in a name": (b'{"\\ud800":1}', 400),
}


@pytest.mark.parametrize(("body", "status"), REFUSED.values(), ids=REFUSED)
async def test_what_is_no_plain_json_is_refused(body: bytes, status: int) -> None:
    with pytest.raises(Refused) as refused:
        await read_json(sent(body), Wish)
    assert refused.value.status == status


KINDS = ["", "text/plain", "text/json", "application/x-www-form-urlencoded"]
KINDS += ["application/json; charset=utf-16", "application/xml"]


@pytest.mark.parametrize("kind", KINDS)
async def test_another_kind_of_body_is_refused(kind: str) -> None:
    with pytest.raises(Refused) as refused:
        await read_json(sent(b'{"email":"a@x.org"}', kind), Wish)
    assert refused.value.status == 415


FAULTY = {
    "B39 list for text": (b'{"email":["a"]}', "email", "wrong_type"),
    "B39 object for text": (b'{"email":{"$ne":1}}', "email", "wrong_type"),
    "B39 nothing": (b"null", "", "wrong_type"),
    "B39 true": (b"true", "", "wrong_type"),
    "B39 list": (b"[]", "", "wrong_type"),
    "B39 number for text": (b'{"email":5}', "email", "wrong_type"),
    "B39 text for number": (b'{"email":"a@x.org","party":"1"}', "party", "wrong_type"),
    "B39 true for number": (b'{"email":"a@x.org","party":true}', "party", "wrong_type"),
    "B39 text for yes": (b'{"email":"a@x.org","opens":"yes"}', "opens", "wrong_type"),
    "B39 number for yes": (b'{"email":"a@x.org","opens":1}', "opens", "wrong_type"),
    "B38 1e999": (b'{"email":"a@x.org","party":1e999}', "party", "out_of_range"),
    "B18 2**70": (
        b'{"email":"a@x.org","party":1180591620717411303424}', "party", "out_of_range",
    ),
    "B11 surrogate": (b'{"email":"\\ud800"}', "email", "unprintable"),
    "B10 NUL": (b'{"email":"a@x.org","note":"\\u0000"}', "note", "unprintable"),
    "B17 unknown": (b'{"email":"a@x.org","is_host":1}', "is_host", "unknown_field"),
    "B17 unknown inside": (
        b'{"email":"a@x.org","place":{"name":"N","x":1}}', "place.x", "unknown_field",
    ),
    "deep but possible": (
        b'{"email":"a@x.org","x":' + nested(19) + b"}", "x", "unknown_field",
    ),
    "NUL deep inside": (
        b'{"email":"a@x.org","places":[{"name":"\\u0000"}]}',
        "places.0.name",
        "unprintable",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "field", "code"), FAULTY.values(), ids=FAULTY)
async def test_a_fault_stands_at_its_field(body: bytes, field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await read_json(sent(body), Wish)
    named = [(fault.field, fault.code) for fault in refused.value.faults]
    assert (refused.value.status, named) == (422, [(field, code)])
