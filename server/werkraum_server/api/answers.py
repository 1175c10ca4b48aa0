"""Shapes shared by the endpoints: JSON answers, versions, pages of a list."""

import base64
import binascii
from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation.faults import Fault, InvalidInput
from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import Refused

LIMIT = 50
MOST = 100


class VersionMissing(Refused):
    status = 428
    code = "version_missing"

    def message(self) -> str:
        return gettext("Send If-Match with the version you have read.")


class VersionIsOld(Refused):
    status = 412
    code = "version_is_old"

    def message(self) -> str:
        return gettext("It has been changed since you read it.")


def json_answer(
    body: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(
        body.model_dump_json(exclude_none=False),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def etag(version: int) -> str:
    return f'"{version}"'


def version_read(request: Request) -> int | None:
    """Read If-Match; None for `*`. Raises `VersionMissing`, `VersionIsOld`."""
    sent = request.headers.get("if-match", "").strip()
    if not sent:
        raise VersionMissing
    if sent == "*":
        return None
    number = sent.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise VersionIsOld
    return int(number)


def page_wish(request: Request) -> tuple[int, UUID | None]:
    """Read `limit` (1 to 100) and `cursor` of a list."""
    faults = []
    limit = request.query_params.get("limit", str(LIMIT))
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:4]) <= MOST):
        said = gettext("The limit is a number from 1 to %(most)s.", most=MOST)
        faults.append(Fault("limit", "out_of_range", said))
    cursor = request.query_params.get("cursor")
    after = _cursor_read(cursor) if cursor else None
    if cursor and after is None:
        faults.append(Fault("cursor", "cursor", gettext("This cursor is not ours.")))
    if faults:
        raise InvalidInput(faults)
    return int(limit), after


def cursor_of(last: UUID) -> str:
    return base64.urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def _cursor_read(cursor: str) -> UUID | None:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor[:40] + "=="))
    except (ValueError, binascii.Error):
        return None
