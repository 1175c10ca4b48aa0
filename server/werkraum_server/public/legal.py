"""Legal notice, privacy and accessibility: the organiser's own texts."""

from starlette.requests import Request
from starlette.responses import Response

from werkraum_foundation import markdown
from werkraum_foundation.access import PUBLIC, Endpoint, route
from werkraum_foundation.footers import footer_of
from werkraum_foundation.language import gettext, noop, pick
from werkraum_foundation.models import Organiser
from werkraum_foundation.pages import page
from werkraum_foundation.refusals import NotFound
from werkraum_server.public.legal_texts import default_texts

LONGEST_SLUG = 60
HEADINGS = {
    "imprint": noop("Legal notice"),
    "privacy": noop("Privacy"),
    "accessibility": noop("Accessibility"),
}


def show(kind: str) -> Endpoint:
    """Make the handler of one of the three pages."""

    async def show_legal(request: Request) -> Response:
        organiser = await _organiser(request.path_params["organiser"])
        text, lang = pick(_texts(organiser, kind))
        return page(
            request,
            "public/legal.html",
            organiser=footer_of(organiser),
            heading=gettext(HEADINGS[kind]),
            text=markdown.render(text),
            text_lang=lang,
        )

    return show_legal


async def _organiser(slug: str) -> Organiser:
    # Tortoise raises where a word is longer than its column.
    fits = len(slug) <= LONGEST_SLUG
    organiser = await Organiser.get_or_none(slug=slug) if fits else None
    if organiser is None:
        raise NotFound
    return organiser


def _texts(organiser: Organiser, kind: str) -> dict[str, str]:
    texts: dict[str, str] = getattr(organiser, kind)
    written = {code: text for code, text in texts.items() if text}
    return written or default_texts(
        kind, name=organiser.name, contact=organiser.contact
    )


routes = [
    route(
        f"/{{lang}}/legal/{{organiser}}/{kind}",
        show(kind),
        access=PUBLIC,
        name=f"legal:{kind}",
    )
    for kind in HEADINGS
]
