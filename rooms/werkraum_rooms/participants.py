"""Who enters a room, in which role, and what the role may do there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum


class Role(Enum):
    HOST = "host"
    ATTENDEE = "attendee"


# Every feature Jitsi knows is named, since a map that is present decides alone
# and the client complains about unknown names.
_NOBODY = (
    "branding calendar file-upload flip live-translation livestreaming "
    "outbound-call sip-inbound-call sip-outbound-call transcription"
).split()
_HOSTS = "inbound-call list-visitors lobby moderation room".split()


class May(StrEnum):
    """What attendees may do in a room, where its hosts leave it to them."""

    CHAT = "chat"
    SHARE = "share"
    POLL = "poll"


_FEATURES = {
    May.CHAT: "send-groupchat",
    May.SHARE: "screen-sharing",
    May.POLL: "create-polls",
}


@dataclass(frozen=True)
class Participant:
    """`ref` is a pseudonym and `name` the shown name: all in the room see both.

    Refuses (ValueError) a `ref` that is empty or an e-mail address.
    """

    ref: str
    name: str
    role: Role
    lobby_bypass: bool = False
    may: frozenset[May] = frozenset({May.CHAT, May.SHARE})
    # Hosts record only what the door has told everybody is recorded.
    recorded: bool = False

    def __post_init__(self) -> None:
        if not self.ref or "@" in self.ref:
            raise ValueError("a participant's ref is a pseudonym, not an address")

    @property
    def is_host(self) -> bool:
        return self.role is Role.HOST

    @property
    def passes_lobby(self) -> bool:
        """Hosts always: with the lobby on, even a moderator would wait in it."""
        return self.is_host or self.lobby_bypass

    @property
    def features(self) -> Mapping[str, bool]:
        """Say of each feature of Jitsi whether this participant has it."""
        host = self.is_host
        return (
            dict.fromkeys(_NOBODY, False)
            | dict.fromkeys(_HOSTS, host)
            | {_FEATURES[it]: host or it in self.may for it in May}
            | {"recording": host and self.recorded}
        )
