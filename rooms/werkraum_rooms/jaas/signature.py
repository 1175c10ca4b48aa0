"""How 8x8 signs what it tells us: `X-Jaas-Signature: t=…,v1=…` over the raw body."""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# Our own choice: 8x8 signs anew each time it tries.
LONGEST_WAY = timedelta(seconds=300)


@dataclass(frozen=True)
class Signature:
    """`moment` as it was written, in UNIX seconds; any of `values` may be right.

    There are several while one secret replaces another over there.
    """

    moment: str
    values: tuple[str, ...]

    def is_of(self, body: bytes, secrets: Iterable[str]) -> bool:
        """Say whether one of these secrets has signed this body.

        Every pair is compared, in constant time.
        """
        found = False
        for secret in secrets:
            right = _signature(self.moment, body, secret)
            for value in self.values:
                found |= hmac.compare_digest(value.encode(), right)
        return found

    def is_old(self, now: datetime) -> bool:
        """Say whether it was made long ago, or by a clock that is far ahead."""
        return abs(now.timestamp() - int(self.moment)) > LONGEST_WAY.total_seconds()


def read_signature(written: str) -> Signature | None:
    """Read the header; None where it can be no signature of 8x8.

    Schemes other than v1 are left aside. A value ends in `=` itself, so only the
    first one parts it from its name.
    """
    pairs = [part.strip().partition("=") for part in written.split(",")]
    moments = [value for name, _, value in pairs if name == "t"]
    values = tuple(value for name, _, value in pairs if name == "v1" and value)
    if len(moments) != 1 or not values:
        return None
    [moment] = moments
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return None
    return Signature(moment, values)


def _signature(moment: str, body: bytes, secret: str) -> bytes:
    text = moment.encode() + b"." + body
    return b64encode(hmac.digest(secret.encode(), text, "sha256"))
