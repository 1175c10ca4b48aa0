"""Where a server's name leads, and how long its certificate holds."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx

from werkraum_rooms.servers.providers import Finding

PATIENCE = 4.0  # seconds for each
# Whoever renews them by themselves has done it by then.
SOON = timedelta(days=14)

_REASONS = {
    "expired": "expired",
    "self-signed": "unknown_authority",
    "self signed": "unknown_authority",
    "unable to get local issuer": "unknown_authority",
    "hostname mismatch": "other_name",
    "not valid for": "other_name",
    "not yet valid": "not_yet",
}


async def way_there(
    url: str, *, now: datetime, trusted: ssl.SSLContext | None = None
) -> tuple[list[Finding], bool]:
    """Look at name and certificate; False where nothing behind them can be reached."""
    name = await name_finding(url)
    if name.well is False:
        return [name], False
    tls = await certificate_finding(url, now=now, trusted=trusted)
    return [name, tls], tls.well is not False


async def name_finding(url: str) -> Finding:
    """Look whether the name of a server leads anywhere."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE):
            await loop.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except TimeoutError:
        return Finding("name", False, "slow", {"host": host})
    except (OSError, UnicodeError):
        return Finding("name", False, "no_such_name", {"host": host})
    return Finding("name", True, values={"host": host})


async def certificate_finding(
    url: str, *, now: datetime, trusted: ssl.SSLContext | None = None
) -> Finding:
    """Look at the certificate as a browser would, and at the days it has left."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    values = {"host": host}
    if parts.scheme != "https":
        return Finding("tls", True, "this_machine", values)
    try:
        until = await _valid_until(host, parts.port or 443, trusted)
    except ssl.SSLCertVerificationError as trouble:
        return Finding("tls", False, _reason(trouble.verify_message), values)
    except ssl.SSLError:
        return Finding("tls", False, "no_tls", values)
    except TimeoutError:
        return Finding("tls", False, "slow", values)
    except (OSError, UnicodeError):
        return Finding("tls", False, "refused", values)
    values |= {"days": str(max(0, (until - now).days)), "until": until.isoformat()}
    if until - now < SOON:
        return Finding("tls", True, "ends_soon", values)
    return Finding("tls", True, values=values)


async def _valid_until(
    host: str, port: int, trusted: ssl.SSLContext | None
) -> datetime:
    # The authorities that all our calls go by.
    context = trusted or httpx.create_ssl_context(trust_env=False)
    async with asyncio.timeout(PATIENCE):
        _, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        shown = writer.get_extra_info("peercert")["notAfter"]
    finally:
        writer.close()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown), UTC)


def _reason(said: str) -> str:
    said = said.lower()
    return next((why for part, why in _REASONS.items() if part in said), "certificate")
