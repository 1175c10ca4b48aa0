"""What all pages of a round at the desk have in common."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from werkraum_feedback.asking import queries
from werkraum_feedback.asking.round_names import name_of
from werkraum_feedback.models import Round, RoundKind
from werkraum_foundation.access import granted
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext
from werkraum_foundation.links import path_to
from werkraum_foundation.pages import page


async def own_round(request: Request) -> Round:
    """Find the round in the path, among those of the organiser only."""
    return await queries.round_of(
        granted(request).organiser_id, request.path_params["id"]
    )


def round_page(
    request: Request,
    asked: Round,
    template: str,
    status: int = 200,
    **context: Any,  # Any: each template names its own values
) -> Response:
    return page(
        request,
        template,
        status=status,
        round=asked,
        named=name_of(asked.kind),
        event=asked.event,
        timezone=queries.timezone_of(asked),
        organiser=footer_of(asked.organiser),
        **context,
    )


def home_of(asked: Round, what: str) -> Response:
    """Go back to where the round stands in a list, with a notice that names it."""
    if asked.event_id is None:
        path = path_to("desk:rounds")
    else:
        path = path_to("desk:feedback", id=asked.event_id)
    return RedirectResponse(f"{path}?done={what}&kind={asked.kind}", status_code=303)


def notice_of(
    request: Request, notices: Mapping[str, str], kind: RoundKind | None = None
) -> str | None:
    """Say what was done, naming the kind of round; None where nothing was."""
    said = notices.get(request.query_params.get("done", ""))
    named = name_of(kind or _kind_in(request))
    return gettext(said, The_round=named.The) if said else None


def _kind_in(request: Request) -> RoundKind:
    try:
        return RoundKind(request.query_params.get("kind", ""))
    except ValueError:
        return RoundKind.SURVEY


def done(name: str, what: str, **params: object) -> Response:
    """Go on to a page that says what was done."""
    return RedirectResponse(f"{path_to(name, **params)}?done={what}", status_code=303)
