"""The same request twice gives one effect and one answer.

After the IETF draft draft-ietf-httpapi-idempotency-key-header-07. The key is a
row of the same unit of work as the effect: a crash leaves both or neither.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request

from werkraum_foundation.database import changed, rows, unit_of_work
from werkraum_foundation.identifiers import uuid7
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused
from werkraum_foundation.tokens import hashed

LONGEST = 255


class KeyMissing(Refused):
    status = 400
    code = "idempotency_key_missing"

    def message(self) -> str:
        return gettext("Send an Idempotency-Key with this request.")


class BadKey(Refused):
    status = 422
    code = "idempotency_key_invalid"

    def message(self) -> str:
        return gettext("An Idempotency-Key has 1 to 255 visible ASCII characters.")


class KeyReused(Refused):
    status = 422
    code = "idempotency_key_reused"

    def message(self) -> str:
        return gettext("This Idempotency-Key belongs to a request with another body.")


@dataclass(frozen=True)
class Answer:
    """What is answered, now and to every repetition; `body` is JSON."""

    status: int
    body: dict[str, Any]  # Any: JSON


def key_of(request: Request) -> str:
    """Read the key a creating request must bring; raises `KeyMissing`, `BadKey`."""
    sent = request.headers.getlist("idempotency-key")
    if not sent:
        raise KeyMissing
    key = sent[0]
    visible = all("!" <= character <= "~" or character == " " for character in key)
    if len(sent) > 1 or not 0 < len(key.strip()) <= len(key) <= LONGEST or not visible:
        raise BadKey
    return key


@unit_of_work
async def once(
    scope: str,
    key: str,
    asked: object,
    make: Callable[[], Awaitable[Answer]],
    *,
    now: datetime,
) -> Answer:
    """Do it, or give the answer of the first time; two statements besides.

    `scope` is whose key it is, `asked` the JSON that must be the same. A request
    with the key of one still running waits for it, at most as long as for any
    lock (then `Busy`). Raises `KeyReused`.
    """
    names = {"scope": scope, "key": hashed(key)}
    asked_hash = hashed(json.dumps(asked, sort_keys=True, default=str))
    # Locks the key: whoever comes second waits here for the first.
    first = await changed(
        "INSERT INTO idempotency_key (id, scope, key_hash, request_hash, status, body,"
        " created_at) VALUES (:id, :scope, :key, :asked, 0, :body, :now)"
        " ON CONFLICT (scope, key_hash) DO NOTHING",
        id=uuid7(),
        asked=asked_hash,
        body={},
        now=now,
        **names,
    )
    if not first:
        return await _answered(names, asked_hash)
    answer = await make()
    await changed(
        "UPDATE idempotency_key SET status = :status, body = :body"
        " WHERE scope = :scope AND key_hash = :key",
        status=answer.status,
        body=answer.body,
        **names,
    )
    return answer


async def _answered(names: dict[str, str], asked_hash: str) -> Answer:
    (found,) = await rows(
        "SELECT request_hash, status, body FROM idempotency_key"
        " WHERE scope = :scope AND key_hash = :key",
        **names,
    )
    if found["request_hash"] != asked_hash:
        raise KeyReused
    body = found["body"]
    return Answer(found["status"], json.loads(body) if isinstance(body, str) else body)
