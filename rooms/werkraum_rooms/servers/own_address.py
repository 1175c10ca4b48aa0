"""Whether a room server would reach us: it opens no room without our yes."""

from collections.abc import Sequence

from werkraum_foundation.settings import settings
from werkraum_rooms.servers.provider_calls import ProviderCalls
from werkraum_rooms.servers.provider_errors import ProviderError
from werkraum_rooms.servers.providers import Finding
from werkraum_rooms.servers.server_calls import last_call

PATIENCE = 4.0  # seconds
OUR_ADDRESS = "own_address"


async def our_side(server: str) -> Sequence[Finding]:
    """Look at our address for reservations, and at when this server used it last."""
    last = await last_reservation(server)
    return [last] if last.why == "not_set_up" else [await own_address(), last]


async def own_address() -> Finding:
    """Ask ourselves as a stranger would: we answer that this is for room servers."""
    base = settings().calls_url
    calls = ProviderCalls(base)
    try:
        answer = await calls.call("POST", "/jitsi/conference", patience=PATIENCE)
    except ProviderError as trouble:
        return Finding(OUR_ADDRESS, False, trouble.code, {"address": base})
    finally:
        await calls.close()
    values = {"address": base, "status": str(answer.status)}
    if answer.status == 401 and b"not_a_room_server" in answer.body:
        return Finding(OUR_ADDRESS, True, values=values)
    return Finding(OUR_ADDRESS, False, "not_ours", values)


async def last_reservation(server: str) -> Finding:
    """Say when this server asked us last; a new one has not yet, and may be fine."""
    given = next((it for it in settings().room_servers if it.key == server), None)
    if given is None or not given.api_tokens:
        return Finding("reservations", None, "not_set_up")
    return await last_call(server, "reservation", "reservations", never="never_asked")
