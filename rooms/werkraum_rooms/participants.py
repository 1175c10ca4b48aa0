"""Who enters a room, in which role, and what the role may do there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    HOST = "host"
    ATTENDEE = "attendee"


# Every feature Jitsi knows is named, since a map that is present decides alone
# and the client complains about unknown names.
_NOBODY = (
    "branding calendar file-upload flip live-translation livestreaming "
    "outbound-call recording sip-inbound-call sip-outbound-call transcription"
).split()
_HOSTS = "create-polls inbound-call list-visitors lobby moderation room".split()
_EVERYBODY = "screen-sharing send-groupchat".split()


@dataclass(frozen=True)
class Participant:
    """`ref` is a pseudonym and `name` the shown name: all in the room see both.

    Refuses (ValueError) a `ref` that is empty or an e-mail address.
    """

    ref: str
    name: str
    role: Role
    lobby_bypass: bool = False

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


def features_of(role: Role) -> Mapping[str, bool]:
    """Say for each feature of Jitsi whether the role has it."""
    host = role is Role.HOST
    return (
        dict.fromkeys(_NOBODY, False)
        | dict.fromkeys(_HOSTS, host)
        | dict.fromkeys(_EVERYBODY, True)
    )
