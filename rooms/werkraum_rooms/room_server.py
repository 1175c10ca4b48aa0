"""The room server of this installation, if it has one."""

from functools import cache

from werkraum_foundation.settings import settings
from werkraum_rooms.jitsi import JitsiServer


@cache
def room_server() -> JitsiServer | None:
    """Read it from the settings, once; None where events bring their own link."""
    given = settings()
    if given.jitsi_url is None or given.jitsi_app_id is None:
        return None
    return JitsiServer(
        url=given.jitsi_url,
        app_id=given.jitsi_app_id,
        secret=given.jitsi_app_secret,
        private_key=given.jitsi_private_key,
        domain=given.jitsi_domain,
    )
