"""Settings of the room servers: where they are and what we sign tokens with.

One Jitsi server is named by variables of its own; more, and other kinds, by a TOML
text (`WERKRAUM_ROOM_SERVERS`), in the order in which they stand in for one another.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from werkraum_foundation.environment import Variables
from werkraum_foundation.setting_addresses import is_loopback, web_origin

# What a Content-Security-Policy can name (CSP 3, 2.3.1): no IPv6, no underscore.
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
# RFC 7518 3.2: a key for HS256 is at least as long as the hash.
SHORTEST_SECRET = 32
# Both are accepted while one replaces the other over there.
MOST_TOKENS = 2

LIST = "WERKRAUM_ROOM_SERVERS"
# What a room keeps instead of a key where the event's own link leads in.
OWN_LINK = "link"
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_BBB_PATH = re.compile(r"(/[A-Za-z0-9._-]+)*")
_KEY_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TENANT = re.compile(r"vpaas-magic-cookie-[0-9a-f]{1,64}")


class RoomServerKind(StrEnum):
    JITSI = "jitsi"
    JAAS = "jaas"
    BBB = "bbb"


@dataclass(frozen=True)
class RoomServer:
    """A room server as the settings describe it; what it has not is empty.

    `key` is what rooms keep. `internal_url` is Prosody's own HTTP port, reached on
    the inner network only; `system_key` signs the calls that end a room there.
    """

    key: str = "jitsi"
    kind: RoomServerKind = RoomServerKind.JITSI
    name: str = ""
    url: str = ""
    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    key_id: str = ""
    api_tokens: tuple[str, ...] = field(default=(), repr=False)
    domain: str = ""
    internal_url: str = ""
    system_key: str = field(default="", repr=False)


def room_servers(given: Variables, strict: bool) -> tuple[RoomServer, ...]:
    """Read all room servers, the first one the usual one; a half one is a fault."""
    first = _jitsi(given, strict)
    more = _listed(given, strict)
    found = (first, *more) if first else more
    _refuse_doubles(given, found)
    return found


def calls_url(given: Variables, base_url: str) -> str:
    """Read where room servers call us; without it, where everybody does.

    On an inner network as a rule, where people's address may not be reached.
    """
    name = "WERKRAUM_JITSI_CALLS_URL"
    return _inner(given, name, given.text(name)) or base_url


def meeting_hosts(given: Variables) -> tuple[str, ...]:
    """Read the services at which an event's own link may lead; empty allows all."""
    name = "WERKRAUM_MEETING_HOSTS"
    hosts = tuple(
        host for part in given.text(name).lower().split(",") if (host := part.strip())
    )
    for host in hosts:
        if not HOST.fullmatch(host.removeprefix(".")) or "." not in host:
            given.fault(name, f"names “{host}”, which is no host such as meet.example.")
    return hosts


def _jitsi(given: Variables, strict: bool) -> RoomServer | None:
    """Read the settings of the one Jitsi server; half of them is a fault."""
    found = RoomServer(
        url=_frameable(given, "WERKRAUM_JITSI_URL", given.text("WERKRAUM_JITSI_URL")),
        app_id=given.text("WERKRAUM_JITSI_APP_ID"),
        app_secret=given.secret("WERKRAUM_JITSI_APP_SECRET"),
        private_key=given.secret("WERKRAUM_JITSI_PRIVATE_KEY", lines=True),
        api_tokens=_tokens(given.secret("WERKRAUM_JITSI_API_TOKEN")),
        domain=given.text("WERKRAUM_JITSI_DOMAIN").lower(),
        internal_url=_inner(
            given,
            "WERKRAUM_JITSI_INTERNAL_URL",
            given.text("WERKRAUM_JITSI_INTERNAL_URL"),
        ),
        system_key=given.secret("WERKRAUM_JITSI_SYSTEM_KEY", lines=True),
    )

    def named(what: str) -> str:
        return f"WERKRAUM_JITSI_{what.upper()}"

    def fault(what: str, sentence: str) -> None:
        # A value that was refused before has its fault already.
        if not given.blames(named(what)):
            given.fault(named(what), sentence)

    _check(found, strict, fault, named=named)
    if found == RoomServer():
        return None
    _refuse_half(given, found)
    return replace(found, name=urlsplit(found.url).netloc)


def _listed(given: Variables, strict: bool) -> tuple[RoomServer, ...]:
    written = given.secret(LIST, lines=True)
    if not written:
        return ()
    try:
        tables = tomllib.loads(written).get("server", [])
    except tomllib.TOMLDecodeError as trouble:
        # Its message names a line, and repeats at most one character of it.
        given.fault(LIST, f"is no TOML that can be read: {trouble}.")
        return ()
    if not isinstance(tables, list) or not all(isinstance(it, dict) for it in tables):
        given.fault(LIST, "describes each server under a line [[server]].")
        return ()
    return tuple(
        server
        for number, table in enumerate(tables, 1)
        if (server := _one(given, number, table, strict))
    )


