"""The access rules of the desk and the API."""

from dataclasses import dataclass

from starlette.requests import Request

from werkraum_foundation import clock
from werkraum_foundation.access import Access, Grant
from werkraum_foundation.language import gettext, speak
from werkraum_foundation.models import Role
from werkraum_foundation.refusals import Refused, SignInNeeded
from werkraum_foundation.settings import settings
from werkraum_foundation.sign_in import grant_of_key, grant_of_sign_in


def cookie_name() -> str:
    """Name the sign-in's cookie; `__Host-` wants https, which development lacks."""
    return "__Host-werkraum" if settings().secure else "werkraum"


class KeyNeeded(Refused):
    """No API key, or one that opens nothing."""

    status = 401
    code = "key_needed"

    def message(self) -> str:
        return gettext("Send a valid API key as Authorization: Bearer.")

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class Desk(Access):
    """Whoever is signed in and has at least this role."""

    role: Role

    async def admit(self, request: Request) -> Grant:
        secret = request.cookies.get(cookie_name(), "")
        # Our secrets have 43 characters; nothing longer is worth a query.
        if not 0 < len(secret) <= 64:
            raise SignInNeeded
        grant = await grant_of_sign_in(secret, now=clock.now())
        if grant is None:
            raise SignInNeeded
        grant.must_reach(self.role)
        if grant.person and grant.person.language in settings().languages:
            speak(grant.person.language)
        return grant


class Program(Access):
    """Whoever has an API key."""

    for_programs = True

    async def admit(self, request: Request) -> Grant:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not 0 < len(key) <= 200:
            raise KeyNeeded
        grant = await grant_of_key(key.strip(), now=clock.now())
        if grant is None:
            raise KeyNeeded
        return grant


READER = Desk(Role.READER)
HOST = Desk(Role.HOST)
MANAGER = Desk(Role.MANAGER)
OWNER = Desk(Role.OWNER)
PROGRAM = Program()
