"""A BigBlueButton server as a provider: rooms are made there, links are signed."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from urllib.parse import urlsplit

from werkraum_foundation.setting_rooms import RoomServer
from werkraum_foundation.settings import settings
from werkraum_foundation.tokens import keyed_hash
from werkraum_rooms.bigbluebutton.signed_calls import (
    BbbAnswer,
    BbbServer,
    Parameters,
    read_answer,
)
from werkraum_rooms.participants import May, Participant
from werkraum_rooms.rules import MINUTE, must_be_open
from werkraum_rooms.servers.certificates import way_there
from werkraum_rooms.servers.kept_health import KeptHealth
from werkraum_rooms.servers.provider_calls import TRIES, ProviderCalls, must_be_fine
from werkraum_rooms.servers.provider_errors import (
    CapabilityUnsupported,
    ProviderError,
    RoomNotFound,
)
from werkraum_rooms.servers.providers import (
    Capability,
    Finding,
    Health,
    RoomSpec,
    WayIn,
)

# Seconds: a person stands before the door and waits for it.
PATIENCE = 1.5
# At the desk somebody waits for it, too, but can say what was in the way.
DESK_PATIENCE = 4.0
# How long a run of a room is known to be there: as long as it takes to hand out
# the links of those who come at the same moment. An empty room lives for minutes.
KNOWN = timedelta(seconds=10)
# Minutes before BigBlueButton forgets a room that nobody has come to, or has left.
NOBODY_CAME, ALL_LEFT = 10, 5
# Over there a name has 2 to 64 letters.
LONGEST_NAME = 64

_RIGHTS = {True: "MODERATOR", False: "VIEWER"}


class BigBlueButtonProvider:
    """One BigBlueButton server of the settings."""

    kind = "bbb"

    def __init__(self, given: RoomServer) -> None:
        self.key = given.key
        self.name = given.name
        self.server = BbbServer(given.url, given.app_secret)
        self.calls = ProviderCalls(given.url)
        # When a run of a room was last seen, and when it was begun over there.
        self._runs: dict[str, tuple[datetime, int]] = {}
        self._health = KeptHealth(partial(_look, self.calls))

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset(
            {
                Capability.FRAME,
                Capability.CREATE,
                Capability.LOBBY,
                Capability.CHAT,
                Capability.LIMIT,
                Capability.COUNT,
                Capability.END,
            }
        )

    @property
    def public_keys(self) -> Mapping[str, str]:
        """None: the secret is shared."""
        return {}

    async def ensure(self, room: RoomSpec, *, now: datetime) -> None:
        """Have the room made before each way in: an empty one vanishes over there."""
        await self._run(room, now=now)

    async def way_in(self, room: RoomSpec, who: Participant, *, now: datetime) -> WayIn:
        """Sign a link into this run of the room; it has no end of its own.

        So it is bound to the run: what is left in a history leads into no other.
        """
        must_be_open(room.opening, now=now)
        parameters = {
            "fullName": who.name,
            "meetingID": room.slug,
            "role": _RIGHTS[who.is_host],
            "createTime": str(await self._run(room, now=now)),
            "userID": who.ref,
            "userdata-bbb_override_default_locale": room.language,
        }
        if room.lobby:
            # Without it a viewer counts as known and passes the lobby.
            parameters["guest"] = _yes(not who.passes_lobby)
        url = self.server.url + self.server.signed("join", parameters)
        return WayIn(url, self._origin)

    async def count(self, slugs: Sequence[str]) -> Mapping[str, int]:
        counts = await asyncio.gather(*(self._present(slug) for slug in slugs))
        return dict(zip(slugs, counts, strict=True))

    async def end(self, slug: str) -> bool:
        """Ask for the end, which comes a moment after the answer."""
        self._runs.pop(slug, None)
        asked = {"meetingID": slug, "password": _password(slug, "moderator")}
        try:
            await self._call("end", asked, patience=DESK_PATIENCE)
        except RoomNotFound:
            return False
        return True

    async def remove(self, slug: str, address: str) -> bool:
        """Not to be had: whoever moderates the room does it there."""
        raise CapabilityUnsupported

    async def health(self) -> Health:
        return await self._health.now()

    async def probe(self, room: RoomSpec, *, now: datetime) -> Sequence[Finding]:
        """Go the way of each call: name, certificate, the server, then our secret.

        By connections of its own, so that no breaker answers for the server.
        """
        there, goes_on = await way_there(self._origin, now=now)
        if not goes_on:
            return there
        calls = ProviderCalls(self.server.url)
        try:
            health = await _look(calls, patience=DESK_PATIENCE)
            secret = (
                await self._secret_is_known(calls, room)
                if health.well
                else Finding("secret", None, "not_asked")
            )
        finally:
            await calls.close()
        return [*there, Finding("health", health.well, health.code), secret]

    async def close(self) -> None:
        await self.calls.close()

    @property
    def _origin(self) -> str:
        parts = urlsplit(self.server.url)
        return f"{parts.scheme}://{parts.netloc}"

    async def _run(self, room: RoomSpec, *, now: datetime) -> int:
        """Say when the room's run has begun over there; begins one where none is."""
        self._runs = {
            slug: run for slug, run in self._runs.items() if now - run[0] < KNOWN
        }
        if known := self._runs.get(room.slug):
            return known[1]
        answer = await self._call("create", _terms(room, now=now))
        began = answer.number("createTime")
        self._runs[room.slug] = now, began
        return began

    async def _present(self, slug: str) -> int:
        try:
            asked = {"meetingID": slug}
            found = await self._call("getMeetingInfo", asked, patience=DESK_PATIENCE)
        except RoomNotFound:
            return 0
        return found.number("participantCount")

    async def _secret_is_known(self, calls: ProviderCalls, room: RoomSpec) -> Finding:
        """Ask for a room: whether it is there or not, our checksum was accepted."""
        path = self.server.signed("getMeetingInfo", {"meetingID": room.slug})
        try:
            read_answer(
                must_be_fine(await calls.get(path, patience=DESK_PATIENCE)).body
            )
        except RoomNotFound:
            return Finding("secret", True)
        except ProviderError as trouble:
            return Finding("secret", False, trouble.code)
        return Finding("secret", True)

    async def _call(
        self, call: str, parameters: Parameters, *, patience: float = PATIENCE
    ) -> BbbAnswer:
        """Call what may be called again: to ask, to make and to end a room."""
        path = self.server.signed(call, parameters)
        answer = await self.calls.get(path, patience=patience, tries=TRIES)
        return read_answer(must_be_fine(answer).body)