# What may stand in the list for each kind, and what has to.
_MAY = {
    RoomServerKind.JITSI: (
        "url app_id app_secret private_key api_token domain internal_url system_key"
    ).split(),
    RoomServerKind.JAAS: "app_id key_id private_key api_token".split(),
    RoomServerKind.BBB: "url secret".split(),
}
_MUST = {
    RoomServerKind.JITSI: ("url", "app_id"),
    RoomServerKind.JAAS: ("app_id", "key_id", "private_key"),
    RoomServerKind.BBB: ("url", "secret"),
}
# One of them, and not both, signs the tokens of a Jitsi.
_KEYS = ("app_secret", "private_key")
_FROM_FILE = ("app_secret", "private_key", "api_token", "system_key", "secret")


def _one(
    given: Variables, number: int, table: Mapping[str, object], strict: bool
) -> RoomServer | None:
    def fault(sentence: str) -> None:
        given.fault(LIST, f"server {number}: {sentence}")

    if any(not isinstance(value, str) for value in table.values()):
        fault("every value is a text in quotation marks.")
        return None
    texts = {name: str(value).strip() for name, value in table.items()}
    kind = texts.pop("kind", "")
    if kind not in list(RoomServerKind):
        fault(f"kind is one of {', '.join(RoomServerKind)}.")
        return None
    key = texts.pop("key", "")
    if not _KEY.fullmatch(key) or key == OWN_LINK:
        fault(f"key is missing, “{OWN_LINK}”, or more than a-z, 0-9 and hyphen.")
        return None
    name = texts.pop("name", "")
    texts = _with_files(texts, fault)
    allowed = RoomServerKind(kind)
    for unknown in sorted(set(texts) - set(_MAY[allowed])):
        fault(f"{unknown} is nothing that a server of this kind has.")
    for missing in (it for it in _MUST[allowed] if not texts.get(it)):
        fault(f"{missing} is missing.")
    if kind == RoomServerKind.JITSI and not any(map(texts.get, _KEYS)):
        fault("app_secret is missing, or instead of it private_key.")
    found = _made(given, number, RoomServerKind(kind), key, texts)
    _check(found, strict, lambda what, sentence: fault(f"{what} {sentence}"))
    return replace(found, name=name or urlsplit(found.url).netloc or key)


def _with_files(
    texts: Mapping[str, str], fault: Callable[[str], None]
) -> dict[str, str]:
    """Read what stands in files of its own: `app_secret_file = "/run/…"`."""
    found = dict(texts)
    for name in _FROM_FILE:
        path = found.pop(f"{name}_file", "")
        if not path:
            continue
        try:
            found[name] = Path(path).read_text("utf-8").strip()
        except (OSError, ValueError):
            fault(f"{name}_file cannot be read.")
    return found


def _made(
    given: Variables,
    number: int,
    kind: RoomServerKind,
    key: str,
    texts: Mapping[str, str],
) -> RoomServer:
    prefix = f"server {number}: "
    url = texts.get("url", "")
    if kind is RoomServerKind.BBB:
        url = _bbb(given, prefix, url)
    elif url:
        url = _frameable(given, LIST, url, prefix)
    inner = texts.get("internal_url", "")
    return RoomServer(
        key=key,
        kind=kind,
        url="https://8x8.vc" if kind is RoomServerKind.JAAS else url,
        app_id=texts.get("app_id", ""),
        app_secret=texts.get("app_secret", "") or texts.get("secret", ""),
        private_key=texts.get("private_key", ""),
        key_id=texts.get("key_id", ""),
        api_tokens=_tokens(texts.get("api_token", "")),
        domain=texts.get("domain", "").lower(),
        internal_url=_inner(given, LIST, inner, prefix) if inner else "",
        system_key=texts.get("system_key", ""),
    )


def _tokens(written: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in written.split(",") if part.strip())


def _frameable(given: Variables, name: str, written: str, prefix: str = "") -> str:
    """Read an address that browsers let into a frame and give a camera to.

    Those need https in development too; only this very machine does without.
    """
    url = web_origin(given, name, written, strict=True) if written else ""
    if url and not HOST.fullmatch(urlsplit(url).hostname or ""):
        given.fault(
            name, f"{prefix}names a host by more than letters, digits, dot and hyphen."
        )
    return url


