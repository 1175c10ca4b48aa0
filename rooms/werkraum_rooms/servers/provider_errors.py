"""What can go wrong with a room server, in words of our own."""


class ProviderError(Exception):
    """Something was not done. `code` is for words and figures, never a secret.

    `retryable` says whether the same call may help a moment later. `detail` is for
    the people who run the server: one line, no token, no name.
    """

    retryable = False
    code = "failed"

    def __init__(self, detail: str = "", *, code: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code


class ProviderUnavailable(ProviderError):
    """It does not answer, answers 5xx, or has not been asked for a while."""

    retryable = True
    code = "unavailable"


class ProviderRejected(ProviderError):
    """It understood and does not do it."""

    code = "rejected"


class ProviderAuthError(ProviderRejected):
    """It does not know us: a wrong secret, key or checksum."""

    code = "not_known"


class ProviderProtocolError(ProviderError):
    """It answered something that cannot be read: a login page, half a JSON, 10 MB."""

    code = "unreadable"


class RoomNotFound(ProviderRejected):
    """There is no such room right now."""

    code = "not_found"


class RoomConflict(ProviderRejected):
    """There is such a room, with other terms."""

    code = "conflict"


class MeetingEnded(ProviderRejected):
    """The meeting was ended; the server makes no new one until it has forgotten it."""

    code = "ended"


class CapabilityUnsupported(ProviderError):
    """This kind of server cannot do that, or is not set up for it."""

    code = "unsupported"
