"""The tokens of a registration's links: rebuilt for each letter, stored as hashes."""

from uuid import UUID

from werkraum_foundation.tokens import derived_token, hashed
from werkraum_registration.models import Registration

CONFIRM = "confirm"
MANAGE = "manage"

# What mail programs take along when a link ends a sentence or stands in brackets.
CLINGING = ".>)"


def confirm_token(registration: Registration) -> str:
    """Rebuild the token of `/confirm/{token}`, for the owner of the address only."""
    return derived_token(CONFIRM, registration.id, registration.generation)


def personal_token(registration: Registration) -> str:
    """Rebuild the token of `/my/{token}`, for the owner of the address only."""
    return manage_token(registration.id, registration.generation)


def manage_token(identifier: UUID, generation: int) -> str:
    return derived_token(MANAGE, identifier, generation)


def hashes(identifier: UUID, generation: int) -> tuple[str, str]:
    """Make the columns confirm_hash and manage_hash of a row."""
    return (
        hashed(derived_token(CONFIRM, identifier, generation)),
        hashed(manage_token(identifier, generation)),
    )


def hash_of(token: str) -> str:
    """Hash a token as it comes from an address, rid of what clings to its end."""
    return hashed(token.rstrip(CLINGING))