async def _look(calls: ProviderCalls, *, patience: float = PATIENCE) -> Health:
    """Ask for the version, which needs no secret."""
    try:
        answer = await calls.get("/api", patience=patience, tries=1)
        read_answer(must_be_fine(answer).body)
    except ProviderError as trouble:
        return Health(False, trouble.code, trouble.detail)
    return Health(True)


def _terms(room: RoomSpec, *, now: datetime) -> Parameters:
    """Write down how the room is to be, from now until it closes."""
    left = room.opening.closes_at - now
    terms = {
        "name": room.title.strip()[:LONGEST_NAME].ljust(2, "."),
        "meetingID": room.slug,
        "attendeePW": _password(room.slug, "attendee"),
        "moderatorPW": _password(room.slug, "moderator"),
        "duration": str(max(1, ceil(left / MINUTE))),
        "record": _yes(room.recorded),
        "allowStartStopRecording": _yes(room.recorded),
        # Whoever moderates begins and ends it, after having said so.
        "autoStartRecording": "false",
        "muteOnStart": "true",
        "lockSettingsDisablePublicChat": _yes(May.CHAT not in room.may),
        "guestPolicy": "ASK_MODERATOR" if room.lobby else "ALWAYS_ACCEPT",
        "meetingExpireIfNoUserJoinedInMinutes": str(NOBODY_CAME),
        "meetingExpireWhenLastUserLeftInMinutes": str(ALL_LEFT),
        "logoutURL": f"{settings().base_url}/",
    }
    if room.most_people:
        terms["maxParticipants"] = str(room.most_people)
    return terms


def _password(slug: str, role: str) -> str:
    """Derive what a room is remade with: the same each time, and nobody's to guess."""
    return keyed_hash(f"bigbluebutton-{role}", slug)[:32]


def _yes(is_so: bool) -> str:
    return "true" if is_so else "false"
