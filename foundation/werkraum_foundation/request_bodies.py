"""The body of a request: read up to a limit, as UTF-8 and nothing else."""

from collections.abc import Collection
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from werkraum_foundation.refusals import BadRequest, TooLarge, UnsupportedBody

LIMIT = 64 * 1024


@dataclass(frozen=True)
class Body:
    """What was sent: `kind` without parameters, `text` decoded once."""

    kind: str
    boundary: str
    text: str


# A request with neither a kind nor a byte.
NOTHING = Body("", "", "")


async def read_body(request: Request, kinds: Collection[str], *, limit: int) -> Body:
    """Read a body of one of these kinds, at most `limit` bytes.

    Raises `UnsupportedBody` for other kinds and encodings, `TooLarge`, and
    `BadRequest` for bytes that are not UTF-8. A body that says it is too large
    is refused before it is read.
    """
    if _is_empty(request):
        # A button pressed by a plain client: nothing sent, so nothing of a kind.
        return NOTHING
    kind, parameters = parse_options_header(request.headers.get("content-type"))
    if kind.decode("latin-1") not in kinds:
        raise UnsupportedBody
    if parameters.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise UnsupportedBody
    raw = await _read(request, limit)
    boundary = parameters.get(b"boundary", b"").decode("latin-1")
    return Body(kind.decode("latin-1"), boundary, _decoded(raw))


async def read_bytes(request: Request, kind: str, *, limit: int) -> bytes:
    """Read a body of this kind as it is, at most `limit` bytes.

    Raises `UnsupportedBody`, `TooLarge`, `BadRequest`.
    """
    said, _ = parse_options_header(request.headers.get("content-type"))
    if said.decode("latin-1") != kind:
        raise UnsupportedBody
    return await _read(request, limit)


def _is_empty(request: Request) -> bool:
    headers = request.headers
    return (
        "content-type" not in headers
        and "transfer-encoding" not in headers
        and headers.get("content-length", "0") == "0"
    )


async def _read(request: Request, limit: int) -> bytes:
    said = request.headers.get("content-length", "0")
    if not (said.isascii() and said.isdigit()):
        raise BadRequest
    # By its length first: int() refuses numbers of thousands of digits.
    if len(said) > 18 or int(said) > limit:
        raise TooLarge
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > limit:
            raise TooLarge
    return bytes(raw)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest from None
