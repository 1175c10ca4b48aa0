"""Whole pages from templates, and the redirect after a POST that worked."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel.dates import format_date, format_time, get_timezone_location
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from werkraum_foundation import language as languages
from werkraum_foundation.access import Grant
from werkraum_foundation.language import (
    gettext,
    language,
    locale_of_dates,
    own_name,
    pick,
    plain_ngettext,
)
from werkraum_foundation.links import address_of, path_to
from werkraum_foundation.local_times import local
from werkraum_foundation.models import Role
from werkraum_foundation.settings import settings

# Any: a page's context has the values its template names.
Context = Mapping[str, Any]


@cache
def environment() -> Environment:
    """Build the environment over the templates of all parts, once."""
    made = Environment(
        loader=FileSystemLoader(_template_folders()),
        autoescape=lambda name: name is None or not name.endswith((".txt", ".subject")),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, plain_ngettext, newstyle=True
    )
    made.globals.update(
        url_for=path_to, address_of=address_of, static=static, lang_of=lang_of
    )
    made.filters.update(
        said=said, day=day, time=time, moment=moment, iso=iso, zone=zone
    )
    return made


def _template_folders() -> list[Path]:
    folders = []
    for part in reversed(languages.PARTS):
        try:
            folder = Path(str(files(part))) / "templates"
        except ModuleNotFoundError:
            continue
        if folder.is_dir():
            folders.append(folder)
    return folders


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,  # Any: as in Context
) -> HTMLResponse:
    """Answer with a whole page in the language of the request."""
    text = render(request, template, status=status, **context)
    return HTMLResponse(text, status_code=status, headers=headers)


def render(request: Request, template: str, **context: Any) -> str:  # Any: as above
    return environment().get_template(template).render(_frame(request) | context)


def see_other(request: Request, name: str, /, **params: object) -> RedirectResponse:
    """Send the browser on after a POST that worked; the address is our own."""
    return RedirectResponse(path_to(name, **params), status_code=303)


def _frame(request: Request) -> dict[str, Any]:
    grant: Grant | None = getattr(request.state, "grant", None)
    return {
        "lang": language(),
        "languages": [
            Choice(code, _in_other_language(request.scope["path"], code))
            for code in settings().languages
        ],
        "path": request.scope["path"],
        "organiser": None,
        "signed_in": grant.person if grant else None,
        # What leads to a closed door is not shown: {% if may("manager") %}
        "may": lambda role: grant is not None and grant.reaches(Role(role)),
    }


class Choice:
    """A link to the same page in another language."""

    def __init__(self, code: str, href: str) -> None:
        self.code = code
        self.name = own_name(code)
        self.href = href
        self.current = code == language()


def _in_other_language(path: str, code: str) -> str:
    head, _, rest = path.lstrip("/").partition("/")
    # The path of a request is decoded: what it held must not become markup again.
    return f"/{code}/{quote(rest)}" if head in settings().languages else f"/{code}/"


@cache
def static(name: str) -> str:
    """Name a static file by its content, so that it may be kept for ever."""
    return f"/static/{name}?v={static_version(name)}"


@cache
def static_version(name: str) -> str:
    """Tell the content of a static file from any other it has had or will have."""
    file = Path(str(files("werkraum_server"))) / "static" / name
    return sha256(file.read_bytes()).hexdigest()[:16]


def said(texts: Mapping[str, str]) -> str:
    """Filter: an organiser's text in the current language, or in another it has."""
    return pick(texts)[0]


def lang_of(texts: Mapping[str, str]) -> str:
    """The language that `said` answers in, for the `lang` attribute."""
    return pick(texts)[1]


# All who look at an event ask for the same few; Babel takes a third of a millisecond.
@lru_cache(maxsize=4096)
def _written(value: datetime, timezone: str, style: str, locale: str) -> str:
    shape = format_date if style == "full" else format_time
    return shape(local(value, timezone), style, locale=locale)


def day(value: datetime, timezone: str) -> str:
    """Filter: the whole date in the zone of the place."""
    return _written(value, timezone, "full", locale_of_dates())


def time(value: datetime, timezone: str) -> str:
    """Filter: the time of day in the zone of the place."""
    return _written(value, timezone, "short", locale_of_dates())


def moment(value: datetime, timezone: str) -> str:
    """Filter: date and time in the zone of the place."""
    return gettext(
        "%(day)s at %(time)s", day=day(value, timezone), time=time(value, timezone)
    )


def zone(timezone: str) -> str:
    """Filter: the zone as people name it, by its place: "Berlin"."""
    return get_timezone_location(timezone, locale=language(), return_city=True)


def iso(value: datetime) -> str:
    """Filter: for the `datetime` attribute of `<time>`."""
    return value.isoformat(timespec="minutes")
