"""The id in the path of a request."""

from uuid import UUID

from starlette.requests import Request

from werkraum_foundation.refusals import NotFound


def path_id(request: Request, name: str = "id") -> UUID:
    """Read an id of the path; what is none is not found."""
    typed = request.path_params[name]
    # The one spelling we hand out: UUID() takes braces and "urn:uuid:" too.
    try:
        read = UUID(typed)
    except ValueError:
        raise NotFound from None
    if str(read) != typed:
        raise NotFound
    return read
