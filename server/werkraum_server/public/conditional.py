"""Answers that are not sent again to whoever has them (RFC 9110 13)."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
A_SECOND = timedelta(seconds=1)


def conditional(
    request: Request, text: str, media_type: str, *, modified: datetime | None = None
) -> Response:
    """Answer with this text, or 304 if the caller has it; `modified` is aware UTC.

    The entity tag is that of the bytes. Last-Modified counts only where no tag
    was sent along.
    """
    body = text.encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if modified:
        utc = modified.astimezone(UTC).replace(microsecond=0)
        headers["Last-Modified"] = format_datetime(utc, usegmt=True)
    if is_known(request, tag, modified):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def is_known(request: Request, tag: str, modified: datetime | None) -> bool:
    """Whether the caller has what this tag names, or what was last modified then."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = {it.strip().removeprefix("W/") for it in known.split(",")}
        return tag in tags or "*" in tags
    since = request.headers.get("if-modified-since")
    return bool(since and modified and _is_not_later(modified, since))


def _is_not_later(modified: datetime, since: str) -> bool:
    try:
        read = parsedate_to_datetime(since)
    # A date that cannot be read is ignored (RFC 9110 13.1.3).
    except ValueError:
        return False
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    return modified < read + A_SECOND
