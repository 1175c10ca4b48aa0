"""Addresses among the settings: our own, the database's, Redis's."""

import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from werkraum_foundation.environment import Variables


def split(given: Variables, name: str, value: str) -> SplitResult | None:
    """Take an address apart; None, with the fault named, where it is none."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises beyond 65535
    except ValueError:
        given.fault(name, "is not an address that can be read.")
        return None
    if not parts.hostname or re.search(r"[\s%]", parts.hostname):
        given.fault(name, "names no host.")
        return None
    return parts


def is_loopback(host: str) -> bool:
    """Tell names and addresses that never leave this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def web_origin(given: Variables, name: str, written: str, strict: bool) -> str:
    """Bring an address to the form browsers send: no slash, no usual port."""
    parts = split(given, name, written)
    if parts is None or parts.hostname is None:
        return ""
    if parts.scheme not in ("http", "https"):
        given.fault(name, "begins with neither https:// nor http://.")
        return ""
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        given.fault(name, "is only scheme, host and port; nothing may follow.")
        return ""
    if strict and parts.scheme == "http" and not is_loopback(parts.hostname):
        given.fault(name, "must begin with https:// in production.")
    try:
        host = parts.hostname.encode("idna").decode()
    except UnicodeError:
        given.fault(name, "names a host that cannot exist.")
        return ""
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def database_url(given: Variables, data_dir: Path) -> str:
    name = "WERKRAUM_DATABASE_URL"
    written = given.secret(name)
    if not written:
        return f"sqlite://{quote(str(data_dir / 'werkraum.sqlite3'))}"
    scheme, _, rest = written.partition("://")
    if scheme == "sqlite":
        if not rest.startswith("/") or rest.endswith("/"):
            given.fault(name, "names no file: sqlite:// and then an absolute path.")
        return f"sqlite:///{rest.lstrip('/')}"
    if scheme not in ("postgres", "postgresql"):
        given.fault(name, "begins with neither sqlite:// nor postgres://.")
        return ""
    parts = split(given, name, written)
    if parts and not parts.path.strip("/"):
        given.fault(name, "names no database: postgres://user:password@host/database.")
    return f"postgres://{rest}"


def redis_url(given: Variables, strict: bool) -> str | None:
    name = "WERKRAUM_REDIS_URL"
    written = given.secret(name)
    if not written:
        return None
    parts = split(given, name, written)
    if parts is None or parts.hostname is None:
        return None
    if parts.scheme not in ("redis", "rediss"):
        given.fault(name, "begins with neither redis:// nor rediss://.")
    elif strict and not parts.password and not is_loopback(parts.hostname):
        given.fault(
            name, "needs a password: anybody near that Redis could write jobs into it."
        )
    return written


def file_of(sqlite_url: str) -> Path:
    """Name the file of `sqlite:///…`; %20 and the like are what URLs make of it."""
    return Path(unquote(sqlite_url.removeprefix("sqlite://")))
