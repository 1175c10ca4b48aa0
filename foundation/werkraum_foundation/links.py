"""Addresses of our own pages, by route name."""

from starlette.routing import Route, Router

from werkraum_foundation.language import language
from werkraum_foundation.settings import settings

_router: Router | None = None
_per_language: set[str] = set()
# A router goes through all of its routes, some four hundred, for each link.
_by_name: dict[str, Route | Router] = {}


def install_router(router: Router) -> None:
    """Say where the routes are; once, when the program is put together."""
    global _router
    _router = router
    _per_language.clear()
    _by_name.clear()
    for route in router.routes:
        if isinstance(route, Route):
            # Of two with one name the router finds the one that fits.
            twice = route.name in _by_name
            _by_name[route.name] = router if twice else route
            if "lang" in route.param_convertors:
                _per_language.add(route.name)


def path_to(name: str, /, **params: object) -> str:
    """Build the path of a page; `lang` is the current language unless given."""
    if _router is None:
        raise RuntimeError("install_router comes first")
    if name in _per_language:
        params = {"lang": language(), **params}
    return str(_by_name.get(name, _router).url_path_for(name, **params))


def address_of(name: str, /, **params: object) -> str:
    """Build the whole address of a page, for letters and calendars.

    From the configured address, never from what a request says its host is.
    """
    return settings().base_url + path_to(name, **params)
