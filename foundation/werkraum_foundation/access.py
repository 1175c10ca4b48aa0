"""Who may come in: every route declares it, and one without does not start."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from werkraum_foundation.cross_site import SAFE, must_be_own_form
from werkraum_foundation.models import Role
from werkraum_foundation.refusals import Forbidden

Endpoint = Callable[[Request], Awaitable[Response]]


class LanguageConvertor(Convertor[str]):
    """The `{lang}` of a path: two letters, so that no other word is taken for one."""

    regex = "[a-z]{2}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("lang", LanguageConvertor())


@dataclass(frozen=True)
class Caller:
    """The person behind a sign-in, as pages name them."""

    id: UUID
    name: str
    language: str | None


@dataclass(frozen=True)
class Grant:
    """What somebody may touch: the rows of one organiser, within a role.

    Objects are loaded only through it: every query takes its `organiser_id`.
    `actor` stands in the audit: "person:<id>" or "key:<id>".
    """

    organiser_id: UUID
    organiser_name: str
    role: Role
    actor: str
    person: Caller | None = None
    sign_in_id: UUID | None = None

    def reaches(self, role: Role) -> bool:
        """Say whether the role includes this one."""
        order = list(Role)
        return order.index(self.role) <= order.index(role)

    def must_reach(self, role: Role) -> None:
        """Raise `Forbidden` unless the role includes this one."""
        if not self.reaches(role):
            raise Forbidden


class Access(ABC):
    """A rule of who may call a route."""

    # Programs bring a secret with each call and never a cookie, so no page of
    # another site can make them do anything.
    for_programs = False

    @abstractmethod
    async def admit(self, request: Request) -> Grant | None:
        """Let the caller in, with a grant if the route has one, or raise `Refused`."""


class Everybody(Access):
    """Public pages: no sign-in, no cookie."""

    async def admit(self, request: Request) -> None:
        return None


class HolderOfLink(Access):
    """Whoever has the personal link; the handler loads its row by the token's hash."""

    async def admit(self, request: Request) -> None:
        return None


PUBLIC = Everybody()
PERSONAL = HolderOfLink()


class DeclaredRoute(Route):
    """A route that says who may call it."""

    access: Access


def route(
    path: str,
    endpoint: Endpoint,
    *,
    access: Access,
    name: str,
    methods: Sequence[str] = ("GET",),
) -> DeclaredRoute:
    """Declare a page: its path, who may call it, and what answers."""

    async def guarded(request: Request) -> Response:
        if request.method not in SAFE and not access.for_programs:
            must_be_own_form(request.headers)
        request.state.grant = await access.admit(request)
        return await endpoint(request)

    typed = path.replace("/{lang}/", "/{lang:lang}/")
    made = DeclaredRoute(typed, guarded, methods=list(methods), name=name)
    made.access = access
    return made


def granted(request: Request) -> Grant:
    """The grant of a request to the desk or the API."""
    grant = request.state.grant
    assert isinstance(grant, Grant), "the route declares no access with a grant"
    return grant


def must_all_be_declared(router: Router) -> None:
    """Refuse to start with a route that does not say who may call it."""
    bare = [str(it) for it in router.routes if not isinstance(it, DeclaredRoute)]
    if bare:
        raise RuntimeError(f"routes without access: {', '.join(bare)}")
