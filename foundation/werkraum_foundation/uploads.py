"""One file that somebody sends with a form."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from werkraum_foundation.forms import BOUNDARY, MULTIPART
from werkraum_foundation.plain_text import one_line
from werkraum_foundation.refusals import BadRequest, TooLarge, UnsupportedBody

# What stands around the file in the body.
FRAME = 16 * 1024
LONGEST_NAME = 200


@dataclass(frozen=True)
class Upload:
    """A file as it was sent; `name` is for showing, never for a path."""

    name: str
    content: bytes


async def read_upload(request: Request, field: str, *, limit: int) -> Upload:
    """Read the one file of a form, of at most `limit` bytes.

    No file chosen is an empty one without a name. Raises `UnsupportedBody`,
    `TooLarge`, and `BadRequest` for what no browser sends.
    """
    kind, parameters = parse_options_header(request.headers.get("content-type"))
    boundary = parameters.get(b"boundary", b"").decode("latin-1")
    if kind.decode("latin-1") != MULTIPART:
        raise UnsupportedBody
    if not BOUNDARY.fullmatch(boundary):
        raise BadRequest
    headers = Headers({"content-type": f'{MULTIPART}; boundary="{boundary}"'})
    body = _Bounded(request, limit + FRAME)
    # What is not yet on the disk stays in memory: nothing is left behind.
    parser = MultiPartParser(headers, body.chunks(), max_files=1, max_fields=1)
    parser.spool_max_size = limit + 1
    try:
        form = await parser.parse()
    except MultiPartException:
        raise BadRequest from None
    sent = form.get(field)
    if list(form) != [field] or not isinstance(sent, UploadFile):
        raise BadRequest
    if f"--{boundary}--".encode() not in body.end:
        # The parser is content with a body that was cut off.
        raise BadRequest
    content = await sent.read()
    await form.close()
    if len(content) > limit:
        raise TooLarge
    return Upload(one_line(sent.filename or "")[:LONGEST_NAME], content)


class _Bounded:
    """The body in pieces, and how it ended."""

    def __init__(self, request: Request, limit: int) -> None:
        self.request, self.limit = request, limit
        self.end = b""

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        size = 0
        said = self.request.headers.get("content-length", "0")
        if not (said.isascii() and said.isdigit()):
            raise BadRequest
        if len(said) > 18 or int(said) > self.limit:
            raise TooLarge
        async for chunk in self.request.stream():
            size += len(chunk)
            if size > self.limit:
                raise TooLarge
            self.end = (self.end + chunk)[-200:]
            yield chunk