def _inner(given: Variables, name: str, written: str, prefix: str = "") -> str:
    """Read an address of the inner network, where http is usual."""
    if not written:
        return ""
    return web_origin(given, name, written, strict=False)


def _bbb(given: Variables, prefix: str, written: str) -> str:
    """Read BigBlueButton's address as `bbb-conf --secret` prints it."""
    try:
        parts = urlsplit(written)
        _ = parts.port  # raises for a number that is no port
    except ValueError:
        given.fault(LIST, f"{prefix}url cannot be read.")
        return ""
    path = parts.path.rstrip("/").removesuffix("/api")
    local = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not local:
        given.fault(LIST, f"{prefix}url must begin with https://.")
    if parts.username or parts.query or parts.fragment or not parts.hostname:
        given.fault(LIST, f"{prefix}url is scheme, host and path, and nothing else.")
    elif not HOST.fullmatch(parts.hostname):
        given.fault(
            LIST, f"{prefix}url names a host by letters, digits, dot and hyphen."
        )
    if not _BBB_PATH.fullmatch(path):
        given.fault(LIST, f"{prefix}url has a path such as /bigbluebutton.")
    return f"{parts.scheme}://{parts.netloc.lower()}{path or '/bigbluebutton'}"


def _check(
    found: RoomServer,
    strict: bool,
    fault: Callable[[str, str], None],
    *,
    named: Callable[[str], str] = str,
) -> None:
    """Name what is wrong with the secrets and keys; repeats none of them.

    `fault` takes the part that is wrong and the rest of the sentence.
    """
    if strict:
        _check_strength(found, fault)
    if found.domain and not HOST.fullmatch(found.domain):
        fault("domain", "is no domain such as meet.jitsi.")
    if found.kind is RoomServerKind.JITSI and found.app_secret and found.private_key:
        fault("private_key", f"and {named('app_secret')} exclude each other. Keep one.")
    short = 0 < len(found.app_secret.encode()) < SHORTEST_SECRET
    if found.kind is RoomServerKind.JITSI and short:
        fault("app_secret", f"is too short: it needs at least {SHORTEST_SECRET} bytes.")
    for what in ("private_key", "system_key"):
        if getattr(found, what) and not _is_rsa_key(getattr(found, what)):
            fault(
                what,
                "is no RSA key of 2048 bits or more in PEM form without a password.",
            )
    if found.system_key and found.system_key == found.private_key:
        fault("system_key", "must be another key than the one that lets people in.")
    if len(found.api_tokens) > MOST_TOKENS:
        fault("api_token", f"holds more than {MOST_TOKENS} tokens.")
    if found.kind is RoomServerKind.JAAS and not _TENANT.fullmatch(found.app_id):
        fault("app_id", "begins with vpaas-magic-cookie-.")
    elif found.kind is RoomServerKind.JAAS and not _names_key_of(found):
        fault("key_id", "is app_id, a slash and the name of the key.")


def _names_key_of(found: RoomServer) -> bool:
    """Say whether the key is one of the tenant; JaaS compares the two."""
    tenant, _, name = found.key_id.partition("/")
    return tenant == found.app_id and _KEY_NAME.fullmatch(name) is not None


def _check_strength(found: RoomServer, fault: Callable[[str, str], None]) -> None:
    from werkraum_foundation.secret_strength import weakness

    secrets: Iterable[tuple[str, str]] = [
        ("app_secret", found.app_secret),
        *(("api_token", token) for token in found.api_tokens),
    ]
    for what, secret in secrets:
        if secret and (reason := weakness(secret)):
            fault(what, reason)


def _is_rsa_key(pem: str) -> bool:
    # Imported with the first key: 20 MB that nobody with a shared secret needs.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPrivateKey) and key.key_size >= 2048


def _refuse_half(given: Variables, found: RoomServer) -> None:
    """A room server is its address, our name there and one key, or nothing."""
    key = found.app_secret or found.private_key
    for name, value in (
        ("WERKRAUM_JITSI_URL", found.url),
        ("WERKRAUM_JITSI_APP_ID", found.app_id),
        ("WERKRAUM_JITSI_APP_SECRET", key),
    ):
        # A value that was refused before has its fault already.
        if not value and not given.blames(name):
            given.fault(name, "is missing: the room server is only half described.")


def _refuse_doubles(given: Variables, found: tuple[RoomServer, ...]) -> None:
    keys = [server.key for server in found]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        given.fault(LIST, f"names two servers “{key}”; each needs a key of its own.")
    tokens = [token for server in found for token in server.api_tokens]
    if len(tokens) != len(set(tokens)):
        given.fault(LIST, "has one api_token for two servers; each needs its own.")
