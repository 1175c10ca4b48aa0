"""Which points of the recipe (docs/room-server.md) hold at a room server.

Some show at the way a browser comes, some at what the server called here last, some at
its inner port; three show only when somebody enters, and say how to try.
"""

from datetime import datetime

from werkraum_foundation.identifiers import uuid7
from werkraum_rooms.jitsi.look import JitsiLook
from werkraum_rooms.jitsi.prosody_calls import ProsodyCalls
from werkraum_rooms.jitsi.provider import JitsiProvider
from werkraum_rooms.jitsi.signing_keys import SharedSecret, signed
from werkraum_rooms.jitsi.tokens import AUDIENCE
from werkraum_rooms.room_names import new_slug
from werkraum_rooms.rules import Opening
from werkraum_rooms.servers.own_address import last_reservation, own_address
from werkraum_rooms.servers.provider_calls import ProviderCalls
from werkraum_rooms.servers.provider_errors import CapabilityUnsupported, ProviderError
from werkraum_rooms.servers.providers import Capability, Finding, RoomProvider, RoomSpec
from werkraum_rooms.servers.server_calls import last_call

PATIENCE = 4.0  # seconds
# Long enough to be a secret, and nobody's.
NOBODYS = SharedSecret(b"nobody signs tokens with this text")
# What nginx says where nothing is handed on; whatever else jicofo has answered.
SHUT = frozenset({403, 404, 405, 410})

# They show only when somebody enters a room.
TO_TRY = tuple(
    Finding(check, None, "to_try") for check in ("auto_owner", "domain", "wildcard")
)


async def points(server: RoomProvider, *, now: datetime) -> list[Finding]:
    """Look at all points of one server; takes half a minute at most, never raises."""
    found, calls = await from_outside(server, now=now), await from_calls(server)
    if any(it.check == "reservations" and it.why != "not_set_up" for it in calls):
        found.append(await own_address())
    return [*found, *calls]


async def from_outside(server: RoomProvider, *, now: datetime) -> list[Finding]:
    """Look at what needs no database: the server itself."""
    if not isinstance(server, JitsiProvider):
        nobodys = RoomSpec(uuid7(), new_slug(), "", "en", Opening(now, now))
        return list(await server.probe(nobodys, now=now))
    look = server.look()
    found = list(await look.all(now=now))
    if any(it.check == "way" and it.well for it in found):
        found += await _side_doors(server, look, now=now)
    return [*found, *await _inside(server), *TO_TRY]


async def from_calls(server: RoomProvider) -> list[Finding]:
    """Tell from what the server called here last how it is set up; asks nobody."""
    if not isinstance(server, JitsiProvider):
        return []
    found = [
        await last_reservation(server.key),
        await _last(server, "event", "events"),
    ]
    if server.server.private_key:
        found.append(await _last(server, "key", "keys"))
    else:
        found.append(Finding("keys", None, "secret"))
    if server.system_key:
        found.append(await _last(server, "system_key", "system_keys"))
    return found


async def _side_doors(
    server: JitsiProvider, look: JitsiLook, *, now: datetime
) -> list[Finding]:
    """Try the ways in that must be shut; none of these tries makes a room."""
    calls = look.calls()
    try:
        return [
            await _must_be_refused(look, calls, "guests", None),
            await _must_be_refused(look, calls, "forged", _forged(server, now=now)),
            await _conference_request(calls),
        ]
    finally:
        await calls.close()


async def _must_be_refused(
    look: JitsiLook, calls: ProviderCalls, check: str, token: str | None
) -> Finding:
    login = await look.log_in(calls, new_slug(), token)
    if not login.stream:
        return Finding(check, None, "no_way")
    if login.accepted is None:
        return Finding(check, None, "silent")
    return Finding(check, not login.accepted, "let_in" if login.accepted else "")


def _forged(server: JitsiProvider, *, now: datetime) -> str:
    """Sign a token that is ours in all but the signature."""
    seconds = int(now.timestamp())
    claims = {
        "iss": server.server.app_id,
        "aud": AUDIENCE,
        "sub": server.server.subject,
        "room": new_slug(),
        "nbf": seconds - 30,
        "exp": seconds + 60,
    }
    return signed(claims, NOBODYS)


async def _conference_request(calls: ProviderCalls) -> Finding:
    """Look whether jicofo can be asked for rooms past Prosody, and so past us.

    What is sent names no room: jicofo refuses it, nginx does not know the address.
    """
    try:
        answer = await calls.call(
            "POST", "/conference-request/v1", json={}, patience=PATIENCE
        )
    except ProviderError as trouble:
        return Finding("side_door", None, trouble.code)
    page = "html" in answer.headers.get("content-type", "")
    shut = answer.status in SHUT or (page and answer.status < 400)
    return Finding("side_door", shut, "" if shut else "open")


async def _inside(server: JitsiProvider) -> list[Finding]:
    if server.inside is None:
        return [Finding("inside", None, "not_set_up")]
    return [
        await _census(server.inside),
        await _system(server, server.inside),
        await _size(server.inside),
    ]


async def _census(inside: ProsodyCalls) -> Finding:
    try:
        await inside.census(fresh=True)
    except ProviderError as trouble:
        return Finding("inside", False, trouble.code)
    return Finding("inside", True)


async def _system(server: JitsiProvider, inside: ProsodyCalls) -> Finding:
    if Capability.END not in server.capabilities:
        return Finding("system", None, "no_key")
    try:
        await inside.must_be_known()
    except CapabilityUnsupported:
        # Without a key of its own, plugins since August 2026 have no such endpoint.
        if server.system_key is None:
            return Finding("system", None, "no_key")
        return Finding("system", False, "no_module")
    except ProviderError as trouble:
        return Finding("system", False, trouble.code)
    if Capability.REMOVE not in server.capabilities:
        return Finding("system", True, "shared")
    return Finding("system", True)


async def _size(inside: ProsodyCalls) -> Finding:
    try:
        verified = await inside.size_is_verified()
    except ProviderError as trouble:
        return Finding("size", None, trouble.code)
    if verified is None:
        return Finding("size", True, "not_loaded")
    return Finding("size", verified, "" if verified else "open")


async def _last(server: JitsiProvider, kind: str, check: str) -> Finding:
    return await last_call(server.key, kind, check, never="never")
