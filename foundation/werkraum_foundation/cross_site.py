"""Forms come from our own pages: Sec-Fetch-Site and Origin say so."""

from starlette.datastructures import Headers

from werkraum_foundation.refusals import ForeignRequest
from werkraum_foundation.settings import settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def must_be_own_form(headers: Headers) -> None:
    """Refuse an unsafe request that another site's page has caused.

    Browsers send Sec-Fetch-Site or at least Origin with every POST. A request
    with neither comes from no browser's page: a cookie is SameSite=Lax, and
    forms without a cookie carry a signed token. The Origin "null" is what older
    browsers send from our personal pages, which say no-referrer; the secret in
    their path stands for them.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise ForeignRequest
        return
    origin = headers.get("origin", "null")
    scheme = settings().base_url.partition("://")[0]
    # The Host header has been checked before any route is reached.
    own = (settings().base_url, f"{scheme}://{headers.get('host')}")
    if origin != "null" and origin not in own:
        raise ForeignRequest
