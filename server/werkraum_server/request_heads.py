"""What the head of a request must look like before any page is asked."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.types import Scope

from werkraum_foundation.language import gettext
from werkraum_foundation.refusals import BadRequest, Refused
from werkraum_foundation.setting_addresses import is_loopback

LONGEST_PATH = 2_000  # characters
LONGEST_QUERY = 16_000  # bytes
MOST_ARGUMENTS = 100
MOST_COOKIES = 100

LOOPBACK = "127.0.0.1", "localhost", "[::1]"

# A control character, or what came of bytes that are not UTF-8.
UNREADABLE = re.compile("[\0-\x1f\x7f\ufffd]")


class ForeignHost(Refused):
    """The request was sent to another name than ours (DNS rebinding, poisoning)."""

    status = 400
    code = "foreign_host"

    def message(self) -> str:
        return gettext("This is not the address of this site.")


class AddressTooLong(Refused):
    status = 414
    code = "address_too_long"

    def message(self) -> str:
        return gettext("This address is too long.")


class TooManyCookies(Refused):
    """We set two; the others belong to somebody else of the same domain."""

    status = 431
    code = "too_many_cookies"

    def message(self) -> str:
        return gettext(
            "Your browser keeps more cookies for this address than can be read. "
            "Please delete them and try again."
        )


@dataclass(slots=True)
class Head:
    """The fields that are looked at before any page is asked."""

    host: bytes = b""
    hosts: int = 0
    languages: bytes = b""
    cookies: int = 0


def read_head(headers: list[tuple[bytes, bytes]]) -> Head:
    """Pick out what concerns every request, in one pass over the header fields."""
    head = Head()
    for name, value in headers:
        if name == b"host":
            head.host = value
            head.hosts += 1
        elif name == b"accept-language":
            head.languages = head.languages or value
        elif name == b"cookie":
            head.cookies += 1 + value.count(b";")
    return head


def must_be_readable(scope: Scope, head: Head, hosts: frozenset[bytes]) -> None:
    """Raise what is wrong with the host, the address or the cookies.

    Path and query are decoded once, here and by the server; bytes behind the
    escapes that are no UTF-8, and NUL, are refused before they reach a query.
    """
    # Two Host fields are refused by RFC 9112 3.2.
    if head.hosts != 1 or head.host.lower() not in hosts:
        raise ForeignHost
    if head.cookies > MOST_COOKIES:
        raise TooManyCookies
    path: str = scope["path"]
    if len(path) > LONGEST_PATH:
        raise AddressTooLong
    # Most paths are plain: the exact look is for the others.
    if not (path.isascii() and path.isprintable()) and UNREADABLE.search(path):
        raise BadRequest
    if scope["query_string"]:
        _must_be_readable_query(scope["query_string"])


def _must_be_readable_query(query: bytes) -> None:
    if len(query) > LONGEST_QUERY:
        raise AddressTooLong
    if query.count(b"&") >= MOST_ARGUMENTS or not query.isascii():
        raise BadRequest
    if b"%" not in query:
        return
    decoded = unquote_to_bytes(query)
    try:
        decoded.decode()
    except UnicodeDecodeError:
        raise BadRequest from None
    if b"\0" in decoded:
        raise BadRequest


def own_hosts(base_url: str) -> frozenset[bytes]:
    """List the Host fields we answer to; on a loopback any loopback.

    The port belongs to the name, and the usual one may be left out or not
    (RFC 9110 4.2.3). A name with a dot at its end is another name.
    """
    parts = urlsplit(base_url)
    bare = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    names = {bare, *LOOPBACK} if is_loopback(parts.hostname or "") else {bare}
    usual = {"http": 80, "https": 443}[parts.scheme]
    ports = {f":{parts.port}"} if parts.port else {"", f":{usual}"}
    return frozenset(f"{name}{port}".encode() for name in names for port in ports)
